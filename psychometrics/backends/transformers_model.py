"""The back end for local models, through transformers."""

import functools
import importlib.metadata
import math
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from psychometrics._types import TokenIds
from psychometrics.backends.attention import attention_of
from psychometrics.backends.base import EngineChoice, Prompt, PromptScore
from psychometrics.backends.choose_engine import Candidates, choose_engine
from psychometrics.backends.completion import Completion, TextRequest
from psychometrics.backends.device import choose_device, choose_dtype
from psychometrics.backends.engines import Engine, PaddedEngine, TreeEngine
from psychometrics.backends.find import find_model
from psychometrics.backends.identity import tokenizer_hash, weights_hash
from psychometrics.backends.memory import OutOfMemoryError, is_out_of_memory
from psychometrics.backends.read_logits import Readout
from psychometrics.backends.read_weights import (
    end_tokens,
    read_weights,
    refuse_quantized_twice,
)
from psychometrics.backends.self_check import LIMITS, check_prompts
from psychometrics.backends.text_side import TextSide, unreadable
from psychometrics.backends.text_writer import TextWriter
from psychometrics.backends.tree import TreeForward
from psychometrics.errors import ModelError, ModelMemoryError
from psychometrics.respondent.reference import ModelReference

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel

_PADDED_BATCH = 16
_TREE_ROWS = {"cpu": 1}  # elsewhere:
_ACCELERATOR_ROWS = 16
_WRITE_ROWS = {"cpu": 16}
_ACCELERATOR_WRITE_ROWS = 64
_WRITTEN_TOGETHER = 512  # so that continuous batching has rows to fill in with
_PADDING_CHECKS = 3
_CHECK_ROWS, _CHECK_WINDOW = 2, 24  # small, so that the check at load needs several windows
_WINDOWS_A_BATCH = 8


