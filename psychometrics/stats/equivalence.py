"""Equivalence tests: whether a difference, or a correlation, is too small to matter.

Two one-sided tests at alpha, which is the same as to ask whether the 1 - 2 alpha interval lies
between the margins. Beside them stands the usual test of zero, whose interval is the 1 - alpha one.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.correlation import pearson
from psychometrics.stats.dependent_correlations import CorrelationDifference
from psychometrics.stats.mean_contrast import cohen_d, mean_contrast
from psychometrics.stats.noncentral_t import noncentral_t
from psychometrics.stats.paired_contrast import paired_contrast

SCHUIRMANN = "10.1007/BF01068419"
LAKENS = "10.1177/1948550617697177"

Margins = tuple[float, float]


@dataclass(frozen=True, slots=True)
class EquivalenceTest:
    """A test of equivalence and one of difference, and what they say together.

    Parameters
    ----------
    estimate : Coefficient
        With the 1 - 2 alpha interval, which decides on equivalence.
    margins : tuple of float
        Lower and upper; between them a value does not matter.
    p_lower, p_upper : float
        One-sided, of the value being at or below the lower, at or above the upper margin; NaN
        where the method has intervals only.
    p_equivalence : float
        The larger of the two.
    p_difference : float
        Two-sided, of the value being zero.
    alpha : float
    verdict : {"equivalent", "different", "both", "inconclusive", "undefined"}
        ``both``: not zero, and yet too small to matter.
    method, reference : str
    """

    estimate: Coefficient
    margins: Margins
    p_lower: float
    p_upper: float
    p_equivalence: float
    p_difference: float
    alpha: float
    verdict: str
    method: str
    reference: str


def equivalent_means(
    x: ArrayLike, y: ArrayLike, margins: Margins, alpha: float = 0.05
) -> EquivalenceTest:
    """Mean difference of two independent groups, by Welch's t.

    Parameters
    ----------
    x, y : array-like, shapes (n1,) and (n2,)
        NaN is left out.
    margins : tuple of float
        Lower and upper, in units of the scores, with zero between them.
    alpha : float
        Below .5.

    Returns
    -------
    EquivalenceTest

    Raises
    ------
    ValueError
        Margins without zero between them, or alpha out of range.

    References
    ----------
    Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the power
    approach for assessing the equivalence of average bioavailability. Journal of
    Pharmacokinetics and Biopharmaceutics, 15(6), 657–680. doi:10.1007/BF01068419

    Lakens, D. (2017). Equivalence tests: a practical primer for t tests, correlations, and
    meta-analyses. Social Psychological and Personality Science, 8(4), 355–362.
    doi:10.1177/1948550617697177

    Examples
    --------
    >>> x = np.linspace(0, 1, 40)
    >>> found = equivalent_means(x, x + 0.02, (-0.2, 0.2))
    >>> found.verdict, found.estimate
    ('equivalent', mean difference (Welch) = -0.020 [-0.132, 0.092], n = 80)
    """
    _check(margins, alpha)
    found = mean_contrast(x, y, 1 - 2 * alpha)
    return _by_t(found.difference, found.df, margins, alpha, found.p, "two one-sided Welch t tests")


def equivalent_pairs(
    x: ArrayLike,
    y: ArrayLike,
    margins: Margins,
    alpha: float = 0.05,
    *,
    clusters: ArrayLike | None = None,
) -> EquivalenceTest:
    """Mean difference over the same units, by the paired t.

    Parameters
    ----------
    x, y : array-like, shape (n,)
        Pairs with a NaN are left out.
    margins, alpha
        As in :func:`equivalent_means`.
    clusters : array-like, shape (n,), optional
        Labels of the independent units; pairs are averaged within them first.

    Returns
    -------
    EquivalenceTest

    Examples
    --------
    >>> x = np.linspace(0, 1, 40)
    >>> equivalent_pairs(x, x + 0.02 * np.cos(9 * x), (-0.2, 0.2)).verdict
    'equivalent'
    """
    _check(margins, alpha)
    found = paired_contrast(x, y, 1 - 2 * alpha, clusters=clusters)
    return _by_t(
        found.difference, found.df, margins, alpha, found.p, "two one-sided paired t tests"
    )


def equivalent_d(
    x: ArrayLike, y: ArrayLike, margins: Margins, alpha: float = 0.05
) -> EquivalenceTest:
    """Cohen's d of two independent groups, by the noncentral t: margins in standard deviations.

    Exact for normal scores of equal variance; margins that are multiplied by the observed standard
    deviation and then tested as mean differences are not.

    Parameters
    ----------
    x, y, margins, alpha
        As in :func:`equivalent_means`, margins in units of d.

    Returns
    -------
    EquivalenceTest

    Examples
    --------
    >>> x = np.linspace(0, 1, 80)
    >>> equivalent_d(x, x + 0.02, (-0.5, 0.5)).verdict
    'equivalent'
    """
    _check(margins, alpha)
    found = cohen_d(x, y, 1 - 2 * alpha)
    n1, n2 = (int(np.sum(~np.isnan(np.asarray(part, dtype=np.float64)))) for part in (x, y))
    if np.isnan(found.value):
        return _undefined(found, margins, alpha, "two one-sided noncentral t tests")
    scale, df = np.sqrt(1 / n1 + 1 / n2), n1 + n2 - 2
    t = float(found.value / scale)
    lower = 1 - noncentral_t(t, df, float(margins[0] / scale))
    upper = noncentral_t(t, df, float(margins[1] / scale))
    p = float(2 * special.stdtr(df, -abs(t)))
    return _verdict(found, margins, (lower, upper), p, alpha, "two one-sided noncentral t tests")


def equivalent_correlation(
    x: ArrayLike, y: ArrayLike, margins: Margins, alpha: float = 0.05
) -> EquivalenceTest:
    """Pearson's correlation, by Fisher's z.

    Parameters
    ----------
    x, y : array-like, shape (n,)
        Units with a NaN are left out.
    margins : tuple of float
        Lower and upper correlation, between -1 and 1, with zero between them.
    alpha : float
        Below .5.

    Returns
    -------
    EquivalenceTest

    Examples
    --------
    >>> x = np.linspace(-1, 1, 201)
    >>> equivalent_correlation(x, x**2, (-0.2, 0.2)).verdict
    'equivalent'
    """
    _check(margins, alpha, most=1.0)
    found = pearson(x, y, 1 - 2 * alpha)
    method = "two one-sided tests of Fisher's z"
    if np.isnan(found.low):
        return _undefined(found, margins, alpha, method)
    error = 1 / np.sqrt(found.n - 3)
    z = np.arctanh(found.value)
    lower = float(special.ndtr(-(z - np.arctanh(margins[0])) / error))
    upper = float(special.ndtr((z - np.arctanh(margins[1])) / error))
    p = float(2 * special.ndtr(-abs(z) / error))
    return _verdict(found, margins, (lower, upper), p, alpha, method)


def equivalent_correlations(
    difference: Callable[[float], CorrelationDifference], margins: Margins, alpha: float = 0.05
) -> EquivalenceTest:
    """Difference of two correlations, independent or dependent, by inclusion of Zou's interval.

    Parameters
    ----------
    difference : callable
        Takes a confidence level, returns the difference: a function of
        ``dependent_correlations`` with its other arguments filled in.
    margins, alpha
        As in :func:`equivalent_means`, margins in units of correlation.

    Returns
    -------
    EquivalenceTest
        Without one-sided p-values: Zou's method has intervals only. Equivalence is decided by the
        1 - 2 alpha interval, difference by the 1 - alpha interval and ``p_difference`` is that of
        the difference's own test.

    Examples
    --------
    >>> from psychometrics.stats.dependent_correlations import overlapping_difference
    >>> found = equivalent_correlations(
    ...     lambda level: overlapping_difference(0.40, 0.42, 0.5, 500, level), (-0.15, 0.15))
    >>> found.verdict, found.estimate
    ('equivalent', difference of correlations = -0.020 [-0.086, 0.046], n = 500)
    """
    _check(margins, alpha, most=2.0)
    narrow, wide = difference(1 - 2 * alpha), difference(1 - alpha)
    estimate, method = narrow.difference, "interval inclusion"
    if np.isnan(estimate.low):
        return _undefined(estimate, margins, alpha, method)
    inside = margins[0] < estimate.low and estimate.high < margins[1]
    differs = wide.difference.low > 0 or wide.difference.high < 0
    nan = float("nan")
    return EquivalenceTest(
        estimate,
        margins,
        nan,
        nan,
        nan,
        narrow.p,
        alpha,
        _word(inside, differs),
        method,
        f"{SCHUIRMANN}; {LAKENS}; {estimate.reference}",
    )


def _by_t(
    estimate: Coefficient, df: float, margins: Margins, alpha: float, p: float, method: str
) -> EquivalenceTest:
    if np.isnan(estimate.low):
        return _undefined(estimate, margins, alpha, method)
    lower = float(special.stdtr(df, -(estimate.value - margins[0]) / estimate.se))
    upper = float(special.stdtr(df, (estimate.value - margins[1]) / estimate.se))
    return _verdict(estimate, margins, (lower, upper), p, alpha, method)


def _verdict(
    estimate: Coefficient,
    margins: Margins,
    one_sided: tuple[float, float],
    p: float,
    alpha: float,
    method: str,
) -> EquivalenceTest:
    larger = max(one_sided)
    return EquivalenceTest(
        estimate,
        margins,
        *one_sided,
        larger,
        p,
        alpha,
        _word(larger < alpha, p < alpha),
        method,
        f"{SCHUIRMANN}; {LAKENS}",
    )


def _word(inside: bool, differs: bool) -> str:
    if inside:
        return "both" if differs else "equivalent"
    return "different" if differs else "inconclusive"


def _undefined(
    estimate: Coefficient, margins: Margins, alpha: float, method: str
) -> EquivalenceTest:
    nan = float("nan")
    return EquivalenceTest(
        estimate, margins, nan, nan, nan, nan, alpha, "undefined", method, f"{SCHUIRMANN}; {LAKENS}"
    )


def _check(margins: Margins, alpha: float, most: float = np.inf) -> None:
    low, high = margins
    if not -most < low < 0 < high < most:
        bound = "" if most == np.inf else f", and both within ±{most:g}"
        raise ValueError(f"margins {margins}: zero has to lie between them{bound}")
    if not 0 < alpha < 0.5:
        raise ValueError(f"alpha={alpha} is not between 0 and .5")
