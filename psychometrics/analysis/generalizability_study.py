"""One generalizability study: components, coefficients and decisions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from psychometrics.analysis.decision import Decision
from psychometrics.analysis.estimate import Estimate, estimate_from
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.item_table import ItemTable
from psychometrics.analysis.observations import standing
from psychometrics.analysis.source import Source
from psychometrics.errors import DesignError
from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.decision_study import cheapest_design, decision_grid
from psychometrics.stats.generalizability import Generalizability, generalizability
from psychometrics.stats.variance_components import VarianceComponents

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
    table : ItemTable or None
        The respondents, if several hang together in a model and the design does not nest them in
        it: with several models the intervals are withheld.
    """

    components: VarianceComponents
    object: str
    fixed: tuple[str, ...]
    scale: str
    note: str
    source: Source
    conf_level: float
    table: ItemTable | None = field(default=None, repr=False)

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
            raise design_error(error, "Mend n_conditions.") from error
        table = pd.DataFrame(found.numbers, columns=list(found.facets))
        names = ("relative", "absolute", "sem_relative", "sem_absolute")
        return table.assign(**{name: getattr(found, name) for name in names})

    def decide(
        self,
        target: float,
        *,
        coefficient: str = "absolute",
        vary: str | Sequence[str] = (),
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
        vary : str or sequence of str
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
        varied = names_of(vary)
        self._refuse_fixed(varied)
        try:
            found = cheapest_design(
                self.components, self.object, target, coefficient=coefficient, vary=varied,
                n_conditions=n_conditions, fixed=self.fixed, maximum=maximum, costs=costs,
            )  # fmt: skip
        except ValueError as error:
            raise design_error(error, "Mend target or facets.") from error
        part = found.coefficient
        if found.reached:
            part = getattr(self._coefficients(found.n_conditions), coefficient)
        choice = replace(found, coefficient=standing(self.table, part))
        return Decision(choice, coefficient, self._estimate(part))

    def component_estimates(self) -> Estimates:
        """Each component with its interval; n is the smallest number of levels it rests on."""
        return Estimates(
            tuple(
                estimate_from(
                    part, n_unit="levels", of=self.scale, source=self.source, note=self.note
                )
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
            raise design_error(error, "Mend n_conditions, fixed or random.") from error

    def _estimates(self, found: Generalizability) -> list[Estimate]:
        parts = (found.relative, found.absolute, found.sem_relative, found.sem_absolute)
        return [self._estimate(part) for part in parts]

    def _estimate(self, part: Coefficient) -> Estimate:
        return estimate_from(
            standing(self.table, part), n_unit=self._unit, of=self.scale, source=self.source,
            note=self.note,
        )  # fmt: skip

    def _refuse_fixed(self, names: Iterable[str]) -> None:
        for name in names:
            if name in self.fixed:
                raise DesignError(
                    f"{name} is a fixed facet: its levels are all there are, and more of them do "
                    "not exist.",
                    f"Leave it out, or, if they are a sample, say random=[{name!r}].",
                )

    def __repr__(self) -> str:
        found = self._coefficients()
        told = ", ".join(map(_told, (found.relative, found.absolute)))
        fixed = f", fixed: {', '.join(self.fixed)}" if self.fixed else ""
        of = f" of {self.scale}" if self.scale else ""
        return f"<GStudy{of}: {self.components.design}, object {self.object}{fixed}; {told}>"

    def _repr_html_(self) -> str:
        return self.to_frame().round(3).to_html(escape=True, index=False)


def names_of(given: str | Iterable[str]) -> tuple[str, ...]:
    """Take one name as the only one of a sequence.

    Examples
    --------
    >>> names_of("item"), names_of(["item", "wording"])
    (('item',), ('item', 'wording'))
    """
    return (given,) if isinstance(given, str) else tuple(given)


def design_error(error: ValueError, mend: str) -> DesignError:
    """Tell what the statistics refuse; what stands behind their last semicolon is the mend.

    Examples
    --------
    >>> design_error(ValueError("the design is not balanced; choose method='reml'"), "").mend
    "Choose method='reml'."
    """
    cause, _, advice = str(error).rpartition("; ")
    if not cause:
        return DesignError(f"{advice}.", mend)
    return DesignError(f"{cause}.", f"{advice[:1].upper()}{advice[1:]}.")


def _told(part: Coefficient) -> str:
    if np.isnan(part.value):
        return f"{part.name} not estimated ({part.note})"
    return f"{part.name} = {part.value:.3f}"
