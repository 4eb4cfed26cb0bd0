"""The tokens of each label after an exact prompt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from psychometrics._types import TokenIds
from psychometrics.errors import LabelBoundaryError

SPELLINGS = ("{label}", " {label}")
# What follows this many equal tokens is tokenized equally: no tokenizer merges across so many.
_CONTEXT = 32
Encode = Callable[[Sequence[str]], list[TokenIds]]


@dataclass(frozen=True, slots=True)
class LabelPaths:
    """Tokens of every spelling of every label after one prompt.

    Parameters
    ----------
    paths : tuple of tuple of tuple of int
        ``paths[option][spelling]``.
    spellings : tuple of tuple of str
        The text of each, in the same places.
    dropped : tuple of str
        Spellings that merge with the end of the prompt and cannot be scored.
    """

    paths: tuple[tuple[TokenIds, ...], ...]
    spellings: tuple[tuple[str, ...], ...]
    dropped: tuple[str, ...]


class LabelPathFinder:
    """Finds label paths, tokenizing each pair of prompt end and labels once.

    Parameters
    ----------
    encode : callable
        Texts to token ids, with nothing added but the beginning-of-sequence token that prompts
        have too.
    """

    def __init__(self, encode: Encode) -> None:
        self._encode = encode
        self._found: dict[tuple[TokenIds, tuple[str, ...]], LabelPaths] = {}

    def find(self, text: str, ids: TokenIds, labels: tuple[str, ...]) -> LabelPaths:
        """Tokens of the labels after a prompt.

        Parameters
        ----------
        text : str
            The prompt.
        ids : tuple of int
            Its tokens.
        labels : tuple of str
            By canonical option.

        Raises
        ------
        LabelBoundaryError
            No spelling of some label leaves the prompt's tokens as they are, or two options
            share all tokens of a spelling.
        """
        key = (ids[-_CONTEXT:], labels)
        if key not in self._found:
            self._found[key] = label_paths(text, ids, labels, self._encode)
        return self._found[key]

    @property
    def dropped(self) -> tuple[str, ...]:
        """Spellings dropped anywhere so far."""
        return tuple(sorted({text for found in self._found.values() for text in found.dropped}))


def label_paths(text: str, ids: TokenIds, labels: tuple[str, ...], encode: Encode) -> LabelPaths:
    """Tokenize prompt and label together, and keep what comes after the prompt's own tokens.

    Examples
    --------
    >>> by_letter = lambda texts: [tuple(map(ord, text)) for text in texts]
    >>> label_paths("Q:", (81, 58), ("1", "10"), by_letter).paths[1]
    ((49, 48), (32, 49, 48))
    """
    candidates = [[form.format(label=label) for form in SPELLINGS] for label in labels]
    joint = iter(encode([text + spelling for option in candidates for spelling in option]))
    paths, spellings, dropped = [], [], []
    for option in candidates:
        kept: dict[TokenIds, str] = {}
        for spelling, whole in [(s, next(joint)) for s in option]:
            if whole[: len(ids)] == ids and len(whole) > len(ids):
                kept.setdefault(whole[len(ids) :], spelling)
            else:
                dropped.append(spelling)
        if not kept:
            raise LabelBoundaryError(
                f"After {text[-20:]!r} the tokenizer merges every spelling of label "
                f"{option[0]!r} with the prompt.",
                "Use another label set or wording, or a model with a chat template.",
            )
        paths.append(tuple(kept))
        spellings.append(tuple(kept.values()))
    _refuse_shared(paths, labels)
    return LabelPaths(tuple(paths), tuple(spellings), tuple(dropped))


def _refuse_shared(paths: Sequence[tuple[TokenIds, ...]], labels: tuple[str, ...]) -> None:
    owner: dict[TokenIds, str] = {}
    for option, label in zip(paths, labels, strict=True):
        for path in option:
            if path in owner:
                raise LabelBoundaryError(
                    f"Labels {owner[path]!r} and {label!r} have the same tokens.",
                    "Use another label set.",
                )
            owner[path] = label
