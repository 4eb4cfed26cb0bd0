"""Definitions made for tests."""

SMALL = """
format = 2

[instrument]
name = "small-4"
title = "Small 4"
version = "1.0"
language = "en"
licence = "MIT"
origin = "made for tests"
citation = "none"
instructions = "Say how far you agree."

[scoring]
rule = "mean"

[response_scale]
name = "agreement-5"
options = [
  { value = 1, text = "Strongly disagree" },
  { value = 2, text = "Disagree" },
  { value = 3, text = "Neither agree nor disagree" },
  { value = 4, text = "Agree" },
  { value = 5, text = "Strongly agree" },
]

[[scales]]
name = "calm"
title = "Calm"
level = "domain"
definition = "Staying calm."
range = [1, 5]

[[items]]
id = "s-1"
stem = "I stay calm in a storm."
scale = "calm"
key = 1

[[items]]
id = "s-2"
stem = "Small noises upset me."
scale = "calm"
key = -1

[[items]]
id = "s-3"
stem = "My hands are steady before a speech."
scale = "calm"
key = 1

[[items]]
id = "s-4"
stem = "I tremble at bad weather reports."
scale = "calm"
key = -1
"""

SCENARIO = """
format = 2

[instrument]
name = "small-s"
title = "Small S"
version = "1.0"
language = "en"
licence = "MIT"
origin = "made for tests"
citation = "none"
instructions = "Choose."
form = "scenario"

[scoring]
rule = "share"

[response_scale]
name = "low-high-4"
options = [
  { value = 0, text = "low 1" }, { value = 0, text = "low 2" },
  { value = 1, text = "high 1" }, { value = 1, text = "high 2" },
]

[[scales]]
name = "calm"
title = "Calm"
level = "domain"
definition = "Staying calm."
range = [0, 100]

[[items]]
id = "s-1"
scale = "calm"
situation = "A storm comes up."
question = "What do you do?"
low = ["I cry.", "I run."]
high = ["I wait.", "I look on."]
"""
