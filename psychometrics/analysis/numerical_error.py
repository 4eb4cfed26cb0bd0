"""What the arithmetic of a run adds to its answers."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from psychometrics._types import FloatArray
from psychometrics.analysis.estimate import Estimate, estimates_frame
from psychometrics.errors import ResponsesError
from psychometrics.stats.distribution import expected_value
from psychometrics.stats.root_mean_square import RootMeanSquare, root_mean_square

_METHOD = "root mean square difference from re-scored prompts; chi-square interval"
_REFERENCE = "Fisher (1925), Statistical Methods for Research Workers"


@dataclass(frozen=True)
class NumericalError:
    """Differences between a run and a sample of its prompts scored one at a time.

    Parameters
    ----------
    log_p : Estimate
        Standard deviation, about zero, of the difference of an option's log-probability (nats).
    expected : Estimate
        The same of an answer's expected value, in points of the response scale.
    largest : float
        Largest absolute difference of a log-probability (nats).
    flips : int
        Prompts whose most probable option differs.
    run_numerics, reference_numerics : tuple of str
        How each side was computed.
    """

    log_p: Estimate
    expected: Estimate
    largest: float
    flips: int
    run_numerics: tuple[str, ...]
    reference_numerics: tuple[str, ...]

    def __repr__(self) -> str:
        return (
            f"<NumericalError: {self.log_p.value:.2g} nats, {self.expected.value:.2g} scale points "
            f"(largest {self.largest:.2g} nats), n = {self.log_p.n} prompts, {self.flips} flips; "
            f"against {'; '.join(self.reference_numerics)}>"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row an estimate."""
        return estimates_frame([self.log_p, self.expected])


def numerical_error(
    log_p: FloatArray,
    reference: FloatArray,
    values: FloatArray,
    numerics: tuple[tuple[str, ...], tuple[str, ...]],
    conf_level: float,
) -> NumericalError:
    """Compare answers with the same prompts scored again.

    Parameters
    ----------
    log_p, reference : ndarray of float, shape (n_prompts, n_options)
        Log-probabilities as the run gave them, and one prompt at a time.
    values : ndarray of float, shape (n_options,)
        Of the response scale.
    numerics : tuple of tuple of str
        How the run and the reference were computed.
    conf_level : float

    Raises
    ------
    ResponsesError
        The level is not between 0 and 1.
    """
    if not 0 < conf_level < 1:
        raise ResponsesError(f"conf_level={conf_level} is no level.", "Give one between 0 and 1.")
    impossible = np.isneginf(log_p) & np.isneginf(reference)
    with np.errstate(invalid="ignore"):
        difference = np.where(impossible, 0.0, log_p - reference)
    points = expected_value(log_p, values) - expected_value(reference, values)
    return NumericalError(
        _estimate("numerical error of log p", root_mean_square(difference, conf_level), conf_level),
        _estimate("numerical error of answers", root_mean_square(points, conf_level), conf_level),
        float(np.abs(difference).max()),
        int((log_p.argmax(axis=1) != reference.argmax(axis=1)).sum()),
        *numerics,
    )


def _estimate(name: str, found: RootMeanSquare, conf_level: float) -> Estimate:
    return Estimate(
        name, found.value, found.low, found.high, conf_level, found.n, "prompts",
        _METHOD, _REFERENCE,
    )  # fmt: skip
