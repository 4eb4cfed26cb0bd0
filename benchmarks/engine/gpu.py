"""The tree engine on a GPU: a Llama-shaped and a Qwen3-shaped model of 8B, random, in bfloat16.

Scenario prompts of TRAIT's shape: 24 orders of four options, 3 templates. Measured are the card's
own matrix rate, the tree over rows and windows, a long run with the best of them, padded batches
and continuous batching on a sample, and how far answers lie from float32. It needs the packages of
a plain PyTorch image (torch, transformers, numpy) and this repository, not its installation.

    python benchmarks/engine/gpu.py [--items 120] [--minutes 2] [--models llama qwen3] [--out FILE]
    python benchmarks/engine/gpu.py --miniature      # every step with tiny models, on any machine
"""

import argparse
import gc
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks"), str(Path(__file__).parent)]

MODELS = ("llama", "qwen3")
REACH = {"share_of_matrix_rate": 0.5, "prompts_per_s": 370}
SMALL_PAGE = 32  # tokens; short enough for continuous batching to share beginnings


def refuse_what_is_lacking(*, miniature: bool) -> None:
    """Say which packages or devices are missing, instead of failing on them."""
    lacking = [n for n in ("numpy", "torch", "transformers") if not importlib.util.find_spec(n)]
    if lacking:
        raise SystemExit(f"Lacking: {', '.join(lacking)}. pip install {' '.join(lacking)}")
    import torch

    if not miniature and not torch.cuda.is_available():
        raise SystemExit("Lacking: a CUDA device. Every step runs in small with --miniature.")


def measure(family: str, call: argparse.Namespace) -> dict[str, Any]:
    """Everything about one model."""
    import torch
    from gpu_engines import FULL, MINIATURE, matrix_rates
    from gpu_models import Shape, make_model, make_prompts, takes_places_by_row

    sizes = MINIATURE if call.miniature else FULL
    device = "cuda" if torch.cuda.is_available() else "cpu"
    dtype = torch.bfloat16 if device == "cuda" else torch.float32
    with torch.device(device):
        model = make_model(family, dtype, miniature=call.miniature)
    rates = matrix_rates(model, sizes)
    prompts = make_prompts(call.items or sizes.items, model.config.vocab_size, Shape())
    by_row = takes_places_by_row(model)
    if not by_row:
        print("This transformers takes no places by row: the head is applied after the model.")
    rate = max(rates.values())
    print(f"{family}: {rate / 1e12:.3g} TFLOP/s measured, {len(prompts)} prompts", flush=True)
    return {
        "dtype": str(dtype).removeprefix("torch."),
        "items": call.items or sizes.items,
        "measured_tflops": {shape: float(f"{r / 1e12:.4g}") for shape, r in rates.items()},
        "head_inside_forward": by_row,
    } | compare(model, prompts, sizes, rate, call.minutes)


def compare(
    model: Any, prompts: Sequence[Any], sizes: Any, rate: float, minutes: float
) -> dict[str, Any]:
    """The grid, the long run, the peers and the agreement of one model."""
    from gpu_continuous import continuous
    from gpu_engines import agreement, batches, planned, timed, tree, where_time_goes

    grid = tree_grid(model, prompts, sizes, rate)
    show(grid)
    fitting = [row for row in grid if "failed" not in row]
    if not fitting:
        return {"grid": grid, "failed": "no size of the tree engine could be run"}
    best = max(fitting, key=lambda row: row["prompts_per_s"])
    rows, window = best["rows"], best["window"]
    parts = [[prompts[i] for i in piece] for piece in batches(prompts, rows, window)]
    long = timed(model, tree(model, rows, window), parts, rate, 60 * minutes)
    long["tokens_planned"] = sum(planned(part, rows)["tokens_planned"] for part in parts)
    spent = where_time_goes(model, rows, window, parts[0])
    peers = padded_peers(model, prompts[: sizes.sample], sizes, rate)
    near = agreement(model, parts[0], sizes.agreement, rows, window, sizes.padded[0])
    peers += [continuous(model, prompts, sizes.sample, page) for page in (None, SMALL_PAGE)]
    show([long, *peers])
    for name, told in (("where time goes", spent), ("differences from float32", near)):
        print(f"{name}: {told}", flush=True)
    return {
        "grid": grid, "long_run": long, "where_time_goes": spent, "peers": peers,
        "tree_over_peers_prompts_per_s": ratios(long, peers), "agreement": near,
    }  # fmt: skip


