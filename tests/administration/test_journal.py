"""The journal: damage is named, with the line and the mend."""

import pytest

import psychometrics as pm
from psychometrics.errors import JournalError
from psychometrics.responses import RESPONSES_FILE


def people(**options):
    return pm.respondents(pm.scripted_model(4.0, noise=0.3, **options))


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
