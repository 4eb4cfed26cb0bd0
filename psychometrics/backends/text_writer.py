"""Answers in words from a loaded model: how, in which batches, and what if memory runs out."""

import math
import warnings
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from psychometrics._types import TokenIds
from psychometrics.backends.completion import Completion, TextRequest
from psychometrics.backends.generate import Decode, by_length, first_log_p, generate
from psychometrics.backends.generate_continuously import (
    ContinuousBatchingError,
    generate_continuously,
    takes,
)
from psychometrics.backends.memory import OutOfMemoryError, attempt, halved

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

_COMPARED = 20  # most probable first tokens whose log-probabilities the check compares


class TextWriter:
    """Writes answers in words.

    Parameters
    ----------
    model : PreTrainedModel
    size : int
        Rows of a batch; halved when memory runs out.
    ends : collection of int
        Tokens that end an answer.
    decode : callable
    """

    def __init__(
        self, model: "PreTrainedModel", size: int, ends: Collection[int], decode: Decode
    ) -> None:
        self._model, self._ends, self._decode = model, ends, decode
        self._size = self._asked = size
        self._mixed = True

    def check_padding(self, prompts: Sequence[TokenIds], limit: float) -> float:
        """Compare left-padded batches with one prompt at a time; if they differ, do without.

        Parameters
        ----------
        prompts : sequence of token ids
            Of several lengths.
        limit : float
            Largest difference (nats) that rounding explains. Beyond it, only prompts of one length
            stand in a batch.

        Returns
        -------
        float
            Largest difference of the log-probability of a likely first token.
        """
        together = self._first_log_p(prompts)
        alone = [self._first_log_p([ids])[0] for ids in prompts]
        differences = [
            (one - other)[other.topk(_COMPARED).indices].abs().max()
            for one, other in zip(together, alone, strict=True)
        ]
        difference = float(max(differences))
        self._mixed = difference <= limit
        return difference

    def _first_log_p(self, prompts: Sequence[TokenIds]) -> "torch.Tensor":
        found = attempt(first_log_p, self._model, prompts)
        if found is None:
            raise OutOfMemoryError
        return found

    def write(self, requests: Sequence[TextRequest]) -> list[Completion]:
        """Answer prompts in words, in order.

        Raises
        ------
        OutOfMemoryError
            Memory runs out with one prompt.
        """
        answers: dict[int, Completion] = {}
        for group in by_length(requests, len(requests), mixed=True):
            chosen = [requests[place] for place in group]
            done = self._continuously(chosen) or self._in_batches(chosen)
            answers.update(zip(group, done, strict=True))
        return [answers[place] for place in range(len(requests))]

    def _continuously(self, requests: Sequence[TextRequest]) -> list[Completion] | None:
        if not takes(requests, self._model.device.type):
            return None
        try:  # not by attempt(): its threads write to tensors made here, outside inference mode
            done = generate_continuously(self._model, requests, self._ends, self._decode)
        except (ContinuousBatchingError, RuntimeError, ValueError) as error:
            warnings.warn(
                f"Continuous batching failed ({error}); padded batches are used.", stacklevel=2
            )
            return None
        return _served(done, "generate continuously")

    def _in_batches(self, requests: Sequence[TextRequest]) -> list[Completion]:
        answers: dict[int, Completion] = {}
        while left := [place for place in range(len(requests)) if place not in answers]:
            chosen = [requests[place] for place in left]
            first = by_length(chosen, self._size, mixed=self._mixed)[0]
            done = attempt(self._generate, [chosen[i] for i in first])
            if done is None:
                self._halve()
                continue
            answers.update(
                zip((left[i] for i in first), _served(done, self._settings), strict=True)
            )
        return [answers[place] for place in range(len(requests))]

    def _generate(self, requests: Sequence[TextRequest]) -> list[Completion]:
        return generate(self._model, requests, self._ends, self._decode)

    def _halve(self) -> None:
        if self._size == 1:
            raise OutOfMemoryError
        self._size = -(-self._size // 2)

    @property
    def _settings(self) -> str:
        lengths = "left-padded" if self._mixed else "of one length"
        return f"generate batch {halved(self._size, self._asked)} {lengths}"


def _served(answers: Sequence[Completion], settings: str) -> list[Completion]:
    return [replace(answer, numerics=settings) for answer in answers]


def has_numbers(answers: Sequence[Completion]) -> bool:
    """Whether every log-probability is a number."""
    return not any(math.isnan(value) for answer in answers for value in answer.log_p)
