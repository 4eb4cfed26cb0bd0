"""The tree engine on a GPU: a Llama-shaped and a Qwen3-shaped model of 8B, random, in bfloat16.

Scenario prompts of TRAIT's shape: 24 orders of four options, 3 templates. It needs the packages of
a plain PyTorch image (torch, transformers, numpy) and this repository, not its installation.

    python benchmarks/engine/gpu.py [--items 24] [--minutes 4]
    python benchmarks/engine/gpu.py --miniature      # every step with tiny models, on any machine
"""

import argparse
import copy
import importlib.util
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks"), str(Path(__file__).parent)]

if TYPE_CHECKING:
    import torch

    from psychometrics.backends.base import Prompt
    from psychometrics.backends.read_logits import Readout

ROWS, WINDOWS, PADDED = (8, 16, 32), (256, 512, 1024), (16, 64, 128)
AGREEMENT = 16  # prompts scored one at a time in float32
REACH = {"share_of_matrix_rate": 0.5, "prompts_per_s": 370}


def refuse_what_is_lacking(*, miniature: bool) -> None:
    """Say which packages or devices are missing, instead of failing on them."""
    lacking = [n for n in ("numpy", "torch", "transformers") if not importlib.util.find_spec(n)]
    if lacking:
        raise SystemExit(f"Lacking: {', '.join(lacking)}. pip install {' '.join(lacking)}")
    import torch

    if not miniature and not torch.cuda.is_available():
        raise SystemExit("Lacking: a CUDA device. Every step runs in small with --miniature.")


def seconds(work: Callable[[], object]) -> float:
    """Wall seconds of some work, the device waited for."""
    import torch

    def wait() -> None:
        if torch.cuda.is_available():
            torch.cuda.synchronize()

    wait()
    begin = time.perf_counter()
    work()
    wait()
    return time.perf_counter() - begin


def matrix_rate(model: Any, tokens: int) -> float:
    """Best measured rate (operations a second) of products in the model's own format and shapes."""
    import torch

    config = model.config
    shapes = {(config.hidden_size, config.intermediate_size), (config.hidden_size,) * 2}
    shapes |= {(8192, 8192)} if config.hidden_size > 1024 else set()
    best = 0.0
    with torch.inference_mode():
        for n_in, n_out in shapes:
            a = torch.randn(tokens, n_in, device=model.device, dtype=model.dtype)
            b = torch.randn(n_out, n_in, device=model.device, dtype=model.dtype)
            seconds(lambda a=a, b=b: [a @ b.T for _ in range(3)])
            taken = seconds(lambda a=a, b=b: [a @ b.T for _ in range(20)])
            best = max(best, 20 * 2 * tokens * n_in * n_out / taken)
    return best


def callable_of(model: Any) -> Any:
    """The model itself, or what stands in for it under an older transformers."""
    from gpu_models import KeepsByRow, takes_places_by_row

    return model if takes_places_by_row(model) else KeepsByRow(model)


def tree(model: Any, rows: int, window: int) -> Any:
    """Make the engine as the library makes it for such a model."""
    from psychometrics.backends.engines import TreeEngine
    from psychometrics.backends.tree import TreeForward

    forward = TreeForward(callable_of(model), model.device, model.dtype, None, by_layer_type=False)
    return TreeEngine(forward, rows, window)


def padded(model: Any, size: int) -> Any:
    """Make the padded engine as the library makes it."""
    from psychometrics.backends.engines import PaddedEngine

    called = callable_of(model)

    def forward(ids: "torch.Tensor", positions: "torch.Tensor") -> "torch.Tensor":
        logits: torch.Tensor = called(
            input_ids=ids, logits_to_keep=positions, use_cache=False
        ).logits
        return logits

    return PaddedEngine(forward, model.device, size)


