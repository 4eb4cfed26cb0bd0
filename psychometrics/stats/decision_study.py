"""Decision studies: coefficients over numbers of conditions, and the cheapest that suffice."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from psychometrics.stats.arrays import FloatArray
from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.facet_design import Effect
from psychometrics.stats.generalizability import generalizability
from psychometrics.stats.score_variance import numbers_of_conditions, score_variance
from psychometrics.stats.variance_components import VarianceComponents

COEFFICIENTS = ("relative", "absolute")
LARGEST_GRID = 5_000_000


@dataclass(frozen=True, slots=True, eq=False)
class DecisionGrid:
    """Coefficients over a grid of numbers of conditions.

    Parameters
    ----------
    facets : tuple of str
    numbers : ndarray, shape (designs, facets)
        Conditions of each facet, for a nested one within each level of what it is nested in.
    relative, absolute : ndarray, shape (designs,)
        Eρ² and Φ; NaN where there is no variance.
    sem_relative, sem_absolute : ndarray, shape (designs,)
        Standard errors of measurement.
    """

    facets: tuple[str, ...]
    numbers: FloatArray
    relative: FloatArray
    absolute: FloatArray
    sem_relative: FloatArray
    sem_absolute: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class DesignChoice:
    """The cheapest numbers of conditions that reach a target.

    Parameters
    ----------
    reached : bool
    target : float
    n_conditions : mapping of str to float
        Of every facet, those that were not varied included; empty if the target is not reached.
    cost : float
        NaN if it is not reached.
    coefficient : Coefficient
        At these numbers; if the target is not reached, at the largest numbers that were tried.
    limit : float
        What the coefficient tends to as all varied numbers grow.
    note : str
        Why the target is not reached; else empty.
    """

    reached: bool
    target: float
    n_conditions: Mapping[str, float]
    cost: float
    coefficient: Coefficient
    limit: float
    note: str


def decision_grid(
    components: VarianceComponents,
    object: str,
    n_conditions: Mapping[str, Sequence[int]],
    *,
    fixed: Collection[str] = (),
) -> DecisionGrid:
    """Coefficients for every combination of numbers of conditions.

    Parameters
    ----------
    components : VarianceComponents
    object : str
        The facet that is measured.
    n_conditions : mapping of str to sequence of int
        Numbers to try; a facet that is not named keeps the number of the study.
    fixed : collection of str
        Facets whose levels are all there are.

    Raises
    ------
    ValueError
        A number is changed over a fixed facet or is not above zero; a facet is unknown or keeps
        one level, so that the components are not known.

    References
    ----------
    Brennan (2001). Generalizability theory. Springer. doi:10.1007/978-1-4757-3456-0

    Examples
    --------
    >>> from psychometrics.stats.variance_components import variance_components
    >>> codes = {"person": [0, 0, 1, 1, 2, 2], "item": [0, 1, 0, 1, 0, 1]}
    >>> found = variance_components([1.0, 2.0, 3.0, 5.0, 4.0, 7.0], codes, "person x item")
    >>> decision_grid(found, "person", {"item": [1, 2, 10]}).absolute.round(3)
    array([0.622, 0.767, 0.943])
    """
    for facet, options in n_conditions.items():
        if not len(options):
            raise ValueError(f"n_conditions of {facet!r} is empty; give the numbers to try")
        for number in options:
            numbers_of_conditions(components, object, {facet: number}, fixed)
    model = _Model(components, object, fixed, {}, tuple(n_conditions))
    rows = np.array(list(product(*n_conditions.values())), dtype=np.float64)
    errors = {kind: model.error(kind, rows) for kind in COEFFICIENTS}
    with np.errstate(invalid="ignore"):
        relative, absolute = (model.universe / (model.universe + errors[k]) for k in COEFFICIENTS)
    return DecisionGrid(
        tuple(n_conditions), rows, relative, absolute, np.sqrt(errors["relative"]),
        np.sqrt(errors["absolute"]),
    )  # fmt: skip


def cheapest_design(
    components: VarianceComponents,
    object: str,
    target: float,
    *,
    coefficient: str = "absolute",
    vary: Sequence[str] = (),
    n_conditions: Mapping[str, float] | None = None,
    fixed: Collection[str] = (),
    maximum: int = 100,
    costs: Mapping[str, float] | None = None,
    cost_per_observation: float = 1.0,
) -> DesignChoice:
    """Find the numbers of conditions that reach a coefficient at the least cost.

    Parameters
    ----------
    components : VarianceComponents
    object : str
        The facet that is measured.
    target : float
        Between 0 and 1.
    coefficient : str
        ``relative`` (Eρ²) or ``absolute`` (Φ).
    vary : sequence of str
        Facets whose numbers may change; by default every random one.
    n_conditions : mapping of str to float, optional
        Numbers of the facets that do not vary, by default those of the study.
    fixed : collection of str
        Facets whose levels are all there are.
    maximum : int
        Most conditions of one facet.
    costs : mapping of str to float, optional
        Of one condition of a facet: of writing an item. By default nothing. A nested facet has
        as many conditions as its number times those that it is nested in.
    cost_per_observation : float
        Of one observation of one object, a prompt: their number is the product of the numbers.

    Returns
    -------
    DesignChoice
        Among designs of equal cost, the one with the highest coefficient.

    Raises
    ------
    ValueError
        A varied facet is fixed, unknown or the object's; a target, coefficient or cost is out of
        range; or components that are needed are not known.

    References
    ----------
    Brennan (2001). Generalizability theory. Springer. doi:10.1007/978-1-4757-3456-0

    Examples
    --------
    >>> from psychometrics.stats.variance_components import variance_components
    >>> codes = {"person": [0, 0, 1, 1, 2, 2], "item": [0, 1, 0, 1, 0, 1]}
    >>> found = variance_components([1.0, 2.0, 3.0, 5.0, 4.0, 7.0], codes, "person x item")
    >>> dict(cheapest_design(found, "person", 0.9).n_conditions)
    {'item': 6.0}
    """
    numbers = numbers_of_conditions(components, object, n_conditions, fixed)
    varied = _varied(numbers, vary, fixed)
    prices = _prices(numbers, costs or {}, cost_per_observation)
    _check_request(target, coefficient, maximum)
    model = _Model(components, object, fixed, n_conditions or {}, varied)
    limit = model.limit(coefficient)
    rows = model.sufficient(coefficient, target, maximum)
    best = {facet: float(maximum) for facet in varied}
    cost, note = float("nan"), _unreached(target, limit, varied, maximum)
    if len(rows):
        cost_of = model.cost(rows, prices, cost_per_observation)
        order = np.lexsort((model.error(coefficient, rows), cost_of))[0]
        best = dict(zip(varied, rows[order].tolist(), strict=True))
        cost, note = float(cost_of[order]), ""
    found = generalizability(components, object, numbers | best, fixed=fixed)
    return DesignChoice(
        bool(len(rows)), target, numbers | best if len(rows) else {}, cost,
        getattr(found, coefficient), limit, note,
    )  # fmt: skip


class _Model:
    """Universe-score variance, and error variance as a function of some numbers of conditions."""

    def __init__(
        self,
        components: VarianceComponents,
        object: str,
        fixed: Collection[str],
        held: Mapping[str, float],
        varied: tuple[str, ...],
    ) -> None:
        numbers = numbers_of_conditions(components, object, held, fixed)
        self.held = {f: k for f, k in numbers.items() if f not in varied}
        self.varied = varied
        parts = score_variance(components, object, numbers | dict.fromkeys(varied, 1.0), fixed)
        if parts.unknown:
            raise ValueError(f"{parts.unknown}: no decision can be drawn from this study")
        values = np.nan_to_num(components.values)
        self.effects: tuple[Effect, ...] = components.effects
        self.around = components.design.nesting
        self.universe = float(parts.universe @ values)
        self.parts = {"relative": parts.relative * values, "absolute": parts.absolute * values}

    def error(self, kind: str, rows: FloatArray) -> FloatArray:
        """Error variance at numbers of the varied facets, one row a design."""
        found = np.zeros(len(rows))
        for effect, part in zip(self.effects, self.parts[kind], strict=True):
            columns = [i for i, facet in enumerate(self.varied) if facet in effect]
            found += part / rows[:, columns].prod(axis=1)
        return found

    def limit(self, kind: str) -> float:
        """The coefficient as all varied numbers grow without end."""
        stays = [
            part
            for effect, part in zip(self.effects, self.parts[kind], strict=True)
            if not effect & set(self.varied)
        ]
        total = self.universe + float(sum(stays))
        return self.universe / total if total > 0 else float("nan")

    def sufficient(self, kind: str, target: float, maximum: int) -> FloatArray:
        """Rows that reach a target: all numbers but the last, and the least last one for each."""
        *others, last = self.varied
        if float(maximum) ** len(others) > LARGEST_GRID:
            raise ValueError(
                f"{maximum}^{len(others)} designs are too many to try; vary fewer facets or give "
                "a smaller maximum"
            )
        tried = np.indices((maximum,) * len(others))
        grid = tried.reshape(len(others), maximum ** len(others)).T + 1
        ones = np.column_stack([grid, np.ones(len(grid))]).astype(np.float64)
        shrinks = self._share_with(last, kind, ones)
        stays = self.error(kind, ones) - shrinks
        budget = self.universe * (1 - target) / target - stays
        least = np.full(len(grid), np.inf)
        enough = budget > 0
        least[enough] = np.ceil(shrinks[enough] / budget[enough] * (1 - 1e-12))
        ones[:, -1] = np.maximum(least, 1)
        return ones[(ones[:, -1] <= maximum) & (self.universe > 0)]

    def cost(
        self, rows: FloatArray, prices: Mapping[str, float], per_observation: float
    ) -> FloatArray:
        """Cost of one object's observations and of the conditions."""
        columns = {facet: rows[:, i] for i, facet in enumerate(self.varied)}
        numbers = {f: np.full(len(rows), k) for f, k in self.held.items()} | columns
        found: FloatArray = per_observation * np.prod(list(numbers.values()), axis=0)
        for facet, price in prices.items():
            within = [numbers[f] for f in self.around.get(facet, ()) if f in numbers]
            found = found + price * np.prod([numbers[facet], *within], axis=0)
        return found

    def _share_with(self, facet: str, kind: str, rows: FloatArray) -> FloatArray:
        found = np.zeros(len(rows))
        for effect, part in zip(self.effects, self.parts[kind], strict=True):
            if facet in effect:
                columns = [i for i, name in enumerate(self.varied) if name in effect]
                found += part / rows[:, columns].prod(axis=1)
        return found


