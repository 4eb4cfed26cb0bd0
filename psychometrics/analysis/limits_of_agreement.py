"""Bland and Altman's limits of agreement, with what is needed to print and to draw them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from psychometrics.analysis.estimate import estimate_from
from psychometrics.analysis.estimates import Estimates
from psychometrics.stats.bland_altman import BlandAltman


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LimitsOfAgreement(BlandAltman):
    """Bias and limits of agreement of two measurements of the same units.

    Parameters
    ----------
    bias, lower, upper, slope : Coefficient
        Mean difference (first less second), limits between which the share ``coverage`` of normal
        differences lies, and change of the difference for each unit of the mean.
    sd, coverage : float
        Standard deviation of the differences; share meant to lie within the limits.
    means, differences : ndarray, shape (n,)
        Of the complete pairs; not writable.
    unit : str
        What n counts.
    """

    unit: str = "pairs"

    def to_estimates(self) -> Estimates:
        """Bias, lower and upper limit, and slope."""
        parts = (self.bias, self.lower, self.upper, self.slope)
        return Estimates(tuple(estimate_from(part, n_unit=self.unit) for part in parts))

    def to_frame(self) -> pd.DataFrame:
        """One row an estimate."""
        return self.to_estimates().to_frame()

    def __repr__(self) -> str:
        n = f"n = {len(self.differences)} {self.unit}"
        if np.isnan(self.upper.value):
            return f"<LimitsOfAgreement: not estimated ({self.upper.note}), {n}>"
        return (
            f"<LimitsOfAgreement: bias {self.bias.value:.3f}, limits {self.lower.value:.3f} to "
            f"{self.upper.value:.3f} for {100 * self.coverage:g} % of differences, {n}>"
        )

    def _repr_html_(self) -> str:
        return self.to_estimates()._repr_html_()
