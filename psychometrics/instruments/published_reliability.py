"""Reliabilities that others have published for an instrument."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PublishedReliability:
    """Values of one coefficient in one sample.

    Parameters
    ----------
    coefficient : str
        Such as ``alpha``.
    sample : str
        Whom the figures come from.
    n : int or None
        People; None where the source does not say.
    checked : bool
        Whether the figures were read in the source; otherwise they are from memory or at second
        hand.
    source : str
        Where the figures stand.
    values : mapping of str to float
        By scale.

    Examples
    --------
    >>> PublishedReliability("alpha", "students", 200, True, "…", {"warmth": 0.8})
    <PublishedReliability alpha: 1 scale, n = 200, students>
    """

    coefficient: str
    sample: str
    n: int | None
    checked: bool
    source: str
    values: Mapping[str, float] = field(hash=False)

    def __repr__(self) -> str:
        size = "n not stated" if self.n is None else f"n = {self.n:,}"
        scales = f"{len(self.values)} scale{'s' if len(self.values) != 1 else ''}"
        return f"<PublishedReliability {self.coefficient}: {scales}, {size}, {self.sample}>"
