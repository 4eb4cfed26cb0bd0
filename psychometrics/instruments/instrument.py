"""An instrument: items, response scale, scoring key and where they come from."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from psychometrics._types import BoolArray, FloatArray, IntArray
from psychometrics.errors import InstrumentError
from psychometrics.instruments.item import Item
from psychometrics.instruments.response_scale import ResponseScale
from psychometrics.instruments.scale import Scale


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire as it is defined in its file.

    Load one with :func:`psychometrics.load_instrument`; the fields are those of the file.

    Parameters
    ----------
    name, title, version, language, licence, origin, citation, instructions, norms : str
        What the definition file says of itself.
    response_scale : ResponseScale
        The options, in canonical order.
    scales : tuple of Scale
        Domains and facets.
    items : tuple of Item
        In the order of the file.
    path : Path
        The definition file.
    definition : bytes
        Its content, which travels with every run.

    Examples
    --------
    >>> import psychometrics as pm
    >>> pm.load_instrument("big-five-60")
    <Instrument big-five-60 1.0: 60 items (30 reversed), 5 domains, 30 facets, 5 options, en>
    """

    name: str
    title: str
    version: str
    language: str
    licence: str
    origin: str
    citation: str
    instructions: str
    norms: str
    response_scale: ResponseScale
    scales: tuple[Scale, ...]
    items: tuple[Item, ...]
    path: Path
    definition: bytes = field(repr=False)

    def __repr__(self) -> str:
        reverse = sum(item.key < 0 for item in self.items)
        counts = [
            len(self.items),
            *(sum(s.level == level for s in self.scales) for level in ("domain", "facet")),
        ]
        return (
            f"<Instrument {self.name} {self.version}: {counts[0]} items ({reverse} reversed), "
            f"{counts[1]} domains, {counts[2]} facets, {len(self.response_scale)} options, "
            f"{self.language}>"
        )

    @property
    def sha256(self) -> str:
        """Hash of the definition."""
        return hashlib.sha256(self.definition).hexdigest()

    def scale(self, name: str) -> Scale:
        """Return the scale of that name.

        Raises
        ------
        InstrumentError
            There is no such scale.
        """
        for scale in self.scales:
            if scale.name == name:
                return scale
        known = ", ".join(s.name for s in self.scales)
        raise InstrumentError(f"{self.name} has no scale {name!r}.", f"Choose one of: {known}.")

    def lineage(self, item: Item) -> tuple[str, ...]:
        """Names of the scales an item counts in, narrowest first."""
        scale = self.scale(item.scale)
        return (scale.name,) if scale.parent is None else (scale.name, scale.parent)

    def membership(self) -> BoolArray:
        """Which item counts in which scale, shape (n_scales, n_items)."""
        lineages = [set(self.lineage(item)) for item in self.items]
        return np.array(
            [[s.name in lineage for lineage in lineages] for s in self.scales], dtype=bool
        )

    @property
    def keys(self) -> IntArray:
        """Keying signs, shape (n_items,)."""
        return np.array([item.key for item in self.items], dtype=np.int64)

    def keyed(self, raw: FloatArray) -> FloatArray:
        """Turn the answers to reversed items round within the ends of the response scale.

        Parameters
        ----------
        raw : ndarray, shape (..., n_items)
            On the response scale, as answered.

        Returns
        -------
        ndarray, same shape
        """
        ends = self.response_scale.values[[0, -1]].sum()
        return np.where(self.keys > 0, raw, ends - raw)

    def to_frame(self) -> pd.DataFrame:
        """One row an item: id, stem, scale, domain, key."""
        return pd.DataFrame(
            {
                "item": [item.id for item in self.items],
                "stem": [item.stem for item in self.items],
                "scale": [item.scale for item in self.items],
                "domain": [self.lineage(item)[-1] for item in self.items],
                "key": self.keys,
            }
        )
