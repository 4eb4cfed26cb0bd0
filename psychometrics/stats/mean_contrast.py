"""Two independent groups: difference of means, Cohen's d, Hedges' g, Glass's delta."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from psychometrics.stats.arrays import FloatArray, check_level
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.noncentral_t import noncentrality_limits

CUMMING = "10.1177/0013164401614002"
HEDGES = "10.3102/10769986006002107"
BONETT = "10.1037/1082-989X.13.2.99"
WELCH = "10.1093/biomet/34.1-2.28"

# A spread below this share of the values is rounding.
ROUNDING = 1e-13


@dataclass(frozen=True, slots=True)
class MeanContrast:
    """A contrast of two independent groups, such as groups known to differ.

    Parameters
    ----------
    difference : Coefficient
        Of means, first minus second, with Welch's interval.
    d, g, delta : Coefficient
        Cohen's d, Hedges' g, Glass's delta (the second group's spread).
    t, df, p : float
        Welch's test, two-sided; NaN where ``difference.note`` says why.
    """

    difference: Coefficient
    d: Coefficient
    g: Coefficient
    delta: Coefficient
    t: float
    df: float
    p: float


def mean_contrast(x: ArrayLike, y: ArrayLike, conf_level: float = 0.95) -> MeanContrast:
    """Contrast two independent groups in every usual way.

    Parameters
    ----------
    x, y : array-like, shapes (n1,) and (n2,)
        Scores of independent units; NaN is left out.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    MeanContrast

    Raises
    ------
    ValueError
        Not vectors of finite numbers, or the level is out of range.

    Examples
    --------
    >>> found = mean_contrast([5, 6, 7, 8], [3, 4, 5, 6])
    >>> found.difference
    mean difference (Welch) = 2.000 [-0.234, 4.234], n = 8
    >>> found.d
    d (pooled SD) = 1.549 [-0.125, 3.134], n = 8
    """
    difference = mean_difference(x, y, conf_level)
    t, df = _welch(*_groups(x, y, conf_level))
    p = float(2 * special.stdtr(df, -abs(t))) if df > 0 else float("nan")
    return MeanContrast(
        difference,
        cohen_d(x, y, conf_level),
        hedges_g(x, y, conf_level),
        glass_delta(x, y, conf_level),
        t,
        df,
        p,
    )


def mean_difference(x: ArrayLike, y: ArrayLike, conf_level: float = 0.95) -> Coefficient:
    """Difference of two independent means with Welch's interval, variances not supposed equal.

    Parameters
    ----------
    x, y, conf_level
        As in :func:`mean_contrast`.

    Returns
    -------
    Coefficient

    References
    ----------
    Welch, B. L. (1947). The generalization of "Student's" problem when several different
    population variances are involved. Biometrika, 34(1–2), 28–35. doi:10.1093/biomet/34.1-2.28

    Examples
    --------
    >>> mean_difference([5, 6, 7, 8], [3, 4, 5, 6])
    mean difference (Welch) = 2.000 [-0.234, 4.234], n = 8
    """
    first, second = _groups(x, y, conf_level)
    n = len(first) + len(second)
    labels = ("mean difference", n, conf_level, "Welch's t interval", WELCH, "Welch")
    if min(len(first), len(second)) == 0:
        return _undefined(labels, "a group is empty")
    value = float(first.mean() - second.mean())
    if min(len(first), len(second)) < 2:
        return _without_interval(labels, value, "a group has one unit: no interval")
    error = float(np.sqrt(first.var(ddof=1) / len(first) + second.var(ddof=1) / len(second)))
    if _constant(first) and _constant(second):
        return _without_interval(labels, value, "no variance within groups: no interval")
    _, df = _welch(first, second)
    half = float(special.stdtrit(df, (1 + conf_level) / 2)) * error
    return _coefficient(labels, value, value - half, value + half, error)


def cohen_d(x: ArrayLike, y: ArrayLike, conf_level: float = 0.95) -> Coefficient:
    """Standardised difference of two independent means by the pooled standard deviation.

    The interval inverts the noncentral t distribution: exact for normal scores of equal variance.

    Parameters
    ----------
    x, y, conf_level
        As in :func:`mean_contrast`.

    Returns
    -------
    Coefficient

    References
    ----------
    Cohen, J. (1988). Statistical Power Analysis for the Behavioral Sciences (2nd ed.). Erlbaum.

    Cumming, G., & Finch, S. (2001). doi:10.1177/0013164401614002

    Examples
    --------
    >>> cohen_d([5, 6, 7, 8], [3, 4, 5, 6])
    d (pooled SD) = 1.549 [-0.125, 3.134], n = 8
    """
    first, second = _groups(x, y, conf_level)
    return _pooled(first, second, conf_level, corrected=False)


def hedges_g(x: ArrayLike, y: ArrayLike, conf_level: float = 0.95) -> Coefficient:
    """Cohen's d freed of its bias by Hedges' exact factor.

    The interval is that of d: both estimate the same population value, and it is exact.

    Parameters
    ----------
    x, y, conf_level
        As in :func:`mean_contrast`.

    Returns
    -------
    Coefficient

    References
    ----------
    Hedges, L. V. (1981). Distribution theory for Glass's estimator of effect size and related
    estimators. Journal of Educational Statistics, 6(2), 107–128. doi:10.3102/10769986006002107

    Examples
    --------
    >>> hedges_g([5, 6, 7, 8], [3, 4, 5, 6])
    g (pooled SD, unbiased) = 1.346 [-0.125, 3.134], n = 8
    """
    first, second = _groups(x, y, conf_level)
    return _pooled(first, second, conf_level, corrected=True)


def glass_delta(x: ArrayLike, control: ArrayLike, conf_level: float = 0.95) -> Coefficient:
    """Difference of means by the standard deviation of the control group.

    The interval is Bonett's: large samples, variances not supposed equal.

    Parameters
    ----------
    x, control : array-like, shapes (n1,) and (n2,)
        NaN is left out.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    Coefficient

    References
    ----------
    Glass, G. V. (1976). Primary, secondary, and meta-analysis of research. Educational
    Researcher, 5(10), 3–8. doi:10.3102/0013189X005010003

    Bonett, D. G. (2008). Confidence intervals for standardized linear contrasts of means.
    Psychological Methods, 13(2), 99–109. doi:10.1037/1082-989X.13.2.99

    Examples
    --------
    >>> glass_delta([5, 6, 7, 9], [3, 4, 5, 6])
    delta (control SD) = 1.743 [-0.595, 4.081], n = 8
    """
    first, second = _groups(x, control, conf_level)
    n1, n2 = len(first), len(second)
    labels = ("delta", n1 + n2, conf_level, "Bonett's normal interval", BONETT, "control SD")
    if n1 == 0 or n2 < 2 or _constant(second):
        return _undefined(labels, "the control group has no variance, or a group is empty")
    spread = float(second.std(ddof=1))
    value = float(first.mean() - second.mean()) / spread
    if n1 < 2:
        return _without_interval(labels, value, "a group has one unit: no interval")
    ratio = float(first.var(ddof=1)) / spread**2
    error = float(np.sqrt(value**2 / (2 * (n2 - 1)) + ratio / (n1 - 1) + 1 / (n2 - 1)))
    half = float(special.ndtri((1 + conf_level) / 2)) * error
    return _coefficient(labels, value, value - half, value + half, error)


def unbiasing_factor(df: float) -> float:
    """Hedges' exact factor that turns d into g.

    Parameters
    ----------
    df : float
        Degrees of freedom of the standard deviation, above 1.

    References
    ----------
    Hedges (1981). doi:10.3102/10769986006002107

    Examples
    --------
    >>> round(unbiasing_factor(6), 4), round(unbiasing_factor(1000), 5)
    (0.8686, 0.99925)
    """
    logarithm = special.gammaln(df / 2) - special.gammaln((df - 1) / 2) - np.log(df / 2) / 2
    return float(np.exp(logarithm))


Labels = tuple[str, int, float, str, str, str]


def _pooled(
    first: FloatArray, second: FloatArray, conf_level: float, *, corrected: bool
) -> Coefficient:
    n1, n2 = len(first), len(second)
    df = n1 + n2 - 2
    name, variant = ("g", "pooled SD, unbiased") if corrected else ("d", "pooled SD")
    reference = f"{HEDGES}; {CUMMING}" if corrected else CUMMING
    labels = (name, n1 + n2, conf_level, "noncentral t interval", reference, variant)
    if min(n1, n2) == 0 or df < 1:
        return _undefined(labels, "a group is empty, or both hold one unit")
    if _constant(first) and _constant(second):
        return _undefined(labels, "no variance within groups")
    if corrected and df < 2:
        return _undefined(labels, "one degree of freedom: no unbiased estimate exists")
    squares = np.sum((first - first.mean()) ** 2) + np.sum((second - second.mean()) ** 2)
    d = float((first.mean() - second.mean()) / np.sqrt(squares / df))
    scale = np.sqrt(1 / n1 + 1 / n2)
    low, high = (float(limit * scale) for limit in noncentrality_limits(d / scale, df, conf_level))
    factor = unbiasing_factor(df) if corrected else 1.0
    error = float(factor * np.sqrt(scale**2 + d**2 / (2 * df)))
    return _coefficient(labels, factor * d, low, high, error)


def _groups(x: ArrayLike, y: ArrayLike, conf_level: float) -> tuple[FloatArray, FloatArray]:
    check_level(conf_level)
    groups = [np.asarray(values, dtype=np.float64) for values in (x, y)]
    for group in groups:
        if group.ndim != 1 or np.isinf(group).any():
            raise ValueError(f"a group of shape {group.shape}: give a vector of finite numbers")
    first, second = (group[~np.isnan(group)] for group in groups)
    return first, second


def _constant(values: FloatArray) -> bool:
    return bool(np.ptp(values) <= ROUNDING * np.abs(values).max())


def _welch(first: FloatArray, second: FloatArray) -> tuple[float, float]:
    """Statistic and its degrees of freedom; NaN and zero where there are none."""
    if min(len(first), len(second)) < 2 or (_constant(first) and _constant(second)):
        return float("nan"), 0.0
    parts = first.var(ddof=1) / len(first), second.var(ddof=1) / len(second)
    df = sum(parts) ** 2 / (parts[0] ** 2 / (len(first) - 1) + parts[1] ** 2 / (len(second) - 1))
    return float((first.mean() - second.mean()) / np.sqrt(sum(parts))), float(df)


def _coefficient(
    labels: Labels, value: float, low: float, high: float, se: float, note: str = ""
) -> Coefficient:
    name, n, conf_level, method, reference, variant = labels
    method = f"{method}; missing scores left out"
    return Coefficient(
        name, value, low, high, conf_level, n, method, reference, variant=variant, se=se, note=note
    )


def _without_interval(labels: Labels, value: float, note: str) -> Coefficient:
    nan = float("nan")
    return _coefficient(labels, value, nan, nan, nan, note)


def _undefined(labels: Labels, reason: str) -> Coefficient:
    name, n, conf_level, method, reference, variant = labels
    return undefined(
        name,
        reason,
        n=n,
        conf_level=conf_level,
        method=method,
        reference=reference,
        variant=variant,
    )
