"""The two records of text generation: what is asked for, and what was written."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from psychometrics._types import FinishReason, TokenIds
from psychometrics.designs.sampling import Sampling


@dataclass(frozen=True, slots=True)
class TextRequest:
    """One prompt to be answered in words.

    ``ids`` are its tokens; ``seed`` its own, so that the answer does not depend on what is computed
    beside it; ``key`` identifies it within a run.
    """

    key: str
    ids: TokenIds
    sampling: Sampling
    seed: int


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model wrote.

    ``ids`` are the tokens it chose, one that ends the answer included; ``log_p`` the logarithm of
    the probability of each in the model's own distribution (temperature 1, nothing cut off);
    ``text`` the answer without what ended it; ``numerics`` says how it was computed.
    """

    text: str
    ids: TokenIds
    log_p: tuple[float, ...]
    finish_reason: FinishReason
    numerics: str

    def to_json(self) -> list[Any]:
        """Plain lists and numbers, for the journal."""
        return [self.text, self.ids, self.log_p, self.finish_reason, self.numerics]

    @classmethod
    def from_json(cls, fields: Sequence[Any]) -> Self:
        """Read what :meth:`to_json` wrote."""
        text, ids, log_p, finish_reason, numerics = fields
        return cls(text, tuple(ids), tuple(log_p), finish_reason, numerics)
