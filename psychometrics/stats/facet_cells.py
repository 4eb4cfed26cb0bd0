"""Long observations of a design gathered into its cells."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from psychometrics.stats.arrays import BoolArray, FloatArray, IntArray
from psychometrics.stats.facet_design import Effect, FacetDesign

REPLICATE = "replicate"


@dataclass(frozen=True, slots=True, eq=False)
class FacetCells:
    """The observed cells of a design.

    Parameters
    ----------
    design : FacetDesign
    shape : tuple of int
        Levels of each facet within what it is nested in (the most, where the numbers differ).
    levels : dict of str to int
        Distinct levels of each facet over the whole design.
    index : ndarray of int, shape (cells, facets)
        Level of each facet, numbered within what it is nested in.
    count, mean : ndarray, shape (cells,)
        Observations, and their mean less the grand mean.
    within : float
        Sum of squares within cells.
    n_missing : int
        Observations that were NaN.
    """

    design: FacetDesign
    shape: tuple[int, ...]
    levels: Mapping[str, int]
    index: IntArray
    count: FloatArray
    mean: FloatArray
    within: float
    n_missing: int

    @property
    def n(self) -> int:
        """Observations that are not missing."""
        return int(self.count.sum())

    @property
    def replicated(self) -> bool:
        """Whether some cell holds several observations."""
        return bool(self.count.max() > 1)

    @property
    def balanced(self) -> bool:
        """Whether every cell of the full table holds the same number of observations."""
        full = len(self.count) == np.prod(self.shape, dtype=np.float64)
        return bool(full and self.count.min() == self.count.max())

    def table(self) -> FloatArray:
        """Cell means with one axis a facet; NaN where a cell is missing."""
        table = np.full(self.shape, np.nan)
        table[tuple(self.index.T)] = self.mean
        return table

    def group(self, effect: Effect) -> tuple[IntArray, int]:
        """For each cell the level of an effect, numbered from 0, and how many levels there are."""
        axes = [i for i, facet in enumerate(self.design.facets) if facet in effect]
        flat = np.zeros(len(self.count), dtype=np.int64)
        for axis in axes:
            flat = flat * self.shape[axis] + self.index[:, axis]
        return number_levels(flat)

    def conditions(self, facet: str) -> float:
        """Levels of a facet within what it is nested in: their harmonic mean if they differ."""
        if self.balanced or not self.design.nesting[facet]:
            return float(self.shape[self.design.facets.index(facet)])
        outer, n_outer = self.group(self.design.nesting[facet])
        own, n_own = self.group(self.design.closure(facet))
        parent = np.empty(n_own, dtype=np.int64)
        parent[own] = outer
        return harmonic_mean(np.bincount(parent, minlength=n_outer).astype(np.float64))

    def without(self, dropped: Effect) -> "FacetCells":
        """The same cells described by the facets that remain (those dropped have one level)."""
        design = self.design.without(dropped)
        kept = [i for i, facet in enumerate(self.design.facets) if facet in design.facets]
        return FacetCells(
            design, tuple(self.shape[i] for i in kept), self.levels, self.index[:, kept],
            self.count, self.mean, self.within, self.n_missing,
        )  # fmt: skip


def gather_cells(y: ArrayLike, codes: Mapping[str, ArrayLike], design: FacetDesign) -> FacetCells:
    """Sort long observations into the cells of a design.

    Parameters
    ----------
    y : array_like, shape (n,)
        NaN counts as missing: the observation is left out, and counted.
    codes : mapping of str to array_like of int, shape (n,)
        The level of every facet. Levels of a nested facet may be numbered anew in each level of
        what it is nested in, or through.

    Raises
    ------
    ValueError
        Codes that are missing, too many, not whole numbers or of another length; no observation
        at all; an infinite one.

    Examples
    --------
    >>> from psychometrics.stats.facet_design import parse_design
    >>> codes = {"person": [0, 0, 1, 1], "item": [7, 8, 7, 8]}
    >>> cells = gather_cells([1.0, 2.0, 3.0, 6.0], codes, parse_design("person x item"))
    >>> cells.shape, cells.balanced
    ((2, 2), True)
    """
    values, raw = _checked(y, codes, design)
    index, levels = _within_levels(raw, design)
    shape = tuple(int(index[f].max()) + 1 for f in design.facets)
    flat = np.zeros(len(values), dtype=np.int64)
    for facet, size in zip(design.facets, shape, strict=True):
        flat = flat * size + index[facet]
    cell, n_cells = number_levels(flat)
    centred = values - values.mean()
    count = np.bincount(cell, minlength=n_cells).astype(np.float64)
    mean = np.bincount(cell, weights=centred, minlength=n_cells) / count
    within = float(((centred - mean[cell]) ** 2).sum()) if n_cells < len(values) else 0.0
    first = np.empty(n_cells, dtype=np.int64)
    first[cell] = np.arange(len(values))
    at = np.column_stack([index[facet][first] for facet in design.facets])
    missing = np.size(y) - len(values)
    return FacetCells(design, shape, levels, at, count, mean, within, missing)


def harmonic_mean(x: FloatArray) -> float:
    """Of numbers above zero.

    Examples
    --------
    >>> harmonic_mean(np.array([2.0, 6.0]))
    3.0
    """
    if x.min() == x.max():
        return float(x[0])
    return float(len(x) / (1 / x).sum())


def number_levels(codes: IntArray) -> tuple[IntArray, int]:
    """Renumber whole numbers from 0 in their order; return them and how many there are.

    Examples
    --------
    >>> number_levels(np.array([7, 3, 7]))
    (array([1, 0, 1]), 2)
    """
    low = int(codes.min())
    span = int(codes.max()) - low + 1
    if span > 4 * len(codes) + 1024:
        found, inverse = np.unique(codes, return_inverse=True)
        return inverse.astype(np.int64), len(found)
    seen = np.zeros(span, dtype=np.int64)
    seen[codes - low] = 1
    rank = seen.cumsum() - 1
    return rank[codes - low], int(rank[-1]) + 1


def _checked(
    y: ArrayLike, codes: Mapping[str, ArrayLike], design: FacetDesign
) -> tuple[FloatArray, dict[str, IntArray]]:
    values = np.asarray(y, dtype=np.float64)
    if values.ndim != 1:
        raise ValueError(f"y has {values.ndim} axes; give one, an observation an element")
    if np.isinf(values).any():
        raise ValueError("y holds an infinite number")
    if set(codes) != set(design.facets):
        there, wanted = ", ".join(sorted(codes)), ", ".join(design.facets)
        raise ValueError(f"codes are given for {there or 'no facet'}; the design has {wanted}")
    kept = ~np.isnan(values)
    if not kept.any():
        raise ValueError("there is no observation" + (": all are missing" if len(values) else ""))
    return values[kept], {facet: _as_codes(codes[facet], facet, kept) for facet in design.facets}


def _as_codes(codes: ArrayLike, facet: str, kept: BoolArray) -> IntArray:
    found = np.asarray(codes)
    if found.shape != kept.shape:
        raise ValueError(f"codes of {facet!r} have shape {found.shape}, y has {kept.shape}")
    if found.dtype.kind not in "iub":
        raise ValueError(
            f"codes of {facet!r} are {found.dtype}, not whole numbers; "
            "number the levels first, as np.unique(levels, return_inverse=True)[1] does"
        )
    numbers: IntArray = found[kept].astype(np.int64)
    return numbers


def _within_levels(
    raw: dict[str, IntArray], design: FacetDesign
) -> tuple[dict[str, IntArray], dict[str, int]]:
    """Number each facet's levels from 0 within what it is nested in; count them over all."""
    index: dict[str, IntArray] = {}
    levels: dict[str, int] = {}
    for facet in sorted(design.facets, key=lambda f: len(design.nesting[f])):
        own, n_own = number_levels(raw[facet])
        if not design.nesting[facet]:
            index[facet], levels[facet] = own, n_own
            continue
        parent = np.zeros(len(own), dtype=np.int64)
        for outer in (f for f in design.facets if f in design.nesting[facet]):
            parent = parent * (int(index[outer].max()) + 1) + index[outer]
        parent, n_parent = number_levels(parent)
        both, n_both = number_levels(parent * n_own + own)
        of_level = np.empty(n_both, dtype=np.int64)
        of_level[both] = parent
        start = np.searchsorted(of_level, np.arange(n_parent))
        index[facet] = (np.arange(n_both) - start[of_level])[both]
        levels[facet] = n_both
    return index, levels
