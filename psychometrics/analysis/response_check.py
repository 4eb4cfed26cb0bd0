"""Response processes of one respondent: option mass, outcomes, position effect, flips, ties."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from psychometrics._types import BoolArray, FloatArray, IntArray
from psychometrics.analysis.estimate import (
    Estimate,
    estimates_frame,
    mean_over_items,
    not_estimated,
)
from psychometrics.stats.distribution import balanced, normalise, position_counts

# Below this the labels hold less than everything else that the model might say.
USUAL_MASS = 0.5
# A position effect below one percentage point is not worth a reader's attention.
NOTABLE = 0.01
_UNBALANCED = "the orders do not put every option in every position equally often"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a reader of the scores should know: its kind, how large it is, a sentence."""

    kind: str
    size: float
    text: str


@dataclass(frozen=True)
class ResponseCheck:
    """How the answers of a respondent came about.

    Parameters
    ----------
    n_rows : int
    outcomes : mapping of str to int
        Rows by outcome.
    mass_by_item : DataFrame
        Mean and smallest option mass of each item, smallest first.
    positions : tuple of Estimate
        For each position, the probability that goes there beyond its even share. Zero without a
        position effect; estimated over the items in whose valid presentations every option stands
        in every position equally often.
    flips : Estimate
        Share of pairs of option orders in which the modal choice differs.
    n_tied : int
        Rows in which the first place is shared.
    """

    n_rows: int
    outcomes: Mapping[str, int]
    mass_by_item: pd.DataFrame
    positions: tuple[Estimate, ...]
    flips: Estimate
    n_tied: int

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What a reader of the scores should know."""
        return tuple(_notices(self))

    @property
    def warnings(self) -> tuple[str, ...]:
        """The same, in sentences."""
        return tuple(notice.text for notice in self.notices)

    def to_frame(self) -> pd.DataFrame:
        """Return the estimates, one a row."""
        return estimates_frame([*self.positions, self.flips])

    def __repr__(self) -> str:
        mass = self.mass_by_item["mean"].mean()
        flips = "not estimated" if np.isnan(self.flips.value) else f"{self.flips.value:.1%}"
        return (
            f"<ResponseCheck: {self.n_rows} rows · mass {mass:.2f} · flips {flips} · "
            f"{self.n_tied} ties · {len(self.notices)} warnings>"
        )


def check_respondent(
    frame: pd.DataFrame, log_p: FloatArray, positions: IntArray, *, conf_level: float = 0.95
) -> ResponseCheck:
    """Look at how the answers of one respondent came about.

    Parameters
    ----------
    frame : DataFrame
        Responses of one respondent.
    log_p : ndarray, shape (n_rows, n_options)
    positions : ndarray of int, shape (n_rows, n_options)
        From 1.
    conf_level : float

    Returns
    -------
    ResponseCheck
        Intervals are over items, each item averaged over its presentations first.

    Examples
    --------
    >>> import psychometrics as pm
    >>> model = pm.scripted_model(4.0, position_bias=[2.0])
    >>> run = pm.administer(pm.load_instrument("big-five-60"), pm.respondents(model), quiet=True)
    >>> run.responses.check()["scripted"].positions[0]
    position 1 = 0.315 [0.315, 0.315], n = 60 items
    """
    valid = (frame["outcome"] == "chosen").to_numpy()
    mass = frame.groupby("item", sort=False)["option_mass"].agg(["mean", "min"]).sort_values("min")
    return ResponseCheck(
        len(frame),
        {str(outcome): int(n) for outcome, n in frame["outcome"].value_counts().items()},
        mass.reset_index(),
        tuple(_position_effects(frame, log_p, positions, valid, conf_level)),
        _flips(frame, valid, conf_level),
        int((frame["n_tied"] > 1).sum()),
    )


def _position_effects(
    frame: pd.DataFrame, log_p: FloatArray, positions: IntArray, valid: BoolArray, conf_level: float
) -> Iterator[Estimate]:
    k = log_p.shape[1]
    items, n_items = pd.factorize(frame["item"])[0], frame["item"].nunique()
    even = balanced(position_counts(positions[valid] - 1, items[valid], n_items))
    keep = valid & even[items]
    p = np.full_like(log_p, np.nan)
    p[keep] = np.exp(normalise(log_p[keep]))
    by_position = np.empty_like(log_p)
    np.put_along_axis(by_position, positions - 1, p, axis=1)
    for position in range(k):
        name = f"position {position + 1}"
        if valid.any() and not keep.any():
            yield not_estimated(name, conf_level, _UNBALANCED)
            continue
        excess = pd.Series(by_position[:, position] - 1 / k).groupby(items).mean()
        yield mean_over_items(name, excess.to_numpy(dtype=np.float64), conf_level)


def _flips(frame: pd.DataFrame, valid: BoolArray, conf_level: float) -> Estimate:
    name = "flips between orders"
    if frame["option_order"].nunique() < 2:
        return not_estimated(name, conf_level, "only one option order")
    choice = frame["choice"].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    wide = frame.assign(choice=np.where(valid, choice, np.nan)).pivot(
        index=["item", "labels", "wording"], columns="option_order", values="choice"
    )
    rates = _pair_rates(wide.to_numpy(dtype=np.float64))
    by_item = pd.Series(rates).groupby(wide.index.get_level_values("item")).mean()
    return mean_over_items(name, by_item.to_numpy(dtype=np.float64), conf_level)


def _pair_rates(choices: FloatArray) -> FloatArray:
    """Share of column pairs that differ, by row, over pairs in which both are present."""
    differ, both = np.zeros(len(choices)), np.zeros(len(choices))
    for i, j in itertools.combinations(range(choices.shape[1]), 2):
        present = ~np.isnan(choices[:, i]) & ~np.isnan(choices[:, j])
        both += present
        differ += present & (choices[:, i] != choices[:, j])
    rates: FloatArray = np.divide(differ, both, out=np.full(len(choices), np.nan), where=both > 0)
    return rates


def _notices(check: ResponseCheck) -> Iterator[Notice]:
    missing = check.n_rows - check.outcomes.get("chosen", 0)
    if missing:
        counts = ", ".join(f"{n} {o}" for o, n in check.outcomes.items() if o != "chosen")
        text = f"{missing} of {check.n_rows} answers are missing ({counts})."
        yield Notice("missing", missing / check.n_rows, text)
    low = check.mass_by_item[check.mass_by_item["mean"] < USUAL_MASS]
    if len(low):
        text = (
            f"In {len(low)} of {len(check.mass_by_item)} items the labels hold less than "
            f"{USUAL_MASS:.0%} of the probability; the model would rather say something else."
        )
        yield Notice("mass", len(low) / len(check.mass_by_item), text)
    moved = [
        e for e in check.positions if abs(e.value) > NOTABLE and (e.ci_low > 0 or e.ci_high < 0)
    ]
    if moved:
        largest = max(moved, key=lambda e: abs(e.value))
        text = (
            f"Positions matter: {largest.name} gets {largest.value:+.1%} beyond its even share "
            f"({largest.conf_level:.0%} interval {largest.ci_low:+.1%} to {largest.ci_high:+.1%})."
        )
        yield Notice("position", abs(largest.value), text)
    if check.n_tied:
        text = f"In {check.n_tied} answers two or more options share the first place."
        yield Notice("ties", check.n_tied / check.n_rows, text)
