"""Reliability from one common factor: omega total, composite reliability, variance extracted."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Literal, overload

import numpy as np

from psychometrics._types import FloatArray
from psychometrics.analysis.as_item_table import Tabular
from psychometrics.analysis.by_scale import by_scale
from psychometrics.analysis.clusters import over_clusters, refuse_rows
from psychometrics.analysis.estimate import Estimate
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.item_table import ItemTable
from psychometrics.analysis.verb import verb
from psychometrics.stats import factor_formulas, minres
from psychometrics.stats import omega as stats_omega
from psychometrics.stats.alpha import Variant
from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.item_covariance import (
    Missing,
    correlation_from_covariance,
    item_covariance,
)

OmegaInterval = Literal["auto", "delta", "bootstrap", "percentile", "none"]


@overload
def omega(
    data: Tabular,
    *,
    by: None = None,
    variant: Variant = ...,
    interval: OmegaInterval = ...,
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
    interval: OmegaInterval = ...,
    missing: Missing = ...,
    conf_level: float = ...,
    n_resamples: int = ...,
    seed: int = ...,
) -> Estimates: ...
@verb
def omega(
    data: Tabular,
    *,
    by: Literal["scale"] | None = None,
    variant: Variant = "raw",
    interval: OmegaInterval = "auto",
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
    interval : {"auto", "delta", "bootstrap", "percentile", "none"}
        ``auto``: delta method under normality; where respondents hang together, the percentile
        interval over resampled models, and the others, which take respondents for independent, are
        refused. ``bootstrap``: BCa over respondents.
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
    options = _Options(variant, interval, missing, conf_level, n_resamples, seed)
    return by_scale(
        data, by, "omega", _computed(stats_omega.omega, factor_formulas.OMEGA, options), carry=True
    )


@overload
def composite_reliability(
    data: Tabular,
    *,
    by: None = None,
    variant: Variant = ...,
    interval: OmegaInterval = ...,
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
    interval: OmegaInterval = ...,
    missing: Missing = ...,
    conf_level: float = ...,
    n_resamples: int = ...,
    seed: int = ...,
) -> Estimates: ...
@verb
def composite_reliability(
    data: Tabular,
    *,
    by: Literal["scale"] | None = None,
    variant: Variant = "raw",
    interval: OmegaInterval = "auto",
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
    options = _Options(variant, interval, missing, conf_level, n_resamples, seed)
    return by_scale(
        data,
        by,
        "composite_reliability",
        _computed(stats_omega.composite_reliability, factor_formulas.COMPOSITE, options),
        carry=True,
    )


@overload
def average_variance_extracted(
    data: Tabular,
    *,
    by: None = None,
    variant: Variant = ...,
    interval: OmegaInterval = ...,
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
    interval: OmegaInterval = ...,
    missing: Missing = ...,
    conf_level: float = ...,
    n_resamples: int = ...,
    seed: int = ...,
) -> Estimates: ...
@verb
def average_variance_extracted(
    data: Tabular,
    *,
    by: Literal["scale"] | None = None,
    variant: Variant = "standardised",
    interval: OmegaInterval = "auto",
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
    options = _Options(variant, interval, missing, conf_level, n_resamples, seed)
    return by_scale(
        data,
        by,
        "average_variance_extracted",
        _computed(stats_omega.average_variance_extracted, factor_formulas.EXTRACTED, options),
        carry=True,
    )


@dataclass(frozen=True, slots=True)
class _Options:
    variant: Variant
    interval: OmegaInterval
    missing: Missing
    conf_level: float
    n_resamples: int
    seed: int


def _computed(
    function: Callable[..., Coefficient], formula: factor_formulas.FactorFormula, asked: _Options
) -> Callable[[ItemTable], Coefficient]:
    """Make the function that computes the coefficient of one table."""

    def compute(table: ItemTable) -> Coefficient:
        refuse_rows(table, asked.interval, ("auto", "none"))
        options = asdict(asked)
        options["interval"] = "delta" if asked.interval == "auto" else asked.interval
        found = function(table.values, **options)
        return over_clusters(
            table, found, _again(table, formula, found, asked),
            n_resamples=asked.n_resamples, seed=asked.seed, listwise=asked.missing == "listwise",
        )  # fmt: skip

    return compute


def _again(
    table: ItemTable, formula: factor_formulas.FactorFormula, found: Coefficient, asked: _Options
) -> Callable[[FloatArray], FloatArray] | None:
    """Make the function that computes the coefficient from resampled covariances."""
    if not table.is_clustered or np.isnan(found.value):
        return None
    covariance = item_covariance(table.values, missing=asked.missing).covariance
    start = minres.minres(correlation_from_covariance(covariance)).loadings[:, 0]
    return stats_omega.from_covariances(
        formula, start, standardised=asked.variant == "standardised"
    )
