"""The standard error of measurement, and the smallest difference that is more than error."""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from psychometrics.stats.arrays import FloatArray, as_matrix
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.intraclass_correlation import FORMS

_LORD = "Lord & Novick (1968), Statistical Theories of Mental Test Scores"
_FORMULA = "standard deviation × √(1 - reliability), the former taken as known"
_JACOBSON = "10.1037/0022-006X.59.1.12"


def standard_error_of_measurement(reliability: Coefficient, sd: float) -> Coefficient:
    """Standard deviation of the error of a score: sd √(1 − reliability).

    Parameters
    ----------
    reliability : Coefficient
        Of the score, at most 1; of the raw score if ``sd`` is.
    sd : float
        Standard deviation of the score among the units, not negative.

    Returns
    -------
    Coefficient
        In the units of ``sd``. Its limits are those of the reliability transformed, the upper one
        giving the lower, with ``sd`` taken as known, as that of a norm group is. If ``sd`` comes
        from the same units as the reliability, the two err in opposite directions and the interval
        is too wide: with alpha of five or six items it covers in more than 99 % of samples. A
        negative reliability gives an error above ``sd``, and a note. Without a reliability there
        is no error, and ``sd`` is not looked at. The standard error is that of the reliability by
        the delta method.

    Raises
    ------
    ValueError
        ``sd`` is negative, infinite or missing.

    References
    ----------
    Lord, F. M., & Novick, M. R. (1968). Statistical Theories of Mental Test Scores.
    Addison-Wesley.

    Examples
    --------
    >>> r = Coefficient("alpha", 0.84, 0.75, 0.91, 0.95, 60, "Feldt", "", variant="raw")
    >>> standard_error_of_measurement(r, 10)
    standard error of measurement (alpha, raw) = 4.000 [3.000, 5.000], n = 60
    """
    if np.isnan(reliability.value):
        return _without_reliability(reliability)
    _check_sd(sd)
    kind = ", ".join(filter(None, (reliability.name, reliability.variant)))
    method = f"{_FORMULA}; {reliability.method}"
    notes = [reliability.note]
    value = _error(reliability.value, sd)
    low, high = _error(min(reliability.high, 1), sd), _error(reliability.low, sd)
    if reliability.value > 1:
        notes.append("the reliability is above 1: no error variance is left")
        low = high = float("nan")
    elif reliability.high > 1:
        notes.append("the upper limit of the reliability is above 1: the error starts at 0")
    if reliability.value < 0:
        notes.append("the reliability is negative: the error exceeds the sd")
    se = sd**2 * reliability.se / (2 * value) if value > 0 else float("nan")
    return Coefficient(
        "standard error of measurement",
        value,
        low,
        high,
        reliability.conf_level,
        reliability.n,
        method,
        "; ".join(filter(None, (_LORD, reliability.reference))),
        variant=kind,
        se=se,
        note="; ".join(filter(None, notes)),
    )


def minimal_detectable_difference(
    reliability: Coefficient, sd: float, *, certainty: float = 0.95
) -> Coefficient:
    """Smallest difference of two scores that error alone exceeds with no more than 1 − certainty.

    It is z √2 SEM, for two scores of the same unit with independent normal errors.

    Parameters
    ----------
    reliability, sd
        As in :func:`standard_error_of_measurement`.
    certainty : float
        Between 0 and 1, two-sided: .95 gives z = 1.96. It is not the level of the interval, which
        is that of the reliability.

    Returns
    -------
    Coefficient
        In the units of ``sd``; interval and notes as for the standard error of measurement.

    Raises
    ------
    ValueError
        ``sd`` is negative, infinite or missing, or ``certainty`` is out of range.

    References
    ----------
    Jacobson, N. S., & Truax, P. (1991). Clinical significance: A statistical approach to defining
    meaningful change in psychotherapy research. Journal of Consulting and Clinical Psychology,
    59(1), 12–19. doi:10.1037/0022-006X.59.1.12

    Examples
    --------
    >>> r = Coefficient("alpha", 0.84, 0.75, 0.91, 0.95, 60, "Feldt", "", variant="raw")
    >>> minimal_detectable_difference(r, 10)
    minimal detectable difference (alpha, raw) = 11.087 [8.315, 13.859], n = 60
    """
    if not 0 < certainty < 1:
        raise ValueError(f"certainty={certainty} is not between 0 and 1; give 0.95 for 95 %")
    error = standard_error_of_measurement(reliability, sd)
    factor = float(stats.norm.ppf((1 + certainty) / 2)) * math.sqrt(2)
    return replace(
        error,
        name="minimal detectable difference",
        value=factor * error.value,
        low=factor * error.low,
        high=factor * error.high,
        se=factor * error.se,
        method=f"z √2 SEM with certainty {certainty:g}; {error.method}",
        reference=f"{_JACOBSON}; {error.reference}",
    )


