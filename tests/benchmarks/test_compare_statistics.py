"""The comparison with psych and lme4 in small, with and without its peers."""

import importlib.util
import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks" / "statistics"


@pytest.fixture
def compare(monkeypatch):
    for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        monkeypatch.setenv(threads, "1")
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    spec = importlib.util.spec_from_file_location("compare_statistics", FOLDER / "compare.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "N", 60)
    shape = (20, 6, 4)
    monkeypatch.setattr(module, "SHAPES", dict.fromkeys(module.SHAPES, shape))
    monkeypatch.setattr(module, "RUNS", 1)
    yield module
    for name in {"compare_statistics", "machine"} - before:
        sys.modules.pop(name, None)


def test_without_peers(compare, tmp_path, monkeypatch, capsys):
    compare.simulate(tmp_path)
    assert len(pd.read_csv(tmp_path / "unbalanced.csv")) == 384  # 480 less 20 %
    monkeypatch.setattr(shutil, "which", lambda _: None)
    found, left_out = compare.peers(tmp_path)
    assert found == {} and "Rscript is not installed" in left_out
    tasks = compare.measure(tmp_path, found)
    assert [task.reached for task in tasks] == [None, None, True, True, True]
    assert all(task.ratio is None and task.ours_s > 0 for task in tasks)
    compare.show(tasks)
    assert "not run" in capsys.readouterr().out


def test_a_reach_that_is_missed_is_told(compare, tmp_path, capsys):
    compare.simulate(tmp_path)
    value = {"value": 0.7, "limits": [0.6, 0.8]}
    row = {"task": "alpha", "package": "psych 0", "cpu_s": 1e-6, "value": value}
    task = compare.of_alpha(tmp_path, {"alpha": row})
    assert task.reached is False and task.ratio < 20
    compare.show([task])
    assert "NO" in capsys.readouterr().out


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_both_sides_compute_the_same(compare, tmp_path):
    compare.simulate(tmp_path)
    found, left_out = compare.peers(tmp_path)
    if left_out:
        pytest.skip(left_out)
    alpha, icc, balanced, unbalanced, _ = compare.measure(tmp_path, found)
    assert alpha.agreement["alpha, difference"] < 1e-10
    # Monte Carlo error of a limit from 2,000 resamples of 60 rows.
    assert alpha.agreement["percentile limits, difference"] < 0.03
    # R's default takes components from lme4, which stops near the optimum; sums are exact.
    assert icc.agreement["six forms, largest difference (lmer = FALSE)"] < 1e-10
    for task in (balanced, unbalanced):
        theirs = task.agreement["REML criterion, lme4"]
        again = task.agreement["our criterion at lme4's components"]
        assert again == pytest.approx(theirs, rel=1e-9)  # the same function of the components
        assert task.agreement["ours less lme4's"] < 1e-6
