"""An item: one statement and its keying."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One statement of an instrument.

    Parameters
    ----------
    id : str
        Unique within the instrument.
    stem : str
        The text; shown to a respondent unchanged.
    scale : str
        Name of the scale the item belongs to (the narrowest one).
    key : int
        ``1`` if agreement speaks for the construct, ``-1`` if against it.
    language : str
        BCP 47 tag of the stem.
    source : str
        Where the wording comes from.

    Examples
    --------
    >>> Item("x-1", "I greet strangers.", scale="sociability", key=1)
    Item x-1 (+sociability): I greet strangers.
    """

    id: str
    stem: str
    scale: str
    key: int
    language: str = "en"
    source: str = ""

    def __repr__(self) -> str:
        sign = "+" if self.key > 0 else "-"
        return f"Item {self.id} ({sign}{self.scale}): {self.stem}"
