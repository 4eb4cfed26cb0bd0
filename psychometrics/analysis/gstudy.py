"""Generalizability studies: what scores depend on besides what they are meant to measure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from psychometrics.analysis.as_item_table import Answers, Tabular, item_table
from psychometrics.analysis.generalizability_studies import GStudies as GStudies
from psychometrics.analysis.generalizability_study import GStudy as GStudy
from psychometrics.analysis.generalizability_study import design_error, names_of
from psychometrics.analysis.item_table import ItemTable
from psychometrics.analysis.observations import (
    Observations,
    from_answers,
    from_long,
    from_wide,
    standing,
)
from psychometrics.analysis.verb import verb
from psychometrics.errors import DataError, DesignError
from psychometrics.stats.arrays import check_level
from psychometrics.stats.score_variance import check_fixed
from psychometrics.stats.variance_components import (
    METHODS,
    VarianceComponents,
    variance_components,
)

VALUE = "value"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the caller says of the design."""

    design: str | None
    object: str | None
    facets: tuple[str, ...] | None
    value: str
    fixed: tuple[str, ...]
    random: tuple[str, ...]
    method: str
    conf_level: float


@verb
def gstudy(
    data: Tabular,
    design: str | None = None,
    *,
    object: str | None = None,
    facets: str | Sequence[str] | None = None,
    scale: str | None = None,
    value: str = VALUE,
    fixed: str | Sequence[str] = (),
    random: str | Sequence[str] = (),
    method: str = "auto",
    conf_level: float = 0.95,
) -> GStudy | GStudies:
    """Estimate what scores depend on: what is measured, and each facet it is measured with.

    Parameters
    ----------
    data : Responses, ItemTable or DataFrame
        Responses bring their design: respondent × item × option order × labels × wording, as far as
        each has two levels. A wide table is respondent × item. A long data frame needs ``design``.
    design : str, optional
        Of responses: the facets among ``respondent``, ``model``, ``item``, ``option_order``,
        ``labels`` and ``wording`` that are told apart, crossed or nested, as in
        ``"(respondent:model) x item x option_order"``; the answers, keyed, are averaged over the
        others. Of a long data frame: names of columns, as in ``"person x (rater:task)"``.
    object : str, optional
        What is measured. If not given, ``respondent`` for responses, where it is a facet, else the
        first facet of the design. With one respondent give ``object="item"``: how far its answer
        to an item, before the key, depends on order, labels and wording.
    facets : str or sequence of str, optional
        Of responses, in place of a design: conditions that are told apart, all crossed.
    scale : str, optional
        Whose items. Without it each domain of responses, or each scale of a table, gets its own
        study.
    value : str
        Column of a long data frame with the numbers.
    fixed, random : str or sequence of str
        What differs from the usual: labels, language, placement and complete sets of option orders
        are fixed, every other facet is random.
    method : {"auto", "mean squares", "reml"}
        Expected mean squares where the design is balanced, else restricted maximum likelihood.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    GStudy or GStudies
        Where respondents hang together in several models and the design does not nest them, there
        are no intervals, of components neither: they would take respondents for independent. With
        ``respondent:model`` there are: respondents are compared across models, and the universe
        score takes in what models contribute.

    Raises
    ------
    UnitError
        One respondent, and no other object is given.
    DesignError
        A design that cannot be read or estimated.
    DataError
        A facet is no column, there is no answer, or an argument does not fit the data.

    Notes
    -----
    Coverage of 95 % intervals in simulation (nine designs of 2 to 20 models with 4 to 10 personas
    each and 10 or 20 items, models 20 to 83 % of the universe score, 1,000 replications each): of
    Eρ² and Φ with ``(respondent:model) x item`` .947 to .975; with ``respondent x item``, were they
    not withheld, .42 to .95; of its item component, were it not, .01 to .96, the lower the more
    models differ in items.

    References
    ----------
    Cronbach, L. J., Gleser, G. C., Nanda, H., & Rajaratnam, N. (1972). The Dependability of
    Behavioral Measurements. Wiley.

    Brennan, R. L. (2001). Generalizability Theory. Springer. doi:10.1007/978-1-4757-3456-0

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(50, 1)) + rng.normal(size=10) + rng.normal(size=(50, 10))
    >>> study = pm.gstudy(x)
    >>> study
    <GStudy: respondent x item, object respondent; Eρ² = 0.8..., Φ = 0.8...>
    >>> study.decide(0.9)
    <Decision: Φ = 0.9... [0.8..., 0.9...] with item: 1...>
    """
    check_level(conf_level)
    if method not in METHODS:
        raise DataError(f"method={method!r} is unknown.", f"Give one of {', '.join(METHODS)}.")
    told_apart = None if facets is None else names_of(facets)
    asked = _Asked(
        design, object, told_apart, value, names_of(fixed), names_of(random), method, conf_level
    )
    _refuse_arguments(data, scale, asked)
    studies = {
        name: _study(_observations(data, name or None, asked), name, asked)
        for name in _scales(data, scale)
    }
    return next(iter(studies.values())) if len(studies) == 1 else GStudies(studies)


