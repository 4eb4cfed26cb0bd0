"""Fixtures that several test modules share."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

import psychometrics as pm
from psychometrics.backends.find import embedded_file

SHARED = Path(__file__).resolve().parents[2] / "shared"
SMOL = "smollm2-135m"


@pytest.fixture(scope="session")
def big_five() -> pm.Instrument:
    return pm.load_instrument("big-five-60")


@pytest.fixture
def definition(big_five: pm.Instrument, tmp_path: Path) -> Path:
    """A copy of the definition of big-five-60, to be altered."""
    return Path(shutil.copy(big_five.path, tmp_path / "mine.toml"))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> pm.Instrument:
    """Four items of our own, for runs that need not be long."""
    path = tmp_path_factory.mktemp("instruments") / "small-4.toml"
    path.write_text(SMALL, encoding="utf-8")
    return pm.load_instrument(path)


@pytest.fixture(scope="session")
def smol() -> pm.TransformersModel:
    """The embedded model, loaded once."""
    if embedded_file(SMOL) is None:
        pytest.skip("the embedded model is not installed (make test installs it)")
    return pm.load_model(SMOL)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20261123)


@pytest.fixture(scope="session", autouse=True)
def _one_line_output() -> None:
    os.environ["COLUMNS"] = "200"
    os.environ["NO_COLOR"] = "1"


SMALL = """
format = 1

[instrument]
name = "small-4"
title = "Small 4"
version = "1.0"
language = "en"
licence = "MIT"
origin = "made for tests"
citation = "none"
instructions = "Say how far you agree."
norms = "none"

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
