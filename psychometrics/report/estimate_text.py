"""Names and numbers of estimates as a paper prints them."""

import math
import re

from psychometrics.analysis.estimate import Estimate
from psychometrics.citations import author_year
from psychometrics.report.text import interval, number

# How a name of this library is printed, and whether the coefficient cannot exceed one.
_KNOWN: dict[str, tuple[str, bool]] = {
    "alpha": ("Cronbach's alpha", True),
    "omega total": ("omega total", True),
    "composite reliability": ("composite reliability", True),
    "average variance extracted": ("average variance extracted", True),
    "greatest lower bound": ("greatest lower bound", True),
    "split-half": ("split-half reliability", True),
    "intraclass correlation": ("intraclass correlation", True),
    "Eρ²": ("Eρ²", True),
    "Φ": ("Φ", True),
    "Cohen's kappa": ("Cohen's kappa", True),
    "kappa": ("kappa", True),
    "Fleiss' kappa": ("Fleiss' kappa", True),
    "Gwet's AC1": ("Gwet's AC1", True),
    "Gwet's AC2": ("Gwet's AC2", True),
    "Krippendorff's alpha": ("Krippendorff's alpha", True),
    "concordance correlation": ("concordance correlation", True),
    "precision": ("precision", True),
    "accuracy": ("accuracy", True),
    "r": ("correlation", True),
    "criterion validity": ("criterion validity", True),
    "disattenuated r": ("disattenuated correlation", True),
    "difference of correlations": ("difference of correlations", False),
    "repeated-measures correlation": ("repeated-measures correlation", True),
    "HTMT": ("HTMT", True),
    "HTMT2": ("HTMT2", True),
    "change of R²": ("change of R²", True),
    "option mass": ("option mass", True),
    "extreme responding": ("extreme responding", True),
    "midpoint responding": ("midpoint responding", True),
    "flips between orders": ("flips between orders", True),
    "label preference": ("label preference", True),
    "validity diagonal": ("validity diagonal", True),
    "heterotrait–monomethod": ("heterotrait–monomethod correlation", True),
    "heterotrait–heteromethod": ("heterotrait–heteromethod correlation", True),
    "d": ("Cohen's d", False),
    "g": ("Hedges' g", False),
    "delta": ("Glass' delta", False),
    "d_z": ("d_z", False),
    "d_av": ("d_av", False),
    "g_av": ("g_av", False),
    "mean difference": ("mean difference", False),
    "detectable difference": ("smallest detectable difference", False),
    "minimal detectable difference": ("minimal detectable difference", False),
    "standard error of measurement": ("standard error of measurement", False),
    "SEM": ("standard error of measurement", False),
    "variance component": ("variance component", False),
    "variance": ("variance", False),
    "covariance": ("covariance", False),
    "coefficient": ("coefficient", False),
    "threshold": ("threshold", False),
    "fixed effect": ("fixed effect", False),
    "effect": ("effect", False),
    "bias": ("bias", False),
    "lower limit of agreement": ("lower limit of agreement", False),
    "upper limit of agreement": ("upper limit of agreement", False),
    "proportional bias": ("proportional bias", False),
    "acquiescence": ("acquiescence", False),
    "numerical noise": ("numerical noise", False),
}
# Names with a number or a label in them.
_FAMILIES: tuple[tuple[re.Pattern[str], str, bool], ...] = (
    (re.compile(r"lambda-\d"), "Guttman's {}", True),
    (re.compile(r"mu-\d|position \d+|label .+"), "{}", True),
    (re.compile(r"validity minus .+|numerical error .+|shift"), "{}", False),
)
_SYMBOL = re.compile(r"\w|d_\w+|g_\w+")
_SMALLEST_P = 0.001


def known_name(name: str) -> tuple[str, bool] | None:
    """How a coefficient of this library is printed, and whether it cannot exceed one.

    Returns
    -------
    tuple of (str, bool) or None
        None if the library has no coefficient of that name.

    Examples
    --------
    >>> known_name("g"), known_name("lambda-2"), known_name("charm")
    (("Hedges' g", False), ("Guttman's lambda-2", True), None)
    """
    for pattern, printed, bounded in _FAMILIES:
        if pattern.fullmatch(name):
            return printed.format(name), bounded
    return _KNOWN.get(name)


def coefficient_name(estimate: Estimate) -> str:
    """Name a coefficient as a paper does.

    Examples
    --------
    >>> coefficient_name(Estimate("alpha", 0.8, 0.7, 0.9, 0.95, 60, "respondents", "", ""))
    "Cronbach's alpha"
    """
    known = known_name(estimate.name)
    return known[0] if known else estimate.name


def coefficient_label(estimate: Estimate) -> str:
    """Name a coefficient and its variant.

    Examples
    --------
    >>> coefficient_label(Estimate("intraclass correlation", 0.8, 0.7, 0.9, 0.95, 60, "targets",
    ...     "", "", variant="ICC(2,1), ICC(A,1)"))
    'intraclass correlation ICC(2,1), ICC(A,1)'
    """
    name, variant = coefficient_name(estimate), estimate.variant
    return f"{name} {_in_parentheses(variant)}" if variant else name


