"""A scale: the keyed items that measure one construct."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """A construct and where its score lies.

    Parameters
    ----------
    name : str
        Unique within the instrument.
    title : str
        For tables and figures.
    level : str
        ``"domain"`` or ``"facet"`` (a facet of personality; not a facet of a design).
    parent : str or None
        The domain a facet belongs to.
    definition : str
        The construct in one sentence.
    range : tuple of float
        Lowest and highest possible score.

    Examples
    --------
    >>> Scale("warmth", "Warmth", "facet", parent="extraversion", definition="…", range=(1, 5))
    <Scale warmth (facet of extraversion), 1 to 5>
    """

    name: str
    title: str
    level: str
    parent: str | None
    definition: str
    range: tuple[float, float]

    def __repr__(self) -> str:
        place = f"facet of {self.parent}" if self.parent else self.level
        return f"<Scale {self.name} ({place}), {self.range[0]:g} to {self.range[1]:g}>"
