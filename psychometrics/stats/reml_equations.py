"""Mixed-model equations of a design, solved block by block.

Every random term that holds one chosen facet (the pivot) falls into one small block for each of
its levels; what remains, the intercept included, is a dense border. Weighted cell means carry all
the information, so the cost does not grow with the observations in a cell.
"""

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from psychometrics.stats.arrays import FloatArray, IntArray
from psychometrics.stats.facet_cells import FacetCells
from psychometrics.stats.facet_design import Effect

LARGEST_COUPLING = 60_000_000
LARGEST_BORDER = 6_000


@dataclass(frozen=True, slots=True, eq=False)
class _Term:
    """Where the levels of a random term stand: in the blocks (``near``) or in the border."""

    near: bool
    columns: slice
    level: IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """What one set of relative variances gives.

    Parameters
    ----------
    log_determinant : float
        log |V| + log |1'V⁻¹1|, V in units of the error variance.
    quadratic : float
        y'Py.
    traces : ndarray, shape (terms,)
        tr(Z'PZ) of every random term.
    residuals : ndarray, shape (cells,)
        Sum of Py over the observations of each cell.
    information : ndarray, shape (terms + 1, terms + 1)
        y'P Q P Q P y of every pair of terms, error last.
    """

    log_determinant: float
    quadratic: float
    traces: FloatArray
    residuals: FloatArray
    information: FloatArray


