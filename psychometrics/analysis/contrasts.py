"""Contrasts: known groups, and two respondents over the same items."""

from dataclasses import replace
from typing import Literal

import numpy as np
import pandas as pd

from psychometrics.analysis.as_item_table import Tabular, item_table
from psychometrics.analysis.clusters import noted, settle
from psychometrics.analysis.columns import columns, refuse_repetitions
from psychometrics.analysis.estimate import Estimate, estimate_from
from psychometrics.analysis.estimates import Estimates, estimates
from psychometrics.analysis.item_table import ItemTable
from psychometrics.analysis.verb import verb
from psychometrics.errors import DataError
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.mean_contrast import mean_contrast, unbiasing_factor
from psychometrics.stats.noncentral_t import detectable_noncentrality
from psychometrics.stats.paired_contrast import paired_contrast as over_pairs

COHEN = "Cohen (1988), Statistical Power Analysis for the Behavioral Sciences"
_AVERAGED = "rows averaged within clusters"
_DESIGN = "a property of the design: no interval"


@verb
def known_groups(
    data: pd.DataFrame,
    value: str,
    group: str,
    *,
    cluster: str | None = None,
    alpha: float = 0.05,
    power: float = 0.8,
    conf_level: float = 0.95,
) -> Estimates:
    """Contrast two groups that are known to differ in what a score is to measure.

    Parameters
    ----------
    data : DataFrame
        One row an independent unit, or a row of a cluster.
    value, group : str
        Columns with the score and with the group, of which there are two.
    cluster : str, optional
        Column that says which rows hang together: the respondent, the model. Rows are averaged
        within clusters that lie in one group each, and clusters are then the units; else there is
        no interval.
    alpha, power : float
        Of the smallest difference that could have been found.
    conf_level : float

    Returns
    -------
    Estimates
        First minus second, in the order in which they first stand: mean difference with Welch's
        interval and the p of its test; Cohen's d, Hedges' g, and Glass' delta by the second group;
        and the smallest mean difference that a t test finds with the stated power.

    Raises
    ------
    DataError
        A column is not there, or there are not two groups.
    UnitError
        Answers of responses without ``cluster``.

    References
    ----------
    Hedges, L. V. (1981). Distribution theory for Glass's estimator of effect size and related
    estimators. Journal of Educational Statistics, 6(2), 107–128. doi:10.3102/10769986006002107

    Examples
    --------
    >>> import pandas as pd
    >>> import psychometrics as pm
    >>> data = pd.DataFrame({"team": list("aaaabbbb"), "x": [5, 6, 7, 8, 3, 4, 5, 5.0]})
    >>> pm.known_groups(data, "x", "team")["d"]
    d (pooled SD) of a − b = 1.980 [0.166, 3.698], n = 8 units
    """
    rows = columns(data, [value], [group, *([cluster] if cluster else [])]).dropna(subset=[group])
    if cluster is None:
        refuse_repetitions(data, "Say which answers hang together: cluster='respondent'.")
    levels = list(dict.fromkeys(rows[group]))
    if len(levels) != 2:
        raise DataError(
            f"Column {group!r} has {len(levels)} groups; a contrast is between two.",
            "Take two of them, or use pm.pairwise_tests(data, …, between=…).",
        )
    rows, table, unit = _units(rows, value, group, cluster)
    first, second = (rows.loc[rows[group] == level, value] for level in levels)
    found = mean_contrast(first.to_numpy(), second.to_numpy(), conf_level)
    least = _detectable_groups(first.dropna(), second.dropna(), (alpha, power, conf_level))
    parts = [replace(found.difference, p_value=found.p), found.d, found.g, found.delta, least]
    if table is not None:
        parts = [_settled(table, part) for part in parts]
    elif unit == "clusters":
        parts = [replace(part, method=f"{part.method}; {_AVERAGED}") for part in parts]
    of = f"{levels[0]} − {levels[1]}"
    return Estimates(tuple(estimate_from(part, n_unit=unit, of=of) for part in parts))


