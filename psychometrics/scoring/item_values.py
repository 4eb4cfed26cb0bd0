"""Item values: one number a respondent and item, averaged over its presentations."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from psychometrics._types import Average, BoolArray, FloatArray, IntArray, Statistic
from psychometrics.instruments.instrument import Instrument
from psychometrics.stats.distribution import average_distributions, expected_value, modal_option


@dataclass(frozen=True, slots=True)
class ItemValues:
    """Item values of all respondents.

    Parameters
    ----------
    respondents : tuple of str
        Rows of the arrays.
    raw, keyed : ndarray, shape (n_respondents, n_items)
        As answered, and with reversed items turned round; NaN where missing.
    n_valid, n_planned : ndarray of int, shape (n_respondents, n_items)
        Presentations that count, and all.
    """

    respondents: tuple[str, ...]
    raw: FloatArray
    keyed: FloatArray
    n_valid: IntArray
    n_planned: IntArray


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
    these are averaged over label sets and wordings.

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
    items = [item.id for item in instrument.items]
    respondents = tuple(dict.fromkeys(frame["respondent"]))
    who = pd.Categorical(frame["respondent"], respondents).codes.astype(np.int64)
    what = pd.Categorical(frame["item"], items).codes.astype(np.int64)
    cell = who * len(items) + what
    n_cells = len(respondents) * len(items)
    setting = frame.groupby(["labels", "wording"], sort=False, observed=True).ngroup().to_numpy()
    n_settings = int(setting.max()) + 1

    valid = (frame["outcome"] == "chosen").to_numpy()
    columns = [f"log_p_{k}" for k in range(1, len(instrument.response_scale) + 1)]
    log_p = frame[columns].to_numpy(dtype=np.float64)[valid]
    groups = (cell * n_settings + setting)[valid]
    averaged = average_distributions(log_p, groups, n_cells * n_settings, average)
    by_setting = _summarise(averaged, instrument.response_scale.values, statistic)
    values = _mean_over_settings(by_setting.reshape(n_cells, n_settings))

    n_valid = np.bincount(cell[valid], minlength=n_cells)
    n_planned = np.bincount(cell, minlength=n_cells)
    values[n_valid < min_valid * n_planned] = np.nan
    shape = (len(respondents), len(items))
    raw = values.reshape(shape)
    scale = instrument.response_scale.values
    keyed = np.where(instrument.keys > 0, raw, scale[0] + scale[-1] - raw)
    return ItemValues(respondents, raw, keyed, n_valid.reshape(shape), n_planned.reshape(shape))


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
