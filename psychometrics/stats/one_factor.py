"""One minres factor of many correlation matrices at once, and how it moves with the matrix."""

import numpy as np

from psychometrics.stats.arrays import BoolArray, FloatArray
from psychometrics.stats.minres import GRADIENT, LEAST_UNIQUENESS

_MOST_SQUARED_LOADING = 1 - LEAST_UNIQUENESS
_ITERATIONS = 200


def one_factor_loadings(correlations: FloatArray, start: FloatArray) -> FloatArray:
    """Loadings of one minres factor of each correlation matrix.

    With uniquenesses 1 − λ², at least .005, the objective of :func:`minres` is a function of the
    loadings alone; it is minimised by damped Newton steps, all matrices at once.

    Parameters
    ----------
    correlations : ndarray, shape (n_samples, n_items, n_items)
    start : ndarray, shape (n_items,)
        Loadings to start from, such as those of the sample that was resampled.

    Returns
    -------
    ndarray, shape (n_samples, n_items)
        NaN where the matrix has a missing value, or no minimum was reached.

    Examples
    --------
    >>> loadings = np.array([0.8, 0.7, 0.6, 0.5])
    >>> r = np.outer(loadings, loadings)
    >>> np.fill_diagonal(r, 1)
    >>> one_factor_loadings(r[None], np.full(4, 0.5)).round(6)
    array([[0.8, 0.7, 0.6, 0.5]])
    """
    n, k = correlations.shape[:2]
    loadings = np.full((n, k), np.nan)
    known = ~np.isnan(correlations).any(axis=(1, 2))
    if known.any():
        loadings[known] = _minimise(correlations[known], np.tile(start, (int(known.sum()), 1)))
    return loadings


def half_hessian(correlations: FloatArray, loadings: FloatArray) -> FloatArray:
    """Half the second derivatives of the objective by the loadings.

    Parameters
    ----------
    correlations : ndarray, shape (..., n_items, n_items)
    loadings : ndarray, shape (..., n_items)

    Returns
    -------
    ndarray, shape (..., n_items, n_items)
        If the correlations move by dR, the loadings of the minimum move by its inverse times
        dR λ, the diagonal of dR taken as zero.

    Examples
    --------
    >>> half_hessian(np.eye(2), np.array([0.5, 0.5]))
    array([[0.25, 0.5 ],
           [0.5 , 0.25]])
    """
    squares = loadings**2
    hessian = 2 * loadings[..., :, None] * loadings[..., None, :] - correlations
    i = np.arange(loadings.shape[-1])
    bound = np.where(squares > _MOST_SQUARED_LOADING, 3 * squares - _MOST_SQUARED_LOADING, 0.0)
    hessian[..., i, i] = squares.sum(axis=-1, keepdims=True) - squares + bound
    return hessian


def _excess(loadings: FloatArray) -> FloatArray:
    excess: FloatArray = np.maximum(loadings**2 - _MOST_SQUARED_LOADING, 0)
    return excess


def _residuals(correlations: FloatArray, loadings: FloatArray) -> FloatArray:
    residuals = correlations - loadings[:, :, None] * loadings[:, None, :]
    i = np.arange(loadings.shape[1])
    residuals[:, i, i] = -_excess(loadings)
    return residuals


def _minimise(correlations: FloatArray, loadings: FloatArray) -> FloatArray:
    n, k = loadings.shape
    damping = np.full(n, 0.1)
    residuals = _residuals(correlations, loadings)
    least = (residuals**2).sum(axis=(1, 2))
    active: BoolArray = np.ones(n, dtype=np.bool_)
    for _ in range(_ITERATIONS):
        slope = (residuals @ loadings[:, :, None])[:, :, 0]
        active = np.abs(slope).max(axis=1) > 1e-3 * GRADIENT
        if not active.any():
            return loadings
        rows = np.flatnonzero(active)
        curvature = half_hessian(correlations[rows], loadings[rows])
        curvature += damping[rows, None, None] * np.eye(k)
        step = _solve(curvature, slope[rows])
        tried = loadings[rows] + step
        remain = _residuals(correlations[rows], tried)
        value = (remain**2).sum(axis=(1, 2))
        # At the minimum the objective differs by rounding only.
        better = value <= least[rows] + 1e-15
        taken = rows[better]
        loadings[taken], residuals[taken] = tried[better], remain[better]
        least[taken] = value[better]
        damping[taken] *= 0.1
        damping[rows[~better]] = np.maximum(damping[rows[~better]] * 10, 1e-4)
    loadings[active] = np.nan
    return loadings


def _solve(matrices: FloatArray, right: FloatArray) -> FloatArray:
    """Solve; a matrix that is singular gets the step of least length."""
    columns = right[:, :, None]
    try:
        solved = np.linalg.solve(matrices, columns)
    except np.linalg.LinAlgError:
        solved = np.linalg.pinv(matrices, hermitian=True) @ columns
    return np.asarray(solved, dtype=np.float64)[:, :, 0]
