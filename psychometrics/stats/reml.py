"""Variance components of unbalanced designs by restricted maximum likelihood."""

from dataclasses import dataclass

import numpy as np

from psychometrics.stats.arrays import BoolArray, FloatArray
from psychometrics.stats.facet_cells import FacetCells
from psychometrics.stats.facet_design import Effect
from psychometrics.stats.mean_squares import (
    degrees_of_freedom,
    expected_mean_squares,
    model_terms,
    sums_of_squares,
)
from psychometrics.stats.reml_equations import BlockEquations, Solution, profiled

SMALLEST_RATIO = 1e-9
TOLERANCE = 1e-9
LEAST_ERROR = 1e-9
QUICK_STEPS = 6


@dataclass(frozen=True, slots=True, eq=False)
class RemlFit:
    """Components at the maximum of the restricted likelihood.

    Parameters
    ----------
    effects : tuple of frozenset
    names : tuple of str
        Of the effects; the last is ``residual``.
    components : ndarray, shape (effects,)
        None is negative.
    boundary : ndarray of bool, shape (effects,)
        Whether a component lies at zero, where the likelihood would have it negative.
    criterion : float
        Minus twice the restricted log-likelihood, as lme4 reports it.
    covariance : ndarray, shape (effects, effects)
        Inverse of the average information; zero where a component is at the boundary.
    iterations : int
    converged : bool
    """

    effects: tuple[Effect, ...]
    names: tuple[str, ...]
    components: FloatArray
    boundary: BoolArray
    criterion: float
    covariance: FloatArray
    iterations: int
    converged: bool


def reml(cells: FacetCells, max_iterations: int = 100) -> RemlFit:
    """Restricted maximum likelihood of a random-effects design with cells missing or uneven.

    Parameters
    ----------
    cells : FacetCells
        From `gather_cells`; every facet has two levels or more.
    max_iterations : int

    Returns
    -------
    RemlFit
        Newton steps with the average information, projected on components of zero or more,
        started from the mean squares of the table with its gaps filled.

    Raises
    ------
    ValueError
        Two terms cannot be told apart in these data; there is no variance, or none left over by
        the terms; or the equations do not fit into memory.

    References
    ----------
    Patterson & Thompson (1971). Recovery of inter-block information when block sizes are
    unequal. Biometrika, 58(3), 545–554. doi:10.1093/biomet/58.3.545

    Gilmour, Thompson & Cullis (1995). Average information REML. Biometrics, 51(4), 1440–1450.
    doi:10.2307/2533274

    Bates, Mächler, Bolker & Walker (2015). Fitting linear mixed-effects models using lme4.
    Journal of Statistical Software, 67(1). doi:10.18637/jss.v067.i01

    Examples
    --------
    >>> from psychometrics.stats.facet_cells import gather_cells
    >>> from psychometrics.stats.facet_design import parse_design
    >>> codes = {"person": [0, 0, 1, 1, 2, 2, 2], "item": [0, 1, 0, 1, 0, 1, 2]}
    >>> y = [1.0, 2.0, 3.0, 5.0, 4.0, 7.0, 9.0]
    >>> found = reml(gather_cells(y, codes, parse_design("person x item")))
    >>> found.converged, round(found.criterion, 3)
    (True, 26.449)
    """
    effects, names = model_terms(cells.design, cells.replicated)
    check_told_apart(cells, effects, names)
    total = float(cells.count @ cells.mean**2 + cells.within) / (cells.n - 1)
    if total <= 0:
        raise ValueError("all observations are equal: there is no variance to divide")
    equations = BlockEquations(cells, effects[:-1])
    search, iterations = _searched(equations, _start(cells, total), total, max_iterations)
    boundary = search.ratios <= SMALLEST_RATIO
    criterion = equations.criterion(np.where(boundary, 0.0, search.ratios))
    components = np.append(np.where(boundary, 0.0, search.ratios), 1.0) * search.error
    return RemlFit(
        effects, names, components, np.append(boundary, False), criterion,
        search.covariance(), iterations, search.done,
    )  # fmt: skip


def check_told_apart(
    cells: FacetCells, effects: tuple[Effect, ...], names: tuple[str, ...]
) -> None:
    """Refuse data in which two terms of the model divide the observations alike.

    Raises
    ------
    ValueError
        With the two terms, and nesting as the likely cause.
    """
    sizes = [cells.group(effect)[1] for effect in effects]
    if cells.replicated:
        sizes[-1] = cells.n
    for i, inner in enumerate(effects):
        for j, outer in enumerate(effects):
            if inner < outer and sizes[i] == sizes[j]:
                more = " and ".join(sorted(outer - inner))
                raise ValueError(
                    f"{names[i]!r} and {names[j]!r} cannot be told apart: each level of "
                    f"{names[i]} is seen with one level of {more} only. If it is nested there, "
                    f"write the design so; otherwise leave out {more}"
                )


def _searched(
    equations: BlockEquations, start: FloatArray, total: float, max_iterations: int
) -> tuple["_Search", int]:
    """Search the maximum; refuse where the likelihood has none, since nothing is left over."""
    iterations = 0
    try:
        search = _Search(equations, start, total)
        while iterations < max_iterations and not search.done:
            search.step()
            iterations += 1
        exact = search.error <= LEAST_ERROR * total
    except np.linalg.LinAlgError:
        exact = True
    if exact:
        raise ValueError(
            "the other terms fit the observations exactly: no residual variance is left, and the "
            "likelihood has no maximum. Leave out a facet that explains nothing, or complete the "
            "missing cells"
        )
    return search, iterations


