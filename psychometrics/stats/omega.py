"""Reliability from one common factor: omega total, composite reliability, variance extracted."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from psychometrics.stats.alpha import Variant, reliability_matrix
from psychometrics.stats.arrays import FloatArray, check_level
from psychometrics.stats.bootstrap import BootstrapDistribution
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.factor_formulas import (
    COMPOSITE,
    EXTRACTED,
    OMEGA,
    FactorFormula,
    factor_standard_error,
)
from psychometrics.stats.item_covariance import (
    ItemCovariance,
    Missing,
    constant_items,
    correlation_from_covariance,
    covariance_trouble,
    item_covariance,
    numbered,
    used_rows,
)
from psychometrics.stats.minres import LEAST_UNIQUENESS, FactorSolution, minres
from psychometrics.stats.one_factor import one_factor_loadings
from psychometrics.stats.resampled_covariances import bootstrap_covariances, with_bootstrap

Interval = Literal["delta", "bootstrap", "percentile", "none"]

# A wider half interval on the scale of the delta method says nothing.
_MOST_SCALED = 50.0
# With a smaller share of common variance there is no factor.
_LEAST_COMMON = 1e-9


def omega(
    x: ArrayLike,
    *,
    variant: Variant = "raw",
    interval: Interval = "delta",
    missing: Missing = "pairwise",
    conf_level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Coefficient:
    """McDonald's omega total of one minres factor: 1 − Σψ / V.

    ψ are the uniquenesses and V the observed variance of the total. With V as the model implies
    it, see :func:`composite_reliability`.

    Parameters
    ----------
    x : array_like, shape (n_units, n_items)
        At least three items keyed in one direction; NaN is missing. Rows are independent units.
    variant : {"raw", "standardised"}
        Of the sum of the items, or of the sum of the standardised items. The factor is that of the
        correlations either way.
    interval : {"delta", "bootstrap", "percentile", "none"}
        ``delta``: delta method with covariances under normality, on the scale log(1 − omega).
        ``bootstrap``: BCa over rows; ``percentile``: likewise, plain quantiles. With few rows
        both are too short.
    missing : {"pairwise", "listwise"}
    conf_level : float
        Between 0 and 1.
    n_resamples, seed : int
        Of the bootstrap.

    Returns
    -------
    Coefficient
        ``note`` names Heywood cases and items with negative loadings. There is no value, with the
        reason, for fewer than three items, an item without variance, or too few units.

    Raises
    ------
    ValueError
        Wrong shape, an unknown option, or a level out of range.

    References
    ----------
    McDonald, R. P. (1999). Test Theory: A Unified Treatment. Erlbaum.

    Harman, H. H., & Jones, W. H. (1966). Factor analysis by minimizing residuals (minres).
    Psychometrika, 31(3), 351–368. doi:10.1007/BF02289468

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(60, 1)) + rng.normal(size=(60, 6))
    >>> omega(x)
    omega total (raw) = 0.837 [0.758, 0.891], n = 60
    """
    return _estimate(
        x, OMEGA, variant, interval, missing, conf_level, n_resamples=n_resamples, seed=seed
    )


def composite_reliability(
    x: ArrayLike,
    *,
    variant: Variant = "raw",
    interval: Interval = "delta",
    missing: Missing = "pairwise",
    conf_level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Coefficient:
    """Composite reliability of one minres factor: (Σl)² / ((Σl)² + Σψ).

    Parameters
    ----------
    x, variant, interval, missing, conf_level, n_resamples, seed
        As in :func:`omega`.

    Returns
    -------
    Coefficient

    Raises
    ------
    ValueError
        Wrong shape, an unknown option, or a level out of range.

    References
    ----------
    Jöreskog, K. G. (1971). Statistical analysis of sets of congeneric tests. Psychometrika, 36(2),
    109–133. doi:10.1007/BF02291393

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(60, 1)) + rng.normal(size=(60, 6))
    >>> composite_reliability(x, interval="none").name
    'composite reliability'
    """
    return _estimate(
        x, COMPOSITE, variant, interval, missing, conf_level, n_resamples=n_resamples, seed=seed
    )


def average_variance_extracted(
    x: ArrayLike,
    *,
    variant: Variant = "standardised",
    interval: Interval = "delta",
    missing: Missing = "pairwise",
    conf_level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Coefficient:
    """Average variance extracted by one minres factor: Σl² / (Σl² + Σψ).

    Parameters
    ----------
    x, interval, missing, conf_level, n_resamples, seed
        As in :func:`omega`; the delta method works on the logit.
    variant : {"standardised", "raw"}
        ``standardised``: the mean of the squared standardised loadings, as Fornell and Larcker
        define it. ``raw``: items weigh by their variance.

    Returns
    -------
    Coefficient

    Raises
    ------
    ValueError
        Wrong shape, an unknown option, or a level out of range.

    References
    ----------
    Fornell, C., & Larcker, D. F. (1981). Evaluating structural equation models with unobservable
    variables and measurement error. Journal of Marketing Research, 18(1), 39–50.
    doi:10.1177/002224378101800104

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(60, 1)) + rng.normal(size=(60, 6))
    >>> average_variance_extracted(x, interval="none").variant
    'standardised'
    """
    return _estimate(
        x, EXTRACTED, variant, interval, missing, conf_level, n_resamples=n_resamples, seed=seed
    )


def _estimate(
    x: ArrayLike,
    formula: FactorFormula,
    variant: Variant,
    interval: Interval,
    missing: Missing,
    conf_level: float,
    *,
    n_resamples: int,
    seed: int,
) -> Coefficient:
    _check(variant, interval)
    check_level(conf_level)
    items = item_covariance(x, missing=missing)
    standardised = variant == "standardised"
    matrix, reason = _matrix(items, standardised)
    blank = undefined(
        formula.name,
        reason,
        n=items.n,
        conf_level=conf_level,
        method=f"one minres factor of {missing} correlations, {formula.method}",
        reference=formula.reference,
        variant=variant,
    )
    if reason:
        return blank
    solution = minres(matrix)
    note = _notes(items, solution, formula_interval=interval == "delta")
    if interval in ("bootstrap", "percentile"):
        rows = used_rows(x, missing)
        drawn = _bootstrap(rows, formula, solution, standardised, (n_resamples, seed))
        return with_bootstrap(blank, drawn, interval, note)
    return _with_delta(blank, formula, matrix, solution, (interval, note, items.n_effective))


def _with_delta(
    blank: Coefficient,
    formula: FactorFormula,
    matrix: FloatArray,
    solution: FactorSolution,
    asked: tuple[Interval, str, float],
) -> Coefficient:
    interval, note, n = asked
    loadings = solution.loadings[:, 0]
    value = float(formula.value(loadings, solution.uniquenesses, matrix.sum()))
    se = float("nan")
    if np.sum(loadings**2) > _LEAST_COMMON * np.trace(matrix) and n > len(matrix):
        standardised = blank.variant == "standardised"
        se = factor_standard_error(formula, matrix, loadings, n, standardised=standardised)
    method = blank.method
    if interval == "none":
        low, high, why = float("nan"), float("nan"), "no interval asked for"
    else:
        low, high, why = _delta_limits(value, se, blank.conf_level, formula is EXTRACTED)
        if n <= len(matrix):
            why = "no interval: no more units than items"
        scale = "logit" if formula is EXTRACTED else "log(1 - value)"
        method = f"{method}; delta method under normality on the scale {scale}"
    note = "; ".join(filter(None, (note, why)))
    return replace(blank, value=value, low=low, high=high, se=se, method=method, note=note)


def _delta_limits(
    value: float, se: float, conf_level: float, logit: bool
) -> tuple[float, float, str]:
    quantile = float(stats.norm.ppf((1 + conf_level) / 2))
    lost = 1 - value
    scaled = se / (value * lost if logit else lost) if value > 0 or not logit else math.inf
    if not scaled * quantile < _MOST_SCALED:
        nan = float("nan")
        return nan, nan, "no interval: these correlations do not determine a common factor"
    half = quantile * scaled
    if not logit:
        return 1 - lost * math.exp(half), 1 - lost * math.exp(-half), ""
    odds = math.log(value / lost)
    return 1 / (1 + math.exp(half - odds)), 1 / (1 + math.exp(-half - odds)), ""


def from_covariances(
    formula: FactorFormula, start: FloatArray, *, standardised: bool
) -> Callable[[FloatArray], FloatArray]:
    """Make the function that computes a coefficient from covariance matrices, all at once.

    Parameters
    ----------
    formula : FactorFormula
    start : ndarray, shape (n_items,)
        Standardised loadings to start from, such as those of the whole sample.
    standardised : bool
        Of the sum of the standardised items.

    Returns
    -------
    callable
        From shape (b, n_items, n_items) to shape (b,).

    Examples
    --------
    >>> formula = from_covariances(OMEGA, np.full(3, 0.7), standardised=False)
    >>> formula(np.eye(3)[None] + 1).round(3)
    array([0.75])
    """

    def coefficient(covariances: FloatArray) -> FloatArray:
        correlations = correlation_from_covariance(covariances)
        matrices = correlations if standardised else covariances
        loadings = one_factor_loadings(correlations, start)
        variance = np.diagonal(matrices, axis1=1, axis2=2)
        psi = np.maximum(1 - loadings**2, LEAST_UNIQUENESS) * variance
        return formula.value(loadings * np.sqrt(variance), psi, matrices.sum(axis=(1, 2)))

    return coefficient


def _bootstrap(
    x: FloatArray,
    formula: FactorFormula,
    solution: FactorSolution,
    standardised: bool,
    drawing: tuple[int, int],
) -> BootstrapDistribution:
    common = solution.loadings[:, 0] ** 2
    start = solution.loadings[:, 0] / np.sqrt(common + solution.uniquenesses)
    coefficient = from_covariances(formula, start, standardised=standardised)
    return bootstrap_covariances(x, lambda c: coefficient(c)[:, None], *drawing)[0]


def _matrix(items: ItemCovariance, standardised: bool) -> tuple[FloatArray, str]:
    reason = covariance_trouble(items, min_items=3)
    if reason:
        if len(items.means) == 2:
            reason = "one factor is not identified by two items; give three, or use alpha"
        return items.covariance, reason
    constant = constant_items(items.covariance)
    if constant:
        return items.covariance, f"items without variance: {numbered(constant)}; leave them out"
    return reliability_matrix(items, standardised)


def _notes(items: ItemCovariance, solution: FactorSolution, *, formula_interval: bool) -> str:
    notes = [items.counted if formula_interval else items.note, solution.note]
    negative = np.flatnonzero(solution.loadings[:, 0] < 0)
    if len(negative):
        notes.append(f"negative loadings of items {numbered(negative)}: reverse them?")
    return "; ".join(filter(None, notes))


def _check(variant: str, interval: str) -> None:
    if variant not in ("raw", "standardised"):
        raise ValueError(f"variant={variant!r} is unknown; give 'raw' or 'standardised'")
    known = ("delta", "bootstrap", "percentile", "none")
    if interval not in known:
        raise ValueError(f"interval={interval!r} is unknown; give one of {', '.join(known)}")
