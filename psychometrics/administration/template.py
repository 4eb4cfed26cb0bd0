"""From the text of a prompt to exactly the tokens a model sees."""

from collections.abc import Sequence
from dataclasses import dataclass

from psychometrics._types import SystemRole, TokenIds
from psychometrics.backends.base import Backend
from psychometrics.errors import TemplateError
from psychometrics.respondent.respondents import Persona

_MARK, _USER_MARK = "\u2042system\u2042", "\u2042user\u2042"
ANSWER_CUE = "Answer:"


@dataclass(frozen=True, slots=True)
class Rendering:
    """How prompts of one respondent are put to its model.

    Parameters
    ----------
    form : {"chat", "plain"}
        Chat template, or plain text that ends in ``Answer:``.
    persona_at : {"none", "system", "user"}
        Where the persona stands.
    frame : str
        The rendered prompt with ``{user}`` for the user's turn: all that the template adds.
    """

    form: str
    persona_at: str
    frame: str


class PromptWriter:
    """Writes the prompts of one respondent.

    Parameters
    ----------
    backend : Backend
    persona : Persona or None
    system_role : {"fold", "error"}

    Raises
    ------
    TemplateError
        The template has no system role and folding is not allowed.
    """

    def __init__(self, backend: Backend, persona: Persona | None, system_role: SystemRole) -> None:
        self._backend = backend
        self._persona = persona
        self._place = self._choose_place(system_role)
        if persona is not None:
            self._refuse_control_tokens(persona.text)

    def _choose_place(self, system_role: SystemRole) -> str:
        if self._persona is None:
            return "none"
        if not self._backend.has_chat_template:
            return "user"
        if self._has_system_role():
            return "system"
        if system_role == "error":
            raise TemplateError(
                f"The chat template of {self._backend.reference.name} has no system role for "
                f"persona {self._persona.id!r}.",
                "Use system_role='fold' to put it into the user's turn.",
            )
        return "user"

    def _has_system_role(self) -> bool:
        """Look for the text: a template may refuse it, drop it, or put it into the user's turn."""
        messages = [{"role": "system", "content": _MARK}, {"role": "user", "content": _USER_MARK}]
        try:
            rendered = self._backend.render_chat(messages)
        except TemplateError:
            return False
        _, found, after = rendered.partition(_MARK)
        return bool(found) and bool(after.partition(_USER_MARK)[0].strip())

    def _refuse_control_tokens(self, *texts: str) -> None:
        for token in self._backend.special_tokens:
            if any(token in text for text in texts):
                raise TemplateError(
                    f"A persona or item contains {token!r}, which "
                    f"{self._backend.reference.name} takes for a control token.",
                    "Take it out: it would end the turn or forge another.",
                )

    @property
    def rendering(self) -> Rendering:
        """How prompts are written, for the manifest."""
        form = "chat" if self._backend.has_chat_template else "plain"
        return Rendering(form, self._place, self.text(_USER_MARK).replace(_USER_MARK, "{user}"))

    def text(self, user: str) -> str:
        """Return the whole prompt for a user's turn.

        Raises
        ------
        TemplateError
            A text contains a control token, or the template changes it.
        """
        self._refuse_control_tokens(user)
        if self._persona is not None and self._place == "user":
            user = f"{self._persona.text}\n\n{user}"
        if not self._backend.has_chat_template:
            # A wording that ends in a colon brings its own cue.
            return user if user.endswith(":") else f"{user}\n\n{ANSWER_CUE}"
        messages = [{"role": "user", "content": user}]
        if self._persona is not None and self._place == "system":
            messages.insert(0, {"role": "system", "content": self._persona.text})
        text = self._backend.render_chat(messages)
        for message in messages:
            if message["content"] not in text:
                raise TemplateError(
                    f"The chat template of {self._backend.reference.name} changes the text of "
                    f"the {message['role']} turn: {message['content'][:50]!r}… is gone.",
                    "Take white space off both ends of the persona, or use a base model.",
                )
        return text

    def encode(self, texts: Sequence[str]) -> list[TokenIds]:
        """Tokenize prompts, with one beginning-of-sequence token where the tokenizer has one."""
        bos = self._backend.bos
        encoded = self._backend.encode(texts)
        if bos is None:
            return encoded
        whole = [ids if ids[:1] == (bos,) else (bos, *ids) for ids in encoded]
        if any(ids[1:2] == (bos,) for ids in whole):
            raise TemplateError(
                f"Prompts of {self._backend.reference.name} begin with two "
                "beginning-of-sequence tokens.",
                "Take one out of the chat template.",
            )
        return whole
