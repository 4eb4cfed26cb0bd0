"""Several processes: the same responses as one; workers that die are replaced."""

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import psutil
import pytest
import torch
from tiny import save_tiny

import psychometrics as pm
from psychometrics.backends.worker_process import WorkerProcess
from psychometrics.errors import DesignError, ModelError, WorkerError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return str(save_tiny(tmp_path_factory.mktemp("model")))


def reference(folder):
    return pm.ModelReference(folder, window=64)  # 512 tokens a batch: several batches


def test_two_workers_give_the_bytes_of_one_process(folder, big_five, tmp_path):
    people, design = pm.respondents(reference(folder)), pm.design(option_order="random(2, 1)")
    two = pm.administer(big_five, people, design, out=tmp_path / "two", workers=2, quiet=True)
    threads = torch.get_num_threads()
    torch.set_num_threads(max(1, threads // 2))  # as many as each worker had
    try:
        one = pm.administer(big_five, people, design, out=tmp_path / "one", quiet=True)
    finally:
        torch.set_num_threads(threads)
    parquet = [(tmp_path / name / "responses.parquet").read_bytes() for name in ("one", "two")]
    assert parquet[0] == parquet[1] and one.responses.frame["cell"].nunique() == 120
    assert (
        one.manifest["engines"][folder]["tokens_computed"] == one.manifest["plan"]["tokens_planned"]
    )
    for part in ("engines", "plan", "rescored"):
        assert one.manifest[part] == two.manifest[part]


def test_two_workers_twice_give_the_same_bytes(folder, small, tmp_path):
    people = pm.respondents(reference(folder))
    for name in ("a", "b"):
        pm.administer(small, people, out=tmp_path / name, workers=2, quiet=True)
    one, other = ((tmp_path / name / "responses.parquet").read_bytes() for name in ("a", "b"))
    assert one == other


def test_worker_that_is_killed_is_replaced(folder, big_five, tmp_path, monkeypatch):
    people, design = pm.respondents(reference(folder)), pm.design(option_order="random(2, 1)")
    undisturbed = pm.administer(big_five, people, design, quiet=True).responses
    started, killed = [], []
    real = WorkerProcess._start

    def start(self):
        answer = real(self)
        started.append(self.pid)
        if len(started) == 1:
            threading.Thread(target=kill, args=(self.pid,)).start()
        return answer

    def kill(pid):
        time.sleep(0.05)
        os.kill(pid, signal.SIGKILL)
        killed.append(pid)

    monkeypatch.setattr(WorkerProcess, "_start", start)
    disturbed = pm.administer(big_five, people, design, workers=2, quiet=True).responses
    assert len(killed) == 1 and len(started) == 3
    np.testing.assert_allclose(disturbed.log_p, undisturbed.log_p, atol=1e-5)


def test_batch_that_kills_every_worker_is_told(folder, small, tmp_path, monkeypatch):
    real = WorkerProcess._exchange

    def exchange(self, call):
        if "work" in call:
            os.kill(self.pid, signal.SIGKILL)
        return real(self, call)

    monkeypatch.setattr(WorkerProcess, "_exchange", exchange)
    people = pm.respondents(reference(folder))
    with pytest.raises(WorkerError, match=r"3 workers .* died of the same batch[\s\S]*status -9"):
        pm.administer(small, people, out=tmp_path, workers=2, quiet=True)


def test_errors_of_a_worker_are_those_of_the_model(folder, small, tmp_path, monkeypatch):
    people = pm.respondents(reference(folder))
    real = WorkerProcess._start

    def without_weights(self):
        for file in tmp_path.glob("*.safetensors"):
            file.unlink(missing_ok=True)
        return real(self)

    broken = str(save_tiny(tmp_path))
    people = pm.respondents(pm.ModelReference(broken, window=64))
    monkeypatch.setattr(WorkerProcess, "_start", without_weights)
    with pytest.raises(ModelError, match="safetensors"):
        pm.administer(small, people, workers=2, quiet=True)


KILLED = """
import sys
import psychometrics as pm
people = pm.respondents(pm.ModelReference(sys.argv[1], window=64))
pm.administer(pm.load_instrument("big-five-60"), people, out=sys.argv[2], workers=2, quiet=True)
"""


def test_parent_that_is_killed_leaves_no_worker_and_resumes(folder, big_five, tmp_path):
    call = [sys.executable, "-c", KILLED, folder]
    parent = subprocess.Popen([*call, str(tmp_path / "killed")])
    journal = tmp_path / "killed" / "journal.log"
    while not journal.exists() or journal.stat().st_size < 100_000:
        assert parent.poll() is None, "it ended before it was killed"
        time.sleep(0.01)
    workers = [p for p in psutil.Process(parent.pid).children() if p.is_running()]
    parent.kill()
    parent.wait()
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert len(workers) == 2 and not alive
    for name in ("killed", "undisturbed"):
        assert subprocess.run([*call, str(tmp_path / name)]).returncode == 0
    files = [tmp_path / name / "responses.parquet" for name in ("killed", "undisturbed")]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_no_process_is_left_behind(folder, small):
    pm.administer(small, pm.respondents(reference(folder)), workers=2, quiet=True)
    left = [p for p in psutil.Process().children() if "worker" in " ".join(p.cmdline())]
    assert left == []


@pytest.mark.parametrize("wrong", [{"workers": 0}, {"workers": 1.5}, {"rescore": -1}])
def test_impossible_effort_is_refused(small, wrong):
    with pytest.raises(DesignError, match="is not possible"):
        pm.administer(small, pm.respondents(pm.scripted_model(3.0)), quiet=True, **wrong)
