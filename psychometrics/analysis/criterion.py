"""Criterion and incremental validity, and correlations freed of unreliability."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from psychometrics._types import FloatArray
from psychometrics.analysis.as_item_table import Tabular, item_table
from psychometrics.analysis.clusters import noted, over_clusters, settle
from psychometrics.analysis.columns import columns, refuse_repetitions
from psychometrics.analysis.estimate import Estimate, estimate_from
from psychometrics.analysis.item_table import ItemTable
from psychometrics.analysis.verb import verb
from psychometrics.errors import DataError
from psychometrics.stats import incremental_validity as of_scores
from psychometrics.stats.arrays import check_level
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.item_covariance import correlation_from_covariance

_HANG = "Say which answers hang together: cluster='respondent'."


@verb
def criterion_validity(
    data: Tabular,
    score: str,
    criterion: str,
    *,
    cluster: str | None = None,
    conf_level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Estimate:
    """Correlate a score with a criterion.

    Parameters
    ----------
    data : DataFrame, Scores or ItemTable
        One row an independent unit, or a row of a cluster.
    score, criterion : str
        Columns.
    cluster : str, optional
        Column of a data frame that says which rows hang together. If score or criterion is the
        same in all rows of each cluster, rows are averaged within clusters, which are then the
        units; else clusters are resampled.
    conf_level : float
    n_resamples, seed : int
        Of the bootstrap of clusters.

    Returns
    -------
    Estimate
        Pearson's r with Fisher's z interval; rows without a value are left out.

    Raises
    ------
    DataError
        A column is not there or holds no numbers, or both are one.
    UnitError
        Answers of responses without ``cluster``.

    Examples
    --------
    >>> import pandas as pd
    >>> import psychometrics as pm
    >>> data = pd.DataFrame({"x": [1, 2, 3, 4, 5, 6.0], "y": [2, 1, 4, 3, 6, 5.0]})
    >>> pm.criterion_validity(data, "x", "y").value.__round__(3)
    0.829
    """
    check_level(conf_level)
    if score == criterion:
        raise DataError(f"Score and criterion are both {score!r}.", "Name different columns.")
    if isinstance(data, pd.DataFrame) and cluster is None:
        refuse_repetitions(data, _HANG)
    table = item_table(data, items=[score, criterion], cluster=cluster)
    table = replace(table, unit="units") if isinstance(data, pd.DataFrame) else table
    table = _averaged(table)
    x = table.values
    found = of_scores.criterion_validity(x[:, 0], x[:, 1], conf_level)
    found = over_clusters(
        table, found, lambda c: correlation_from_covariance(c)[:, 0, 1],
        n_resamples=n_resamples, seed=seed, listwise=True,
    )  # fmt: skip
    return estimate_from(
        found, n_unit=table.unit, of=f"{score} for {criterion}", source=table.source, table=table
    )


@verb
def incremental_validity(
    data: pd.DataFrame,
    criterion: str,
    base: Sequence[str],
    added: Sequence[str],
    *,
    cluster: str | None = None,
    conf_level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Estimate:
    """Estimate how much more of a criterion's variance is explained when scores are added.

    Parameters
    ----------
    data : DataFrame
        One row a unit.
    criterion : str
    base, added : sequence of str
        Columns: predictors that stand already, and those to be added.
    cluster : str, optional
        Column that says which rows hang together.
    conf_level : float
    n_resamples, seed : int
        Of the bootstrap.

    Returns
    -------
    Estimate
        Change of R², and the p of its F test, which is missing where rows hang together. The lower
        limit is zero unless the test (then the cluster-robust one) rejects.

    Raises
    ------
    DataError
        A column is not there, holds no numbers or is named twice.
    UnitError
        Answers of responses without ``cluster``.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(0)
    >>> data = pd.DataFrame(rng.normal(size=(100, 3)), columns=["y", "a", "b"])
    >>> data["y"] += data["a"] + data["b"]
    >>> bool(pm.incremental_validity(data, "y", ["a"], ["b"]).ci_low > 0)
    True
    """
    check_level(conf_level)
    names = [criterion, *base, *added]
    columns(data, names)
    if cluster is None:
        refuse_repetitions(data, _HANG)
    whole = item_table(data, items=names, cluster=cluster)
    x = whole.values
    complete = ~np.isnan(x).any(axis=1)
    kept = None if whole.clusters is None else tuple(np.array(whole.clusters)[complete])
    table = replace(
        whole, frame=whole.frame.iloc[np.flatnonzero(complete), :1], clusters=kept, unit="units"
    )
    found = _change(table, x[complete], len(base), conf_level, (n_resamples, seed))
    left = int((~complete).sum())
    return estimate_from(
        found, n_unit="units", of=f"{', '.join(added)} over {', '.join(base)}",
        note=f"{left} rows left out for missing values" if left else "",
    )  # fmt: skip


def _averaged(table: ItemTable) -> ItemTable:
    """Means of clusters, where one of the columns is the same in all rows of each."""
    if not table.is_clustered or table.n_clusters < 2:
        return table
    complete = table.frame.notna().all(axis=1).to_numpy()
    labels = np.array(table.clusters)[complete]
    groups = table.frame[complete].groupby(labels, sort=False)
    if not (groups.nunique() <= 1).all().any():
        return table
    return replace(table, frame=groups.mean(), clusters=None, unit="clusters (means of their rows)")


def _change(
    table: ItemTable, x: FloatArray, n_base: int, conf_level: float, drawing: tuple[int, int]
) -> Coefficient:
    """Change of R² from complete rows, settled for clusters."""
    if not len(x):
        return undefined("change of R²", "no complete row", conf_level=conf_level)
    resampled = table.is_clustered and table.n_clusters > 1
    labels = np.array(table.clusters) if resampled else None
    tested = of_scores.incremental_validity(
        x[:, 0], x[:, 1 : 1 + n_base], x[:, 1 + n_base :], conf_level,
        n_resamples=drawing[0], seed=drawing[1], clusters=labels,
    )  # fmt: skip
    found = replace(tested.change, p_value=np.nan if resampled else tested.p)
    if labels is None or np.isnan(found.value):
        return settle(table, found)
    if found.low > 0 and not robust_p(x, n_base, labels) < 1 - conf_level:
        found = noted(replace(found, low=0.0), "lower limit zero: the robust test does not reject")
    found = replace(found, note=found.note.replace("the F test", "no p: the F test"))
    return settle(table, found, resampled=True)


def robust_p(x: FloatArray, n_base: int, labels: NDArray[np.str_]) -> float:
    """Cluster-robust Wald test, as F with clusters − 1 degrees of freedom, of added predictors.

    Parameters
    ----------
    x : ndarray, shape (n, 1 + n_base + n_added)
        Criterion, base, added; complete.
    n_base : int
    labels : ndarray, shape (n,)

    Returns
    -------
    float
        NaN with as many added predictors as clusters.

    References
    ----------
    Liang, K.-Y., & Zeger, S. L. (1986). Longitudinal data analysis using generalized linear models.
    Biometrika, 73(1), 13–22. doi:10.1093/biomet/73.1.13

    Examples
    --------
    >>> x = np.random.default_rng(0).normal(size=(60, 3))
    >>> bool(0 < robust_p(x, 1, np.repeat(np.arange(12).astype(str), 5)) < 1)
    True
    """
    design = np.column_stack([np.ones(len(x)), x[:, 1:]])
    bread = np.linalg.pinv(design.T @ design)
    slopes = bread @ design.T @ x[:, 0]
    codes = np.unique(labels, return_inverse=True)[1]
    parts = np.zeros((codes.max() + 1, design.shape[1]))
    np.add.at(parts, codes, design * (x[:, 0] - design @ slopes)[:, None])
    (m, k), n, q = parts.shape, len(x), design.shape[1] - 1 - n_base
    if q >= m:
        return float("nan")
    covariance = m / (m - 1) * (n - 1) / (n - k) * bread @ parts.T @ parts @ bread
    last = slopes[-q:]
    wald = float(last @ np.linalg.pinv(covariance[-q:, -q:]) @ last)
    return float(special.fdtrc(q, m - 1, wald / q))
