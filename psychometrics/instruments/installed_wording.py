"""The wording of an instrument as it stands in a user's data folder."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ItemText:
    """What one item says: stem, question about it, and options of its own."""

    stem: str
    question: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InstalledWording:
    """Texts that were checked against the hashes of a definition.

    Parameters
    ----------
    instrument : str
    language : str
    source : str
        Where they come from: package and version, or the name and hash of a file.
    texts : mapping of str to ItemText
        By item.
    hashes : mapping of str to str
        SHA-256 of each normalised stem, by item.
    variants : mapping of str to str
        Which known wording an item has, where it is not the first.
    modified : tuple of str
        Items whose text is unknown to the definition and was let in by ``allow_modified``.
    option_texts : tuple of str
        Options of the response scale in this language; empty for the definition's own.
    """

    instrument: str
    language: str
    source: str
    texts: Mapping[str, ItemText] = field(hash=False, repr=False)
    hashes: Mapping[str, str] = field(hash=False, repr=False)
    variants: Mapping[str, str] = field(default_factory=dict, hash=False)
    modified: tuple[str, ...] = ()
    option_texts: tuple[str, ...] = ()
