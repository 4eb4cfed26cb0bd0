"""Item values: one number a respondent and item, averaged over its presentations."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from psychometrics._types import Average, BoolArray, FloatArray, IntArray, Statistic
from psychometrics.instruments.instrument import Instrument
from psychometrics.scoring.presentations import presentations
from psychometrics.stats.distribution import average_distributions, expected_value, modal_option

UNDEFINED = "{n} items undefined: an option has probability 0 in some order"


@dataclass(frozen=True, slots=True)
class ItemValues:
    """Item values of all respondents.

    Parameters
    ----------
    respondents : tuple of str
        Rows of the arrays.
    raw, keyed : ndarray, shape (n_respondents, n_items)
        As answered, and with reversed items turned round; NaN where missing.
    n_used, n_planned : ndarray of int, shape (n_respondents, n_items)
        Presentations that the value rests on, and all.
    notes : tuple of (str, ndarray of int, shape (n_respondents, n_items))
        What a reader should know: a sentence with a place for a number, and what to sum for it.
    """

    respondents: tuple[str, ...]
    raw: FloatArray
    keyed: FloatArray
    n_used: IntArray
    n_planned: IntArray
    notes: tuple[tuple[str, IntArray], ...]


def item_values(
    frame: pd.DataFrame,
    instrument: Instrument,
    *,
    average: Average,
    statistic: Statistic,
    min_valid: float,
) -> ItemValues:
    """Average each item over its presentations.

    Within each label set and wording the distributions over the option orders are averaged
    (``mean`` or ``log``), the expected value or the modal option of that average is taken, and
    these are averaged over label sets and wordings. Where answers are missing, ``log`` uses the
    largest part of the orders that is still balanced in position, since the rest would not cancel
    a position bias; ``mean`` uses all that is valid and says so.

    Parameters
    ----------
    frame : DataFrame
        Responses.
    instrument : Instrument
    average : {"mean", "log"}
    statistic : {"expected", "modal"}
    min_valid : float
        Share of an item's presentations that must be valid; else the item is missing.

    Returns
    -------
    ItemValues
    """
    shown = presentations(frame, instrument)
    used = shown.balanced if average == "log" else shown.valid
    averaged = average_distributions(
        shown.log_p[used], shown.group[used], shown.n_cells * shown.n_settings, average
    )
    by_setting = _summarise(averaged, instrument.response_scale.values, statistic)
    values = _mean_over_settings(by_setting.reshape(shown.n_cells, shown.n_settings))

    n_used, n_valid = shown.count(used), shown.count(shown.valid)
    n_planned = shown.count(np.ones(len(used), dtype=bool))
    enough = n_valid >= min_valid * n_planned
    undefined = np.isnan(expected_value(averaged, instrument.response_scale.values))
    undefined &= np.bincount(shown.group[used], minlength=len(averaged)) > 0
    values[~enough] = np.nan
    shape = (len(shown.respondents), len(instrument.items))
    notes = shown.notes(average) | {
        UNDEFINED: undefined.reshape(shown.n_cells, -1).any(axis=1).astype(np.int64)
    }
    raw = values.reshape(shape)
    return ItemValues(
        shown.respondents,
        raw,
        instrument.keyed(raw),
        n_used.reshape(shape),
        n_planned.reshape(shape),
        tuple((sentence, n.reshape(shape)) for sentence, n in notes.items()),
    )


def _summarise(log_p: FloatArray, values: FloatArray, statistic: Statistic) -> FloatArray:
    """Expected value, or value of the modal option; NaN for empty groups and for ties."""
    if statistic == "expected":
        return expected_value(log_p, values)
    empty: BoolArray = np.isnan(log_p.sum(axis=-1))
    option, n_tied = modal_option(np.where(empty[:, None], 0.0, log_p))
    chosen: FloatArray = np.where(empty | (n_tied > 1), np.nan, values[option])
    return chosen


def _mean_over_settings(values: FloatArray) -> FloatArray:
    present = ~np.isnan(values)
    count = present.sum(axis=1)
    total = np.where(present, values, 0.0).sum(axis=1)
    mean: FloatArray = np.divide(total, count, out=np.full(len(values), np.nan), where=count > 0)
    return mean
