"""The whole plan of a run that is answered in words, before anything is paid for."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from psychometrics.administration.plan import Backends, ModelPlan
from psychometrics.administration.template import PromptWriter, Rendering
from psychometrics.backends.base import Backend
from psychometrics.backends.completion import TextRequest
from psychometrics.backends.generate import by_length
from psychometrics.designs.sampling import Sampling
from psychometrics.errors import ContextLengthError
from psychometrics.respondent.reference import ModelReference
from psychometrics.respondent.respondents import Respondent, Respondents


@dataclass(frozen=True, slots=True)
class Row:
    """One answer that is wanted."""

    respondent: Respondent
    prompt: str
    replicate: int
    request: TextRequest


@dataclass(frozen=True, slots=True)
class TextPlan:
    """Every answer that is wanted, and every batch."""

    rows: tuple[Row, ...]
    renderings: tuple[tuple[Respondent, Rendering], ...]
    models: tuple[ModelPlan[TextRequest], ...]

    @property
    def keys(self) -> list[list[list[str]]]:
        """Keys of the requests, by model and batch."""
        return [[[r.key for r in batch] for batch in model.batches] for model in self.models]


def make_text_plan(
    texts: Mapping[str, str],
    respondents: Respondents,
    sampling: Sampling,
    replicates: range,
    seed: int,
    backends: Backends,
) -> TextPlan:
    """Write and tokenize every prompt, give every answer its seed, and cut the batches.

    Raises
    ------
    DesignError
        A respondent is a script.
    TemplateError
        Something cannot be presented as asked.
    ContextLengthError
        A prompt and its longest answer exceed the context of the model.
    """
    rows, renderings = [], []
    for respondent in respondents:
        backend = backends[respondent.model]
        writer = PromptWriter(backend, respondent.persona, respondent.system_role)
        renderings.append((respondent, writer.rendering))
        encoded = writer.encode([writer.text(text) for text in texts.values()])
        _refuse_too_long(max(map(len, encoded)) + sampling.max_new_tokens, backend)
        for name, ids in zip(texts, encoded, strict=True):
            for replicate in replicates:
                own = _own_seed(seed, respondent.id, name, replicate) if sampling.temperature else 0
                request = TextRequest(_cell_id(backend, ids, sampling, own), ids, sampling, own)
                rows.append(Row(respondent, name, replicate, request))
    models = tuple(
        _cut(reference, [row for row in rows if row.respondent.model == reference], backend)
        for reference, backend in backends.items()
    )
    return TextPlan(tuple(rows), tuple(renderings), models)


def _cut(
    reference: ModelReference, rows: Sequence[Row], backend: Backend
) -> ModelPlan[TextRequest]:
    requests = list({row.request.key: row.request for row in rows}.values())
    batches = by_length(requests, backend.batch_requests, mixed=True)
    return ModelPlan(reference, tuple(tuple(requests[i] for i in batch) for batch in batches))


def _refuse_too_long(longest: int, backend: Backend) -> None:
    if backend.context_length is not None and longest > backend.context_length:
        raise ContextLengthError(
            f"A prompt and its answer of {longest} tokens exceed the context of "
            f"{backend.reference.name} ({backend.context_length}).",
            "Shorten the prompt or the persona, or lower max_new_tokens; nothing is cut.",
        )


def _own_seed(seed: int, *names: object) -> int:
    digest = hashlib.sha256(json.dumps([seed, *names]).encode()).digest()
    return int.from_bytes(digest[:8])


def _cell_id(backend: Backend, ids: tuple[int, ...], sampling: Sampling, seed: int) -> str:
    """Hash everything that can change the answer."""
    who = [backend.identity[part] for part in ("engine", "weights", "tokenizer", "dtype")]
    parts = [who, "text", ids, asdict(sampling), seed]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
