"""An estimate: one coefficient that says what it is."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from psychometrics.analysis.source import UNKNOWN, Source
from psychometrics.errors import ResponsesError
from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.mean_interval import mean_interval

if TYPE_CHECKING:
    from psychometrics.analysis.item_table import ItemTable

_NOT_IN_TABLES = ("source", "table")


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
        How value and interval were computed, and what was done with missing answers.
    reference : str
        Where the method comes from: DOIs, with a semicolon between them.
    note : str
        Why something is missing, or what a reader has to know.
    variant : str
        Which form of the coefficient: ``raw``, ``ICC(2,1)``.
    se : float
        Standard error; NaN where the method has none.
    p_value : float
        Of the test that ``method`` names; NaN where there is none.
    of : str
        What it is a property of: a scale, an item, a pair.
    source : Source
        Instrument and run behind it.
    table : ItemTable or None
        The answers it was computed from, for :func:`psychometrics.second_opinion`.

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
    variant: str = ""
    se: float = np.nan
    p_value: float = np.nan
    of: str = ""
    source: Source = UNKNOWN
    table: "ItemTable | None" = field(default=None, repr=False, compare=False)

    @property
    def label(self) -> str:
        """Name and variant, and what it is a property of."""
        name = f"{self.name} ({self.variant})" if self.variant else self.name
        return f"{name} of {self.of}" if self.of else name

    @property
    def line(self) -> str:
        """Value, interval and n, without the note."""
        if np.isnan(self.value):
            return f"{self.label}: not estimated"
        interval = f"[{self.ci_low:.3f}, {self.ci_high:.3f}]"
        if np.isnan(self.ci_low) or np.isnan(self.ci_high):
            interval = "[no interval]"
        return f"{self.label} = {self.value:.3f} {interval}, n = {self.n} {self.n_unit}"

    def __repr__(self) -> str:
        return f"{self.line} ({self.note})" if self.note else self.line

    def to_frame(self) -> pd.DataFrame:
        """One row."""
        return estimates_frame([self])

    def to_dict(self) -> dict[str, Any]:
        """Every field but the data, as plain values; ``run`` is the id of the manifest."""
        fields = {
            name: getattr(self, name)
            for name in self.__dataclass_fields__
            if name not in _NOT_IN_TABLES
        }
        return {**fields, **asdict(self.source)}


def estimates_frame(parts: Iterable[Estimate]) -> pd.DataFrame:
    """One row an estimate."""
    return pd.DataFrame([estimate.to_dict() for estimate in parts])


def estimate_from(
    coefficient: Coefficient,
    *,
    n_unit: str = "respondents",
    of: str = "",
    source: Source = UNKNOWN,
    table: "ItemTable | None" = None,
    note: str = "",
) -> Estimate:
    """Say of a coefficient what it is a property of, and what its units are.

    Parameters
    ----------
    coefficient : Coefficient
    n_unit, of : str
    source : Source
    table : ItemTable, optional
    note : str
        Added to the coefficient's own.

    Examples
    --------
    >>> from psychometrics.stats.coefficient import undefined
    >>> estimate_from(undefined("alpha", "one item"), of="trust")
    alpha of trust: not estimated (one item)
    """
    return Estimate(
        coefficient.name,
        float(coefficient.value),
        float(coefficient.low),
        float(coefficient.high),
        coefficient.conf_level,
        coefficient.n,
        n_unit,
        coefficient.method,
        coefficient.reference,
        note="; ".join(filter(None, [coefficient.note, note])),
        variant=coefficient.variant,
        se=float(coefficient.se),
        p_value=float(coefficient.p_value),
        of=of,
        source=source,
        table=table,
    )


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
        "mean over items; Student's t interval", "10.1093/biomet/6.1.1", note,
        se=found.standard_error,
    )  # fmt: skip


def not_estimated(name: str, conf_level: float, reason: str) -> Estimate:
    """An estimate that does not exist, with the reason."""
    nan = float("nan")
    return Estimate(name, nan, nan, nan, conf_level, 0, "items", "none", "", reason)
