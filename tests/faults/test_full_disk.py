"""A disk that is really full: a tmpfs of some kilobytes in a mount namespace of our own."""

import re
import subprocess
import sys

import pytest

SCRIPT = r"""
set -u
mkdir -p disk && mount -t tmpfs -o size=128k none disk || exit 77
run() { "$PYTHON" -c '
import sys
import psychometrics as pm
from psychometrics.errors import StorageError
who = pm.respondents(pm.scripted_model(4.0, noise=0.5))
try:
    pm.administer(pm.load_instrument("big-five-60"), who, out=sys.argv[1], quiet=True)
except StorageError as error:
    print(error)
    sys.exit(9)
' "$1"; }
run undisturbed || exit 1
echo == journal; run disk/run; echo "code $?"
mount -o remount,size=32m disk
run disk/run || exit 2
cmp disk/run/responses.parquet undisturbed/responses.parquet || exit 3
cmp disk/run/journal.log undisturbed/journal.log || exit 4
rm disk/run/responses.parquet
dd if=/dev/zero of=disk/filler bs=4k status=none
truncate -s -12k disk/filler
echo == parquet; run disk/run; echo "code $?"
rm disk/filler
run disk/run || exit 5
cmp disk/run/responses.parquet undisturbed/responses.parquet || exit 6
echo == done
"""


def test_full_disk_is_told_and_loses_nothing(tmp_path):
    try:
        done = subprocess.run(
            ["unshare", "-rm", "bash", "-c", SCRIPT],
            cwd=tmp_path, env={"PYTHON": sys.executable, "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip("no unshare on this system")
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip(f"no mount namespace here: {done.stderr.strip()}")
    assert done.returncode == 0, done.stdout + done.stderr
    journal, parquet = done.stdout.split("== parquet")
    assert "cannot be written to disk/run/journal.log: No space left on device" in journal
    assert re.search(r"\d of \d+ batches are safe", journal) and "Mend: Free some space" in journal
    assert "responses.parquet cannot be written" in parquet and "No space left on device" in parquet
    assert journal.count("code 9") == parquet.count("code 9") == 1 and "== done" in parquet