def rating_sd(x: ArrayLike, form: str, reliability: float) -> float:
    """Standard deviation of the score whose reliability an intraclass correlation is.

    Parameters
    ----------
    x : array_like, shape (units, raters)
        NaN is missing.
    form : str
        One of the six, as in `intraclass_correlation`: of one rating or of the mean over the
        raters. ICC(2, ·) is of ratings by a rater drawn at random, whose level is part of their
        spread; ICC(3, ·) of ratings by the same rater; ICC(1, ·) of ratings by raters drawn anew.
    reliability : float
        The intraclass correlation.

    Returns
    -------
    float
        For one rating, the root of half the mean squared difference between ratings of two units:
        by the same rater for ICC(3,1), by two raters for ICC(2,1), by any for ICC(1,1). Without
        missing ratings sd² (1 − ICC(3,1)) is the residual mean square, sd² (1 − ICC(1,1)) the one
        within units. NaN where no two units have such ratings.

    Raises
    ------
    ValueError
        An unknown form.

    References
    ----------
    McGraw, K. O., & Wong, S. P. (1996). Forming inferences about some intraclass correlation
    coefficients. Psychological Methods, 1(1), 30–46. doi:10.1037/1082-989X.1.1.30

    Examples
    --------
    >>> ratings = [[7, 4, 5], [3, 1, 2], [6, 2, 4], [9, 6, 6], [5, 3, 5], [8, 4, 7]]
    >>> round(rating_sd(ratings, "ICC(3,1)", 0.86), 3)
    1.889
    """
    if form not in FORMS:
        raise ValueError(f"form={form!r} is unknown; give one of {', '.join(FORMS)}")
    ratings = as_matrix(x)
    one = _half_squared_difference(ratings, form[4])
    k = ratings.shape[1]
    if form.endswith("1)"):
        return math.sqrt(one)
    single = reliability / (k - (k - 1) * reliability)
    return math.sqrt(one * max(single + (1 - single) / k, 0.0))


def _half_squared_difference(x: FloatArray, kind: str) -> float:
    """Half the mean squared difference between the ratings of two units, over pairs."""
    x = x - np.nanmean(x) if not np.isnan(x).all() else x
    within = {
        "all": _pairs(x.reshape(1, -1)),
        "unit": _pairs(x),
        "rater": _pairs(x.T),
    }
    total, pairs = within["rater"]
    if kind in "12":
        total, pairs = (
            whole - part for whole, part in zip(within["all"], within["unit"], strict=True)
        )
    if kind == "2":
        total, pairs = total - within["rater"][0], pairs - within["rater"][1]
    return max(total, 0.0) / pairs / 2 if pairs > 0 else float("nan")


def _pairs(groups: FloatArray) -> tuple[float, float]:
    """Sum of squared differences over ordered pairs within each row, and how many there are."""
    n = (~np.isnan(groups)).sum(axis=1)
    total, squares = np.nansum(groups, axis=1), np.nansum(groups**2, axis=1)
    return float((2 * n * squares - 2 * total**2).sum()), float((n * (n - 1)).sum())


def _without_reliability(reliability: Coefficient) -> Coefficient:
    return undefined(
        "standard error of measurement",
        reliability.note or "the reliability is not estimated",
        n=reliability.n,
        conf_level=reliability.conf_level,
        method=f"{_FORMULA}; {reliability.method}",
        reference="; ".join(filter(None, (_LORD, reliability.reference))),
        variant=", ".join(filter(None, (reliability.name, reliability.variant))),
    )


def _error(reliability: float, sd: float) -> float:
    return sd * math.sqrt(1 - reliability) if reliability <= 1 else float("nan")


def _check_sd(sd: float) -> None:
    if not (np.isfinite(sd) and sd >= 0):
        raise ValueError(f"sd={sd} is no standard deviation; give that of the score")
