"""Agreement of raters, judges, models or conditions."""

from collections.abc import Callable, Sequence
from dataclasses import fields, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from psychometrics._types import FloatArray, IntArray
from psychometrics.analysis.clusters import resamples_clusters, settle
from psychometrics.analysis.estimate import Estimate, estimate_from
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.limits_of_agreement import LimitsOfAgreement
from psychometrics.analysis.rating_table import Ratings
from psychometrics.analysis.unit_clusters import (
    Cluster,
    Labels,
    clusters_of,
    over_clusters,
    table_of,
)
from psychometrics.analysis.verb import verb
from psychometrics.stats import cohens_kappa as of_two
from psychometrics.stats import concordance as of_pairs
from psychometrics.stats import fleiss_kappa as of_many
from psychometrics.stats import gwet, krippendorff
from psychometrics.stats.bland_altman import BlandAltman
from psychometrics.stats.bland_altman import bland_altman as limits_of_agreement
from psychometrics.stats.bootstrap import bootstrap
from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.ratings import Ratings as Codes
from psychometrics.stats.ratings import agreement_of_units, agreement_weights, read_ratings
from psychometrics.stats.resampling import of_indices

DRAWN = ("bca", "percentile")
LINES = ("bias", "lower", "upper", "slope")
METRIC_WEIGHTS = {
    "nominal": "identity", "ordinal": "quadratic", "interval": "quadratic", "ratio": "quadratic",
}  # fmt: skip


@verb
def cohens_kappa(
    first: ArrayLike,
    second: ArrayLike,
    *,
    weights: str | ArrayLike = "identity",
    categories: ArrayLike | None = None,
    cluster: Cluster = None,
    conf_level: float = 0.95,
) -> Estimate:
    """Cohen's kappa of two raters, plain or weighted.

    Parameters
    ----------
    first, second : array_like, shape (n_units,)
        Ratings of the same units: numbers or text; a unit with a missing one is left out.
    weights : {"identity", "linear", "quadratic", "ordinal"} or array_like, shape (k, k)
        Credit for each pair of categories, 1 for agreement.
    categories : array_like, optional
        All categories in order, also those that nobody chose.
    cluster : str or sequence, optional
        What units hang together: a level of the index, or one label a unit. If not given, units
        whose index has a level ``respondent`` with several rows each hang together by respondent;
        with one respondent, its items are the units.
    conf_level : float

    Returns
    -------
    Estimate
        Of units that hang together, n counts all, and the interval is a jackknife over clusters;
        below five clusters there is none.

    Raises
    ------
    DataError
        Ratings, categories and clusters do not fit, or unknown weights.

    References
    ----------
    Cohen, J. (1968). Weighted kappa. Psychological Bulletin, 70(4), 213–220.
    doi:10.1037/h0026256

    Examples
    --------
    >>> cohens_kappa(list("aabbcc"), list("aabbca")).value.__round__(3)
    0.75
    """
    found = of_two.cohens_kappa(
        first, second, weights=weights, categories=categories, conf_level=conf_level
    )
    labels = clusters_of(first, cluster, len(np.asarray(first)))
    if labels is None:
        return estimate_from(found, n_unit="units")
    pairs = pd.DataFrame({"a": np.asarray(first), "b": np.asarray(second)})
    ratings = read_ratings(pairs.to_numpy(dtype=object), categories)
    q = len(ratings.categories)

    def kappa(rows: IntArray) -> tuple[float]:
        both = ratings.codes[rows][(ratings.codes[rows] >= 0).all(axis=1)]
        table = np.bincount(both @ [q, 1], minlength=q * q).reshape(q, q)
        of_rows = of_two.cohens_kappa_of_table(
            table, weights=weights, categories=list(ratings.categories)
        )
        return (of_rows.value,)

    agreed = _agreed(ratings, weights)
    return estimate_from(over_clusters([found], labels, agreed, kappa)[0], n_unit="units")


@verb
def gwet_ac(
    ratings: Ratings,
    *,
    weights: str | ArrayLike = "identity",
    categories: ArrayLike | None = None,
    cluster: Cluster = None,
    conf_level: float = 0.95,
) -> Estimate:
    """Gwet's AC1 (identity weights) or AC2 of two or more raters, some of whom may be missing.

    Parameters
    ----------
    ratings : DataFrame or array_like, shape (n_units, n_raters)
        See :func:`psychometrics.rating_table`.
    weights, categories, cluster, conf_level
        As in :func:`cohens_kappa`.

    Returns
    -------
    Estimate

    References
    ----------
    Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high
    agreement. British Journal of Mathematical and Statistical Psychology, 61(1), 29–48.
    doi:10.1348/000711006X126600

    Examples
    --------
    >>> gwet_ac([[1, 1], [1, 1], [2, 2], [2, 1], [1, 1], [2, 2]]).value.__round__(3)
    0.676
    """
    values = _values(ratings)
    found = gwet.gwet_ac(values, weights=weights, categories=categories, conf_level=conf_level)
    labels = clusters_of(ratings, cluster, len(np.asarray(values)))
    if labels is None:
        return estimate_from(found, n_unit="units")
    codes = read_ratings(values, categories)
    counts, known = codes.counts, list(codes.categories)

    def coefficient(rows: IntArray) -> tuple[float]:
        return (gwet.gwet_ac_of_counts(counts[rows], weights=weights, categories=known).value,)

    settled = over_clusters([found], labels, _agreed(codes, weights), coefficient)
    return estimate_from(settled[0], n_unit="units")


