"""Covariances of items, with missing answers treated as stated."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from psychometrics.stats.arrays import BoolArray, FloatArray, as_matrix, complete_rows
from psychometrics.stats.resampled_covariances import resampled_covariances

Missing = Literal["pairwise", "listwise"]

# An eigenvalue of a correlation matrix below this is zero up to rounding.
ZERO_EIGENVALUE = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class ItemCovariance:
    """Covariances and means of items.

    Parameters
    ----------
    covariance : ndarray, shape (n_items, n_items)
        Divisor n - 1; NaN where two items share fewer than two answers.
    means : ndarray, shape (n_items,)
        NaN where nobody answered.
    n : int
        Units that it rests on: with an answer (pairwise) or with all answers (listwise).
    n_complete : int
        Units with all answers.
    share_missing : float
        Of the cells of the units with at least one answer.
    n_effective : float
        Units that intervals count: the harmonic mean, over items and pairs of items, of the units
        that answered them; n where no answer is missing. With answers missing at random Feldt's
        and delta-method intervals then cover as without (.94 to .96 with 10 to 40 % missing; .78
        with n at 40 %).
    note : str
        What a reader has to know; empty if there is nothing.
    """

    covariance: FloatArray
    means: FloatArray
    n: int
    n_complete: int
    share_missing: float
    n_effective: float
    note: str

    @property
    def counted(self) -> str:
        """The note, with the units that the interval of a formula counts if some are missing."""
        if not self.share_missing:
            return self.note
        return f"{self.note}, the interval counts {self.n_effective:.0f} units"


def check_missing(missing: str) -> None:
    """Refuse a treatment of missing answers that does not exist.

    Examples
    --------
    >>> check_missing("mean")
    Traceback (most recent call last):
    ValueError: missing='mean' is unknown; give 'pairwise' or 'listwise'
    """
    if missing not in ("pairwise", "listwise"):
        raise ValueError(f"missing={missing!r} is unknown; give 'pairwise' or 'listwise'")


def used_rows(x: ArrayLike, missing: Missing = "pairwise") -> FloatArray:
    """Return the units that enter: with an answer (pairwise) or with all answers (listwise).

    Examples
    --------
    >>> used_rows([[1, np.nan], [np.nan, np.nan], [2, 3]]).shape
    (2, 2)
    """
    check_missing(missing)
    matrix = as_matrix(x)
    if missing == "listwise":
        return complete_rows(matrix)
    return matrix[~np.isnan(matrix).all(axis=1)]


def item_covariance(x: ArrayLike, *, missing: Missing = "pairwise") -> ItemCovariance:
    """Covariance matrix of items.

    Parameters
    ----------
    x : array_like, shape (n_units, n_items)
        NaN is missing.
    missing : {"pairwise", "listwise"}
        ``pairwise``: each covariance from the units that answered both items, about their own
        means. ``listwise``: units with all answers.

    Returns
    -------
    ItemCovariance

    Raises
    ------
    ValueError
        ``x`` has not two axes, holds an infinite number, or ``missing`` is unknown.

    Examples
    --------
    >>> item_covariance([[1, 2], [2, 4], [3, 3], [4, np.nan]]).covariance.round(3)
    array([[1.667, 0.5  ],
           [0.5  , 1.   ]])
    """
    rows = used_rows(x, missing)
    n, k = rows.shape
    absent = np.isnan(rows)
    n_complete = int((~absent.any(axis=1)).sum())
    answered = (~absent).sum(axis=0)
    means = np.full(k, np.nan)
    np.divide(np.nansum(rows, axis=0), answered, out=means, where=answered > 0)
    covariance = _zero_rounded(resampled_covariances(rows, np.ones((1, n)))[0], rows)
    share = float(absent.mean()) if absent.size else 0.0
    effective = _effective_n(~absent) if share else float(n)
    note = _note(covariance, absent)
    if share:
        note = "; ".join(filter(None, [note, f"{share:.1%} of the answers missing"]))
    return ItemCovariance(covariance, means, n, n_complete, share, effective, note)


def correlation_from_covariance(covariance: FloatArray) -> FloatArray:
    """Correlations; NaN beside an item without variance.

    Parameters
    ----------
    covariance : ndarray, shape (..., n_items, n_items)

    Returns
    -------
    ndarray, same shape

    Examples
    --------
    >>> correlation_from_covariance(np.array([[4.0, 3.0], [3.0, 9.0]]))
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    variance = np.diagonal(covariance, axis1=-2, axis2=-1)
    spread = np.sqrt(np.where(variance > 0, variance, np.nan))
    correlation: FloatArray = covariance / (spread[..., :, None] * spread[..., None, :])
    k = covariance.shape[-1]
    ones = np.where(variance > 0, 1.0, np.nan)
    correlation[..., np.arange(k), np.arange(k)] = ones
    return correlation


