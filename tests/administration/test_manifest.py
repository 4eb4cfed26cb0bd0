"""The manifest: another call into the same folder is refused, and the difference named."""

import json

import pytest

import psychometrics as pm
from psychometrics.errors import JournalError, ResponsesError, RunMismatchError


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
    (tmp_path / "journal.log").write_text("")
    with pytest.raises(RunMismatchError, match=r'environment\.libraries\.numpy is "1\.0" there'):
        pm.administer(small, people(), out=tmp_path, quiet=True)


def test_manifest_that_is_none(small, tmp_path):
    (tmp_path / "manifest.json").write_text('{"format": 1, "inst')
    with pytest.raises(JournalError, match="is no manifest"):
        pm.administer(small, people(), out=tmp_path, quiet=True)


def test_journal_without_manifest_is_not_taken_over(small, tmp_path):
    pm.administer(small, people(), out=tmp_path, quiet=True)
    (tmp_path / "manifest.json").unlink()
    with pytest.raises(JournalError, match="a journal and no manifest"):
        pm.administer(small, people(), out=tmp_path, quiet=True)
    assert not (tmp_path / "manifest.json").exists()


def test_edited_key_in_the_folder_is_noticed_and_put_back(small, tmp_path):
    pm.administer(small, people(), out=tmp_path, quiet=True)
    file = tmp_path / "instrument.toml"
    file.write_text(file.read_text().replace("key = -1", "key = 1"))
    with pytest.raises(ResponsesError, match="not the instrument that was administered"):
        pm.read_responses(tmp_path)
    pm.administer(small, people(), out=tmp_path, quiet=True)
    assert pm.read_responses(tmp_path).instrument.keys.tolist() == small.keys.tolist()


def test_source_edited_after_loading_does_not_change_the_run(small, tmp_path):
    source = tmp_path / "mine.toml"
    source.write_bytes(small.definition)
    mine = pm.load_instrument(source)
    source.unlink()
    pm.administer(mine, people(), out=tmp_path / "run", quiet=True)
    assert pm.read_responses(tmp_path / "run").instrument.sha256 == mine.sha256
