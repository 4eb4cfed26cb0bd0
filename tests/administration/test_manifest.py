"""The manifest: another call into the same folder is refused, and the difference named."""

import json

import pytest

import psychometrics as pm
from psychometrics.errors import JournalError, RunMismatchError
from psychometrics.responses import RESPONSES_FILE


def people(**options):
    return pm.respondents(pm.scripted_model(4.0, noise=0.3, **options))


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


def test_manifest_that_is_none(small, tmp_path):
    (tmp_path / "manifest.json").write_text('{"format": 1, "inst')
    with pytest.raises(JournalError, match="is no manifest"):
        pm.administer(small, people(), out=tmp_path, quiet=True)
