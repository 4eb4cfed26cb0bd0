"""Label sets: what a respondent answers with."""

import string
from collections.abc import Sequence
from typing import get_args

from psychometrics._types import LabelSet
from psychometrics.errors import DesignError

LABEL_SETS: tuple[LabelSet, ...] = get_args(LabelSet)
NOUNS: dict[LabelSet, str] = {"digits": "number", "letters": "letter", "text": "exact words"}


def presented_labels(label_set: LabelSet, texts: Sequence[str]) -> tuple[str, ...]:
    """Labels of the options in the sequence in which they are shown.

    Digits and letters belong to positions: the first option shown is ``1`` or ``A`` whichever it
    is. With ``text`` an option's own words are its label.

    Parameters
    ----------
    label_set : {"digits", "letters", "text"}
    texts : sequence of str
        Option texts in presented sequence.

    Raises
    ------
    DesignError
        More than 26 options with letters.

    Examples
    --------
    >>> presented_labels("letters", ["No", "Yes"])
    ('A', 'B')
    """
    if label_set == "digits":
        return tuple(str(n) for n in range(1, len(texts) + 1))
    if label_set == "text":
        return tuple(texts)
    if len(texts) > len(string.ascii_uppercase):
        raise DesignError(f"{len(texts)} options exceed the 26 letters.", "Use labels='digits'.")
    return tuple(string.ascii_uppercase[: len(texts)])


def check_label_set(name: str) -> LabelSet:
    """Return the label set of that name, or refuse it."""
    for known in LABEL_SETS:
        if name == known:
            return known
    raise DesignError(f"labels={name!r} is no label set.", f"Use {', '.join(LABEL_SETS)}.")
