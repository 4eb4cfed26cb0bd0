"""Split halves: all of them, odd against even, or one that is given."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from psychometrics.stats.alpha import feldt_interval, reliability_matrix
from psychometrics.stats.arrays import BoolArray, FloatArray, check_level
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.item_covariance import (
    ZERO_EIGENVALUE,
    ItemCovariance,
    Missing,
    item_covariance,
)

# More splits than 20 items have are sampled.
MOST_SPLITS = math.comb(20, 10) // 2
_BLOCK = 20_000
_REFERENCE = "10.1007/BF02288892; 10.1207/s15327906mbr1401_4"
_SPEARMAN = "10.1111/j.2044-8295.1910.tb00206.x"
_RULON = "Rulon (1939), Harvard Educational Review 9, 99-103; 10.1007/BF02289499"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SplitHalfDistribution:
    """The split-half reliabilities of a scale over its splits into halves of equal length.

    Parameters
    ----------
    minimum, maximum, mean : float
        Worst split (Revelle's beta), best split (Guttman's lambda-4), and mean; NaN where
        ``note`` says why.
    levels, quantiles : ndarray, shape (n_levels,)
    n_splits : int
        That were computed.
    exact : bool
        Every split was computed.
    best_split, worst_split : ndarray of bool, shape (n_items,)
        Items of the half without the first item are false.
    on : str
        ``covariance`` or ``correlation``.
    n : int
        Units.
    method, reference, note : str
    """

    minimum: float
    maximum: float
    mean: float
    levels: FloatArray
    quantiles: FloatArray
    n_splits: int
    exact: bool
    best_split: BoolArray
    worst_split: BoolArray
    on: str
    n: int
    method: str
    reference: str
    note: str = ""

    def __repr__(self) -> str:
        if np.isnan(self.mean):
            return f"<SplitHalfDistribution: not computed ({self.note}), n = {self.n}>"
        kind = "all" if self.exact else "sampled"
        return (
            f"<SplitHalfDistribution: worst {self.minimum:.3f}, mean {self.mean:.3f}, best "
            f"{self.maximum:.3f} of {self.n_splits:,} splits ({kind}), n = {self.n}>"
        )


def equal_splits(k: int, n_sampled: int = MOST_SPLITS, seed: int = 0) -> BoolArray:
    """Splits of k items into halves of equal length, differing by one where k is odd.

    Parameters
    ----------
    k : int
        Items, at least 2. To 20 items, every split once; beyond, ``n_sampled`` drawn at random.
    n_sampled, seed : int
        Only used beyond 20 items.

    Returns
    -------
    ndarray of bool, shape (n_splits, k)
        In lexicographic order of the true items (the shorter half where k is odd). R's psych 2.2.9
        stops after the first half of an odd number's splits: ``[: math.comb(k, k // 2) // 2]``.

    Examples
    --------
    >>> equal_splits(4).astype(int)
    array([[1, 1, 0, 0],
           [1, 0, 1, 0],
           [1, 0, 0, 1]])
    >>> len(equal_splits(5))
    10
    """
    if k < 2:
        raise ValueError(f"k={k}: a split needs two items")
    if n_sampled < 1:
        raise ValueError(f"n_sampled={n_sampled} is below 1")
    half = k // 2
    if k > 20:
        ranks = np.random.default_rng(seed).random((n_sampled, k)).argsort(axis=1)
        sampled: BoolArray = ranks < half
        return sampled
    chosen = np.array(list(itertools.combinations(range(k), half)))
    if k % 2 == 0:
        chosen = chosen[: len(chosen) // 2]
    splits = np.zeros((len(chosen), k), dtype=np.bool_)
    np.put_along_axis(splits, chosen, True, axis=1)
    return splits


def split_coefficients(covariance: FloatArray, splits: BoolArray) -> FloatArray:
    """4 cov(a, b) / var(a + b) of the halves a and b: Guttman's lambda-4 of each split.

    Parameters
    ----------
    covariance : ndarray, shape (..., n_items, n_items)
    splits : ndarray of bool, shape (n_splits, n_items)

    Returns
    -------
    ndarray, shape (..., n_splits)
        NaN where the total has no variance.

    Examples
    --------
    >>> split_coefficients(np.eye(4) + 1, equal_splits(4)).round(3)
    array([0.8, 0.8, 0.8])
    """
    k = covariance.shape[-1]
    first, second = np.triu_indices(k, 1)
    trace = np.trace(covariance, axis1=-2, axis2=-1)[..., None]
    between = covariance[..., first, second]
    total = trace + 2 * between.sum(axis=-1, keepdims=True)
    total = np.where(total > 0, total, np.nan)
    blocks = []
    for start in range(0, len(splits), _BLOCK):
        signs = np.where(splits[start : start + _BLOCK], 1.0, -1.0)
        blocks.append(between @ (signs[:, first] * signs[:, second]).T)
    coefficients: FloatArray = 1 - (trace + 2 * np.concatenate(blocks, axis=-1)) / total
    return coefficients


def best_split_coefficients(covariances: FloatArray, splits: BoolArray) -> FloatArray:
    """The largest split-half coefficient of each of many covariance matrices.

    Parameters
    ----------
    covariances : ndarray, shape (n_samples, n_items, n_items)
    splits : ndarray of bool, shape (n_splits, n_items)

    Returns
    -------
    ndarray, shape (n_samples,)

    Examples
    --------
    >>> best_split_coefficients((np.eye(4) + 1)[None], equal_splits(4)).round(3)
    array([0.8])
    """
    step = max(1, 5_000_000 // len(covariances))
    best = np.full(len(covariances), -np.inf)
    for start in range(0, len(splits), step):
        block = split_coefficients(covariances, splits[start : start + step])
        best = np.maximum(best, block.max(axis=-1))
    return best


def split_half_distribution(
    x: ArrayLike,
    *,
    on: Literal["covariance", "correlation"] = "covariance",
    missing: Missing = "pairwise",
    n_sampled: int = MOST_SPLITS,
    seed: int = 0,
    levels: Sequence[float] = (0.025, 0.25, 0.5, 0.75, 0.975),
) -> SplitHalfDistribution:
    """Split-half reliabilities over all splits into halves of equal length.

    Parameters
    ----------
    x : array_like, shape (n_units, n_items)
        Items keyed in one direction; NaN is missing.
    on : {"covariance", "correlation"}
        Of the items as they are, or standardised (as in R's psych).
    missing : {"pairwise", "listwise"}
    n_sampled, seed : int
        Beyond 20 items so many splits are drawn; the best and the worst of them are then improved
        by exchanging two items for as long as that helps, and may be local extremes.
    levels : sequence of float
        Between 0 and 1, of the quantiles.

    Returns
    -------
    SplitHalfDistribution
        It describes the sample: its quantiles are those over splits, no confidence limits.

    Raises
    ------
    ValueError
        Wrong shape or an unknown option.

    References
    ----------
    Guttman, L. (1945). A basis for analyzing test-retest reliability. Psychometrika, 10(4),
    255–282. doi:10.1007/BF02288892

    Revelle, W. (1979). Hierarchical cluster analysis and the internal structure of tests.
    Multivariate Behavioral Research, 14(1), 57–74. doi:10.1207/s15327906mbr1401_4

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(50, 1)) + rng.normal(size=(50, 6))
    >>> d = split_half_distribution(x)
    >>> d.n_splits, d.exact, d.minimum < d.mean < d.maximum
    (10, True, True)
    """
    matrix, items, trouble = _matrix(x, on, missing)
    if any(not 0 <= level <= 1 for level in levels):
        raise ValueError(f"levels={tuple(levels)} are not between 0 and 1")
    at = np.asarray(levels, dtype=np.float64)
    method = f"4 cov(a, b) / var(a + b) of {on} matrix, {missing}"
    if trouble:
        nan, none = float("nan"), np.zeros(len(matrix), dtype=np.bool_)
        measures = (nan, nan, nan, at, np.full(len(at), nan), 0, False, none, none)
        return SplitHalfDistribution(*measures, on, items.n, method, _REFERENCE, trouble)
    splits = equal_splits(len(matrix), n_sampled, seed)
    values = split_coefficients(matrix, splits)
    ends = splits[[values.argmin(), values.argmax()]]
    exact = len(matrix) <= 20
    if not exact:
        ends = np.stack([_exchange(matrix, ends[0], -1), _exchange(matrix, ends[1], 1)])
        method += f", {n_sampled} splits sampled with seed {seed}, extremes by exchanges"
    low, high = split_coefficients(matrix, ends).tolist()
    worst, best = ends == ends[:, :1]
    mean, quantiles = float(values.mean()), np.quantile(values, at)
    measures = (low, high, mean, at, quantiles, len(splits), exact, best, worst)
    return SplitHalfDistribution(*measures, on, items.n, method, _REFERENCE, items.note)


def split_half(
    x: ArrayLike,
    *,
    halves: ArrayLike | None = None,
    formula: Literal["spearman-brown", "flanagan-rulon"] = "spearman-brown",
    missing: Missing = "pairwise",
    conf_level: float = 0.95,
) -> Coefficient:
    """Reliability from one split.

    Parameters
    ----------
    x : array_like, shape (n_units, n_items)
        Items keyed in one direction; NaN is missing.
    halves : array_like of bool, shape (n_items,), optional
        Which items form one half; by default the items in odd places.
    formula : {"spearman-brown", "flanagan-rulon"}
        ``spearman-brown``: 2r / (1 + r), which takes the halves as parallel; its interval is
        Fisher's z of r. ``flanagan-rulon``: 4 cov(a, b) / var(a + b), which allows unequal
        variances of error; its interval is Feldt's for two parts.
    missing : {"pairwise", "listwise"}
        Half scores are sums; their covariances come from those of the items.
    conf_level : float

    Returns
    -------
    Coefficient

    Raises
    ------
    ValueError
        Wrong shape, an empty half, an unknown option, or a level out of range.

    References
    ----------
    Spearman, C. (1910). Correlation calculated from faulty data. British Journal of Psychology,
    3(3), 271–295. doi:10.1111/j.2044-8295.1910.tb00206.x

    Rulon, P. J. (1939). A simplified procedure for determining the reliability of a test by
    split-halves. Harvard Educational Review, 9, 99–103.

    Feldt, L. S. (1965). The approximate sampling distribution of Kuder-Richardson reliability
    coefficient twenty. Psychometrika, 30(3), 357–370. doi:10.1007/BF02289499

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(50, 1)) + rng.normal(size=(50, 6))
    >>> split_half(x)
    split-half (odd-even, Spearman-Brown) = 0.815 [0.673, 0.896], n = 50
    """
    check_level(conf_level)
    if formula not in ("spearman-brown", "flanagan-rulon"):
        raise ValueError(
            f"formula={formula!r} is unknown; give 'spearman-brown' or 'flanagan-rulon'"
        )
    matrix, items, trouble = _matrix(x, "covariance", missing)
    half = _half(halves, len(matrix))
    spearman = formula == "spearman-brown"
    name = "Spearman-Brown" if spearman else "Flanagan-Rulon"
    how = (
        "2r / (1 + r), interval by Fisher's z of r"
        if spearman
        else "4 cov(a, b) / var(a + b), Feldt's F interval for two parts"
    )
    blank = undefined(
        "split-half",
        trouble or items.counted,
        n=items.n,
        conf_level=conf_level,
        method=f"{how}, {missing}",
        reference=_SPEARMAN if spearman else _RULON,
        variant=f"{'odd-even' if halves is None else 'given halves'}, {name}",
    )
    if trouble:
        return blank
    if spearman:
        return _spearman_brown(blank, matrix, half, items.n_effective)
    value = float(split_coefficients(matrix, half[None])[0])
    low, high = feldt_interval(value, items.n_effective, 2, conf_level)
    return replace(blank, value=value, low=low, high=high)


def _spearman_brown(
    blank: Coefficient, matrix: FloatArray, half: BoolArray, n: float
) -> Coefficient:
    a, b = half.astype(np.float64), (~half).astype(np.float64)
    spread = float((a @ matrix @ a) * (b @ matrix @ b))
    if spread <= 0:
        return replace(blank, note="a half has no variance")
    r = float(np.clip(a @ matrix @ b / math.sqrt(spread), -1, 1))
    if r <= ZERO_EIGENVALUE - 1:
        return replace(blank, note="the halves correlate at -1")
    value = 2 * r / (1 + r)
    low = high = float("nan")
    notes = [blank.note] if blank.note else []
    if a.sum() != b.sum():
        lengths = f"{half.sum()} and {(~half).sum()}"
        notes.append(f"halves of {lengths} items: Spearman-Brown takes them as equal")
    if r >= 1 - ZERO_EIGENVALUE:
        low = high = value
        notes.append("the halves correlate perfectly: the interval has no width")
    elif n < 4:
        notes.append("no interval: Fisher's z needs four units")
    else:
        z = float(stats.norm.ppf((1 + blank.conf_level) / 2)) / math.sqrt(n - 3)
        limits = (math.tanh(math.atanh(r) + side * z) for side in (-1, 1))
        low, high = (2 * limit / (1 + limit) for limit in limits)
    return replace(blank, value=value, low=low, high=high, note="; ".join(notes))


def _half(halves: ArrayLike | None, k: int) -> BoolArray:
    if halves is None:
        odd: BoolArray = np.arange(k) % 2 == 0
        return odd
    half = np.asarray(halves)
    if half.dtype != np.bool_ or half.shape != (k,):
        raise ValueError(f"halves must be {k} booleans, one an item; true: the one half")
    if half.all() or not half.any():
        raise ValueError("one half is empty; give each at least one item")
    return half


def _matrix(
    x: ArrayLike, on: Literal["covariance", "correlation"], missing: Missing
) -> tuple[FloatArray, ItemCovariance, str]:
    if on not in ("covariance", "correlation"):
        raise ValueError(f"on={on!r} is unknown; give 'covariance' or 'correlation'")
    items = item_covariance(x, missing=missing)
    matrix, trouble = reliability_matrix(items, on == "correlation")
    return matrix, items, trouble


def _exchange(matrix: FloatArray, split: BoolArray, sign: int) -> BoolArray:
    """Exchange two items of the halves while that raises ``sign`` times the coefficient."""
    signs = np.where(split, 1.0, -1.0)
    while True:
        inside, outside = np.flatnonzero(signs > 0), np.flatnonzero(signs < 0)
        pull = matrix @ signs
        variance = np.diagonal(matrix)
        gain = pull[inside, None] - pull[None, outside]
        gain -= variance[inside, None] + variance[None, outside]
        gain += 2 * matrix[np.ix_(inside, outside)]
        best = int((sign * gain).argmax())
        i, j = divmod(best, len(outside))
        if sign * gain[i, j] <= ZERO_EIGENVALUE * np.trace(matrix):
            exchanged: BoolArray = signs > 0
            return exchanged
        signs[inside[i]], signs[outside[j]] = -1.0, 1.0