def timed(model: Any, engine: Any, prompts: Sequence["Prompt"], rate: float) -> dict[str, Any]:
    """Time one reading; memory that runs out is a result like any other."""
    import torch
    from gpu_models import flops

    from psychometrics.backends.engines import OutOfMemoryError
    from psychometrics.backends.trie import n_distinct

    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
    before, distinct = engine.tokens_computed, n_distinct([p.ids for p in prompts])
    try:
        wall = seconds(lambda: engine.read(prompts))
    except OutOfMemoryError:
        return {"engine": engine.settings, "failed": "out of memory with the smallest piece"}
    context = sum(len(p.ids) for p in prompts) / len(prompts)
    needed = flops(model, distinct, len(prompts), context / 2)
    peak = torch.cuda.max_memory_allocated() / 2**30 if torch.cuda.is_available() else None
    return {
        "engine": engine.settings,
        "prompts": len(prompts),
        "tokens_presented": sum(len(p.ids) for p in prompts),
        "tokens_distinct": distinct,
        "tokens_computed": engine.tokens_computed - before,
        "wall_s": round(wall, 3),
        "prompts_per_s": round(len(prompts) / wall, 1),
        "distinct_tokens_per_s": round(distinct / wall),
        "share_of_matrix_rate": round(needed / wall / rate, 3),
        "peak_gib": peak and round(peak, 1),
    }


def continuous(model: Any, prompts: Sequence["Prompt"]) -> dict[str, Any]:
    """Time transformers' continuous batching on the same prompts, one token each."""
    from transformers import ContinuousBatchingConfig, GenerationConfig

    share = None if model.device.type == "cuda" else 0.02  # it fills what it may take at once
    batching = ContinuousBatchingConfig(max_memory_percent=share)
    config = GenerationConfig(max_new_tokens=1, do_sample=False, eos_token_id=-1, pad_token_id=0)
    inputs = [list(prompt.ids) for prompt in prompts]

    def answered(some: Sequence[list[int]]) -> None:
        answers = model.generate_batch(
            inputs=list(some), generation_config=config, continuous_batching_config=batching
        )
        if len(answers) != len(some):
            raise RuntimeError(f"{len(some) - len(answers)} answers are missing")

    attention = model.config._attn_implementation
    try:
        seconds(lambda: answered(inputs[:2]))
        wall = seconds(lambda: answered(inputs))
    except Exception as error:  # whatever this version of transformers lacks is told, not raised
        told = str(error).splitlines()[0] if str(error) else ""
        return {"engine": "continuous batching", "failed": f"{type(error).__name__}: {told}"}
    finally:  # when it fails it leaves its own behind
        model.set_attn_implementation(attention)
    return {
        "engine": "continuous batching",
        "prompts": len(prompts),
        "wall_s": round(wall, 3),
        "prompts_per_s": round(len(prompts) / wall, 1),
    }


