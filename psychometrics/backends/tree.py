"""The tree engine: every distinct token of a batch computed once.

Sequences are laid out as a trie and run in windows. A window sees itself through a mask of
ancestors, and what came before it through the keys and values of one path, carried from window to
window; positions are depths. The forward pass is the model's own.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from psychometrics.backends.padded import Row
from psychometrics.backends.read_logits import AnswerRow, Readout, read_logits
from psychometrics.backends.trie import Trie, cut, make_trie
from psychometrics.backends.windows import Window, carried, next_window, visible

if TYPE_CHECKING:
    import torch

    Layers = list[tuple[torch.Tensor, torch.Tensor]]

_GROWTH = 32  # part by which rows grow until there are no more of them than asked for


@dataclass(frozen=True, slots=True)
class TreeRow:
    """A trie to be run from one node on, and what is read at its nodes."""

    trie: Trie
    answers: dict[int, list[AnswerRow]]
    at: int = 0


@dataclass(frozen=True, slots=True)
class TreeState:
    """Rows that are run side by side, and the keys and values of their paths.

    ``layers`` holds keys and values of each layer, shape (n_rows, n_heads, n_path, n_dim), padded
    on the right; it is None before the first window.
    """

    rows: tuple[TreeRow, ...]
    layers: "Layers | None" = None

    def halves(self) -> "tuple[TreeState, TreeState]":
        """Split the rows, for want of memory."""
        half = len(self.rows) // 2
        first, second = slice(None, half), slice(half, None)
        return self._part(first), self._part(second)

    def _part(self, which: slice) -> "TreeState":
        rows = self.rows[which]
        n_path = max(int(row.trie.depth[row.at]) for row in rows)  # of the whole it may be longer
        layers = self.layers and [
            (k[which, :, :n_path], v[which, :, :n_path]) for k, v in self.layers
        ]
        return TreeState(rows, layers)


@dataclass(frozen=True, slots=True)
class TreeForward:
    """How a model is run over windows.

    Parameters
    ----------
    model : PreTrainedModel
    device : torch.device
    dtype : torch.dtype
        Of the mask.
    sliding : int or None
        Tokens that its sliding-window layers see.
    by_layer_type : bool
        Whether it takes a mask for each type of layer.
    """

    model: Any
    device: "torch.device"
    dtype: "torch.dtype"
    sliding: int | None
    by_layer_type: bool

    def __call__(
        self, windows: Sequence[Window], layers: "Layers | None", keep: "np.ndarray[Any, Any]"
    ) -> "tuple[torch.Tensor, Layers]":
        """Logits at the kept places of each window, and the keys and values of all layers."""
        from transformers import DynamicCache

        ids, depths = _padded(windows)
        with self._attention(windows):
            output = self.model(
                input_ids=self._tensor(ids),
                position_ids=self._tensor(depths),
                attention_mask=self._mask(windows),
                past_key_values=DynamicCache(layers) if layers else DynamicCache(),
                use_cache=True,
                logits_to_keep=self._tensor(keep[0] if len(windows) == 1 else keep),
            )
        return output.logits, [
            (layer.keys, layer.values) for layer in output.past_key_values.layers
        ]

    def _attention(self, windows: Sequence[Window]) -> AbstractContextManager[Any]:
        """On a CPU one row attends in parts; on a GPU the whole product costs less than them."""
        if self.device.type != "cpu" or len(windows) > 1:
            return nullcontext()
        from psychometrics.backends.attend_in_parts import AttendInParts

        return AttendInParts(windows[0])

    def _tensor(self, array: "np.ndarray[Any, Any]") -> "torch.Tensor":
        import torch

        return torch.from_numpy(array).to(self.device)

    def _mask(self, windows: Sequence[Window]) -> "torch.Tensor | dict[str, torch.Tensor]":
        if not self.by_layer_type:
            return self._additive(windows, self.sliding)
        return {
            "full_attention": self._additive(windows, None),
            "sliding_attention": self._additive(windows, self.sliding),
        }

    def _additive(self, windows: Sequence[Window], sliding: int | None) -> "torch.Tensor":
        """Zero where a token sees, the lowest number where not: what every attention takes."""
        import torch

        seen = self._tensor(visible(windows, sliding)).unsqueeze(1)
        mask = torch.zeros(seen.shape, dtype=self.dtype, device=self.device)
        return mask.masked_fill_(~seen, torch.finfo(self.dtype).min)


def tree_rows(rows: Sequence[Row], n_rows: int) -> tuple[TreeRow, ...]:
    """Lay out the sequences of a batch as up to ``n_rows`` tries."""
    ordered = sorted(rows, key=lambda row: row.ids)
    sequences = [row.ids for row in ordered]
    pieces = [range(len(ordered))]
    if n_rows > 1:
        size = -(-len(make_trie(sequences)) // n_rows)
        while len(pieces := cut(sequences, size)) > n_rows:  # each repeats what it shares
            size += -(-size // _GROWTH)
    return tuple(_tree_row([ordered[i] for i in piece]) for piece in pieces)


def _tree_row(rows: Sequence[Row]) -> TreeRow:
    read = [
        (row.ids[: position + 1], answer)
        for row in rows
        for position, answer in zip(row.positions, row.answers, strict=True)
    ]
    trie = make_trie([ids for ids, _ in read])
    answers: dict[int, list[AnswerRow]] = {}
    for node, (_, answer) in zip(trie.last.tolist(), read, strict=True):
        answers.setdefault(node, []).append(answer)
    return TreeRow(trie, answers)


def run_window(
    state: TreeState, size: int, forward: Callable[..., "tuple[torch.Tensor, Layers]"]
) -> tuple[Readout, TreeState | None, int]:
    """Run the next window of every row.

    Parameters
    ----------
    state : TreeState
    size : int
        Nodes a window, at most.
    forward : TreeForward

    Returns
    -------
    readout : Readout
    state : TreeState or None
        What is left to run; None at the end.
    n_tokens : int
        Tokens that were computed.
    """
    windows = [next_window(row.trie, row.at, size) for row in state.rows]
    nodes = [_read_in(row, window) for row, window in zip(state.rows, windows, strict=True)]
    keep = np.zeros((len(windows), max(1, *map(len, nodes), 0)), dtype=np.int64)
    for r, (window, read) in enumerate(zip(windows, nodes, strict=True)):
        keep[r, : len(read)] = np.array(read, dtype=np.int64) - window.start
    logits, layers = forward(windows, state.layers, keep)
    rest = _after(state.rows, windows, layers)
    del layers  # logits are large enough without them
    places = [
        (r, i, answer)
        for r, (row, read) in enumerate(zip(state.rows, nodes, strict=True))
        for i, node in enumerate(read)
        for answer in row.answers[node]
    ]
    readout = read_logits(
        logits, [(r, i) for r, i, _ in places], [answer for _, _, answer in places]
    )
    return readout, rest, sum(map(len, windows))


def _read_in(row: TreeRow, window: Window) -> list[int]:
    return [node for node in range(window.start, window.stop) if node in row.answers]


def _padded(windows: Sequence[Window]) -> "tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]":
    """Token ids and depths of windows, padded on the right."""
    shape = (len(windows), max(map(len, windows)))
    ids, depths = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for r, window in enumerate(windows):
        ids[r, : len(window)] = window.trie.token[window.start : window.stop]
        depths[r, : len(window)] = window.trie.depth[window.start : window.stop]
    return ids, depths


def _after(
    rows: Sequence[TreeRow], windows: Sequence[Window], layers: "Layers"
) -> TreeState | None:
    """Keep the rows that go on, and of their keys and values those of the next path."""
    import torch

    going = [r for r, window in enumerate(windows) if window.stop < len(window.trie)]
    if not going:
        return None
    n_path = max(len(window.path) for window in windows)
    places = [carried(windows[r], n_path) for r in going]
    index = np.zeros((len(going), max(map(len, places))), dtype=np.int64)
    for i, place in enumerate(places):
        index[i, : len(place)] = place
    device = layers[0][0].device
    which = torch.tensor(going, device=device)[:, None]
    gather = torch.from_numpy(index).to(device)
    kept = [
        tuple(t[which, :, gather].transpose(1, 2).contiguous() for t in layer) for layer in layers
    ]
    left = tuple(TreeRow(rows[r].trie, rows[r].answers, windows[r].stop) for r in going)
    return TreeState(left, kept)
