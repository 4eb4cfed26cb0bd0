"""Agreement of raters, judges, models or conditions."""

import dataclasses

import pandas as pd
from numpy.typing import ArrayLike

from psychometrics.analysis.estimate import Estimate, estimate_from
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.rating_table import Ratings
from psychometrics.stats import cohens_kappa as of_two
from psychometrics.stats import concordance as of_pairs
from psychometrics.stats import fleiss_kappa as of_many
from psychometrics.stats import gwet, krippendorff
from psychometrics.stats.bland_altman import BlandAltman
from psychometrics.stats.bland_altman import bland_altman as limits_of_agreement


def cohens_kappa(
    first: ArrayLike,
    second: ArrayLike,
    *,
    weights: str | ArrayLike = "identity",
    categories: ArrayLike | None = None,
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
    conf_level : float

    Returns
    -------
    Estimate

    Raises
    ------
    ValueError
        Ratings and categories do not fit, or unknown weights.

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
    return estimate_from(found, n_unit="units")


def gwet_ac(
    ratings: Ratings,
    *,
    weights: str | ArrayLike = "identity",
    categories: ArrayLike | None = None,
    conf_level: float = 0.95,
) -> Estimate:
    """Gwet's AC1 (identity weights) or AC2 of two or more raters, some of whom may be missing.

    Parameters
    ----------
    ratings : DataFrame or array_like, shape (n_units, n_raters)
        See :func:`psychometrics.rating_table`.
    weights, categories, conf_level
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
    found = gwet.gwet_ac(_values(ratings), weights=weights, categories=categories,
                         conf_level=conf_level)  # fmt: skip
    return estimate_from(found, n_unit="units")


def fleiss_kappa(
    ratings: Ratings, *, categories: ArrayLike | None = None, conf_level: float = 0.95
) -> Estimates:
    """Fleiss' kappa of raters, over all categories and for each.

    Parameters
    ----------
    ratings : DataFrame or array_like, shape (n_units, n_raters)
    categories, conf_level
        As in :func:`cohens_kappa`.

    Returns
    -------
    Estimates
        The overall one first; ``p_value`` tests that raters agree by chance alone.

    References
    ----------
    Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological
    Bulletin, 76(5), 378–382. doi:10.1037/h0031619

    Examples
    --------
    >>> len(fleiss_kappa([[1, 1, 1], [1, 1, 2], [2, 2, 2], [2, 1, 2], [1, 1, 1], [2, 2, 2]]))
    3
    """
    found = of_many.fleiss_kappa(_values(ratings), categories=categories, conf_level=conf_level)
    tested = [
        (found.overall, found.overall_test),
        *zip(found.categories, found.category_tests, strict=True),
    ]
    return Estimates(
        tuple(
            dataclasses.replace(estimate_from(kappa, n_unit="units"), p_value=test.p)
            for kappa, test in tested
        )
    )


def krippendorffs_alpha(
    ratings: Ratings,
    *,
    metric: str = "nominal",
    categories: ArrayLike | None = None,
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
    categories, conf_level
        As in :func:`cohens_kappa`.
    interval : {"jackknife", "bca", "percentile", "none"}
        The jackknife over units covers best; the others are bootstraps of units.
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
    found = krippendorff.krippendorffs_alpha(
        _values(ratings), metric=metric, categories=categories, interval=interval,
        conf_level=conf_level, n_resamples=n_resamples, seed=seed,
    )  # fmt: skip
    return estimate_from(found, n_unit="units")


def bland_altman(
    first: ArrayLike, second: ArrayLike, *, coverage: float = 0.95, conf_level: float = 0.95
) -> BlandAltman:
    """Bias and limits of agreement of two measurements of the same units.

    Parameters
    ----------
    first, second : array_like, shape (n_units,)
        In the same unit; a pair with a missing one is left out.
    coverage : float
        Share of differences meant to lie within the limits.
    conf_level : float
        Of the intervals of bias and limits.

    Returns
    -------
    BlandAltman
        Also what :func:`psychometrics.plot.bland_altman` draws.

    References
    ----------
    Bland, J. M., & Altman, D. G. (1999). Measuring agreement in method comparison studies.
    Statistical Methods in Medical Research, 8(2), 135–160. doi:10.1177/096228029900800204

    Examples
    --------
    >>> bland_altman([1.0, 2.0, 3.0, 4.0, 5.0], [1.5, 2.0, 3.5, 4.0, 6.0]).bias.value.__round__(2)
    -0.4
    """
    return limits_of_agreement(first, second, coverage=coverage, conf_level=conf_level)


def concordance(first: ArrayLike, second: ArrayLike, *, conf_level: float = 0.95) -> Estimates:
    """Lin's concordance correlation, and its parts: precision (r) and accuracy (C_b).

    Parameters
    ----------
    first, second : array_like, shape (n_units,)
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
    found = of_pairs.concordance(first, second, conf_level=conf_level)
    parts = (found.value, found.precision, found.accuracy)
    return Estimates(tuple(estimate_from(part, n_unit="units") for part in parts))


def _values(ratings: Ratings) -> ArrayLike:
    return ratings.to_numpy(dtype=object) if isinstance(ratings, pd.DataFrame) else ratings
