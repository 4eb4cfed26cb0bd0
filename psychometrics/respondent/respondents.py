"""Respondents: what scores are about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike, fspath
from typing import get_args

from psychometrics._types import SystemRole
from psychometrics.errors import DesignError
from psychometrics.respondent.reference import ModelReference, Referable

Model = str | PathLike[str] | ModelReference | Referable


@dataclass(frozen=True, slots=True)
class Persona:
    """A text that tells a model whom to be, placed in the system prompt."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Respondent:
    """One object of measurement: a model with or without a persona.

    Parameters
    ----------
    model : ModelReference
    persona : Persona or None
    system_role : {"fold", "error"}
        What happens to the persona if the chat template has no system role: it goes into the
        user's turn, or an error is raised.
    """

    model: ModelReference
    persona: Persona | None = None
    system_role: SystemRole = "fold"

    @property
    def id(self) -> str:
        """Name used in tables."""
        model = self.model.name + (f"@{self.model.revision}" if self.model.revision else "")
        return f"{model}|{self.persona.id}" if self.persona else model

    def __repr__(self) -> str:
        return f"<Respondent {self.id}>"


@dataclass(frozen=True, slots=True)
class Respondents(Sequence[Respondent]):
    """Respondents in order, with the models that are already in memory."""

    members: tuple[Respondent, ...]
    opened: Mapping[ModelReference, Referable]

    def __getitem__(self, index: int) -> Respondent:  # type: ignore[override]
        return self.members[index]

    def __len__(self) -> int:
        return len(self.members)

    def __iter__(self) -> Iterator[Respondent]:
        return iter(self.members)

    def __repr__(self) -> str:
        return f"<Respondents: {', '.join(r.id for r in self.members)}>"


def respondents(
    model: Model | Sequence[Model],
    *,
    personas: Mapping[str, str] | None = None,
    system_role: SystemRole = "fold",
) -> Respondents:
    """Name who answers: one model or several, each with each persona.

    Parameters
    ----------
    model : str, ModelReference, loaded or scripted model, or a sequence of these
        Names are found and loaded only when they are administered something.
    personas : mapping of str to str, optional
        Id and text; without it each model answers as itself.
    system_role : {"fold", "error"}
        What happens to the persona where a chat template has no system role: folded into the
        user's turn and recorded, or an error.

    Raises
    ------
    DesignError
        Two respondents would have the same id, or none was given.

    Examples
    --------
    >>> import psychometrics as pm
    >>> pm.respondents("smollm2-135m", personas={"shy": "You are shy.", "bold": "You are bold."})
    <Respondents: smollm2-135m|shy, smollm2-135m|bold>
    """
    one = isinstance(model, str | PathLike | ModelReference | Referable)
    models: Sequence[Model] = [model] if one else model  # type: ignore[assignment,list-item]
    _check_personas(personas, system_role)
    opened = {m.reference: m for m in models if isinstance(m, Referable)}
    references = [_reference(m) for m in models]
    chosen = [Persona(i, text) for i, text in personas.items()] if personas else [None]
    members = tuple(
        Respondent(reference, persona, system_role)
        for reference in references
        for persona in chosen
    )
    ids = [member.id for member in members]
    if not ids:
        raise DesignError("There is no respondent.", "Name at least one model.")
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise DesignError(f"{', '.join(twice)} stands twice.", "Give each respondent one name.")
    return Respondents(members, opened)


def _reference(model: Model) -> ModelReference:
    if isinstance(model, ModelReference):
        return model
    return ModelReference(fspath(model)) if isinstance(model, str | PathLike) else model.reference


def _check_personas(personas: object, system_role: str) -> None:
    if system_role not in get_args(SystemRole):
        raise DesignError(f"system_role={system_role!r} is not known.", "Use 'fold' or 'error'.")
    if personas is None:
        return
    if not isinstance(personas, Mapping) or not personas:
        raise DesignError(
            f"personas={personas!r} names nobody.", "Give {id: text, …}, or leave personas out."
        )
    for name, text in personas.items():
        if not isinstance(name, str) or not isinstance(text, str) or not name or not text.strip():
            raise DesignError(f"Persona {name!r} has no id or no text.", "Give it both.")
