"""Criterion and incremental validity, and correlations freed of unreliability."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from psychometrics.analysis.as_item_table import item_table
from psychometrics.analysis.estimate import Estimate, estimate_from
from psychometrics.stats import incremental_validity as of_scores


def criterion_validity(
    data: pd.DataFrame, score: str, criterion: str, *, conf_level: float = 0.95
) -> Estimate:
    """Correlate a score with a criterion.

    Parameters
    ----------
    data : DataFrame
        One row an independent unit.
    score, criterion : str
        Columns.
    conf_level : float

    Returns
    -------
    Estimate
        Pearson's r with Fisher's z interval; rows without a value are left out.

    Raises
    ------
    DataError
        A column is not there or holds no numbers.

    Examples
    --------
    >>> import pandas as pd
    >>> import psychometrics as pm
    >>> data = pd.DataFrame({"x": [1, 2, 3, 4, 5, 6.0], "y": [2, 1, 4, 3, 6, 5.0]})
    >>> pm.criterion_validity(data, "x", "y").value.__round__(3)
    0.829
    """
    table = item_table(data, items=[score, criterion])
    x = table.values
    found = of_scores.criterion_validity(x[:, 0], x[:, 1], conf_level)
    return estimate_from(found, n_unit="units", of=f"{score} for {criterion}", table=table)


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
        Change of R², and the p of its F test.

    Raises
    ------
    DataError
        A column is not there or holds no numbers.

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
    table = item_table(data, items=[criterion, *base, *added], cluster=cluster)
    x = table.values
    complete = ~np.isnan(x).any(axis=1)
    labels = None if table.clusters is None else np.array(table.clusters)[complete]
    parts = (x[complete, 0], x[complete, 1 : 1 + len(base)], x[complete, 1 + len(base) :])
    found = of_scores.incremental_validity(
        *parts, conf_level, n_resamples=n_resamples, seed=seed, clusters=labels
    )
    left = int((~complete).sum())
    estimate = estimate_from(
        found.change, n_unit="units", of=f"{', '.join(added)} over {', '.join(base)}",
        note=f"{left} rows left out for missing values" if left else "",
    )  # fmt: skip
    return replace(estimate, p_value=found.p)
