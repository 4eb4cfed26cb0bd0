"""An estimate as a sentence of a results section."""

import math
from collections.abc import Iterable
from typing import overload

from psychometrics.analysis.estimate import Estimate
from psychometrics.citations import author_year
from psychometrics.errors import DataError
from psychometrics.report.estimate_text import (
    capitalised,
    coefficient_label,
    has_interval,
    interval_text,
    level_text,
    n_text,
    p_text,
    value_text,
)


@overload
def sentence(estimate: Estimate, *, digits: int = 2, leading_zero: bool | None = None) -> str: ...
@overload
def sentence(
    estimate: Iterable[Estimate], *, digits: int = 2, leading_zero: bool | None = None
) -> list[str]: ...
def sentence(
    estimate: Estimate | Iterable[Estimate], *, digits: int = 2, leading_zero: bool | None = None
) -> str | list[str]:
    """Say an estimate in one sentence, as a results section does.

    Parameters
    ----------
    estimate : Estimate or Estimates
    digits : int
        After the point.
    leading_zero : bool, optional
        Print 0.81 or .81. Default: .81 where the coefficient cannot exceed one.

    Returns
    -------
    str or list of str
        A sentence; of several estimates one for each.

    Raises
    ------
    DataError
        It is no estimate.

    Examples
    --------
    >>> feldt = "10.1007/BF02289499"
    >>> sentence(Estimate("alpha", 0.81, 0.74, 0.87, 0.95, 64, "respondents", "Feldt's F interval",
    ...     feldt, variant="raw", of="extraversion"))
    "Cronbach's alpha (raw) of extraversion was .81, 95% CI [.74, .87], n = 64 respondents (Feldt's F interval; Feldt, 1965)."
    """  # noqa: E501
    if isinstance(estimate, Estimate):
        return _sentence(estimate, digits, leading_zero)
    listed = getattr(estimate, "to_estimates", None)
    parts = listed() if callable(listed) else estimate
    if isinstance(parts, Iterable) and not isinstance(parts, str):
        parts = list(parts)
        if all(isinstance(part, Estimate) for part in parts):
            return [_sentence(part, digits, leading_zero) for part in parts]
    raise DataError(
        f"{type(estimate).__name__} is no estimate.", "Give one that a coefficient returned."
    )


def _sentence(estimate: Estimate, digits: int, leading_zero: bool | None) -> str:
    subject = capitalised(coefficient_label(estimate))
    subject += f" of {estimate.of}" if estimate.of else ""
    rest = f"{_p(estimate)}, n = {n_text(estimate)}"
    details = [] if estimate.method == "none" else [estimate.method]
    details += author_year(estimate.reference)
    if math.isnan(estimate.value):
        reason = f": {estimate.note}" if estimate.note else ""
        said = f"{subject} could not be estimated{reason}, n = {n_text(estimate)}"
    elif has_interval(estimate):
        limits = interval_text(estimate, digits, leading_zero)
        value = value_text(estimate, digits, leading_zero)
        level = level_text(estimate.conf_level)
        said = f"{subject} was {value}, {level} CI {limits}{rest}"
        details += [estimate.note]
    else:
        reason = f" ({estimate.note})" if estimate.note else ""
        value = value_text(estimate, digits, leading_zero)
        said = f"{subject} was {value}, without an interval{reason}{rest}"
    account = "; ".join(filter(None, details))
    return f"{said} ({account})." if account else f"{said}."


def _p(estimate: Estimate) -> str:
    found = p_text(estimate)
    return f", p {'' if found.startswith('<') else '= '}{found}" if found else ""
