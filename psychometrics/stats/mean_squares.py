"""Mean squares of balanced designs, and the variance components that they imply."""

from dataclasses import dataclass

import numpy as np

from psychometrics.stats.arrays import FloatArray
from psychometrics.stats.facet_cells import REPLICATE, FacetCells, harmonic_mean
from psychometrics.stats.facet_design import RESIDUAL, Effect, FacetDesign


@dataclass(frozen=True, slots=True, eq=False)
class MeanSquares:
    """Analysis of variance of a random-effects design.

    Parameters
    ----------
    effects : tuple of frozenset
        The effects of the design. With replicates a last one is added, nested in the whole.
    names : tuple of str
        Of the effects; the last is ``residual``.
    df, mean_squares : ndarray, shape (effects,)
    expected : ndarray, shape (effects, effects)
        Expected mean squares: row's mean square = Σ coefficient × column's component.
    components : ndarray, shape (effects,)
        The solution; negative values are kept.
    """

    effects: tuple[Effect, ...]
    names: tuple[str, ...]
    df: FloatArray
    mean_squares: FloatArray
    expected: FloatArray
    components: FloatArray

    @property
    def solution(self) -> FloatArray:
        """Inverse of ``expected``: row's component = Σ coefficient × column's mean square."""
        found = np.linalg.inv(self.expected)
        return np.where(np.abs(found) > 1e-12 * np.abs(found).max(initial=0.0), found, 0.0)


def mean_squares(cells: FacetCells) -> MeanSquares:
    """Mean squares, expected mean squares and components of a balanced design.

    Parameters
    ----------
    cells : FacetCells
        From `gather_cells`; every facet has two levels or more.

    Returns
    -------
    MeanSquares
        All facets are taken as random. With one observation a cell, the highest-order effect
        and error are one term, ``residual``; with more, they are told apart.

    Raises
    ------
    ValueError
        The design is not balanced, or a facet has one level.

    References
    ----------
    Cronbach, Gleser, Nanda & Rajaratnam (1972). The dependability of behavioral measurements.
    Wiley.

    Brennan (2001). Generalizability theory. Springer. doi:10.1007/978-1-4757-3456-0

    Searle, Casella & McCulloch (1992). Variance components. Wiley. doi:10.1002/9780470316856

    Examples
    --------
    >>> from psychometrics.stats.facet_cells import gather_cells
    >>> from psychometrics.stats.facet_design import parse_design
    >>> codes = {"person": [0, 0, 1, 1, 2, 2], "item": [0, 1, 0, 1, 0, 1]}
    >>> y = [1.0, 2.0, 3.0, 5.0, 4.0, 7.0]
    >>> found = mean_squares(gather_cells(y, codes, parse_design("person x item")))
    >>> dict(zip(found.names, found.mean_squares.round(3).tolist()))
    {'person': 8.167, 'item': 6.0, 'residual': 0.5}
    """
    if not cells.balanced:
        raise ValueError("the design is not balanced; estimate its components by REML")
    if min(cells.shape) < 2:
        single = [f for f, k in zip(cells.design.facets, cells.shape, strict=True) if k < 2]
        raise ValueError(f"{single[0]!r} has one level: its components cannot be estimated")
    replicates = int(cells.count[0])
    effects, names = model_terms(cells.design, replicates > 1)
    expected = expected_mean_squares(cells.design, cells.shape, replicates)
    squares = replicates * sums_of_squares(cells.table(), cells.design)
    if replicates > 1:
        squares = np.append(squares, cells.within)
    df = degrees_of_freedom(cells.design, cells.shape, replicates)
    found = squares / df
    components: FloatArray = np.linalg.solve(expected, found).astype(np.float64)
    return MeanSquares(effects, names, df, found, expected, components)


def equivalent_mean_squares(cells: FacetCells, components: FloatArray) -> MeanSquares:
    """What the mean squares of a balanced design of the same information would be.

    Parameters
    ----------
    cells : FacetCells
        Of an unbalanced design.
    components : ndarray, shape (effects,)
        Its components.

    Returns
    -------
    MeanSquares
        The coefficient of a component is the harmonic mean of the observations of its levels;
        degrees of freedom are levels observed less those of the terms within. Degrees of
        freedom below 1 mean that the term is too thinly observed for an approximation.
    """
    effects, names = model_terms(cells.design, cells.replicated)
    coefficients, sizes = [], []
    for effect in effects:
        if REPLICATE in effect and cells.replicated:
            coefficients.append(1.0)
            sizes.append(cells.n)
            continue
        level, size = cells.group(effect)
        coefficients.append(harmonic_mean(np.bincount(level, cells.count).astype(np.float64)))
        sizes.append(size)
    df: list[float] = []
    for i, effect in enumerate(effects):
        within = sum(df[j] for j, other in enumerate(effects[:i]) if other < effect)
        df.append(float(sizes[i]) - 1 - within)
    expected = np.array(
        [[k if row <= column else 0.0 for column, k in zip(effects, coefficients, strict=True)]
         for row in effects]
    )  # fmt: skip
    found = expected @ components
    return MeanSquares(effects, names, np.array(df), found, expected, components)


def model_terms(
    design: FacetDesign, replicated: bool
) -> tuple[tuple[Effect, ...], tuple[str, ...]]:
    """The terms of the random-effects model of a design, the residual last.

    Raises
    ------
    ValueError
        Cells hold several observations, and a facet has the name that these go by.
    """
    if not replicated:
        return design.effects, (*design.names[:-1], RESIDUAL)
    if REPLICATE in design.facets:
        raise ValueError(
            f"cells hold several observations, although there is a facet {REPLICATE!r}; "
            "check its codes"
        )
    return (*design.effects, design.whole | {REPLICATE}), (*design.names, RESIDUAL)


def sums_of_squares(table: FloatArray, design: FacetDesign) -> FloatArray:
    """Sum of squares of every effect of a complete table of cell means, one axis a facet."""
    squares = []
    for effect in design.effects:
        others = tuple(i for i, facet in enumerate(design.facets) if facet not in effect)
        part = table.mean(axis=others, keepdims=True)
        for facet in design.primary(effect):
            part = part - part.mean(axis=design.facets.index(facet), keepdims=True)
        squares.append(float((part**2).sum()) * table.size / part.size)
    return np.array(squares)


def degrees_of_freedom(
    design: FacetDesign, shape: tuple[float, ...], replicates: float = 1
) -> FloatArray:
    """Degrees of freedom of every term of a balanced design."""
    sizes = dict(zip(design.facets, shape, strict=True))
    df = [
        float(np.prod([sizes[f] - (f in design.primary(effect)) for f in effect]))
        for effect in design.effects
    ]
    if replicates > 1:
        df.append(float(np.prod(shape)) * (replicates - 1))
    return np.array(df)


def expected_mean_squares(
    design: FacetDesign, shape: tuple[float, ...], replicates: float = 1
) -> FloatArray:
    """Coefficients of the components (columns) in the expected mean squares (rows)."""
    sizes = dict(zip(design.facets, shape, strict=True)) | {REPLICATE: replicates}
    effects, _ = model_terms(design, replicates > 1)
    total = float(np.prod(shape)) * replicates
    per_level = [total / float(np.prod([sizes[f] for f in effect])) for effect in effects]
    return np.array(
        [[k if row <= column else 0.0 for column, k in zip(effects, per_level, strict=True)]
         for row in effects]
    )  # fmt: skip
