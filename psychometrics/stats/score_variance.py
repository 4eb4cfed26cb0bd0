"""Which components are universe score, relative and absolute error of a measurement design."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from psychometrics.stats.arrays import FloatArray
from psychometrics.stats.facet_cells import REPLICATE
from psychometrics.stats.variance_components import VarianceComponents


@dataclass(frozen=True, slots=True, eq=False)
class ScoreVariance:
    """Weights of the components in the variances of a measurement, one a term.

    Parameters
    ----------
    object : str
        The facet that is measured.
    random, fixed : tuple of str
        The facets of its conditions.
    universe, relative, absolute : ndarray, shape (terms,)
        Weight of each component in universe-score variance and in the two error variances;
        each is 0 or one over the number of conditions averaged over.
    unknown : str
        Why the variances cannot be told; empty where they can.
    """

    object: str
    random: tuple[str, ...]
    fixed: tuple[str, ...]
    universe: FloatArray
    relative: FloatArray
    absolute: FloatArray
    unknown: str


def condition_facets(components: VarianceComponents, object: str) -> tuple[str, ...]:
    """The facets that an object is measured under: all but it and what it is nested in.

    Raises
    ------
    ValueError
        The object is not a facet of the design.
    """
    components.design.check(object, what="object")
    own = components.design.closure(object)
    found = tuple(facet for facet in components.design.facets if facet not in own)
    return (*found, REPLICATE) if REPLICATE in components.n_levels else found


def check_fixed(components: VarianceComponents, object: str, fixed: Collection[str]) -> None:
    """Refuse to fix a facet that cannot be.

    Raises
    ------
    ValueError
        It is not among the conditions, or its levels differ with those of a random facet.
    """
    facets = condition_facets(components, object)
    for facet in fixed:
        if facet not in facets or facet == REPLICATE:
            there = ", ".join(f for f in facets if f != REPLICATE) or "none"
            raise ValueError(f"fixed={facet!r} is not a facet of conditions; there are {there}")
        loose = components.design.nesting[facet] - set(fixed)
        if loose:
            raise ValueError(
                f"{facet!r} cannot be fixed: it is nested in {', '.join(sorted(loose))}, so that "
                "its levels change with those"
            )


def numbers_of_conditions(
    components: VarianceComponents,
    object: str,
    n_conditions: Mapping[str, float] | None = None,
    fixed: Collection[str] = (),
) -> dict[str, float]:
    """Complete numbers of conditions with those of the study.

    Parameters
    ----------
    components : VarianceComponents
    object : str
    n_conditions : mapping of str to float, optional
        For a nested facet, within each level of what it is nested in.
    fixed : collection of str

    Raises
    ------
    ValueError
        A facet that is not among the conditions, a number not above zero, or another number for
        a fixed facet than it has levels.
    """
    check_fixed(components, object, fixed)
    facets = condition_facets(components, object)
    numbers = {facet: float(components.n_levels[facet]) for facet in facets}
    for facet, number in (n_conditions or {}).items():
        if facet not in facets:
            there = ", ".join(facets) or "none"
            raise ValueError(f"{facet!r} is not a facet of conditions; there are {there}")
        if not 0 < number < np.inf:
            raise ValueError(f"n_conditions: {number} of {facet!r} is not a number above zero")
        if facet in fixed and number != numbers[facet]:
            raise ValueError(
                f"{facet!r} is fixed at its {numbers[facet]:g} levels: scores are not generalized "
                "over it, so that its number cannot be changed"
            )
        numbers[facet] = float(number)
    return numbers


def score_variance(
    components: VarianceComponents,
    object: str,
    numbers: Mapping[str, float],
    fixed: Collection[str] = (),
) -> ScoreVariance:
    """Sort the components of a design into universe score and error.

    Parameters
    ----------
    components : VarianceComponents
    object : str
        The facet that is measured. Nested in others, it is compared across them: what they
        contribute is universe score too.
    numbers : mapping of str to float
        Conditions of each facet, from `numbers_of_conditions`.
    fixed : collection of str
        Facets whose levels are all there are.

    Returns
    -------
    ScoreVariance

    Notes
    -----
    Effects of the object with nothing but fixed facets are universe score, averaged over the
    fixed levels; with a random facet they are relative error; every effect with a random facet
    is absolute error. The residual of a design with one observation a cell is always error.

    References
    ----------
    Brennan (2001). Generalizability theory. Springer. doi:10.1007/978-1-4757-3456-0
    """
    own = components.design.closure(object)
    random = tuple(facet for facet in numbers if facet not in fixed)
    universe, relative, absolute = [], [], []
    for effect, term in zip(components.effects, components.terms, strict=True):
        conditions = effect - own
        share = 1 / float(np.prod([numbers[facet] for facet in conditions]))
        error = bool(conditions & set(random)) or (term == "residual" and bool(conditions))
        about_object = bool(effect & own)
        universe.append(share * (about_object and not error))
        relative.append(share * (about_object and error))
        absolute.append(share * error)
    return ScoreVariance(
        object, random, tuple(fixed), np.array(universe), np.array(relative), np.array(absolute),
        _unknown(components, object, random),
    )  # fmt: skip


def _unknown(components: VarianceComponents, object: str, random: tuple[str, ...]) -> str:
    """Why a component that is needed is missing: a facet with one level."""
    for facet in components.design.facets:
        if facet in components.single and (facet in random or facet == object):
            return f"{facet} has one level"
    if np.isnan(components.values[components.effects.index(components.design.closure(object))]):
        return "error cannot be told from the universe score: every other facet has one level"
    return ""
