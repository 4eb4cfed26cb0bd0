"""The hash by which a wording is known without being shown."""

import hashlib
import re
import unicodedata

_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4\ufffd]")
_OTHER = re.compile("[^0-9a-z\u00c0-\u024f]+")


def normalise_stem(text: str) -> str:
    """Reduce a text to what makes it the same item: its letters and digits, in lower case.

    Apostrophes of every kind are deleted; every run of other characters outside the Latin letters
    becomes one space. A text with letters beyond those (of another script, or of Vietnamese) keeps
    all of its characters, with single spaces.

    Examples
    --------
    >>> normalise_stem("  I'm “calm” – mostly. ")
    'im calm mostly'
    """
    # The acute accent by itself would be taken apart by NFKC: apostrophes go before it and after.
    composed = unicodedata.normalize("NFKC", _APOSTROPHES.sub("", text)).lower()
    plain = _APOSTROPHES.sub("", composed)
    if any(letter > "\u024f" and letter.isalpha() for letter in plain):
        return " ".join(plain.split())
    return _OTHER.sub(" ", plain).strip()


def stem_hash(text: str) -> str:
    """SHA-256 (hex) of the normalised text.

    Examples
    --------
    >>> stem_hash("I'm calm.") == stem_hash("i\u2019m CALM")
    True
    """
    return hashlib.sha256(normalise_stem(text).encode()).hexdigest()
