"""The coefficients against psych and lme4: processor seconds, in one run, on the same tables.

Data are simulated with a fixed seed into a temporary folder that both sides read. Counted is the
computation alone, that of child processes included: neither start-up nor reading, one thread each.
Medians of several runs, but for those of R that take longer than half a minute. The ratio is that
of the fastest peer to the public function. Without R, or without one of its packages, the peers are
left out with a line that says so.

    apt-get install r-base-core r-cran-psych r-cran-lme4 r-cran-jsonlite
    python benchmarks/statistics/compare.py [--without-lme4]
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import pandas as pd
from machine import keep

import psychometrics as pm
from psychometrics.stats.alpha import alpha
from psychometrics.stats.facet_cells import gather_cells
from psychometrics.stats.facet_design import parse_design
from psychometrics.stats.intraclass_correlation import all_intraclass_correlations
from psychometrics.stats.reml_equations import BlockEquations

SEED = 20261125
RUNS = 7
PACKAGES = ("psych", "lme4", "jsonlite")
DESIGN = "person x item x occasion"
FACETS = ("person", "item", "occasion")
# In the order of the design's terms.
COMPONENTS = (0.35, 0.10, 0.02, 0.15, 0.08, 0.02, 0.28)
# lme4's names of the same terms.
GROUPS = (
    "person", "item", "occasion", "person:item", "person:occasion", "item:occasion", "Residual"
)  # fmt: skip
SHAPES = {"balanced": (500, 20, 10), "unbalanced": (500, 20, 10), "more": (500, 25, 10)}
MISSING = {"balanced": 0.0, "unbalanced": 0.2, "more": 0.2}
N, K = 2436, 5


@dataclass(frozen=True)
class Task:
    """One row of the table.

    Parameters
    ----------
    task : str
    ours_s : float
        Median of processor seconds of the public function, data frame in.
    arrays_s : float
        Of the function of arrays beneath it.
    peers : dict of str to float
        Processor seconds of each peer.
    reach : str
    reached : bool or None
        None where the peer that it asks for was not run.
    agreement : dict of str to float or str
    """

    task: str
    ours_s: float
    arrays_s: float
    peers: dict[str, float]
    reach: str
    reached: bool | None
    agreement: dict[str, object] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """Times the public function, of the fastest peer."""
        return min(self.peers.values()) / self.ours_s if self.peers else None


def simulate(folder: Path) -> None:
    """Write the tables that both sides read."""
    rng = np.random.default_rng(SEED)
    latent = rng.normal(size=(N, 1)) + 1.2 * rng.normal(size=(N, K))
    answers = np.clip(np.round(3.5 + latent), 1, 6)
    pd.DataFrame(answers, columns=[f"item{i + 1}" for i in range(K)]).to_csv(
        folder / "items.csv", index=False
    )
    for name, shape in SHAPES.items():
        crossed(rng, shape, MISSING[name]).to_csv(folder / f"{name}.csv", index=False)


def crossed(rng: np.random.Generator, shape: tuple[int, ...], missing: float) -> pd.DataFrame:
    """Person × item × occasion with normal effects, an exact share of the rows left out."""
    y = np.zeros(shape)
    for effect, variance in zip(parse_design(DESIGN).effects, COMPONENTS, strict=True):
        levels = [k if facet in effect else 1 for facet, k in zip(FACETS, shape, strict=True)]
        y = y + np.sqrt(variance) * rng.normal(size=levels)
    frame = pd.DataFrame(dict(zip(FACETS, np.indices(shape).reshape(3, -1), strict=True)))
    frame["value"] = y.ravel()
    kept = np.sort(rng.permutation(len(frame))[round(missing * len(frame)) :])
    return frame.iloc[kept].reset_index(drop=True)


def median_seconds(compute: Callable[[], object], runs: int = RUNS) -> float:
    """Median processor seconds of a computation, after one that is not counted.

    A computation shorter than the clock can see is repeated within each run.
    """
    start = time.process_time()
    compute()
    once = time.process_time() - start
    repeats = max(1, round(0.02 / max(once, 1e-5)))
    spent = []
    for _ in range(runs):
        start = time.process_time()
        for _ in range(repeats):
            compute()
        spent.append((time.process_time() - start) / repeats)
    return statistics.median(spent)


def peers(folder: Path, lme4: bool = True) -> tuple[dict[str, dict[str, object]], str]:
    """What R takes for each task, or why it was not run."""
    script = Path(__file__).parent / "peers.R"
    if shutil.which("Rscript") is None:
        return {}, "Rscript is not installed: psych and lme4 are left out."
    for package in PACKAGES:
        asked = ["Rscript", "-e", f"quit(status = !requireNamespace('{package}', quietly = TRUE))"]
        if subprocess.run(asked, capture_output=True).returncode:
            return {}, f"R's package {package} is not installed: psych and lme4 are left out."
    command = ["Rscript", str(script), str(folder), *([] if lme4 else ["without-lme4"])]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"peers.R failed:\n{done.stderr[-3000:]}")
    rows = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return {row["task"]: row for row in rows}, ""


def seconds(found: dict[str, dict[str, object]], task: str) -> dict[str, float]:
    """Of each peer that did the task."""
    return {
        f"{row['package']}{name.removeprefix(task).split(' (')[0]}": float(row["cpu_s"])
        for name, row in found.items()
        if name == task or name.startswith(f"{task}, ")
    }


def of_alpha(folder: Path, found: dict[str, dict[str, object]]) -> Task:
    """2,000 resamples; ours with BCa limits, the jackknife included."""
    frame = pd.read_csv(folder / "items.csv")
    x = frame.to_numpy(dtype=float)
    ours = median_seconds(lambda: pm.alpha(frame, interval="bootstrap"))
    there = seconds(found, "alpha")
    agreement: dict[str, object] = {}
    if there:
        theirs, percentile = found["alpha"]["value"], alpha(x, interval="percentile")
        agreement = {
            "alpha, difference": abs(theirs["value"] - percentile.value),
            "percentile limits, difference": max(
                abs(theirs["limits"][0] - percentile.low),
                abs(theirs["limits"][1] - percentile.high),
            ),
        }
    return Task(
        f"alpha, 2,000 bootstrap resamples of {N:,} x {K}",
        ours, median_seconds(lambda: alpha(x, interval="bootstrap")), there,
        "20 x psych", _times(there, ours, 20), agreement,
    )  # fmt: skip


def of_icc(folder: Path, found: dict[str, dict[str, object]]) -> Task:
    """Six forms with their intervals."""
    frame = pd.read_csv(folder / "items.csv")
    x = frame.to_numpy(dtype=float)
    values = np.array([c.value for c in all_intraclass_correlations(x)])
    ours = median_seconds(lambda: pm.icc(frame))
    there = seconds(found, "icc")
    agreement = {
        f"six forms, largest difference ({name.removeprefix('icc, ').split(' (')[0]})": float(
            np.abs(values - row["value"]["forms"]).max()
        )
        for name, row in found.items()
        if name.startswith("icc")
    }
    return Task(
        f"six intraclass correlations of {N:,} x {K}",
        ours, median_seconds(lambda: all_intraclass_correlations(x)), there,
        "100 x psych", _times(there, ours, 100), agreement,
    )  # fmt: skip


def of_gstudy(folder: Path, found: dict[str, dict[str, object]], name: str, limit: float) -> Task:
    """Components, G and Φ with their intervals; the criterion of both sides."""
    from psychometrics.stats.generalizability import generalizability
    from psychometrics.stats.variance_components import variance_components

    frame = pd.read_csv(folder / f"{name}.csv")
    y, codes = frame["value"].to_numpy(), {f: frame[f].to_numpy() for f in FACETS}

    def of_frame() -> object:
        study = pm.gstudy(frame, DESIGN, value="value")
        return study.relative, study.absolute

    ours = median_seconds(of_frame)
    components = variance_components(y, codes, DESIGN)
    arrays = median_seconds(
        lambda: generalizability(variance_components(y, codes, DESIGN), "person")
    )
    agreement = _criteria(y, codes, components.values, found.get(name))
    shape = " x ".join(str(k) for k in SHAPES[name])
    gaps = f", {MISSING[name]:.0%} missing: {len(frame):,} left" if MISSING[name] else ""
    return Task(
        f"G study p x i x o, {np.prod(SHAPES[name]):,} rows ({shape}){gaps}",
        ours, arrays, seconds(found, name), f"{limit:g} s", ours < limit, agreement,
    )  # fmt: skip


def _criteria(
    y: np.ndarray,
    codes: dict[str, np.ndarray],
    values: np.ndarray,
    theirs: dict[str, object] | None,
) -> dict[str, object]:
    """Minus twice the restricted log-likelihood at both sides' components: less is better."""
    design = parse_design(DESIGN)
    cells = gather_cells(y, codes, design)
    criterion = BlockEquations(cells, design.effects[:-1]).criterion
    found: dict[str, object] = {"REML criterion, ours": float(criterion(values[:-1] / values[-1]))}
    if theirs:
        told = theirs["value"]
        lme4 = np.array([told["components"][group] for group in GROUPS])
        found |= {
            "REML criterion, lme4": told["criterion"],
            "ours less lme4's": found["REML criterion, ours"] - told["criterion"],
            "our criterion at lme4's components": float(criterion(lme4[:-1] / lme4[-1])),
            "components, largest relative difference": float(np.abs(values / lme4 - 1).max()),
            "lme4 says": told["message"],
        }
    return found


