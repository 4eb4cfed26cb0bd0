"""Classical statistics of items: location, spread, relation to the rest, keying."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from psychometrics.stats.alpha import alpha_if_dropped
from psychometrics.stats.arrays import BoolArray, FloatArray, IntArray, as_matrix
from psychometrics.stats.correlation import PERFECT, fisher_limits
from psychometrics.stats.guttman import residual_variances
from psychometrics.stats.item_covariance import (
    ZERO_EIGENVALUE,
    Missing,
    correlation_from_covariance,
    covariance_trouble,
    item_covariance,
    used_rows,
)

_REFERENCE = "10.1037/h0057123; 10.2307/2331838"
_NO_ENDS = "without the ends of the response scale no floor, ceiling, difficulty or discrimination"
# Share of units in the upper and in the lower group.
GROUP = 0.27


@dataclass(frozen=True, slots=True, eq=False)
class ItemStatistics:
    """One value an item in each array; NaN where it does not exist.

    Parameters
    ----------
    n : ndarray of int, shape (n_items,)
        Answers.
    missing : ndarray of int
        Units without an answer to the item.
    mean, sd : ndarray
        Divisor n - 1.
    item_rest : ndarray
        Correlation with the sum of the other items (R's psych: ``r.drop``).
    item_rest_low, item_rest_high : ndarray
        Its interval, by Fisher's z, with the number of answers to the item.
    item_total : ndarray
        Correlation with the mean of all answers of the unit, the item among them (``raw.r``).
    item_total_corrected : ndarray
        Correlation with the sum of the standardised items, its own variance there replaced by the
        squared multiple correlation (``r.cor``).
    alpha_if_dropped : ndarray
        Raw alpha of the other items.
    floor, ceiling : ndarray
        Share of the answers at the minimum and at the maximum of the scale.
    difficulty : ndarray
        Mean as a share of the range, 0 at the minimum; high is easy to endorse.
    discrimination : ndarray
        Mean of the 27 % of units with the highest totals less that of the 27 % with the lowest, as
        a share of the range. Units tied at the edge of a group count in equal parts, so that no
        order of rows matters.
    suspected_reversed : ndarray of bool
        Items to be turned until no interval of an item-rest correlation lies below zero: the most
        negative item first, then all correlations anew, since one wrong key spoils the rest score
        of every other item. If that turns more than half of the items, the others are meant;
        of exactly half, either may be.
    n_units : int
        Units with at least one answer.
    conf_level : float
    method : str
    reference : str
    note : str
        Why something is missing, or what a reader has to know; empty if there is nothing.
    """

    n: IntArray
    missing: IntArray
    mean: FloatArray
    sd: FloatArray
    item_rest: FloatArray
    item_rest_low: FloatArray
    item_rest_high: FloatArray
    item_total: FloatArray
    item_total_corrected: FloatArray
    alpha_if_dropped: FloatArray
    floor: FloatArray
    ceiling: FloatArray
    difficulty: FloatArray
    discrimination: FloatArray
    suspected_reversed: BoolArray
    n_units: int
    conf_level: float
    method: str
    reference: str
    note: str = ""

    def columns(self) -> dict[str, FloatArray | IntArray | BoolArray]:
        """The arrays by name, one row an item: what a data frame takes."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in values.items() if isinstance(value, np.ndarray)}


def item_statistics(
    x: ArrayLike,
    *,
    scale_range: tuple[float, float] | None = None,
    missing: Missing = "pairwise",
    conf_level: float = 0.95,
) -> ItemStatistics:
    """Statistics of the items of one scale.

    Parameters
    ----------
    x : array_like, shape (n_units, n_items)
        Items keyed in one direction; NaN is missing. Rows are independent units.
    scale_range : tuple of float, optional
        Lowest and highest answer that the scale offers, after reversal. Without it there is no
        floor, ceiling, difficulty or discrimination.
    missing : {"pairwise", "listwise"}
        Pairwise, item-rest correlation and alpha come from the pairwise covariances.
    conf_level : float
        Of the item-rest correlations, between 0 and 1.

    Returns
    -------
    ItemStatistics

    Raises
    ------
    ValueError
        Wrong shape, an unknown option, a level out of range, a range that is none, or an answer
        beyond it.

    References
    ----------
    Cureton, E. E. (1966). Corrected item-test correlations. Psychometrika, 31(1), 93–96.

    Kelley, T. L. (1939). The selection of upper and lower groups for the validation of test items.
    Journal of Educational Psychology, 30(1), 17–24. doi:10.1037/h0057123

    Examples
    --------
    >>> x = np.array([[1, 2, 5], [2, 2, 4], [4, 3, 3], [5, 4, 1], [3, 3, 2], [1, 1, 4.0]])
    >>> found = item_statistics(x, scale_range=(1, 5))
    >>> found.item_rest.round(2), found.suspected_reversed
    (array([-0.4 ,  0.38, -0.88]), array([False, False,  True]))
    """
    rows = used_rows(x, missing)
    given = np.isnan(as_matrix(x))
    items = item_covariance(rows)
    covariance = items.covariance
    n = (~np.isnan(rows)).sum(axis=0)
    item_rest = item_rest_correlations(covariance)
    low, high = _limits(item_rest, n, conf_level)
    totals = _totals(rows)
    k = rows.shape[1]
    shares = _shares(rows, items.means, totals, scale_range)
    notes = [items.note, covariance_trouble(items), "" if scale_range else _NO_ENDS]
    return ItemStatistics(
        n=n,
        missing=given.sum(axis=0),
        mean=items.means,
        sd=np.sqrt(np.diagonal(covariance)),
        item_rest=item_rest,
        item_rest_low=low,
        item_rest_high=high,
        item_total=_item_total(rows, totals),
        item_total_corrected=_item_total_corrected(covariance),
        alpha_if_dropped=alpha_if_dropped(covariance) if k else np.empty(0),
        **shares,
        suspected_reversed=_suspected_reversed(covariance, n, conf_level),
        n_units=items.n,
        conf_level=conf_level,
        method=f"{missing} covariances; Fisher's z for item-rest correlations",
        reference=_REFERENCE,
        note="; ".join(dict.fromkeys(filter(None, notes))),
    )


def item_rest_correlations(covariances: FloatArray) -> FloatArray:
    """Correlation of each item with the sum of the others.

    Parameters
    ----------
    covariances : ndarray, shape (..., n_items, n_items)

    Returns
    -------
    ndarray, shape (..., n_items)
        NaN for an item, or a rest, without variance.

    Examples
    --------
    >>> item_rest_correlations(np.eye(3) + 1).round(3)
    array([0.577, 0.577, 0.577])
    """
    variance = np.diagonal(covariances, axis1=-2, axis2=-1)
    sums = covariances.sum(axis=-2)
    rest = sums.sum(axis=-1, keepdims=True) - 2 * sums + variance
    least = ZERO_EIGENVALUE * variance.sum(axis=-1, keepdims=True)
    exists = (variance > 0) & (rest > least)
    spread = np.sqrt(np.where(exists, variance * rest, 1.0))
    r = np.where(exists, (sums - variance) / spread, np.nan)
    # Beyond 1 only where pairwise covariances contradict each other.
    return np.where(np.abs(r) > 1 + PERFECT, np.nan, np.clip(r, -1, 1))


def _suspected_reversed(covariance: FloatArray, n: IntArray, conf_level: float) -> BoolArray:
    signs = np.ones(len(n))
    # Each turn raises the variance of the total, so that no set of signs comes twice.
    while len(n):
        item_rest = item_rest_correlations(covariance * np.outer(signs, signs))
        high = np.nan_to_num(_limits(item_rest, n, conf_level)[1], nan=1.0)
        worst = int(high.argmin())
        if high[worst] >= 0:
            break
        signs[worst] *= -1
    turned: BoolArray = signs < 0
    return ~turned if turned.sum() > len(n) / 2 else turned


def _limits(r: FloatArray, n: IntArray, conf_level: float) -> tuple[FloatArray, FloatArray]:
    """Fisher's limits; a perfect correlation is its own."""
    low, high = fisher_limits(r, n, conf_level)
    perfect = (np.abs(r) >= 1 - PERFECT) & (n > 3)
    return np.where(perfect, r, low), np.where(perfect, r, high)


def _totals(rows: FloatArray) -> FloatArray:
    """Mean answer of each unit; equal ones are made equal to the last digit."""
    present = ~np.isnan(rows)
    means: FloatArray = np.nansum(rows, axis=1) / np.maximum(present.sum(axis=1), 1)
    return means.round(10)


def _item_total(rows: FloatArray, totals: FloatArray) -> FloatArray:
    present = ~np.isnan(rows)
    n = np.maximum(present.sum(axis=0), 1)
    item = np.where(present, rows - np.nansum(rows, axis=0) / n, 0.0)
    total = np.where(present, totals[:, None], 0.0)
    total = np.where(present, total - total.sum(axis=0) / n, 0.0)
    spread = np.sum(item**2, axis=0) * np.sum(total**2, axis=0)
    size = (n * np.nanmax(np.abs(rows), axis=0, initial=0.0) ** 2) ** 2
    exists = spread > 1e-20 * size
    products = np.sum(item * total, axis=0)
    return np.where(exists, products / np.sqrt(np.where(exists, spread, 1.0)), np.nan)


def _item_total_corrected(covariance: FloatArray) -> FloatArray:
    corrected = np.full(len(covariance), np.nan)
    vary = np.flatnonzero(np.diagonal(covariance) > 0)
    correlation = correlation_from_covariance(covariance[np.ix_(vary, vary)])
    if len(vary) < 2 or np.isnan(correlation).any():
        return corrected
    np.fill_diagonal(correlation, 1 - residual_variances(correlation[None])[0])
    total = correlation.sum()
    if total > ZERO_EIGENVALUE:
        corrected[vary] = correlation.sum(axis=0) / np.sqrt(total)
    return corrected


def _shares(
    rows: FloatArray,
    means: FloatArray,
    totals: FloatArray,
    scale_range: tuple[float, float] | None,
) -> dict[str, FloatArray]:
    names = ("floor", "ceiling", "difficulty", "discrimination")
    if scale_range is None:
        return {name: np.full(rows.shape[1], np.nan) for name in names}
    lowest, highest = scale_range
    if not lowest < highest:
        raise ValueError(f"scale_range={scale_range} is no range; give (lowest, highest)")
    if (rows < lowest).any() or (rows > highest).any():
        raise ValueError(f"an answer lies beyond scale_range={scale_range}")
    present = ~np.isnan(rows)
    n = np.where(present.any(axis=0), present.sum(axis=0), np.nan)
    span = highest - lowest
    upper = _group_means(rows, _extreme_weights(totals))
    lower = _group_means(rows, _extreme_weights(-totals))
    values = (
        (rows == lowest).sum(axis=0) / n,
        (rows == highest).sum(axis=0) / n,
        (means - lowest) / span,
        np.clip((upper - lower) / span, -1, 1),
    )
    return dict(zip(names, values, strict=True))


def _extreme_weights(totals: FloatArray) -> FloatArray:
    """Weight of each unit in the group of the 27 % with the highest totals; ties in equal parts."""
    found, place, counts = np.unique(-totals, return_inverse=True, return_counts=True)
    before = np.cumsum(counts) - counts
    weights: FloatArray = np.clip((GROUP * len(totals) - before) / counts, 0, 1)
    return weights[place] if len(found) else np.empty(0)


def _group_means(rows: FloatArray, weights: FloatArray) -> FloatArray:
    present = ~np.isnan(rows)
    weight = weights @ present
    total = weights @ np.where(present, rows, 0.0)
    return np.where(weight > 0, total / np.where(weight > 0, weight, 1.0), np.nan)
