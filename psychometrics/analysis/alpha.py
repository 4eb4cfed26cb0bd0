"""Coefficient alpha of scales."""

import warnings
from typing import Literal, overload

from psychometrics._types import FloatArray
from psychometrics.analysis.as_item_table import Tabular, item_table
from psychometrics.analysis.by_scale import by_scale
from psychometrics.analysis.clusters import over_clusters, refuse_rows
from psychometrics.analysis.estimate import Estimate
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.item_table import ItemTable
from psychometrics.analysis.verb import verb
from psychometrics.errors import EstimateWarning
from psychometrics.stats import alpha as stats_alpha
from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.item_covariance import Missing, correlation_from_covariance

FEW = 50


@overload
def alpha(
    data: Tabular,
    *,
    by: None = None,
    variant: stats_alpha.Variant = ...,
    interval: stats_alpha.Interval = ...,
    missing: Missing = ...,
    conf_level: float = ...,
    n_resamples: int = ...,
    seed: int = ...,
) -> Estimate: ...
@overload
def alpha(
    data: Tabular,
    *,
    by: Literal["scale"],
    variant: stats_alpha.Variant = ...,
    interval: stats_alpha.Interval = ...,
    missing: Missing = ...,
    conf_level: float = ...,
    n_resamples: int = ...,
    seed: int = ...,
) -> Estimates: ...
@verb
def alpha(
    data: Tabular,
    *,
    by: Literal["scale"] | None = None,
    variant: stats_alpha.Variant = "raw",
    interval: stats_alpha.Interval = "auto",
    missing: Missing = "pairwise",
    conf_level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Estimate | Estimates:
    """Cronbach's alpha of one scale, or of each.

    Parameters
    ----------
    data : Responses, Scores, ItemTable, DataFrame or ndarray
        One row a respondent, keyed; see :func:`psychometrics.item_table`.
    by : {"scale"}, optional
        Every scale by itself; without it the items have to be those of one scale.
    variant : {"raw", "standardised"}
        Of the sum of the items, or of the standardised items.
    interval : {"auto", "feldt", "normal", "bootstrap", "percentile", "none"}
        ``auto`` is Feldt's for raw alpha and the delta method for the standardised one; where
        respondents hang together (personas of several models), the percentile interval over
        resampled models, and the others, which take respondents for independent, are refused.
    missing : {"pairwise", "listwise"}
    conf_level : float
        Between 0 and 1.
    n_resamples, seed : int
        Of the bootstrap.

    Returns
    -------
    Estimate or Estimates

    Raises
    ------
    UnitError
        One respondent: its repetitions are conditions, not people.
    DataError
        The table cannot be used, or holds several scales.

    Warns
    -----
    EstimateWarning
        A bootstrap interval from fewer than 50 respondents.

    References
    ----------
    Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Psychometrika,
    16(3), 297–334. doi:10.1007/BF02310555

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(1)
    >>> pm.alpha(rng.normal(size=(60, 1)) + rng.normal(size=(60, 5)))
    alpha (raw) = 0.771 [0.665, 0.851], n = 60 respondents
    """
    given = item_table(data)
    if interval in ("bootstrap", "percentile") and len(given.frame) < FEW:
        warnings.warn(
            f"{len(given.frame)} {given.unit}: below {FEW} bootstrap intervals of alpha are too "
            "short; Feldt's is not.",
            EstimateWarning,
            stacklevel=3,
        )

    def compute(table: ItemTable) -> Coefficient:
        refuse_rows(table, interval, ("auto", "none"))
        found = stats_alpha.alpha(
            table.values, variant=variant, interval=interval, missing=missing,
            conf_level=conf_level, n_resamples=n_resamples, seed=seed,
        )  # fmt: skip

        def from_covariances(matrices: FloatArray) -> FloatArray:
            if variant == "standardised":
                matrices = correlation_from_covariance(matrices)
            return stats_alpha.alpha_from_covariance(matrices)

        return over_clusters(
            table, found, from_covariances, n_resamples=n_resamples, seed=seed,
            listwise=missing == "listwise",
        )  # fmt: skip

    return by_scale(given, by, "alpha", compute, carry=True)
