"""Permutation tests of two samples, of pairs and of a correlation.

All permutations are enumerated where there are few; else a seeded sample is drawn, and the
observed arrangement counts as one of it, so that p is never zero.
"""

import functools
import math
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from psychometrics.stats.arrays import FloatArray, as_matrix, complete_rows

PHIPSON_SMYTH = "10.2202/1544-6115.1585"
ALTERNATIVES = ("two-sided", "less", "greater")
METHODS = {
    "independent": "difference in means under exchange of group members",
    "samples": "mean difference under exchange within pairs",
    "pairings": "Pearson's correlation under all pairings",
}


@dataclass(frozen=True, slots=True)
class PermutationTest:
    """Outcome of a permutation test.

    Parameters
    ----------
    statistic : float
        Mean difference or correlation; NaN where ``note`` says why.
    p : float
    alternative : {"two-sided", "less", "greater"}
        Two-sided p is twice the smaller one-sided p, at most 1.
    n_permutations : int
        Enumerated or drawn.
    exact : bool
        Whether all were enumerated.
    n : int
        Independent units.
    seed : int
    method, reference, note : str
    """

    statistic: float
    p: float
    alternative: str
    n_permutations: int
    exact: bool
    n: int
    seed: int
    method: str
    reference: str
    note: str = ""


def permute_groups(
    x: ArrayLike,
    y: ArrayLike,
    *,
    alternative: str = "two-sided",
    n_permutations: int = 9999,
    seed: int = 0,
) -> PermutationTest:
    """Test the difference in means of two independent samples by exchanging their members.

    Parameters
    ----------
    x, y : array-like, shapes (n1,) and (n2,)
        NaN is left out.
    alternative : {"two-sided", "less", "greater"}
        Of mean(x) - mean(y).
    n_permutations : int
        Drawn if there are more arrangements than that.
    seed : int

    Returns
    -------
    PermutationTest

    Raises
    ------
    ValueError
        Not vectors, or an unknown alternative.

    References
    ----------
    Phipson, B., & Smyth, G. K. (2010). Permutation p-values should never be zero. Statistical
    Applications in Genetics and Molecular Biology, 9(1), 39. doi:10.2202/1544-6115.1585

    Examples
    --------
    >>> found = permute_groups([5, 6, 7], [1, 2, 3])
    >>> found.statistic, round(found.p, 6), found.n_permutations, found.exact
    (4.0, 0.1, 20, True)
    """
    _check_alternative(alternative)
    first, second = _known(x), _known(y)
    n = len(first) + len(second)
    if min(len(first), len(second)) < 1 or n < 3:
        return _none(
            "a sample is empty, or both hold one unit", alternative, n, seed, "independent"
        )
    return _test(
        (first, second), "independent", math.comb(n, len(first)), alternative, n_permutations, seed
    )


def permute_signs(
    x: ArrayLike,
    y: ArrayLike,
    *,
    alternative: str = "two-sided",
    n_permutations: int = 9999,
    seed: int = 0,
) -> PermutationTest:
    """Test the mean difference of pairs by exchanging the members of pairs.

    Parameters
    ----------
    x, y : array-like, shape (n,)
        Pairs with a NaN are left out.
    alternative, n_permutations, seed
        As in :func:`permute_groups`.

    Returns
    -------
    PermutationTest

    Raises
    ------
    ValueError
        Not equal vectors, or an unknown alternative.

    Examples
    --------
    >>> found = permute_signs([5, 6, 7, 9], [1, 2, 3, 4])
    >>> found.statistic, found.p, found.n_permutations
    (4.25, 0.125, 16)
    """
    _check_alternative(alternative)
    first, second = _pairs(x, y)
    n = len(first)
    if n < 1:
        return _none("no complete pair", alternative, n, seed, "samples")
    return _test((first, second), "samples", 2**n, alternative, n_permutations, seed)


