"""Fleiss' kappa of several raters, as a whole and for each category."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from psychometrics.stats.arrays import FloatArray, check_level
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.ratings import (
    INTERVALS,
    Label,
    agreement_of_units,
    as_labels,
    join,
    kappa_limits,
    read_counts,
    read_ratings,
    sparse_note,
    split_units,
)

NAME = "Fleiss' kappa"
METHOD = "variance by linearisation over units"
REFERENCE = "10.1037/h0031619; 10.1177/0013164420973080"


@dataclass(frozen=True, slots=True)
class NullTest:
    """Test of no agreement beyond chance; its standard error holds only there.

    Parameters
    ----------
    se : float
        Standard error if raters agree by chance alone; not for intervals.
    z, p : float
        Two-sided. NaN where ``note`` says why.
    note : str
    """

    se: float
    z: float
    p: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class FleissKappa:
    """Kappa of all categories and of each.

    Parameters
    ----------
    overall : Coefficient
    overall_test : NullTest
    categories : tuple of Coefficient
        Each category against all others taken together; ``variant`` names it.
    category_tests : tuple of NullTest
    """

    overall: Coefficient
    overall_test: NullTest
    categories: tuple[Coefficient, ...]
    category_tests: tuple[NullTest, ...]


def fleiss_kappa(
    x: ArrayLike,
    *,
    categories: ArrayLike | None = None,
    interval: str = "fisher",
    conf_level: float = 0.95,
) -> FleissKappa:
    """Fleiss' kappa of units × raters.

    Parameters
    ----------
    x : array_like, shape (units, raters)
        Categories as numbers or text. NaN and None are missing: units with two ratings or more
        give the agreement, all units the shares of the categories. The null test needs the same
        number of ratings for each unit.
    categories : array_like, optional
        All categories in order; those that occur without it.
    interval : {"fisher", "wald"}
        Student's t on the scale of Fisher's transformation, or the symmetric normal interval.
    conf_level : float
        Between 0 and 1.

    Raises
    ------
    ValueError
        ``x`` has not two axes, or a rating is no category.

    Returns
    -------
    FleissKappa
        ``n`` counts units with a rating. There is no interval where the standard error is 0.

    Notes
    -----
    Coverage of 95 % intervals from 50 units on: .93 to .97, with 2 to 5 categories and 2 or 5
    raters; less where nine in ten ratings fall into one category or hardly a unit is without full
    agreement (``note`` says so).

    References
    ----------
    Fleiss, J. L. (1971). Measuring nominal scale agreement among many raters. Psychological
    Bulletin, 76(5), 378–382. doi:10.1037/h0031619
    Fleiss, J. L., Nee, J. C. M., & Landis, J. R. (1979). Large sample variance of kappa in the
    case of different sets of raters. Psychological Bulletin, 86(5), 974–977.
    doi:10.1037/0033-2909.86.5.974
    Gwet, K. L. (2021). Large-sample variance of Fleiss generalized kappa. Educational and
    Psychological Measurement, 81(4), 781–790. doi:10.1177/0013164420973080

    Examples
    --------
    >>> found = fleiss_kappa([[1, 1, 1], [1, 1, 2], [2, 2, 2], [1, 2, 2], [1, 1, 1]])
    >>> found.overall
    Fleiss' kappa = 0.444 [-0.588, 0.926], n = 5
    >>> round(found.overall_test.z, 3)
    1.721
    """
    ratings = read_ratings(x, categories)
    missing = int((ratings.codes < 0).sum())
    gaps = f"{missing} of {ratings.codes.size} ratings missing" if missing else ""
    return _fleiss(ratings.counts, ratings.categories, interval, conf_level, gaps)


def fleiss_kappa_of_counts(
    counts: ArrayLike,
    *,
    categories: ArrayLike | None = None,
    interval: str = "fisher",
    conf_level: float = 0.95,
) -> FleissKappa:
    """Fleiss' kappa from how many raters chose each category.

    Parameters
    ----------
    counts : array_like, shape (units, q)
    categories : array_like, shape (q,), optional
        Labels; 1 to q without them.
    interval, conf_level
        As in `fleiss_kappa`.

    Raises
    ------
    ValueError
        The table holds something else than counts, or has not a column for each category.

    Returns
    -------
    FleissKappa

    References
    ----------
    See `fleiss_kappa`.

    Examples
    --------
    >>> fleiss_kappa_of_counts([[3, 0], [2, 1], [0, 3], [1, 2], [3, 0]]).overall.value.__round__(3)
    0.444
    """
    table = read_counts(counts)
    q = table.shape[1]
    labels = tuple(as_labels(np.arange(1, q + 1) if categories is None else categories).tolist())
    if len(labels) != q:
        raise ValueError(f"{len(labels)} categories for a table of {q} columns")
    return _fleiss(table, labels, interval, conf_level, "")


def _fleiss(
    counts: FloatArray,
    categories: tuple[Label, ...],
    interval: str,
    conf_level: float,
    gaps: str,
) -> FleissKappa:
    check_level(conf_level)
    counts = counts[counts.sum(axis=1) > 0]
    rest = counts.sum(axis=1, keepdims=True) - counts
    split = [np.column_stack([counts[:, j], rest[:, j]]) for j in range(counts.shape[1])]
    return FleissKappa(
        _kappa(counts, "", interval, conf_level, gaps),
        _null_test(counts),
        tuple(
            _kappa(two, _label_text(label), interval, conf_level, gaps)
            for two, label in zip(split, categories, strict=True)
        ),
        tuple(_null_test(two) for two in split),
    )


def _label_text(label: Label) -> str:
    return label if isinstance(label, str) else f"{label:g}"


def _kappa(
    counts: FloatArray, variant: str, interval: str, conf_level: float, gaps: str
) -> Coefficient:
    n, q = counts.shape
    agreed = agreement_of_units(counts, np.eye(q))
    if np.isnan(agreed).all():
        reason = join("no unit was rated by two raters", gaps)
        return undefined(NAME, reason, n=n, conf_level=conf_level, variant=variant)
    shares = counts / counts.sum(axis=1)[:, None]
    mean = shares.mean(axis=0)
    # Chance disagreement; a sum that is exact where only one category occurs.
    expected = float(mean @ (1 - mean))
    if (mean > 0).sum() < 2:
        reason = join("all ratings fall into one category, so chance agreement is complete", gaps)
        return undefined(NAME, reason, n=n, conf_level=conf_level, variant=variant)
    chance = 1 - expected
    value = 1 - (1 - float(np.nanmean(agreed))) / expected
    # Units with one rating carry on the chance part only; those with two count for more.
    pairs = np.where(np.isnan(agreed), 0.0, agreed - chance) * n / float(np.sum(~np.isnan(agreed)))
    moved = shares @ mean - chance
    influence = (pairs - 2 * (1 - value) * moved) / expected
    se = float(np.sqrt(np.square(influence - value).sum() / n / max(n - 1, 1)))
    low, high, why = kappa_limits(value, se, n, conf_level, interval)
    note = join(why or sparse_note(n, split_units(counts), float(mean.max())), gaps)
    return Coefficient(
        NAME, value, low, high, conf_level, n, f"{METHOD}, {INTERVALS[interval]}", REFERENCE,
        variant=variant, se=se, note=note,
    )  # fmt: skip


def _null_test(counts: FloatArray) -> NullTest:
    nan = float("nan")
    raters = counts.sum(axis=1)
    if len(raters) == 0 or raters[0] < 2 or (raters != raters[0]).any():
        return NullTest(nan, nan, nan, "needs two ratings or more, as many for each unit")
    n, m = len(counts), float(raters[0])
    mean = counts.mean(axis=0) / m
    expected = float(mean @ (1 - mean))
    if (mean > 0).sum() < 2:
        return NullTest(nan, nan, nan, "all ratings fall into one category")
    skew = float((mean * (1 - mean)) @ (1 - 2 * mean))
    se = float(np.sqrt(2 * (expected**2 - skew) / (n * m * (m - 1))) / expected)
    kappa = 1 - (1 - float(agreement_of_units(counts, np.eye(len(mean))).mean())) / expected
    return NullTest(se, kappa / se, float(2 * special.ndtr(-abs(kappa / se))))
