"""Lower bounds to reliability, and split halves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from psychometrics.analysis.as_item_table import Tabular
from psychometrics.analysis.by_scale import one_set, sets_of
from psychometrics.analysis.clusters import over_clusters
from psychometrics.analysis.estimate import Estimate, estimate_from
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.item_table import ItemTable
from psychometrics.analysis.verb import verb
from psychometrics.stats import greatest_lower_bound as glb
from psychometrics.stats import split_half as halves_of
from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.guttman import Interval, On, guttman
from psychometrics.stats.item_covariance import Missing
from psychometrics.stats.split_half import SplitHalfDistribution

_BOUNDS = (*(f"lambda{n}" for n in range(1, 7)), *(f"mu{n}" for n in range(4)))


@verb
def guttman_lambdas(
    data: Tabular,
    *,
    by: Literal["scale"] | None = None,
    on: On = "covariance",
    interval: Interval = "none",
    missing: Missing = "pairwise",
    conf_level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Estimates:
    """Guttman's lambda-1 to lambda-6, and mu-0 to mu-3 of ten Berge and Zegers.

    Parameters
    ----------
    data : Responses, Scores, ItemTable, DataFrame or ndarray
        One row a respondent, keyed.
    by : {"scale"}, optional
    on : {"covariance", "correlation"}
        Of the items as they are, or standardised, as R's psych has it.
    interval : {"none", "bootstrap", "percentile"}
        The bootstrap takes in the variation of samples, not the bias upward of lambda-4 and
        lambda-6.
    missing : {"pairwise", "listwise"}
    conf_level : float
    n_resamples, seed : int

    Returns
    -------
    Estimates
        Lambda-4 is that of the best split; beyond 20 items of 92,378 splits drawn at random.

    Raises
    ------
    UnitError
        One respondent.
    DataError
        The table cannot be used, or holds several scales.

    References
    ----------
    Guttman, L. (1945). A basis for analyzing test-retest reliability. Psychometrika, 10(4),
    255–282. doi:10.1007/BF02288892

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(1)
    >>> pm.guttman_lambdas(rng.normal(size=(80, 1)) + rng.normal(size=(80, 6)))["lambda-2"].n
    80
    """
    found = []
    for name, table in sets_of(data, by, "Guttman's lambdas").items():
        bounds = guttman(
            table.values, on=on, interval=interval, missing=missing, conf_level=conf_level,
            n_resamples=n_resamples, seed=seed,
        )  # fmt: skip
        found += [_estimate(getattr(bounds, bound), name, table) for bound in _BOUNDS]
    return Estimates(tuple(found))


@verb
def greatest_lower_bound(
    data: Tabular,
    *,
    by: Literal["scale"] | None = None,
    on: On = "covariance",
    missing: Missing = "pairwise",
) -> Estimates:
    """Smallest reliability that the covariances of the items allow, with lambda-2 beside it.

    Parameters
    ----------
    data, by, on, missing
        As in :func:`guttman_lambdas`.

    Returns
    -------
    Estimates
        For each scale the greatest lower bound, which overstates reliability below about 1,000
        respondents, and lambda-2, which hardly does. No intervals: the bias leaves a bootstrap off
        target.

    Raises
    ------
    UnitError
        One respondent.
    DataError
        The table cannot be used, or holds several scales.

    References
    ----------
    Woodhouse, B., & Jackson, P. H. (1977). Lower bounds for the reliability of the total score on
    a test composed of non-homogeneous items: II. Psychometrika, 42(4), 579–591.
    doi:10.1007/BF02295980

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(1)
    >>> found = pm.greatest_lower_bound(rng.normal(size=(80, 1)) + rng.normal(size=(80, 6)))
    >>> found[0].value > found[1].value
    True
    """
    found = []
    for name, table in sets_of(data, by, "The greatest lower bound").items():
        bound = glb.greatest_lower_bound(table.values, on=on, missing=missing)
        found += [_estimate(part, name, table) for part in (bound.coefficient, bound.lambda2)]
    return Estimates(tuple(found))


@verb
def split_half(
    data: Tabular,
    *,
    half: Sequence[str] | None = None,
    formula: Literal["spearman-brown", "flanagan-rulon"] = "spearman-brown",
    missing: Missing = "pairwise",
    conf_level: float = 0.95,
) -> Estimate:
    """Reliability from one split of a scale into halves.

    Parameters
    ----------
    data : Responses, Scores, ItemTable, DataFrame or ndarray
        Items of one scale.
    half : sequence of str, optional
        Items of one half; every second one if not given.
    formula : {"spearman-brown", "flanagan-rulon"}
        From the correlation of the halves, or from the variance of their difference.
    missing : {"pairwise", "listwise"}
    conf_level : float

    Returns
    -------
    Estimate

    Raises
    ------
    UnitError
        One respondent.
    DataError
        The table cannot be used, holds several scales, or lacks an item.

    References
    ----------
    Spearman, C. (1910). Correlation calculated from faulty data. British Journal of Psychology,
    3(3), 271–295. doi:10.1111/j.2044-8295.1910.tb00206.x

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(1)
    >>> pm.split_half(rng.normal(size=(80, 1)) + rng.normal(size=(80, 6))).n_unit
    'respondents'
    """
    table = one_set(data, "a split half")
    chosen = None
    if half is not None:
        table.take(tuple(half))
        chosen = [column in half for column in table.frame.columns]
    found = halves_of.split_half(
        table.values, halves=chosen, formula=formula, missing=missing, conf_level=conf_level
    )
    return _estimate(found, "", table)


@verb
def split_half_distribution(
    data: Tabular,
    *,
    on: On = "covariance",
    missing: Missing = "pairwise",
    seed: int = 0,
) -> SplitHalfDistribution:
    """Reliabilities of all splits of a scale into halves of equal length.

    Parameters
    ----------
    data : Responses, Scores, ItemTable, DataFrame or ndarray
        Items of one scale.
    on, missing
        As in :func:`guttman_lambdas`.
    seed : int
        Of the splits drawn where there are more than 20 items.

    Returns
    -------
    SplitHalfDistribution
        Worst split (Revelle's beta), mean, best split (lambda-4), and quantiles.

    Raises
    ------
    UnitError
        One respondent.
    DataError
        The table cannot be used, or holds several scales.

    References
    ----------
    Revelle, W. (1979). Hierarchical cluster analysis and the internal structure of tests.
    Multivariate Behavioral Research, 14(1), 57–74. doi:10.1207/s15327906mbr1401_4

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(1)
    >>> pm.split_half_distribution(rng.normal(size=(80, 1)) + rng.normal(size=(80, 6))).n_splits
    10
    """
    table = one_set(data, "the distribution of split halves")
    return halves_of.split_half_distribution(table.values, on=on, missing=missing, seed=seed)


def _estimate(found: Coefficient, scale: str, table: ItemTable) -> Estimate:
    clustered = over_clusters(table, replace(found, note=table.named(found.note)), None)
    return estimate_from(clustered, n_unit=table.unit, of=scale, source=table.source, table=table)
