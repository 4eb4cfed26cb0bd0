"""Which presentations of an item count, and whether their option orders are balanced."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from psychometrics._types import Average, BoolArray, FloatArray, IntArray
from psychometrics.instruments.instrument import Instrument
from psychometrics.stats.distribution import balanced, position_counts

UNBALANCED_DESIGN = "orders not balanced in position: a position bias stays in"
UNBALANCED = "{n} items averaged over what is left of their orders: a position bias stays in"
LEFT_OUT = "{n} valid presentations left out so that the orders stay balanced in position"
LOST = "{n} items have no balanced set of valid orders left"


@dataclass(frozen=True, slots=True)
class Presentations:
    """Rows of the responses, by respondent and item (a cell) and by labels and wording.

    Parameters
    ----------
    respondents : tuple of str
    log_p : ndarray, shape (n_rows, n_options)
    cell, group : ndarray of int, shape (n_rows,)
        Respondent × item, and that × labels × wording: the rows of a group differ in option order.
    n_cells, n_settings : int
        Cells, and groups a cell.
    valid : ndarray of bool, shape (n_rows,)
        Answered.
    balanced : ndarray of bool, shape (n_rows,)
        Valid, and part of the largest set of valid orders of the group in which every option stands
        in every position equally often; all valid rows where the design has no such set.
    planned : ndarray of bool, shape (n_groups,)
        Whether the orders of a group are balanced by design.
    even : ndarray of bool, shape (n_groups,)
        Whether its valid orders are.
    """

    respondents: tuple[str, ...]
    log_p: FloatArray
    cell: IntArray
    group: IntArray
    n_cells: int
    n_settings: int
    valid: BoolArray
    balanced: BoolArray
    planned: BoolArray
    even: BoolArray

    def count(self, rows: BoolArray) -> IntArray:
        """Rows by cell, shape (n_cells,)."""
        return np.bincount(self.cell[rows], minlength=self.n_cells).astype(np.int64)

    def notes(self, average: Average) -> dict[str, IntArray]:
        """What a reader of an average should know: a sentence, and by cell what to sum for it."""
        groups = (self.n_cells, self.n_settings)
        answered = np.bincount(self.group[self.valid], minlength=len(self.planned)) > 0
        lacking: BoolArray = np.logical_or.reduce(
            (self.planned & ~self.even & answered).reshape(groups), axis=1
        )
        unplanned: BoolArray = np.logical_or.reduce((~self.planned).reshape(groups), axis=1)
        notes: dict[str, IntArray] = {UNBALANCED_DESIGN: unplanned.astype(np.int64)}
        if average == "mean":
            return notes | {UNBALANCED: lacking.astype(np.int64)}
        used, valid = self.count(self.balanced), self.count(self.valid)
        lost = lacking & (used == 0)
        return notes | {
            LEFT_OUT: np.where(lost, 0, valid - used),
            LOST: lost.astype(np.int64),
        }


def presentations(frame: pd.DataFrame, instrument: Instrument) -> Presentations:
    """Sort the rows of the responses into cells and groups.

    Parameters
    ----------
    frame : DataFrame
        Responses.
    instrument : Instrument
    """
    items = [item.id for item in instrument.items]
    respondents = tuple(dict.fromkeys(frame["respondent"]))
    who = pd.Categorical(frame["respondent"], respondents).codes.astype(np.int64)
    cell = who * len(items) + pd.Categorical(frame["item"], items).codes.astype(np.int64)
    setting = frame.groupby(["labels", "wording"], sort=False, observed=True).ngroup().to_numpy()
    n_cells, n_settings = len(respondents) * len(items), int(setting.max()) + 1
    group = cell * n_settings + setting.astype(np.int64)
    valid: BoolArray = (frame["outcome"] == "chosen").to_numpy()
    k, n_groups = len(instrument.response_scale), n_cells * n_settings
    positions = _columns(frame, "position", k).astype(np.int64) - 1
    planned = balanced(position_counts(positions, group, n_groups))
    even = balanced(position_counts(positions[valid], group[valid], n_groups))
    whole = valid & (even | ~planned)[group]
    return Presentations(
        respondents,
        _columns(frame, "log_p", k).astype(np.float64),
        cell,
        group,
        n_cells,
        n_settings,
        valid,
        whole | _in_whole_square(positions, group, valid & ~whole),
        planned,
        even,
    )


def _in_whole_square(positions: IntArray, group: IntArray, rows: BoolArray) -> BoolArray:
    """Rows whose order belongs to a complete Latin square of its group.

    The k orders that turn into one another by renaming every option to the next are a Latin square:
    every option stands in every position once. A Williams design consists of one or two of them.
    """
    found = np.zeros(len(rows), dtype=bool)
    if not rows.any():
        return found
    orders = np.argsort(positions[rows], axis=1)
    k = orders.shape[1]
    _, square = np.unique((orders - orders[:, :1]) % k, axis=0, return_inverse=True)
    _, place, size = np.unique(
        np.column_stack([group[rows], square.ravel()]),
        axis=0, return_inverse=True, return_counts=True,
    )  # fmt: skip
    found[rows] = size[place.ravel()] == k
    return found


def _columns(frame: pd.DataFrame, name: str, n_options: int) -> np.ndarray:
    return frame[[f"{name}_{option}" for option in range(1, n_options + 1)]].to_numpy()
