"""An item: what one question asks, and its keying."""

from collections.abc import Mapping
from dataclasses import dataclass, field

PAIR = " | "


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an instrument.

    Parameters
    ----------
    id : str
        Unique within the instrument.
    stem : str or None
        The text, shown to a respondent unchanged: a statement; two descriptions, joined by
        ``" | "``; or a situation. None where the wording is not installed.
    scale : str
        Name of the scale the item belongs to (the narrowest one).
    key : int
        ``1`` if a high answer speaks for the construct, ``-1`` if against it.
    language : str
        BCP 47 tag of the stem.
    source : str
        Where the wording comes from.
    question : str
        What is asked about a situation.
    options : tuple of str
        The item's own options in canonical order; empty where the response scale words them.
    hashes : mapping of str to str
        Known wordings: the SHA-256 of each, by the name of the variant.
    numbers : mapping of str to int
        Its number in other orders of the items, by the name of the order.
    code : str
        What the literature calls it.

    Examples
    --------
    >>> Item("x-1", "I greet strangers.", scale="sociability", key=1)
    Item x-1 (+sociability): I greet strangers.
    """

    id: str
    stem: str | None
    scale: str
    key: int
    language: str = "en"
    source: str = ""
    question: str = ""
    options: tuple[str, ...] = ()
    hashes: Mapping[str, str] = field(default_factory=dict, hash=False)
    numbers: Mapping[str, int] = field(default_factory=dict, hash=False)
    code: str = ""

    def __repr__(self) -> str:
        sign = "+" if self.key > 0 else "-"
        return f"Item {self.id} ({sign}{self.scale}): {self.stem or 'wording not installed'}"

    @property
    def text(self) -> str:
        """All that the item says; empty where the wording is not installed."""
        return " ".join(filter(None, [self.stem, self.question, *self.options]))

    @property
    def poles(self) -> tuple[str, str]:
        """The two descriptions of a pair.

        Raises
        ------
        ValueError
            The item is no pair.

        Examples
        --------
        >>> Item("x-2", "Talks | Listens", scale="sociability", key=-1).poles
        ('Talks', 'Listens')
        """
        first, second = (self.stem or "").split(PAIR)
        return first, second
