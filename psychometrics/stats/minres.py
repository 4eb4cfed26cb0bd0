"""Minimum-residual factor extraction."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize

from psychometrics.stats.arrays import FloatArray, as_matrix
from psychometrics.stats.item_covariance import (
    ZERO_EIGENVALUE,
    correlation_from_covariance,
    numbered,
)

# Bounds of a standardised uniqueness; a solution at the lower one is a Heywood case.
LEAST_UNIQUENESS = 0.005
MOST_UNIQUENESS = 1.0
# Largest element of the projected gradient at a solution.
GRADIENT = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class FactorSolution:
    """Unrotated, uncorrelated factors of items.

    Parameters
    ----------
    loadings : ndarray, shape (n_items, n_factors)
        In the metric of the matrix that was given; each factor has a positive sum of loadings, and
        explains no less than the next.
    uniquenesses : ndarray, shape (n_items,)
        Likewise.
    objective : float
        Half the sum of the squared residuals of the correlations.
    gradient : float
        Largest element, in absolute value, of the gradient by standardised uniquenesses that are
        not at a bound.
    heywood : tuple of int
        Items, from 0, whose standardised uniqueness stands at its lower bound of .005.
    converged : bool
        The gradient is below 1e-8.
    note : str
        What a reader has to know; empty if there is nothing.
    """

    loadings: FloatArray
    uniquenesses: FloatArray
    objective: float
    gradient: float
    heywood: tuple[int, ...]
    converged: bool
    note: str


def minres(r: ArrayLike, n_factors: int = 1) -> FactorSolution:
    """Minres (unweighted least squares) factors of a correlation or covariance matrix.

    The matrix is standardised; for given uniquenesses ψ in [.005, 1] the loadings Λ come from the
    largest eigenvalues of R − Ψ, and half the sum of squares of R − Ψ − ΛΛ' is minimised over ψ by
    L-BFGS-B, then by Newton's method on the ψ within the bounds. For one factor the sum of squares
    can have more than one minimum; the one that is reached from squared multiple correlations is
    returned.

    Parameters
    ----------
    r : array_like, shape (n_items, n_items)
        Symmetric, with positive variances.
    n_factors : int
        At least 1, and so few that the model has no more parameters than there are correlations.

    Returns
    -------
    FactorSolution

    Raises
    ------
    ValueError
        The matrix is not symmetric, has a missing value or a variance that is not positive, or the
        factors are too many for the items.

    References
    ----------
    Harman, H. H., & Jones, W. H. (1966). Factor analysis by minimizing residuals (minres).
    Psychometrika, 31(3), 351–368. doi:10.1007/BF02289468

    Examples
    --------
    >>> loadings = np.array([0.8, 0.7, 0.6, 0.5])
    >>> r = np.outer(loadings, loadings)
    >>> np.fill_diagonal(r, 1)
    >>> minres(r).loadings.ravel().round(6)
    array([0.8, 0.7, 0.6, 0.5])
    """
    matrix = _checked(r, n_factors)
    correlation = correlation_from_covariance(matrix)
    psi = _newton(_lbfgs(_start(correlation), correlation, n_factors), correlation, n_factors)
    objective, gradient = _objective(psi, correlation, n_factors)
    largest = float(np.abs(_projected(psi, gradient)).max())
    spread = np.sqrt(np.diagonal(matrix))
    values, vectors = _factors(psi, correlation, n_factors)
    loadings = vectors * np.sqrt(np.maximum(values, 0))
    loadings = loadings * np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)
    heywood = tuple(int(i) for i in np.flatnonzero(psi <= LEAST_UNIQUENESS * (1 + 1e-9)))
    converged = largest < GRADIENT
    notes = []
    if heywood:
        notes.append(f"Heywood case: uniqueness of items {numbered(heywood)} at its bound of .005")
    if not converged:
        notes.append(f"not converged: gradient {largest:.1e}")
    return FactorSolution(
        loadings * spread[:, None],
        psi * spread**2,
        objective,
        largest,
        heywood,
        converged,
        "; ".join(notes),
    )


def _checked(r: ArrayLike, n_factors: int) -> FloatArray:
    matrix = as_matrix(r, "r")
    k = len(matrix)
    if matrix.shape != (k, k) or not np.allclose(matrix, matrix.T, equal_nan=True):
        raise ValueError("r is not symmetric; give a correlation or covariance matrix")
    if np.isnan(matrix).any():
        raise ValueError("r has missing values; leave out the items concerned")
    if k == 0 or (np.diagonal(matrix) <= 0).any():
        raise ValueError("r has a variance that is not positive; leave out constant items")
    # Loadings less the rotations, against the correlations.
    if n_factors < 1 or n_factors * k - n_factors * (n_factors - 1) // 2 > k * (k - 1) // 2:
        raise ValueError(f"n_factors={n_factors} cannot be had from {k} items")
    return (matrix + matrix.T) / 2


def _start(correlation: FloatArray) -> FloatArray:
    """The items' variances given the others; halves where the matrix is singular."""
    values, vectors = np.linalg.eigh(correlation)
    if values[0] < ZERO_EIGENVALUE:
        return np.full(len(correlation), 0.5)
    given_others: FloatArray = 1 / (vectors**2 / values).sum(axis=1)
    return np.clip(given_others, LEAST_UNIQUENESS, MOST_UNIQUENESS)


