"""How far answers of one cluster repeat each other, and how many independent ones they equal."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize

from psychometrics.stats.arrays import FloatArray, check_level
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.icc_limits import f_quantile

NAME = "intraclass correlation"
VARIANT = "ICC(1,1), ICC(1)"
WALD = "Wald (1940), Annals of Mathematical Statistics 11(1), 96"
REFERENCE = f"10.1037/0033-2909.86.2.420; {WALD}"
METHOD = "one-way analysis of variance, Wald's exact interval"
ROUNDING = 16 * np.finfo(np.float64).eps


@dataclass(frozen=True, slots=True)
class DesignEffect:
    """What clustering costs.

    Parameters
    ----------
    effect : float
        Variance of a mean over that of as many independent observations; 1 or more.
    effective_n : float
        Independent observations that carry as much about a mean.
    n, clusters : int
        Observations and clusters.
    """

    effect: float
    effective_n: float
    n: int
    clusters: int


def design_effect(icc: float, cluster_sizes: ArrayLike) -> DesignEffect:
    """Design effect of clustered observations, and the effective number of them.

    ``1 + (m - 1) icc`` with m the mean cluster size as one observation meets it,
    ``sum(sizes**2) / sum(sizes)``.

    Parameters
    ----------
    icc : float
        Correlation of two observations of one cluster, such as `one_way_icc` estimates; between
        -1 and 1. Below 0 it counts as 0: clustering is not credited with a gain.
    cluster_sizes : array_like, shape (clusters,)
        Observations in each cluster, 1 or more.

    Raises
    ------
    ValueError
        The correlation is outside its range, or the sizes are not a list of positive numbers.

    Returns
    -------
    DesignEffect

    References
    ----------
    Kish, L. (1965). Survey sampling. Wiley. Section 5.4.

    Examples
    --------
    >>> design_effect(0.5, [10, 10])
    DesignEffect(effect=5.5, effective_n=3.636..., n=20, clusters=2)
    """
    sizes = np.asarray(cluster_sizes, dtype=np.float64)
    if sizes.ndim != 1 or len(sizes) == 0 or not (sizes >= 1).all():
        raise ValueError("cluster_sizes has to be a list of one or more numbers, each 1 or more")
    if not -1 <= icc <= 1:
        raise ValueError(f"icc={icc} is not between -1 and 1")
    n = float(sizes.sum())
    effect = float(1 + (np.square(sizes).sum() / n - 1) * max(icc, 0.0))
    return DesignEffect(effect, n / effect, int(n), len(sizes))


def one_way_icc(values: ArrayLike, groups: ArrayLike, *, conf_level: float = 0.95) -> Coefficient:
    """Intraclass correlation of observations in groups of equal or unequal size.

    Parameters
    ----------
    values : array_like, shape (n,)
        NaN is missing, and left out.
    groups : array_like, shape (n,)
        The group of each observation: any labels.
    conf_level : float
        Between 0 and 1.

    Raises
    ------
    ValueError
        The two have not the same length, or a value is infinite.

    Returns
    -------
    Coefficient
        ``n`` counts groups. The value is that of the analysis of variance, and can fall below 0.
        The interval is Wald's, exact for normal values; with equal groups it is the F interval.

    References
    ----------
    Shrout, P. E., & Fleiss, J. L. (1979). Intraclass correlations: uses in assessing rater
    reliability. Psychological Bulletin, 86(2), 420–428. doi:10.1037/0033-2909.86.2.420
    Wald, A. (1940). A note on the analysis of variance with unequal class frequencies. Annals of
    Mathematical Statistics, 11(1), 96–100.

    Examples
    --------
    >>> one_way_icc([1.0, 2.0, 4.0, 5.0, 8.0, 9.0], ["a", "a", "b", "b", "c", "c"])
    intraclass correlation (ICC(1,1), ICC(1)) = 0.960 [0.509, 0.999], n = 3
    """
    check_level(conf_level)
    x, labels = np.asarray(values, dtype=np.float64), np.asarray(groups)
    if x.ndim != 1 or x.shape != labels.shape:
        raise ValueError(f"values {x.shape} and groups {labels.shape} have to be lists of a length")
    if np.isinf(x).any():
        raise ValueError("values hold an infinite number")
    there = ~np.isnan(x)
    _, index = np.unique(labels[there], return_inverse=True)
    return _one_way(x[there], index, int((~there).sum()), conf_level)


def _one_way(x: FloatArray, index: np.ndarray, missing: int, conf_level: float) -> Coefficient:
    counts = np.bincount(index).astype(np.float64)
    groups, n = len(counts), len(x)
    note = f"{missing} missing values left out" if missing else ""
    if groups < 2 or n == groups:
        reason = (
            f"{groups} group{'' if groups == 1 else 's'}"
            if groups < 2
            else "no group has two observations"
        )
        return undefined(NAME, reason, n=groups, conf_level=conf_level, variant=VARIANT)
    scale = float(np.abs(x).max())
    x = x - x.mean()
    means = np.bincount(index, x) / counts
    within = float(np.square(x - means[index]).sum()) / (n - groups)
    between = float(counts @ np.square(means)) / (groups - 1)
    within, between = (0.0 if v <= n * (ROUNDING * scale) ** 2 else v for v in (within, between))
    if within == between == 0:
        reason = "the observations do not differ"
        return undefined(NAME, reason, n=groups, conf_level=conf_level, variant=VARIANT)
    size = (n - np.square(counts).sum() / n) / (groups - 1)
    value = (between - within) / (between + (size - 1) * within)
    low, high = _wald_limits(counts, means, within, n - groups, conf_level)
    if value < 0:
        note = "; ".join(filter(None, ["negative component of the groups", note]))
    return Coefficient(
        NAME, value, min(low, value), max(high, value), conf_level, groups, METHOD, REFERENCE,
        variant=VARIANT, note=note,
    )  # fmt: skip


def _wald_limits(
    counts: FloatArray, means: FloatArray, within: float, df: int, conf_level: float
) -> tuple[float, float]:
    """Where the ratio of weighted spread of means to error crosses the quantiles of F."""
    groups, tail = len(counts), (1 - conf_level) / 2
    # The lowest correlation that groups of the largest size can have.
    lowest = -1 / (counts.max() - 1)
    if within == 0:
        return 1.0, 1.0

    def excess(rho: float, quantile: float) -> float:
        weights = counts / (1 + (counts - 1) * rho)
        middle = weights @ means / weights.sum()
        spread = (1 - rho) * float(weights @ np.square(means - middle)) / (groups - 1)
        return spread - quantile * within

    def limit(quantile: float) -> float:
        start, end = lowest * (1 - 1e-9), 1.0
        if excess(start, quantile) <= 0:
            return float(lowest)
        return float(optimize.brentq(excess, start, end, args=(quantile,), xtol=1e-13))

    return limit(f_quantile(1 - tail, groups - 1, df)), limit(f_quantile(tail, groups - 1, df))
