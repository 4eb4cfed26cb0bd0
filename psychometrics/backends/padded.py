"""The padded engine: length-sorted, right-padded batches; logits read at answer rows only.

A causal model cannot see padding to the right, so no mask is needed and none is passed. It serves
every causal architecture, and is what the tree engine is checked against.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from psychometrics._types import IntArray, TokenIds
from psychometrics.backends.base import Prompt
from psychometrics.backends.read_logits import AnswerRow, Readout, read_logits
from psychometrics.backends.reading import readings

if TYPE_CHECKING:
    import torch

    Forward = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


@dataclass(frozen=True, slots=True)
class Row:
    """One sequence to run, the positions to read, and what is read there."""

    ids: TokenIds
    positions: tuple[int, ...]
    answers: tuple[AnswerRow, ...]


def rows_of(prompts: Sequence[Prompt]) -> list[Row]:
    """Sequences that have to be run for some prompts, longest first."""
    rows = []
    for number, prompt in enumerate(prompts):
        paths = sorted({path for option in prompt.paths for path in option})
        for reading in readings(paths):
            answers = tuple(
                AnswerRow(number, _onward(paths, reading.appended[:depth]), depth == 0)
                for depth in reading.depths
            )
            positions = tuple(len(prompt.ids) - 1 + depth for depth in reading.depths)
            rows.append(Row(prompt.ids + reading.appended, positions, answers))
    return sorted(rows, key=lambda row: -len(row.ids))


def read_rows(rows: Sequence[Row], forward: "Forward", device: "torch.device") -> Readout:
    """Run rows as one batch and read the labels' tokens.

    Parameters
    ----------
    rows : sequence of Row
    forward : callable
        Token ids (n_rows, length) and positions (n_rows, n_reads) to logits
        (n_rows, n_reads, n_vocabulary).
    device : torch.device

    Returns
    -------
    Readout
    """
    import torch

    logits = forward(*(torch.from_numpy(array).to(device) for array in _arrays(rows)))
    at = [(r, i) for r, row in enumerate(rows) for i in range(len(row.answers))]
    answers = [answer for row in rows for answer in row.answers]
    return read_logits(logits, at, answers)


def _arrays(rows: Sequence[Row]) -> tuple[IntArray, IntArray]:
    """Pad token ids to the right, and positions with the last one of their row."""
    length = max(len(row.ids) for row in rows)
    reads = max(len(row.positions) for row in rows)
    ids = np.zeros((len(rows), length), dtype=np.int64)
    positions = np.zeros((len(rows), reads), dtype=np.int64)
    for r, row in enumerate(rows):
        ids[r, : len(row.ids)] = row.ids
        positions[r] = row.positions + row.positions[-1:] * (reads - len(row.positions))
    return ids, positions


def _onward(paths: Sequence[TokenIds], node: TokenIds) -> tuple[TokenIds, ...]:
    """Beginnings of paths that go one token beyond a node."""
    n = len(node)
    return tuple(sorted({path[: n + 1] for path in paths if len(path) > n and path[:n] == node}))
