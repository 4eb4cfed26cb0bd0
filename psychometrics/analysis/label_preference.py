"""Preference for a label, told apart from the place where it stands."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from psychometrics._types import FloatArray, IntArray
from psychometrics.analysis.estimate import Estimate, mean_over_items, not_estimated
from psychometrics.designs.labels import check_label_set, presented_labels
from psychometrics.stats.distribution import normalise

_ONE_SET = "one label set: labels stand at positions, and nothing tells the two apart"


def label_preferences(
    frame: pd.DataFrame, log_p: FloatArray, positions: IntArray, conf_level: float
) -> Iterator[Estimate]:
    """Compare what a place gets under one label set with what it gets under the others.

    Parameters
    ----------
    frame : DataFrame
        Responses of one respondent.
    log_p : ndarray, shape (n_rows, n_options)
    positions : ndarray of int, shape (n_rows, n_options)
        From 1.
    conf_level : float

    Yields
    ------
    Estimate
        For each label of each set that names places (the text of an option does not): the
        probability at its place minus the mean over the sets, averaged within items first over the
        presentations that were valid under every set.
    """
    sets = [name for name in dict.fromkeys(frame["labels"]) if name != "text"]
    if len(sets) < 2:
        yield not_estimated("label preference", conf_level, _ONE_SET)
        return
    at_place = np.full_like(log_p, np.nan)
    valid = (frame["outcome"] == "chosen").to_numpy()
    p = np.full_like(log_p, np.nan)
    p[valid] = np.exp(normalise(log_p[valid]))
    np.put_along_axis(at_place, positions - 1, p, axis=1)
    index = pd.MultiIndex.from_frame(frame[["item", "option_order", "wording", "labels"]])
    for place in range(log_p.shape[1]):
        column = pd.Series(at_place[:, place], index=index)
        wide = column.unstack("labels")[sets].dropna()
        beyond = wide.sub(wide.mean(axis=1), axis=0).groupby(level="item").mean()
        for name in sets:
            label = presented_labels(check_label_set(name), [""] * log_p.shape[1])[place]
            yield mean_over_items(f"label {label}", beyond[name].to_numpy(np.float64), conf_level)
