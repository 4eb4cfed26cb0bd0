"""How a respondent comes to its answers, apart from what the items ask."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Protocol

import numpy as np
import pandas as pd

from psychometrics._types import FloatArray, IntArray
from psychometrics.analysis.acquiescence import acquiescence
from psychometrics.analysis.estimate import Estimate, mean_over_items, not_estimated
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.label_preference import label_preferences
from psychometrics.analysis.numerical_error import NumericalError
from psychometrics.analysis.response_check import check_respondent
from psychometrics.analysis.source import source_of
from psychometrics.errors import ResponsesError
from psychometrics.instruments.instrument import Instrument
from psychometrics.stats.distribution import normalise

STYLES = "10.1509/jmkr.38.2.143.18840"


class Presented(Protocol):
    """What is needed of responses."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row an observation."""

    @property
    def instrument(self) -> Instrument:
        """What was asked."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Of the run."""

    @property
    def log_p(self) -> FloatArray:
        """Shape (n_rows, n_options)."""

    @property
    def positions(self) -> IntArray:
        """Shape (n_rows, n_options), from 1."""

    def numerical_error(self) -> NumericalError:
        """Differences from prompts scored again."""


def response_process(responses: Presented, *, conf_level: float = 0.95) -> Estimates:
    """Measure what stands between the items and the answers, for each respondent.

    Parameters
    ----------
    responses : Responses
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    Estimates
        For each respondent, each averaged within items first, so that n is items:

        - *option mass*: probability on the offered options (0 to 1);
        - *position k*: probability that goes to the k-th place beyond its even share;
        - *label X*: probability that goes to a label beyond what its place gets under the other
          label sets; needs two label sets of which neither is the text of the options;
        - *acquiescence*: mean answer before the key, with forward and reversed items of each scale
          weighing alike, above the middle of the response scale (in its points);
        - *extreme responding* and *midpoint responding*: probability on the two ends, and on the
          middle option;
        - *numerical noise*: standard deviation that the arithmetic adds to an answer (in points),
          over prompts and all respondents.

    Raises
    ------
    ResponsesError
        The level is not between 0 and 1.

    References
    ----------
    Baumgartner, H., & Steenkamp, J.-B. E. M. (2001). Response styles in marketing research: A
    cross-national investigation. Journal of Marketing Research, 38(2), 143–156.
    doi:10.1509/jmkr.38.2.143.18840

    Examples
    --------
    >>> import psychometrics as pm
    >>> model = pm.scripted_model(3.0, position_bias=[2.0])
    >>> run = pm.administer(pm.load_instrument("big-five-60"), pm.respondents(model), quiet=True)
    >>> pm.response_process(run.responses)["position 1"]
    position 1 of scripted = 0.3... [0.3..., 0.3...], n = 60 items
    """
    rows = responses.frame.groupby("respondent", sort=False).indices
    instrument = responses.instrument
    source = source_of(responses.manifest, instrument.label)
    found = [
        replace(estimate, of=str(respondent), source=source)
        for respondent, own in rows.items()
        for estimate in _of_respondent(responses, np.asarray(own), conf_level)
    ]
    return Estimates((*found, replace(_noise(responses, conf_level), source=source)))


def _of_respondent(responses: Presented, own: IntArray, conf_level: float) -> Iterator[Estimate]:
    frame, log_p = responses.frame.iloc[own], responses.log_p[own]
    positions, instrument = responses.positions[own], responses.instrument
    mass = frame.groupby("item", sort=False)["option_mass"].mean()
    yield mean_over_items("option mass", mass.to_numpy(dtype=np.float64), conf_level)
    yield from check_respondent(frame, log_p, positions, conf_level=conf_level).positions
    yield from label_preferences(frame, log_p, positions, conf_level)
    raw = frame.groupby("item")["expected"].mean()
    values = raw.reindex([item.id for item in instrument.items]).to_numpy(dtype=np.float64)
    yield acquiescence(values, instrument, conf_level)
    yield from _styles(frame, log_p, conf_level)


def _styles(frame: pd.DataFrame, log_p: FloatArray, conf_level: float) -> Iterator[Estimate]:
    valid, k = (frame["outcome"] == "chosen").to_numpy(), log_p.shape[1]
    p = np.full_like(log_p, np.nan)
    p[valid] = np.exp(normalise(log_p[valid]))
    items = frame["item"].to_numpy()
    parts = {"extreme responding": [0, k - 1], "midpoint responding": [k // 2]}
    for name, options in parts.items():
        if k == 2 or (k % 2 == 0 and name.startswith("midpoint")):
            reason = "two options: both are ends" if k == 2 else "an even number of options"
            yield not_estimated(name, conf_level, reason)
            continue
        by_item = pd.Series(p[:, options].sum(axis=1)).groupby(items, sort=False).mean()
        mean = mean_over_items(name, by_item.to_numpy(dtype=np.float64), conf_level)
        yield replace(mean, reference=f"{STYLES}; {mean.reference}")


def _noise(responses: Presented, conf_level: float) -> Estimate:
    try:
        return replace(responses.numerical_error().expected, name="numerical noise")
    except ResponsesError as error:
        return not_estimated("numerical noise", conf_level, error.cause.rstrip("."))