def _varied(
    numbers: Mapping[str, float], vary: Sequence[str], fixed: Collection[str]
) -> tuple[str, ...]:
    for facet in vary:
        if facet in fixed:
            raise ValueError(
                f"{facet!r} is fixed: its levels are all there are, so that no number of them "
                "can be chosen; name it random, or vary another facet"
            )
        if facet not in numbers:
            there = ", ".join(numbers) or "none"
            raise ValueError(f"vary={facet!r} is not a facet of conditions; there are {there}")
    found = tuple(vary) or tuple(facet for facet in numbers if facet not in fixed)
    if not found:
        raise ValueError("no facet can be varied: every facet of conditions is fixed")
    return found


def _prices(
    numbers: Mapping[str, float], costs: Mapping[str, float], per_observation: float
) -> dict[str, float]:
    for facet, price in costs.items():
        if facet not in numbers:
            raise ValueError(f"costs: {facet!r} is not a facet of conditions")
        if price < 0:
            raise ValueError(f"costs: {price} of {facet!r} is below zero")
    if per_observation < 0:
        raise ValueError(f"cost_per_observation={per_observation} is below zero")
    return dict(costs)


def _check_request(target: float, coefficient: str, maximum: int) -> None:
    if not 0 < target < 1:
        raise ValueError(f"target={target} is not between 0 and 1")
    if coefficient not in COEFFICIENTS:
        raise ValueError(f"coefficient={coefficient!r} is none of {', '.join(COEFFICIENTS)}")
    if maximum < 1:
        raise ValueError(f"maximum={maximum} is below 1")


def _unreached(target: float, limit: float, varied: tuple[str, ...], maximum: int) -> str:
    names = ", ".join(varied)
    if np.isnan(limit) or limit == 0:
        return f"{target:g} cannot be reached: universe-score variance is estimated at zero"
    if not limit > target:
        return f"{target:g} cannot be reached: with more of {names} it tends to {limit:.4g}"
    return f"{target:g} takes more than {maximum} conditions of a facet ({names})"
