"""Generalizability studies: what scores depend on besides what they are meant to measure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from psychometrics.analysis.as_item_table import Answers, Tabular, item_table
from psychometrics.analysis.decision import Decision
from psychometrics.analysis.estimate import Estimate, estimate_from
from psychometrics.analysis.estimates import Estimates, estimates
from psychometrics.analysis.item_table import ItemTable
from psychometrics.analysis.observations import Observations, from_answers, from_long, from_wide
from psychometrics.analysis.source import Source
from psychometrics.errors import DataError, DesignError, UnitError
from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.decision_study import cheapest_design, decision_grid
from psychometrics.stats.generalizability import Generalizability, generalizability
from psychometrics.stats.variance_components import VarianceComponents, variance_components

_PLURALS = {"respondent": "respondents", "item": "items", "person": "persons", "model": "models"}


@dataclass(frozen=True, eq=False)
class GStudy:
    """Variance components of a design, and the coefficients that follow from them.

    Parameters
    ----------
    components : VarianceComponents
    object : str
        What is measured; the other facets are what it is measured with.
    fixed : tuple of str
        Facets whose levels are all there are; the others are random.
    scale : str
        Whose items; empty if there are no scales.
    note : str
        What was averaged over, left out or set to zero, and what hangs together; what each
        component rests on stands in ``components.note``.
    source : Source
    conf_level : float
    """

    components: VarianceComponents
    object: str
    fixed: tuple[str, ...]
    scale: str
    note: str
    source: Source
    conf_level: float

    @property
    def relative(self) -> Estimate:
        """Eρ² with the conditions of the study: how well objects are told apart."""
        return self._estimates(self._coefficients())[0]

    @property
    def absolute(self) -> Estimate:
        """Φ with the conditions of the study: how well each object is placed."""
        return self._estimates(self._coefficients())[1]

    def coefficients(self, n_conditions: Mapping[str, float] | None = None) -> Estimates:
        """Eρ², Φ and both standard errors of measurement for given numbers of conditions.

        Parameters
        ----------
        n_conditions : mapping of str to float, optional
            By facet; those of the study where it is silent.

        Raises
        ------
        DesignError
            An unknown facet, or another number of a fixed one.
        """
        return Estimates(tuple(self._estimates(self._coefficients(n_conditions))))

    def grid(self, n_conditions: Mapping[str, Sequence[int]]) -> pd.DataFrame:
        """Coefficients over a grid of numbers of conditions.

        Parameters
        ----------
        n_conditions : mapping of str to sequence of int
            Numbers to try, by facet.

        Returns
        -------
        DataFrame
            One row a combination: the numbers, ``relative``, ``absolute``, ``sem_relative``,
            ``sem_absolute``.

        Raises
        ------
        DesignError
            A fixed or an unknown facet.
        """
        self._refuse_fixed(n_conditions)
        try:
            found = decision_grid(self.components, self.object, n_conditions, fixed=self.fixed)
        except ValueError as error:
            raise DesignError(f"{error}.", "Mend n_conditions.") from error
        table = pd.DataFrame(found.numbers, columns=list(found.facets))
        names = ("relative", "absolute", "sem_relative", "sem_absolute")
        return table.assign(**{name: getattr(found, name) for name in names})

    def decide(
        self,
        target: float,
        *,
        coefficient: str = "absolute",
        vary: Sequence[str] = (),
        n_conditions: Mapping[str, float] | None = None,
        costs: Mapping[str, float] | None = None,
        maximum: int = 100,
    ) -> Decision:
        """Find the fewest observations that bring a coefficient to a target.

        Parameters
        ----------
        target : float
            Between 0 and 1.
        coefficient : {"absolute", "relative"}
        vary : sequence of str
            Facets whose numbers may change; every random one if not given.
        n_conditions : mapping of str to float, optional
            Numbers of the facets that do not vary.
        costs : mapping of str to float, optional
            Of one more condition of a facet, in units of one observation.
        maximum : int
            Most conditions of one facet.

        Raises
        ------
        DesignError
            A facet to vary is fixed or unknown, or the target is out of range.
        """
        self._refuse_fixed(vary)
        try:
            found = cheapest_design(
                self.components, self.object, target, coefficient=coefficient, vary=vary,
                n_conditions=n_conditions, fixed=self.fixed, maximum=maximum, costs=costs,
            )  # fmt: skip
        except ValueError as error:
            raise DesignError(f"{error}.", "Mend target or facets.") from error
        return Decision(found, coefficient, self._estimate(found.coefficient))

    def component_estimates(self) -> Estimates:
        """Each component with its interval; n is the smallest number of levels it rests on."""
        return Estimates(
            tuple(
                estimate_from(part, n_unit="levels", of=self.scale, source=self.source)
                for part in self.components.intervals
            )
        )

    def to_estimates(self) -> Estimates:
        """Coefficients and standard errors of measurement with the conditions of the study."""
        return self.coefficients()

    def to_frame(self) -> pd.DataFrame:
        """One row a component: value, share, degrees of freedom, interval, levels, note."""
        found = self.components
        levels = [
            " × ".join(f"{found.n_levels[f]:g}" for f in found.design.facets if f in effect)
            for effect in found.effects
        ]
        return pd.DataFrame(
            {
                "term": found.terms,
                "component": found.values,
                "raw": found.raw,
                "share": found.shares,
                "df": found.df,
                "ci_low": [c.low for c in found.intervals],
                "ci_high": [c.high for c in found.intervals],
                "levels": levels,
                "note": [c.note for c in found.intervals],
            }
        )

    @property
    def _unit(self) -> str:
        return _PLURALS.get(self.object, f"levels of {self.object}")

    def _coefficients(self, n_conditions: Mapping[str, float] | None = None) -> Generalizability:
        try:
            return generalizability(
                self.components, self.object, n_conditions, fixed=self.fixed,
                conf_level=self.conf_level,
            )  # fmt: skip
        except ValueError as error:
            raise DesignError(f"{error}.", "Mend n_conditions, fixed or random.") from error

    def _estimates(self, found: Generalizability) -> list[Estimate]:
        parts = (found.relative, found.absolute, found.sem_relative, found.sem_absolute)
        return [self._estimate(part) for part in parts]

    def _estimate(self, part: Coefficient) -> Estimate:
        return estimate_from(
            part, n_unit=self._unit, of=self.scale, source=self.source, note=self.note
        )

    def _refuse_fixed(self, names: Iterable[str]) -> None:
        for name in names:
            if name in self.fixed:
                raise DesignError(
                    f"{name} is a fixed facet: its levels are all there are, and more of them do "
                    "not exist.",
                    f"Leave it out, or, if they are a sample, say random=[{name!r}].",
                )

    def __repr__(self) -> str:
        relative, absolute = (f"{e.value:.3f}" for e in (self.relative, self.absolute))
        fixed = f", fixed: {', '.join(self.fixed)}" if self.fixed else ""
        of = f" of {self.scale}" if self.scale else ""
        return (
            f"<GStudy{of}: {self.components.design}, object {self.object}{fixed}; "
            f"Eρ² = {relative}, Φ = {absolute}>"
        )

    def _repr_html_(self) -> str:
        return self.to_frame().round(3).to_html(escape=True, index=False)


@dataclass(frozen=True, eq=False)
class GStudies(Mapping[str, GStudy]):
    """The G study of each scale, by its name.

    Parameters
    ----------
    by_scale : mapping of str to GStudy
    """

    by_scale: Mapping[str, GStudy]

    def __getitem__(self, scale: str) -> GStudy:
        return self.by_scale[scale]

    def __iter__(self) -> Iterator[str]:
        return iter(self.by_scale)

    def __len__(self) -> int:
        return len(self.by_scale)

    def decide(
        self,
        target: float,
        *,
        coefficient: str = "absolute",
        vary: Sequence[str] = (),
        costs: Mapping[str, float] | None = None,
        maximum: int = 100,
    ) -> dict[str, Decision]:
        """Find for each scale the fewest observations that reach a target; see `GStudy.decide`."""
        return {
            name: study.decide(
                target, coefficient=coefficient, vary=vary, costs=costs, maximum=maximum
            )
            for name, study in self.items()
        }

    def to_estimates(self) -> Estimates:
        """Coefficients of every scale."""
        return estimates(*(study.coefficients() for study in self.values()))

    def to_frame(self) -> pd.DataFrame:
        """One row a scale and component."""
        return pd.concat(
            [study.to_frame().assign(scale=name) for name, study in self.items()],
            ignore_index=True,
        )

    def __repr__(self) -> str:
        return "\n".join([f"<GStudies of {len(self)} scales>", *map(repr, self.values())])


def gstudy(
    data: Tabular,
    design: str | None = None,
    *,
    object: str | None = None,
    facets: Sequence[str] | None = None,
    scale: str | None = None,
    value: str = "value",
    fixed: Sequence[str] = (),
    random: Sequence[str] = (),
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
        ``"person x item x occasion"``, ``"person x (rater:task)"``: names of columns.
    object : str, optional
        What is measured: ``respondent`` for responses, else the first facet of the design. With one
        respondent give ``object="item"``: how far its answer to an item depends on order, labels
        and wording.
    facets : sequence of str, optional
        Of responses: conditions that are told apart; the answers are averaged over the others.
    scale : str, optional
        Whose items. Without it each domain of responses, or each scale of a table, gets its own
        study.
    value : str
        Column of a long data frame with the numbers.
    fixed, random : sequence of str
        What differs from the usual: labels, language, placement and complete sets of option orders
        are fixed, every other facet is random.
    method : {"auto", "mean squares", "reml"}
        Expected mean squares where the design is balanced, else restricted maximum likelihood.
    conf_level : float

    Returns
    -------
    GStudy or GStudies

    Raises
    ------
    UnitError
        One respondent, and no other object is given.
    DesignError
        A design that cannot be read or estimated.
    DataError
        A facet is no column.

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
    <Decision: 1... item reach Φ = 0.9...>
    """
    scales = _scales(data, scale)
    studies = {
        name: _study(
            _observations(data, design, name or None, object, facets, value),
            object,
            name,
            (fixed, random),
            method,
            conf_level,
        )
        for name in scales
    }
    return next(iter(studies.values())) if len(studies) == 1 else GStudies(studies)


