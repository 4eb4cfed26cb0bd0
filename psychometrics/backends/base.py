"""What every back end offers, and the two records that pass between it and an administration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

from psychometrics._types import TokenIds
from psychometrics.backends.completion import Completion, TextRequest
from psychometrics.backends.reading import readings
from psychometrics.instruments.item import Item
from psychometrics.respondent.reference import ModelReference


@dataclass(frozen=True, slots=True)
class Presentation:
    """What a prompt shows, for back ends that simulate a respondent instead of reading tokens.

    ``order[position]`` is the canonical index of the option shown there; ``values`` are the
    scored values in canonical order; ``lineage`` names the item's scales, narrowest first.
    """

    item: Item
    lineage: tuple[str, ...]
    values: tuple[float, ...]
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt to be scored.

    ``ids`` are its tokens; ``paths[option][spelling]`` are the tokens of each spelling of each
    option's label, options in canonical order; ``key`` identifies it within a run.
    """

    key: str
    ids: TokenIds
    paths: tuple[tuple[TokenIds, ...], ...]
    presentation: Presentation

    @property
    def longest(self) -> int:
        """Tokens of the prompt with its longest label."""
        return len(self.ids) + max(len(path) for option in self.paths for path in option)

    @property
    def sequences(self) -> tuple[TokenIds, ...]:
        """Token sequences that have to be run to read every label."""
        found = readings(path for option in self.paths for path in option)
        return tuple(self.ids + reading.appended for reading in found)


@dataclass(frozen=True, slots=True)
class PromptScore:
    """Log-probabilities (natural logarithm, over the full vocabulary) after one prompt.

    ``path_log_p[option][spelling]`` is the log-probability of those tokens; ``entropy`` (nats) and
    ``top`` (token text, log p) are of the first answer token; ``numerics`` says how it was
    computed.
    """

    path_log_p: tuple[tuple[float, ...], ...]
    entropy: float
    top: tuple[tuple[str, float], ...]
    numerics: str

    def to_json(self) -> list[Any]:
        """Plain lists and numbers, for the journal."""
        return [self.path_log_p, self.entropy, self.top, self.numerics]

    @classmethod
    def from_json(cls, fields: Sequence[Any]) -> Self:
        """Read what :meth:`to_json` wrote."""
        path_log_p, entropy, top, numerics = fields
        return cls(tuple(map(tuple, path_log_p)), entropy, tuple(map(tuple, top)), numerics)


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """The engine chosen for a model, and what the check at load saw.

    Parameters
    ----------
    name : {"tree", "padded"}
    reason : str
        Why this one.
    padded_difference, tree_difference : float or None
        Largest difference of a label's log-probability from one prompt at a time, in nats.
    """

    name: str
    reason: str
    padded_difference: float
    tree_difference: float | None = None


class Backend(Protocol):
    """A model that can be asked. Reading its text side is cheap; ``load`` fetches the weights."""

    @property
    def reference(self) -> ModelReference:
        """The reference it answers to."""
        ...

    @property
    def identity(self) -> Mapping[str, str | None]:
        """Everything about the model that can change an answer.

        ``reads`` says what it answers to: ``tokens``, or the ``presentation`` (scripts).
        """
        ...

    @property
    def environment(self) -> Mapping[str, str]:
        """Device and versions: what can move an answer by rounding."""
        ...

    @property
    def has_chat_template(self) -> bool:
        """Whether prompts are messages (else they are plain text)."""
        ...

    @property
    def bos(self) -> int | None:
        """The token that the tokenizer's convention puts first, if any."""
        ...

    @property
    def special_tokens(self) -> tuple[str, ...]:
        """Texts that the tokenizer takes for control tokens; no prompt may contain them."""
        ...

    @property
    def context_length(self) -> int | None:
        """Longest sequence in tokens, if the model states one."""
        ...

    @property
    def batch_tokens(self) -> int:
        """Distinct tokens after which a journalled batch may end."""
        ...

    @property
    def batch_requests(self) -> int:
        """Written answers that are journalled together."""
        ...

    @property
    def engine(self) -> EngineChoice | None:
        """How the loaded model computes and why so; None where there is no choice."""
        ...

    @property
    def tokens_computed(self) -> int:
        """Tokens that went through the model to score prompts, since it was loaded."""
        ...

    def render_chat(self, messages: Sequence[Mapping[str, str]]) -> str:
        """Apply the chat template, ready for the answer; TemplateError if it refuses."""
        ...

    def encode(self, texts: Sequence[str]) -> list[TokenIds]:
        """Tokenize without adding anything."""
        ...

    def decode(self, ids: Sequence[int]) -> str:
        """Text of tokens."""
        ...

    def load(self) -> None:
        """Make ready to score; does nothing the second time."""
        ...

    def unload(self) -> None:
        """Let go of the weights; they are read again when needed."""
        ...

    def score(self, prompts: Sequence[Prompt]) -> list[PromptScore]:
        """Score prompts in one batch, in order."""
        ...

    def score_exactly(self, prompts: Sequence[Prompt]) -> list[PromptScore]:
        """Score prompts one at a time, in float32 or the highest precision that fits."""
        ...

    def write(self, requests: Sequence[TextRequest]) -> list[Completion]:
        """Answer prompts in words, in order."""
        ...
