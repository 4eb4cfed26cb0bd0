"""icc.json: six intraclass correlations with R's F interval; mean squares suffice."""

from collections.abc import Iterator

import numpy as np
from reference_comparison import CLOSED, LME4, Comparison, Tolerance, listed, named
from reference_sources import Moments, Rows

from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.facet_cells import gather_cells
from psychometrics.stats.facet_design import parse_design
from psychometrics.stats.intraclass_correlation import all_intraclass_correlations
from psychometrics.stats.mean_squares import MeanSquares, mean_squares

FORMS = ("ICC1", "ICC2", "ICC3", "ICC1k", "ICC2k", "ICC3k")


def comparisons(source: Rows | Moments) -> Iterator[Comparison]:
    """Yield the comparisons that the data allow."""
    for name in ("shrout_fleiss", "bfi_neuroticism_first100"):
        x = source.table(name)
        found, squares = all_intraclass_correlations(x, interval="f"), _mean_squares(x)
        for part, tolerance in (("anova", CLOSED), ("lmer", LME4)):
            yield from _forms(f"icc/{name}/icc/{part}", f"{name}, {part}", found, tolerance)
            yield from _tests(f"icc/{name}/icc/{part}", f"{name}, {part}", squares, tolerance)
        yield from _analysis_of_variance(f"icc/{name}/icc/summary", name, squares)
    yield from _irr(source.table("shrout_fleiss"))


def _mean_squares(x: np.ndarray) -> MeanSquares:
    unit, rater = (index.ravel() for index in np.indices(x.shape))
    codes = {"unit": unit, "rater": rater}
    return mean_squares(gather_cells(x.ravel(), codes, parse_design("unit x rater")))


def _f(squares: MeanSquares) -> dict[str, tuple[float, float, float]]:
    """F of the units and its degrees of freedom, one-way and two-way."""
    (units, raters, rest), (df, df_raters, df_rest) = squares.mean_squares, squares.df
    df_within = df_raters + df_rest
    within = (raters * df_raters + rest * df_rest) / df_within
    return {"one": (units / within, df, df_within), "two": (units / rest, df, df_rest)}


def _forms(
    path: str, label: str, found: tuple[Coefficient, ...], tolerance: Tolerance
) -> Iterator[Comparison]:
    columns = {
        "ICC": [c.value for c in found],
        "lower bound": [c.low for c in found],
        "upper bound": [c.high for c in found],
    }
    for column, values in columns.items():
        yield from listed(f"{path}/{column}", f"{label}: {column}", values, tolerance, of=FORMS)


def _tests(
    path: str, label: str, squares: MeanSquares, tolerance: Tolerance
) -> Iterator[Comparison]:
    one, two = _f(squares).values()
    for i, column in enumerate(("F", "df1", "df2")):
        values = [one[i], two[i], two[i]] * 2
        yield from listed(f"{path}/{column}", f"{label}: {column}", values, tolerance, of=FORMS)


def _analysis_of_variance(path: str, name: str, squares: MeanSquares) -> Iterator[Comparison]:
    """R's summary, flattened by columns and folded into five rows: df, sums, mean squares, F, p."""
    ms, df = squares.mean_squares, squares.df
    flat = [*df, *(ms * df), *ms, *(ms[:2] / ms[2])]
    labels = [f"{what} {of}" for what in ("df", "sum of squares", "mean square")
              for of in ("units", "raters", "rest")] + ["F units", "F raters"]  # fmt: skip
    for i, (value, label) in enumerate(zip(flat, labels, strict=True)):
        where = f"{path}/V{i // 5 + 1}/{i % 5}"
        yield Comparison(where, f"{name}, analysis of variance: {label}", float(value), CLOSED)


def _irr(x: np.ndarray) -> Iterator[Comparison]:
    found = dict(zip(FORMS, all_intraclass_correlations(x, interval="f"), strict=True))
    tests = _f(_mean_squares(x))
    order = ("ICC1", "ICC3", "ICC1", "ICC2", "ICC1k", "ICC3k", "ICC1k", "ICC2k")
    for i, form in enumerate(order):
        c = found[form]
        f, df1, df2 = tests["one" if form.startswith("ICC1") else "two"]
        values = {"value": c.value, "F": f, "df1": df1}
        if not form.startswith("ICC2"):
            values["df2"] = df2
        if form != "ICC2k":
            values |= {"lower": c.low, "upper": c.high}
        yield from named(f"icc/irr_icc/{i}", f"irr, {form}", values, CLOSED)