class TransformersModel:
    """A local model; made by :func:`load_model`.

    Its text side (tokenizer, template, identity) is read at once, its weights by :meth:`load`.

    Parameters
    ----------
    reference : ModelReference
    """

    def __init__(self, reference: ModelReference) -> None:
        self._reference = reference
        self._files = find_model(reference)
        self._device = choose_device(reference.device)
        self._dtype = choose_dtype(reference.dtype, self._device)
        self._text = TextSide(self._files, reference.trust_remote_code)
        refuse_quantized_twice(reference, self._text.stored_quantization)
        self._model: Any = None
        self._engine: Engine | None = None
        self._choice: EngineChoice | None = None
        self._writer: TextWriter | None = None
        self._ends: frozenset[int] = frozenset()

    def __repr__(self) -> str:
        state = "loaded" if self._model is not None else "not loaded"
        how = f"{self._format}, {self._device}, {state}"
        return f"<TransformersModel {self._reference.name}: {how}>"

    @property
    def _dtype_name(self) -> str:
        return str(self._dtype).removeprefix("torch.")

    @property
    def _format(self) -> str:
        """Number format of what is computed, and of the weights if they are quantized."""
        return " ".join(filter(None, (self._dtype_name, self._quantization)))

    @property
    def _quantization(self) -> str | None:
        return self._reference.quantization or self._text.stored_quantization

    @property
    def reference(self) -> ModelReference:
        """The reference it was made from."""
        return self._reference

    @functools.cached_property
    def identity(self) -> Mapping[str, str | None]:
        """Hashes of weights and tokenizer, revision, number format."""
        folder = self._files.folder
        return {
            "engine": "transformers",
            "reads": "tokens",
            "source": self._files.source,
            "revision": self._files.revision,
            "weights": weights_hash(folder),
            "tokenizer": tokenizer_hash(folder),
            "dtype": self._format,
            "architecture": ", ".join(self._text.config.architectures or ["unknown"]),
        }

    @property
    def environment(self) -> Mapping[str, str]:
        """Device, threads and the versions of what computes."""
        import torch

        names = ["torch", "transformers", "tokenizers"]
        names += ["bitsandbytes"] if self._reference.quantization else []
        versions = {n: importlib.metadata.version(n) for n in names}
        threads = str(torch.get_num_threads())
        return {"device": _device_name(self._device), "threads": threads, **versions}

    @property
    def has_chat_template(self) -> bool:
        """Whether the tokenizer carries a chat template."""
        return self._text.has_chat_template

    @property
    def bos(self) -> int | None:
        """The beginning-of-sequence token, if the tokenizer puts one."""
        return self._text.bos

    @property
    def special_tokens(self) -> tuple[str, ...]:
        """Texts that the tokenizer takes for control tokens."""
        return self._text.special_tokens

    @property
    def context_length(self) -> int | None:
        """Longest sequence the model states."""
        return self._text.context_length

    def render_chat(self, messages: Sequence[Mapping[str, str]]) -> str:
        """Apply the chat template with its dates fixed and thinking off, ready for the answer."""
        return self._text.render_chat(messages)

    def encode(self, texts: Sequence[str]) -> list[TokenIds]:
        """Tokenize without adding anything."""
        return self._text.encode(texts)

    def decode(self, ids: Sequence[int]) -> str:
        """Text of tokens, special ones included."""
        return self._text.decode(ids)

    @property
    def batch_tokens(self) -> int:
        """Distinct tokens that are journalled together."""
        return _WINDOWS_A_BATCH * self._rows * self._reference.window

    @property
    def batch_requests(self) -> int:
        """Written answers that are journalled together."""
        return self._write_rows if self._device.type == "cpu" else _WRITTEN_TOGETHER

    @property
    def _write_rows(self) -> int:
        asked = self._reference.batch_size
        return asked or _WRITE_ROWS.get(self._device.type, _ACCELERATOR_WRITE_ROWS)

    @property
    def _rows(self) -> int:
        asked = self._reference.batch_size
        return asked or _TREE_ROWS.get(self._device.type, _ACCELERATOR_ROWS)

    @property
    def engine(self) -> EngineChoice:
        """The engine that the check at load has chosen, and what it saw; loads the weights."""
        self.load()
        return cast(EngineChoice, self._choice)

    @property
    def tokens_computed(self) -> int:
        """Tokens that went through the model since it was loaded, the check at load left out."""
        return self._engine.tokens_computed if self._engine else 0

    def load(self) -> None:
        """Read the weights, and choose the engine by what it computes.

        Raises
        ------
        ModelError
            The weights cannot be read, or do not fit the device.
        SelfCheckError
            A batch disagrees with one prompt at a time.
        """
        if self._engine is not None:
            return
        _ = self.identity  # of the files as they are now, before they are read
        self._model = self._read_weights()
        try:
            self._engine, self._choice = self._choose()
        finally:
            if self._engine is None:
                self._model = None  # the next call checks again

    def _choose(self) -> tuple[Engine, EngineChoice]:
        attention = attention_of(self._model.config)
        tree = TreeForward(
            self._model, self._device, self._dtype, attention.sliding, attention.by_layer_type
        )
        size = self._reference.batch_size or _PADDED_BATCH
        candidates = Candidates(
            PaddedEngine(self._forward, self._device, size),
            PaddedEngine(self._forward, self._device, 1),
            None if attention.obstacle else TreeEngine(tree, _CHECK_ROWS, _CHECK_WINDOW),
            attention.obstacle,
        )
        prompts = check_prompts(self.encode, self.context_length, attention.sliding)
        choice = choose_engine(
            self._reference.engine, candidates, prompts, self._score_with, self._precision
        )
        if choice.name == "tree":
            return TreeEngine(tree, self._rows, self._reference.window), choice
        return PaddedEngine(self._forward, self._device, size), choice

    def _read_weights(self) -> "PreTrainedModel":
        from transformers import GenerationConfig

        try:
            model = read_weights(
                self._files,
                self._reference,
                self._device,
                self._dtype,
                quantized=self._quantization is not None,
            )
        except ModelError:
            raise
        except Exception as error:
            if is_out_of_memory(error):
                raise self._out_of_memory("its weights") from error
            raise unreadable(self._files, "weights", error) from error
        self._ends = self._text.ends | end_tokens(model)
        model.generation_config = GenerationConfig()  # its own temperature and penalties would act
        return model

    def unload(self) -> None:
        """Let go of the weights; they are read again when needed."""
        import torch

        self._model = self._engine = self._choice = self._writer = None
        if self._device.type == "cuda":
            torch.cuda.empty_cache()

    def score(self, prompts: Sequence[Prompt]) -> list[PromptScore]:
        """Score prompts with the engine that the check at load has chosen.

        Raises
        ------
        ModelMemoryError
            Memory runs out with the smallest piece of work.
        """
        self.load()
        return self._score_with(cast(Engine, self._engine), prompts)

    def score_exactly(self, prompts: Sequence[Prompt]) -> list[PromptScore]:
        """Score prompts one at a time in float32, or as loaded where that does not fit.

        A model in half precision is read a second time for it.
        """
        self.load()
        if self._dtype_name != "float32":
            name, device = self._reference.name, str(self._device)
            twin = TransformersModel(
                replace(self._reference, dtype="float32", engine="padded", device=device)
            )
            try:
                return twin.score_exactly(prompts)
            except ModelMemoryError:
                warnings.warn(
                    f"{name} does not fit {device} in float32: its numerical error is measured "
                    f"against one prompt at a time in {self._dtype_name}.",
                    stacklevel=2,
                )
            finally:
                twin.unload()
        return self._score_with(PaddedEngine(self._forward, self._device, 1), prompts)

    def _score_with(self, engine: Engine, prompts: Sequence[Prompt]) -> list[PromptScore]:
        try:
            read, served = engine.read(prompts)
        except OutOfMemoryError as error:
            raise self._out_of_memory("the smallest piece of work") from error
        self._refuse_nan((*read.steps.values(), *read.entropy.values()))
        numerics = {n: self._numerics(settings) for n, settings in served.items()}
        return [self._collect(n, prompt, read, numerics[n]) for n, prompt in enumerate(prompts)]

    def write(self, requests: Sequence[TextRequest]) -> list[Completion]:
        """Answer prompts in words.

        Raises
        ------
        ModelMemoryError
            Memory runs out with one prompt.
        """
        self.load()
        try:
            if self._writer is None:
                self._writer = self._make_writer()
            answers = self._writer.write(requests)
        except OutOfMemoryError as error:
            raise self._out_of_memory("one prompt") from error
        self._refuse_nan(value for answer in answers for value in answer.log_p)
        return [replace(answer, numerics=self._numerics(answer.numerics)) for answer in answers]

    def _make_writer(self) -> TextWriter:
        writer = TextWriter(self._model, self._write_rows, self._ends, self.decode)
        prompts = check_prompts(self.encode, self.context_length)
        writer.check_padding([p.ids for p in prompts[:_PADDING_CHECKS]], LIMITS[self._precision])
        return writer

    def _refuse_nan(self, values: Iterable[float]) -> None:
        if any(map(math.isnan, values)):
            raise ModelError(
                f"{self._reference.name} gives log-probabilities that are not numbers.",
                "Use dtype='float32' or 'bfloat16'; float16 overflows in some models.",
            )

    def _forward(self, ids: "torch.Tensor", positions: "torch.Tensor") -> "torch.Tensor":
        logits: torch.Tensor = self._model(
            input_ids=ids, logits_to_keep=positions, use_cache=False
        ).logits
        return logits

    def _out_of_memory(self, what: str) -> ModelMemoryError:
        return ModelMemoryError(
            f"{self._reference.name} runs out of memory with {what}.",
            "Use dtype='bfloat16', another device, or a smaller model.",
        )

    def _numerics(self, settings: str) -> str:
        attention = attention_of(self._model.config).implementation
        return f"{settings} {attention} {self._format} {self._device.type}"

    @property
    def _precision(self) -> str:
        """What sets how much rounding there is."""
        if self._reference.quantization:
            return self._reference.quantization
        return "8bit" if self._quantization else self._dtype_name

    def _collect(self, n: int, prompt: Prompt, read: Readout, numerics: str) -> PromptScore:
        log_p = tuple(
            tuple(sum(read.steps[n, path[: i + 1]] for i in range(len(path))) for path in spellings)
            for spellings in prompt.paths
        )
        top = tuple((self.decode([token]), value) for token, value in read.top[n])
        return PromptScore(log_p, read.entropy[n], top, numerics)


def _device_name(device: "torch.device") -> str:
    import torch

    return str(torch.cuda.get_device_name(device) if device.type == "cuda" else device.type)
