"""Lower bounds to reliability: Guttman's lambdas, and the series of ten Berge and Zegers."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from psychometrics.stats.alpha import reliability_matrix
from psychometrics.stats.arrays import BoolArray, FloatArray, check_level
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.item_covariance import (
    ZERO_EIGENVALUE,
    Missing,
    correlation_from_covariance,
    item_covariance,
    used_rows,
)
from psychometrics.stats.resampled_covariances import bootstrap_covariances, with_bootstrap
from psychometrics.stats.split_half import (
    SplitHalfDistribution,
    best_split_coefficients,
    equal_splits,
    split_half_distribution,
)

On = Literal["covariance", "correlation"]
Interval = Literal["none", "bootstrap", "percentile"]

_GUTTMAN = "10.1007/BF02288892"
_TEN_BERGE = "10.1007/BF02293815"
_BOUNDS = (
    *((f"lambda-{i}", _GUTTMAN) for i in range(1, 7)),
    *((f"mu-{r}", _TEN_BERGE) for r in range(4)),
)
_LAMBDA4, _LAMBDA6 = 3, 5
# Splits drawn beyond 20 items where each resample needs them all.
_RESAMPLED_SPLITS = 2000


@dataclass(frozen=True, slots=True, eq=False)
class GuttmanBounds:
    """Lower bounds to the reliability of a sum.

    Parameters
    ----------
    best_split : ndarray of bool, shape (n_items,)
        The halves of lambda-4.
    lambda1, lambda2, lambda3, lambda4, lambda5, lambda6 : Coefficient
        Guttman's; lambda-3 is alpha, lambda-4 that of the best split into halves of equal length,
        lambda-6 rests on squared multiple correlations.
    mu0, mu1, mu2, mu3 : Coefficient
        Of ten Berge and Zegers; mu-0 is alpha, mu-1 lambda-2, and none is below the one before.
    """

    best_split: BoolArray
    lambda1: Coefficient
    lambda2: Coefficient
    lambda3: Coefficient
    lambda4: Coefficient
    lambda5: Coefficient
    lambda6: Coefficient
    mu0: Coefficient
    mu1: Coefficient
    mu2: Coefficient
    mu3: Coefficient


def guttman(
    x: ArrayLike,
    *,
    on: On = "covariance",
    interval: Interval = "none",
    missing: Missing = "pairwise",
    conf_level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> GuttmanBounds:
    """Guttman's lambda-1 to lambda-6, and mu-0 to mu-3 of ten Berge and Zegers.

    Each is a lower bound in the population. In a sample, lambda-4 and lambda-6 capitalise on
    chance and can exceed the reliability, the more so the fewer units there are for the items.

    Parameters
    ----------
    x : array_like, shape (n_units, n_items)
        Items keyed in one direction; NaN is missing. Rows are independent units.
    on : {"covariance", "correlation"}
        Of the items as they are, or standardised (as in R's psych).
    interval : {"none", "bootstrap", "percentile"}
        ``bootstrap``: BCa over rows; ``percentile``: plain quantiles. They take in the variation
        of samples, not the bias upward of lambda-4 and lambda-6.
    missing : {"pairwise", "listwise"}
    conf_level : float
        Between 0 and 1.
    n_resamples : int
    seed : int
        Of the bootstrap, and of the splits beyond 20 items.

    Returns
    -------
    GuttmanBounds

    Raises
    ------
    ValueError
        Wrong shape, an unknown option, or a level out of range.

    References
    ----------
    Guttman, L. (1945). A basis for analyzing test-retest reliability. Psychometrika, 10(4),
    255–282. doi:10.1007/BF02288892

    ten Berge, J. M. F., & Zegers, F. E. (1978). A series of lower bounds to the reliability of a
    test. Psychometrika, 43(4), 575–579. doi:10.1007/BF02293815

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(80, 1)) + rng.normal(size=(80, 6))
    >>> bounds = guttman(x)
    >>> round(bounds.lambda2.value, 3), round(bounds.lambda3.value, 3)
    (0.823, 0.819)
    """
    _check(interval, conf_level)
    split = split_half_distribution(x, on=on, missing=missing, seed=seed)
    items = item_covariance(x, missing=missing)
    matrix, reason = reliability_matrix(items, on == "correlation")
    blank = undefined("", reason, n=items.n, conf_level=conf_level, variant=on)
    blanks = [
        replace(blank, name=name, method=f"{on} matrix, {missing}", reference=reference)
        for name, reference in _BOUNDS
    ]
    if reason:
        return GuttmanBounds(split.best_split, *blanks)
    plain = _without_interval(blanks, matrix, split, items.note)
    if interval == "none":
        return GuttmanBounds(split.best_split, *(_add(c, "no interval asked for") for c in plain))
    splits = np.vstack([split.best_split, equal_splits(len(matrix), _RESAMPLED_SPLITS, seed)])

    def statistic(covariances: FloatArray) -> FloatArray:
        matrices = covariances if on == "covariance" else correlation_from_covariance(covariances)
        return _regular_bounds(matrices, splits)

    drawn = bootstrap_covariances(used_rows(x, missing), statistic, n_resamples, seed)
    found = (
        _add(without, "no interval: the matrix is singular")
        if np.isnan(one.estimate)
        else with_bootstrap(blank, one, interval, without.note)
        for blank, one, without in zip(blanks, drawn, plain, strict=True)
    )
    return GuttmanBounds(split.best_split, *found)


def bounds_from_covariance(covariances: FloatArray, splits: BoolArray) -> FloatArray:
    """Lambda-1 to lambda-6 and mu-0 to mu-3 of many covariance matrices.

    Parameters
    ----------
    covariances : ndarray, shape (n_samples, n_items, n_items)
        At least two items; correlation matrices give the standardised bounds.
    splits : ndarray of bool, shape (n_splits, n_items)
        The best of which is lambda-4.

    Returns
    -------
    ndarray, shape (n_samples, 10)
        NaN where the total has no variance; lambda-6 also where a matrix has a negative
        eigenvalue.

    Examples
    --------
    >>> c = np.full((4, 4), 0.5) + np.eye(4) / 2
    >>> bounds_from_covariance(c[None], equal_splits(4)).round(3)
    array([[0.6  , 0.8  , 0.8  , 0.8  , 0.773, 0.75 , 0.8  , 0.8  , 0.8  , 0.8  ]])
    """
    k = covariances.shape[-1]
    trace = np.trace(covariances, axis1=1, axis2=2)
    total = covariances.sum(axis=(1, 2))
    total = np.where(total > ZERO_EIGENVALUE * trace, total, np.nan)
    off = covariances * (1 - np.eye(k))
    largest = np.maximum(np.abs(off).max(axis=(1, 2)), np.finfo(np.float64).tiny)
    lambda1 = 1 - trace / total
    lambda5 = lambda1 + 2 * np.sqrt((off**2).sum(axis=1).max(axis=1)) / total
    lambda6 = 1 - residual_variances(covariances).sum(axis=1) / total
    # Sums of powers 1, 2, 4, 8, in units of the largest covariance.
    unit = off / largest[:, None, None]
    powers = [(unit ** (2**h)).sum(axis=(1, 2)) for h in range(4)]
    mu = []
    for r in range(4):
        inner = k / (k - 1) * powers[r]
        for h in range(r - 1, -1, -1):
            inner = powers[h] + np.sqrt(inner)
        mu.append(inner * largest / total)
    lambda4 = best_split_coefficients(covariances, splits)
    bounds = [lambda1, mu[1], mu[0], lambda4, lambda5, lambda6, *mu]
    return np.stack(bounds, axis=1)


def residual_variances(covariances: FloatArray) -> FloatArray:
    """Variance of each item that its regression on the others leaves.

    Parameters
    ----------
    covariances : ndarray, shape (n_samples, n_items, n_items)

    Returns
    -------
    ndarray, shape (n_samples, n_items)
        0 for an item that the others determine, or without variance; NaN where a matrix has a
        negative eigenvalue.

    Examples
    --------
    >>> residual_variances(np.array([[[4.0, 1.0], [1.0, 1.0]]]))
    array([[3.  , 0.75]])
    """
    values, vectors = _eigen(covariances)
    zero = values < ZERO_EIGENVALUE
    weights = np.where(zero, 0.0, 1 / np.where(zero, 1.0, values))
    squares = vectors**2
    precision = (squares * weights[:, None, :]).sum(axis=2)
    determined = (squares * zero[:, None, :]).sum(axis=2) > np.sqrt(ZERO_EIGENVALUE)
    unit = np.where(determined, 0.0, 1 / np.where(determined, 1.0, precision))
    unit[values[:, 0] < -ZERO_EIGENVALUE] = np.nan
    residual: FloatArray = unit * np.diagonal(covariances, axis1=1, axis2=2)
    return residual


def _eigen(covariances: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Of the correlations; an item without variance stands alone."""
    correlations = correlation_from_covariance(covariances)
    k = correlations.shape[-1]
    lone = np.isnan(correlations)
    values, vectors = np.linalg.eigh(np.where(lone, np.eye(k), correlations))
    return values, vectors


