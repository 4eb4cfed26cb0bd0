"""Bland and Altman's limits of agreement of two measurements."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from psychometrics.stats.arrays import FloatArray, check_level
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.concordance import paired
from psychometrics.stats.ratings import join

BLAND_ALTMAN = "10.1016/S0140-6736(86)90837-8; 10.1177/096228029900800204"
CARKEET = f"{BLAND_ALTMAN}; 10.1097/OPX.0000000000000513"
SLOPE_NOTE = "a slope arises from unequal variances too, so it is no proof of proportional bias"
ROUNDING = 16 * np.finfo(np.float64).eps


@dataclass(frozen=True, slots=True, eq=False)
class BlandAltman:
    """Limits of agreement, and what the plot needs.

    Parameters
    ----------
    bias : Coefficient
        Mean difference, first less second.
    lower, upper : Coefficient
        Limits between which the share ``coverage`` of differences lies.
    slope : Coefficient
        Change of the difference for each unit of the mean of both.
    sd : float
        Standard deviation of the differences, divisor n - 1.
    coverage : float
        Share of differences meant to lie within the limits.
    means, differences : ndarray, shape (n,)
        Of the complete pairs; not writable.
    """

    bias: Coefficient
    lower: Coefficient
    upper: Coefficient
    slope: Coefficient
    sd: float
    coverage: float
    means: FloatArray
    differences: FloatArray


def bland_altman(
    first: ArrayLike, second: ArrayLike, *, coverage: float = 0.95, conf_level: float = 0.95
) -> BlandAltman:
    """Bias and limits of agreement with exact intervals, for normal differences.

    The interval of a limit is that of a quantile of a normal distribution, from the noncentral t;
    each limit is taken by itself.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Measurements of the same units in the same unit. Pairs with NaN are left out.
    coverage : float
        Share of differences within the limits, between 0 and 1.
    conf_level : float
        Of the intervals, between 0 and 1.

    Raises
    ------
    ValueError
        The two have not one length, hold an infinite number, or a level is out of range.

    Returns
    -------
    BlandAltman

    References
    ----------
    Bland, J. M., & Altman, D. G. (1986). Statistical methods for assessing agreement between two
    methods of clinical measurement. Lancet, 327(8476), 307–310.
    doi:10.1016/S0140-6736(86)90837-8
    Bland, J. M., & Altman, D. G. (1999). Measuring agreement in method comparison studies.
    Statistical Methods in Medical Research, 8(2), 135–160. doi:10.1177/096228029900800204
    Carkeet, A. (2015). Exact parametric confidence intervals for Bland-Altman limits of agreement.
    Optometry and Vision Science, 92(3), e71–e80. doi:10.1097/OPX.0000000000000513

    Examples
    --------
    >>> found = bland_altman([1.0, 2.0, 3.0, 4.0, 5.0], [1.5, 2.0, 3.5, 4.0, 6.0])
    >>> found.bias
    bias = -0.400 [-0.919, 0.119], n = 5
    >>> found.upper
    upper limit of agreement = 0.420 [-0.014, 2.099], n = 5
    """
    check_level(conf_level)
    if not 0 < coverage < 1:
        raise ValueError(f"coverage={coverage} is not between 0 and 1")
    x, y, gaps = paired(first, second)
    means, differences = (x + y) / 2, x - y
    for array in (means, differences):
        array.flags.writeable = False
    n = len(x)
    if n < 2:
        bias, lower, upper = _too_few(differences, gaps, conf_level)
        sd = float("nan")
    else:
        scale = max(float(np.abs(x).max()), float(np.abs(y).max()))
        sd = float(differences.std(ddof=1))
        sd = sd if sd > ROUNDING * scale else 0.0
        bias, lower, upper = _limits(float(differences.mean()), sd, n, coverage, conf_level, gaps)
    slope = _slope(means, differences, conf_level, gaps)
    return BlandAltman(bias, lower, upper, slope, sd, coverage, means, differences)


def _limits(
    mean: float, sd: float, n: int, coverage: float, conf_level: float, gaps: str
) -> tuple[Coefficient, Coefficient, Coefficient]:
    tail = (1 - conf_level) / 2
    error = sd / np.sqrt(n)
    half = float(special.stdtrit(n - 1, 1 - tail)) * error
    z = float(special.ndtri((1 + coverage) / 2))
    near, far = (float(stats.nct.ppf(p, n - 1, z * np.sqrt(n))) * error for p in (tail, 1 - tail))
    note = join("" if sd else "the differences do not vary", gaps)
    method = f"limits hold {100 * coverage:g} % of normal differences, noncentral t interval"
    return (
        Coefficient("bias", mean, mean - half, mean + half, conf_level, n, "Student's t",
                    BLAND_ALTMAN, se=float(error), note=note),
        Coefficient("lower limit of agreement", mean - z * sd, mean - far, mean - near, conf_level,
                    n, method, CARKEET, note=note),
        Coefficient("upper limit of agreement", mean + z * sd, mean + near, mean + far, conf_level,
                    n, method, CARKEET, note=note),
    )  # fmt: skip


def _too_few(
    differences: FloatArray, gaps: str, conf_level: float
) -> tuple[Coefficient, Coefficient, Coefficient]:
    n = len(differences)
    reason = join(f"limits of agreement need two pairs, and there are {n}", gaps)
    nan = float("nan")
    lower, upper, bias = (
        undefined(name, reason, n=n, conf_level=conf_level)
        for name in ("lower limit of agreement", "upper limit of agreement", "bias")
    )
    if n:
        mean = float(differences[0])
        bias = Coefficient("bias", mean, nan, nan, conf_level, n, "mean", BLAND_ALTMAN, note=reason)
    return bias, lower, upper


def _slope(means: FloatArray, differences: FloatArray, conf_level: float, gaps: str) -> Coefficient:
    n, name = len(means), "slope of the difference on the mean"
    centered = means - means.mean() if n else means
    squares = float(centered @ centered)
    scale = float(np.abs(means).max()) if n else 0.0
    if n < 3 or squares <= n * (ROUNDING * scale) ** 2:
        reason = f"{n} pairs; a slope needs three" if n < 3 else "the means do not vary"
        return undefined(name, join(reason, gaps), n=n, conf_level=conf_level)
    deviations = differences - differences.mean()
    value = float(centered @ deviations) / squares
    rest = deviations - value * centered
    se = float(np.sqrt(rest @ rest / (n - 2) / squares))
    half = float(special.stdtrit(n - 2, (1 + conf_level) / 2)) * se
    return Coefficient(
        name, value, value - half, value + half, conf_level, n, "least squares, Student's t",
        BLAND_ALTMAN, se=se, note=join(SLOPE_NOTE, gaps),
    )  # fmt: skip
