"""The content words of a stem, reduced to their stems, for comparing items."""

import functools
import re

import snowballstemmer

from psychometrics.instruments.function_words import ENGLISH, ENGLISH_NEGATIONS

_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`]")
_NEGATING_VERBS = frozenset(
    form
    for verb in ("lack", "fail", "avoid", "refuse", "dislike")
    for form in (verb, f"{verb}s", f"{verb}ed", f"{verb}d", f"{verb.removesuffix('e')}ing")
)
_WORD = re.compile(r"[^\W\d_]+")


def words(text: str) -> list[str]:
    """Lower-case words, apostrophes deleted.

    Examples
    --------
    >>> words("I don't mind: it's fine.")
    ['i', 'dont', 'mind', 'its', 'fine']
    """
    return _WORD.findall(_APOSTROPHES.sub("", text).lower())


def content_stems(text: str) -> frozenset[str]:
    """Stems of the English content words of a text (Porter2, via Snowball).

    Examples
    --------
    >>> sorted(content_stems("I enjoy the planning of plans."))
    ['enjoy', 'plan']
    """
    content = [word for word in words(text) if word not in ENGLISH]
    return frozenset(_stemmer().stemWords(content))


def negations(text: str) -> list[str]:
    """Negating words of an English text.

    Examples
    --------
    >>> negations("I do not trust easily.")
    ['not']
    """
    return [word for word in words(text) if word in ENGLISH_NEGATIONS | _NEGATING_VERBS]


@functools.cache
def _stemmer() -> snowballstemmer.basestemmer.BaseStemmer:
    return snowballstemmer.stemmer("english")
