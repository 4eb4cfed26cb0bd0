"""Check at load that a batch gives what one prompt at a time gives."""

from collections.abc import Callable, Sequence

from psychometrics.backends.base import Presentation, Prompt, PromptScore, TokenIds
from psychometrics.errors import SelfCheckError
from psychometrics.instruments.item import Item

# Largest differences seen between sound engines are 4e-5 nats in float32 and 0.32 in bfloat16
# (135M parameters); a batch that sees its padding is off by more than 1. Limits stand between.
LIMITS = {"float32": 1e-3, "bfloat16": 0.8, "float16": 0.4}
_TEXTS = (
    "Here is a statement:",
    "The options are A, B, C, D and E. My answer is",
    "One, two, three, four, five, six, seven, eight, nine, ten: once more from the top. One",
    "Q: Is the sky above the sea blue on a clear day in the middle of summer?\nA: Yes.\nQ: And at "
    "night, when the moon has set and the clouds have come in from the west?\nA:",
)
_LABELS = ("A", "B", " no", " yes", " two three")
_NO_PRESENTATION = Presentation(Item("self-check", "", "", 1), (), (), ())


def self_check(
    encode: Callable[[Sequence[str]], list[TokenIds]],
    score: Callable[[Sequence[Prompt]], list[PromptScore]],
    dtype: str,
    context_length: int | None = None,
) -> float:
    """Score a few prompts together and one by one.

    Parameters
    ----------
    encode, score : callable
        Those of a back end.
    dtype : str
        Number format, which sets the limit.
    context_length : int, optional
        Longest sequence in tokens; the texts are cut to fit.

    Returns
    -------
    float
        Largest difference of a label's log-probability, in nats.

    Raises
    ------
    SelfCheckError
        It is above the limit, or not a number.
    """
    paths = tuple((ids,) for ids in dict.fromkeys(encode(_LABELS)))
    longest = max(len(path) for (path,) in paths)
    limit = None if context_length is None else context_length - longest
    prompts = [
        Prompt(text, ids[:limit], paths, _NO_PRESENTATION)
        for text, ids in zip(_TEXTS, encode(_TEXTS), strict=True)
    ]
    together = score(prompts)
    single = [score([prompt])[0] for prompt in prompts]
    largest = max(
        abs(a - b)
        for batch, one in zip(together, single, strict=True)
        for spelled_a, spelled_b in zip(batch.path_log_p, one.path_log_p, strict=True)
        for a, b in zip(spelled_a, spelled_b, strict=True)
    )
    if not largest <= LIMITS[dtype]:
        raise SelfCheckError(
            f"In a batch, label log-probabilities differ by {largest:.3g} nats from one prompt at "
            f"a time; {dtype} allows {LIMITS[dtype]:g}. The model sees padding on its right.",
            "Use batch_size=1, or another model implementation; please report the architecture.",
        )
    return largest
