"""Transformers' continuous batching as a peer in gpu.py."""

import logging
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import fields
from typing import Any

from gpu_engines import Row, forget_peak, peak_gib, seconds, told

from psychometrics.backends.base import Prompt

PATIENCE = 120  # seconds that it may take for a sample


def continuous(model: Any, prompts: Sequence[Prompt], n: int, page: int | None = None) -> Row:
    """Time transformers' continuous batching, one token a prompt; started and warm beforehand.

    Beginnings are shared by whole pages; by itself a page is longer than these prompts.
    """
    n = min(n, len(prompts) // 2)
    inputs = [list(prompt.ids) for prompt in prompts[: 2 * n]]
    attention = model.config._attn_implementation
    vars(model.get_output_embeddings()).pop("forward", None)  # the head as its users have it
    logging.getLogger("ContinuousBatchingLogger").setLevel(logging.ERROR)
    forget_peak()
    row: Row = {"engine": f"continuous batching, pages of {page or 'its own size'}", "prompts": n}
    try:
        with _no_longer_than(PATIENCE):
            start = seconds(lambda: _answer(model, inputs[n:], page))
            wall = seconds(lambda: _answer(model, inputs[:n], page))
    except Exception as error:  # whatever this version of transformers lacks is told, not raised
        return row | {"failed": told(error)}
    finally:  # when it fails it leaves its own behind
        with suppress(Exception):
            model.destroy_cached_continuous_batching_manager()
        if model.config._attn_implementation != attention:
            model.set_attn_implementation(attention)
    return row | {
        "start_s": round(start - wall, 3),
        "wall_s": round(wall, 3),
        "prompts_per_s": round(n / wall, 1),
        "peak_gib": peak_gib(),
    }


def _answer(model: Any, inputs: list[list[int]], page: int | None) -> None:
    from transformers import ContinuousBatchingConfig, GenerationConfig

    settings: dict[str, Any] = {"return_logprobs": True}
    names = {field.name for field in fields(ContinuousBatchingConfig)}
    if page:
        settings["page_size" if "page_size" in names else "block_size"] = page
    if model.device.type == "cpu":  # else it would take a share of all memory
        settings |= {"num_blocks": 64 if not page else 2048, "max_batch_tokens": 1024}
    answers = model.generate_batch(
        inputs=inputs,
        generation_config=GenerationConfig(
            max_new_tokens=1, do_sample=False, eos_token_id=-1, pad_token_id=0
        ),
        continuous_batching_config=ContinuousBatchingConfig(**settings),
        persistent_manager=True,
    )
    failed = next((answer.error for answer in answers.values() if answer.error), None)
    if failed or len(answers) != len(inputs):
        raise RuntimeError(failed or f"{len(inputs) - len(answers)} answers are missing")


@contextmanager
def _no_longer_than(limit: int) -> Iterator[None]:
    """Raise TimeoutError in what takes longer; its own loop has no end when its thread hangs."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"no end within {limit} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(limit)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
