"""Variance components of a design: estimates, shares, intervals and what they rest on."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from psychometrics.stats.arrays import FloatArray, check_level
from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.component_intervals import component_interval
from psychometrics.stats.facet_cells import REPLICATE, FacetCells, gather_cells, harmonic_mean
from psychometrics.stats.facet_design import Effect, FacetDesign, parse_design
from psychometrics.stats.mean_square_limits import MeanSquareLimits
from psychometrics.stats.mean_squares import (
    MeanSquares,
    equivalent_mean_squares,
    mean_squares,
    model_terms,
)
from psychometrics.stats.reml import check_told_apart, reml

METHODS = ("auto", "mean squares", "reml")


@dataclass(frozen=True, slots=True, eq=False)
class VarianceComponents:
    """Components of a random-effects design, one element a term, the residual last.

    Parameters
    ----------
    design : FacetDesign
    effects : tuple of frozenset
        The facets of each term.
    terms : tuple of str
        Their names. ``residual`` is the highest-order effect together with error where there is
        one observation a cell, and error alone where there are more.
    values : ndarray, shape (terms,)
        Components; a negative estimate is set to zero. NaN where a facet with one level keeps
        the component from being told apart (``note`` says which).
    raw : ndarray, shape (terms,)
        As estimated, negative values kept.
    df : ndarray, shape (terms,)
        Degrees of freedom of the mean square.
    shares : ndarray, shape (terms,)
        Of the sum of the components, between 0 and 1.
    n_levels : mapping of str to float
        Levels of each facet within what it is nested in (harmonic mean where the numbers
        differ); ``replicate``: observations a cell, if there are several.
    counts : mapping of str to int
        Distinct levels of each facet over the whole design.
    intervals : tuple of Coefficient
        Each component with its interval.
    mean_squares : ndarray, shape (terms,)
        Of an unbalanced design: those of a balanced one with as much information.
    expected : ndarray, shape (terms, terms)
        Their expectations: row's mean square = Σ coefficient × column's component.
    single : frozenset of str
        Facets with one level, left out of the estimation.
    n, n_missing : int
        Observations; those that were NaN.
    conf_level : float
    method, note : str
    """

    design: FacetDesign
    effects: tuple[Effect, ...]
    terms: tuple[str, ...]
    values: FloatArray
    raw: FloatArray
    df: FloatArray
    shares: FloatArray
    n_levels: Mapping[str, float]
    counts: Mapping[str, int]
    intervals: tuple[Coefficient, ...]
    mean_squares: FloatArray
    expected: FloatArray
    single: Effect
    n: int
    n_missing: int
    conf_level: float
    method: str
    note: str = ""

    def __repr__(self) -> str:
        rows = [
            f"  {term}: {value:.4g} ({share:.1%})"
            for term, value, share in zip(self.terms, self.values, self.shares, strict=True)
        ]
        return "\n".join([f"Variance components of {self.design}, n = {self.n}", *rows])

    def __getitem__(self, term: str) -> float:
        """The component of a term by its name."""
        if term not in self.terms:
            raise KeyError(f"{term!r} is not a term; there are {', '.join(self.terms)}")
        return float(self.values[self.terms.index(term)])


def variance_components(
    y: ArrayLike,
    codes: Mapping[str, ArrayLike],
    design: str | FacetDesign,
    *,
    method: str = "auto",
    conf_level: float = 0.95,
) -> VarianceComponents:
    """Estimate the variance components of a crossed or nested design; every facet is random.

    Parameters
    ----------
    y : array_like, shape (n,)
        One observation an element; NaN counts as missing, and is counted in ``n_missing``.
    codes : mapping of str to array_like of int, shape (n,)
        The level of every facet of the design.
    design : str or FacetDesign
        ``person x item x occasion``, ``person x (rater:task)``; see `parse_design`.
    method : str
        ``mean squares``: exact, for balanced designs. ``reml``: restricted maximum likelihood,
        for any design. ``auto``: the first where it is possible.
    conf_level : float
        Of the intervals, between 0 and 1.

    Returns
    -------
    VarianceComponents

    Raises
    ------
    ValueError
        Codes that do not fit the design, no observation, an unbalanced design with ``mean
        squares``, two terms that cannot be told apart, or a design too large for REML.

    References
    ----------
    Brennan (2001). Generalizability theory. Springer. doi:10.1007/978-1-4757-3456-0

    Patterson & Thompson (1971). Recovery of inter-block information when block sizes are
    unequal. Biometrika, 58(3), 545–554. doi:10.1093/biomet/58.3.545

    Examples
    --------
    >>> codes = {"person": [0, 0, 1, 1, 2, 2], "item": [0, 1, 0, 1, 0, 1]}
    >>> variance_components([1.0, 2.0, 3.0, 5.0, 4.0, 7.0], codes, "person x item")
    Variance components of person x item, n = 6
      person: 3.833 (62.2%)
      item: 1.833 (29.7%)
      residual: 0.5 (8.1%)
    """
    check_level(conf_level)
    if method not in METHODS:
        raise ValueError(f"method={method!r} is none of {', '.join(METHODS)}")
    parsed = parse_design(design) if isinstance(design, str) else design
    cells = gather_cells(y, codes, parsed)
    estimated, label, note = _estimate(cells.without(_single(cells)), method)
    notes = [note, _single_note(cells), _missing_note(cells), _residual_note(cells)]
    return _assembled(cells, estimated, conf_level, label, "; ".join(filter(None, notes)))


def _estimate(cells: FacetCells, method: str) -> tuple[MeanSquares, str, str]:
    """Mean squares with components, the name of the method, and a note."""
    if not cells.design.facets:
        raise ValueError("every facet has one level: there are no components to estimate")
    if cells.balanced and method != "reml":
        label = "expected mean squares, modified-large-sample intervals with mirrored pair terms"
        found = mean_squares(cells)
        constant = not found.mean_squares.any()
        return found, label, "all observations are equal" if constant else ""
    if method == "mean squares":
        raise ValueError("the design is not balanced; choose method='reml' or 'auto'")
    label = (
        "REML, modified-large-sample intervals with mirrored pair terms on the equivalent balanced "
        "design"
    )
    effects, names = model_terms(cells.design, cells.replicated)
    if float(cells.count @ cells.mean**2 + cells.within) <= 0:
        check_told_apart(cells, effects, names)
        return equivalent_mean_squares(cells, np.zeros(len(effects))), label, (
            "all observations are equal"
        )  # fmt: skip
    fit = reml(cells)
    zero = [name for name, at in zip(names, fit.boundary, strict=True) if at]
    notes = [f"at the boundary (zero): {', '.join(zero)}"] if zero else []
    if not fit.converged:
        notes.append(f"REML did not converge in {fit.iterations} iterations")
    return equivalent_mean_squares(cells, fit.components), label, "; ".join(notes)


def _assembled(
    cells: FacetCells, found: MeanSquares, conf_level: float, method: str, note: str
) -> VarianceComponents:
    """Put the estimated terms in their places among all terms of the design."""
    effects, terms = model_terms(cells.design, cells.replicated)
    at = np.array([_place(cells.design, effects, effect, found) for effect in found.effects])
    raw, df, squares = (np.full(len(terms), np.nan) for _ in range(3))
    expected = np.full((len(terms), len(terms)), np.nan)
    raw[at], df[at], squares[at] = found.components, found.df, found.mean_squares
    expected[np.ix_(at, at)] = found.expected
    values = np.maximum(raw, 0.0)
    total = float(np.nansum(values))
    levels = {facet: cells.conditions(facet) for facet in cells.design.facets}
    if cells.replicated:
        levels[REPLICATE] = harmonic_mean(cells.count)
    negative = [terms[i] for i in np.flatnonzero(raw < 0)]
    if negative:
        note = "; ".join(filter(None, [note, f"negative, set to zero: {', '.join(negative)}"]))
    limits = MeanSquareLimits(found.mean_squares, found.df, conf_level)
    rows = dict(zip(at.tolist(), found.solution, strict=True))
    none = np.zeros(len(at))
    intervals = tuple(
        component_interval(
            term, float(values[i]), rows.get(i, none), limits,
            {f: cells.levels[f] for f in cells.design.facets if f in effects[i]}, method,
        )
        for i, term in enumerate(terms)
    )  # fmt: skip
    return VarianceComponents(
        cells.design, effects, terms, values, raw, df, values / total if total > 0 else values,
        levels, cells.levels, intervals, squares, expected, _single(cells),
        cells.n, cells.n_missing, conf_level, method, note,
    )  # fmt: skip


def _place(
    design: FacetDesign, effects: tuple[Effect, ...], effect: Effect, found: MeanSquares
) -> int:
    """Index of an estimated term; the residual stays the last whatever facets were dropped."""
    if effect == found.effects[-1]:
        return len(effects) - 1
    return effects.index(effect.union(*(design.nesting[facet] for facet in effect)))


def _single(cells: FacetCells) -> Effect:
    """The facets with one level."""
    return frozenset(f for f, k in zip(cells.design.facets, cells.shape, strict=True) if k < 2)


def _single_note(cells: FacetCells) -> str:
    names = ", ".join(sorted(_single(cells)))
    if not names:
        return ""
    return f"one level of {names}: its components are part of those of the other facets"


def _missing_note(cells: FacetCells) -> str:
    n = cells.n_missing
    return f"{n} missing observation{'s' if n > 1 else ''} left out" if n else ""


def _residual_note(cells: FacetCells) -> str:
    if cells.replicated:
        return ""
    return f"residual: {cells.design} and error cannot be told apart with one observation a cell"
