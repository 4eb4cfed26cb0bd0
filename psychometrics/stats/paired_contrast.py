"""Two models, or two revisions, over the same items or cells: the paired contrast."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from psychometrics.stats.arrays import FloatArray, as_matrix, check_level, complete_rows
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.mean_interval import mean_interval
from psychometrics.stats.noncentral_t import detectable_noncentrality, noncentrality_limits
from psychometrics.stats.resampling import unit_codes

STUDENT = "10.1093/biomet/6.1.1"
CUMMING = "10.1177/0013164401614002"
BONETT = "10.1037/1082-989X.13.2.99"

# A spread below this share of the values is rounding.
ROUNDING = 1e-13


@dataclass(frozen=True, slots=True)
class PairedContrast:
    """A contrast over the same units.

    Parameters
    ----------
    difference : Coefficient
        Mean of first minus second, with Student's interval.
    d_z : Coefficient
        By the standard deviation of the differences; noncentral t interval, exact for normal ones.
    d_av : Coefficient
        By the root of the mean of the two variances, on the scale of the scores themselves;
        Bonett's interval.
    t, df, p : float
        Paired t test, two-sided; NaN where ``difference.note`` says why.
    detectable : float
        Smallest true mean difference that the test finds with the power, the standard deviation
        of the differences being as observed.
    detectable_d_z : float
        The same as d_z.
    alpha, power : float
        Of ``detectable``.
    n_pairs : int
        Complete pairs; ``difference.n`` counts independent units.
    """

    difference: Coefficient
    d_z: Coefficient
    d_av: Coefficient
    t: float
    df: float
    p: float
    detectable: float
    detectable_d_z: float
    alpha: float
    power: float
    n_pairs: int


def paired_contrast(
    x: ArrayLike,
    y: ArrayLike,
    conf_level: float = 0.95,
    *,
    clusters: ArrayLike | None = None,
    alpha: float = 0.05,
    power: float = 0.8,
) -> PairedContrast:
    """Contrast two sets of scores over the same units.

    Parameters
    ----------
    x, y : array-like, shape (n,)
        Pairs with a NaN are left out.
    conf_level : float
        Between 0 and 1.
    clusters : array-like, shape (n,), optional
        Label of the independent unit of each pair: the item, if it was put in several orders.
        Pairs are averaged within units first, and d_av then has the spread of those averages.
    alpha, power : float
        For the smallest detectable difference.

    Returns
    -------
    PairedContrast

    Raises
    ------
    ValueError
        Not equal vectors, labels do not fit, or a probability is out of range.

    References
    ----------
    Student (1908). The probable error of a mean. Biometrika, 6(1), 1–25. doi:10.1093/biomet/6.1.1

    Cumming & Finch (2001). doi:10.1177/0013164401614002

    Bonett, D. G. (2008). Confidence intervals for standardized linear contrasts of means.
    Psychological Methods, 13(2), 99–109. doi:10.1037/1082-989X.13.2.99

    Examples
    --------
    >>> found = paired_contrast([5, 6, 7, 9, 4], [4, 6, 5, 8, 3])
    >>> found.difference
    mean difference (paired) = 1.000 [0.122, 1.878], n = 5
    >>> found.d_z, found.d_av
    (d_z = 1.414 [0.093, 2.668], n = 5, d_av = 0.520 [0.019, 1.021], n = 5)
    >>> round(found.detectable, 2)
    1.19
    """
    check_level(conf_level)
    units, n_pairs, method = _units(x, y, clusters)
    n = len(units)
    differences = units[:, 0] - units[:, 1]
    why = _refusal(units, differences)
    difference = _mean_difference(differences, conf_level, method, why)
    t = df = p = detectable = detectable_d = float("nan")
    if n > 1:
        df = float(n - 1)
        detectable_d = float(detectable_noncentrality(df, alpha, power) / np.sqrt(n))
        detectable = detectable_d * float(differences.std(ddof=1))
    if not why:
        t = difference.value / difference.se
        p = float(2 * special.stdtr(df, -abs(t)))
    return PairedContrast(
        difference,
        _d_z(t, n, conf_level, method, why),
        _d_av(units, conf_level, method, why),
        t,
        df,
        p,
        detectable,
        detectable_d,
        alpha,
        power,
        n_pairs,
    )


def _mean_difference(
    differences: FloatArray, conf_level: float, method: str, why: str
) -> Coefficient:
    summary = mean_interval(differences, conf_level)
    return Coefficient(
        "mean difference",
        summary.mean,
        np.nan if why else summary.low,
        np.nan if why else summary.high,
        conf_level,
        len(differences),
        f"Student's t interval; {method}",
        STUDENT,
        variant="paired",
        se=np.nan if why else summary.standard_error,
        note=why,
    )


def _units(x: ArrayLike, y: ArrayLike, clusters: ArrayLike | None) -> tuple[FloatArray, int, str]:
    """Pairs of independent units, how many pairs they are made of, and how."""
    first, second = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(f"x has shape {first.shape}, y {second.shape}; give two equal vectors")
    pairs = as_matrix(np.column_stack([first, second]))
    if clusters is None:
        rows = complete_rows(pairs)
        return rows, len(rows), "complete pairs"
    complete = ~np.isnan(pairs).any(axis=1)
    labels = np.asarray(clusters)
    if labels.shape != first.shape:
        raise ValueError(f"{labels.shape} labels for {len(first)} pairs; give one a pair")
    pairs = pairs[complete]
    method = "complete pairs, averaged within units"
    if len(pairs) == 0:
        return pairs, 0, method
    codes, n_units = unit_codes(len(pairs), labels[complete])
    sizes = np.bincount(codes, minlength=n_units)
    means = [np.bincount(codes, column, n_units) / sizes for column in pairs.T]
    return np.column_stack(means), len(pairs), method


def _refusal(units: FloatArray, differences: FloatArray) -> str:
    if len(units) == 0:
        return "no complete pair"
    if len(units) == 1:
        return "one unit: no interval"
    if np.ptp(differences) <= ROUNDING * np.abs(units).max():
        return "the difference is the same in all units: no interval"
    return ""


def _d_z(t: float, n: int, conf_level: float, method: str, why: str) -> Coefficient:
    method = f"noncentral t interval; {method}"
    if why:
        return undefined(
            "d_z", why.split(":")[0], n=n, conf_level=conf_level, method=method, reference=CUMMING
        )
    root = np.sqrt(n)
    low, high = (float(limit / root) for limit in noncentrality_limits(t, n - 1, conf_level))
    value = float(t / root)
    error = float(np.sqrt(1 / n + value**2 / (2 * (n - 1))))
    return Coefficient("d_z", value, low, high, conf_level, n, method, CUMMING, se=error)


def _d_av(units: FloatArray, conf_level: float, method: str, why: str) -> Coefficient:
    n = len(units)
    method = f"Bonett's normal interval; {method}"
    if n < 2 or (np.ptp(units, axis=0) <= ROUNDING * np.abs(units).max()).all():
        reason = why.split(":")[0] if n < 2 else "scores do not vary"
        return undefined(
            "d_av", reason, n=n, conf_level=conf_level, method=method, reference=BONETT
        )
    (v1, c), (_, v2) = np.cov(units.T)
    mean = (v1 + v2) / 2
    value = float((units[:, 0] - units[:, 1]).mean() / np.sqrt(mean))
    of_spread = value**2 * (v1**2 + v2**2 + 2 * c**2) / (8 * (n - 1) * mean**2)
    error = float(np.sqrt(of_spread + max(v1 + v2 - 2 * c, 0.0) / ((n - 1) * mean)))
    half = float(special.ndtri((1 + conf_level) / 2)) * error
    return Coefficient(
        "d_av", value, value - half, value + half, conf_level, n, method, BONETT, se=error
    )
