"""The interval of one variance component from the mean squares of its design."""

from collections.abc import Mapping

import numpy as np

from psychometrics.stats.arrays import FloatArray
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.mean_square_limits import MeanSquareLimits

REFERENCE = (
    "10.1007/978-1-4757-3456-0; "
    "Ting et al. (1990), Journal of Statistical Computation and Simulation 35, 135–143; "
    "Burdick & Graybill (1992), Confidence intervals on variance components, Dekker"
)
FEWEST_LEVELS = 3
SMALLEST_DF = 2


def component_interval(
    term: str,
    value: float,
    coefficients: FloatArray,
    limits: MeanSquareLimits,
    levels: Mapping[str, int],
    method: str,
) -> Coefficient:
    """A component with its modified-large-sample interval, cut at zero.

    Parameters
    ----------
    term : str
        Its name.
    value : float
        Not below zero; NaN where it cannot be estimated.
    coefficients : ndarray, shape (m,)
        Of the mean squares in the component.
    limits : MeanSquareLimits
        Of all the mean squares.
    levels : mapping of str to int
        Distinct levels of each facet of the term. The fewest are the coefficient's ``n``.
    method : str
        How the components were estimated.

    Returns
    -------
    Coefficient
        Without an interval where a mean square that enters has less than one degree of freedom.
        ``note`` tells of facets with fewer than three levels.

    References
    ----------
    Burdick & Graybill (1992). Confidence intervals on variance components. Dekker.

    Examples
    --------
    >>> limits = MeanSquareLimits(np.array([9.0, 1.0]), np.array([19.0, 76.0]), 0.95)
    >>> levels = {"person": 20}
    >>> component_interval("person", 1.6, np.array([0.2, -0.2]), limits, levels, "mean squares")
    variance component (person) = 1.600 [0.835, 3.638], n = 20
    """
    n, used = min(levels.values(), default=0), coefficients != 0
    counted = ", ".join(f"{facet} {count}" for facet, count in levels.items())
    method = f"{method}; levels: {counted}"
    few = [f for f, count in levels.items() if count < FEWEST_LEVELS]
    if np.isnan(value):
        return undefined(
            "variance component", "a facet has one level", n=n, conf_level=limits.conf_level,
            method=method, reference=REFERENCE, variant=term,
        )  # fmt: skip
    low = high = se = float("nan")
    if limits.df[used].min() < 1:
        note = "too few observations for the number of levels: no interval"
    else:
        low, high = (max(limit, 0.0) for limit in limits.combination(coefficients))
        se = limits.standard_error(coefficients)
        note = f"rests on fewer than {FEWEST_LEVELS} levels of {' and '.join(few)}" if few else ""
        if few and limits.df[used][0] < SMALLEST_DF:
            note += ": the interval is of no use"
    return Coefficient(
        "variance component", value, low, high, limits.conf_level, n, method, REFERENCE,
        variant=term, se=se, note=note,
    )  # fmt: skip
