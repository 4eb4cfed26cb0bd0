"""Fornell and Larcker's criterion: a scale shares more with its items than with other scales."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from psychometrics.stats.arrays import BoolArray, FloatArray

REFERENCE = "10.1177/002224378101800104"


@dataclass(frozen=True, slots=True, eq=False)
class FornellLarcker:
    """The table of the criterion.

    Parameters
    ----------
    names : tuple of str
    table : ndarray, shape (k, k)
        Latent correlations, with the root of the average variance extracted on the diagonal.
    margins : ndarray, shape (k, k)
        Smaller root of a pair minus the size of its correlation; NaN on the diagonal.
    passes : ndarray of bool, shape (k, k)
        Whether the margin is positive; true on the diagonal.
    reference : str
    """

    names: tuple[str, ...]
    table: FloatArray
    margins: FloatArray
    passes: BoolArray
    reference: str = REFERENCE

    @property
    def violations(self) -> tuple[tuple[str, str], ...]:
        """Pairs of scales that are not told apart."""
        first, second = np.nonzero(np.triu(~self.passes))
        return tuple((self.names[i], self.names[j]) for i, j in zip(first, second, strict=True))


def fornell_larcker(
    extracted: ArrayLike, correlations: ArrayLike, names: Sequence[str] | None = None
) -> FornellLarcker:
    """Compare the root of each average variance extracted with the latent correlations.

    Parameters
    ----------
    extracted : array-like, shape (k,)
        Average variance extracted of each scale, between 0 and 1.
    correlations : array-like, shape (k, k)
        Of the latent variables; a pair with NaN does not pass.
    names : sequence of str, optional

    Returns
    -------
    FornellLarcker
        A rule without an interval: it says nothing of sampling error, and passes pairs that
        correlate highly where items are good. Read it beside the ratio of heterotrait to
        monotrait correlations.

    Raises
    ------
    ValueError
        Shapes do not fit, a variance is out of range, or it is no correlation matrix.

    References
    ----------
    Fornell, C., & Larcker, D. F. (1981). Evaluating structural equation models with unobservable
    variables and measurement error. Journal of Marketing Research, 18(1), 39–50.
    doi:10.1177/002224378101800104

    Examples
    --------
    >>> found = fornell_larcker([0.49, 0.36], [[1, 0.65], [0.65, 1]], ["a", "b"])
    >>> found.table
    array([[0.7 , 0.65],
           [0.65, 0.6 ]])
    >>> found.violations
    (('a', 'b'),)
    """
    variances = np.asarray(extracted, dtype=np.float64)
    table = np.array(correlations, dtype=np.float64)
    k = len(variances) if variances.ndim == 1 else 0
    if k == 0 or table.shape != (k, k):
        raise ValueError(f"{variances.shape} variances do not fit {table.shape} correlations")
    if not ((variances >= 0) & (variances <= 1)).all():
        raise ValueError("an average variance extracted is not between 0 and 1")
    if not np.allclose(table, table.T, equal_nan=True) or not np.allclose(np.diag(table), 1):
        raise ValueError("correlations is no correlation matrix: give ones on the diagonal")
    labels = tuple(str(i + 1) for i in range(k)) if names is None else tuple(names)
    if len(labels) != k:
        raise ValueError(f"{len(labels)} names for {k} scales")
    roots = np.sqrt(variances)
    margins = np.minimum(roots[:, None], roots[None, :]) - np.abs(table)
    passes = margins > 0
    np.fill_diagonal(table, roots)
    np.fill_diagonal(margins, np.nan)
    np.fill_diagonal(passes, True)
    return FornellLarcker(labels, table, margins, passes)