@verb
def paired_contrast(
    first: Tabular,
    second: Tabular,
    *,
    by: Literal["scale"] | None = None,
    alpha: float = 0.05,
    power: float = 0.8,
    conf_level: float = 0.95,
) -> Estimates:
    """Contrast two respondents, or two revisions of one model, over the same items.

    Parameters
    ----------
    first, second : Responses, ItemTable or DataFrame
        One respondent each: ``run.responses.of("qwen")``. Each item's presentations are averaged
        first, so that an item counts once under however many orders it was put.
    by : {"scale"}, optional
        Each scale by itself; all items together if not given.
    alpha, power : float
        Of the smallest difference that could have been found.
    conf_level : float

    Returns
    -------
    Estimates
        For each set of items: mean difference of the keyed answers with Student's interval over
        items; d_z by the spread of the differences; d_av by that of the answers, and g_av, the same
        freed of its bias; and the smallest mean difference that the test finds with the stated
        power.

    Raises
    ------
    DataError
        Not one respondent each, no item in common, an unknown ``by``, or scores, whose scales are
        no items.

    Notes
    -----
    The interval speaks of other items of the same kind, for these two respondents. It says nothing
    of other models.

    References
    ----------
    Bonett, D. G. (2008). Confidence intervals for standardized linear contrasts of means.
    Psychological Methods, 13(2), 99–109. doi:10.1037/1082-989X.13.2.99

    Examples
    --------
    >>> import psychometrics as pm
    >>> models = [pm.scripted_model(t, name=str(t)) for t in (2.0, 4.0)]
    >>> run = pm.administer(pm.load_instrument("big-five-60"), pm.respondents(models), quiet=True)
    >>> pm.paired_contrast(run.responses.of("4.0"), run.responses.of("2.0"))[0].value.__round__(1)
    2.0
    """
    if by not in (None, "scale"):
        raise DataError(f"by={by!r} is unknown.", "Give by='scale' or leave it out.")
    one, other = _one_respondent(first), _one_respondent(second)
    shared = [c for c in one.frame.columns if c in other.frame.columns]
    if not shared:
        raise DataError("The two have no item in common.", "Give answers to the same instrument.")
    sets = {"": tuple(shared)}
    if by is not None and not one.scales:
        raise DataError(
            "by='scale' needs scales, and this table has none.",
            "Name them: pm.item_table(data, scales={'calm': ['c1', 'c2']}).",
        )
    if by is not None:
        sets = {
            name: tuple(item for item in items if item in shared)
            for name, items in one.scales.items()
        }
    of = f"{one.frame.index[0]} − {other.frame.index[0]}"
    parts = []
    for name, items in sets.items():
        x, y = (table.frame.loc[:, list(items)].iloc[0] for table in (one, other))
        label = f"{name}: {of}" if name else of
        parts.append(_pair(x.to_numpy(), y.to_numpy(), label, one, (alpha, power, conf_level)))
    return estimates(*parts)


def _units(
    rows: pd.DataFrame, value: str, group: str, cluster: str | None
) -> tuple[pd.DataFrame, ItemTable | None, str]:
    """Rows that count as units, what hangs together among them, and what they are."""
    if cluster is None or not rows[cluster].duplicated().any():
        return rows, None, "units"
    table = item_table(rows, items=[value], cluster=cluster)
    if (rows.groupby(cluster)[group].nunique() > 1).any():
        return rows, replace(table, unit="rows"), "rows"
    means = rows.groupby(cluster, sort=False, observed=True).agg({value: "mean", group: "first"})
    return means.reset_index(), None, "clusters"


def _settled(table: ItemTable, part: Coefficient) -> Coefficient:
    if part.name != "detectable difference" or table.n_clusters == 1:
        return settle(table, part)
    return noted(
        replace(part, value=np.nan, note=""), "it would take rows that hang together for units"
    )


def _detectable_groups(
    x: "pd.Series[float]", y: "pd.Series[float]", levels: tuple[float, float, float]
) -> Coefficient:
    alpha, power, conf_level = levels
    n, df = len(x) + len(y), len(x) + len(y) - 2
    method = f"two-sided t test, alpha {alpha:g}, power {power:g}, pooled spread as observed"
    if min(len(x), len(y)) < 2:
        return undefined(
            "detectable difference", "a group of one unit", n=n, conf_level=conf_level,
            method=method, reference=COHEN,
        )  # fmt: skip
    pooled = ((len(x) - 1) * x.var() + (len(y) - 1) * y.var()) / df
    error = float(np.sqrt(pooled * (1 / len(x) + 1 / len(y))))
    return Coefficient(
        "detectable difference", detectable_noncentrality(df, alpha, power) * error, np.nan, np.nan,
        conf_level, n, method, COHEN, note=_DESIGN,
    )  # fmt: skip


def _pair(
    x: np.ndarray, y: np.ndarray, of: str, table: ItemTable, levels: tuple[float, float, float]
) -> Estimates:
    alpha, power, conf_level = levels
    found = over_pairs(x, y, conf_level, alpha=alpha, power=power)
    detectable = Coefficient(
        "detectable difference", found.detectable, np.nan, np.nan, conf_level, found.difference.n,
        f"two-sided t test, alpha {alpha:g}, power {power:g}, spread of differences as observed",
        COHEN, note=found.difference.note or _DESIGN,
    )  # fmt: skip
    parts: list[Estimate] = [
        estimate_from(c, n_unit="items", of=of, source=table.source)
        for c in (found.difference, found.d_z, found.d_av, _corrected(found.d_av), detectable)
    ]
    return Estimates((replace(parts[0], p_value=found.p), *parts[1:]))


def _corrected(d_av: Coefficient) -> Coefficient:
    """Hedges' correction of d_av; the interval, which is of the same parameter, stays."""
    factor = unbiasing_factor(d_av.n - 1) if d_av.n > 2 else np.nan
    note = d_av.note or ("" if d_av.n > 2 else "two items: no unbiased estimate exists")
    return replace(d_av, name="g_av", value=d_av.value * factor, note=note)


def _one_respondent(data: Tabular) -> ItemTable:
    table = item_table(data)
    if len(table.frame) != 1:
        raise DataError(
            f"There are {len(table.frame)} respondents where one is to be contrasted.",
            "Take one: responses.of(name).",
        )
    if table.kind == "scores":
        raise DataError(
            "Scores of scales are no items: facets lie within their domains.",
            "Give the responses, responses.of(name), and by='scale' for each scale by itself.",
        )
    return table
