"""Differences between correlations: of independent groups, and within one group.

The interval is Zou's, from the intervals of the two correlations and the correlation between them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from psychometrics.stats.arrays import FloatArray, as_matrix, check_level, complete_rows
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.correlation import PERFECT, correlation_matrix, fisher_limits

ZOU = "10.1037/1082-989X.12.4.399"
STEIGER = "10.1037/0033-2909.87.2.245"
NAME = "difference of correlations"


@dataclass(frozen=True, slots=True)
class CorrelationDifference:
    """A difference between two correlations with its test.

    Parameters
    ----------
    difference : Coefficient
        First minus second, with Zou's interval.
    statistic : float
        NaN where ``difference.note`` says why.
    df : float
        Degrees of freedom of t; infinite for z.
    p : float
        Two-sided.
    test : str
        ``Williams's t``, ``Fisher's z``.
    """

    difference: Coefficient
    statistic: float
    df: float
    p: float
    test: str


def independent_difference(
    r1: float, n1: int, r2: float, n2: int, conf_level: float = 0.95
) -> CorrelationDifference:
    """Difference between Pearson's correlations in two independent groups.

    Parameters
    ----------
    r1, r2 : float
        Between -1 and 1.
    n1, n2 : int
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    CorrelationDifference
        Tested by Fisher's z.

    Raises
    ------
    ValueError
        A correlation or the level is out of range.

    References
    ----------
    Zou, G. Y. (2007). Toward using confidence intervals to compare correlations. Psychological
    Methods, 12(4), 399–413. doi:10.1037/1082-989X.12.4.399

    Examples
    --------
    >>> found = independent_difference(0.5, 103, 0.3, 103)
    >>> found.difference, round(found.p, 3)
    (difference of correlations = 0.200 [-0.031, 0.429], n = 206, 0.09)
    """
    check_level(conf_level)
    reason = _refusal((r1, r2), min(n1, n2))
    if reason:
        return _no_difference(r1 - r2, reason, n1 + n2, conf_level, "Fisher's z")
    z = (np.arctanh(r1) - np.arctanh(r2)) / np.sqrt(1 / (n1 - 3) + 1 / (n2 - 3))
    difference = _zou((r1, r2), (n1, n2), n1 + n2, 0.0, conf_level)
    p = float(2 * special.ndtr(-abs(z)))
    return CorrelationDifference(difference, float(z), float("inf"), p, "Fisher's z")


def overlapping_difference(
    r12: float, r13: float, r23: float, n: int, conf_level: float = 0.95
) -> CorrelationDifference:
    """Difference r12 - r13 in one group: which of two variables goes more with variable 1.

    Parameters
    ----------
    r12, r13 : float
        The correlations compared.
    r23 : float
        Between the other two variables.
    n : int
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    CorrelationDifference
        Tested by Williams's t with n - 3 degrees of freedom.

    Raises
    ------
    ValueError
        A correlation or the level is out of range, or no three variables correlate like that.

    References
    ----------
    Williams, E. J. (1959). The comparison of regression variables. Journal of the Royal
    Statistical Society, Series B, 21(2), 396–399.

    Steiger, J. H. (1980). Tests for comparing elements of a correlation matrix. Psychological
    Bulletin, 87(2), 245–251. doi:10.1037/0033-2909.87.2.245

    Zou (2007). doi:10.1037/1082-989X.12.4.399

    Examples
    --------
    >>> found = overlapping_difference(0.4, 0.5, 0.1, 103)
    >>> found.difference, round(found.statistic, 3), round(found.p, 3)
    (difference of correlations = -0.100 [-0.320, 0.120], n = 103, -0.891, 0.375)
    """
    check_level(conf_level)
    determinant = _determinant(np.array([[1, r12, r13], [r12, 1, r23], [r13, r23, 1]]))
    reason = _refusal((r12, r13, r23), n)
    if reason:
        return _no_difference(r12 - r13, reason, n, conf_level, "Williams's t")
    mean = (r12 + r13) / 2
    spread = 2 * determinant * (n - 1) / (n - 3) + mean**2 * (1 - r23) ** 3
    t = float((r12 - r13) * np.sqrt((n - 1) * (1 + r23) / spread))
    between = (r23 - r12 * r13 / 2) * (1 - r12**2 - r13**2 - r23**2) + r23**3
    between /= (1 - r12**2) * (1 - r13**2)
    difference = _zou((r12, r13), (n, n), n, between, conf_level)
    p = float(2 * special.stdtr(n - 3, -abs(t)))
    return CorrelationDifference(difference, t, float(n - 3), p, "Williams's t")


def nonoverlapping_difference(
    correlations: ArrayLike, n: int, conf_level: float = 0.95
) -> CorrelationDifference:
    """Difference r12 - r34 of correlations without a common variable in one group.

    Parameters
    ----------
    correlations : array-like, shape (4, 4)
        Of the four variables, in this order.
    n : int
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    CorrelationDifference
        Tested by Fisher's z with the covariance of the two correlations at their pooled value
        (Steiger's equation 15).

    Raises
    ------
    ValueError
        Not a correlation matrix of four variables, or the level is out of range.

    References
    ----------
    Steiger (1980). doi:10.1037/0033-2909.87.2.245

    Zou (2007). doi:10.1037/1082-989X.12.4.399

    Examples
    --------
    >>> matrix = [[1, 0.4, 0.2, 0.1], [0.4, 1, 0.1, 0.4], [0.2, 0.1, 1, 0.2], [0.1, 0.4, 0.2, 1]]
    >>> found = nonoverlapping_difference(matrix, 66)
    >>> found.difference, round(found.p, 2)
    (difference of correlations = 0.200 [-0.103, 0.495], n = 66, 0.2)
    """
    check_level(conf_level)
    r = np.asarray(correlations, dtype=np.float64)
    if r.shape != (4, 4) or not np.allclose(r, r.T) or not np.allclose(np.diag(r), 1):
        raise ValueError("correlations is no 4 × 4 correlation matrix")
    _determinant(r)
    test = "Steiger's z"
    pair = (float(r[0, 1]), float(r[2, 3]))
    reason = _refusal(pair, n)
    if reason:
        return _no_difference(pair[0] - pair[1], reason, n, conf_level, test)
    difference = _zou(pair, (n, n), n, _between(r, *pair), conf_level)
    pooled = sum(pair) / 2
    error = np.sqrt((2 - 2 * _between(r, pooled, pooled)) / (n - 3))
    z = float((np.arctanh(pair[0]) - np.arctanh(pair[1])) / error)
    p = float(2 * special.ndtr(-abs(z)))
    return CorrelationDifference(difference, z, float("inf"), p, test)


def compare_predictors(
    y: ArrayLike, x1: ArrayLike, x2: ArrayLike, conf_level: float = 0.95
) -> CorrelationDifference:
    """Difference r(y, x1) - r(y, x2) from scores; units with a NaN in any are left out.

    Parameters
    ----------
    y, x1, x2 : array-like, shape (n,)
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    CorrelationDifference
        As of :func:`overlapping_difference`.

    Raises
    ------
    ValueError
        The vectors differ in length, or the level is out of range.

    Examples
    --------
    >>> y = np.arange(12.0)
    >>> compare_predictors(y, np.sin(y), np.cos(y)).difference.n
    12
    """
    check_level(conf_level)
    columns = [np.asarray(column, dtype=np.float64) for column in (y, x1, x2)]
    if any(column.ndim != 1 or column.shape != columns[0].shape for column in columns):
        raise ValueError("y, x1 and x2 are not equal vectors")
    rows = complete_rows(as_matrix(np.column_stack(columns)))
    r = correlation_matrix(rows).r
    if len(rows) < 3 or np.isnan(r).any():
        reason = (
            f"{len(rows)} complete units; 4 are needed"
            if len(rows) < 3
            else "a variable is constant"
        )
        return _no_difference(float("nan"), reason, len(rows), conf_level, "Williams's t")
    return overlapping_difference(
        float(r[0, 1]), float(r[0, 2]), float(r[1, 2]), len(rows), conf_level
    )


def _between(r: FloatArray, first: float, second: float) -> float:
    """Correlation between r12 and r34 when these have the given values."""
    products = r[0, 2] * r[1, 3] + r[0, 3] * r[1, 2]
    squares = r[0, 2] ** 2 + r[0, 3] ** 2 + r[1, 2] ** 2 + r[1, 3] ** 2
    mixed = first * (r[0, 2] * r[0, 3] + r[1, 2] * r[1, 3])
    mixed += second * (r[0, 2] * r[1, 2] + r[0, 3] * r[1, 3])
    covariance = first * second * squares / 2 + products - mixed
    return float(covariance / ((1 - first**2) * (1 - second**2)))


def _determinant(r: FloatArray) -> float:
    if np.isnan(r).any() or (np.abs(r) > 1 + PERFECT).any():
        raise ValueError("a correlation is missing or not between -1 and 1")
    if np.linalg.eigvalsh(r)[0] < -1e-8:
        raise ValueError("no variables can correlate like that: the matrix is not positive")
    return max(float(np.linalg.det(r)), 0.0)


def _refusal(correlations: tuple[float, ...], n: int) -> str:
    if any(not abs(r) <= 1 + PERFECT for r in correlations):
        raise ValueError("a correlation is missing or not between -1 and 1")
    if n < 4:
        return f"{n} units; 4 are needed"
    if any(abs(r) >= 1 - PERFECT for r in correlations):
        return "a correlation is perfect: no interval"
    return ""


def _zou(
    pair: tuple[float, float], sizes: tuple[int, int], n: int, between: float, conf_level: float
) -> Coefficient:
    r1, r2 = pair
    low, high = fisher_limits(pair, sizes, conf_level)
    down, up = np.array([r1 - low[0], r2 - low[1]]), np.array([high[0] - r1, high[1] - r2])
    # Rounding may leave a tiny negative number where the two correlations move as one.
    below = np.sqrt(max(down[0] ** 2 + up[1] ** 2 - 2 * between * down[0] * up[1], 0.0))
    above = np.sqrt(max(up[0] ** 2 + down[1] ** 2 - 2 * between * up[0] * down[1], 0.0))
    return Coefficient(
        NAME,
        r1 - r2,
        float(r1 - r2 - below),
        float(r1 - r2 + above),
        conf_level,
        n,
        "Zou's interval from Fisher's z limits",
        f"{ZOU}; {STEIGER}",
    )


def _no_difference(
    value: float, reason: str, n: int, conf_level: float, test: str
) -> CorrelationDifference:
    nan = float("nan")
    if np.isnan(value):
        return CorrelationDifference(
            undefined(NAME, reason, n=n, conf_level=conf_level), nan, nan, nan, test
        )
    difference = Coefficient(NAME, value, nan, nan, conf_level, n, "none", "", note=reason)
    return CorrelationDifference(difference, nan, nan, nan, test)
