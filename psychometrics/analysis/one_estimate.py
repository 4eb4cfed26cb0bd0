"""One estimate, also if it comes in a sequence of one."""

from psychometrics.analysis.estimate import Estimate
from psychometrics.analysis.estimates import Estimates
from psychometrics.errors import DataError


def one_estimate(given: Estimate | Estimates) -> Estimate:
    """Take the estimate that is meant.

    Raises
    ------
    DataError
        There are several, or this is no estimate.

    Examples
    --------
    >>> one_estimate(Estimates((Estimate("r", 0.5, 0.2, 0.7, 0.95, 40, "units", "", ""),))).value
    0.5
    """
    if isinstance(given, Estimate):
        return given
    if isinstance(given, Estimates) and len(given) == 1:
        return given[0]
    if isinstance(given, Estimates):
        raise DataError(
            f"These are {len(given)} estimates, and one is needed.",
            "Take one by number or name: estimates[0]; or ask for each in a loop.",
        )
    raise DataError(
        f"{type(given).__name__} is no estimate.",
        "Give what a verb such as pm.alpha returns; of a study or a matrix take one of its "
        "estimates: .to_estimates()[0].",
    )
