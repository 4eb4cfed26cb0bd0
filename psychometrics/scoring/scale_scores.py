"""Scale scores from keyed item values, by the rule of the instrument."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from psychometrics._types import FloatArray, IntArray
from psychometrics.instruments.instrument import Instrument, Rule
from psychometrics.stats.mean_interval import mean_intervals

_INTERVAL = "Student's t interval over items"
METHODS: dict[Rule, str] = {
    "mean": f"mean of keyed items; {_INTERVAL}",
    "sum": f"sum of keyed items, a missing one counted as the mean of the others; {_INTERVAL}",
    "share": f"percentage of items answered with a high option; {_INTERVAL}",
}


@dataclass(frozen=True, slots=True)
class ScaleScores:
    """Scores of all respondents on all scales; arrays of shape (n_respondents, n_scales).

    Parameters
    ----------
    score, standard_error, low, high : ndarray
        NaN where they do not exist.
    n_items : ndarray of int
        Items with a value.
    notes : ndarray of str
        Why a score or its interval is missing.
    method : str
    """

    score: FloatArray
    standard_error: FloatArray
    low: FloatArray
    high: FloatArray
    n_items: IntArray
    notes: NDArray[np.object_]
    method: str


def scale_scores(
    keyed: FloatArray, instrument: Instrument, *, min_valid: float, conf_level: float
) -> ScaleScores:
    """Score every scale for every respondent.

    Parameters
    ----------
    keyed : ndarray, shape (n_respondents, n_items)
        Answers with reversed items turned round, NaN where missing.
    instrument : Instrument
    min_valid : float
        Share of a scale's items that need a value, from 0 to 1.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    ScaleScores

    Examples
    --------
    >>> import psychometrics as pm
    >>> big5 = pm.load_instrument("big-five-60")
    >>> scale_scores(np.full((2, 60), 4.0), big5, min_valid=0.8, conf_level=0.95).score.shape
    (2, 35)
    """
    shape = (len(keyed), len(instrument.scales))
    score, error, low, high = (np.full(shape, np.nan) for _ in range(4))
    n_items, notes = np.zeros(shape, dtype=np.int64), np.full(shape, "", dtype=object)
    for at, (scale, own) in enumerate(zip(instrument.scales, instrument.membership(), strict=True)):
        found, planned = mean_intervals(keyed[:, own], conf_level), int(own.sum())
        enough = (found.n > 0) & (found.n >= min_valid * planned)
        worth = instrument.score_of(own, scale)
        score[:, at] = np.where(enough, worth(found.mean), np.nan)
        error[:, at] = np.where(enough, worth(found.standard_error) - worth(np.zeros(1)), np.nan)
        low[:, at] = np.where(enough, worth(found.low), np.nan)
        high[:, at] = np.where(enough, worth(found.high), np.nan)
        n_items[:, at] = found.n
        few = "{n} of {planned} items valid; at least {least:.0%} are needed"
        for n in np.unique(found.n[~enough]).tolist():
            told = few.format(n=n, planned=planned, least=min_valid)
            notes[~enough & (found.n == n), at] = told
        notes[enough & (found.n == 1), at] = "one item: no interval"
    return ScaleScores(score, error, low, high, n_items, notes, METHODS[instrument.rule])
