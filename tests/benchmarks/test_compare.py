"""The comparison of engines runs in small, without its peers."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks" / "engine"


@pytest.fixture
def compare(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    before = set(sys.modules)
    import compare

    yield compare
    for name in {"compare", "llama_cpp_peer", "machine"} - before:
        sys.modules.pop(name, None)


def test_the_tree_in_small(compare, smol, tmp_path):
    """One item: 10 orders in 2 wordings."""
    rows = []
    for method in ("naive", "tree"):
        row = compare.measured(method, "letters", 1, 1, tmp_path)
        rows.append(row | compare.differences(tmp_path, row))
    naive, tree = rows
    assert naive["prompts"] == tree["prompts"] == 20
    assert tree["largest_difference"] <= 1e-4 and tree["flips"] == 0  # the reach, in nats
    assert tree["tokens_computed"] == tree["tokens_distinct"] < naive["tokens_computed"] / 2
    spent = tree["where_time_goes"]
    assert {"linear layers", "attention", "head", "masks"} < set(spent)
    assert tree["times_floor"] > 0 and spent["cpu_s"] > 0
    assert set(compare.ratios(rows)) == {
        f"{kind} naive / tree, letters, 1 thread(s)" for kind in ("CPU", "wall", "memory")
    }
    compare.show(rows, compare.ratios(rows))


def test_a_method_that_fails_is_told(compare, tmp_path, monkeypatch):
    monkeypatch.setattr(
        subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 1, "", "no such thing")
    )
    with pytest.raises(SystemExit, match=r"tree failed:\nno such thing"):
        compare.measured("tree", "letters", 1, 1, tmp_path)


def test_shifted_labels_differ_before_and_agree_after_renormalising(compare, tmp_path):
    log_p = np.log(np.array([[0.2, 0.3], [0.4, 0.1]]))
    np.save(tmp_path / "naive-letters-1.npy", log_p)
    np.save(tmp_path / "other-letters-1.npy", log_p - 0.5)
    row = {"method": "other", "labels": "letters", "threads": 1}
    found = compare.differences(tmp_path, row)
    assert found["largest_difference"] == pytest.approx(0.5)
    assert found["largest_difference_renormalised"] < 1e-12 and found["flips"] == 0
