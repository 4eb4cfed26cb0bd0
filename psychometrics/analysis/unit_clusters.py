"""Units that hang together in an agreement: the items of one respondent are no 60 units more."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np
import pandas as pd
from scipy import special

from psychometrics._types import FloatArray, IntArray
from psychometrics.analysis.clusters import FEWEST, settle
from psychometrics.analysis.item_table import ItemTable
from psychometrics.errors import DataError
from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.jackknife import Jackknife
from psychometrics.stats.ratings import join, kappa_limits
from psychometrics.stats.resampling import evaluate, leave_out_blocks, unit_codes

Labels = tuple[str, ...]
Cluster = str | Sequence[object] | None

# Index levels that are clusters if nothing else is said, the widest first.
LEVELS = ("respondent", "item")
TUKEY = "Tukey (1958), Annals of Mathematical Statistics 29, 614"


def clusters_of(ratings: object, cluster: Cluster, n: int) -> Labels | None:
    """Find what each unit belongs to.

    Parameters
    ----------
    ratings : DataFrame, Series or array_like
        One row a unit; the index may name what units hang together.
    cluster : str, sequence or None
        Name of a level of the index, or one label a unit. If not given: respondents where several
        stand in several rows each, else items where these do.
    n : int
        Units.

    Returns
    -------
    tuple of str or None
        None where every unit stands for itself.

    Raises
    ------
    DataError
        There is no such level, or not one label a unit.

    Examples
    --------
    >>> index = pd.MultiIndex.from_product([["p", "q"], [1, 2]], names=["respondent", "item"])
    >>> clusters_of(pd.DataFrame({"a": range(4)}, index=index), None, 4)
    ('p', 'p', 'q', 'q')
    """
    index = ratings.index if isinstance(ratings, pd.DataFrame | pd.Series) else pd.RangeIndex(n)
    if cluster is None:
        own = [index.get_level_values(name) for name in LEVELS if name in index.names]
        hanging = (labels for labels in own if 1 < labels.nunique() < n)
        found = next(hanging, None)
        return None if found is None else tuple(found.astype(str))
    if isinstance(cluster, str):
        if cluster not in index.names:
            known = ", ".join(repr(name) for name in index.names if name is not None) or "none"
            raise DataError(
                f"The index of these units has no level {cluster!r} (there are: {known}).",
                "Name it in rating_table(…, unit=[…]), or give cluster= one label a unit.",
            )
        cluster = list(index.get_level_values(cluster))
    labels = pd.Series(list(cluster), dtype=object)
    if len(labels) != n or labels.isna().any():
        raise DataError(
            f"There are {labels.notna().sum()} labels of clusters for {n} units.",
            "Give one label a unit.",
        )
    return tuple(labels.astype(str))


def over_clusters(
    found: Sequence[Coefficient],
    clusters: Labels | None,
    agreed: FloatArray,
    values: Callable[[IntArray], Sequence[float]],
    *,
    fisher: bool = True,
) -> list[Coefficient]:
    """Replace intervals that take units for independent by a jackknife over clusters.

    Parameters
    ----------
    found : sequence of Coefficient
        From all units.
    clusters : tuple of str or None
        From :func:`clusters_of`.
    agreed : ndarray, shape (n_units,)
        What units are alike in, for the effective n: their agreement or difference.
    values : callable
        From numbers of units to the values of the same coefficients.
    fisher : bool
        Student's t on the scale of Fisher's transformation, or as it is.

    Returns
    -------
    list of Coefficient
        Settled by :func:`psychometrics.analysis.clusters.settle`; p is missing.
    """
    table = table_of(agreed, clusters)
    if not table.is_clustered:
        return list(found)
    if table.n_clusters == 1:
        return [settle(table, one) for one in found]
    left_out = _without_each(clusters, values, len(agreed)) if table.n_clusters >= FEWEST else []
    settled = []
    for place, one in enumerate(found):
        if left_out and not np.isnan(one.value) and not np.isnan(one.low):
            one = _jackknifed(one, left_out[place], fisher)
        settled.append(settle(table, replace(one, p_value=np.nan), resampled=bool(left_out)))
    return settled


def table_of(agreed: FloatArray, clusters: Labels | None) -> ItemTable:
    """Lay out what units are alike in, and what they belong to."""
    return ItemTable(pd.DataFrame({"agreed": agreed}), clusters=clusters, unit="units")


def _without_each(
    clusters: Labels | None, values: Callable[[IntArray], Sequence[float]], n: int
) -> list[Jackknife]:
    codes, m = unit_codes(n, clusters)
    all_units = np.arange(n)

    def rows(weights: FloatArray) -> FloatArray:
        return np.array([values(all_units[kept > 0]) for kept in weights], dtype=np.float64)

    whole = evaluate(rows, [np.ones((1, n))])[0]
    each = evaluate(rows, leave_out_blocks(codes, m))
    return [
        Jackknife(float(v), column, m, "cluster") for v, column in zip(whole, each.T, strict=True)
    ]


def _jackknifed(one: Coefficient, left_out: Jackknife, fisher: bool) -> Coefficient:
    se, m = left_out.standard_error, left_out.n_units
    if np.isnan(se):
        return replace(one, low=np.nan, high=np.nan, se=np.nan,
                       note=join(one.note, f"no interval: {left_out.note}"))  # fmt: skip
    if fisher:
        low, high, why = kappa_limits(one.value, se, m, one.conf_level, "fisher")
        scale = "t on Fisher's scale"
    else:
        half = float(special.stdtrit(m - 1, (1 + one.conf_level) / 2)) * se
        low, high, why, scale = one.value - half, one.value + half, "", "Student's t"
    # Behind a semicolon, or alone, a method tells of the interval that is replaced here.
    value_method = one.method.rpartition("; ")[0]
    return replace(
        one, low=low, high=high, se=se, note=join(one.note, why),
        method=join(value_method, f"jackknife over {m} clusters, {scale}"),
        reference="; ".join(dict.fromkeys(chain(one.reference.split("; "), [TUKEY]))),
    )  # fmt: skip
