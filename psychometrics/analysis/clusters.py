"""Rows that hang together: personas of one model are fewer than as many models."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from psychometrics._types import FloatArray
from psychometrics.analysis.item_table import ItemTable
from psychometrics.stats.bootstrap import bootstrap
from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.design_effect import design_effect, one_way_icc
from psychometrics.stats.resampled_covariances import resampled_covariances

# Below this the resamples of clusters are too few and too alike to say anything.
FEWEST = 5

FromCovariances = Callable[[FloatArray], FloatArray]


def over_clusters(
    table: ItemTable,
    coefficient: Coefficient,
    from_covariances: FromCovariances | None,
    *,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Coefficient:
    """Replace an interval that takes rows for independent where they hang together.

    Parameters
    ----------
    table : ItemTable
    coefficient : Coefficient
        Computed from all rows.
    from_covariances : callable or None
        The same coefficient from covariance matrices, shape (b, k, k) to (b,); None if the
        interval of the coefficient cannot be had from them.
    n_resamples, seed : int
        Of the bootstrap of clusters.

    Returns
    -------
    Coefficient
        Unchanged where every row stands for itself. With one cluster the interval stays, and the
        note says what it speaks of. With fewer than five there is none. Else it is the percentile
        interval over resampled clusters.

    References
    ----------
    Davison, A. C., & Hinkley, D. V. (1997). Bootstrap Methods and their Application. Cambridge
    University Press. doi:10.1017/CBO9780511802843
    """
    if not table.is_clustered or np.isnan(coefficient.value):
        return coefficient
    n, clusters, told = len(table.frame), table.n_clusters, account(table)
    if clusters == 1:
        return _noted(coefficient, told)
    if clusters < FEWEST or from_covariances is None:
        why = f"fewer than {FEWEST} clusters" if clusters < FEWEST else "no interval over clusters"
        lost = replace(coefficient, low=np.nan, high=np.nan, se=np.nan)
        return _noted(lost, f"{told}; no interval: {why}")
    drawn = bootstrap(
        lambda weights: from_covariances(resampled_covariances(table.values, weights)),
        n, n_resamples, seed, clusters=table.clusters, bca=False,
    )  # fmt: skip
    low, high = drawn.limits("percentile", coefficient.conf_level)
    method = f"percentile bootstrap of clusters ({n_resamples} resamples, seed {seed})"
    found = replace(
        coefficient, low=low, high=high, se=drawn.standard_error,
        method=f"{coefficient.method.split(';')[0]}; {method}",
        reference=f"{coefficient.reference.split(';')[0]}; 10.1017/CBO9780511802843",
    )  # fmt: skip
    return _noted(found, "; ".join(filter(None, [told, drawn.note])))


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
    icc = one_way_icc(means[known], labels).value
    sizes = np.unique(labels, return_counts=True)[1]
    return design_effect(0.0 if np.isnan(icc) else min(icc, 1.0), sizes).effective_n


def _noted(coefficient: Coefficient, note: str) -> Coefficient:
    return replace(coefficient, note="; ".join(filter(None, [coefficient.note, note])))
