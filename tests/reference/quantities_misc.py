"""misc.json: tests and intervals of correlations, location and spread."""

from collections.abc import Iterator

import numpy as np
from reference_comparison import CLOSED, Comparison, listed, named
from reference_layout import crossed
from reference_sources import SEED, Moments, Rows

from psychometrics.stats.correlation import pearson, spearman
from psychometrics.stats.decision_study import decision_grid
from psychometrics.stats.dependent_correlations import (
    independent_difference,
    overlapping_difference,
)
from psychometrics.stats.item_statistics import item_statistics
from psychometrics.stats.mean_interval import mean_interval
from psychometrics.stats.variance_components import variance_components


def comparisons(source: Rows | Moments) -> Iterator[Comparison]:
    """Yield the comparisons that the data allow."""
    test = independent_difference(0.5, 2436, 0.4, 2000)
    values = {"z": test.statistic, "p": test.p}
    yield from named("misc/r_test_independent", "r .5 and .4 of two groups", values, CLOSED)
    test = overlapping_difference(0.4, 0.5, 0.1, 103)
    values = {"t": test.statistic, "p": test.p}
    yield from named("misc/r_test_williams", "r .4 and .5 of one group", values, CLOSED)
    yield from _two_items(source)
    yield from _spearman_brown()
    if isinstance(source, Rows):
        yield from _describe(source)


def _two_items(source: Rows | Moments) -> Iterator[Comparison]:
    neurotic = source.scale("neuroticism", complete=True)
    found = pearson(neurotic[:, 0], neurotic[:, 1])
    base = "misc/fisher_ci_N1_N2"
    yield from named(base, "N1 with N2", {"r": found.value, "n": found.n}, CLOSED)
    limits = (found.low, found.high)
    yield from listed(f"{base}/ci", "N1 with N2: Fisher", limits, CLOSED, of=("lower", "upper"))
    counts = source.counts("N1 by N2").astype(int)
    first, second = (np.repeat(axis.ravel(), counts.ravel()) for axis in np.indices(counts.shape))
    value = spearman(first, second).value
    yield Comparison("misc/spearman", "N1 with N2: Spearman", value, CLOSED)


def _spearman_brown() -> Iterator[Comparison]:
    """A reliability of .6 of one condition, carried to others by a decision study."""
    layout = crossed("unit condition", (30, 4))
    df = layout.degrees_of_freedom()
    mean_squares = {"unit": 4 * 0.6 + 0.4, "condition": 1.0, "unit:condition": 0.4}
    squares = {effect: ms * df[effect] for effect, ms in mean_squares.items()}
    table = layout.simulated(0.0, squares, SEED)
    unit, condition = (index.ravel() for index in np.indices(table.shape))
    codes = {"unit": unit, "condition": condition}
    components = variance_components(table.ravel(), codes, "unit x condition")
    times = (0.5, 2, 3)
    values = decision_grid(components, "unit", {"condition": times}).relative
    label = "Spearman-Brown of .6 as a decision study"
    of = [f"{k:g} times" for k in times]
    yield from listed("misc/spearman_brown/value", label, values, CLOSED, of=of)


def _describe(source: Rows) -> Iterator[Comparison]:
    frame = source.frame("bfi")
    x = frame.to_numpy(dtype=float)
    found = item_statistics(x)
    columns = {
        "n": found.n,
        "mean": found.mean,
        "sd": found.sd,
        "se": [mean_interval(column).standard_error for column in x.T],
    }
    for column, values in columns.items():
        yield from listed(
            f"misc/describe/{column}", f"bfi: {column}", values, CLOSED, of=frame.columns,
            needs_rows=True,
        )  # fmt: skip
