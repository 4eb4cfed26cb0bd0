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
    code : str
        What the literature calls it.
    constant : float or None
        What a sum of signed raw answers is added to; None where reversed items are turned round.
    poles : tuple of str or None
        Letters of the low and of the high type.
    cut : float or None
        The score above which the type is the high one.

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
    code: str = ""
    constant: float | None = None
    poles: tuple[str, str] | None = None
    cut: float | None = None

    def __repr__(self) -> str:
        place = f"facet of {self.parent}" if self.parent else self.level
        return f"<Scale {self.name} ({place}), {self.range[0]:g} to {self.range[1]:g}>"