class BlockEquations:
    """The equations of one data set; `solve` is called with changing relative variances.

    Parameters
    ----------
    cells : FacetCells
        With two levels or more of each facet.
    effects : tuple of frozenset
        The random terms, error left out. If the effect of all facets is among them (cells with
        replicates), it stands last and enters through the weights of the cells.

    Raises
    ------
    ValueError
        The border or the coupling would not fit into memory.
    """

    def __init__(self, cells: FacetCells, effects: tuple[Effect, ...]) -> None:
        self.cells = cells
        self.whole_is_random = effects[-1] == cells.design.whole
        grouped = effects[:-1] if self.whole_is_random else effects
        pivot = _choose_pivot(cells, grouped)
        self.block, self.n_blocks = cells.group(cells.design.closure(pivot))
        self.terms: list[_Term] = []
        self.k = self.m = 0
        for effect in grouped:
            near = pivot in effect
            level, size = cells.group(effect - cells.design.closure(pivot) if near else effect)
            start = self.k if near else self.m
            self.terms.append(_Term(near, slice(start, start + size), level))
            self.k, self.m = (self.k + size, self.m) if near else (self.k, self.m + size)
        self.m += 1
        intercept = slice(self.m - 1, self.m)
        self._with_intercept = [*self.terms, _Term(False, intercept, np.zeros_like(self.block))]
        self._products = self._cross_products(cells.count)

    def solve(self, gamma: FloatArray) -> Solution:
        """Everything that a step of the optimiser needs.

        Parameters
        ----------
        gamma : ndarray, shape (terms,)
            Variances relative to that of error, all above zero.
        """
        return _Factor(self, gamma).solution()

    def criterion(self, gamma: FloatArray) -> float:
        """Minus twice the restricted log-likelihood, the error variance profiled out."""
        factor = _Factor(self, gamma)
        quadratic = self.cells.within + float(self.cells.mean @ factor.project(self._means)[:, 0])
        return profiled(factor.log_determinant, quadratic, self.cells.n - 1)

    @property
    def _means(self) -> FloatArray:
        return self.cells.mean[:, None]

    def squared_sums(self, residuals: FloatArray) -> FloatArray:
        """Quadratic forms y'P Q P y of every term, error last, from the residuals of a solution."""
        found = [float(residuals @ _group_sums(self, term, residuals)) for term in self.terms]
        if self.whole_is_random:
            found.append(float(residuals @ residuals))
        found.append(float((residuals**2 / self.cells.count).sum()) + self.cells.within)
        return np.array(found)

    def products(self, weights: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Z'WZ: blocks, coupling of blocks with border, border."""
        return self._cross_products(weights) if self.whole_is_random else self._products

    def _cross_products(self, weights: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        blocks = np.zeros((self.n_blocks, self.k, self.k))
        coupling = np.zeros((self.n_blocks, self.k, self.m))
        border = np.zeros((self.m, self.m))
        for a in self._with_intercept:
            for b in self._with_intercept:
                rows, columns = _size(a), _size(b)
                flat = a.level * columns + b.level
                if a.near:
                    flat = flat + self.block * (rows * columns)
                    sums = np.bincount(flat, weights, self.n_blocks * rows * columns)
                    target = blocks if b.near else coupling
                    target[:, a.columns, b.columns] = sums.reshape(self.n_blocks, rows, columns)
                elif not b.near:
                    sums = np.bincount(flat, weights, rows * columns)
                    border[a.columns, b.columns] = sums.reshape(rows, columns)
        return blocks, coupling, border


def profiled(log_determinant: float, quadratic: float, df: int) -> float:
    """Minus twice the restricted log-likelihood at its best error variance.

    Examples
    --------
    >>> round(profiled(0.0, 5.0, 5), 4)  # 5 (1 + log 2π)
    14.1894
    """
    return log_determinant + df * (1 + float(np.log(2 * np.pi * quadratic / df)))


class _Factor:
    """The equations factored at one set of relative variances.

    With Λ the relative standard deviations, K = Λ Z'WZ Λ + I is split into blocks A, their
    coupling B with the border, and the border D: A = LL', G = L⁻¹B, S = D − G'G.
    """

    def __init__(self, equations: BlockEquations, gamma: FloatArray) -> None:
        self.eq = eq = equations
        self.gamma = gamma
        count = eq.cells.count
        cell_variance = gamma[-1] if eq.whole_is_random else 0.0
        self.weights = count / (1 + cell_variance * count)
        near, far = np.ones(eq.k), np.ones(eq.m)
        for term, variance in zip(eq.terms, gamma, strict=False):
            (near if term.near else far)[term.columns] = np.sqrt(variance)
        self.near, self.far = near, far
        blocks, coupling, border = eq.products(self.weights)
        lower = np.linalg.cholesky(blocks * near[:, None] * near + np.eye(eq.k))
        self.inverse = np.linalg.inv(lower)
        self.half = self.inverse @ (coupling * near[:, None] * far)
        flat = self.half.reshape(-1, eq.m)
        ridge = np.eye(eq.m)
        ridge[-1, -1] = 0
        self.border = np.linalg.cholesky(border * far[:, None] * far + ridge - flat.T @ flat)
        self.log_determinant = float(
            2 * np.log(np.diagonal(lower, axis1=1, axis2=2)).sum()
            + 2 * np.log(np.diag(self.border)).sum()
            + np.log1p(cell_variance * count).sum()
        )

    def project(self, vectors: FloatArray) -> FloatArray:
        """P on vectors that are constant within cells, summed over the cells; shape (cells, r)."""
        eq = self.eq
        weighted = self.weights[:, None] * vectors
        b_near = np.zeros((eq.n_blocks, eq.k, vectors.shape[1]))
        b_far = np.zeros((eq.m, vectors.shape[1]))
        b_far[-1] = weighted.sum(axis=0)
        for term in eq.terms:
            size = _size(term)
            flat = term.level + eq.block * size if term.near else term.level
            length = size * (eq.n_blocks if term.near else 1)
            sums = np.column_stack([np.bincount(flat, column, length) for column in weighted.T])
            if term.near:
                b_near[:, term.columns] = sums.reshape(eq.n_blocks, size, -1)
            else:
                b_far[term.columns] = sums
        g = self.inverse @ (b_near * self.near[:, None])
        rest = b_far * self.far[:, None] - np.tensordot(self.half, g, axes=([0, 1], [0, 1]))
        u_far = linalg.cho_solve((self.border, True), rest)
        u_near = self.inverse.transpose(0, 2, 1) @ (g - self.half @ u_far)
        u_far, u_near = u_far * self.far[:, None], u_near * self.near[:, None]
        fitted = np.broadcast_to(u_far[-1], vectors.shape).copy()
        for term in eq.terms:
            at = term.columns.start + term.level
            fitted += u_near[eq.block, at] if term.near else u_far[at]
        projected: FloatArray = self.weights[:, None] * (vectors - fitted)
        return projected

    def solution(self) -> Solution:
        eq = self.eq
        residuals = self.project(eq.cells.mean[:, None])[:, 0]
        work = np.column_stack(
            [*(_group_sums(eq, term, residuals) for term in eq.terms),
             *([residuals] if eq.whole_is_random else []), residuals / eq.cells.count]
        )  # fmt: skip
        information = work.T @ self.project(work)
        information[-1, -1] += eq.cells.within
        quadratic = eq.cells.within + float(eq.cells.mean @ residuals)
        return Solution(
            self.log_determinant, quadratic, self._traces(), residuals,
            (information + information.T) / 2,
        )  # fmt: skip

    def _traces(self) -> FloatArray:
        """tr(Z'PZ) from the diagonal of K⁻¹: γ tr(Z'PZ) = levels − its trace."""
        eq = self.eq
        cross = linalg.solve_triangular(self.border, self.half.reshape(-1, eq.m).T, lower=True)
        cross = np.ascontiguousarray(cross.T).reshape(self.half.shape)
        middle = np.eye(eq.k) + cross @ cross.transpose(0, 2, 1)
        of_blocks = self.inverse.transpose(0, 2, 1) @ middle @ self.inverse
        inverse_border = linalg.solve_triangular(self.border, np.eye(eq.m), lower=True)
        of_border = inverse_border.T @ inverse_border
        near = 1 - np.diagonal(of_blocks, axis1=1, axis2=2)
        far = 1 - np.diag(of_border)
        traces = [
            float((near[:, t.columns] if t.near else far[t.columns]).sum()) / variance
            for t, variance in zip(eq.terms, self.gamma, strict=False)
        ]
        if eq.whole_is_random:
            mixed = -self.inverse.transpose(0, 2, 1) @ (cross @ inverse_border)
            leverage = self._leverage(of_blocks, mixed, of_border)
            traces.append(float((self.weights - self.weights**2 * leverage).sum()))
        return np.array(traces)

    def _leverage(
        self, of_blocks: FloatArray, mixed: FloatArray, of_border: FloatArray
    ) -> FloatArray:
        """z'ΛK⁻¹Λz of every cell, gathered from the parts of K⁻¹."""
        eq = self.eq
        found = np.zeros(len(eq.block))
        for a in eq._with_intercept:
            at = a.columns.start + a.level
            scale_a = (self.near if a.near else self.far)[a.columns.start]
            for b in eq._with_intercept:
                bt = b.columns.start + b.level
                scale = scale_a * (self.near if b.near else self.far)[b.columns.start]
                if a.near and b.near:
                    found += scale * of_blocks[eq.block, at, bt]
                elif a.near:
                    found += 2 * scale * mixed[eq.block, at, bt]
                elif not b.near:
                    found += scale * of_border[at, bt]
        return found


def _size(term: _Term) -> int:
    return int(term.columns.stop) - int(term.columns.start)


def _group_sums(eq: BlockEquations, term: _Term, values: FloatArray) -> FloatArray:
    """For each cell the sum of values over the cells with the same level of a term."""
    flat = term.level + eq.block * _size(term) if term.near else term.level
    sums: FloatArray = np.bincount(flat, values).astype(np.float64)
    return sums[flat]


def _choose_pivot(cells: FacetCells, effects: tuple[Effect, ...]) -> str:
    """The facet whose elimination is cheapest."""
    costs: dict[str, tuple[float, float, float]] = {}
    for pivot in cells.design.facets:
        closure = cells.design.closure(pivot)
        blocks = cells.group(closure)[1]
        near = [cells.group(e - closure)[1] for e in effects if pivot in e]
        far = 1 + sum(cells.group(e)[1] for e in effects if pivot not in e)
        k = sum(near)
        costs[pivot] = (blocks * k * far * (far + k) + far**3, blocks * k * (far + k), far)
    pivot = min(costs, key=lambda f: costs[f][0])
    _, coupling, border = costs[pivot]
    if border > LARGEST_BORDER or coupling > LARGEST_COUPLING:
        raise ValueError(
            f"REML of this design would need a dense border of {border:,.0f} levels and "
            f"{coupling:,.0f} coefficients beside it; the limits are {LARGEST_BORDER:,} and "
            f"{LARGEST_COUPLING:,}. Take fewer facets or levels, or average over a facet"
        )
    return pivot
