"""Gwet's AC1 and AC2: agreement of two or more raters whose chance part stays small."""

import numpy as np
from numpy.typing import ArrayLike

from psychometrics.stats.arrays import FloatArray, check_level
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.ratings import (
    INTERVALS,
    Label,
    agreement_of_units,
    agreement_weights,
    as_labels,
    check_order,
    join,
    kappa_limits,
    read_counts,
    read_ratings,
    sparse_note,
    split_units,
    weight_label,
)

REFERENCE = "10.1348/000711006X126600; Gwet (2014), Handbook of inter-rater reliability, 4th ed."
METHOD = "variance by linearisation over units"


def gwet_ac(
    x: ArrayLike,
    *,
    weights: str | ArrayLike = "identity",
    categories: ArrayLike | None = None,
    interval: str = "fisher",
    conf_level: float = 0.95,
) -> Coefficient:
    """Gwet's AC1 (identity weights) or AC2 (other weights).

    Chance agreement depends on the number of categories: name those that nobody chose too.

    Parameters
    ----------
    x : array_like, shape (units, raters)
        Categories as numbers or text. NaN and None are missing: all ratings there are count.
    weights : str or array_like, shape (q, q)
        ``identity``, ``linear``, ``quadratic``, ``ordinal``, or weights of agreement with ones
        on the diagonal. Distances are those of the categories where these are numbers, those of
        their places otherwise.
    categories : array_like, optional
        All categories in order; those that occur without it.
    interval : {"fisher", "wald"}
        Student's t on the scale of Fisher's transformation, or the symmetric normal interval.
    conf_level : float
        Between 0 and 1.

    Raises
    ------
    ValueError
        ``x`` has not two axes, a rating is no category, or the weights are none.

    Returns
    -------
    Coefficient
        ``n`` counts units with a rating. There is no interval where the standard error is 0.

    Notes
    -----
    Coverage of 95 % intervals from 50 units on: .94 to .97 (one simulated condition .98), with 2 to
    5 categories and 2 or 5 raters; less where hardly a unit is without full agreement (``note``
    says so).

    References
    ----------
    Gwet, K. L. (2008). Computing inter-rater reliability and its variance in the presence of high
    agreement. British Journal of Mathematical and Statistical Psychology, 61(1), 29–48.
    doi:10.1348/000711006X126600
    Gwet, K. L. (2014). Handbook of inter-rater reliability (4th ed.). Advanced Analytics.

    Examples
    --------
    >>> gwet_ac([[1, 1], [1, 1], [1, 2], [2, 2], [1, 1], [1, None]])
    Gwet's AC1 = 0.680 [-0.716, 0.988], n = 6
    """
    ratings = read_ratings(x, categories)
    check_order(weights, ratings.categories, categories is not None)
    missing = int((ratings.codes < 0).sum())
    gaps = f"{missing} of {ratings.codes.size} ratings missing" if missing else ""
    return _ac(ratings.counts, ratings.categories, weights, interval, conf_level, gaps)


def gwet_ac_of_counts(
    counts: ArrayLike,
    *,
    weights: str | ArrayLike = "identity",
    categories: ArrayLike | None = None,
    interval: str = "fisher",
    conf_level: float = 0.95,
) -> Coefficient:
    """Gwet's AC1 or AC2 from how many raters chose each category.

    Parameters
    ----------
    counts : array_like, shape (units, q)
        Columns are the categories in order.
    weights, interval, conf_level
        As in `gwet_ac`.
    categories : array_like, shape (q,), optional
        Labels; 1 to q without them.

    Raises
    ------
    ValueError
        The table holds something else than counts or has not a column for each category, or the
        weights are none.

    Returns
    -------
    Coefficient

    References
    ----------
    See `gwet_ac`.

    Examples
    --------
    >>> gwet_ac_of_counts([[3, 0], [2, 1], [0, 3], [3, 0]])
    Gwet's AC1 = 0.700 [-0.793, 0.993], n = 4
    """
    table = read_counts(counts)
    q = table.shape[1]
    labels = tuple(as_labels(np.arange(1, q + 1) if categories is None else categories).tolist())
    if len(labels) != q:
        raise ValueError(f"{len(labels)} categories for a table of {q} columns")
    return _ac(table, labels, weights, interval, conf_level, "")


def _ac(
    counts: FloatArray,
    categories: tuple[Label, ...],
    weights: str | ArrayLike,
    interval: str,
    conf_level: float,
    gaps: str,
) -> Coefficient:
    check_level(conf_level)
    w = agreement_weights(weights, categories)
    variant = weight_label(weights)
    name = "Gwet's AC2" if variant else "Gwet's AC1"
    counts = counts[counts.sum(axis=1) > 0]
    n, q = counts.shape
    agreed = agreement_of_units(counts, w)
    reason = ""
    if np.isnan(agreed).all():
        reason = "no unit was rated by two raters"
    elif q < 2:
        reason = "one category; name the others that were open to the raters with categories="
    if reason:
        return undefined(name, join(reason, gaps), n=n, conf_level=conf_level, variant=variant)
    shares = counts / counts.sum(axis=1)[:, None]
    mean = shares.mean(axis=0)
    scale = float(w.sum()) / (q * (q - 1))
    chance = scale * float(mean @ (1 - mean))
    value = (float(np.nanmean(agreed)) - chance) / (1 - chance)
    # Units with one rating carry on the chance part only; those with two count for more.
    pairs = np.where(np.isnan(agreed), 0.0, agreed - chance) * n / float(np.sum(~np.isnan(agreed)))
    moved = scale * (shares @ (1 - mean)) - chance
    influence = (pairs - 2 * (1 - value) * moved) / (1 - chance)
    se = float(np.sqrt(np.square(influence - value).sum() / n / max(n - 1, 1)))
    low, high, why = kappa_limits(value, se, n, conf_level, interval)
    notes = [why or sparse_note(n, split_units(counts), 0.0), gaps]
    return Coefficient(
        name, value, low, high, conf_level, n, f"{METHOD}, {INTERVALS[interval]}", REFERENCE,
        variant=variant, se=se, note=join(*notes),
    )  # fmt: skip
