"""The designs of balanced tables in R's files, and their division into orthogonal parts."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Layout:
    """A balanced table: its axes, and its effects as (facets, facets that sum to zero)."""

    axes: tuple[str, ...]
    shape: tuple[int, ...]
    effects: dict[str, tuple[str, str]]

    def part(self, table: np.ndarray, effect: str) -> np.ndarray:
        """The part of a table that an effect explains."""
        facets, free = (text.split() for text in self.effects[effect])
        part = table.mean(axis=self._axes(set(self.axes) - set(facets)), keepdims=True)
        for facet in free:
            part = part - part.mean(axis=self.axes.index(facet), keepdims=True)
        return part

    def sums_of_squares(self, table: np.ndarray) -> dict[str, float]:
        squares = {}
        for effect in self.effects:
            part = self.part(table, effect)
            squares[effect] = float((part**2).sum() * table.size / part.size)
        return squares

    def degrees_of_freedom(self) -> dict[str, int]:
        sizes = dict(zip(self.axes, self.shape, strict=True))
        return {
            effect: int(np.prod([sizes[f] - (f in free.split()) for f in facets.split()]))
            for effect, (facets, free) in self.effects.items()
        }

    def simulated(self, mean: float, squares: dict[str, float], seed: int) -> np.ndarray:
        """Random numbers with exactly this mean and these sums of squares."""
        drawn = np.random.default_rng(seed).normal(size=self.shape)
        table = np.full(self.shape, mean)
        for effect, found in self.sums_of_squares(drawn).items():
            table = table + self.part(drawn, effect) * np.sqrt(squares[effect] / found)
        return table

    def _axes(self, facets: set[str]) -> tuple[int, ...]:
        return tuple(i for i, axis in enumerate(self.axes) if axis in facets)


def crossed(axes: str, shape: tuple[int, ...]) -> Layout:
    """Every facet with every other, one observation a cell."""
    names = axes.split()
    effects = [[]]
    for name in names:
        effects += [[*effect, name] for effect in effects]
    chosen = sorted(filter(None, effects), key=len)
    return Layout(tuple(names), shape, {":".join(e): (" ".join(e),) * 2 for e in chosen})


LAYOUTS = {
    "shrout_fleiss": crossed("unit rater", (6, 4)),
    "bfi_neuroticism_first100": crossed("unit rater", (100, 5)),
    "brennan3_pxixo": crossed("person item occasion", (10, 4, 2)),
    "shrout_lane": crossed("person time item", (5, 4, 3)),
    "bfi_neuroticism_pxi_first500": crossed("person item", (500, 5)),
    "brennan4_p_rt": Layout(
        ("person", "task", "rater"), (10, 3, 4),
        {
            "person": ("person", "person"),
            "task": ("task", "task"),
            "task:rater": ("task rater", "rater"),
            "person:task": ("person task", "person task"),
            "person:task:rater": ("person task rater", "person rater"),
        },
    ),
}  # fmt: skip
