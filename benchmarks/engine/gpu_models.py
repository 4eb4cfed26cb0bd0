"""Models of 8 billion random weights, and prompts of TRAIT's shape, made on the spot."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch

from psychometrics.backends.base import Presentation, Prompt
from psychometrics.backends.float32_head import put_float32_head
from psychometrics.backends.trie import make_trie
from psychometrics.instruments.item import Item

_MINIATURE = {
    "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "vocab_size": 2048, "max_position_embeddings": 4096,
}  # fmt: skip
# Published shapes: Llama-3.1-8B (arXiv:2407.21783) and Qwen3-8B (arXiv:2505.09388).
SHAPES = {
    "llama": {
        "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
        "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128256,
        "max_position_embeddings": 8192, "rope_theta": 500000.0,
    },
    "qwen3": {
        "hidden_size": 4096, "intermediate_size": 12288, "num_hidden_layers": 36,
        "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128,
        "vocab_size": 151936, "max_position_embeddings": 8192, "rope_theta": 1000000.0,
    },
}  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """Tokens of each part of a scenario prompt; what stands in one order of its options."""

    templates: int = 3
    instructions: int = 60
    situation: int = 70
    option: int = 20
    tail: int = 20


def make_model(family: str, dtype: torch.dtype, *, miniature: bool) -> Any:
    """Build a model with random weights on the device that torch now makes tensors on.

    Returns
    -------
    PreTrainedModel
        In evaluation mode, with its head in float32 as the library has it.
    """
    from transformers import AutoConfig, AutoModelForCausalLM

    shape = SHAPES[family] | (_MINIATURE if miniature else {})
    if miniature and "head_dim" in shape:
        shape["head_dim"] = 16
    config = AutoConfig.for_model(family, **shape, tie_word_embeddings=False)
    torch.manual_seed(7)
    model = AutoModelForCausalLM.from_config(config, dtype=dtype).eval()
    put_float32_head(model)
    return model


class KeepsByRow:
    """A model whose transformers takes no places to keep for each row: the head is put after it.

    Right for Llama and Qwen3, which do nothing to logits afterwards.
    """

    def __init__(self, model: Any) -> None:
        self._model = model

    def __call__(self, *, logits_to_keep: torch.Tensor, **inputs: Any) -> Any:
        """Run the body, and the head at the kept places alone."""
        out = self._model.model(**inputs)
        hidden = out.last_hidden_state
        keep = torch.atleast_2d(logits_to_keep)
        rows = torch.arange(len(hidden), device=hidden.device)[:, None]
        logits = self._model.lm_head(hidden[rows, keep])
        return SimpleNamespace(logits=logits, past_key_values=out.past_key_values)


def takes_places_by_row(model: Any) -> bool:
    """Whether ``logits_to_keep`` may be a table of places, as from transformers 5.23 on."""
    ids = torch.ones(2, 3, dtype=torch.long, device=model.device)
    keep = torch.tensor([[0], [2]], device=model.device)
    with torch.inference_mode():
        logits = model(input_ids=ids, logits_to_keep=keep, use_cache=False).logits
    return tuple(logits.shape[:2]) == (2, 1)


def make_prompts(n_items: int, vocabulary: int, shape: Shape) -> list[Prompt]:
    """Every template × item × order of four options, in the order of their tokens."""
    random = np.random.default_rng(1)

    def text(n: int) -> tuple[int, ...]:
        return tuple(random.integers(100, vocabulary, n).tolist())

    labels = (10, 11, 12, 13)
    paths = tuple(((label,),) for label in labels)
    presentation = Presentation(Item("", "", "", 1), (), (), ())
    starts = [text(shape.instructions) for _ in range(shape.templates)]
    tails = [text(shape.tail) for _ in range(shape.templates)]
    items = [
        (text(shape.situation), [text(shape.option - 1) for _ in labels]) for _ in range(n_items)
    ]
    prompts = [
        start
        + situation
        + tuple(t for label, k in zip(labels, order, strict=True) for t in (label, *options[k]))
        + tail
        for start, tail in zip(starts, tails, strict=True)
        for situation, options in items
        for order in itertools.permutations(range(4))
    ]
    return [Prompt(str(n), ids, paths, presentation) for n, ids in enumerate(sorted(prompts))]


@dataclass(frozen=True)
class Needed:
    """Tokens of some prompts, and the operations that they need if each is computed once."""

    presented: int
    distinct: int
    total: float


def flops(model: Any, prompts: Sequence[Prompt]) -> Needed:
    """Count tokens, and operations.

    For each distinct token twice the parameters of the layers, and scores and sums of the
    attention over its own path; twice the head for each answer row.
    """
    config = model.config
    trie = make_trie([prompt.ids for prompt in prompts])
    head_dim = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    layers = sum(p.numel() for name, p in model.named_parameters() if ".layers." in name)
    a_key = 4 * config.num_hidden_layers * config.num_attention_heads * head_dim
    total = 2 * layers * len(trie) + a_key * float((trie.depth + 1).sum())
    total += 2 * config.hidden_size * config.vocab_size * len(prompts)
    return Needed(sum(len(prompt.ids) for prompt in prompts), len(trie), total)
