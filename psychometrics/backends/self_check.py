"""Check at load that an engine gives what one prompt at a time gives."""

import itertools
from collections.abc import Callable, Sequence

from psychometrics._types import TokenIds
from psychometrics.backends.base import Presentation, Prompt, PromptScore
from psychometrics.errors import SelfCheckError
from psychometrics.instruments.item import Item

# Largest differences seen between sound engines are 4e-5 nats in float32 and 0.32 in bfloat16
# (135M parameters); a batch that sees its padding is off by more than 1. Limits stand between.
# With weights of 8 bits they are 0.61: which of a layer's columns are left unrounded depends on all
# that stands in the batch. With 4 bits they are 0.13.
LIMITS = {"float32": 1e-3, "bfloat16": 0.8, "float16": 0.4, "8bit": 1.0, "4bit": 0.8}
# In half precision one engine may differ from one prompt at a time this many times as much as
# another sound one does; below this difference (nats) rounding explains it anyway.
_TIMES, _ROUNDING = 4, 0.2
_LONGEST_WINDOW = 1024  # a longer sliding window would cost too much to look beyond at each load
_TEXTS = (
    "Here is a statement:",
    "One, two, three, four, five, six, seven, eight, nine, ten: once more from the top. One",
    "Q: Is the sky above the sea blue on a clear day in the middle of summer?\nA: Yes.\nQ: And at "
    "night, when the moon has set and the clouds have come in from the west?\nA:",
)
_STEM = "The options are {}, {} and {}. My answer is"
_LABELS = ("A", "B", " no", " yes", " two three")
_NO_PRESENTATION = Presentation(Item("self-check", "", "", 1), (), (), ())


def check_prompts(
    encode: Callable[[Sequence[str]], list[TokenIds]],
    context_length: int | None = None,
    sliding: int | None = None,
) -> list[Prompt]:
    """Prompts that differ in length, that branch, and one that is longer than a sliding window.

    Parameters
    ----------
    encode : callable
        Of a back end.
    context_length : int, optional
        Longest sequence in tokens; the prompts are cut to fit.
    sliding : int, optional
        Tokens that sliding-window layers see.

    Returns
    -------
    list of Prompt
    """
    paths = tuple((ids,) for ids in dict.fromkeys(encode(_LABELS)))
    longest = max(len(path) for (path,) in paths)
    limit = None if context_length is None else context_length - longest
    branches = [_STEM.format(*order) for order in itertools.permutations("ABC")]
    sequences = encode([*_TEXTS, *branches])
    if sliding is not None and max(map(len, sequences)) <= sliding <= _LONGEST_WINDOW:
        text = sequences[1]
        beyond = (text * (sliding // len(text) + 2))[: sliding + len(text) // 2]
        sequences += [beyond, beyond[:-5] + text[:5]]
    return [Prompt(str(n), ids[:limit], paths, _NO_PRESENTATION) for n, ids in enumerate(sequences)]


def largest_difference(scores: Sequence[PromptScore], others: Sequence[PromptScore]) -> float:
    """Largest difference of a label's log-probability between two scorings, in nats."""
    return max(
        abs(a - b)
        for one, other in zip(scores, others, strict=True)
        for spelled_a, spelled_b in zip(one.path_log_p, other.path_log_p, strict=True)
        for a, b in zip(spelled_a, spelled_b, strict=True)
    )


def refuse_unsound_batches(difference: float, dtype: str) -> None:
    """Refuse padded batches that differ from one prompt at a time by more than rounding.

    Raises
    ------
    SelfCheckError
        The difference is above the limit, or not a number.
    """
    if not difference <= LIMITS[dtype]:
        raise SelfCheckError(
            f"In a batch, label log-probabilities differ by {difference:.3g} nats from one prompt "
            f"at a time; {dtype} allows {LIMITS[dtype]:g}. The model sees padding on its right.",
            "Use batch_size=1 with engine='padded', or another model implementation; please "
            "report the architecture.",
        )


def tree_limit(padded_difference: float, dtype: str) -> float:
    """Largest difference of a sound tree from one prompt at a time, in nats."""
    if dtype == "float32":
        return LIMITS[dtype]
    return min(LIMITS[dtype], max(_ROUNDING, _TIMES * padded_difference))
