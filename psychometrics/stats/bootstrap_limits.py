"""Limits of bootstrap intervals: percentile, and bias-corrected and accelerated."""

import numpy as np
from scipy import special

from psychometrics.stats.arrays import FloatArray, IntArray, check_level


def percentile_limits(resampled: FloatArray, conf_level: float = 0.95) -> tuple[float, float]:
    """Quantiles of the resamples that have a value; NaN if none has.

    Examples
    --------
    >>> [round(limit, 6) for limit in percentile_limits(np.arange(101.0), 0.9)]
    [5.0, 95.0]
    """
    check_level(conf_level)
    known = resampled[~np.isnan(resampled)]
    if len(known) == 0:
        return float("nan"), float("nan")
    tail = (1 - conf_level) / 2
    low, high = np.quantile(known, [tail, 1 - tail])
    return float(low), float(high)


def bca_limits(
    resampled: FloatArray,
    estimate: float,
    jackknifed: FloatArray,
    conf_level: float = 0.95,
) -> tuple[float, float]:
    """Bias-corrected and accelerated limits.

    The share of resamples below the estimate (ties count half) is kept between 1/B and 1 - 1/B.

    Parameters
    ----------
    resampled : ndarray, shape (n_resamples,)
        NaN left aside.
    estimate : float
    jackknifed : ndarray, shape (n_units,)
        Values with each unit left out: row, or cluster if clusters were resampled.
    conf_level : float
        Between 0 and 1.

    References
    ----------
    Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical
    Association, 82(397), 171–185. doi:10.1080/01621459.1987.10478410

    Examples
    --------
    >>> left_out = np.array([1.0, 2.0, 3.0])
    >>> [round(limit, 6) for limit in bca_limits(np.arange(101.0), 50.0, left_out, 0.9)]
    [5.0, 95.0]
    """
    check_level(conf_level)
    return accelerated_limits(resampled, estimate, acceleration(jackknifed), conf_level)


def acceleration(left_out: FloatArray, strata: IntArray | None = None) -> float:
    """Acceleration of BCa limits from leave-one-out values, NaN among them left aside.

    It is zero if all values are equal.

    Parameters
    ----------
    left_out : ndarray, shape (n_units,)
    strata : ndarray of int, shape (n_units,), optional
        Number of the stratum of each unit, from 0.

    References
    ----------
    Davison & Hinkley (1997), section 5.3. doi:10.1017/CBO9780511802843

    Examples
    --------
    >>> round(acceleration(np.array([0.0, 0.1, 0.1])), 4)
    0.068
    """
    known = ~np.isnan(left_out)
    values = left_out[known]
    groups = np.zeros(len(values), dtype=np.int64) if strata is None else strata[known]
    sizes = np.maximum(np.bincount(groups), 1)
    means = np.bincount(groups, weights=values) / sizes
    influence = (means[groups] - values) * ((sizes - 1) / sizes)[groups]
    spread = np.sum(influence**2)
    # Rounding leaves differences of this size where all values are equal.
    if len(values) == 0 or spread <= len(values) * (1e-14 * np.abs(values).max()) ** 2:
        return 0.0
    return float(np.sum(influence**3) / (6 * spread**1.5))


def accelerated_limits(
    values: FloatArray, estimate: float, a: float, conf_level: float
) -> tuple[float, float]:
    """BCa limits for an acceleration that is known.

    Examples
    --------
    >>> [round(limit, 1) for limit in accelerated_limits(np.arange(101.0), 50.0, 0.1, 0.9)]
    [7.9, 97.6]
    """
    known = values[~np.isnan(values)]
    b = len(known)
    if b == 0:
        return float("nan"), float("nan")
    # Equal values may differ in their last digits.
    tie = 1e-12 * abs(estimate)
    below = (np.sum(known < estimate - tie) + np.sum(known <= estimate + tie)) / (2 * b)
    z0 = special.ndtri(np.clip(below, 1 / b, 1 - 1 / b))
    tail = (1 - conf_level) / 2
    z = z0 + special.ndtri(np.array([tail, 1 - tail]))
    # Beyond 1/a the transformation turns back; the limit there is the outermost resample.
    shrink = 1 - a * z
    places = np.where(shrink > 0, z0 + z / np.where(shrink > 0, shrink, 1), np.sign(z) * np.inf)
    low, high = np.quantile(known, special.ndtr(places))
    return float(low), float(high)
