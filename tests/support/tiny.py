"""Tiny models with random weights and tokenizers of several families, built on the spot."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedTokenizerFast

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
NO_SYSTEM = (
    "{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}"
    "{% endif %}" + CHATML
)
DROPS_SYSTEM = (
    "{% for m in messages if m['role'] != 'system' %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}"
    "<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
DATED = "{{ strftime_now('%d %B %Y') }}|{{ date_string }}\n" + CHATML
TWO_BOS = "<s><s>" + CHATML
SPECIAL = ["<s>", "<|im_start|>", "<|im_end|>"]
_TEXT = [
    "Here is a statement that someone might make about themselves. Statement: I agree strongly.",
    "Strongly disagree Disagree Neither agree nor disagree Agree Strongly agree",
    "Answer with the letter of that option only. Answer: A. B. C. D. E. 1. 2. 3. 4. 5. 10.",
]

_COMMON = dict(vocab_size=512, max_position_embeddings=2048)
_LLAMA = dict(
    hidden_size=32,
    intermediate_size=64,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
)
_SLIDING = dict(sliding_window=12)
_MIXED = dict(layer_types=["sliding_attention", "full_attention"])
# Every family with a tree mask of its own kind; the engine that serves it is the second part.
TREE = {
    "llama": _LLAMA,
    "qwen2": _LLAMA,
    "qwen3": dict(_LLAMA, head_dim=8),
    "gpt_neox": dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4),
    "gpt2": dict(n_embd=32, n_layer=2, n_head=4, n_positions=2048),
    "phi3": dict(_LLAMA, pad_token_id=0),
    "olmo2": _LLAMA,
    "smollm3": dict(_LLAMA, pad_token_id=0),
    "cohere": dict(_LLAMA, logit_scale=0.5),
    "granite": dict(_LLAMA, logits_scaling=2.0),
    "falcon": dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, alibi=False),
    "opt": dict(hidden_size=32, ffn_dim=64, num_hidden_layers=2, num_attention_heads=4, word_embed_proj_dim=32),
    "qwen3_moe": dict(_LLAMA, head_dim=8, num_experts=4, num_experts_per_tok=2, moe_intermediate_size=16),
    "mistral": dict(_LLAMA, **_SLIDING),
    "phi3-sliding": dict(_LLAMA, pad_token_id=0, **_SLIDING),
    "starcoder2": dict(_LLAMA, **_SLIDING),
    "gemma3_text": dict(_LLAMA, head_dim=8, **_SLIDING, **_MIXED),
    "qwen3-sliding": dict(_LLAMA, head_dim=8, use_sliding_window=True, **_SLIDING, **_MIXED),
    "olmo3": dict(_LLAMA, **_SLIDING, **_MIXED),
    "gemma2": dict(_LLAMA, head_dim=8, **_SLIDING, **_MIXED),
    "gpt_oss": dict(_LLAMA, head_dim=8, num_local_experts=4, num_experts_per_tok=2, **_SLIDING, **_MIXED),
}  # fmt: skip
PADDED = {
    "bloom": dict(hidden_size=32, n_layer=2, n_head=4),
    "falcon-alibi": dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=4, alibi=True),
    "mamba": dict(hidden_size=32, num_hidden_layers=2, state_size=4),
    "qwen3_next": dict(
        _LLAMA, head_dim=8, num_experts=4, num_experts_per_tok=2, moe_intermediate_size=16,
        shared_expert_intermediate_size=16, linear_num_key_heads=2, linear_num_value_heads=4,
        linear_key_head_dim=8, linear_value_head_dim=8,
        layer_types=["linear_attention", "full_attention"],
    ),
}  # fmt: skip
ARCHITECTURES = TREE | PADDED


def byte_bpe(vocab_size: int = 400) -> Tokenizer:
    """Byte-level BPE that takes digits one by one, in the manner of GPT-2 and Llama 3."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    _train(tokenizer, vocab_size, pre_tokenizers.ByteLevel.alphabet())
    return tokenizer


def metaspace_bpe(vocab_size: int = 400) -> Tokenizer:
    """BPE over words that carry their leading space, one put before the text, with a BOS."""
    tokenizer = Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=True)
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="first", split=True)
    alphabet = [chr(c) for c in range(32, 127)] + ["\n", "▁", "“", "”"]
    _train(tokenizer, vocab_size, alphabet, extra=["<unk>"])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", tokenizer.token_to_id("<s>"))]
    )
    return tokenizer


def merging_bpe() -> Tokenizer:
    """A tokenizer whose vocabulary holds the end of a prompt together with every answer."""
    alphabet = sorted({*pre_tokenizers.ByteLevel.alphabet()})
    vocab = {token: n for n, token in enumerate(alphabet)}
    merges = [(":", "Ġ")]
    for token in [":Ġ", *(f":{c}" for c in "ABCDE12345"), *(f":Ġ{c}" for c in "ABCDE12345")]:
        vocab[token] = len(vocab)
    merges += [(":", c) for c in "ABCDE12345"] + [(":Ġ", c) for c in "ABCDE12345"]
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(SPECIAL)
    return tokenizer


def _train(
    tokenizer: Tokenizer, size: int, alphabet: list[str], extra: list[str] | None = None
) -> None:
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[*SPECIAL, *(extra or [])],
        initial_alphabet=alphabet,
        show_progress=False,
    )
    tokenizer.train_from_iterator(_TEXT * 3, trainer)


def save_tokenizer(folder: Path, tokenizer: Tokenizer, template: str | None) -> None:
    wrapped = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="<|im_end|>"
    )
    wrapped.chat_template = template
    wrapped.save_pretrained(folder)


def save_tiny(
    folder: Path,
    architecture: str = "llama",
    tokenizer: Tokenizer | None = None,
    template: str | None = CHATML,
    **config: object,
) -> Path:
    """Save a tiny model with random weights and a tokenizer; return the folder."""
    torch.manual_seed(7)
    settings = AutoConfig.for_model(
        architecture.partition("-")[0], **{**_COMMON, **ARCHITECTURES[architecture], **config}
    )
    settings.pad_token_id = settings.bos_token_id = settings.eos_token_id = None
    model = AutoModelForCausalLM.from_config(settings)
    for parameter in model.parameters():  # spread the logits, so that differences would show
        if parameter.ndim > 1:
            torch.nn.init.normal_(parameter, std=0.4)
    model.save_pretrained(folder)
    save_tokenizer(folder, tokenizer or byte_bpe(), template)
    return folder
