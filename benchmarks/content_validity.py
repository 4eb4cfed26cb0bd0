"""Content validity of the inventories that are shipped: blind judges, and the embedded model.

python benchmarks/content_validity.py [--runs FOLDER]

Judges' files stand in benchmarks/ratings: <instrument>.csv with columns judge, item, construct, and
for scenarios <instrument>-options.csv with item, option, rating. The embedded model sorts the items
through the engine, each under all balanced orders. Tables go to benchmarks/results.
"""

import argparse
import math
from pathlib import Path

import pandas as pd
from machine import keep, machine
from rich.console import Console
from rich.table import Table

import psychometrics as pm

RATINGS = Path(__file__).parent / "ratings"
LEVELS = {
    "big-five-60": "domain",
    "dark-triad-27": "domain",
    "self-regulation-21": "facet",
    "jungian-32": "domain",
    "trait-scenarios": "domain",
}


def by_model(instrument: pm.Instrument, level: str, runs: Path) -> pm.ContentValidity:
    """Let the embedded model sort the items."""
    task = pm.sorting_task(instrument, level)
    people = pm.respondents("smollm2-135m")
    run = pm.administer(task, people, out=runs / task.name, workers=2)
    return pm.content_validity(instrument, run.responses, level=level)


def main() -> None:
    """Judge every instrument and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=Path, default=Path("runs/sorting"))
    runs = parser.parse_args().runs
    table = Table("inventory", "judge", "items", "kappa", "95 % interval", "misplaced by judges")
    result: dict[str, object] = {"machine": machine()}
    for name, level in LEVELS.items():
        instrument = pm.load_instrument(name)
        judged = pm.content_validity(instrument, RATINGS / f"{name}.csv", level=level)
        model = by_model(instrument, level, runs)
        rows = [*judged.kappa, *model.kappa]
        misplaced = judged.misplaced["item"].tolist()
        for n, found in enumerate(rows):
            limits = f"{found.ci_low:.2f} to {found.ci_high:.2f}"
            limits = f"none: {found.note}" if math.isnan(found.ci_low) else limits
            told = ", ".join(misplaced) or "none"
            table.add_row(
                name if n == 0 else "", found.of, str(found.n), f"{found.value:.2f}", limits,
                told if n == 0 else "",
            )  # fmt: skip
        judged.table.to_csv(
            Path(__file__).parent / "results" / f"content-validity-{name}.csv", index=False
        )
        result[name] = {
            "level": level,
            "kappa": [
                {
                    "judge": e.of,
                    "value": e.value,
                    "n": e.n,
                    "note": e.note,
                    "low": None if math.isnan(e.ci_low) else e.ci_low,
                    "high": None if math.isnan(e.ci_high) else e.ci_high,
                }
                for e in rows
            ],
            "misplaced": misplaced,
        }
    scenarios = pm.load_instrument("trait-scenarios")
    ratings = pd.read_csv(RATINGS / "trait-scenarios-options.csv")
    check = pm.check_instrument(scenarios, ratings=ratings)
    result["options of trait-scenarios against ratings"] = {
        "findings": check.to_frame().to_dict("records"),
        "ratings": len(ratings),
    }
    keep("content-validity", result)
    Console(width=130).print(table)
    print(check)


if __name__ == "__main__":
    main()
