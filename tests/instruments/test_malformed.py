"""Malformed definitions and wording files: each is refused, naming file, item and mend."""

import json

import pytest
from definitions import SCENARIO, SMALL
from wordings import STEMS, definition

import psychometrics as pm
from psychometrics.errors import DefinitionError, WordingError
from psychometrics.instruments.stem_hash import stem_hash

HASH = stem_hash("I stay calm in a storm.")
FIRST = 'stem = "I stay calm in a storm."'
NORMS = """
[[norms]]
name = "all"
sample = "made up"
n = 10
unit = "mean"
checked = true
source = "nowhere"
figures = { calm = [3.0, 0.5] }
"""
RELIABILITY = """
[[reliabilities]]
coefficient = "alpha"
sample = "made up"
checked = true
source = "nowhere"
values = { calm = 0.8 }
"""
DATA = """
[[data_sets]]
name = "one"
about = "made up"
values_are_keyed = true
missing = [0]
"""
PACKAGE = f"""
[[packages]]
index = "pip"
name = "x"
version = "1"
sha256 = "{HASH}"
file = "x.py"
languages = {{ en = "{HASH}" }}
"""
SUM = ('rule = "mean"', 'rule = "sum"'), ("range = [1, 5]", "range = [4, 20]")

# Changes to a good definition, and what the error names besides the file.
DEFINITIONS = {
    "rule unknown": ([('rule = "mean"', 'rule = "median"')], ["[scoring]", "'rule' = 'median'"]),
    "no rule": ([('rule = "mean"', "")], ["[scoring]", "'rule' is missing"]),
    "form unknown": ([('origin =', 'form = "essay"\norigin =')], ["'form' = 'essay'"]),
    "range not reached": ([("range = [1, 5]", "range = [0, 5]")], ["'calm'", "score 1 to 5"]),
    "constant with a mean": (
        [("range = [1, 5]", "range = [1, 5]\nconstant = 3")], ["scale 1 ('calm')", "'constant'"],
    ),
    "constant that moves the range": (
        [*SUM, ("range = [4, 20]", "range = [4, 20]\nconstant = 3")], ["'calm'", "score -5 to 11"],
    ),
    "cut outside": (
        [("range = [1, 5]", 'range = [1, 5]\npoles = ["A", "B"]\ncut = 9')], ["'cut' = 9", "outside"],
    ),
    "poles without cut": (
        [("range = [1, 5]", 'range = [1, 5]\npoles = ["A", "B"]')], ["'cut'", "belong together"],
    ),
    "one pole": (
        [("range = [1, 5]", 'range = [1, 5]\npoles = ["A"]\ncut = 3')], ["'poles'", "2 are needed"],
    ),
    "hash too short": ([(FIRST, 'sha256 = "12ab"')], ["item 1 ('s-1')", "no SHA-256"]),
    "hash in capitals": ([(FIRST, f'sha256 = "{HASH.upper()}"')], ["item 1 ('s-1')", "0-9 and a-f"]),
    "text that is not the hashed one": (
        [(FIRST, f'stem = "I stay calm."\nsha256 = "{HASH}"')], ["item 1 ('s-1')", "was altered"],
    ),
    "variants alone": (
        [(FIRST, f'{FIRST}\nvariants = {{ other = "{HASH}" }}')], ["item 1", "without the published"],
    ),
    "neither text nor hash": ([(FIRST, "")], ["item 1 ('s-1')", "'stem' is missing"]),
    "text of white space": ([(FIRST, 'stem = "  "')], ["item 1 ('s-1')", "'stem'", "is empty"]),
    "number twice in an order": (
        [("key = 1", "key = 1\nnumbers = { other = 1 }"), ("key = -1", "key = -1\nnumbers = { other = 2 }")],
        ["item 's-1'", "has number 1 in order 'other'"],
    ),
    "number missing in an order": (
        [(FIRST, f"{FIRST}\nnumbers = {{ other = 1 }}")], ["item 's-2'", "lacks a number in order"],
    ),
    "number no number": (
        [(FIRST, f'{FIRST}\nnumbers = {{ other = "a" }}')], ["item 1", "'numbers.other'", "whole number"],
    ),
    "norms of no scale": ([("", NORMS.replace("calm =", "cold ="))], ["norms 1 ('all')", "'cold'"]),
    "norms without spread": ([("", NORMS.replace("0.5", "0"))], ["figures.calm", "not above 0"]),
    "norms twice": ([("", NORMS + NORMS)], ["norms 'all'", "twice"]),
    "norms unchecked": ([("", NORMS.replace("true", '"yes"'))], ["'checked'", "true or false"]),
    "norms of nobody": ([("", NORMS.replace("n = 10", "n = 0"))], ["'n' = 0", "below 1"]),
    "norms of one figure": ([("", NORMS.replace("[3.0, 0.5]", "[3.0]"))], ["figures.calm", "pair"]),
    "norms in another unit": ([("", NORMS.replace('"mean"', '"median"'))], ["'unit' = 'median'"]),
    "reliability above 1": ([("", RELIABILITY.replace("0.8", "1.2"))], ["values.calm", "above 1"]),
    "reliability of no scale": (
        [("", RELIABILITY.replace("calm", "clam"))], ["'clam'", "did you mean 'calm'"],
    ),
    "reliability of nothing": (
        [("", RELIABILITY.replace("{ calm = 0.8 }", "{ }"))], ["'values'", "is empty"],
    ),
    "data in no order": ([("", DATA + 'numbering = "x"\n')], ["data_set 1 ('one')", "'numbering' = 'x'"]),
    "data twice": ([("", DATA + DATA)], ["data_set 'one'", "twice"]),
    "data missing a text": ([("", DATA.replace("[0]", '["NA"]'))], ["'missing'", "list of numbers"]),
    "package of no index": ([("", PACKAGE.replace('"pip"', '"cran"'))], ["package 1 ('x')", "'cran'"]),
    "package of no language": (
        [("", PACKAGE.replace(f'{{ en = "{HASH}" }}', "{ }"))], ["package 1", "names no language"],
    ),
    "package without its hash": (
        [("", PACKAGE.replace(f'sha256 = "{HASH}"', ""))], ["package 1 ('x')", "'sha256' is missing"],
    ),
}  # fmt: skip

