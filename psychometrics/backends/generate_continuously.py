"""Text generation with transformers' continuous batching: a finished row makes room for the next.

It takes the most probable tokens only: it has no random numbers of a row's own.
"""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from psychometrics.backends.completion import Completion, TextRequest
from psychometrics.backends.generate import Decode, complete

if TYPE_CHECKING:
    from transformers import PreTrainedModel

FEWEST = 32  # requests from which it is faster than padded batches (transformers' own advice)
# A card's free memory is filled at once; elsewhere this much of a cache, whatever is free.
_SMALL = {"num_blocks": 64, "max_batch_tokens": 1024}


class ContinuousBatchingError(Exception):
    """It gave no answer to some request."""


def takes(requests: Sequence[TextRequest], device_type: str) -> bool:
    """Whether continuous batching serves these requests, which share one sampling."""
    sampling = requests[0].sampling
    plain = sampling.temperature == 0 and not sampling.stop
    return plain and device_type == "cuda" and len(requests) >= FEWEST


def generate_continuously(
    model: "PreTrainedModel", requests: Sequence[TextRequest], ends: Collection[int], decode: Decode
) -> list[Completion]:
    """Answer prompts; parameters and result are those of ``generate``.

    Raises
    ------
    ContinuousBatchingError
        It gave no answer to some request.
    """
    from transformers import ContinuousBatchingConfig, GenerationConfig

    config = GenerationConfig(
        max_new_tokens=requests[0].sampling.max_new_tokens,
        do_sample=False,
        eos_token_id=sorted(ends) or -1,
        pad_token_id=min(ends, default=0),
    )
    attention = model.config._attn_implementation
    try:
        answers = model.generate_batch(
            inputs=[list(request.ids) for request in requests],
            generation_config=config,
            continuous_batching_config=ContinuousBatchingConfig(
                return_logprobs=True,
                auto_switch_to_flash=False,  # the attention that the model is scored with
                **({} if model.device.type == "cuda" else _SMALL),
            ),
        )
    finally:  # when it fails it leaves its own behind, which sees what is to come
        if model.config._attn_implementation != attention:
            model.set_attn_implementation(attention)
    done = list(answers.values())
    failed = next((answer.error for answer in done if answer.error), None)
    if failed or len(done) != len(requests):
        raise ContinuousBatchingError(failed or f"{len(requests) - len(done)} answers are missing")
    return [
        complete(answer.generated_tokens, answer.logprobs, request, ends, decode)
        for answer, request in zip(done, requests, strict=True)
    ]