def covariance_trouble(items: ItemCovariance, min_items: int = 2) -> str:
    """Why no coefficient of consistency exists for these items; empty if one does.

    Examples
    --------
    >>> covariance_trouble(item_covariance([[1.0], [2.0]]))
    'one item: two are needed'
    """
    k = len(items.means)
    if k < min_items:
        names = {0: "no item", 1: "one item", 2: "two items"}
        needed = {2: "two", 3: "three"}[min_items]
        return f"{names[k]}: {needed} are needed"
    if items.n < 2:
        units = "one unit has" if items.n == 1 else "no unit has"
        return f"{units} answers: a covariance needs two"
    absent = np.argwhere(np.isnan(np.triu(items.covariance)))
    if len(absent):
        pair = numbered(dict.fromkeys(absent[0].tolist()))
        return f"items {pair} share fewer than two answers"
    if items.covariance.sum() <= ZERO_EIGENVALUE * np.trace(items.covariance):
        return "the total score has no variance"
    return ""


def numbered(items: Iterable[int]) -> str:
    """Name items in a note by their numbers from 0, each behind a # so that names can replace them.

    Examples
    --------
    >>> numbered([0, 3])
    '#0, #3'
    """
    return ", ".join(f"#{item}" for item in items)


def constant_items(covariance: FloatArray) -> list[int]:
    """Positions, from 0, of the items without variance.

    Examples
    --------
    >>> constant_items(np.array([[1.0, 0.0], [0.0, 0.0]]))
    [1]
    """
    return np.flatnonzero(np.diagonal(covariance) == 0).tolist()


def _effective_n(present: BoolArray) -> float:
    """Harmonic mean of the units behind each variance and covariance; 0 where a pair has none."""
    counts = present.T.astype(np.float64) @ present.astype(np.float64)
    shared = counts[np.triu_indices(len(counts))]
    return float(len(shared) / (1 / shared).sum()) if len(shared) and shared.all() else 0.0


def _zero_rounded(covariance: FloatArray, rows: FloatArray) -> FloatArray:
    """A variance that is zero but for rounding becomes zero, and so do its covariances."""
    largest = np.nanmax(np.abs(rows), axis=0, initial=0.0)
    constant = np.diagonal(covariance) <= (1e-10 * largest) ** 2
    pair = constant[:, None] | constant
    return np.where(pair & ~np.isnan(covariance), 0.0, covariance)


def _note(covariance: FloatArray, absent: BoolArray) -> str:
    notes = []
    constant = constant_items(covariance)
    if constant:
        notes.append(f"items without variance: {numbered(constant)}")
    usable = covariance.size and not np.isnan(covariance).any() and not constant
    if usable and absent.any():
        smallest = np.linalg.eigvalsh(correlation_from_covariance(covariance))[0]
        if smallest < -ZERO_EIGENVALUE:
            notes.append("the pairwise covariance matrix is not positive semidefinite")
    return "; ".join(notes)
