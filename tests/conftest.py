"""Fixtures that several test modules share."""

import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from definitions import SMALL

import psychometrics as pm
from psychometrics.backends.find import embedded_file

SHARED = Path(__file__).resolve().parents[2] / "shared"
SMOL = "smollm2-135m"
SECOND_OPINIONS = ("pingouin", "factor_analyzer", "seaborn", "sklearn")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Data for tests that are not part of the project."""
    if not SHARED.is_dir():
        pytest.skip("../shared is absent")
    return SHARED


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


@pytest.fixture(scope="session", autouse=True)
def _data_folder_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Wordings that the user has installed change no test, and no test changes them."""
    os.environ["XDG_DATA_HOME"] = str(tmp_path_factory.mktemp("data"))


@pytest.fixture(autouse=True)
def _without_second_opinions(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every test passes with the packages of second opinions blocked from import."""
    if request.node.get_closest_marker("second_opinion") is None:
        for name in SECOND_OPINIONS:
            monkeypatch.setitem(sys.modules, name, None)
