"""The text side of a local model: config, tokenizer, chat template."""

import datetime
import functools
import re
from collections.abc import Mapping, Sequence
from typing import Any

from psychometrics._types import TokenIds
from psychometrics.backends.find import ModelFiles
from psychometrics.backends.quiet import quiet_transformers
from psychometrics.errors import ModelError, TemplateError

# Templates that print today's date would make every day another instrument.
_DATE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
_TODAY = re.compile(r"""strftime_now\(\s*(?P<quote>['"])(?P<form>.*?)(?P=quote)\s*\)""")


class TextSide:
    """Config and tokenizer of a model; reading them is cheap.

    Parameters
    ----------
    files : ModelFiles
    trust_remote_code : bool

    Raises
    ------
    ModelError
        They cannot be read.
    """

    def __init__(self, files: ModelFiles, trust_remote_code: bool) -> None:
        from transformers import AutoConfig, AutoTokenizer

        options = {"local_files_only": True, "trust_remote_code": trust_remote_code}
        try:
            with quiet_transformers():
                self.config: Any = AutoConfig.from_pretrained(files.folder, **options)
                self._tokenizer: Any = AutoTokenizer.from_pretrained(files.folder, **options)
        except Exception as error:
            raise unreadable(files, "config or tokenizer", error) from error
        self._name = files.folder.name

    @property
    def has_chat_template(self) -> bool:
        """Whether the tokenizer carries a chat template."""
        return bool(self._tokenizer.chat_template)

    @functools.cached_property
    def bos(self) -> int | None:
        """The beginning-of-sequence token, if the tokenizer puts one."""
        plain = self._tokenizer("a", add_special_tokens=False)["input_ids"]
        usual = self._tokenizer("a")["input_ids"]
        begins = usual[:1] != plain[:1] and usual[:1] == [self._tokenizer.bos_token_id]
        return int(usual[0]) if begins else None

    @property
    def ends(self) -> frozenset[int]:
        """The end-of-sequence token, if there is one."""
        token = self._tokenizer.eos_token_id
        return frozenset() if token is None else frozenset({int(token)})

    @functools.cached_property
    def special_tokens(self) -> tuple[str, ...]:
        """Texts that the tokenizer takes for control tokens."""
        return tuple(token for token in self._tokenizer.all_special_tokens if token.strip())

    @property
    def context_length(self) -> int | None:
        """Longest sequence the model states."""
        length: int | None = getattr(self.config.get_text_config(), "max_position_embeddings", None)
        return length

    @property
    def stored_quantization(self) -> str | None:
        """Method by which the weights on disk are quantized, if they are."""
        stated = getattr(self.config, "quantization_config", None)
        if stated is None:
            return None
        method = stated.get("quant_method") if isinstance(stated, dict) else stated.quant_method
        return str(method or "quantized")

    def render_chat(self, messages: Sequence[Mapping[str, str]]) -> str:
        """Apply the chat template with its dates fixed and thinking off, ready for the answer."""
        try:
            text: str = self._tokenizer.apply_chat_template(
                [dict(message) for message in messages],
                tokenize=False,
                add_generation_prompt=True,
                enable_thinking=False,
                chat_template=_with_fixed_dates(self._tokenizer.get_chat_template()),
                date_string=_DATE.strftime("%d %b %Y"),
            )
        except TemplateError:
            raise
        except Exception as error:  # a template is a program of the model's own
            raise TemplateError(
                f"The chat template of {self._name} refuses the messages: {error}.",
                "Check the roles; use system_role='fold' where there is no system role.",
            ) from error
        return text

    def encode(self, texts: Sequence[str]) -> list[TokenIds]:
        """Tokenize without adding anything."""
        if not texts:
            return []
        ids = self._tokenizer(list(texts), add_special_tokens=False)["input_ids"]
        return [tuple(sequence) for sequence in ids]

    def decode(self, ids: Sequence[int]) -> str:
        """Text of tokens, special ones included."""
        text: str = self._tokenizer.decode(list(ids))
        return text


def unreadable(files: ModelFiles, part: str, error: Exception) -> ModelError:
    """Build the error for files that cannot be read."""
    first_line = (str(error).strip() or type(error).__name__).splitlines()[0]
    return ModelError(
        f"The {part} of {files.folder} cannot be read: {first_line}",
        "Check that the files are whole and that the architecture is known to this transformers; "
        "code of the model's own runs only with trust_remote_code=True.",
    )


def _with_fixed_dates(template: str) -> str:
    """Put the fixed date where a chat template asks for today's."""
    fixed = _TODAY.sub(lambda match: repr(_DATE.strftime(match["form"])), template)
    if "strftime_now(" in fixed:
        raise TemplateError(
            "The chat template prints today's date in a form that cannot be fixed.",
            "Write the format of strftime_now(…) as a plain text into the template.",
        )
    return fixed
