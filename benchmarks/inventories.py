"""Every inventory through the embedded model: prompts, time, scores, and the time to load.

python benchmarks/inventories.py [--runs FOLDER] [--workers N]

An inventory of 200 items or more is given under a balanced fraction of the orders (``latin``: every
option in every position once), the others under all balanced orders. One whose wording is not
installed is passed over, and the table says so. Resumes in FOLDER.
"""

import argparse
import time
from pathlib import Path

from machine import keep, machine
from rich.console import Console
from rich.table import Table

import psychometrics as pm

LONG = 200


def administered(name: str, runs: Path, workers: int) -> dict[str, object]:
    """Load, administer and score one inventory."""
    started = time.perf_counter()
    instrument = pm.load_instrument(name)
    loaded = time.perf_counter() - started
    found: dict[str, object] = {"items": len(instrument.items), "load_s": round(loaded, 4)}
    if not instrument.has_wording:
        return found | {"passed_over": "its wording is not installed"}
    order = "latin" if len(instrument.items) >= LONG else "balanced"
    design = pm.design(option_order=order)
    people = pm.respondents("smollm2-135m")
    started = time.perf_counter()
    run = pm.administer(instrument, people, design, out=runs / name, workers=workers)
    seconds = time.perf_counter() - started
    scores = run.responses.score().to_frame("log", "expected")
    domains = scores[scores["level"] == "domain"]
    return found | {
        "option_order": order,
        "prompts": run.manifest["plan"]["prompts"],
        "wall_s_of_this_call": round(seconds, 1),
        "mass": round(float(run.responses.frame["option_mass"].mean()), 3),
        "missing": int((run.responses.frame["outcome"] != "chosen").sum()),
        "wording": run.manifest["instrument"]["wording"]["source"],
        "scores": {
            row["scale"]: [round(row[c], 2) for c in ("score", "ci_low", "ci_high")]
            for row in domains.to_dict("records")
        },
    }


def main() -> None:
    """Run all and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=Path, default=Path("runs/inventories"))
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    found = {name: administered(name, asked.runs, asked.workers) for name in pm.list_instruments()}
    keep("inventories", {"machine": machine(), "inventories": found})
    table = Table("inventory", "items", "load, ms", "orders", "prompts", "mass", "domain scores")
    for name, row in found.items():
        scores = ", ".join(f"{k} {v[0]}" for k, v in row.get("scores", {}).items())
        told = scores or str(row["passed_over"])
        numbers = (str(row["items"]), f"{1000 * row['load_s']:.0f}", row.get("option_order", ""))
        table.add_row(name, *numbers, str(row.get("prompts", "")), str(row.get("mass", "")), told)
    Console(width=160).print(table)


if __name__ == "__main__":
    main()
