"""The greatest lower bound to reliability, by an interior-point method with a certificate."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from psychometrics.stats.alpha import reliability_matrix
from psychometrics.stats.arrays import FloatArray
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.guttman import guttman
from psychometrics.stats.item_covariance import (
    ZERO_EIGENVALUE,
    Missing,
    correlation_from_covariance,
    item_covariance,
)

_REFERENCE = "10.1007/BF02295980; Bentler & Woodward (1980), Psychometrika 45(2), 249-267"
# Units below which the bias upward is known to matter.
_FEW_UNITS = 1000
# The last weight of the barrier, in units of the mean variance of the items; below it rounding
# takes more from the certificate than the smaller weight gives.
_LAST_WEIGHT = 1e-10
# A larger gap, in units of reliability, is reported as a failure.
_WIDE_GAP = 1e-5
# Added to the variances of a singular matrix, in the same units.
_RIDGE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class GreatestLowerBound:
    """The greatest lower bound, with what certifies it.

    Parameters
    ----------
    coefficient : Coefficient
        Without interval.
    lambda2 : Coefficient
        Guttman's lambda-2 of the same matrix, to be printed beside it.
    error_variances : ndarray, shape (n_items,)
        The largest errors that the matrix allows; NaN where ``coefficient`` has no value.
    duality_gap : float
        In units of reliability: the population value of this very matrix lies no more than this
        below the coefficient.
    """

    coefficient: Coefficient
    lambda2: Coefficient
    error_variances: FloatArray
    duality_gap: float


def greatest_lower_bound(
    x: ArrayLike,
    *,
    on: Literal["covariance", "correlation"] = "covariance",
    missing: Missing = "pairwise",
) -> GreatestLowerBound:
    """Smallest reliability of the sum that the covariances of the items allow.

    The sum of error variances θ is made as large as can be with C − diag(θ) positive semidefinite
    and θ not negative; the bound is 1 − Σθ / V. It overstates reliability in samples, much so with
    fewer than about 1,000 units or with many items: report lambda-2 beside it.

    Parameters
    ----------
    x : array_like, shape (n_units, n_items)
        Items keyed in one direction; NaN is missing.
    on : {"covariance", "correlation"}
        Of the items as they are, or standardised.
    missing : {"pairwise", "listwise"}

    Returns
    -------
    GreatestLowerBound
        There is no value, with the reason, for one item, no more units than items, or a pairwise
        matrix with a negative eigenvalue. There is no interval: the bias leaves a bootstrap off
        target.

    Raises
    ------
    ValueError
        Wrong shape or an unknown option.

    References
    ----------
    Woodhouse, B., & Jackson, P. H. (1977). Lower bounds for the reliability of the total score on
    a test composed of non-homogeneous items: II. Psychometrika, 42(4), 579–591.
    doi:10.1007/BF02295980

    Bentler, P. M., & Woodward, J. A. (1980). Inequalities among lower bounds to reliability.
    Psychometrika, 45(2), 249–267.

    ten Berge, J. M. F., & Sočan, G. (2004). The greatest lower bound to the reliability of a test
    and the hypothesis of unidimensionality. Psychometrika, 69(4), 613–625.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(80, 1)) + rng.normal(size=(80, 6))
    >>> found = greatest_lower_bound(x)
    >>> round(found.coefficient.value, 3), round(found.lambda2.value, 3)
    (0.871, 0.823)
    """
    lambda2 = guttman(x, on=on, missing=missing).lambda2
    items = item_covariance(x, missing=missing)
    matrix, reason = reliability_matrix(items, on == "correlation")
    if not reason and items.n <= len(matrix):
        reason = "the greatest lower bound needs more units than items"
    if not reason and _smallest_eigenvalue(matrix) < -ZERO_EIGENVALUE:
        reason = "the pairwise covariance matrix is not positive semidefinite; use listwise"
    blank = undefined(
        "greatest lower bound",
        reason,
        n=items.n,
        method=f"log-barrier Newton on the {on} matrix, {missing}",
        reference=_REFERENCE,
        variant=on,
    )
    if reason:
        return GreatestLowerBound(blank, lambda2, np.full(len(matrix), np.nan), float("nan"))
    errors, gap = error_variances(matrix)
    notes = [items.note, "no interval: a bootstrap does not cover because of the bias upward"]
    if items.n < _FEW_UNITS:
        notes.append(f"{items.n} units: below {_FEW_UNITS} the bias upward is large")
    value, gap = float(1 - errors.sum() / matrix.sum()), gap / float(matrix.sum())
    if gap > _WIDE_GAP:
        notes.append(f"not converged: duality gap {gap:.1e}")
    found = replace(blank, value=value, note="; ".join(filter(None, notes)))
    return GreatestLowerBound(found, lambda2, errors, gap)


def error_variances(covariance: FloatArray) -> tuple[FloatArray, float]:
    """Largest sum of error variances θ with C − diag(θ) positive semidefinite, θ not negative.

    Parameters
    ----------
    covariance : ndarray, shape (n_items, n_items)
        Positive semidefinite. A singular one is solved with 1e-9 of the mean variance added to
        the diagonal.

    Returns
    -------
    ndarray, shape (n_items,)
    float
        Duality gap: no feasible sum exceeds that of the first by more. It is tr(CZ) − Σθ for a
        positive semidefinite Z whose diagonal is nowhere below 1.

    Examples
    --------
    >>> theta, gap = error_variances(np.array([[2.0, 1.0], [1.0, 2.0]]))
    >>> theta.round(6), gap < 1e-8
    (array([1., 1.]), True)
    """
    theta = np.zeros(len(covariance))
    vary = np.diagonal(covariance) > 0
    scale = float(np.diagonal(covariance)[vary].mean())
    c = covariance[np.ix_(vary, vary)] / scale
    if _smallest_eigenvalue(c) < ZERO_EIGENVALUE:
        c = c + _RIDGE * np.eye(len(c))
    inside = np.full(len(c), float(np.linalg.eigvalsh(c)[0]) / 2)
    weight, least = 1.0, np.inf
    while weight > _LAST_WEIGHT:
        inside = _centre(c, inside, weight)
        least = min(least, _dual(c, inside, weight))
        weight /= 5
    theta[vary] = inside * scale
    return theta, float(least - inside.sum()) * scale


def _centre(c: FloatArray, theta: FloatArray, weight: float) -> FloatArray:
    """Newton's method on Σθ + weight (log det(C − diag(θ)) + Σ log θ)."""
    value = _barrier(c, theta, weight)
    for _ in range(50):
        inverse = np.linalg.inv(c - np.diag(theta))
        slope = 1 - weight * np.diagonal(inverse) + weight / theta
        curvature = weight * (inverse**2 + np.diag(1 / theta**2))
        step = np.linalg.solve(curvature, slope)
        decrement = float(slope @ step) / weight
        size = 1.0 if decrement < 0.1 else 1 / (1 + np.sqrt(decrement))
        tried = theta + size * step
        reached = _barrier(c, tried, weight)
        if not np.isfinite(reached) or reached < value - 1e-12 * abs(value):
            return theta
        theta, value = tried, reached
        if decrement < 1e-14:
            return theta
    return theta


def _dual(c: FloatArray, theta: FloatArray, weight: float) -> float:
    """tr(CZ), which no feasible Σθ exceeds, for a Z whose diagonal is stretched to 1 or more."""
    dual = weight * np.linalg.inv(c - np.diag(theta))
    stretch = np.maximum(1, 1 / np.sqrt(np.diagonal(dual)))
    return float(np.sum(c * dual * np.outer(stretch, stretch)))


def _barrier(c: FloatArray, theta: FloatArray, weight: float) -> float:
    if (theta <= 0).any():
        return -np.inf
    try:
        factor = np.linalg.cholesky(c - np.diag(theta))
    except np.linalg.LinAlgError:
        return -np.inf
    logs = 2 * np.log(np.diagonal(factor)).sum() + np.log(theta).sum()
    return float(theta.sum() + weight * logs)


def _smallest_eigenvalue(covariance: FloatArray) -> float:
    correlation = correlation_from_covariance(covariance)
    identity = np.eye(len(covariance))
    return float(np.linalg.eigvalsh(np.where(np.isnan(correlation), identity, correlation))[0])
