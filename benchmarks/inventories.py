"""Every inventory through the embedded model: prompts, time, scores, and the time to load.

python benchmarks/inventories.py [--runs FOLDER] [--workers N]

An inventory of 200 items or more is given under a balanced fraction of the orders (``latin``: every
option in every position once; scenarios: ``paired``), the others under all balanced orders. One
whose wording is not installed is passed over, or with --stand-ins given with made-up statements in
its place: its scores then are of nothing but the way through, and the table says so. Resumes in
FOLDER.
"""

import argparse
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from machine import keep, machine
from rich.console import Console
from rich.table import Table

import psychometrics as pm

LONG = 200


@contextmanager
def data_folder_of_its_own() -> Iterator[Path]:
    """Let wordings be kept in a folder that goes away."""
    before = os.environ.get("XDG_DATA_HOME")
    with TemporaryDirectory() as folder:
        os.environ["XDG_DATA_HOME"] = folder
        try:
            yield Path(folder)
        finally:
            del os.environ["XDG_DATA_HOME"]
            if before is not None:
                os.environ["XDG_DATA_HOME"] = before


def install_stand_in(instrument: pm.Instrument, folder: Path) -> None:
    """Install made-up texts in place of an inventory's wording."""
    file = folder / f"{instrument.name}.json"
    if not instrument.item_file:
        texts = {i.id: f"Made-up statement {n}." for n, i in enumerate(instrument.items, start=1)}
        file.write_text(json.dumps(texts), encoding="utf-8")
        pm.install_wording(instrument.name, file, allow_modified=True)
        return
    names = instrument.item_file
    options = [f"{side}_{n}" for side in ("low", "high") for n in (1, 2)]
    rows = [
        {
            names["scale"]: instrument.scale(item.scale).title,
            names["number"]: number,
            names["situation"]: f"Made-up situation {number}.",
            names["question"]: "What do you do?",
            **{names[option]: f"Made-up action {option}." for option in options},
        }
        for number, item in enumerate(instrument.items)
    ]
    file.write_text(json.dumps(rows), encoding="utf-8")
    pm.install_wording(instrument.name, file)


def administered(name: str, runs: Path, workers: int, *, stand_in: bool) -> dict[str, object]:
    """Load, administer and score one inventory."""
    started = time.perf_counter()
    instrument = pm.load_instrument(name)
    loaded = time.perf_counter() - started
    if not instrument.has_wording and stand_in:
        with data_folder_of_its_own() as folder:
            install_stand_in(instrument, folder)
            found = administered(name, runs, workers, stand_in=False)
        return found | {"stand_in": "made-up statements in place of the wording"}
    found = {"items": len(instrument.items), "load_s": round(loaded, 4)}
    if not instrument.has_wording:
        return found | {"passed_over": "its wording is not installed"}
    fraction = "paired" if instrument.form == "scenario" else "latin"
    order = fraction if len(instrument.items) >= LONG else "balanced"
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
    parser.add_argument("--stand-ins", action="store_true")
    asked = parser.parse_args()
    found = {
        name: administered(name, asked.runs, asked.workers, stand_in=asked.stand_ins)
        for name in pm.list_instruments()
    }
    keep("inventories", {"machine": machine(), "inventories": found})
    table = Table("inventory", "items", "load, ms", "orders", "prompts", "mass", "domain scores")
    for name, row in found.items():
        scores = ", ".join(f"{k} {v[0]}" for k, v in row.get("scores", {}).items())
        told = scores or str(row["passed_over"])
        told = f"stand-in: {told}" if "stand_in" in row else told
        numbers = (str(row["items"]), f"{1000 * row['load_s']:.0f}", row.get("option_order", ""))
        table.add_row(name, *numbers, str(row.get("prompts", "")), str(row.get("mass", "")), told)
    Console(width=160).print(table)


if __name__ == "__main__":
    main()