def _factors(psi: FloatArray, correlation: FloatArray, m: int) -> tuple[FloatArray, FloatArray]:
    values, vectors = np.linalg.eigh(correlation - np.diag(psi))
    return values[::-1][:m], vectors[:, ::-1][:, :m]


def _objective(psi: FloatArray, correlation: FloatArray, m: int) -> tuple[float, FloatArray]:
    values, vectors = _factors(psi, correlation, m)
    residual = correlation - np.diag(psi) - (vectors * np.maximum(values, 0)) @ vectors.T
    return float(np.sum(residual**2) / 2), -np.diagonal(residual)


def _projected(psi: FloatArray, gradient: FloatArray) -> FloatArray:
    """The gradient without the elements that push against a bound."""
    held = (psi <= LEAST_UNIQUENESS * (1 + 1e-9)) & (gradient > 0)
    held |= (psi >= MOST_UNIQUENESS * (1 - 1e-9)) & (gradient < 0)
    return np.where(held, 0.0, gradient)


def _lbfgs(start: FloatArray, correlation: FloatArray, m: int) -> FloatArray:
    found = optimize.minimize(
        _objective,
        start,
        args=(correlation, m),
        jac=True,
        method="L-BFGS-B",
        bounds=[(LEAST_UNIQUENESS, MOST_UNIQUENESS)] * len(start),
        options={"ftol": 1e-15, "gtol": 1e-10, "maxiter": 2000, "maxfun": 20000},
    )
    return np.clip(np.asarray(found.x), LEAST_UNIQUENESS, MOST_UNIQUENESS)


def _newton(psi: FloatArray, correlation: FloatArray, m: int) -> FloatArray:
    """Bring the gradient to rounding; keep the best point met."""
    best, least = psi, np.abs(_projected(psi, _objective(psi, correlation, m)[1])).max()
    for _ in range(20):
        gradient = _projected(psi, _objective(psi, correlation, m)[1])
        largest = np.abs(gradient).max()
        if largest < least:
            best, least = psi, largest
        free = gradient != 0
        if largest < 1e-13 or not free.any():
            break
        hessian = _hessian(psi, correlation, m)[np.ix_(free, free)]
        step = np.zeros_like(psi)
        step[free] = np.linalg.lstsq(hessian, gradient[free], rcond=1e-12)[0]
        psi = np.clip(psi - step, LEAST_UNIQUENESS, MOST_UNIQUENESS)
    return best


def _hessian(psi: FloatArray, correlation: FloatArray, m: int) -> FloatArray:
    """Second derivatives by ψ, from the perturbation of eigenvalues and eigenvectors."""
    values, vectors = np.linalg.eigh(correlation - np.diag(psi))
    rest, kept = vectors[:, :-m], vectors[:, -m:]
    # Equal values would leave the vectors open; any small difference does for a search.
    gap = np.minimum(values[:-m, None] - values[None, -m:], -1e-12)
    weights = 2 * values[:-m, None] / gap
    hessian: FloatArray = (rest @ rest.T) ** 2
    hessian += np.einsum("ij,im,lj,lm,jm->il", rest, kept, rest, kept, weights, optimize=True)
    return hessian
