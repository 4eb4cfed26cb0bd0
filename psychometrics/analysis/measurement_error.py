"""What a reliability means in points of the score."""

import re

import numpy as np

from psychometrics.analysis.estimate import Estimate, estimate_from
from psychometrics.analysis.verb import verb
from psychometrics.errors import DataError
from psychometrics.stats import measurement_error as formulas
from psychometrics.stats.coefficient import Coefficient

_RELIABILITY = re.compile(
    r"alpha|omega total|composite reliability|greatest lower bound|split-half|lambda-\d|mu-\d|"
    "intraclass correlation|Eρ²|Φ"
)


@verb
def standard_error_of_measurement(reliability: Estimate, *, sd: float | None = None) -> Estimate:
    """Standard deviation of the error of a scale score: sd √(1 − reliability).

    Parameters
    ----------
    reliability : Estimate
        Of the raw score, such as ``pm.alpha(responses, by="scale")["trust"]``.
    sd : float, optional
        Standard deviation of the score: that of a norm group. If not given, that of the
        respondents' mean answers; for an intraclass correlation, that of the ratings it is of:
        absolute agreement counts the differences between raters too.

    Returns
    -------
    Estimate
        In points of the response scale where ``sd`` is not given.

    Raises
    ------
    DataError
        No ``sd``, and the estimate does not carry its answers; or it is no reliability, or one of
        standardised items.

    References
    ----------
    Lord, F. M., & Novick, M. R. (1968). Statistical Theories of Mental Test Scores. Addison-Wesley.

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(60, 1)) + rng.normal(size=(60, 5))
    >>> pm.standard_error_of_measurement(pm.alpha(x)).value.__round__(2)
    0.43
    """
    found = formulas.standard_error_of_measurement(_coefficient(reliability), _sd(reliability, sd))
    return _of(reliability, found)


@verb
def minimal_detectable_difference(
    reliability: Estimate, *, sd: float | None = None, certainty: float = 0.95
) -> Estimate:
    """Smallest difference of two scores of one respondent that is more than error.

    Parameters
    ----------
    reliability, sd
        As in :func:`standard_error_of_measurement`.
    certainty : float
        Between 0 and 1, two-sided.

    Returns
    -------
    Estimate

    Raises
    ------
    DataError
        As in :func:`standard_error_of_measurement`.

    References
    ----------
    Jacobson, N. S., & Truax, P. (1991). Clinical significance: A statistical approach to defining
    meaningful change in psychotherapy research. Journal of Consulting and Clinical Psychology,
    59(1), 12–19. doi:10.1037/0022-006X.59.1.12

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(60, 1)) + rng.normal(size=(60, 5))
    >>> pm.minimal_detectable_difference(pm.alpha(x)).value.__round__(2)
    1.19
    """
    found = formulas.minimal_detectable_difference(
        _coefficient(reliability), _sd(reliability, sd), certainty=certainty
    )
    return _of(reliability, found)


def _coefficient(estimate: Estimate) -> Coefficient:
    if not isinstance(estimate, Estimate):
        raise DataError(
            f"{type(estimate).__name__} is no single estimate.", "Take one: alpha['trust']."
        )
    if not _RELIABILITY.fullmatch(estimate.name):
        raise DataError(
            f"{estimate.label} is no reliability.",
            "Give alpha, omega, a lambda, an intraclass correlation, or another reliability.",
        )
    if re.search("standardised|correlation", estimate.variant):
        raise DataError(
            f"{estimate.label} is the reliability of standardised items, whose sum has no points.",
            "Give that of the raw score: variant='raw', or on='covariance'.",
        )
    return Coefficient(
        estimate.name, estimate.value, estimate.ci_low, estimate.ci_high, estimate.conf_level,
        estimate.n, estimate.method, estimate.reference, estimate.variant, estimate.se,
        estimate.note,
    )  # fmt: skip


def _sd(estimate: Estimate, sd: float | None) -> float:
    """Spread of the score whose reliability it is: of one column, or of the mean of all."""
    if sd is not None or np.isnan(estimate.value):
        return float("nan") if sd is None else sd
    if estimate.table is None:
        raise DataError(
            f"{estimate.label} does not carry the answers, and no sd is given.", "Give sd=…."
        )
    if estimate.name == "intraclass correlation":
        form = estimate.variant.split(", ")[0]
        return formulas.rating_sd(estimate.table.values, form, estimate.value)
    return float(estimate.table.frame.mean(axis=1).std(ddof=1))


def _of(reliability: Estimate, found: Coefficient) -> Estimate:
    return estimate_from(
        found, n_unit=reliability.n_unit, of=reliability.of, source=reliability.source
    )