def _regular_bounds(covariances: FloatArray, splits: BoolArray) -> FloatArray:
    """The bounds, without lambda-6 of singular matrices, as resamples of few units have."""
    bounds = bounds_from_covariance(covariances, splits)
    bounds[_eigen(covariances)[0][:, 0] < ZERO_EIGENVALUE, _LAMBDA6] = np.nan
    return bounds


def _without_interval(
    blanks: list[Coefficient], matrix: FloatArray, split: SplitHalfDistribution, note: str
) -> list[Coefficient]:
    values = bounds_from_covariance(matrix[None], split.best_split[None])[0].tolist()
    smallest = float(_eigen(matrix[None])[0][0, 0])
    kind = "" if split.exact else " sampled"
    notes = [[note] for _ in blanks]
    notes[_LAMBDA4].append(f"best of {split.n_splits}{kind} splits")
    if blanks[0].n <= len(matrix):
        values[_LAMBDA6] = float("nan")
        notes[_LAMBDA6] = ["lambda-6 needs more units than items"]
    elif smallest < -ZERO_EIGENVALUE:
        notes[_LAMBDA6].append("lambda-6 needs a matrix without negative eigenvalues")
    elif smallest < ZERO_EIGENVALUE:
        notes[_LAMBDA6].append("singular matrix: items that others determine count as error-free")
    return [
        replace(blank, value=value, note="; ".join(filter(None, why)))
        for blank, value, why in zip(blanks, values, notes, strict=True)
    ]


def _check(interval: str, conf_level: float) -> None:
    check_level(conf_level)
    if interval not in ("none", "bootstrap", "percentile"):
        raise ValueError(f"interval={interval!r}; give 'none', 'bootstrap' or 'percentile'")


def _add(coefficient: Coefficient, note: str) -> Coefficient:
    return replace(coefficient, note="; ".join(filter(None, (coefficient.note, note))))
