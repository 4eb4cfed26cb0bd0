"""The padded engine: length-sorted, right-padded batches; logits read at answer rows only.

A causal model cannot see padding to the right, so no mask is needed and none is passed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from psychometrics._types import IntArray
from psychometrics.backends.base import Prompt, TokenIds
from psychometrics.backends.reading import readings

if TYPE_CHECKING:
    import torch

    Forward = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]

N_TOP = 5


@dataclass(frozen=True, slots=True)
class Row:
    """One sequence to run, the positions to read, and the label paths that go on at each.

    ``first`` says whether the first position is the end of the prompt itself.
    """

    prompt: int
    ids: TokenIds
    positions: tuple[int, ...]
    paths: tuple[tuple[TokenIds, ...], ...]
    first: bool


@dataclass(frozen=True, slots=True)
class RowsRead:
    """What was read of a batch of rows.

    ``steps[(prompt, path)]`` is the log-probability of the last token of that path given the rest
    of it; ``entropy`` and ``top`` (token id, log p) are by prompt.
    """

    steps: dict[tuple[int, TokenIds], float]
    entropy: dict[int, float]
    top: dict[int, list[tuple[int, float]]]


def rows_of(prompts: Sequence[Prompt]) -> list[Row]:
    """Sequences that have to be run for some prompts, longest first."""
    rows = []
    for number, prompt in enumerate(prompts):
        paths = sorted({path for option in prompt.paths for path in option})
        for reading in readings(paths):
            last = len(prompt.ids) - 1
            onward = tuple(
                tuple(
                    sorted(
                        {
                            path[: depth + 1]
                            for path in paths
                            if _passes(path, reading.appended[:depth])
                        }
                    )
                )
                for depth in reading.depths
            )
            positions = tuple(last + depth for depth in reading.depths)
            first = reading.depths[0] == 0
            rows.append(Row(number, prompt.ids + reading.appended, positions, onward, first))
    return sorted(rows, key=lambda row: -len(row.ids))


def read_rows(rows: Sequence[Row], forward: "Forward", device: "torch.device") -> RowsRead:
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
    RowsRead
    """
    import torch

    logits = forward(*(torch.from_numpy(array).to(device) for array in _arrays(rows))).float()
    log_total = torch.logsumexp(logits, dim=-1)

    wanted = [
        (row.prompt, path, r, i)
        for r, row in enumerate(rows)
        for i, onward in enumerate(row.paths)
        for path in onward
    ]
    at_row = [r for _, _, r, _ in wanted]
    at_read = [i for _, _, _, i in wanted]
    tokens = [path[-1] for _, path, _, _ in wanted]
    values = (logits[at_row, at_read, tokens] - log_total[at_row, at_read]).cpu().double().tolist()
    steps = {
        (prompt, path): value for (prompt, path, _, _), value in zip(wanted, values, strict=True)
    }

    roots = [r for r, row in enumerate(rows) if row.first]
    log_p = logits[roots, 0] - log_total[roots, 0].unsqueeze(-1)
    entropy = torch.special.entr(log_p.exp()).sum(dim=-1).cpu().double().tolist()
    best = torch.topk(log_p, N_TOP, dim=-1)
    tops = zip(best.indices.tolist(), best.values.cpu().double().tolist(), strict=True)
    prompts = [rows[r].prompt for r in roots]
    return RowsRead(
        steps,
        dict(zip(prompts, entropy, strict=True)),
        {prompt: list(zip(*top, strict=True)) for prompt, top in zip(prompts, tops, strict=True)},
    )


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


def _passes(path: TokenIds, node: TokenIds) -> bool:
    return len(path) > len(node) and path[: len(node)] == node
