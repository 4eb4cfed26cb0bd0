"""Distributions over ordered options, from unnormalised log-probabilities.

Arrays have the options on their last axis.
"""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Two options are tied if their log-probabilities differ by less than float32 arithmetic can tell.
TIE = 1e-6


def normalise(log_p: FloatArray) -> FloatArray:
    """Log-probabilities that sum to one over the options; NaN where all options have none.

    Parameters
    ----------
    log_p : ndarray, shape (..., n_options)

    Returns
    -------
    ndarray, same shape

    Examples
    --------
    >>> np.exp(normalise(np.log([0.1, 0.3]))).round(2)
    array([0.25, 0.75])
    """
    with np.errstate(invalid="ignore"):
        normal: FloatArray = log_p - np.logaddexp.reduce(log_p, axis=-1, keepdims=True)
    return normal


def expected_value(log_p: FloatArray, values: FloatArray) -> FloatArray:
    """Σ value · p / Σ p.

    Parameters
    ----------
    log_p : ndarray, shape (..., n_options)
    values : ndarray, shape (n_options,)

    Returns
    -------
    ndarray, shape (...)

    Examples
    --------
    >>> expected_value(np.log([0.1, 0.3]), np.array([1.0, 5.0])).round(2)
    np.float64(4.0)
    """
    expected = np.exp(normalise(log_p)) @ values
    within: FloatArray = np.clip(expected, values.min(), values.max())
    return within


def modal_option(log_p: FloatArray) -> tuple[IntArray, IntArray]:
    """Index of the most probable option, and how many share that place (1 where there is no tie).

    Examples
    --------
    >>> modal_option(np.log([[0.1, 0.6, 0.3], [0.4, 0.2, 0.4]]))
    (array([1, 0]), array([1, 2]))
    """
    best = log_p.max(axis=-1, keepdims=True)
    return log_p.argmax(axis=-1), (log_p >= best - TIE).sum(axis=-1)


def position_counts(positions: IntArray, groups: IntArray, n_groups: int) -> IntArray:
    """How often each option stood in each position, by group.

    Parameters
    ----------
    positions : ndarray of int, shape (n, n_options)
        From 0, options in canonical order.
    groups : ndarray of int, shape (n,)
    n_groups : int

    Returns
    -------
    ndarray of int, shape (n_groups, n_options, n_options)

    Examples
    --------
    >>> position_counts(np.array([[0, 1], [1, 0]]), np.array([0, 0]), 1)
    array([[[1, 1],
            [1, 1]]])
    """
    n, k = positions.shape
    counts = np.zeros((n_groups, k, k), dtype=np.int64)
    options = np.broadcast_to(np.arange(k), (n, k))
    np.add.at(counts, (groups[:, None], options, positions), 1)
    return counts


def balanced(counts: IntArray) -> NDArray[np.bool_]:
    """Whether every option stood in every position equally often, by group; true where empty.

    Examples
    --------
    >>> balanced(np.array([[[1, 1], [1, 1]], [[2, 0], [0, 2]]]))
    array([ True, False])
    """
    equal: NDArray[np.bool_] = (counts == counts[:, :1, :1]).all(axis=(1, 2))
    return equal


def average_distributions(
    log_p: FloatArray, groups: IntArray, n_groups: int, average: str
) -> FloatArray:
    """Average normalised distributions within groups.

    Parameters
    ----------
    log_p : ndarray, shape (n, n_options)
        Unnormalised.
    groups : ndarray of int, shape (n,)
        Group of each row, 0 to ``n_groups`` - 1.
    n_groups : int
    average : {"mean", "log"}
        ``mean``: arithmetic mean of the probabilities. ``log``: softmax of the mean
        log-probability, which cancels any additive bias of the logits whose sum over the group is
        the same for every option.

    Returns
    -------
    ndarray, shape (n_groups, n_options)
        Log-probabilities; NaN for empty groups.

    Examples
    --------
    >>> two = np.log([[0.9, 0.1], [0.5, 0.5]])
    >>> np.exp(average_distributions(two, np.array([0, 0]), 1, "mean")).round(3)
    array([[0.7, 0.3]])
    >>> np.exp(average_distributions(two, np.array([0, 0]), 1, "log")).round(3)
    array([[0.75, 0.25]])
    """
    normal = normalise(log_p)
    summed = np.zeros((n_groups, log_p.shape[-1]))
    np.add.at(summed, groups, np.exp(normal) if average == "mean" else normal)
    counts = np.bincount(groups, minlength=n_groups)[:, None].astype(float)
    counts[counts == 0] = np.nan
    with np.errstate(divide="ignore", invalid="ignore"):
        means = summed / counts
        return normalise(np.log(means) if average == "mean" else means)
