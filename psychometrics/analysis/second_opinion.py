"""The same coefficient from another package."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from psychometrics._types import FloatArray
from psychometrics.analysis.estimate import Estimate
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.one_estimate import one_estimate
from psychometrics.analysis.packages import asking, named, package, quiet
from psychometrics.analysis.verb import verb
from psychometrics.errors import DataError, DependencyError

_NAN = (float("nan"), float("nan"))
_PINGOUIN_ALPHA = "its interval is rounded to 3 decimals"
_PINGOUIN_ICC = "its intervals are rounded to 2 decimals"
_PINGOUIN_ICC2 = (
    "its interval of ICC(A,1) and ICC(A,k) is the F interval, off its level with few raters"
)
_ROWS = "its interval takes rows that hang together for independent"
_FA_FIT = "fitting fails with scikit-learn 1.8 and later"
_FA_PHI = (
    "after an oblique rotation of several factors the factor correlations come in another order "
    "than the loadings (one factor, as here, is not touched)"
)


@dataclass(frozen=True)
class SecondOpinion:
    """Our value beside that of an independent package.

    Parameters
    ----------
    estimate : Estimate
        Ours.
    package : str
        Name and version.
    value : float
    interval : tuple of float
        As the package gives it; NaN where it gives none.
    known_faults : tuple of str
        What is known to be wrong, or coarse, in what the package returns here.
    """

    estimate: Estimate
    package: str
    value: float
    interval: tuple[float, float]
    known_faults: tuple[str, ...]

    @property
    def difference(self) -> float:
        """Ours minus theirs."""
        return self.estimate.value - self.value

    def to_frame(self) -> pd.DataFrame:
        """Two rows, ours first."""
        ours = self.estimate
        return pd.DataFrame(
            {
                "coefficient": [ours.label] * 2,
                "from": [f"psychometrics: {ours.method}", self.package],
                "value": [ours.value, self.value],
                "ci_low": [ours.ci_low, self.interval[0]],
                "ci_high": [ours.ci_high, self.interval[1]],
                "difference": [np.nan, self.difference],
            }
        )

    def __repr__(self) -> str:
        faults = f"; known of it: {'; '.join(self.known_faults)}" if self.known_faults else ""
        return (
            f"<SecondOpinion on {self.estimate.label}: ours {self.estimate.value:.6f}, "
            f"{self.package} {self.value:.6f}, difference {self.difference:.1e}{faults}>"
        )


@verb
def second_opinion(estimate: Estimate | Estimates) -> SecondOpinion:
    """Compute an estimate again with an independent package.

    Parameters
    ----------
    estimate : Estimate
        Alpha or an intraclass correlation (pingouin), omega total or composite reliability
        (factor_analyzer's minres), or a Pearson or Spearman correlation (pingouin); it carries
        its data.

    Returns
    -------
    SecondOpinion

    Raises
    ------
    DataError
        No package computes it, it was not estimated, it does not carry its data, or several
        estimates are given.
    DependencyError
        The package is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> x = np.array([[1, 2, 2], [2, 2, 3], [3, 4, 3], [5, 4, 5.0]])
    >>> abs(pm.second_opinion(pm.alpha(x)).difference) < 1e-12
    True
    """
    estimate = one_estimate(estimate)
    opinion = _OPINIONS.get(estimate.name)
    if opinion is None:
        raise DataError(
            f"No second package computes {estimate.label}.",
            f"There is a second opinion on: {', '.join(_OPINIONS)}.",
        )
    if estimate.table is None:
        raise DataError(
            f"{estimate.label} does not carry the answers it was computed from.",
            "Give the estimate as the verb returned it, not one read from a table.",
        )
    if np.isnan(estimate.value):
        raise DataError(
            f"{estimate.label} was not estimated ({estimate.note}), so there is nothing to check.",
            "Mend what the reason names, then ask again.",
        )
    with asking("The second package", "Look for columns that do not vary and for missing rows."):
        found = opinion(estimate, estimate.table.values)
    if not estimate.table.is_clustered or np.isnan(found.interval[0]):
        return found
    return replace(found, known_faults=(_ROWS, *found.known_faults))


def _alpha(estimate: Estimate, x: FloatArray) -> SecondOpinion:
    pingouin = package("pingouin")
    listwise = "listwise" in estimate.method
    if estimate.variant == "standardised":
        x = x[~np.isnan(x).any(axis=1)] if listwise else x
        x = (x - np.nanmean(x, axis=0)) / np.nanstd(x, axis=0, ddof=1)
    with quiet():
        value, interval = pingouin.cronbach_alpha(
            pd.DataFrame(x),
            nan_policy="listwise" if listwise else "pairwise",
            ci=estimate.conf_level,
        )
    return _opinion(estimate, "pingouin", value, interval, (_PINGOUIN_ALPHA,))


def _intraclass(estimate: Estimate, x: FloatArray) -> SecondOpinion:
    pingouin = package("pingouin")
    complete = ~np.isnan(x).any(axis=1)
    x, lacking = x[complete], int((~complete).sum())
    n, k = x.shape
    long = pd.DataFrame(
        {"unit": np.repeat(np.arange(n), k), "rater": np.tile(np.arange(k), n), "x": x.ravel()}
    )
    with quiet():
        table = pingouin.intraclass_corr(long, targets="unit", raters="rater", ratings="x")
    form = _mcgraw_wong(estimate.variant)
    row = table.loc[table["Type"].isin([form, estimate.variant.split(",")[0]])].iloc[0]
    faults = (_PINGOUIN_ICC, _PINGOUIN_ICC2) if form.startswith("ICC(A") else (_PINGOUIN_ICC,)
    if lacking:
        faults = (f"it takes complete rows only and leaves out {lacking}; ours uses them", *faults)
    # The package's intervals are at 95 % only.
    interval = row["CI95"] if np.isclose(estimate.conf_level, 0.95) else _NAN
    return _opinion(estimate, "pingouin", row["ICC"], interval, faults)


def _omega(estimate: Estimate, x: FloatArray) -> SecondOpinion:
    analyzer = package("factor_analyzer")
    from psychometrics.stats.item_covariance import correlation_from_covariance, item_covariance

    listwise = "listwise" in estimate.method
    covariance = item_covariance(x, missing="listwise" if listwise else "pairwise").covariance
    correlation = correlation_from_covariance(covariance)
    with quiet():
        fitted = analyzer.FactorAnalyzer(n_factors=1, rotation=None, is_corr_matrix=True)
        try:
            fitted.fit(correlation)
        except TypeError as error:
            raise DependencyError(
                f"factor_analyzer cannot fit with the scikit-learn that is installed ({error}).",
                "pip install 'scikit-learn<1.8'",
            ) from error
    spread = np.ones(len(correlation))
    if estimate.variant != "standardised":
        spread = np.sqrt(np.diag(covariance))
    loadings = fitted.loadings_[:, 0] * spread
    unique = float((spread**2 * fitted.get_uniquenesses()).sum())
    matrix = correlation if estimate.variant == "standardised" else covariance
    common = float(loadings.sum()) ** 2
    implied = estimate.name == "composite reliability"
    value = 1 - unique / (common + unique if implied else matrix.sum())
    return _opinion(estimate, "factor_analyzer", value, _NAN, (_FA_FIT, _FA_PHI))


def _correlation(estimate: Estimate, x: FloatArray) -> SecondOpinion:
    pingouin = package("pingouin")
    with quiet():
        method = estimate.variant.lower() or "pearson"
        row = pingouin.corr(x[:, 0], x[:, 1], method=method).iloc[0]
    interval = row["CI95"] if np.isclose(estimate.conf_level, 0.95) else _NAN
    return _opinion(estimate, "pingouin", row["r"], interval, (_PINGOUIN_ICC,))


_OPINIONS: dict[str, Callable[[Estimate, FloatArray], SecondOpinion]] = {
    "alpha": _alpha,
    "intraclass correlation": _intraclass,
    "omega total": _omega,
    "composite reliability": _omega,
    "r": _correlation,
}


def _opinion(
    estimate: Estimate,
    source: str,
    value: float,
    interval: Sequence[float],
    faults: tuple[str, ...],
) -> SecondOpinion:
    limits = (float(interval[0]), float(interval[1]))
    return SecondOpinion(estimate, named(source), float(value), limits, faults)


def _mcgraw_wong(variant: str) -> str:
    """Find McGraw and Wong's name in a variant such as ``ICC(2,1), ICC(A,1)``."""
    found = re.search(r"ICC\([AC],[1k]\)|ICC\(1,[1k]\)", variant)
    return found.group() if found else variant