class _Search:
    """Relative variances on their way to the maximum, with the solution at where they stand."""

    def __init__(self, equations: BlockEquations, start: FloatArray, total: float) -> None:
        self.equations = equations
        self.df = equations.cells.n - 1
        self.least_error = 1e-14 * total
        self.done = False
        self.steps = 0
        self._move(start)

    def _move(self, ratios: FloatArray) -> None:
        self.ratios = ratios
        self.at = self.equations.solve(ratios)
        self.value = profiled(self.at.log_determinant, self._quadratic(self.at), self.df)

    def _quadratic(self, at: Solution) -> float:
        return max(at.quadratic, self.least_error * self.df)

    @property
    def error(self) -> float:
        """The best error variance at these ratios."""
        return self._quadratic(self.at) / self.df

    def _score(self) -> FloatArray:
        """Gradient of the log-likelihood along the components, error last, times its variance."""
        at = self.at
        work = self.equations.squared_sums(at.residuals)
        traces = np.append(at.traces, self.df - float(self.ratios @ at.traces))
        score: FloatArray = (work / self.error - traces) / 2
        return score

    def covariance(self) -> FloatArray:
        free = np.append(self.ratios > SMALLEST_RATIO, True)
        found = np.zeros((len(free), len(free)))
        within = np.ix_(free, free)
        found[within] = np.linalg.pinv(self.at.information[within], hermitian=True)
        return 2 * self.error**3 * found

    def step(self) -> None:
        """One projected Newton step, shortened until the criterion falls.

        Where the average information is far from the curvature the steps are too short; those
        after the first few are therefore prolonged as long as the criterion falls.
        """
        score = self._score()
        components = np.append(self.ratios, 1.0)
        held = np.append((self.ratios <= SMALLEST_RATIO) & (score[:-1] <= 0), False)
        plain = self._newton(score, components, held)
        if float(score @ plain) < TOLERANCE:
            self.done = True
            return
        delta = self._direction(score, components, held)
        delta = delta if float(score @ delta) > 0 else plain
        self.steps += 1
        here = self.value, self.ratios, self.at
        for halving in range(30):
            if self._try(components + delta * 0.5**halving, here):
                break
        else:
            self.done = True
            return
        length = 2.0
        while halving == 0 and self.steps > QUICK_STEPS and length < 1e6:
            if not self._try(components + delta * length, (self.value, self.ratios, self.at)):
                break
            length *= 2

    def _try(self, components: FloatArray, here: tuple[float, FloatArray, Solution]) -> bool:
        """Move if the criterion falls, else stay."""
        error = max(float(components[-1]), 0.1)
        self._move(_floored(components[:-1] / error))
        if self.value < here[0]:
            return True
        self.value, self.ratios, self.at = here
        return False

    def _direction(
        self, score: FloatArray, components: FloatArray, to_zero: BoolArray
    ) -> FloatArray:
        """Newton's step; what would fall below zero goes to zero, and the rest makes up for it."""
        while True:
            delta = self._newton(score, components, to_zero)
            below = ~to_zero & (components + delta <= 0)
            below[-1] = False
            if not below.any():
                return delta
            to_zero = to_zero | below

    def _newton(self, score: FloatArray, components: FloatArray, to_zero: BoolArray) -> FloatArray:
        information = self.at.information / (2 * self.error)
        delta = np.where(to_zero, SMALLEST_RATIO - components, 0.0)
        left = (score - information @ delta)[~to_zero]
        free = np.ix_(~to_zero, ~to_zero)
        delta[~to_zero] = np.linalg.lstsq(information[free], left, rcond=1e-12)[0]
        return delta


def _floored(ratios: FloatArray) -> FloatArray:
    """Ratios with those that are as good as zero at the smallest one exactly."""
    return np.where(ratios <= 2 * SMALLEST_RATIO, SMALLEST_RATIO, ratios)


def _start(cells: FacetCells, total: float) -> FloatArray:
    """Ratios from the mean squares of the table, its gaps filled by main effects."""
    terms = len(cells.design.effects) - (0 if cells.replicated else 1)
    if np.prod(cells.shape, dtype=np.float64) > 8 * len(cells.count) + 10_000:
        return np.full(terms, 0.5)
    squares = sums_of_squares(_filled(cells), cells.design)
    shape = tuple(float(k) for k in cells.shape)
    expected = expected_mean_squares(cells.design, shape)
    found = np.linalg.solve(expected, squares / degrees_of_freedom(cells.design, shape))
    error = max(found[-1], 0.01 * total)
    if cells.replicated:
        error = max(cells.within / max(cells.n - len(cells.count), 1), 0.01 * total)
    ratios: FloatArray = np.clip(found[:terms] / error, 0.01, 1e6)
    return ratios


def _filled(cells: FacetCells) -> FloatArray:
    table = cells.table()
    seen = ~np.isnan(table)
    known = np.where(seen, table, 0.0)
    guess = np.zeros_like(table)
    for _ in range(3):
        for axis in range(table.ndim):
            others = tuple(i for i in range(table.ndim) if i != axis)
            count = np.maximum(seen.sum(axis=others, keepdims=True), 1)
            guess = guess + ((known - guess) * seen).sum(axis=others, keepdims=True) / count
    return np.where(seen, known, guess)
