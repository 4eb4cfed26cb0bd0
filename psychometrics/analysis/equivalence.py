"""Whether an estimate is too small to matter, told from its interval."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from psychometrics.analysis.estimate import Estimate
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.one_estimate import one_estimate
from psychometrics.analysis.verb import verb
from psychometrics.errors import DataError

REFERENCE = "10.1007/BF01068419; 10.1177/1948550617697177"


@dataclass(frozen=True)
class Equivalence:
    """What an interval says about margins, and about zero.

    Parameters
    ----------
    estimate : Estimate
        With the interval that decides.
    margins : tuple of float
        Between them a value does not matter.
    verdict : {"equivalent", "different", "both", "inconclusive"}
        ``equivalent``: the whole interval lies between the margins. ``different``: it excludes
        zero. ``both``: not zero, and yet too small to matter.
    alpha : float
        Of the two one-sided tests that the interval stands for.
    """

    estimate: Estimate
    margins: tuple[float, float]
    verdict: str
    alpha: float

    def to_frame(self) -> pd.DataFrame:
        """One row."""
        low, high = self.margins
        return self.estimate.to_frame().assign(
            margin_low=low, margin_high=high, verdict=self.verdict, alpha=self.alpha
        )

    def __repr__(self) -> str:
        low, high = self.margins
        return (
            f"<Equivalence within [{low:g}, {high:g}] at alpha {self.alpha:.3g}: {self.verdict}; "
            f"{self.estimate!r}>"
        )


@verb
def equivalence(
    estimate: Estimate | Estimates, margins: float | tuple[float, float]
) -> Equivalence:
    """Ask whether an estimate lies within margins, by its interval.

    A 90 % interval makes two one-sided tests at .05, a 95 % interval at .025.

    Parameters
    ----------
    estimate : Estimate
        Any with an interval: a mean difference, d, a correlation, a difference of correlations.
        Estimates of one are taken as that one.
    margins : float or tuple of float
        Largest size that does not matter, or lower and upper margin with zero between them.

    Returns
    -------
    Equivalence

    Raises
    ------
    DataError
        Margins without zero between them, several estimates, or one without interval.

    References
    ----------
    Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the power
    approach for assessing the equivalence of average bioavailability. Journal of Pharmacokinetics
    and Biopharmaceutics, 15(6), 657–680. doi:10.1007/BF01068419

    Lakens, D. (2017). Equivalence tests: a practical primer for t tests, correlations, and
    meta-analyses. Social Psychological and Personality Science, 8(4), 355–362.
    doi:10.1177/1948550617697177

    Examples
    --------
    >>> import pandas as pd
    >>> import psychometrics as pm
    >>> data = pd.DataFrame({"team": ["a", "b"] * 40, "x": [1.0, 1.1, 2.0, 2.1] * 20})
    >>> pm.equivalence(pm.known_groups(data, "x", "team", conf_level=0.9)[0], 0.5).verdict
    'equivalent'
    """
    estimate = one_estimate(estimate)
    low, high = _margins(margins)
    if np.isnan(estimate.ci_low) or np.isnan(estimate.ci_high):
        raise DataError(
            f"{estimate.label} has no interval ({estimate.note}).",
            "Equivalence is told from an interval; give an estimate that has one.",
        )
    within = low < estimate.ci_low and estimate.ci_high < high
    nonzero = estimate.ci_low > 0 or estimate.ci_high < 0
    verdicts = {
        (True, True): "both", (True, False): "equivalent",
        (False, True): "different", (False, False): "inconclusive",
    }  # fmt: skip
    alpha = (1 - estimate.conf_level) / 2
    return Equivalence(estimate, (low, high), verdicts[within, nonzero], alpha)


def _margins(given: float | tuple[float, float]) -> tuple[float, float]:
    """Lower and upper margin; numbers of any kind."""
    try:
        numbers = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        numbers = np.zeros(0)
    if numbers.ndim > 1 or numbers.size != (2 if numbers.ndim else 1):
        raise DataError(
            f"margins={given!r} are no margins.", "Give one number, or a lower and an upper one."
        )
    low, high = numbers.tolist() if numbers.ndim else (-float(numbers), float(numbers))
    if not low < 0 < high:
        raise DataError(
            f"Zero does not lie between the margins {low:g} and {high:g}.",
            "Give margins on either side of zero.",
        )
    return float(low), float(high)
