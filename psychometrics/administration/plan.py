"""The whole plan of a run: every row, prompt and batch, before anything is paid for."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Generic, TypeVar

from psychometrics.administration.label_paths import LabelPathFinder
from psychometrics.administration.render import canonical_labels, render
from psychometrics.administration.template import PromptWriter, Rendering
from psychometrics.backends.base import Backend, Presentation, Prompt
from psychometrics.backends.trie import cut, n_distinct
from psychometrics.designs.design import Condition, Design
from psychometrics.errors import ContextLengthError, DesignError
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.with_wording import refuse_without_wording
from psychometrics.respondent.reference import ModelReference
from psychometrics.respondent.respondents import Respondent, Respondents

Backends = Mapping[ModelReference, Backend]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ModelPlan(Generic[T]):
    """What one model has to answer.

    Parameters
    ----------
    reference : ModelReference
    batches : tuple of tuple
        Distinct prompts in the order they are run; what stands in one batch is journalled together.
    """

    reference: ModelReference
    batches: tuple[tuple[T, ...], ...]

    @property
    def prompts(self) -> tuple[T, ...]:
        """All distinct prompts, in the order they are run."""
        return tuple(prompt for batch in self.batches for prompt in batch)


@dataclass(frozen=True, slots=True)
class TokenCounts:
    """Tokens of a plan.

    Parameters
    ----------
    presented : int
        Of every prompt by itself.
    distinct : int
        Each beginning that prompts share counted once.
    planned : int
        Each counted once a batch: what the tree engine computes with one row.
    """

    presented: int
    distinct: int
    planned: int


@dataclass(frozen=True, slots=True)
class RespondentPlan:
    """How one respondent is asked.

    ``cells[item, condition]`` (flattened, items outermost) are the keys of its prompts.
    """

    respondent: Respondent
    rendering: Rendering
    dropped_spellings: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Every row and every batch of a run."""

    instrument: Instrument
    conditions: tuple[Condition, ...]
    respondents: tuple[RespondentPlan, ...]
    models: tuple[ModelPlan[Prompt], ...]

    @property
    def n_rows(self) -> int:
        """Observations: respondents × items × conditions."""
        return sum(len(r.cells) for r in self.respondents)

    @property
    def n_prompts(self) -> int:
        """Distinct prompts to be run."""
        return sum(len(model.prompts) for model in self.models)

    @property
    def n_batches(self) -> int:
        """Batches to be run."""
        return sum(len(model.batches) for model in self.models)

    @property
    def keys(self) -> list[list[list[str]]]:
        """Keys of the prompts, by model and batch."""
        return [
            [[prompt.key for prompt in batch] for batch in model.batches] for model in self.models
        ]

    def tokens(self) -> TokenCounts:
        """Count the tokens of all prompts with what is appended to read labels of several."""
        presented = distinct = planned = 0
        for model in self.models:
            batches = [[s for prompt in batch for s in prompt.sequences] for batch in model.batches]
            presented += sum(len(ids) for batch in batches for ids in batch)
            distinct += n_distinct([ids for batch in batches for ids in batch])
            planned += sum(map(n_distinct, batches))
        return TokenCounts(presented, distinct, planned)

    @property
    def sha256(self) -> str:
        """Hash of all rows and batches."""
        content = [[list(r.cells) for r in self.respondents], self.keys]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def make_plan(
    instrument: Instrument, respondents: Respondents, design: Design, seed: int, backends: Backends
) -> Plan:
    """Write and tokenize every prompt of a run, and cut the batches.

    Raises
    ------
    WordingError
        The wording of the instrument is not installed.
    DesignError, TemplateError, LabelBoundaryError
        Something cannot be presented as asked.
    ContextLengthError
        A prompt with its longest label exceeds the context of its model.
    """
    refuse_without_wording(instrument)
    _refuse_pairs_of_one_kind(instrument, design)
    conditions = design.conditions(len(instrument.response_scale), seed)
    by_model: dict[ModelReference, dict[str, Prompt]] = {}
    plans = []
    for respondent in respondents:
        prompts, plan = _plan_respondent(
            instrument, respondent, conditions, backends[respondent.model]
        )
        by_model.setdefault(respondent.model, {}).update({p.key: p for p in prompts})
        plans.append(plan)
    models = tuple(
        _cut(reference, prompts, backends[reference].batch_tokens)
        for reference, prompts in by_model.items()
    )
    return Plan(instrument, conditions, tuple(plans), models)


def _refuse_pairs_of_one_kind(instrument: Instrument, design: Design) -> None:
    if design.option_order == "paired" and not instrument.response_scale.is_two_valued:
        raise DesignError(
            f"option_order='paired' alternates high and low options; those of {instrument.name} "
            "are graded.",
            "Use option_order='balanced'.",
        )


def _plan_respondent(
    instrument: Instrument,
    respondent: Respondent,
    conditions: tuple[Condition, ...],
    backend: Backend,
) -> tuple[list[Prompt], RespondentPlan]:
    writer = PromptWriter(backend, respondent.persona, respondent.system_role)
    finder = LabelPathFinder(writer.encode)
    pairs = [(item, condition) for item in instrument.items for condition in conditions]
    scale = instrument.response_scale
    texts = [writer.text(render(item, instrument, condition)) for item, condition in pairs]
    lineages = {item.id: instrument.lineage(item) for item in instrument.items}
    values = tuple(scale.values.tolist())
    identity = backend.identity
    prompts = []
    for (item, condition), text, ids in zip(pairs, texts, writer.encode(texts), strict=True):
        labels = canonical_labels(item, instrument, condition)
        paths = finder.find(text, ids, labels).paths
        presentation = Presentation(item, lineages[item.id], values, condition.order)
        key = _cell_id(identity, ids, paths, presentation)
        prompts.append(Prompt(key, ids, paths, presentation))
    _refuse_too_long(prompts, backend)
    cells = tuple(prompt.key for prompt in prompts)
    return prompts, RespondentPlan(respondent, writer.rendering, finder.dropped, cells)


def _refuse_too_long(prompts: list[Prompt], backend: Backend) -> None:
    longest = max(prompt.longest for prompt in prompts)
    if backend.context_length is not None and longest > backend.context_length:
        raise ContextLengthError(
            f"A prompt of {longest} tokens, its label included, exceeds the context of "
            f"{backend.reference.name} ({backend.context_length}).",
            "Shorten the persona, or use a model with a longer context; nothing is cut.",
        )


def _cell_id(
    identity: Mapping[str, str | None],
    ids: tuple[int, ...],
    paths: tuple[tuple[tuple[int, ...], ...], ...],
    presentation: Presentation,
) -> str:
    """Hash everything that can change the answer."""
    parts: list[object] = [
        [identity[part] for part in ("engine", "weights", "tokenizer", "dtype")],
        "logprob",
        ids,
        paths,
    ]
    if identity["reads"] == "presentation":
        shown = asdict(presentation)
        del shown["item"]["source"]  # the same text may come from another file
        parts.append(shown)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _cut(reference: ModelReference, prompts: dict[str, Prompt], size: int) -> ModelPlan[Prompt]:
    """Order prompts by their tokens, and cut them where they share little."""
    ordered = sorted(prompts.values(), key=lambda prompt: (prompt.ids, prompt.key))
    pieces = cut([prompt.ids for prompt in ordered], size)
    return ModelPlan(reference, tuple(tuple(ordered[i] for i in piece) for piece in pieces))
