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
ARCHITECTURES = {
    "llama": dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2),
    "gpt2": dict(n_embd=32, n_layer=2, n_head=4, n_positions=2048),
    "gpt_neox": dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4),
    "qwen3": dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=8),
    "mistral": dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, sliding_window=12),
    "gemma2": dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=8, sliding_window=12),
    "gemma3_text": dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=8, sliding_window=12),
    "cohere": dict(hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, logit_scale=0.5),
    "bloom": dict(hidden_size=32, n_layer=2, n_head=4),
    "mamba": dict(hidden_size=32, num_hidden_layers=2, state_size=4),
}  # fmt: skip


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
        architecture, **{**_COMMON, **ARCHITECTURES[architecture], **config}
    )
    settings.pad_token_id = None
    model = AutoModelForCausalLM.from_config(settings)
    for parameter in model.parameters():  # spread the logits, so that differences would show
        if parameter.ndim > 1:
            torch.nn.init.normal_(parameter, std=0.4)
    model.save_pretrained(folder)
    save_tokenizer(folder, tokenizer or byte_bpe(), template)
    return folder
