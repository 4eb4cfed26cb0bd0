"""The GPU benchmark runs whole, in miniature, without a GPU."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "engine" / "gpu.py"


def run(*arguments):
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


def test_every_step_in_miniature(tmp_path):
    done = run("--miniature", "--out", tmp_path / "result")
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / "result.json").read_text())
    assert set(result["models"]) == {"llama", "qwen3"}
    for model in result["models"].values():
        long = model["long_run"]
        assert long["prompts"] == 2 * 3 * 24 and long["batches"] == long["batches_planned"]
        # 3 templates of 60 tokens; under each 2 items of 70; the options' trie has 1 + 4 + 12 + 24
        # labels and 4 + 12 + 24 + 24 texts of 19; 24 tails of 20
        assert long["tokens_distinct"] == 3 * (60 + 2 * (70 + 41 + 64 * 19 + 24 * 20))
        assert long["tokens_computed"] >= long["tokens_distinct"]
        assert 0 < long["share_of_matrix_rate"] < 1
        assert model["head_inside_forward"]
        assert not [row for row in [*model["grid"], *model["peers"]] if "failed" in row]
        near = model["agreement"]
        if near["dtype"] == "torch.float32":
            assert max(near[name]["largest"] for name in ("tree", "padded")) < 1e-4


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU is at hand")
def test_without_a_gpu_it_says_so():
    done = run()
    assert done.returncode and "Lacking: a CUDA device" in done.stderr
    assert "--miniature" in done.stderr and "Traceback" not in done.stderr