@verb
def fleiss_kappa(
    ratings: Ratings,
    *,
    categories: ArrayLike | None = None,
    cluster: Cluster = None,
    conf_level: float = 0.95,
) -> Estimates:
    """Fleiss' kappa of raters, over all categories and for each.

    Parameters
    ----------
    ratings : DataFrame or array_like, shape (n_units, n_raters)
    categories, cluster, conf_level
        As in :func:`cohens_kappa`.

    Returns
    -------
    Estimates
        The overall one first; ``p_value`` tests that raters agree by chance alone, and is missing
        where units hang together.

    References
    ----------
    Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological
    Bulletin, 76(5), 378–382. doi:10.1037/h0031619

    Examples
    --------
    >>> len(fleiss_kappa([[1, 1, 1], [1, 1, 2], [2, 2, 2], [2, 1, 2], [1, 1, 1], [2, 2, 2]]))
    3
    """
    values = _values(ratings)
    found = of_many.fleiss_kappa(values, categories=categories, conf_level=conf_level)
    parts = [
        replace(kappa, p_value=test.p)
        for kappa, test in zip(
            (found.overall, *found.categories), (found.overall_test, *found.category_tests),
            strict=True,
        )
    ]  # fmt: skip
    labels = clusters_of(ratings, cluster, len(np.asarray(values)))
    if labels is not None:
        codes = read_ratings(values, categories)
        counts, known = codes.counts, list(codes.categories)

        def kappas(rows: IntArray) -> list[float]:
            of_rows = of_many.fleiss_kappa_of_counts(counts[rows], categories=known)
            return [of_rows.overall.value, *(part.value for part in of_rows.categories)]

        parts = over_clusters(parts, labels, _agreed(codes, "identity"), kappas)
    return Estimates(tuple(estimate_from(part, n_unit="units") for part in parts))


