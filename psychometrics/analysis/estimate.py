"""An estimate: one coefficient that says what it is."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from psychometrics.errors import ResponsesError
from psychometrics.stats.mean_interval import mean_interval


@dataclass(frozen=True, slots=True)
class Estimate:
    """One coefficient with its interval.

    Parameters
    ----------
    name : str
        What is estimated.
    value, ci_low, ci_high : float
        NaN where they do not exist; ``note`` says why.
    conf_level : float
    n : int
        Independent units.
    n_unit : str
        What they are.
    method : str
        How value and interval were computed.
    reference : str
        Where the method comes from.
    note : str
        Why something is missing.

    Examples
    --------
    >>> Estimate("flip rate", 0.25, 0.2, 0.3, 0.95, 60, "items", "mean", "")
    flip rate = 0.250 [0.200, 0.300], n = 60 items
    """

    name: str
    value: float
    ci_low: float
    ci_high: float
    conf_level: float
    n: int
    n_unit: str
    method: str
    reference: str
    note: str = ""

    def __repr__(self) -> str:
        if np.isnan(self.value):
            return f"{self.name}: not estimated ({self.note})"
        return (
            f"{self.name} = {self.value:.3f} [{self.ci_low:.3f}, {self.ci_high:.3f}], "
            f"n = {self.n} {self.n_unit}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row."""
        return estimates_frame([self])


def estimates_frame(estimates: Iterable[Estimate]) -> pd.DataFrame:
    """One row an estimate."""
    return pd.DataFrame([asdict(estimate) for estimate in estimates])


def mean_over_items(name: str, by_item: NDArray[np.floating[Any]], conf_level: float) -> Estimate:
    """Estimate a mean over items, with Student's t interval.

    Parameters
    ----------
    name : str
    by_item : ndarray, shape (n_items,)
        One value an item, NaN where missing.
    conf_level : float
    """
    if not 0 < conf_level < 1:
        raise ResponsesError(f"conf_level={conf_level} is no level.", "Give one between 0 and 1.")
    found = mean_interval(np.asarray(by_item, dtype=np.float64), conf_level)
    note = {0: "no item has a value", 1: "one item: no interval"}.get(found.n, "")
    return Estimate(
        name, found.mean, found.low, found.high, conf_level, found.n, "items",
        "mean over items; Student's t interval", "doi:10.1093/biomet/6.1.1", note,
    )  # fmt: skip


def not_estimated(name: str, conf_level: float, reason: str) -> Estimate:
    """An estimate that does not exist, with the reason."""
    nan = float("nan")
    return Estimate(name, nan, nan, nan, conf_level, 0, "items", "none", "", reason)