def permute_pairings(
    x: ArrayLike,
    y: ArrayLike,
    *,
    alternative: str = "two-sided",
    n_permutations: int = 9999,
    seed: int = 0,
) -> PermutationTest:
    """Test Pearson's correlation by pairing the units anew. For Spearman's, give ranks.

    Parameters
    ----------
    x, y : array-like, shape (n,)
        Units with a NaN are left out.
    alternative, n_permutations, seed
        As in :func:`permute_groups`.

    Returns
    -------
    PermutationTest

    Raises
    ------
    ValueError
        Not equal vectors, or an unknown alternative.

    Examples
    --------
    >>> found = permute_pairings([1, 2, 3, 4], [1, 2, 3, 5])
    >>> round(found.statistic, 3), round(found.p, 4), found.n_permutations
    (0.983, 0.0833, 24)
    """
    _check_alternative(alternative)
    first, second = _pairs(x, y)
    n = len(first)
    if n < 3 or np.ptp(first) == 0 or np.ptp(second) == 0:
        reason = f"{n} units; 3 are needed" if n < 3 else "a variable is constant"
        return _none(reason, alternative, n, seed, "pairings")
    return _test((first, second), "pairings", math.factorial(n), alternative, n_permutations, seed)


def _test(
    samples: tuple[FloatArray, FloatArray],
    kind: Literal["independent", "samples", "pairings"],
    n_arrangements: int,
    alternative: str,
    n_permutations: int,
    seed: int,
) -> PermutationTest:
    if n_permutations < 1:
        raise ValueError(f"n_permutations={n_permutations}; give at least 1, better 9,999")
    x, y = samples
    n = len(x) + (len(y) if kind == "independent" else 0)
    # Pairing one sample anew is enough; given both, scipy permutes both.
    pairings = kind == "pairings"
    found = stats.permutation_test(
        (x,) if pairings else samples,
        functools.partial(_correlation, y=y) if pairings else _mean_difference,
        permutation_type=kind,
        vectorized=True,
        n_resamples=n_permutations,
        batch=max(1, (1 << 20) // n),
        alternative=cast(Literal["two-sided", "less", "greater"], alternative),
        rng=np.random.default_rng(seed),
    )
    exact = n_arrangements <= n_permutations
    return PermutationTest(
        float(found.statistic),
        float(found.pvalue),
        alternative,
        n_arrangements if exact else n_permutations,
        exact,
        n,
        seed,
        METHODS[kind],
        PHIPSON_SMYTH,
    )


def _none(reason: str, alternative: str, n: int, seed: int, kind: str) -> PermutationTest:
    nan = float("nan")
    return PermutationTest(
        nan, nan, alternative, 0, False, n, seed, METHODS[kind], PHIPSON_SMYTH, reason
    )


def _mean_difference(x: FloatArray, y: FloatArray, axis: int) -> FloatArray:
    difference: FloatArray = np.mean(x, axis=axis) - np.mean(y, axis=axis)
    return difference


def _correlation(x: FloatArray, axis: int, y: FloatArray) -> FloatArray:
    x = x - x.mean(axis=axis, keepdims=True)
    y = y - y.mean()
    spread = np.sqrt((x**2).sum(axis=axis) * (y**2).sum())
    r: FloatArray = (x * y).sum(axis=axis) / spread
    return r


def _check_alternative(alternative: str) -> None:
    if alternative not in ALTERNATIVES:
        raise ValueError(f"alternative={alternative!r} is none of {', '.join(ALTERNATIVES)}")


def _known(values: ArrayLike) -> FloatArray:
    vector = np.asarray(values, dtype=np.float64)
    if vector.ndim != 1 or np.isinf(vector).any():
        raise ValueError(f"a sample of shape {vector.shape}: give a vector of finite numbers")
    return vector[~np.isnan(vector)]


def _pairs(x: ArrayLike, y: ArrayLike) -> tuple[FloatArray, FloatArray]:
    first, second = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(f"x has shape {first.shape}, y {second.shape}; give two equal vectors")
    rows = complete_rows(as_matrix(np.column_stack([first, second])))
    return rows[:, 0], rows[:, 1]