def ratios(long: dict[str, Any], peers: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Prompts a second of the tree over those of each peer."""
    name = "prompts_per_s"
    return {
        peer["engine"]: round(long[name] / peer[name], 2)
        for peer in peers
        if name in peer and name in long
    }


def tree_grid(model: Any, prompts: Sequence[Any], sizes: Any, rate: float) -> list[dict[str, Any]]:
    """Time the tree over rows and windows, each with one batch of its own size."""
    from gpu_engines import batches, planned, timed, tree

    grid = []
    for rows in sizes.rows:
        for window in sizes.windows:
            part = [prompts[i] for i in batches(prompts, rows, window)[0]]
            timed(model, tree(model, rows, window), [part[:48]], rate)  # warm
            row = timed(model, tree(model, rows, window), [part], rate)
            grid.append({"rows": rows, "window": window} | row | planned(part, rows))
    return grid


def padded_peers(
    model: Any, prompts: Sequence[Any], sizes: Any, rate: float
) -> list[dict[str, Any]]:
    """Time padded batches of several sizes."""
    from gpu_engines import padded, timed

    peers = []
    for size in sizes.padded:
        timed(model, padded(model, size), [prompts[:size]], rate)  # warm
        peers.append(timed(model, padded(model, size), [prompts], rate))
    return peers


def show(rows: Sequence[dict[str, Any]]) -> None:
    """Print rows as aligned text: a plain image has no table library."""
    names = ("prompts", "wall_s", "prompts_per_s", "distinct_tokens_per_s", "share_of_matrix_rate",
             "peak_gib")  # fmt: skip
    width = max(len(row["engine"]) for row in rows)
    print(" " * width + "".join(f"  {name}" for name in names))
    for row in rows:
        cells = (f"{'' if row.get(n) is None else row[n]:>{len(n)}}" for n in names)
        print(f"{row['engine']:{width}}  {'  '.join(cells)}  {row.get('failed', '')}".rstrip())
    print(flush=True)


def card() -> dict[str, Any]:
    """Describe the GPU."""
    import torch

    if not torch.cuda.is_available():
        return {"device": "no GPU"}
    about = torch.cuda.get_device_properties(0)
    return {
        "device": about.name,
        "device_gib": round(about.total_memory / 2**30, 1),
        "compute_capability": f"{about.major}.{about.minor}",
        "cuda": torch.version.cuda,
        "flash_attn_installed": importlib.util.find_spec("flash_attn") is not None,
    }


def main() -> None:
    """Measure both models; the result is kept after each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--miniature", action="store_true", help="tiny models, few items")
    parser.add_argument("--items", type=int, default=0, help="default 120, in miniature 2")
    parser.add_argument("--minutes", type=float, default=2, help="at most, for each long run")
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS)
    parser.add_argument("--out", type=Path, help="file of the result; default among the results")
    call = parser.parse_args()
    refuse_what_is_lacking(miniature=call.miniature)
    import torch
    from gpu_engines import told
    from machine import keep

    torch.set_float32_matmul_precision("highest")
    name = "engine-gpu-miniature" if call.miniature else "engine-gpu"
    name = str(call.out.resolve().with_suffix("")) if call.out else name
    models: dict[str, Any] = {}
    for family in call.models:
        try:
            models[family] = measure(family, call)
        except Exception as error:  # what was measured of the other model is kept
            models[family] = {"failed": told(error)}
            print(f"{family}: {told(error)}", flush=True)
        gc.collect()
        torch.cuda.empty_cache()
        keep(name, card() | {"miniature": call.miniature, "reach": REACH, "models": models})
    if any("failed" in found for found in models.values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
