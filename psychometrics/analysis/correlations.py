"""Correlations of all pairs of columns."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from psychometrics._types import FloatArray
from psychometrics.analysis.as_item_table import Tabular
from psychometrics.analysis.by_scale import respondents_table
from psychometrics.analysis.clusters import account, resamples_clusters, settle
from psychometrics.analysis.estimate import Estimate, estimate_from
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.item_table import ItemTable
from psychometrics.analysis.verb import verb
from psychometrics.errors import DataError
from psychometrics.stats.bootstrap import bootstrap_many
from psychometrics.stats.correlation import CorrelationMatrix, correlation_matrix
from psychometrics.stats.item_covariance import correlation_from_covariance
from psychometrics.stats.resampled_covariances import resampled_covariances

KINDS = ("pearson", "spearman")
RESAMPLED = "percentile bootstrap of clusters"


@dataclass(frozen=True)
class Correlations:
    """Correlations of columns, each pair over the rows that have both.

    Parameters
    ----------
    names : tuple of str
        Of the columns.
    matrix : CorrelationMatrix
        Values, intervals and n, each of shape (k, k).
    table : ItemTable
        The answers or scores behind them.

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> x = np.random.default_rng(0).normal(size=(50, 3))
    >>> pm.correlations(x)
    <Correlations: 3 columns, n = 50 respondents, 3 pairs, pearson>
    """

    names: tuple[str, ...]
    matrix: CorrelationMatrix
    table: ItemTable

    def __getitem__(self, pair: tuple[str, str]) -> Estimate:
        i, j = (self._place(name) for name in pair)
        found = self.matrix.pair(i, j)
        low, high = float(self.matrix.low[i, j]), float(self.matrix.high[i, j])
        resampled = resamples_clusters(self.table)
        if resampled:
            found = replace(found, low=low, high=high, se=np.nan, method=RESAMPLED)
        found = settle(self.table, found, resampled=resampled)
        return estimate_from(
            found,
            n_unit=self.table.unit,
            of=" with ".join(map(str, pair)),
            source=self.table.source,
            table=self.table.take([self.names[i], self.names[j]]),
        )

    @property
    def note(self) -> str:
        """What holds of all intervals: how many respondents hang together."""
        return account(self.table)

    def _place(self, name: str) -> int:
        if str(name) not in self.names:
            known = ", ".join(self.names)
            raise DataError(f"There is no column {name!r}.", f"Choose among: {known}.")
        return self.names.index(str(name))

    def to_estimates(self) -> Estimates:
        """Every pair once, in the order of the columns."""
        k = len(self.names)
        pairs = [(self.names[i], self.names[j]) for i in range(k) for j in range(i + 1, k)]
        return Estimates(tuple(self[pair] for pair in pairs))

    def to_frame(self) -> pd.DataFrame:
        """Return the square table of values."""
        return pd.DataFrame(self.matrix.r, index=self.names, columns=self.names)

    def __repr__(self) -> str:
        k = len(self.names)
        n = sorted({int(x) for x in self.matrix.n[np.triu_indices(k, 1)]})
        span = "" if not n else f"n = {n[0] if len(n) == 1 else f'{n[0]} to {n[-1]}'} "
        return (
            f"<Correlations: {k} columns, {span}{self.table.unit}, {k * (k - 1) // 2} pairs, "
            f"{self.matrix.kind}>"
        )

    def _repr_html_(self) -> str:
        return self.to_frame().round(2).to_html(escape=True)


@verb
def correlations(
    data: Tabular,
    *,
    kind: str = "pearson",
    conf_level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Correlations:
    """Correlate every two columns: the scales of scores, the items of a table.

    Parameters
    ----------
    data : Scores, ItemTable, Responses, DataFrame or ndarray
    kind : {"pearson", "spearman"}
    conf_level : float
        Of each interval by itself, between 0 and 1.
    n_resamples, seed : int
        Of the bootstrap over clusters, where respondents hang together.

    Returns
    -------
    Correlations
        Fisher's interval; for Spearman's with Bonett and Wright's error. Rows without a value are
        left out pair by pair.

    Raises
    ------
    UnitError
        One respondent.
    DataError
        Unknown kind, or a table that cannot be used.

    References
    ----------
    Fisher, R. A. (1915). Frequency distribution of the values of the correlation coefficient in
    samples from an indefinitely large population. Biometrika, 10(4), 507–521. doi:10.2307/2331838

    Bonett, D. G., & Wright, T. A. (2000). Sample size requirements for estimating Pearson,
    Kendall and Spearman correlations. Psychometrika, 65(1), 23–28. doi:10.1007/BF02294183

    Examples
    --------
    >>> import pandas as pd
    >>> import psychometrics as pm
    >>> scores = pd.DataFrame({"a": [1, 2, 3, 4, 5, 6.0], "b": [2, 1, 4, 3, 6, 5.0]})
    >>> pm.correlations(scores)["a", "b"]
    r of a with b = 0.829 [0.052, 0.981], n = 6 respondents
    """
    if kind not in KINDS:
        raise DataError(f"kind={kind!r} is unknown.", f"Give one of {', '.join(KINDS)}.")
    table = respondents_table(data, "correlation")
    matrix = correlation_matrix(table.values, conf_level, kind=kind)
    names = tuple(map(str, table.frame.columns))
    if resamples_clusters(table):
        matrix = _over_clusters(table, matrix, n_resamples, seed)
    elif table.is_clustered and table.n_clusters > 1:
        none = np.full_like(matrix.r, np.nan)
        matrix = replace(matrix, low=none, high=none)
    return Correlations(names, matrix, table)


def _over_clusters(
    table: ItemTable, matrix: CorrelationMatrix, n_resamples: int, seed: int
) -> CorrelationMatrix:
    low, high = np.full_like(matrix.r, np.nan), np.full_like(matrix.r, np.nan)
    ranked = table.frame.rank() if matrix.kind == "spearman" else table.frame
    x, upper = ranked.to_numpy(dtype=np.float64), np.triu_indices(len(matrix.r), 1)

    def pairs(weights: FloatArray) -> FloatArray:
        return correlation_from_covariance(resampled_covariances(x, weights))[:, *upper]

    drawn = bootstrap_many(pairs, len(x), n_resamples, seed, clusters=table.clusters, bca=False)
    limits = np.array([d.limits("percentile", matrix.conf_level) for d in drawn])
    for bound, column in zip((low, high), limits.T, strict=True):
        bound[upper] = column
        bound.T[upper] = column
    return replace(matrix, low=low, high=high)
