"""Runs: folders, resuming, refusals, several models."""

import json

import numpy as np
import pytest
from definitions import SMALL

import psychometrics as pm
from psychometrics.errors import DesignError


def people(**options):
    return pm.respondents(pm.scripted_model(4.0, noise=0.3, **options))


def test_folder_holds_what_is_needed(small, tmp_path):
    run = pm.administer(small, people(), out=tmp_path / "run", quiet=True)
    names = {p.name for p in run.folder.iterdir()}
    assert {"manifest.json", "journal.log", "responses.parquet", "instrument.toml"} <= names
    manifest = json.loads((run.folder / "manifest.json").read_text())
    assert manifest["instrument"]["sha256"] == small.sha256
    assert manifest["design"]["orders"][0] == "1-2-5-3-4" and manifest["seed"] == 0
    assert manifest["models"][0]["weights"] and manifest["environment"]["libraries"]["numpy"]
    assert manifest["plan"]["prompts"] == 40


def test_same_call_again_asks_nothing(small, tmp_path, monkeypatch):
    first = pm.administer(small, people(), out=tmp_path, quiet=True)
    monkeypatch.setattr(pm.ScriptedModel, "score", lambda *a: pytest.fail("asked again"))
    again = pm.administer(small, people(), out=tmp_path, quiet=True)
    assert again.responses.frame.equals(first.responses.frame)


def test_read_back_equals_what_was_returned(small, tmp_path):
    run = pm.administer(small, people(), out=tmp_path, quiet=True)
    read = pm.read_responses(tmp_path)
    assert read.frame.equals(run.responses.frame)
    assert read.instrument.sha256 == small.sha256
    assert read.score().frame.equals(run.responses.score().frame)


def test_several_models_and_personas(small):
    models = [pm.scripted_model(2.0, name="low"), pm.scripted_model(4.0, name="high")]
    who = pm.respondents(models, personas={"x": "X.", "y": "Y."})
    responses = pm.administer(small, who, quiet=True).responses
    scores = responses.score().to_frame("log", "expected").set_index("respondent")["score"]
    np.testing.assert_allclose(
        scores[["low|x", "low|y", "high|x", "high|y"]], [2, 2, 4, 4], atol=1e-6
    )


def test_mass_threshold_out_of_range(small):
    with pytest.raises(DesignError, match="min_mass=2"):
        pm.administer(small, people(), min_mass=2, quiet=True)


def test_ten_options_labelled_with_digits(tmp_path, smol):
    """Mass of 1 and 10 is told apart; nothing is counted twice, and the sum stays a probability."""

    options = ",\n".join(f'{{ value = {n}, text = "Level {n} of ten" }}' for n in range(1, 11))
    start, end = SMALL.index("options = ["), SMALL.index("]\n\n[[scales]]")
    path = tmp_path / "ten.toml"
    path.write_text(
        (SMALL[:start] + f"options = [\n{options}\n" + SMALL[end:]).replace("[1, 5]", "[1, 10]")
    )
    ten = pm.load_instrument(path)
    design = pm.design(option_order="balanced", labels="digits")
    responses = pm.administer(ten, pm.respondents(smol), design, quiet=True).responses
    assert responses.log_p.shape == (4 * 10, 10)
    assert (responses.frame["option_mass"] <= 1).all()
    shown = pm.preview(ten, pm.respondents(smol), design)
    one, tenth = (shown.label_paths.paths[shown.labels.index(label)] for label in ("1", "10"))
    assert tenth[0][: len(one[0])] == one[0]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"instrument": "big-five-60"}, "instrument='big-five-60' is a str"),
        ({"respondents": "smollm2-135m"}, "respondents='smollm2-135m' is a str"),
        ({"design": "balanced"}, "design='balanced' is a str"),
        ({"seed": -1}, "seed=-1 is negative"),
        ({"seed": 1.5}, "seed=1.5 is a float"),
        ({"min_mass": "a"}, "min_mass='a' is a str"),
    ],
)
def test_arguments_of_another_kind(small, changed, named):
    arguments = {"instrument": small, "respondents": people(), "quiet": True} | changed
    with pytest.raises(DesignError) as caught:
        pm.administer(**arguments)
    assert named in str(caught.value) and "Mend:" in str(caught.value)