def _times(there: dict[str, float], ours: float, wanted: float) -> bool | None:
    """Whether the fastest peer takes so many times longer."""
    return min(there.values()) / ours >= wanted if there else None


def show(tasks: list[Task]) -> None:
    """Print the table, and below it how far the values agree."""
    from rich.console import Console
    from rich.table import Table

    table = Table("task", "ours, s", "arrays in, s", "peers, s", "ratio", "reach", "reached")
    for task in tasks:
        ratio = "-" if task.ratio is None else f"{task.ratio:,.0f}"
        reached = {True: "yes", False: "NO", None: "not run"}[task.reached]
        theirs = "\n".join(f"{name}: {s:.2f}" for name, s in task.peers.items()) or "-"
        ours, arrays = f"{task.ours_s:.5f}", f"{task.arrays_s:.5f}"
        table.add_row(task.task, ours, arrays, theirs, ratio, task.reach, reached)
    console = Console(width=160)
    console.print(table)
    for task in tasks:
        console.print(task.task)
        for name, value in task.agreement.items():
            shown = f"{value:.6f}" if "criterion" in name else value
            shown = f"{value:.2g}" if "differ" in name or "less" in name else shown
            console.print(f"  {name}: {shown}")


def measure(folder: Path, found: dict[str, dict[str, object]]) -> list[Task]:
    """All tasks on the tables of a folder."""
    return [
        of_alpha(folder, found),
        of_icc(folder, found),
        of_gstudy(folder, found, "balanced", 0.1),
        of_gstudy(folder, found, "unbalanced", 10),
        of_gstudy(folder, found, "more", 10),
    ]


def main() -> None:
    """Run everything and keep the result."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--without-lme4", action="store_true", help="it takes minutes")
    call = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        simulate(folder)
        found, left_out = peers(folder, lme4=not call.without_lme4)
        if left_out:
            print(left_out, flush=True)
        tasks = measure(folder, found)
    show(tasks)
    rows = [asdict(task) | {"ratio": task.ratio} for task in tasks]
    setting = f"seed {SEED}; processor seconds, one thread; ours: median of {RUNS} runs"
    keep("statistics", {"setting": setting, "left_out": left_out, "tasks": rows})


if __name__ == "__main__":
    main()
