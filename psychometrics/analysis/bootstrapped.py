"""An interval for any statistic of a table of answers."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from psychometrics.analysis.as_item_table import Tabular
from psychometrics.analysis.by_scale import respondents_table
from psychometrics.analysis.clusters import resamples_clusters, settle
from psychometrics.analysis.estimate import Estimate, estimate_from
from psychometrics.analysis.verb import verb
from psychometrics.errors import DataError
from psychometrics.stats import bootstrap as resampling

KINDS = ("bca", "percentile")


@verb
def bootstrap(
    data: Tabular,
    statistic: Callable[[pd.DataFrame], float],
    *,
    name: str = "statistic",
    strata: Sequence[object] | None = None,
    kind: str = "bca",
    conf_level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Estimate:
    """Bootstrap a statistic of the respondents, or of their models where they hang together.

    Parameters
    ----------
    data : Responses, Scores, ItemTable, DataFrame or ndarray
        One row a respondent; its clusters are resampled and left out whole.
    statistic : callable
        From a data frame of some rows of the table, keyed, to a number; called once a resample.
    name : str
        What it is.
    strata : sequence, optional
        Label of each row; rows are resampled within strata.
    kind : {"bca", "percentile"}
    conf_level : float
    n_resamples, seed : int

    Returns
    -------
    Estimate
        The note says how many units there are where they are few.

    Raises
    ------
    UnitError
        One respondent.
    DataError
        Unknown kind, or strata that do not fit.

    References
    ----------
    Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical
    Association, 82(397), 171–185. doi:10.1080/01621459.1987.10478410

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> x = np.random.default_rng(0).normal(size=(60, 3))
    >>> found = pm.bootstrap(x, lambda rows: rows.mean(axis=None), name="mean", n_resamples=500)
    >>> found.ci_low < found.value < found.ci_high
    True
    """
    if kind not in KINDS:
        raise DataError(f"kind={kind!r} is unknown.", f"Give one of {', '.join(KINDS)}.")
    table = respondents_table(data, "A bootstrap")
    frame = table.frame

    def of_rows(rows: np.ndarray) -> float:
        return float(statistic(frame.iloc[rows]))

    resampled = resamples_clusters(table)
    drawn = resampling.bootstrap(
        resampling.of_indices(of_rows, len(frame)), len(frame), n_resamples, seed,
        clusters=table.clusters if resampled else None,
        strata=None if strata is None else np.array(strata), bca=kind == "bca",
    )  # fmt: skip
    found = drawn.coefficient(name, kind=kind, conf_level=conf_level)
    return estimate_from(
        settle(table, found, resampled=resampled), n_unit=table.unit, source=table.source
    )
