"""The GPU benchmark runs whole, in miniature, without a GPU."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

FOLDER = Path(__file__).parents[2] / "benchmarks" / "engine"
SCRIPT = FOLDER / "gpu.py"


def run(*arguments):
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.fixture(scope="module")
def miniature(tmp_path_factory):
    out = tmp_path_factory.mktemp("gpu") / "result.json"
    done = run("--miniature", "--out", out)
    assert done.returncode == 0, done.stdout + done.stderr
    result = json.loads(out.read_text())
    assert set(result["models"]) == {"llama", "qwen3"}
    return result


@pytest.fixture
def script(monkeypatch):
    """The module that times engines, with a tiny model and its prompts."""
    monkeypatch.syspath_prepend(str(FOLDER))
    import gpu_engines
    import gpu_models

    model = gpu_models.make_model("llama", torch.float32, miniature=True)
    prompts = gpu_models.make_prompts(1, model.config.vocab_size, gpu_models.Shape())
    yield gpu_engines, model, prompts
    for name in ("gpu_continuous", "gpu_engines", "gpu_models"):
        sys.modules.pop(name, None)


def test_every_step_in_miniature(miniature):
    for model in miniature["models"].values():
        assert "failed" not in model and model["head_inside_forward"]
        rows = [*model["grid"], model["long_run"], *model["peers"]]
        failed = {row["engine"]: row["failed"] for row in rows if "failed" in row}
        # transformers' own engine needs psutil, and its thread hangs on a busy machine.
        assert all(name.startswith("continuous batching") and why for name, why in failed.items())
        assert all(row["prompts_per_s"] > 0 for row in rows if "failed" not in row)
        assert all(rate > 0 for rate in model["measured_tflops"].values())
        assert model["where_time_goes"]["inside_model_s"] > 0


def test_tokens_computed_are_those_planned(miniature):
    for model in miniature["models"].values():
        for row in [*model["grid"], model["long_run"]]:
            assert row["tokens_distinct"] <= row["tokens_computed"] == row["tokens_planned"]
        long = model["long_run"]
        assert long["prompts"] == 2 * 3 * 24 and long["tokens_presented"] == 230 * 2 * 3 * 24
        assert 1 < long["batches"] == long["batches_planned"]
        # 3 templates of 60 tokens; under each 2 items of 70; the options' trie has 1 + 4 + 12 + 24
        # labels and 4 + 12 + 24 + 24 texts of 19; 24 tails of 20
        assert long["tokens_distinct"] == 3 * (60 + 2 * (70 + 41 + 64 * 19 + 24 * 20))


def test_engines_agree_with_one_prompt_at_a_time(miniature):
    for model in miniature["models"].values():
        near = model["agreement"]
        assert near["prompts"] == 16
        if model["dtype"] == "float32":
            assert max(near[name]["largest"] for name in ("tree", "padded")) < 1e-5
            assert near["one at a time"]["largest"] == 0


def test_the_time_limit_stops_between_batches(script):
    engines, model, prompts = script
    parts = [prompts[:5], prompts[5:10], prompts[10:15]]
    row = engines.timed(model, engines.padded(model, 4), parts, 1e9, limit=0)
    assert (row["batches"], row["batches_planned"], row["prompts"]) == (1, 3, 5)


class RunsOut:
    """A model whose memory runs out at some of its calls."""

    def __init__(self, model, fails):
        self.model, self.fails, self.calls = model, fails, 0

    def __call__(self, **inputs):
        self.calls += 1
        if self.fails(self.calls):
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 9 GiB")
        return self.model(**inputs)


def test_memory_that_runs_out_is_a_row(script):
    engines, model, prompts = script
    row = engines.timed(
        model, engines.tree(model, 2, 128, RunsOut(model, lambda call: True)), [prompts], 1e9
    )
    assert "out of memory" in row["failed"] and "prompts" not in row
    once = engines.tree(model, 2, 128, RunsOut(model, lambda call: call == 2))
    row = engines.timed(model, once, [prompts], 1e9)
    assert "halved" in row["engine"] and row["prompts"] == len(prompts)
    assert row["tokens_computed"] == engines.planned(prompts, 2)["tokens_planned"]


def test_what_raises_is_a_row(script):
    engines, model, prompts = script
    broken = engines.tree(model, 2, 128, lambda **_: 1 / 0)
    assert engines.timed(model, broken, [prompts], 1e9)["failed"].startswith("ZeroDivisionError")


def test_continuous_batching_that_is_lacking_is_a_row(script, monkeypatch):
    from gpu_continuous import continuous

    _, model, prompts = script
    monkeypatch.setattr(type(model), "generate_batch", None)
    row = continuous(model, prompts, 4)
    assert row["failed"].startswith("TypeError")
    assert model.config._attn_implementation == "sdpa"


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU is at hand")
def test_without_a_gpu_it_says_so():
    done = run()
    assert done.returncode and "Lacking: a CUDA device" in done.stderr
    assert "--miniature" in done.stderr and "Traceback" not in done.stderr


def test_missing_packages_are_named():
    command = [sys.executable, "-I", "-S", str(SCRIPT), "--miniature"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode and "Lacking: numpy, torch, transformers. pip install" in done.stderr
    assert "Traceback" not in done.stderr
