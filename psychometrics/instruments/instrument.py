"""An instrument: items, response scale, scoring key and where they come from."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from psychometrics._types import BoolArray, FloatArray, IntArray
from psychometrics.errors import InstrumentError
from psychometrics.instruments.data_set import DataSet
from psychometrics.instruments.installed_wording import InstalledWording
from psychometrics.instruments.item import Item
from psychometrics.instruments.norm_group import NormGroup
from psychometrics.instruments.published_reliability import PublishedReliability
from psychometrics.instruments.response_scale import ResponseScale
from psychometrics.instruments.scale import Scale
from psychometrics.instruments.wording_package import WordingPackage

Form = Literal["statement", "pair", "scenario"]
Rule = Literal["mean", "sum", "share"]
OWN_ORDER = "own"


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire as it is defined in its file.

    Load one with :func:`psychometrics.load_instrument`; the fields are those of the file.

    Parameters
    ----------
    name, title, version, language, licence, origin, citation, instructions : str
        What the definition file says of itself.
    terms : str
        Conditions of use, shown when the wording is installed.
    offered : str
        Where the author offers the form, if the wording is not shipped.
    form : {"statement", "pair", "scenario"}
        What an item is: a statement, two descriptions to choose between, or a situation with
        actions of its own.
    rule : {"mean", "sum", "share"}
        What the score of a scale is: the mean of its keyed items, their sum, or the percentage of
        items answered with a high option.
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
    norms : tuple of NormGroup
        Reference groups; ``norms_note`` says why there are none, or what they are good for.
    reliabilities : tuple of PublishedReliability
        As published.
    data_sets : tuple of DataSet
        How published answers of people are stored.
    packages : tuple of WordingPackage
        Where the wording can be had.
    item_file : mapping of str to str
        Fields of a file that brings the items; empty if the definition lists them.
    wording : InstalledWording or None
        The texts from the user's data folder, if the definition does not carry them.

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
    terms: str
    offered: str
    form: Form
    rule: Rule
    response_scale: ResponseScale
    scales: tuple[Scale, ...]
    items: tuple[Item, ...]
    path: Path
    definition: bytes = field(repr=False)
    norms: tuple[NormGroup, ...] = ()
    norms_note: str = ""
    reliabilities: tuple[PublishedReliability, ...] = ()
    data_sets: tuple[DataSet, ...] = ()
    packages: tuple[WordingPackage, ...] = ()
    item_file: Mapping[str, str] = field(default_factory=dict, hash=False)
    wording: InstalledWording | None = None

    def __repr__(self) -> str:
        reverse = sum(item.key < 0 for item in self.items)
        counts = [
            len(self.items),
            *(sum(s.level == level for s in self.scales) for level in ("domain", "facet")),
        ]
        facets = f", {counts[2]} facets" if counts[2] else ""
        lacking = "" if self.has_wording else ", wording not installed"
        return (
            f"<Instrument {self.label}: {counts[0]:,} items ({reverse} reversed), "
            f"{counts[1]} domains{facets}, {len(self.response_scale)} options, "
            f"{self.language}{lacking}>"
        )

    @property
    def label(self) -> str:
        """Name and version, and how many items were let in with an unknown wording."""
        n = len(self.unknown_items)
        unknown = f" ({n} item{'s' if n != 1 else ''} of unknown wording)" if n else ""
        return f"{self.name} {self.version}{unknown}"

    @property
    def unknown_items(self) -> frozenset[str]:
        """Items that were given with a text that the definition does not know."""
        return frozenset(self.wording.modified if self.wording else ())

    @property
    def has_wording(self) -> bool:
        """Whether every item has its text."""
        return all(item.stem is not None for item in self.items)

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

    def orders(self) -> dict[str, dict[str, int]]:
        """Numbers of the items, from 1, in each order that they are known in; the first is its own.

        Returns
        -------
        dict of str to dict of str to int
            By the name of the order, by item.
        """
        orders = {OWN_ORDER: {item.id: n for n, item in enumerate(self.items, start=1)}}
        for item in self.items:
            for order, number in item.numbers.items():
                orders.setdefault(order, {})[item.id] = number
        return orders

    def option_texts(self, item: Item) -> tuple[str, ...]:
        """Texts of the options of an item, in canonical order."""
        return item.options or self.response_scale.texts

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

    def score_range(self, names: Iterable[str]) -> tuple[float, float]:
        """Lowest and highest score that any of some scales can have."""
        ranges = [self.scale(name).range for name in dict.fromkeys(names)]
        return min(low for low, _ in ranges), max(high for _, high in ranges)

    def score_of(self, own: BoolArray, scale: Scale) -> Callable[[FloatArray], FloatArray]:
        """What turns means of a scale's keyed items into scores, which rise with them.

        A sum of signed raw answers with a constant is a sum of keyed items with another constant:
        each reversed item is worth the two ends of the response scale together, less its answer.

        Parameters
        ----------
        own : ndarray of bool, shape (n_items,)
            Items of the scale.
        scale : Scale

        Examples
        --------
        >>> import psychometrics as pm
        >>> big5 = pm.load_instrument("big-five-60")
        >>> big5.score_of(big5.membership()[0], big5.scales[0])(np.array([3.5]))
        array([3.5])
        """
        n, n_reversed = int(own.sum()), int((self.keys[own] < 0).sum())
        ends = float(self.response_scale.values[[0, -1]].sum())
        shift = 0.0 if scale.constant is None else scale.constant - ends * n_reversed
        factor = {"mean": 1.0, "sum": float(n), "share": 100.0}[self.rule]
        return lambda means: factor * means + shift

    def to_frame(self) -> pd.DataFrame:
        """One row an item: id, stem (missing where it is not installed), scale, domain, key."""
        return pd.DataFrame(
            {
                "item": [item.id for item in self.items],
                "stem": pd.Series([item.stem for item in self.items], dtype="str"),
                "scale": [item.scale for item in self.items],
                "domain": [self.lineage(item)[-1] for item in self.items],
                "key": self.keys,
            }
        )
