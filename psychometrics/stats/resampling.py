"""Samples as weights: resamples of rows or clusters, and samples that lack one unit.

A resample is a row of counts: how often each row of the data was drawn. A statistic that is
written with weights is evaluated on all samples at once, most often by a matrix product.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from psychometrics.stats.arrays import BoolArray, FloatArray, IntArray

# One value (or one row of values) for each row of weights.
WeightedStatistic = Callable[[FloatArray], FloatArray]

# Weights held at a time, 1 MiB of them: what a core's cache holds.
BLOCK = 1 << 17


def resample_counts(
    n: int,
    n_resamples: int,
    seed: int,
    *,
    clusters: ArrayLike | None = None,
    strata: ArrayLike | None = None,
) -> FloatArray:
    """How often each row is drawn in each resample, all resamples in one array.

    Parameters
    ----------
    n, n_resamples, seed : int
    clusters, strata : array-like, shape (n,), optional
        As in :func:`bootstrap`.

    Returns
    -------
    ndarray, shape (n_resamples, n)
        Whole numbers as floats, for matrix products. :func:`count_blocks` gives the same a block
        at a time.

    Examples
    --------
    >>> resample_counts(4, 3, seed=0).sum(axis=1)
    array([4., 4., 4.])
    """
    return np.concatenate(
        list(count_blocks(n, n_resamples, seed, clusters=clusters, strata=strata))
    )


def count_blocks(
    n: int,
    n_resamples: int,
    seed: int,
    *,
    clusters: ArrayLike | None = None,
    strata: ArrayLike | None = None,
) -> Iterator[FloatArray]:
    """Counts of :func:`resample_counts`, a block of resamples at a time.

    Raises
    ------
    ValueError
        Labels do not fit the rows, a cluster lies in several strata, or fewer than two resamples.

    Examples
    --------
    >>> [block.shape for block in count_blocks(1000, 200, seed=0)]
    [(131, 1000), (69, 1000)]
    """
    if n_resamples < 2:
        raise ValueError(f"n_resamples={n_resamples}; give at least 2, better 2,000")
    codes, n_units = unit_codes(n, clusters)
    of_units = unit_strata(codes, n_units, strata)
    rng = np.random.default_rng(seed)
    rows = max(1, BLOCK // n)
    for start in range(0, n_resamples, rows):
        counts = _draw(rng, min(rows, n_resamples - start), of_units)
        yield counts if clusters is None else counts[:, codes]


def _draw(rng: np.random.Generator, b: int, of_units: IntArray) -> FloatArray:
    """Counts of units, shape (b, n_units)."""
    m = len(of_units)
    offsets = (np.arange(b, dtype=np.int64) * m)[:, None]
    if not of_units.any():
        picked = offsets + rng.integers(0, m, (b, m), np.uint16 if m < 1 << 16 else np.uint32)
        return np.bincount(picked.ravel(), minlength=b * m).reshape(b, m).astype(np.float64)
    order = np.argsort(of_units, kind="stable")
    sizes = np.bincount(of_units)
    starts = np.cumsum(sizes) - sizes
    ordered = of_units[order]
    picked = offsets + starts[ordered] + rng.integers(0, sizes[ordered], (b, m))
    counts = np.bincount(picked.ravel(), minlength=b * m).reshape(b, m).astype(np.float64)
    return counts[:, np.argsort(order, kind="stable")]


def leave_out_blocks(codes: IntArray, n_units: int) -> Iterator[FloatArray]:
    """Weights of samples that lack one unit each, a block of samples at a time.

    Examples
    --------
    >>> next(leave_out_blocks(np.array([0, 1, 1]), 2))
    array([[0., 1., 1.],
           [1., 0., 0.]])
    """
    rows = max(1, BLOCK // len(codes))
    for start in range(0, n_units, rows):
        units = np.arange(start, min(start + rows, n_units))
        yield (codes[None, :] != units[:, None]).astype(np.float64)


def unit_codes(n: int, clusters: ArrayLike | None) -> tuple[IntArray, int]:
    """Number the independent units: for each row its unit, and how many there are.

    Raises
    ------
    ValueError
        No rows, not one label a row, or a missing label.

    Examples
    --------
    >>> unit_codes(3, ["b", "a", "b"])
    (array([1, 0, 1]), 2)
    """
    if n < 1:
        raise ValueError(f"n={n} rows; give at least one")
    if clusters is None:
        return np.arange(n, dtype=np.int64), n
    labels = np.asarray(clusters)
    if labels.shape != (n,):
        raise ValueError(f"{labels.shape} labels of units for {n} rows; give one a row")
    if labels.dtype.kind == "f" and np.isnan(labels).any():
        raise ValueError("a label of units is missing; leave out those rows")
    found, codes = np.unique(labels, return_inverse=True)
    return codes.astype(np.int64), len(found)


def unit_strata(codes: IntArray, n_units: int, strata: ArrayLike | None) -> IntArray:
    """Number of the stratum of each unit; zeros without strata.

    Raises
    ------
    ValueError
        A unit lies in several strata, or is alone in one.

    Examples
    --------
    >>> unit_strata(np.array([0, 0, 1, 2, 3]), 4, ["b", "b", "a", "a", "b"])
    array([1, 0, 0, 1])
    """
    found = np.zeros(n_units, dtype=np.int64)
    if strata is None:
        return found
    of_rows, _ = unit_codes(len(codes), strata)
    found[codes] = of_rows
    if (found[codes] != of_rows).any():
        raise ValueError("a cluster lies in several strata; give each cluster one stratum")
    if (np.bincount(found) == 1).any():
        raise ValueError("a stratum has one unit, which cannot be resampled; merge small strata")
    return found


def complete_units(
    x: FloatArray, clusters: ArrayLike | None
) -> tuple[FloatArray, NDArray[Any] | None]:
    """Return the rows without a missing value, and their labels if there are any.

    Raises
    ------
    ValueError
        Not one label a row.

    Examples
    --------
    >>> complete_units(np.array([[1.0, 2.0], [3.0, np.nan], [5.0, 6.0]]), ["a", "b", "c"])
    (array([[1., 2.],
           [5., 6.]]), array(['a', 'c'], dtype='<U1'))
    """
    known: BoolArray = np.asarray(~np.isnan(x).any(axis=1))
    if clusters is None:
        return x[known], None
    labels = np.asarray(clusters)
    if labels.shape != known.shape:
        raise ValueError(f"{labels.shape} labels of units for {len(known)} rows; give one a row")
    return x[known], labels[known]


def of_indices(function: Callable[[IntArray], float], n: int) -> WeightedStatistic:
    """Turn a function of row numbers into a statistic of weights.

    It is called once a resample, so it is slow where weights could do.

    Parameters
    ----------
    function : callable
        Takes the numbers of the rows drawn, a row drawn twice standing in it twice.
    n : int
        Rows of the data.

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 9.0])
    >>> of_indices(lambda rows: float(np.median(x[rows])), 3)(np.array([[1.0, 2.0, 0.0]]))
    array([2.])
    """
    rows = np.arange(n)

    def statistic(weights: FloatArray) -> FloatArray:
        drawn = weights.astype(np.int64)
        return np.array([function(np.repeat(rows, counts)) for counts in drawn])

    return statistic


def evaluate(statistic: WeightedStatistic, blocks: Iterable[FloatArray]) -> FloatArray:
    """Evaluate a statistic on all samples; what it cannot compute is NaN, not a warning.

    Raises
    ------
    ValueError
        The statistic does not return one value, or one row of values, for each sample.
    """
    found = []
    for weights in blocks:
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.asarray(statistic(weights), dtype=np.float64)
        if values.ndim not in (1, 2) or len(values) != len(weights):
            raise ValueError(
                f"the statistic returned shape {values.shape} for {len(weights)} samples; it has "
                "to return one value, or one row of values, for each row of weights"
            )
        found.append(np.where(np.isfinite(values), values, np.nan))
    return np.concatenate(found)
