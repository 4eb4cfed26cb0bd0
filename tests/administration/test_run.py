"""Runs: folders, resuming, refusals, several models."""

import json
import subprocess
import sys
import time

import numpy as np
import pytest
from definitions import SMALL

import psychometrics as pm
from psychometrics.errors import DesignError, JournalError, RunInUseError, RunMismatchError
from psychometrics.responses import RESPONSES_FILE


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


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"seed": 1}, "seed is 0 there and 1 now"),
        ({"min_mass": 0.2}, "min_mass is 0.1 there and 0.2 now"),
        ({"design": "reversed"}, 'design.option_order is "balanced" there and "reversed" now'),
        ({"people": 2.0}, "models[0].weights"),
        ({"instrument": True}, "instrument.name"),
    ],
)
def test_other_call_into_the_same_folder_is_refused(small, big_five, tmp_path, change, named):
    pm.administer(small, people(), out=tmp_path, quiet=True)
    design = pm.design(option_order=change.pop("design", "balanced"))
    who = (
        pm.respondents(pm.scripted_model(change.pop("people"))) if "people" in change else people()
    )
    what = big_five if change.pop("instrument", False) else small
    with pytest.raises(RunMismatchError) as caught:
        pm.administer(what, who, design, out=tmp_path, quiet=True, **change)
    assert named in str(caught.value)


def test_other_versions_may_read_a_finished_run_but_not_go_on(small, tmp_path):
    pm.administer(small, people(), out=tmp_path, quiet=True)
    file = tmp_path / "manifest.json"
    manifest = json.loads(file.read_text())
    manifest["environment"]["libraries"]["numpy"] = "1.0"
    file.write_text(json.dumps(manifest))
    pm.administer(small, people(), out=tmp_path, quiet=True)
    (tmp_path / RESPONSES_FILE).unlink()
    with pytest.raises(RunMismatchError, match=r'environment\.libraries\.numpy is "1\.0" there'):
        pm.administer(small, people(), out=tmp_path, quiet=True)


def test_corrupt_journal_line_is_named(small, tmp_path):
    pm.administer(small, people(), out=tmp_path, quiet=True)
    (tmp_path / RESPONSES_FILE).unlink()
    journal = tmp_path / "journal.log"
    text = journal.read_text()
    journal.write_text(text.replace("-1.", "-2.", 1))
    with pytest.raises(JournalError, match=r"line 1 does not match its checksum[\s\S]*sed -i 1d"):
        pm.administer(small, people(), out=tmp_path, quiet=True)
    journal.write_text("")  # the mend: the line is deleted
    pm.administer(small, people(), out=tmp_path, quiet=True)
    assert journal.read_text() == text


def test_bytes_that_are_no_text_in_the_journal(small, tmp_path):
    pm.administer(small, people(), out=tmp_path, quiet=True)
    (tmp_path / RESPONSES_FILE).unlink()
    journal = tmp_path / "journal.log"
    journal.write_bytes(b"\xff\xfe\x00garbage\n" + journal.read_bytes())
    with pytest.raises(JournalError, match="line 1"):
        pm.administer(small, people(), out=tmp_path, quiet=True)


def test_journal_of_another_run(small, big_five, tmp_path):
    pm.administer(small, people(), out=tmp_path / "a", quiet=True)
    pm.administer(big_five, people(), out=tmp_path / "b", quiet=True)
    (tmp_path / "b" / RESPONSES_FILE).unlink()
    (tmp_path / "b" / "journal.log").write_bytes((tmp_path / "a" / "journal.log").read_bytes())
    with pytest.raises(JournalError, match="not of this plan"):
        pm.administer(big_five, people(), out=tmp_path / "b", quiet=True)


def test_manifest_that_is_none(small, tmp_path):
    (tmp_path / "manifest.json").write_text('{"format": 1, "inst')
    with pytest.raises(JournalError, match="is no manifest"):
        pm.administer(small, people(), out=tmp_path, quiet=True)


HOLDER = """
import sys, time
from pathlib import Path
from psychometrics.administration.folder import held_folder
with held_folder(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_second_process_is_told_who_holds_the_folder(small, tmp_path):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(RunInUseError, match=f"process {holder.pid} on"):
            pm.administer(small, people(), out=tmp_path, quiet=True)
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    time.sleep(0.05)
    pm.administer(small, people(), out=tmp_path, quiet=True)  # the lock died with its holder


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
