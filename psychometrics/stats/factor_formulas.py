"""Coefficients of one common factor: formulas, and their standard error by the delta method."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from psychometrics.stats.arrays import FloatArray
from psychometrics.stats.item_covariance import correlation_from_covariance
from psychometrics.stats.minres import LEAST_UNIQUENESS
from psychometrics.stats.one_factor import half_hessian


@dataclass(frozen=True, slots=True)
class FactorFormula:
    """A coefficient of loadings l, uniquenesses ψ and the variance V of the total.

    Parameters
    ----------
    name : str
    value : callable
        Takes l and ψ, items on the last axis, and V.
    slopes : callable
        Takes the same of one sample; returns the derivatives by l, by ψ, and by V.
    method : str
    reference : str
    """

    name: str
    value: Callable[[FloatArray, FloatArray, FloatArray], FloatArray]
    slopes: Callable[[FloatArray, FloatArray, float], tuple[FloatArray, FloatArray, float]]
    method: str
    reference: str


def omega_from_loadings(
    loadings: FloatArray, uniquenesses: FloatArray, total_variance: FloatArray
) -> FloatArray:
    """McDonald's omega total: 1 − Σψ / V, with V the observed variance of the total.

    Parameters
    ----------
    loadings, uniquenesses : ndarray, shape (..., n_items)
        The loadings do not enter; they are there so that the three formulas are called alike.
    total_variance : ndarray, shape (...)

    Examples
    --------
    >>> omega_from_loadings(np.full(4, 0.7), np.full(4, 0.51), np.array(9.88)).round(4)
    np.float64(0.7935)
    """
    omega_total: FloatArray = 1 - uniquenesses.sum(axis=-1) / total_variance
    return omega_total


def composite_from_loadings(
    loadings: FloatArray, uniquenesses: FloatArray, total_variance: FloatArray | float = 0.0
) -> FloatArray:
    """(Σl)² / ((Σl)² + Σψ): the variance of the total is that which the model implies.

    Parameters
    ----------
    loadings, uniquenesses : ndarray, shape (..., n_items)
    total_variance : ndarray
        Does not enter.

    Examples
    --------
    >>> composite_from_loadings(np.full(4, 0.7), np.full(4, 0.51)).round(4)
    np.float64(0.7935)
    """
    common = loadings.sum(axis=-1) ** 2
    composite: FloatArray = common / (common + uniquenesses.sum(axis=-1))
    return composite


def variance_extracted_from_loadings(
    loadings: FloatArray, uniquenesses: FloatArray, total_variance: FloatArray | float = 0.0
) -> FloatArray:
    """Σl² / (Σl² + Σψ); the mean squared loading if the items are standardised.

    Parameters
    ----------
    loadings, uniquenesses : ndarray, shape (..., n_items)
    total_variance : ndarray
        Does not enter.

    Examples
    --------
    >>> variance_extracted_from_loadings(np.full(4, 0.7), np.full(4, 0.51)).round(4)
    np.float64(0.49)
    """
    common = np.sum(loadings**2, axis=-1)
    extracted: FloatArray = common / (common + uniquenesses.sum(axis=-1))
    return extracted


def _omega_slopes(
    loadings: FloatArray, psi: FloatArray, total: float
) -> tuple[FloatArray, FloatArray, float]:
    return np.zeros_like(loadings), np.full_like(psi, -1 / total), float(psi.sum() / total**2)


def _composite_slopes(
    loadings: FloatArray, psi: FloatArray, total: float
) -> tuple[FloatArray, FloatArray, float]:
    whole, unique = loadings.sum(), psi.sum()
    squared = (whole**2 + unique) ** 2
    by_loading = np.full_like(loadings, 2 * whole * unique / squared)
    return by_loading, np.full_like(psi, -(whole**2) / squared), 0.0


def _extracted_slopes(
    loadings: FloatArray, psi: FloatArray, total: float
) -> tuple[FloatArray, FloatArray, float]:
    common, unique = np.sum(loadings**2), psi.sum()
    squared = (common + unique) ** 2
    return 2 * loadings * unique / squared, np.full_like(psi, -common / squared), 0.0


OMEGA = FactorFormula(
    "omega total",
    omega_from_loadings,
    _omega_slopes,
    "1 - sum of uniquenesses / variance of the total",
    "McDonald (1999), Test Theory",
)
COMPOSITE = FactorFormula(
    "composite reliability",
    composite_from_loadings,
    _composite_slopes,
    "(sum of loadings)^2 / variance of the total that the model implies",
    "10.1007/BF02291393",
)
EXTRACTED = FactorFormula(
    "average variance extracted",
    variance_extracted_from_loadings,
    _extracted_slopes,
    "sum of squared loadings / (the same + sum of uniquenesses)",
    "10.1177/002224378101800104",
)


def factor_standard_error(
    formula: FactorFormula,
    matrix: FloatArray,
    loadings: FloatArray,
    n: float,
    *,
    standardised: bool,
) -> float:
    """Standard error under normality of a coefficient of one minres factor.

    The variance is 2 tr(GCGC) / (n − 1), with G the derivative of the coefficient by the
    covariances C; the loadings follow C by the implicit function theorem. A uniqueness at its
    bound is taken to stay there.

    Parameters
    ----------
    formula : FactorFormula
    matrix : ndarray, shape (n_items, n_items)
        Covariances, or correlations where ``standardised``.
    loadings : ndarray, shape (n_items,)
        Of :func:`minres`, in the metric of the matrix.
    n : float
        Units.
    standardised : bool

    Examples
    --------
    >>> loadings = np.full(4, 0.7)
    >>> r = np.outer(loadings, loadings) + np.diag(1 - loadings**2)
    >>> round(factor_standard_error(OMEGA, r, loadings, 101, standardised=False), 4)
    0.0337
    """
    g = _derivative(formula, matrix, loadings, standardised)
    product = g @ correlation_from_covariance(matrix)
    return float(np.sqrt(max(2 * np.sum(product * product.T), 0.0) / (n - 1)))


def _derivative(
    formula: FactorFormula, matrix: FloatArray, loadings: FloatArray, standardised: bool
) -> FloatArray:
    """Derivative by the covariances, times the standard deviations of row and column."""
    spread = np.sqrt(np.diagonal(matrix))
    correlation = correlation_from_covariance(matrix)
    unit = loadings / spread
    free = unit**2 < 1 - LEAST_UNIQUENESS
    psi = np.where(free, 1 - unit**2, LEAST_UNIQUENESS)
    by_loading, by_psi, by_total = formula.slopes(loadings, psi * spread**2, float(matrix.sum()))
    moved = by_loading * spread - 2 * spread**2 * unit * by_psi * free
    # The factor may be undetermined: the step of least length then.
    pull = np.linalg.lstsq(half_hessian(correlation, unit), moved, rcond=1e-12)[0]
    g: FloatArray = (np.outer(pull, unit) + np.outer(unit, pull)) / 2
    if standardised:
        g += by_total
    np.fill_diagonal(g, 0)
    # A correlation falls as the variances of its items rise.
    np.fill_diagonal(g, -(g * correlation).sum(axis=1))
    if not standardised:
        g += np.diag(spread**2 * by_psi * psi + by_loading * loadings / 2)
        g += by_total * np.outer(spread, spread)
    return g
