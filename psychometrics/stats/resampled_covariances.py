"""Covariance matrices of weighted samples, and bootstraps of what is computed from them."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from psychometrics.stats.arrays import FloatArray
from psychometrics.stats.bootstrap import BootstrapDistribution, count_blocks
from psychometrics.stats.bootstrap_limits import acceleration
from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.resampling import evaluate

# Numbers held at a time.
_BLOCK = 1 << 22
_Columns = tuple[FloatArray, FloatArray, FloatArray, FloatArray]


def resampled_covariances(x: FloatArray, counts: FloatArray) -> FloatArray:
    """Pairwise covariance matrices of samples in which each unit stands ``counts`` times.

    Parameters
    ----------
    x : ndarray, shape (n_units, n_items)
        NaN is missing.
    counts : ndarray, shape (n_samples, n_units)

    Returns
    -------
    ndarray, shape (n_samples, n_items, n_items)
        Divisor n - 1; NaN where two items share fewer than two answers.

    Examples
    --------
    >>> x = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 3.0]])
    >>> resampled_covariances(x, np.array([[1.0, 1.0, 1.0], [2.0, 0.0, 1.0]]))[1].round(3)
    array([[1.333, 0.667],
           [0.667, 0.333]])
    """
    return _covariances(x.shape[1], *_weighted(_columns(x), counts))


def left_out_covariances(x: FloatArray) -> Iterator[FloatArray]:
    """Pairwise covariance matrices with each unit left out, a block of them at a time.

    Parameters
    ----------
    x : ndarray, shape (n_units, n_items)
        NaN is missing.

    Returns
    -------
    iterator of ndarray, shape (n_in_block, n_items, n_items)

    Examples
    --------
    >>> x = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 3.0]])
    >>> next(left_out_covariances(x))[0]
    array([[ 0.5, -0.5],
           [-0.5,  0.5]])
    """
    columns = _columns(x)
    totals = [column.sum(axis=0) for column in columns]
    rows = max(1, _BLOCK // x.shape[1] ** 2)
    for start in range(0, len(x), rows):
        left = (total - c[start : start + rows] for total, c in zip(totals, columns, strict=True))
        yield _covariances(x.shape[1], *left)


def bootstrap_covariances(
    x: FloatArray,
    coefficients: Callable[[FloatArray], FloatArray],
    n_resamples: int = 2000,
    seed: int = 0,
) -> tuple[BootstrapDistribution, ...]:
    """Bootstrap distributions of coefficients that are functions of the covariance matrix.

    Parameters
    ----------
    x : ndarray, shape (n_units, n_items)
        NaN is missing; covariances are pairwise.
    coefficients : callable
        Takes covariance matrices, shape (b, n_items, n_items); returns shape (b, n_coefficients).
    n_resamples, seed : int

    Returns
    -------
    tuple of BootstrapDistribution
        One for each coefficient.

    Examples
    --------
    >>> x = np.random.default_rng(0).normal(size=(100, 2))
    >>> found = bootstrap_covariances(x, lambda c: c[:, 0, 1:], 500)[0]
    >>> bool(np.isclose(found.estimate, np.cov(x.T)[0, 1])), found.n_units
    (True, 100)
    """
    n, k = x.shape
    columns = _columns(x)
    estimates = evaluate(coefficients, [_covariances(k, *_weighted(columns, np.ones((1, n))))])[0]
    blocks = (
        _covariances(k, *_weighted(columns, counts))
        for counts in count_blocks(n, n_resamples, seed)
    )
    values = evaluate(coefficients, blocks)
    left_out = evaluate(coefficients, left_out_covariances(x))
    return tuple(
        BootstrapDistribution(
            float(estimates[j]),
            values[:, j],
            n,
            "row",
            seed,
            acceleration(left_out[:, j]),
            int(np.isnan(left_out[:, j]).sum()),
        )
        for j in range(len(estimates))
    )


def with_bootstrap(
    blank: Coefficient, drawn: BootstrapDistribution, interval: str, note: str = ""
) -> Coefficient:
    """Fill value, limits and error of a coefficient from its bootstrap distribution.

    Parameters
    ----------
    blank : Coefficient
        With name, level, method, reference and variant.
    drawn : BootstrapDistribution
    interval : {"bootstrap", "percentile"}
        ``bootstrap``: BCa.
    note : str
        Put before that of the bootstrap.

    Examples
    --------
    >>> x = np.random.default_rng(0).normal(size=(100, 2))
    >>> drawn = bootstrap_covariances(x, lambda c: c[:, 0, :1], 500)[0]
    >>> blank = Coefficient("variance", *[np.nan] * 3, 0.95, 100, "divisor n - 1", "")
    >>> with_bootstrap(blank, drawn, "percentile")
    variance = 0.950 [0.705, 1.169], n = 100
    """
    found = drawn.coefficient(
        blank.name,
        kind="bca" if interval == "bootstrap" else "percentile",
        conf_level=blank.conf_level,
        method=blank.method,
        reference=blank.reference,
        variant=blank.variant,
    )
    return replace(found, note="; ".join(filter(None, (note, found.note))))


def _columns(x: FloatArray) -> _Columns:
    """What is summed over units, for each pair of items: number, product, first, second."""
    first, second = np.triu_indices(x.shape[1])
    present = ~np.isnan(x)
    centred = x - np.nansum(x, axis=0) / np.maximum(present.sum(axis=0), 1)
    centred[~present] = 0.0
    products = centred[:, first] * centred[:, second]
    if present.all():
        return np.ones((len(x), 1)), products, centred, centred[:, :0]
    shared = (present[:, first] & present[:, second]).astype(np.float64)
    return (
        shared,
        products,
        centred[:, first] * present[:, second],
        centred[:, second] * present[:, first],
    )


def _weighted(columns: _Columns, counts: FloatArray) -> _Columns:
    shared, products, firsts, seconds = (counts @ column for column in columns)
    return shared, products, firsts, seconds


def _covariances(
    k: int, shared: FloatArray, products: FloatArray, firsts: FloatArray, seconds: FloatArray
) -> FloatArray:
    first, second = np.triu_indices(k)
    if seconds.shape[-1] == 0:
        firsts, seconds = firsts[:, first], firsts[:, second]
    # Numbers of units, also after a subtraction.
    enough = shared > 1.5
    divisor = np.where(enough, shared, 2.0)
    crossed = products - firsts * seconds / divisor
    # What a variance of zero leaves of rounding.
    crossed[(first == second) & (crossed <= 1e-12 * products)] = 0.0
    packed = np.where(enough, crossed / (divisor - 1), np.nan)
    covariances = np.empty((len(packed), k, k))
    covariances[:, first, second] = packed
    covariances[:, second, first] = packed
    return covariances
