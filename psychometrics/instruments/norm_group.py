"""A reference group: means and standard deviations of scale scores in a named sample."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class NormGroup:
    """Norms of one group of people.

    Parameters
    ----------
    name : str
        Unique within the instrument.
    sample : str
        Whom the figures come from.
    n : int or None
        People; None where the source does not say.
    unit : {"mean", "sum"}
        Whether scores are means over items or sums.
    checked : bool
        Whether the figures were read in the source; otherwise they are from memory or at second
        hand.
    source : str
        Where the figures stand.
    figures : mapping of str to tuple of float
        Mean and standard deviation, by scale.
    counts : mapping of str to int
        People by scale, where they differ.

    Examples
    --------
    >>> NormGroup("all", "web sample", 100, "mean", True, "…", {"warmth": (3.5, 0.7)})
    <NormGroup all: 1 scale, n = 100, web sample>
    """

    name: str
    sample: str
    n: int | None
    unit: Literal["mean", "sum"]
    checked: bool
    source: str
    figures: Mapping[str, tuple[float, float]] = field(hash=False)
    counts: Mapping[str, int] = field(default_factory=dict, hash=False)

    def __repr__(self) -> str:
        size = "n not stated" if self.n is None else f"n = {self.n:,}"
        scales = f"{len(self.figures)} scale{'s' if len(self.figures) != 1 else ''}"
        return f"<NormGroup {self.name}: {scales}, {size}, {self.sample}>"
