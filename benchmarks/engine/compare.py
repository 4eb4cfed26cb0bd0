"""The tree engine against lm-evaluation-harness, llama.cpp, padded batches and a naive loop.

The same prompts and labels of big-five-60 on the embedded model in float32, each method in a
process of its own: 10 orders × 2 wordings, one with the options after the item and one with them
before it.

    pip install -r benchmarks/engine/requirements.txt
    python benchmarks/engine/compare.py [--items 60] [--text-items 6] [--two-threads 6]
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from llama_cpp_peer import GGUF, write_float32_gguf
from machine import keep

METHODS = ("naive", "padded", "lm_eval", "llama_cpp", "tree")


def measured(method: str, labels: str, items: int, threads: int, folder: Path) -> dict[str, object]:
    """Run one method in a process of its own."""
    out = folder / f"{method}-{labels}-{threads}.npy"
    script = Path(__file__).parent / "method.py"
    command = [sys.executable, str(script), method, labels, str(items), str(threads), str(out)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{method} failed:\n{done.stderr[-3000:]}")
    result: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    return {"method": method, "labels": labels, "items": items, "threads": threads, **result}


def differences(folder: Path, row: dict[str, object]) -> dict[str, object]:
    """Compare the labels' log-probabilities with those of the naive loop, if it was run."""
    name = f"{row['labels']}-{row['threads']}.npy"
    log_p, naive = (np.load(folder / f"{m}-{name}") for m in (row["method"], "naive"))
    relative = [x - np.logaddexp.reduce(x, axis=1, keepdims=True) for x in (log_p, naive)]
    return {
        "largest_difference": float(np.abs(log_p - naive).max()),
        "largest_difference_renormalised": float(np.abs(relative[0] - relative[1]).max()),
        "flips": int((log_p.argmax(axis=1) != naive.argmax(axis=1)).sum()),
    }


def ratios(rows: list[dict[str, object]]) -> dict[str, float]:
    """CPU seconds and peak memory of every other method over those of the tree."""
    found = {}
    for row in rows:
        tree = next(
            r
            for r in rows
            if (r["labels"], r["threads"], r["method"]) == (row["labels"], row["threads"], "tree")
        )
        if row is not tree:
            name = f"{row['method']} / tree, {row['labels']}, {row['threads']} thread(s)"
            found[f"CPU {name}"] = round(float(row["cpu_s"]) / float(tree["cpu_s"]), 2)
            found[f"wall {name}"] = round(float(row["wall_s"]) / float(tree["wall_s"]), 2)
            found[f"memory {name}"] = round(float(row["peak_mb"]) / float(tree["peak_mb"]), 2)
    return found


def show(rows: list[dict[str, object]], quotients: dict[str, float]) -> None:
    """Print what was measured."""
    from rich.console import Console
    from rich.table import Table

    columns = (
        "labels", "items", "threads", "method", "prompts", "tokens_presented", "tokens_computed",
        "cpu_s", "wall_s", "prompts_per_cpu_s", "peak_mb", "largest_difference",
        "largest_difference_renormalised", "flips",
    )  # fmt: skip
    table = Table(*columns)
    for row in rows:
        table.add_row(
            *(f"{row[c]:.2g}" if isinstance(row[c], float) and c.startswith("largest")
              else str(row[c]) for c in columns)
        )  # fmt: skip
    console = Console(width=200)
    console.print(table)
    for row in rows:
        if "where_time_goes" in row:
            console.print(f"tree, {row['labels']}, {row['threads']} thread(s): where time goes")
            console.print(row["where_time_goes"])
    console.print(quotients)


def main() -> None:
    """Run everything and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=60)
    parser.add_argument("--text-items", type=int, default=6, help="with whole option texts")
    parser.add_argument("--two-threads", type=int, default=6, help="items; with one-token labels")
    call = parser.parse_args()
    workloads = (
        ("letters", call.items, 1), ("text", call.text_items, 1), ("letters", call.two_threads, 2)
    )  # fmt: skip
    rows = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_float32_gguf(folder / GGUF)
        for labels, items, threads in workloads:
            for method in METHODS if items else ():
                row = measured(method, labels, items, threads, folder)
                rows.append(row | differences(folder, row))
                print(rows[-1], flush=True)
    quotients = ratios(rows)
    show(rows, quotients)
    workload = "items × 10 orders × 2 wordings of big-five-60, smollm2-135m, float32"
    keep("engine-compare", {"workload": workload, "methods": rows, "ratios": quotients})


if __name__ == "__main__":
    main()