def _scales(data: Tabular, scale: str | None) -> list[str]:
    if isinstance(data, ItemTable) and scale is None:
        return list(data.scales) or [""]
    if not isinstance(data, Answers):
        return [scale or ""]
    if scale is not None:
        return [data.instrument.scale(scale).name]
    return [s.name for s in data.instrument.scales if s.level == "domain"]


def _observations(
    data: Tabular,
    design: str | None,
    scale: str | None,
    object: str | None,
    facets: Sequence[str] | None,
    value: str,
) -> Observations:
    if isinstance(data, Answers) and design is None:
        n = data.frame["respondent"].nunique()
        if n < 2 and object in (None, "respondent"):
            who = data.frame["respondent"].iloc[0]
            raise UnitError(
                f"There is one respondent ({who}); its repetitions are conditions, not people.",
                "Ask what its own answers depend on: object='item'.",
            )
        return from_answers(data, scale, object or "respondent", facets)
    if isinstance(data, Answers):
        return from_long(data.frame, str(design), "expected")
    if design is not None and isinstance(data, pd.DataFrame):
        return from_long(data, design, value)
    if facets is not None or design is not None:
        raise DataError(
            "facets= is for responses, and design= for responses or a long data frame.",
            "Give one row an observation, with a column for each facet.",
        )
    return from_wide(data if scale is None else item_table(data).scale(scale))


def _study(
    found: Observations,
    object: str | None,
    scale: str,
    asked: tuple[Sequence[str], Sequence[str]],
    method: str,
    conf_level: float,
) -> GStudy:
    target = object or found.design.facets[0]
    for name in (target, *asked[0], *asked[1]):
        if name not in found.design.facets:
            raise DesignError(
                f"{name!r} is no facet of {found.design}.",
                f"Choose among: {', '.join(found.design.facets)}.",
            )
    fixed = dict.fromkeys([*found.fixed, *asked[0]])
    kept = tuple(name for name in fixed if name not in asked[1] and name != target)
    try:
        components = variance_components(
            found.values, found.codes, found.design, method=method, conf_level=conf_level
        )
    except ValueError as error:
        raise DesignError(f"{error}.", "Mend the design, or leave a facet out.") from error
    negative = int((components.raw < 0).sum())
    told = f"{negative} negative components set to zero" if negative else ""
    note = "; ".join(filter(None, [found.note, _gaps(components), told]))
    return GStudy(components, target, kept, scale, note, found.source, conf_level)


def _gaps(components: VarianceComponents) -> str:
    lacking = components.n_missing
    return f"{lacking} missing observations" if lacking else ""
