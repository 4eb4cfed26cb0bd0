"""Reliability from one common factor: omega total, composite reliability, variance extracted."""

from collections.abc import Callable
from typing import Literal, overload

import numpy as np

from psychometrics._types import FloatArray
from psychometrics.analysis.as_item_table import Tabular
from psychometrics.analysis.by_scale import by_scale
from psychometrics.analysis.clusters import over_clusters
from psychometrics.analysis.estimate import Estimate
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.item_table import ItemTable
from psychometrics.stats import factor_formulas, minres
from psychometrics.stats import omega as stats_omega
from psychometrics.stats.alpha import Variant
from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.item_covariance import (
    Missing,
    correlation_from_covariance,
    item_covariance,
)
from psychometrics.stats.omega import Interval


@overload
def omega(
    data: Tabular,
    *,
    by: None = None,
    variant: Variant = ...,
    interval: Interval = ...,
    missing: Missing = ...,
    conf_level: float = ...,
    n_resamples: int = ...,
    seed: int = ...,
) -> Estimate: ...
@overload
def omega(
    data: Tabular,
    *,
    by: Literal["scale"],
    variant: Variant = ...,
    interval: Interval = ...,
    missing: Missing = ...,
    conf_level: float = ...,
    n_resamples: int = ...,
    seed: int = ...,
) -> Estimates: ...
def omega(
    data: Tabular,
    *,
    by: Literal["scale"] | None = None,
    variant: Variant = "raw",
    interval: Interval = "delta",
    missing: Missing = "pairwise",
    conf_level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Estimate | Estimates:
    """McDonald's omega total of one common factor: 1 − Σψ / V.

    Parameters
    ----------
    data : Responses, Scores, ItemTable, DataFrame or ndarray
        At least three items a scale; one row a respondent, keyed.
    by : {"scale"}, optional
        Every scale by itself; without it the items have to be those of one scale.
    variant : {"raw", "standardised"}
        Of the sum of the items, or of the standardised items.
    interval : {"delta", "bootstrap", "percentile", "none"}
        Delta method under normality; BCa or percentile bootstrap of respondents.
    missing : {"pairwise", "listwise"}
    conf_level : float
        Between 0 and 1.
    n_resamples, seed : int
        Of the bootstrap.

    Returns
    -------
    Estimate or Estimates
        The interval is that over resampled models where respondents hang together.

    Raises
    ------
    UnitError
        One respondent: its repetitions are conditions, not people.
    DataError
        The table cannot be used, or holds several scales.

    References
    ----------
    McDonald, R. P. (1999). Test Theory: A Unified Treatment. Erlbaum.

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(60, 1)) + rng.normal(size=(60, 6))
    >>> pm.omega(x)
    omega total (raw) = 0.837 [0.758, 0.891], n = 60 respondents
    """

    def compute(table: ItemTable) -> Coefficient:
        found = stats_omega.omega(
            table.values, variant=variant, interval=interval, missing=missing,
            conf_level=conf_level, n_resamples=n_resamples, seed=seed,
        )  # fmt: skip
        again = _again(table, factor_formulas.OMEGA, found, variant)
        return over_clusters(table, found, again, n_resamples=n_resamples, seed=seed)

    return by_scale(data, by, "omega", compute, carry=True)


@overload
def composite_reliability(
    data: Tabular,
    *,
    by: None = None,
    variant: Variant = ...,
    interval: Interval = ...,
    missing: Missing = ...,
    conf_level: float = ...,
    n_resamples: int = ...,
    seed: int = ...,
) -> Estimate: ...
@overload
def composite_reliability(
    data: Tabular,
    *,
    by: Literal["scale"],
    variant: Variant = ...,
    interval: Interval = ...,
    missing: Missing = ...,
    conf_level: float = ...,
    n_resamples: int = ...,
    seed: int = ...,
) -> Estimates: ...
def composite_reliability(
    data: Tabular,
    *,
    by: Literal["scale"] | None = None,
    variant: Variant = "raw",
    interval: Interval = "delta",
    missing: Missing = "pairwise",
    conf_level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Estimate | Estimates:
    """Composite reliability of one common factor: (Σλ)² / ((Σλ)² + Σψ).

    Parameters
    ----------
    data, by, variant, interval, missing, conf_level, n_resamples, seed
        As in :func:`omega`.

    Returns
    -------
    Estimate or Estimates
        The interval is that over resampled models where respondents hang together.

    Raises
    ------
    UnitError
        One respondent: its repetitions are conditions, not people.
    DataError
        The table cannot be used, or holds several scales.

    References
    ----------
    Jöreskog, K. G. (1971). Statistical analysis of sets of congeneric tests. Psychometrika, 36(2),
    109–133. doi:10.1007/BF02291393

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(60, 1)) + rng.normal(size=(60, 6))
    >>> pm.composite_reliability(x)
    composite reliability (raw) = 0.8... [0.7..., 0.8...], n = 60 respondents
    """

    def compute(table: ItemTable) -> Coefficient:
        found = stats_omega.composite_reliability(
            table.values, variant=variant, interval=interval, missing=missing,
            conf_level=conf_level, n_resamples=n_resamples, seed=seed,
        )  # fmt: skip
        again = _again(table, factor_formulas.COMPOSITE, found, variant)
        return over_clusters(table, found, again, n_resamples=n_resamples, seed=seed)

    return by_scale(data, by, "composite_reliability", compute, carry=True)


@overload
def average_variance_extracted(
    data: Tabular,
    *,
    by: None = None,
    variant: Variant = ...,
    interval: Interval = ...,
    missing: Missing = ...,
    conf_level: float = ...,
    n_resamples: int = ...,
    seed: int = ...,
) -> Estimate: ...
@overload
def average_variance_extracted(
    data: Tabular,
    *,
    by: Literal["scale"],
    variant: Variant = ...,
    interval: Interval = ...,
    missing: Missing = ...,
    conf_level: float = ...,
    n_resamples: int = ...,
    seed: int = ...,
) -> Estimates: ...
def average_variance_extracted(
    data: Tabular,
    *,
    by: Literal["scale"] | None = None,
    variant: Variant = "standardised",
    interval: Interval = "delta",
    missing: Missing = "pairwise",
    conf_level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Estimate | Estimates:
    """Average variance extracted by one common factor: Σλ² / (Σλ² + Σψ).

    Parameters
    ----------
    data, by, variant, interval, missing, conf_level, n_resamples, seed
        As in :func:`omega`.

    Returns
    -------
    Estimate or Estimates
        The interval is that over resampled models where respondents hang together.

    Raises
    ------
    UnitError
        One respondent: its repetitions are conditions, not people.
    DataError
        The table cannot be used, or holds several scales.

    References
    ----------
    Fornell, C., & Larcker, D. F. (1981). Evaluating structural equation models with unobservable
    variables and measurement error. Journal of Marketing Research, 18(1), 39–50.
    doi:10.1177/002224378101800104

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(60, 1)) + rng.normal(size=(60, 6))
    >>> pm.average_variance_extracted(x)
    average variance extracted (standardised) = 0.4... [0.3..., 0.5...], n = 60 respondents
    """

    def compute(table: ItemTable) -> Coefficient:
        found = stats_omega.average_variance_extracted(
            table.values, variant=variant, interval=interval, missing=missing,
            conf_level=conf_level, n_resamples=n_resamples, seed=seed,
        )  # fmt: skip
        again = _again(table, factor_formulas.EXTRACTED, found, variant)
        return over_clusters(table, found, again, n_resamples=n_resamples, seed=seed)

    return by_scale(data, by, "average_variance_extracted", compute, carry=True)


def _again(
    table: ItemTable, formula: factor_formulas.FactorFormula, found: Coefficient, variant: Variant
) -> Callable[[FloatArray], FloatArray] | None:
    """Make the function that computes the coefficient from resampled covariances."""
    if not table.is_clustered or np.isnan(found.value):
        return None
    correlation = correlation_from_covariance(item_covariance(table.values).covariance)
    start = minres.minres(correlation).loadings[:, 0]
    return stats_omega.from_covariances(formula, start, standardised=variant == "standardised")