def agreement(model: Any, prompts: Sequence["Prompt"]) -> dict[str, Any]:
    """Differences of label log-probabilities from one prompt at a time in float32."""
    import torch

    sample = prompts[:: max(1, len(prompts) // AGREEMENT)][:AGREEMENT]
    exact = copy.deepcopy(model).float()
    reference = _labels(padded(exact, 1).read(sample)[0], sample)
    del exact
    engines = {
        "tree": tree(model, ROWS[0], WINDOWS[0]),
        "padded": padded(model, PADDED[0]),
        "one at a time": padded(model, 1),
    }
    found = {}
    for name, engine in engines.items():
        difference = (_labels(engine.read(sample)[0], sample) - reference).abs()
        found[name] = {"largest": difference.max().item(), "mean": difference.mean().item()}
    return {"dtype": str(model.dtype), "prompts": len(sample), "unit": "nats", **found} | {
        "float32_matmul_precision": torch.get_float32_matmul_precision()
    }


def _labels(read: "Readout", prompts: Sequence["Prompt"]) -> "torch.Tensor":
    import torch

    return torch.tensor(
        [[read.steps[n, path] for (path,) in p.paths] for n, p in enumerate(prompts)],
        dtype=torch.float64,
    )


def long_run(
    model: Any, engine: Any, prompts: Sequence["Prompt"], rate: float, minutes: float
) -> dict[str, Any]:
    """Run batches as the library cuts them, until all is done or the time is over."""
    from psychometrics.backends.trie import cut

    size = 8 * int(engine.settings.split()[2]) * int(engine.settings.split()[4])
    pieces = cut([p.ids for p in prompts], size)
    begin, rows = time.perf_counter(), []
    for piece in pieces:
        rows.append(timed(model, engine, [prompts[i] for i in piece], rate))
        if "failed" in rows[-1] or time.perf_counter() - begin > 60 * minutes:
            break
    done = [row for row in rows if "failed" not in row]
    wall = sum(row["wall_s"] for row in done)
    totals = {
        name: sum(row[name] for row in done)
        for name in ("prompts", "tokens_presented", "tokens_distinct", "tokens_computed")
    }
    weights = [row["share_of_matrix_rate"] * row["wall_s"] for row in done]
    return {
        "engine": engine.settings, "batches": len(done), "batches_planned": len(pieces), **totals,
        "wall_s": round(wall, 2),
        "prompts_per_s": round(totals["prompts"] / wall, 1),
        "distinct_tokens_per_s": round(totals["tokens_distinct"] / wall),
        "share_of_matrix_rate": round(sum(weights) / wall, 3),
    }  # fmt: skip


def measure(family: str, call: argparse.Namespace) -> dict[str, Any]:
    """Everything about one model."""
    import torch
    from gpu_models import Shape, make_model, make_prompts, takes_places_by_row

    device = "cuda" if torch.cuda.is_available() else "cpu"
    dtype = torch.bfloat16 if device == "cuda" else torch.float32
    with torch.device(device):
        model = make_model(family, dtype, miniature=call.miniature)
    rate = matrix_rate(model, 512 if call.miniature else 8192)
    prompts = make_prompts(call.items, model.config.vocab_size, Shape())
    few = make_prompts(1 if call.miniature else 4, model.config.vocab_size, Shape())
    by_row = takes_places_by_row(model)
    if not by_row:
        print("This transformers takes no places by row: the head is applied after the model.")
    print(f"{family}: {rate / 1e12:.2f} TFLOP/s measured, {len(prompts)} prompts", flush=True)
    timed(model, tree(model, ROWS[0], WINDOWS[0]), few, rate)  # warm
    grid = [timed(model, tree(model, r, w), few, rate) for r in ROWS for w in WINDOWS]
    show(grid)
    best = max((row for row in grid if "failed" not in row), key=lambda row: row["prompts_per_s"])
    _, _, window, _, rows, *_ = best["engine"].split()
    long = long_run(model, tree(model, int(rows), int(window)), prompts, rate, call.minutes)
    peers = [timed(model, padded(model, n), few[:144], rate) for n in PADDED]
    peers.append(continuous(model, few[:144]))
    show([long, *peers])
    near = agreement(model, few)
    print(near, flush=True)
    ratios = {
        peer["engine"]: round(long["prompts_per_s"] / peer["prompts_per_s"], 2)
        for peer in peers
        if "failed" not in peer
    }
    return {
        "measured_tflops": round(rate / 1e12, 2),
        "head_inside_forward": by_row,
        "grid": grid,
        "long_run": long,
        "peers": peers,
        "tree_over_peers_prompts_per_s": ratios,
        "agreement": near,
    }


def show(rows: Sequence[dict[str, Any]]) -> None:
    """Print rows as aligned text: a plain image has no table library."""
    names = ("prompts", "wall_s", "prompts_per_s", "distinct_tokens_per_s", "share_of_matrix_rate",
             "peak_gib", "failed")  # fmt: skip
    print(f"{'engine':44}" + "".join(f"{name:>24}" for name in names))
    for row in rows:
        print(f"{row['engine']:44}" + "".join(f"{row.get(name) or '':>24}" for name in names))
    print(flush=True)


def main() -> None:
    """Measure both models, and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--miniature", action="store_true", help="tiny models, few items")
    parser.add_argument("--items", type=int, default=0, help="default 24, in miniature 2")
    parser.add_argument("--minutes", type=float, default=4, help="at most, for each long run")
    parser.add_argument("--out", default="", help="name of the result; default engine-gpu")
    call = parser.parse_args()
    refuse_what_is_lacking(miniature=call.miniature)
    call.items = call.items or (2 if call.miniature else 24)
    import torch
    from machine import keep

    device = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    result = {"device": device, "miniature": call.miniature, "reach": REACH, "items": call.items}
    models = {family: measure(family, call) for family in ("llama", "qwen3")}
    name = call.out or ("engine-gpu-miniature" if call.miniature else "engine-gpu")
    keep(name, result | {"models": models})


if __name__ == "__main__":
    main()
