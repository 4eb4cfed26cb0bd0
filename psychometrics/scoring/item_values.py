"""Item values: one number a respondent and item, averaged over its presentations."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from psychometrics._types import Average, BoolArray, FloatArray, IntArray, Statistic
from psychometrics.instruments.instrument import Instrument
from psychometrics.stats.distribution import (
    average_distributions,
    balanced,
    expected_value,
    modal_option,
    position_counts,
)


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
    unbalanced : ndarray of bool, shape (n_respondents, n_items)
        Items that are left out, in a setting at least, because what is left of their presentations
        is no longer balanced in position.
    """

    respondents: tuple[str, ...]
    raw: FloatArray
    keyed: FloatArray
    n_valid: IntArray
    n_planned: IntArray
    unbalanced: BoolArray


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
    these are averaged over label sets and wordings. The ``log`` average of orders that were
    balanced in position is missing if, with answers missing, they no longer are: what is left
    would not cancel a position bias.

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
    respondents, cell, setting = _places(frame, instrument)
    shape = (len(respondents), len(instrument.items))
    n_cells, n_settings = shape[0] * shape[1], int(setting.max()) + 1
    group = cell * n_settings + setting
    valid: BoolArray = (frame["outcome"] == "chosen").to_numpy()
    columns = _columns("log_p", len(instrument.response_scale))
    log_p = frame[columns].to_numpy(dtype=np.float64)[valid]
    averaged = average_distributions(log_p, group[valid], n_cells * n_settings, average)
    lost = np.zeros(len(averaged), dtype=bool)
    if average == "log":
        lost = _lost_balance(frame, valid, group, averaged.shape)
        averaged[lost] = np.nan
    by_setting = _summarise(averaged, instrument.response_scale.values, statistic)
    values = _mean_over_settings(by_setting.reshape(n_cells, n_settings))

    n_valid = np.bincount(cell[valid], minlength=n_cells)
    n_planned = np.bincount(cell, minlength=n_cells)
    values[n_valid < min_valid * n_planned] = np.nan
    unbalanced = lost.reshape(n_cells, n_settings).any(axis=1) & (n_valid > 0)
    raw = values.reshape(shape)
    return ItemValues(
        respondents,
        raw,
        _keyed(raw, instrument),
        n_valid.reshape(shape),
        n_planned.reshape(shape),
        unbalanced.reshape(shape),
    )


def _places(
    frame: pd.DataFrame, instrument: Instrument
) -> tuple[tuple[str, ...], IntArray, IntArray]:
    """Respondents; for each row its respondent and item as one number; its labels and wording."""
    items = [item.id for item in instrument.items]
    respondents = tuple(dict.fromkeys(frame["respondent"]))
    who = pd.Categorical(frame["respondent"], respondents).codes.astype(np.int64)
    what = pd.Categorical(frame["item"], items).codes.astype(np.int64)
    setting = frame.groupby(["labels", "wording"], sort=False, observed=True).ngroup()
    return respondents, who * len(items) + what, setting.to_numpy().astype(np.int64)


def _keyed(raw: FloatArray, instrument: Instrument) -> FloatArray:
    """Turn reversed items round within the ends of the response scale."""
    ends = instrument.response_scale.values[[0, -1]].sum()
    return np.where(instrument.keys > 0, raw, ends - raw)


def _columns(name: str, n_options: int) -> list[str]:
    return [f"{name}_{option}" for option in range(1, n_options + 1)]


def _lost_balance(
    frame: pd.DataFrame, valid: BoolArray, groups: IntArray, shape: tuple[int, ...]
) -> BoolArray:
    """Groups that were planned balanced in position and, with answers missing, are not."""
    n_groups, n_options = shape
    positions = frame[_columns("position", n_options)].to_numpy(dtype=np.int64) - 1
    planned = balanced(position_counts(positions, groups, n_groups))
    left = balanced(position_counts(positions[valid], groups[valid], n_groups))
    return planned & ~left


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