def _refuse_arguments(data: Tabular, scale: str | None, asked: _Asked) -> None:
    """Refuse arguments that do not fit the data, or each other."""
    answers = isinstance(data, Answers)
    long = isinstance(data, pd.DataFrame) and asked.design is not None
    if asked.facets is not None and (not answers or asked.design is not None):
        raise DataError(
            "facets= is for responses without a design.", "Name the facets in the design alone."
        )
    if asked.design is not None and not (answers or long):
        raise DataError(
            "design= is for responses or a long data frame.",
            "Give one row an observation, with a column for each facet.",
        )
    if long and scale is not None:
        raise DataError(
            "scale= is for responses and tables with scales; a long data frame has none.",
            "Leave scale out, and give the rows of its items.",
        )
    if asked.value != VALUE and not long:
        raise DataError(
            f"value={asked.value!r} names a column of a long data frame, which needs a design.",
            "Leave it out, or give design=….",
        )
    both = [name for name in asked.fixed if name in asked.random]
    if both:
        raise DataError(f"{both[0]} is to be fixed and random.", "Name it in one of them.")


def _scales(data: Tabular, scale: str | None) -> list[str]:
    if isinstance(data, ItemTable) and scale is None:
        return list(data.scales) or [""]
    if not isinstance(data, Answers):
        return [scale or ""]
    if scale is not None:
        return [data.instrument.scale(scale).name]
    return [s.name for s in data.instrument.scales if s.level == "domain"] or [""]


def _observations(data: Tabular, scale: str | None, asked: _Asked) -> Observations:
    if isinstance(data, Answers):
        return from_answers(data, scale, asked.design, asked.object, asked.facets)
    if asked.design is not None and isinstance(data, pd.DataFrame):
        return from_long(data, asked.design, asked.value)
    return from_wide(data if scale is None else item_table(data).scale(scale))


def _study(found: Observations, scale: str, asked: _Asked) -> GStudy:
    layout = found.design
    target = asked.object or found.object or layout.facets[0]
    for name in (target, *asked.fixed, *asked.random):
        if name not in layout.facets:
            raise DesignError(
                f"{name!r} is no facet of {layout}.",
                f"Choose among: {', '.join(layout.facets)}.",
            )
    if not np.isfinite(found.values).any():
        many = _count(len(found.values), "observation")
        raise DataError(
            f"There is no answer: {many}, all missing." if len(found.values) else
            "There is no answer: no respondent or no item.",
            "Give answers of two respondents or more to two items or more.",
        )  # fmt: skip
    fixed = _fixed(found, target, asked)
    try:
        components = variance_components(
            found.values, found.codes, layout, method=asked.method, conf_level=asked.conf_level
        )
        check_fixed(components, target, fixed)
    except ValueError as error:
        raise design_error(error, "Mend the design, or leave a facet out.") from error
    components = replace(
        components, intervals=tuple(standing(found.table, c) for c in components.intervals)
    )
    note = "; ".join(filter(None, [found.note, _across(found, target), *_told(components)]))
    return GStudy(
        components, target, fixed, scale, note, found.source, asked.conf_level, found.table
    )


def _fixed(found: Observations, target: str, asked: _Asked) -> tuple[str, ...]:
    """Facets asked for as fixed, and the usual ones whose levels do not change with random ones."""
    around = found.design.nesting
    usual: list[str] = []
    for name in sorted(found.fixed, key=lambda f: len(around[f])):
        loose = around[name] - {*usual, *asked.fixed}
        if not loose and name not in asked.random and name not in found.design.closure(target):
            usual.append(name)
    return tuple(dict.fromkeys([*usual, *asked.fixed]))


def _across(found: Observations, target: str) -> str:
    outer = [name for name in found.design.facets if name in found.design.nesting[target]]
    if not outer:
        return ""
    return (
        f"levels of {target} are compared across {' and '.join(outer)}, whose variance is part of "
        "the universe score"
    )


def _told(components: VarianceComponents) -> list[str]:
    """Observations that are missing and components below zero, in words."""
    lacking, negative = components.n_missing, int((components.raw < 0).sum())
    found = [_count(lacking, "missing observation")] if lacking else []
    found += [f"{_count(negative, 'negative component')} set to zero"] if negative else []
    return found


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"