@verb
def krippendorffs_alpha(
    ratings: Ratings,
    *,
    metric: str = "nominal",
    categories: ArrayLike | None = None,
    cluster: Cluster = None,
    interval: str = "jackknife",
    conf_level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Estimate:
    """Krippendorff's alpha of any number of raters, some of whom may be missing.

    Parameters
    ----------
    ratings : DataFrame or array_like, shape (n_units, n_raters)
    metric : {"nominal", "ordinal", "interval", "ratio"}
    categories, cluster, conf_level
        As in :func:`cohens_kappa`.
    interval : {"jackknife", "bca", "percentile", "none"}
        The jackknife over units covers best; the others are bootstraps of units. Where units hang
        together, clusters are left out or resampled.
    n_resamples, seed : int
        Of the bootstrap.

    Returns
    -------
    Estimate

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's alpha-reliability. University of Pennsylvania.

    Examples
    --------
    >>> found = krippendorffs_alpha([[1, 1], [1, 1], [2, 2], [2, 1], [1, 1], [2, 2]])
    >>> found.value.__round__(3)
    0.686
    """
    values = _values(ratings)
    labels = clusters_of(ratings, cluster, len(np.asarray(values)))
    found = krippendorff.krippendorffs_alpha(
        values, metric=metric, categories=categories, conf_level=conf_level,
        interval=interval if labels is None else "jackknife" if interval in DRAWN else interval,
        n_resamples=n_resamples, seed=seed,
    )  # fmt: skip
    if labels is None:
        return estimate_from(found, n_unit="units")
    codes = read_ratings(values, categories)
    numbers, agreed = _numbers(codes), _agreed(codes, METRIC_WEIGHTS[metric])

    def alpha(rows: IntArray) -> float:
        return krippendorff.krippendorffs_alpha(numbers[rows], metric=metric, interval="none").value

    if interval not in DRAWN or np.isnan(found.low):
        settled = over_clusters([found], labels, agreed, lambda rows: (alpha(rows),))
        return estimate_from(settled[0], n_unit="units")
    table = table_of(agreed, labels)
    if resamples_clusters(table):
        found = _drawn(found, alpha, labels, interval, n_resamples, seed)
    return estimate_from(settle(table, found, resampled=True), n_unit="units")


@verb
def bland_altman(
    first: ArrayLike,
    second: ArrayLike,
    *,
    coverage: float = 0.95,
    cluster: Cluster = None,
    conf_level: float = 0.95,
) -> LimitsOfAgreement:
    """Bias and limits of agreement of two measurements of the same units.

    Parameters
    ----------
    first, second : array_like, shape (n_units,)
        In the same unit; a pair with a missing one is left out.
    coverage : float
        Share of differences meant to lie within the limits.
    cluster : str or sequence, optional
        As in :func:`cohens_kappa`.
    conf_level : float
        Of the intervals of bias and limits.

    Returns
    -------
    LimitsOfAgreement
        Its ``to_estimates()`` go into tables; :func:`psychometrics.plot.bland_altman` draws it.

    Raises
    ------
    DataError
        The two have not one length, hold no numbers, or a level is out of range.

    References
    ----------
    Bland, J. M., & Altman, D. G. (1999). Measuring agreement in method comparison studies.
    Statistical Methods in Medical Research, 8(2), 135–160. doi:10.1177/096228029900800204

    Examples
    --------
    >>> bland_altman([1.0, 2.0, 3.0, 4.0, 5.0], [1.5, 2.0, 3.5, 4.0, 6.0]).bias.value.__round__(2)
    -0.4
    """
    x, y = (np.asarray(z, dtype=np.float64) for z in (first, second))
    found = limits_of_agreement(x, y, coverage=coverage, conf_level=conf_level)
    parts = {field.name: getattr(found, field.name) for field in fields(BlandAltman)}
    labels = clusters_of(first, cluster, len(x))
    if labels is not None:

        def values(rows: IntArray) -> list[float]:
            of_rows = limits_of_agreement(x[rows], y[rows], coverage=coverage)
            return [getattr(of_rows, name).value for name in LINES]

        lines = [replace(parts[n], method=parts[n].method.replace(", ", "; ")) for n in LINES]
        settled = over_clusters(lines, labels, x - y, values, fisher=False)
        parts.update(zip(LINES, settled, strict=True))
    return LimitsOfAgreement(**parts)


@verb
def concordance(
    first: ArrayLike, second: ArrayLike, *, cluster: Cluster = None, conf_level: float = 0.95
) -> Estimates:
    """Lin's concordance correlation, and its parts: precision (r) and accuracy (C_b).

    Parameters
    ----------
    first, second : array_like, shape (n_units,)
    cluster : str or sequence, optional
        As in :func:`cohens_kappa`.
    conf_level : float

    Returns
    -------
    Estimates
        Concordance first.

    References
    ----------
    Lin, L. I.-K. (1989). A concordance correlation coefficient to evaluate reproducibility.
    Biometrics, 45(1), 255–268. doi:10.2307/2532051

    Examples
    --------
    >>> concordance([1.0, 2.0, 3.0, 4.0, 5.0], [1.5, 2.0, 3.5, 4.0, 6.0])[0].value.__round__(2)
    0.94
    """
    x, y = (np.asarray(z, dtype=np.float64) for z in (first, second))
    parts = _concordance_parts(x, y, conf_level)
    labels = clusters_of(first, cluster, len(x))
    if labels is not None:
        parts = over_clusters(
            parts, labels, x - y,
            lambda rows: [part.value for part in _concordance_parts(x[rows], y[rows], conf_level)],
        )  # fmt: skip
    return Estimates(tuple(estimate_from(part, n_unit="units") for part in parts))


def _drawn(
    found: Coefficient, alpha: Callable[[IntArray], float], labels: Labels, kind: str,
    n_resamples: int, seed: int,
) -> Coefficient:  # fmt: skip
    """The same coefficient with the interval of a bootstrap of clusters."""
    n = len(labels)
    drawn = bootstrap(
        of_indices(alpha, n), n, n_resamples, seed, clusters=labels, bca=kind == "bca"
    )
    resampled = drawn.coefficient(
        found.name, kind=kind, conf_level=found.conf_level, variant=found.variant,
        method=found.method.partition("; ")[0], reference=krippendorff.REFERENCE,
    )  # fmt: skip
    return replace(resampled, value=found.value, n=found.n)


def _concordance_parts(x: FloatArray, y: FloatArray, conf_level: float) -> list[Coefficient]:
    found = of_pairs.concordance(x, y, conf_level=conf_level)
    return [found.value, found.precision, found.accuracy]


def _values(ratings: Ratings) -> ArrayLike:
    return ratings.to_numpy(dtype=object) if isinstance(ratings, pd.DataFrame) else ratings


def _agreed(ratings: Codes, weights: str | ArrayLike) -> FloatArray:
    """How far the raters of each unit agree; NaN with fewer than two."""
    return agreement_of_units(ratings.counts, agreement_weights(weights, ratings.categories))


def _numbers(ratings: Codes) -> FloatArray:
    """Ratings as numbers; text as places in its order."""
    text = any(isinstance(label, str) for label in ratings.categories)
    places: Sequence[object] = range(len(ratings.categories)) if text else ratings.categories
    known = np.append(np.asarray(places, dtype=np.float64), np.nan)
    return np.asarray(known[ratings.codes], dtype=np.float64)
