"""How far answers of one cluster repeat each other, and how many independent ones they equal."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from psychometrics.stats.arrays import FloatArray, check_level
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.icc_limits import ratio_limits

NAME = "intraclass correlation"
VARIANT = "ICC(1,1), ICC(1)"
REFERENCE = "10.1037/0033-2909.86.2.420; 10.1214/aos/1176344202"
METHOD = "one-way analysis of variance, {} interval"
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
        The interval is Searle's, exact with equal groups of normal values; with unequal ones it
        rests on the mean square of the group means and the harmonic mean size.

    References
    ----------
    Shrout, P. E., & Fleiss, J. L. (1979). Intraclass correlations: uses in assessing rater
    reliability. Psychological Bulletin, 86(2), 420–428. doi:10.1037/0033-2909.86.2.420
    Thomas, J. D., & Hultquist, R. A. (1978). Interval estimation for the unbalanced case of the
    one-way random effects model. Annals of Statistics, 6(3), 582–587.
    doi:10.1214/aos/1176344202

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
    equal = bool((counts == counts[0]).all())
    harmonic = float(groups / (1 / counts).sum())
    spread = between if equal else harmonic * float(means.var(ddof=1))
    low, high = ratio_limits(spread, within, groups - 1, n - groups, harmonic, conf_level)
    if value < 0:
        note = "; ".join(filter(None, ["negative component of the groups", note]))
    method = METHOD.format("F" if equal else "Thomas and Hultquist's")
    return Coefficient(
        NAME, value, min(low, value), max(high, value), conf_level, groups, method, REFERENCE,
        variant=VARIANT, note=note,
    )  # fmt: skip
