"""Rows that hang together: personas of one model are fewer than as many models."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from psychometrics._types import FloatArray
from psychometrics.analysis.item_table import ItemTable
from psychometrics.errors import DataError
from psychometrics.stats.arrays import complete_rows
from psychometrics.stats.bootstrap import bootstrap
from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.design_effect import design_effect, one_way_icc
from psychometrics.stats.resampled_covariances import resampled_covariances

# Below this the resamples of clusters are too few and too alike to say anything.
FEWEST = 5

FromCovariances = Callable[[FloatArray], FloatArray]


def settle(table: ItemTable, coefficient: Coefficient, *, resampled: bool = False) -> Coefficient:
    """Let an interval stand only if it takes rows that hang together as what they are.

    The one rule of all verbs. Rows that stand for themselves: unchanged. Of one cluster: the
    interval stands, and the note says what it speaks of. Of several: it stands if it was had by
    resampling five clusters or more; else interval, standard error and p are missing, with the
    reason. n counts rows; clusters and effective n stand in the note.

    Parameters
    ----------
    table : ItemTable
    coefficient : Coefficient
    resampled : bool
        Whether its interval comes from resampling clusters.
    """
    if not table.is_clustered:
        return coefficient
    found, told = replace(coefficient, n=rows_of(table, coefficient)), account(table)
    if table.n_clusters > 1 and not (resampled and table.n_clusters >= FEWEST):
        nan = float("nan")
        found = replace(found, low=nan, high=nan, se=nan, p_value=nan)
        told = f"{told}; {_why(table)}"
    return noted(found, told)


def resamples_clusters(table: ItemTable) -> bool:
    """Whether a bootstrap has to resample clusters: rows hang together in five or more of them."""
    return table.is_clustered and table.n_clusters >= FEWEST


def over_clusters(
    table: ItemTable,
    coefficient: Coefficient,
    from_covariances: FromCovariances | None,
    *,
    n_resamples: int = 2000,
    seed: int = 0,
    listwise: bool = False,
) -> Coefficient:
    """Replace an interval that takes rows for independent where they hang together.

    Parameters
    ----------
    table : ItemTable
    coefficient : Coefficient
        Computed from all rows; one without an interval gets none.
    from_covariances : callable or None
        The same coefficient from covariance matrices, shape (b, k, k) to (b,); None if the
        interval of the coefficient cannot be had from them.
    n_resamples, seed : int
        Of the bootstrap of clusters.
    listwise : bool
        Whether the coefficient rests on complete rows.

    Returns
    -------
    Coefficient
        With the percentile interval over resampled clusters, where :func:`settle` lets it stand.

    References
    ----------
    Davison, A. C., & Hinkley, D. V. (1997). Bootstrap Methods and their Application. Cambridge
    University Press. doi:10.1017/CBO9780511802843
    """
    wanted = not np.isnan(coefficient.low)
    if from_covariances is None or not wanted or not resamples_clusters(table):
        return settle(table, coefficient)
    rows, labels = table.values, np.array(table.clusters)
    if listwise:
        labels = labels[~np.isnan(rows).any(axis=1)]
        rows = complete_rows(rows)
    drawn = bootstrap(
        lambda weights: from_covariances(resampled_covariances(rows, weights)),
        len(rows), n_resamples, seed, clusters=labels, bca=False,
    )  # fmt: skip
    low, high = drawn.limits("percentile", coefficient.conf_level)
    method = f"percentile bootstrap of clusters ({n_resamples} resamples, seed {seed})"
    found = replace(
        coefficient, low=low, high=high, se=drawn.standard_error, p_value=float("nan"),
        method=f"{coefficient.method.split(';')[0]}; {method}",
        reference=f"{coefficient.reference.split(';')[0]}; 10.1017/CBO9780511802843",
    )  # fmt: skip
    return noted(settle(table, found, resampled=True), drawn.note)


def refuse_rows(table: ItemTable, interval: str, allowed: tuple[str, ...]) -> None:
    """Refuse an interval asked for by name that takes rows for independent where they are not.

    Raises
    ------
    DataError
        Rows hang together in several clusters, and the interval is none of those allowed.
    """
    if table.n_clusters > 1 and table.is_clustered and interval not in allowed:
        raise DataError(
            f"interval={interval!r} takes {table.unit} for independent, and they hang together in "
            f"{table.n_clusters} clusters.",
            "Leave it out: the interval then comes from resampling clusters.",
        )


def account(table: ItemTable) -> str:
    """Say how many rows hang together, and how many independent ones they equal.

    Returns
    -------
    str
        Empty where every row stands for itself.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"a": [1.0, 1.1, 3.0, 3.1]})
    >>> account(ItemTable(rows, clusters=("m", "m", "n", "n")))
    '4 respondents in 2 clusters, effective n 2.0'
    """
    n, clusters = len(table.frame), table.n_clusters
    if not table.is_clustered:
        return ""
    if clusters == 1:
        return f"{n} {table.unit} of one model: the interval speaks of its personas, not of models"
    return f"{n} {table.unit} in {clusters} clusters, effective n {effective_n(table):.1f}"


def effective_n(table: ItemTable) -> float:
    """Independent rows that say as much about a mean as the clustered ones.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"a": [1.0, 1.1, 3.0, 3.1]})
    >>> round(effective_n(ItemTable(rows, clusters=("m", "m", "n", "n"))), 1)
    2.0
    """
    if not table.is_clustered or table.clusters is None:
        return float(len(table.frame))
    means = table.frame.mean(axis=1).to_numpy(dtype=np.float64)
    known = ~np.isnan(means)
    labels = np.array(table.clusters)[known]
    if not len(labels):
        return 0.0
    icc = one_way_icc(means[known], labels).value
    sizes = np.unique(labels, return_counts=True)[1]
    return design_effect(0.0 if np.isnan(icc) else min(icc, 1.0), sizes).effective_n


def rows_of(table: ItemTable, coefficient: Coefficient) -> int:
    """Rows behind a coefficient whose n may count clusters."""
    return len(table.frame) if coefficient.n == table.n_clusters else coefficient.n


def noted(coefficient: Coefficient, note: str) -> Coefficient:
    """Add a sentence to the note of a coefficient."""
    return replace(coefficient, note="; ".join(filter(None, [coefficient.note, note])))


def _why(table: ItemTable) -> str:
    if table.n_clusters < FEWEST:
        return f"no interval: fewer than {FEWEST} clusters"
    return "no interval: this one would take rows for independent"
