"""Pearson's and Spearman's correlation with intervals, for two variables or for all pairs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from psychometrics.stats.arrays import FloatArray, IntArray, as_matrix, check_level
from psychometrics.stats.coefficient import Coefficient, undefined

FISHER = "10.2307/2331838"
BONETT_WRIGHT = "10.1007/BF02294183"
METHODS = {
    "pearson": "Fisher's z interval",
    "spearman": "Fisher's z interval with Bonett and Wright's standard error",
}
REFERENCES = {"pearson": FISHER, "spearman": BONETT_WRIGHT}

# Correlations nearer to 1 than rounding can tell are perfect.
PERFECT = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class CorrelationMatrix:
    """Correlations of all pairs of variables, each over the units that have both.

    Parameters
    ----------
    r, low, high : ndarray, shape (k, k)
        NaN where they do not exist; :meth:`pair` says why. No interval on the diagonal.
    n : ndarray of int, shape (k, k)
        Units with both values; on the diagonal those with one.
    conf_level : float
    kind : {"pearson", "spearman"}
    """

    r: FloatArray
    low: FloatArray
    high: FloatArray
    n: IntArray
    conf_level: float
    kind: str

    def pair(self, i: int, j: int) -> Coefficient:
        """The correlation of two columns as a coefficient."""
        r, n = float(self.r[i, j]), int(self.n[i, j])
        return correlation_coefficient(r, n, self.conf_level, kind=self.kind)


def pearson(x: ArrayLike, y: ArrayLike, conf_level: float = 0.95) -> Coefficient:
    """Pearson's correlation with Fisher's z interval.

    Parameters
    ----------
    x, y : array-like, shape (n,)
        Units with a NaN in either are left out.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    Coefficient
        ``n`` counts the units with both values. The interval supposes a bivariate normal
        distribution.

    Raises
    ------
    ValueError
        x and y differ in length or are not vectors; the level is out of range.

    References
    ----------
    Fisher, R. A. (1915). Frequency distribution of the values of the correlation coefficient in
    samples from an indefinitely large population. Biometrika, 10(4), 507–521. doi:10.2307/2331838

    Examples
    --------
    >>> pearson([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5])
    r = 0.829 [0.052, 0.981], n = 6
    """
    return _of_two(x, y, conf_level, "pearson")


def spearman(x: ArrayLike, y: ArrayLike, conf_level: float = 0.95) -> Coefficient:
    """Spearman's rank correlation with Bonett and Wright's interval; ties get mean ranks.

    Parameters
    ----------
    x, y, conf_level
        As in :func:`pearson`.

    Returns
    -------
    Coefficient

    References
    ----------
    Bonett, D. G., & Wright, T. A. (2000). Sample size requirements for estimating Pearson,
    Kendall and Spearman correlations. Psychometrika, 65(1), 23–28. doi:10.1007/BF02294183

    Examples
    --------
    >>> spearman([1, 2, 3, 4, 5, 9], [2, 1, 4, 3, 6, 5])
    r (Spearman) = 0.829 [-0.127, 0.986], n = 6
    """
    return _of_two(x, y, conf_level, "spearman")


def correlation_matrix(
    x: ArrayLike, conf_level: float = 0.95, *, kind: str = "pearson"
) -> CorrelationMatrix:
    """Correlations of all pairs of columns, each over the rows that have both (pairwise deletion).

    Parameters
    ----------
    x : array-like, shape (n, k)
        NaN is missing.
    conf_level : float
        Between 0 and 1; of each interval by itself.
    kind : {"pearson", "spearman"}
        Spearman's ranks are taken anew in each pair if values are missing.

    Returns
    -------
    CorrelationMatrix

    Raises
    ------
    ValueError
        x is not a matrix, the level is out of range, or the kind is unknown.

    Examples
    --------
    >>> correlation_matrix([[1, 2], [2, 1], [3, 4], [4, 3], [5, 6], [6, 5]]).r.round(3)
    array([[1.   , 0.829],
           [0.829, 1.   ]])
    """
    check_level(conf_level)
    _check_kind(kind)
    matrix = as_matrix(x)
    if kind == "spearman":
        r, n = _rank_correlations(matrix)
    else:
        r, n = _pairwise(matrix)
    low, high = fisher_limits(r, n, conf_level, kind=kind)
    return CorrelationMatrix(r, low, high, n, conf_level, kind)


def fisher_limits(
    r: ArrayLike, n: ArrayLike, conf_level: float = 0.95, *, kind: str = "pearson"
) -> tuple[FloatArray, FloatArray]:
    """Limits on the scale of Fisher's z, for any number of correlations.

    The standard error of z is 1/√(n - 3), for Spearman's correlation √((1 + r²/2)/(n - 3)).

    Parameters
    ----------
    r, n : array-like, of shapes that broadcast
    conf_level : float
        Between 0 and 1.
    kind : {"pearson", "spearman"}

    Returns
    -------
    low, high : ndarray
        NaN where n < 4, where the correlation is perfect, and where there is none.

    Examples
    --------
    >>> low, high = fisher_limits(0.5, [103, 403])
    >>> low.round(3), high.round(3)
    (array([0.339, 0.423]), array([0.632, 0.57 ]))
    """
    check_level(conf_level)
    _check_kind(kind)
    values, units = np.broadcast_arrays(np.asarray(r, float), np.asarray(n, float))
    usable = (units > 3) & (np.abs(values) < 1 - PERFECT)
    safe = np.where(usable, values, 0.0)
    inflation = 1 + safe**2 / 2 if kind == "spearman" else 1.0
    error = np.sqrt(inflation / np.where(usable, units - 3, 1.0))
    half = special.ndtri((1 + conf_level) / 2) * error
    z = np.arctanh(safe)
    low = np.where(usable, np.tanh(z - half), np.nan)
    high = np.where(usable, np.tanh(z + half), np.nan)
    return low, high


def correlation_coefficient(
    r: float, n: int, conf_level: float = 0.95, *, kind: str = "pearson"
) -> Coefficient:
    """A correlation that is already computed, with its interval.

    Parameters
    ----------
    r : float
        Between -1 and 1; NaN if it does not exist.
    n : int
    conf_level : float
        Between 0 and 1.
    kind : {"pearson", "spearman"}

    Raises
    ------
    ValueError
        r is out of range, the level is out of range, or the kind is unknown.

    Examples
    --------
    >>> correlation_coefficient(0.5, 103)
    r = 0.500 [0.339, 0.632], n = 103
    """
    check_level(conf_level)
    _check_kind(kind)
    variant = "Spearman" if kind == "spearman" else ""
    method, reference = f"{METHODS[kind]}; units with both values", REFERENCES[kind]
    if np.isnan(r) or n < 3:
        why = f"{n} units with both values; 3 are needed" if n < 3 else "a variable is constant"
        labels = {"method": method, "reference": reference, "variant": variant}
        return undefined("r", why, n=n, conf_level=conf_level, **labels)
    if abs(r) > 1 + PERFECT:
        raise ValueError(f"r={r} is not between -1 and 1")
    low, high = (float(limit) for limit in fisher_limits(r, n, conf_level, kind=kind))
    inflation = 1 + r**2 / 2 if kind == "spearman" else 1.0
    note, se = "", float("nan")
    if n < 4:
        note = "3 units: no interval"
    elif abs(r) >= 1 - PERFECT:
        note = "perfect correlation: no interval"
    else:
        se = float((1 - r**2) * np.sqrt(inflation / (n - 3)))
    return Coefficient(
        "r",
        float(np.clip(r, -1, 1)),
        low,
        high,
        conf_level,
        n,
        method,
        reference,
        variant=variant,
        se=se,
        note=note,
    )


def _check_kind(kind: str) -> None:
    if kind not in METHODS:
        raise ValueError(f"kind={kind!r} is neither 'pearson' nor 'spearman'")


def _of_two(x: ArrayLike, y: ArrayLike, conf_level: float, kind: str) -> Coefficient:
    first, second = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(f"x has shape {first.shape}, y {second.shape}; give two equal vectors")
    matrix = as_matrix(np.column_stack([first, second]))
    matrix = matrix[~np.isnan(matrix).any(axis=1)]
    if kind == "spearman" and len(matrix):
        matrix = stats.rankdata(matrix, axis=0)
    r, _ = _pairwise(matrix)
    return correlation_coefficient(float(r[0, 1]), len(matrix), conf_level, kind=kind)


def _pairwise(x: FloatArray) -> tuple[FloatArray, IntArray]:
    """Pearson's correlations over the rows with both values, and how many these are."""
    known = ~np.isnan(x)
    counts = known.astype(np.float64)
    n = counts.T @ counts
    # Centring first keeps the sums of squares exact to rounding.
    totals = np.where(known, x, 0.0).sum(axis=0)
    centre = totals / np.maximum(counts.sum(axis=0), 1)
    filled = np.where(known, x - centre, 0.0)
    size = np.maximum(n, 1)
    sums = filled.T @ counts  # of column i over the rows where column j is known
    squares = (filled**2).T @ counts
    spread = squares - sums**2 / size
    products = filled.T @ filled - sums * sums.T / size
    # A constant column leaves rounding errors only.
    varies = spread > 1e-13 * np.maximum(squares, 1e-13 * size * centre[:, None] ** 2)
    usable = varies & varies.T & (n > 1)
    scale = np.sqrt(np.where(usable, spread * spread.T, 1.0))
    r = np.where(usable, np.clip(products / scale, -1.0, 1.0), np.nan)
    np.fill_diagonal(r, np.where(np.diag(usable), 1.0, np.nan))
    return r, n.astype(np.int64)


def _rank_correlations(x: FloatArray) -> tuple[FloatArray, IntArray]:
    if not np.isnan(x).any():
        return _pairwise(stats.rankdata(x, axis=0) if len(x) else x)
    k = x.shape[1]
    r, n = np.full((k, k), np.nan), np.zeros((k, k), dtype=np.int64)
    for i in range(k):
        for j in range(i, k):
            both = x[:, [i, j]]
            both = both[~np.isnan(both).any(axis=1)]
            of_pair, counts = _pairwise(stats.rankdata(both, axis=0) if len(both) else both)
            r[i, j] = r[j, i] = of_pair[0, 1] if i != j else of_pair[0, 0]
            n[i, j] = n[j, i] = counts[0, 1]
    return r, n
