"""The standard error of measurement, and the smallest difference that is more than error."""

import math
from dataclasses import replace

import numpy as np
from scipy import stats

from psychometrics.stats.arrays import check_level
from psychometrics.stats.coefficient import Coefficient

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
        negative reliability gives an error above ``sd``, and a note. The standard error is that of
        the reliability by the delta method.

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
    check_level(certainty)
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


def _error(reliability: float, sd: float) -> float:
    return sd * math.sqrt(1 - reliability) if reliability <= 1 else float("nan")


def _check_sd(sd: float) -> None:
    if not (np.isfinite(sd) and sd >= 0):
        raise ValueError(f"sd={sd} is no standard deviation; give that of the score")
