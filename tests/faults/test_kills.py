"""SIGKILL at random moments: the resumed run equals the undisturbed one byte for byte."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tiny import save_tiny

KEPT = ("journal.log", "responses.parquet")
CHILD = """
import sys
import psychometrics as pm
model, instrument, order, out = sys.argv[1:]
who = pm.respondents(pm.scripted_model(4.0, noise=0.5) if model == "scripted" else model)
pm.administer(pm.load_instrument(instrument), who, pm.design(option_order=order), out=out, quiet=True)
"""


def start(model: str, order: str, out: Path) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, "-c", CHILD, model, "big-five-60", order, str(out)])


def finish(model: str, order: str, out: Path) -> dict[str, bytes]:
    assert start(model, order, out).wait(timeout=300) == 0
    return {name: (out / name).read_bytes() for name in KEPT}


def size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def kill_at_random(
    process: subprocess.Popen, journal: Path, whole: int, rng: random.Random
) -> bool:
    """Kill once the journal has grown to a random size; True if the process was still running."""
    least = rng.uniform(size(journal), whole)
    while process.poll() is None and size(journal) < least:
        time.sleep(0.001)
    time.sleep(rng.uniform(0, 0.02))
    was_running = process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    return was_running


def kill_and_resume(folder: Path, kills: int, seed: int) -> None:
    model = str(save_tiny(folder / "model"))
    undisturbed = finish(model, "balanced", folder / "undisturbed")
    rng, landed, out = random.Random(seed), 0, folder / "killed"
    whole = len(undisturbed["journal.log"])
    for attempt in range(4 * kills):
        if landed == kills:
            break
        process = start(model, "balanced", out)
        landed += kill_at_random(process, out / "journal.log", whole, rng)
        if (out / "responses.parquet").exists():  # it was finished: begin another
            assert finish(model, "balanced", out) == undisturbed
            out = folder / f"killed-{attempt}"
    assert landed == kills
    assert finish(model, "balanced", out) == undisturbed


def test_three_kills(tmp_path):
    kill_and_resume(tmp_path, kills=3, seed=1)


@pytest.mark.long
def test_twenty_kills(tmp_path):
    kill_and_resume(tmp_path, kills=20, seed=2)


def test_kill_inside_the_parquet_write(tmp_path):
    """The kill lands while the table is half written; what is there is finished from the journal."""
    undisturbed = finish("scripted", "all", tmp_path / "undisturbed")
    out = tmp_path / "killed"
    unfinished = out / "responses.parquet.unfinished"
    for _ in range(20):
        process = start("scripted", "all", out)
        while process.poll() is None and not size(unfinished):
            time.sleep(0.0001)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if unfinished.exists() and not (out / "responses.parquet").exists():
            break
        (out / "responses.parquet").unlink(missing_ok=True)  # missed: try again
    else:
        pytest.fail("no kill landed inside the write in 20 tries")
    assert finish("scripted", "all", out) == undisturbed
    assert not unfinished.exists()


def test_line_cut_anywhere_is_asked_again(tmp_path):
    """A torn last line, at every kind of place, costs its batch and nothing else."""
    undisturbed = finish("scripted", "balanced", tmp_path / "undisturbed")
    journal = undisturbed["journal.log"]
    last = journal.rindex(b"\n", 0, -1) + 1
    out = tmp_path / "torn"
    finish("scripted", "balanced", out)
    for cut in (last + 1, last + 10, (last + len(journal)) // 2, len(journal) - 1):
        os.remove(out / "responses.parquet")
        (out / "journal.log").write_bytes(journal[:cut])
        assert finish("scripted", "balanced", out) == undisturbed