def capitalised(text: str) -> str:
    """Begin with a capital, unless the first word is a symbol.

    Examples
    --------
    >>> capitalised("omega total"), capitalised("mu-2"), capitalised("d"), capitalised("d_z")
    ('Omega total', 'Mu-2', 'd', 'd_z')
    """
    symbol = _SYMBOL.fullmatch(text.split(" ")[0])
    return text if symbol else text[:1].upper() + text[1:]


def prints_zero(estimate: Estimate, leading_zero: bool | None) -> bool:
    """Whether 0.81 is printed with its zero.

    By the style of the American Psychological Association it is not where the coefficient cannot
    exceed one; that is known of the names of this library. A name that is not known keeps it.

    Parameters
    ----------
    estimate : Estimate
    leading_zero : bool or None
        None for that style.

    Examples
    --------
    >>> one = Estimate("kappa", 0.8, 0.7, 0.9, 0.95, 60, "items", "", "")
    >>> prints_zero(one, None), prints_zero(one, True)
    (False, True)
    """
    if leading_zero is not None:
        return leading_zero
    known = known_name(estimate.name)
    bounded = known is not None and known[1]
    numbers = (estimate.value, estimate.ci_low, estimate.ci_high)
    return not bounded or any(abs(x) > 1 for x in numbers if not math.isnan(x))


def value_text(estimate: Estimate, digits: int, leading_zero: bool | None) -> str:
    """Print the value.

    Examples
    --------
    >>> value_text(Estimate("alpha", -0.12, -0.5, 0.2, 0.95, 9, "respondents", "", ""), 2, None)
    '−.12'
    """
    text = number(estimate.value, digits)
    return text if prints_zero(estimate, leading_zero) else without_zero(text)


def interval_text(estimate: Estimate, digits: int, leading_zero: bool | None) -> str:
    """Print the interval; empty if there is none.

    Examples
    --------
    >>> interval_text(Estimate("d", 0.5, 0.25, 0.75, 0.95, 9, "respondents", "", ""), 2, None)
    '[0.25, 0.75]'
    """
    text = interval(estimate.ci_low, estimate.ci_high, digits)
    return text if prints_zero(estimate, leading_zero) else without_zero(text)


def level_text(conf_level: float) -> str:
    """Print a confidence level.

    Examples
    --------
    >>> level_text(0.95), level_text(0.999)
    ('95%', '99.9%')
    """
    return f"{100 * conf_level:.6g}%"


def n_text(estimate: Estimate) -> str:
    """Print the number of units and what they are.

    Examples
    --------
    >>> n_text(Estimate("d", 0.5, 0.2, 0.7, 0.95, 1200, "respondents", "", ""))
    '1,200 respondents'
    """
    unit = estimate.n_unit.removesuffix("s") if estimate.n == 1 else estimate.n_unit
    return f"{estimate.n:,} {unit}"


def p_text(estimate: Estimate) -> str:
    """Print the p value; empty if there is none.

    Examples
    --------
    >>> p_text(Estimate("d", 0.5, 0.2, 0.7, 0.95, 9, "respondents", "", "", p_value=0.0004))
    '< .001'
    """
    if math.isnan(estimate.p_value):
        return ""
    small = estimate.p_value < _SMALLEST_P
    return "< .001" if small else without_zero(number(estimate.p_value, 3))


def method_text(estimate: Estimate) -> str:
    """Name the method and its authors.

    Examples
    --------
    >>> feldt = "10.1007/BF02289499"
    >>> method_text(Estimate("alpha", 0.8, 0.7, 0.9, 0.95, 60, "items", "Feldt's F", feldt))
    "Feldt's F (Feldt, 1965)"
    """
    method = "" if estimate.method == "none" else estimate.method
    authors = "; ".join(author_year(estimate.reference))
    return f"{method} ({authors})" if method and authors else method or authors


def missing_reason(estimate: Estimate) -> str:
    """Why value or interval is missing."""
    if estimate.note:
        return estimate.note
    return "not estimated" if math.isnan(estimate.value) else "the method gives no interval"


def has_interval(estimate: Estimate) -> bool:
    """Whether both limits exist."""
    return not (math.isnan(estimate.ci_low) or math.isnan(estimate.ci_high))


def without_zero(text: str) -> str:
    """Leave out the zero before the point of every number.

    Examples
    --------
    >>> without_zero("−0.12 [−0.50, 0.20] 10.05")
    '−.12 [−.50, .20] 10.05'
    """
    return re.sub(r"(?<![\d.])0(?=\.\d)", "", text)


def _in_parentheses(variant: str) -> str:
    """A variant, unless it is an expression with parentheses of its own."""
    return variant if variant.startswith("ICC(") else f"({variant})"