PAIR = SMALL.replace("origin =", 'form = "pair"\norigin =').replace(
    "stem =", 'right = "Other"\nleft ='
)
SWAPPED = stem_hash("A storm comes up. | What do you do? | I wait. | I look on. | I cry. | I run.")
OTHER_FORMS = {
    "pair without right": (PAIR, [('right = "Other"', "")], ["item 1 ('s-1')", "'right' is missing"]),
    "pair with the divider": (PAIR, [('right = "Other"', 'right = "A | B"')], ["item 1", "divides a pair"]),
    "three high options": (
        SCENARIO, [('"I look on."]', '"I look on.", "I sing."]')], ["item 1 ('s-1')", "3 entries; 2"],
    ),
    "a low option missing": (SCENARIO, [(', "I run."]', "]")], ["item 1", "'low' has 1 entries"]),
    "an option twice": (SCENARIO, [('"I run."', '"I cry."')], ["item 1", "'low'", "stands twice"]),
    "high that is low": (SCENARIO, [('"I wait."', '"I cry."')], ["item 1", "repeats a low option"]),
    "no question": (SCENARIO, [('question = "What do you do?"', "")], ["item 1", "'question' is missing"]),
    "high and low swapped": (
        SCENARIO, [("question =", f'sha256 = "{SWAPPED}"\nquestion =')], ["item 1", "are swapped"],
    ),
    "options without a high one": (
        SCENARIO, [('value = 1, text = "high 1"', 'value = 0, text = "high 1"')], ["as many of value 0"],
    ),
    "no items per scale": (
        SCENARIO.partition("[[items]]")[0] + "[item_file]\nitems_per_scale = 0\n", [], ["items_per_scale"],
    ),
}  # fmt: skip


def changed(text, changes):
    for before, after in changes:
        assert before in text
        text = text.replace(before, after) if before else text + after
    return text


def refused(tmp_path, text, named):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        pm.load_instrument(path)
    for part in [str(path), "Mend: ", *named]:
        assert part in str(caught.value)


def test_what_is_changed_is_good_to_begin_with(tmp_path):
    parts = NORMS + RELIABILITY + DATA + PACKAGE
    for text in (SMALL + parts, PAIR, SCENARIO, changed(SMALL, SUM)):
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        assert pm.load_instrument(path).has_wording


@pytest.mark.parametrize("case", DEFINITIONS)
def test_malformed_definitions(tmp_path, case):
    changes, named = DEFINITIONS[case]
    refused(tmp_path, changed(SMALL, changes), named)


@pytest.mark.parametrize("case", OTHER_FORMS)
def test_malformed_pairs_and_scenarios(tmp_path, case):
    text, changes, named = OTHER_FORMS[case]
    refused(tmp_path, changed(text, changes), named)


FEW = list(STEMS.values())
WORDINGS = {
    "a text short": ("w.txt", "\n".join(FEW[:3]), ["1 of 4 items", "c-4"]),
    "a text altered": ("w.txt", "\n".join([*FEW[:3], "Crumbs are fine."]), ["line 4: 'Crumbs are fine.'"]),
    "another form": ("w.txt", "I sing.\nI dance.", ["4 of 4 items", "line 1: 'I sing.'"]),
    "not JSON": ("w.json", "[", ["not valid JSON", "Mend that place"]),
    "JSON of numbers": ("w.json", json.dumps([1, 2, 3]), ["holds no text"]),
    "empty": ("w.csv", "", ["holds no text"]),
    "another ending": ("w.docx", "x", ["ends in '.docx'", ".txt, .csv, .json"]),
    "two texts in a cell": ("w.csv", f'"{FEW[0]} {FEW[1]}"\n' + "\n".join(FEW[2:]), ["2 of 4 items", "c-1, c-2"]),
}  # fmt: skip


@pytest.mark.parametrize("case", WORDINGS)
def test_malformed_wording_files(tmp_path, case, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    name, text, named = WORDINGS[case]
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with pytest.raises(WordingError) as caught:
        pm.install_wording(definition(tmp_path), file)
    for part in [str(file), "Mend: ", *named]:
        assert part in str(caught.value)


def test_there_are_forty_of_them():
    assert len(DEFINITIONS) + len(OTHER_FORMS) + len(WORDINGS) >= 40
