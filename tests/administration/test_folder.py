"""The folder of a run: one writer, and files that are whole or not there."""

import subprocess
import sys

import pytest

import psychometrics as pm
from psychometrics.administration.folder import write_whole
from psychometrics.errors import RunInUseError, StorageError

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
            pm.administer(small, pm.respondents(pm.scripted_model(4.0)), out=tmp_path, quiet=True)
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    pm.administer(
        small, pm.respondents(pm.scripted_model(4.0)), out=tmp_path, quiet=True
    )  # the lock died with its holder


def test_failed_write_leaves_what_was_there(tmp_path):
    file = tmp_path / "kept.txt"
    write_whole(file, lambda path: path.write_text("first"))

    def fails(path):
        path.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(StorageError, match=r"kept.txt cannot be written: No space left"):
        write_whole(file, fails)
    assert file.read_text() == "first" and list(tmp_path.iterdir()) == [file]


def test_folder_that_cannot_be_made(small, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be made"):
        pm.administer(small, pm.respondents(pm.scripted_model(4.0)), out=tmp_path / "file" / "run")
