"""Noncentral t: limits of the noncentrality, and the power of a t test."""

import numpy as np
from scipy import optimize, special

from psychometrics.stats.arrays import check_level

# Gauss–Legendre rule; the normal density is nothing beyond REACH.
POINTS, WEIGHTS = np.polynomial.legendre.leggauss(200)
REACH = 9.0


def noncentrality_limits(t: float, df: float, conf_level: float = 0.95) -> tuple[float, float]:
    """Noncentralities under which a t as large, or as small, is as rare as the level says.

    Parameters
    ----------
    t : float
    df : float
        Degrees of freedom, positive.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    low, high : float

    Raises
    ------
    ValueError
        t is not finite, df is not positive, or the level is out of range.

    References
    ----------
    Cumming, G., & Finch, S. (2001). A primer on the understanding, use, and calculation of
    confidence intervals that are based on central and noncentral distributions. Educational and
    Psychological Measurement, 61(4), 532–574. doi:10.1177/0013164401614002

    Examples
    --------
    >>> [round(limit, 4) for limit in noncentrality_limits(5.0, 48)]
    [2.78, 7.1784]
    """
    check_level(conf_level)
    if not np.isfinite(t) or not df > 0:
        raise ValueError(f"t={t} with {df} degrees of freedom has no limits")
    tail = (1 - conf_level) / 2
    # The distribution of t for a given noncentrality has about this spread.
    reach = (special.ndtri(1 - tail) + 2) * np.sqrt(1 + t**2 / (2 * df)) + 1
    return _solve(t, df, 1 - tail, reach), _solve(t, df, tail, reach)


def noncentral_t(t: float, df: float, noncentrality: float) -> float:
    """Probability of a noncentral t up to this one.

    Where scipy's series ends in NaN (large t, few degrees of freedom) it is integrated over the
    normal numerator.

    Examples
    --------
    >>> round(noncentral_t(20.0, 5, 18.0), 6), round(noncentral_t(100.0, 5, 26.3), 6)
    (0.542317, 0.996649)
    """
    probability = float(special.nctdtr(df, noncentrality, t))
    if not np.isnan(probability):
        return probability
    if t < 0:
        return 1 - noncentral_t(-t, df, -noncentrality)
    # The numerator is negative with the first probability; the rest from there on.
    start, end = np.clip([-noncentrality, REACH], -REACH, REACH)
    normal = (end + start) / 2 + (end - start) / 2 * POINTS
    density = np.exp(-(normal**2) / 2) / np.sqrt(2 * np.pi)
    beyond = special.chdtrc(df, df * ((normal + noncentrality) / t) ** 2)
    positive = (end - start) / 2 * np.sum(WEIGHTS * density * beyond)
    return float(special.ndtr(-noncentrality) + positive)


def t_power(noncentrality: float, df: float, alpha: float = 0.05) -> float:
    """Power of the two-sided t test.

    Examples
    --------
    >>> round(t_power(2.8, 48), 3)
    0.783
    """
    critical = float(special.stdtrit(df, 1 - alpha / 2))
    upper = 1 - noncentral_t(critical, df, noncentrality)
    return float(upper + noncentral_t(-critical, df, noncentrality))


def detectable_noncentrality(df: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """Noncentrality at which the two-sided t test has the power.

    Parameters
    ----------
    df : float
        Degrees of freedom, positive.
    alpha, power : float
        Between 0 and 1, power above alpha.

    Raises
    ------
    ValueError
        df is not positive, or a probability is out of range.

    Examples
    --------
    >>> round(detectable_noncentrality(48), 4)
    2.8592
    """
    if not df > 0 or not 0 < alpha < power < 1:
        raise ValueError(f"df={df}, alpha={alpha}, power={power}: 0 < alpha < power < 1 is needed")
    high = 1.0
    while t_power(high, df, alpha) < power:
        high *= 2
    return float(optimize.brentq(lambda nc: t_power(nc, df, alpha) - power, 0, high, xtol=1e-12))


def _solve(t: float, df: float, probability: float, reach: float) -> float:
    """Noncentrality at which a t up to this one has the probability."""
    low, high = t - reach, t + reach
    while noncentral_t(t, df, low) < probability:
        low -= reach
    while noncentral_t(t, df, high) > probability:
        high += reach
    return float(
        optimize.brentq(lambda nc: noncentral_t(t, df, nc) - probability, low, high, xtol=1e-12)
    )
