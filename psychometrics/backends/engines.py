"""The two ways to compute a batch, and what each does when memory runs out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from psychometrics.backends.base import Prompt
from psychometrics.backends.memory import OutOfMemoryError, attempt, halved
from psychometrics.backends.padded import read_rows, rows_of
from psychometrics.backends.read_logits import Readout
from psychometrics.backends.tree import TreeForward, TreeState, run_window, tree_rows
from psychometrics.backends.windows import SMALLEST

if TYPE_CHECKING:
    import torch

    from psychometrics.backends.padded import Forward


class Engine(Protocol):
    """A way to compute a batch of prompts."""

    @property
    def settings(self) -> str:
        """Its name and sizes as they are now."""
        ...

    @property
    def tokens_computed(self) -> int:
        """Tokens that went through the model so far, padding left out."""
        ...

    def read(self, prompts: Sequence[Prompt]) -> tuple[Readout, dict[int, str]]:
        """Read all label paths of some prompts; by prompt, the settings that served it.

        Raises
        ------
        OutOfMemoryError
            Memory runs out with the smallest piece of work.
        """
        ...


class PaddedEngine:
    """Right-padded batches; out of memory halves them.

    Parameters
    ----------
    forward : callable
        Of :func:`psychometrics.backends.padded.read_rows`.
    device : torch.device
    size : int
        Sequences a batch.
    """

    def __init__(self, forward: "Forward", device: "torch.device", size: int) -> None:
        self._forward, self._device = forward, device
        self._size = self._asked = size
        self.tokens_computed = 0

    @property
    def settings(self) -> str:
        """Its name and sizes as they are now."""
        return f"padded batch {halved(self._size, self._asked)}"

    def read(self, prompts: Sequence[Prompt]) -> tuple[Readout, dict[int, str]]:
        """Read all label paths of some prompts."""
        rows, readout, served = rows_of(prompts), Readout(), {}
        while rows:
            batch = rows[: self._size]
            part = attempt(read_rows, batch, self._forward, self._device)
            if part is None:
                if self._size == 1:
                    raise OutOfMemoryError
                self._size //= 2
                continue
            rows = rows[len(batch) :]
            self.tokens_computed += sum(len(row.ids) for row in batch)
            readout.update(part)
            served.update(dict.fromkeys(part.entropy, self.settings))
        return readout, served


class TreeEngine:
    """Windows over tries; out of memory halves the rows, then the window, and redoes the window.

    Parameters
    ----------
    forward : TreeForward
    rows : int
        Tries run side by side.
    window : int
        Nodes of each that go through the model at once.
    """

    def __init__(self, forward: TreeForward, rows: int, window: int) -> None:
        self._forward = forward
        self._rows, self._window = rows, window
        self._asked = rows, window
        self.tokens_computed = 0

    @property
    def settings(self) -> str:
        """Its name and sizes as they are now."""
        rows, window = self._asked
        return f"tree window {halved(self._window, window)} rows {halved(self._rows, rows)}"

    def read(self, prompts: Sequence[Prompt]) -> tuple[Readout, dict[int, str]]:
        """Read all label paths of some prompts."""
        readout, served = Readout(), {}
        waiting = [TreeState(tree_rows(rows_of(prompts), self._rows))]
        while waiting:
            state = waiting.pop()
            if len(state.rows) > self._rows:
                waiting += reversed(state.halves())
                continue
            done = attempt(run_window, state, self._window, self._forward)
            if done is None:
                self._halve()
                waiting.append(state)
                continue
            part, rest, n_tokens = done
            self.tokens_computed += n_tokens
            readout.update(part)
            served.update(dict.fromkeys(part.entropy, self.settings))
            if rest is not None:
                waiting.append(rest)
        return readout, served

    def _halve(self) -> None:
        if self._rows > 1:
            self._rows = -(-self._rows // 2)
        elif self._window > SMALLEST:
            self._window = max(SMALLEST, self._window // 2)
        else:
            raise OutOfMemoryError
