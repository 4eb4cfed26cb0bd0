"""Speed, memory and exactness of the main job on the embedded model.

60 items × 10 orders × 2 wordings, by the tree, in padded batches of 16 and one prompt at a time,
each in a process of its own; and ten options labelled 1 to 10, whose mass must not be counted
twice.

    python benchmarks/administration.py
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from machine import keep

import psychometrics as pm

MODEL = "smollm2-135m"


SETTINGS: dict[str, dict[str, object]] = {
    "tree": {},
    "padded": {"engine": "padded"},
    "one_at_a_time": {"engine": "padded", "batch_size": 1},
}


def measure(name: str, out: str) -> None:
    """Administer in this process and print what it cost."""
    model = pm.load_model(MODEL, **SETTINGS[name])
    cpu, wall = time.process_time(), time.perf_counter()
    design = pm.design(option_order="balanced", wording=2)
    run = pm.administer(
        pm.load_instrument("big-five-60"),
        pm.respondents(model),
        design,
        out=out,
        rescore=0,
        quiet=True,
    )
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    prompts = len(run.responses)
    print(
        json.dumps(
            {
                "prompts": prompts,
                "tokens_presented": run.manifest["plan"]["tokens_presented"],
                "tokens_distinct": run.manifest["plan"]["tokens_distinct"],
                "tokens_computed": model.tokens_computed,
                "wall_s": round(wall, 1),
                "cpu_s": round(cpu, 1),
                "prompts_per_s": round(prompts / wall, 2),
                "prompts_per_cpu_s": round(prompts / cpu, 2),
                "peak_memory_mb": round(peak),
            }
        )
    )


def in_own_process(name: str, out: Path) -> dict[str, object]:
    """Measure in a fresh process, so that peak memory is its own."""
    command = [sys.executable, __file__, "measure", name, str(out)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, object] = json.loads(done.stdout.splitlines()[-1])
    print(result)
    return result


def ten_options() -> dict[str, object]:
    """Mass of ten options labelled 1 to 10, with and without telling 1 from 10 apart."""
    text = pm.load_instrument("big-five-60").path.read_text(encoding="utf-8")
    start = text.index("options = [")
    end = text.index("\n]", start)
    options = "".join(f'\n  {{ value = {n}, text = "Level {n} of ten" }},' for n in range(1, 11))
    text = f"{text[:start]}options = [{options}{text[end:]}".replace("[1, 5]", "[1, 10]")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ten-options.toml"
        path.write_text(text, encoding="utf-8")
        ten = pm.load_instrument(path)
    design = pm.design(option_order="balanced", labels="digits")
    who = pm.respondents(MODEL)
    shown = pm.preview(ten, who, design)
    responses = pm.administer(ten, who, design, quiet=True).responses
    lengths = sorted({len(path) for option in shown.label_paths.paths for path in option})
    positions = responses.positions
    first = np.exp(responses.log_p)[positions == 1].mean()
    tenth = np.exp(responses.log_p)[positions == 10].mean()
    mass = responses.frame["option_mass"]
    return {
        "rows": len(responses),
        "label_tokens": lengths,
        "mean_p_of_label_1": float(first),
        "mean_p_of_label_10": float(tenth),
        "mean_mass": float(mass.mean()),
        "largest_mass": float(mass.max()),
        "mass_if_counted_twice": float(mass.mean() + tenth),
    }


def main() -> None:
    """Run everything and keep the result."""
    with TemporaryDirectory() as folder:
        costs = {name: in_own_process(name, Path(folder) / name) for name in SETTINGS}
        log_p = {name: pm.read_responses(Path(folder) / name).log_p for name in SETTINGS}
    difference = np.abs(log_p["tree"] - log_p["one_at_a_time"])
    flips = int((log_p["tree"].argmax(axis=1) != log_p["one_at_a_time"].argmax(axis=1)).sum())
    cpu = {name: float(cost["cpu_s"]) for name, cost in costs.items()}
    result = {
        "workload": "big-five-60 × 10 orders × 2 wordings, smollm2-135m, letters",
        **costs,
        "cpu_over_tree": {name: round(seconds / cpu["tree"], 2) for name, seconds in cpu.items()},
        "largest_log_p_difference": float(difference.max()),
        "choice_flips": flips,
        "ten_options": ten_options(),
    }
    print(json.dumps(result, indent=1))
    keep("administration", result)


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure(sys.argv[2], sys.argv[3])
    else:
        main()
