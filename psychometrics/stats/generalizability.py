"""Generalizability and dependability coefficients, and standard errors of measurement."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from psychometrics.stats.arrays import FloatArray, check_level
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.component_intervals import FEWEST_LEVELS
from psychometrics.stats.mean_square_limits import MeanSquareLimits
from psychometrics.stats.score_variance import (
    ScoreVariance,
    numbers_of_conditions,
    score_variance,
)
from psychometrics.stats.variance_components import VarianceComponents

REFERENCE = (
    "10.1007/978-1-4757-3456-0; 10.1007/BF02289499; "
    "Ting et al. (1990), Journal of Statistical Computation and Simulation 35, 135–143; "
    "Burdick & Graybill (1992), Confidence intervals on variance components, Dekker"
)


@dataclass(frozen=True, slots=True, eq=False)
class Generalizability:
    """How well a measurement tells its objects apart, and how well it places them.

    Parameters
    ----------
    object : str
        The facet that is measured.
    n_conditions : mapping of str to float
        Conditions of each facet that a score is averaged over.
    fixed : tuple of str
        Facets whose levels are all there are.
    relative : Coefficient
        Eρ²: universe-score variance over itself plus relative error variance.
    absolute : Coefficient
        Φ: universe-score variance over itself plus absolute error variance.
    sem_relative, sem_absolute : Coefficient
        Standard errors of measurement, in the units of the observations.
    universe_variance, relative_error, absolute_error : float
        Variances.
    """

    object: str
    n_conditions: Mapping[str, float]
    fixed: tuple[str, ...]
    relative: Coefficient
    absolute: Coefficient
    sem_relative: Coefficient
    sem_absolute: Coefficient
    universe_variance: float
    relative_error: float
    absolute_error: float


def generalizability(
    components: VarianceComponents,
    object: str,
    n_conditions: Mapping[str, float] | None = None,
    *,
    fixed: Collection[str] = (),
    conf_level: float = 0.95,
) -> Generalizability:
    """Coefficients of a measurement averaged over given numbers of conditions.

    Parameters
    ----------
    components : VarianceComponents
    object : str
        The facet that is measured: ``person``. Any facet can be.
    n_conditions : mapping of str to float, optional
        Conditions of the other facets, for a nested one within each level of what it is nested
        in; by default those of the study. ``replicate`` stands for the observations of a cell.
    fixed : collection of str
        Facets whose levels are all there are: scores are not generalized over them. Their
        interactions with the object count as universe score, averaged over the levels.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    Generalizability
        Negative components enter as zero. The intervals hold each ratio of expected mean squares
        that the modified-large-sample limits do not refute: with one random facet and the
        numbers of the study, that of Eρ² is Feldt's. They are for normal effects. That of Φ and
        of the absolute standard error is withheld where two or more random facets have fewer than
        three levels: then it covers too often, since almost nothing is excluded.

    Raises
    ------
    ValueError
        An unknown object or facet, a number that is not above zero, or one that changes a fixed
        facet.

    References
    ----------
    Brennan (2001). Generalizability theory. Springer. doi:10.1007/978-1-4757-3456-0

    Feldt (1965). The approximate sampling distribution of Kuder-Richardson reliability
    coefficient twenty. Psychometrika, 30(3), 357–370. doi:10.1007/BF02289499

    Burdick & Graybill (1992). Confidence intervals on variance components. Dekker.

    Examples
    --------
    >>> from psychometrics.stats.variance_components import variance_components
    >>> rng = np.random.default_rng(1)
    >>> person, item = (index.ravel() for index in np.indices((50, 10)))
    >>> y = rng.normal(size=50)[person] + rng.normal(size=10)[item] + rng.normal(size=500)
    >>> found = variance_components(y, {"person": person, "item": item}, "person x item")
    >>> generalizability(found, "person").relative
    Eρ² (relative) = 0.893 [0.843, 0.932], n = 50
    >>> generalizability(found, "person", {"item": 20}).absolute
    Φ (absolute) = 0.906 [0.813, 0.944], n = 50
    """
    check_level(conf_level)
    numbers = numbers_of_conditions(components, object, n_conditions, fixed)
    parts = score_variance(components, object, numbers, fixed)
    maker = _Maker(components, parts, numbers, conf_level)
    variances = [maker.variance(w) for w in (parts.universe, parts.relative, parts.absolute)]
    return Generalizability(
        object, numbers, parts.fixed,
        maker.coefficient("Eρ²", "relative", parts.relative),
        maker.coefficient("Φ", "absolute", parts.absolute),
        maker.error("relative", parts.relative),
        maker.error("absolute", parts.absolute),
        *variances,
    )  # fmt: skip


class _Maker:
    """Makes the coefficients of one measurement from its components."""

    def __init__(
        self,
        components: VarianceComponents,
        parts: ScoreVariance,
        numbers: Mapping[str, float],
        conf_level: float,
    ) -> None:
        self.components = components
        self.parts = parts
        self.conf_level = conf_level
        self.n = int(components.counts[parts.object])
        self.known = ~np.isnan(components.values)
        rows = np.ix_(self.known, self.known)
        self.solution = np.linalg.inv(components.expected[rows])
        self.limits = MeanSquareLimits(
            components.mean_squares[self.known], components.df[self.known], conf_level
        )
        over = [f"{facet} ({number:g})" for facet, number in numbers.items()]
        fixed = f"; fixed: {', '.join(parts.fixed)}" if parts.fixed else ""
        self.method = f"averaged over {', '.join(over) or 'nothing'}{fixed}; {components.method}"

    def variance(self, weights: FloatArray) -> float:
        """A variance from the components; NaN where one that is needed is not known."""
        if self.parts.unknown:
            return float("nan")
        return float(weights[self.known] @ self.components.values[self.known])

    def coefficient(self, name: str, variant: str, weights: FloatArray) -> Coefficient:
        error, universe = self.variance(weights), self.variance(self.parts.universe)
        reason = self.parts.unknown or ("no variance" if error + universe <= 0 else "")
        if reason:
            return self._undefined(name, variant, reason)
        value = universe / (universe + error)
        mixed = self._of_squares(weights)
        total = mixed + self._of_squares(self.parts.universe)
        withheld = self._withheld(variant, mixed, total)
        low = high = se = float("nan")
        if not withheld:
            least, most = self.limits.ratio(mixed, total)
            low, high = min(1 - most, value), max(1 - least, value)
            se = self.limits.standard_error(mixed - (1 - value) * total) / (universe + error)
        zero = "" if universe > 0 else "universe-score variance is estimated at zero"
        return self._made(name, variant, (value, low, high, se), withheld or zero)

    def error(self, variant: str, weights: FloatArray) -> Coefficient:
        variance = self.variance(weights)
        if self.parts.unknown:
            return self._undefined("SEM", variant, self.parts.unknown)
        value, mixed = float(np.sqrt(variance)), self._of_squares(weights)
        withheld = self._withheld(variant, mixed)
        low = high = se = float("nan")
        if not withheld:
            ends = [float(np.sqrt(max(x, 0.0))) for x in self.limits.combination(mixed)]
            low, high = min(ends[0], value), max(ends[1], value)
            se = self.limits.standard_error(mixed) / (2 * value) if value > 0 else 0.0
        return self._made("SEM", variant, (value, low, high, se), withheld)

    def _of_squares(self, weights: FloatArray) -> FloatArray:
        found: FloatArray = weights[self.known] @ self.solution
        return found

    def _withheld(self, variant: str, *combinations: FloatArray) -> str:
        """Why there is no interval; empty where there is."""
        used = np.any([np.abs(c) > 1e-12 * np.abs(c).max() for c in combinations], axis=0)
        if self.limits.df[used].min(initial=np.inf) < 1:
            return "too few observations for the number of levels: no interval"
        few = self._few()
        if variant == "absolute" and len(few) > 1:
            return f"fewer than {FEWEST_LEVELS} levels of {' and of '.join(few)}: no interval"
        return ""

    def _few(self) -> list[str]:
        counts = self.components.counts
        return [f for f in self.parts.random if f in counts and counts[f] < FEWEST_LEVELS]

    def _made(
        self, name: str, variant: str, numbers: tuple[float, float, float, float], note: str
    ) -> Coefficient:
        value, low, high, se = numbers
        few = self._few()
        if few and not note:
            note = f"rests on fewer than {FEWEST_LEVELS} levels of {' and of '.join(few)}"
        return Coefficient(
            name, value, low, high, self.conf_level, self.n, self.method, REFERENCE,
            variant=variant, se=se, note=note,
        )  # fmt: skip

    def _undefined(self, name: str, variant: str, reason: str) -> Coefficient:
        return undefined(
            name, reason, n=self.n, conf_level=self.conf_level, method=self.method,
            reference=REFERENCE, variant=variant,
        )  # fmt: skip
