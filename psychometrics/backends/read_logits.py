"""What is read of logits: wanted tokens, entropy, top alternatives; in float32."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psychometrics._types import TokenIds

if TYPE_CHECKING:
    import torch

N_TOP = 5
_BLOCK = 32  # rows whose probabilities over the vocabulary are held at once


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One place where the next token is read.

    Parameters
    ----------
    prompt : int
        Number of the prompt.
    onward : tuple of tuple of int
        Beginnings of label paths whose last token is read here.
    first : bool
        Whether this is the end of the prompt itself, where entropy and alternatives are read.
    """

    prompt: int
    onward: tuple[TokenIds, ...]
    first: bool


@dataclass(frozen=True, slots=True)
class Readout:
    """What was read.

    ``steps[(prompt, path)]`` is the log-probability of the last token of that path given the rest
    of it; ``entropy`` (nats) and ``top`` (token id, log p) are by prompt.
    """

    steps: dict[tuple[int, TokenIds], float] = field(default_factory=dict)
    entropy: dict[int, float] = field(default_factory=dict)
    top: dict[int, list[tuple[int, float]]] = field(default_factory=dict)

    def update(self, other: "Readout") -> None:
        """Take over what another one holds."""
        self.steps.update(other.steps)
        self.entropy.update(other.entropy)
        self.top.update(other.top)


def read_logits(
    logits: "torch.Tensor", at: Sequence[tuple[int, int]], rows: Sequence[AnswerRow]
) -> Readout:
    """Read the logits of some answer rows.

    Parameters
    ----------
    logits : Tensor, shape (n_sequences, n_places, n_vocabulary)
    at : sequence of tuple of int
        Sequence and place of each answer row.
    rows : sequence of AnswerRow

    Returns
    -------
    Readout
    """
    read = Readout()
    for begin in range(0, len(rows), _BLOCK):
        block = slice(begin, begin + _BLOCK)
        which, where = zip(*at[block], strict=True)
        read.update(_read(logits[list(which), list(where)].float(), rows[block]))
    return read


def _read(logits: "torch.Tensor", rows: Sequence[AnswerRow]) -> Readout:
    import torch

    log_total = torch.logsumexp(logits, dim=-1)
    wanted = [(row.prompt, path, r) for r, row in enumerate(rows) for path in row.onward]
    at = [r for _, _, r in wanted]
    tokens = [path[-1] for _, path, _ in wanted]
    values = (logits[at, tokens] - log_total[at]).cpu().double().tolist()
    steps = {(prompt, path): v for (prompt, path, _), v in zip(wanted, values, strict=True)}

    firsts = [r for r, row in enumerate(rows) if row.first]
    log_p = logits[firsts] - log_total[firsts].unsqueeze(-1)
    entropy = torch.special.entr(log_p.exp()).sum(dim=-1).cpu().double().tolist()
    best = torch.topk(log_p, min(N_TOP, log_p.shape[-1]), dim=-1)
    tops = zip(best.indices.tolist(), best.values.cpu().double().tolist(), strict=True)
    prompts = [rows[r].prompt for r in firsts]
    return Readout(
        steps,
        dict(zip(prompts, entropy, strict=True)),
        {prompt: list(zip(*top, strict=True)) for prompt, top in zip(prompts, tops, strict=True)},
    )
