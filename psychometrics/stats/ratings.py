"""Ratings as counts of categories, and the weights of partial agreement."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from psychometrics.stats.arrays import FloatArray, IntArray

WEIGHTS = ("identity", "linear", "quadratic", "ordinal")
INTERVALS = {"fisher": "t on Fisher's scale", "wald": "normal"}
Label = str | float

FEW_SPLIT, SKEWED, MANY = 5, 0.85, 300


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """Ratings as numbers of their categories.

    Parameters
    ----------
    codes : ndarray of int, shape (units, raters)
        Place in ``categories``; -1 is missing.
    categories : tuple
        Labels in order.
    """

    codes: IntArray
    categories: tuple[Label, ...]

    @property
    def counts(self) -> FloatArray:
        """Raters who chose each category, shape (units, categories)."""
        n, q = len(self.codes), len(self.categories)
        rows, _ = np.nonzero(self.codes >= 0)
        places = rows * q + self.codes[self.codes >= 0]
        return np.bincount(places, minlength=n * q).reshape(n, q).astype(np.float64)


def read_ratings(x: ArrayLike, categories: ArrayLike | None = None) -> Ratings:
    """Number the categories of ratings.

    Parameters
    ----------
    x : array_like, shape (units, raters)
        Numbers or text. NaN and None are missing.
    categories : array_like, optional
        All categories in order, also those nobody chose; without it those that occur, sorted.

    Raises
    ------
    ValueError
        ``x`` has not two axes, holds a rating that is no category, or mixes numbers and text.

    Examples
    --------
    >>> ratings = read_ratings([["no", "yes"], ["yes", None]])
    >>> ratings.categories, ratings.codes.tolist()
    (('no', 'yes'), [[0, 1], [1, -1]])
    >>> ratings.counts
    array([[1., 1.],
           [0., 1.]])
    """
    values = as_labels(x)
    if values.ndim != 2:
        raise ValueError(f"ratings have {values.ndim} axes; give units × raters")
    there = _is_there(values)
    given = _uniform(values[there])
    if categories is None:
        known, found = np.unique(given, return_inverse=True)
        order = known
    else:
        order = _uniform(as_labels(categories).ravel())
        known, places = np.unique(order, return_index=True)
        if len(known) < len(order):
            raise ValueError("categories names a category twice")
        found = _look_up(given, known, places)
    codes = np.full(values.shape, -1, dtype=np.int64)
    codes[there] = found
    return Ratings(codes, tuple(order.tolist()))


def as_labels(x: ArrayLike) -> NDArray[np.generic]:
    """Labels as an array: numbers as floats, text as it is, a mixture as objects.

    Examples
    --------
    >>> as_labels(["yes", np.nan]).tolist(), as_labels([1, 2]).tolist()
    (['yes', nan], [1.0, 2.0])
    """
    values = np.asarray(x)
    if values.dtype.kind == "U" and not isinstance(x, np.ndarray):
        # Numbers and NaN among text would have become text.
        values = np.asarray(x, dtype=object)
    return values.astype(np.float64) if values.dtype.kind in "biuf" else values


def _is_there(values: NDArray[np.generic]) -> NDArray[np.bool_]:
    if values.dtype.kind == "f":
        return ~np.isnan(values.astype(np.float64))
    if values.dtype.kind == "O":
        return np.asarray(~np.frompyfunc(_is_missing, 1, 1)(values).astype(bool), dtype=np.bool_)
    return np.ones(values.shape, dtype=bool)


def _is_missing(value: object) -> bool:
    return value is None or type(value).__name__ == "NAType" or bool(value != value)


def _uniform(values: NDArray[np.generic]) -> NDArray[np.generic]:
    """Numbers as floats, text as text."""
    if values.dtype.kind != "O":
        return values
    text = np.array([isinstance(value, str) for value in values.tolist()], dtype=bool)
    if text.all():
        return values.astype(np.str_)
    if text.any():
        raise ValueError("ratings mix numbers and text; give one kind")
    try:
        return values.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError("ratings have to be numbers or text") from error


def _look_up(
    given: NDArray[np.generic], known: NDArray[np.generic], places: NDArray[np.intp]
) -> NDArray[np.intp]:
    if given.size == 0:
        return np.zeros(0, dtype=np.intp)
    if known.size == 0:
        raise ValueError("categories is empty; leave it out, or name the categories")
    if (given.dtype.kind == "U") != (known.dtype.kind == "U"):
        raise ValueError("ratings and categories have to be both numbers or both text")
    at = np.minimum(np.searchsorted(known, given), len(known) - 1)
    strange = known[at] != given
    if strange.any():
        raise ValueError(f"{given[strange][0].item()!r} is not among the categories")
    return places[at]


def read_counts(counts: ArrayLike) -> FloatArray:
    """Check a table of units × categories that counts raters.

    Raises
    ------
    ValueError
        It has not two axes, or holds something else than whole numbers from 0.

    Examples
    --------
    >>> read_counts([[2, 0], [1, 1]])
    array([[2., 0.],
           [1., 1.]])
    """
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"counts have {table.ndim} axes; give units × categories")
    if not (np.isfinite(table) & (table >= 0) & (table == np.floor(table))).all():
        raise ValueError("counts have to be whole numbers from 0")
    return table


def agreement_weights(weights: str | ArrayLike, categories: tuple[Label, ...]) -> FloatArray:
    """Weight of agreement for each pair of categories: 1 on the diagonal.

    Parameters
    ----------
    weights : str or array_like, shape (q, q)
        ``identity``, ``linear``, ``quadratic``, ``ordinal`` (Gwet's, from ranks), or the weights
        themselves. Linear and quadratic weights take the distance of categories that are
        numbers, and of the places in the order otherwise.
    categories : tuple
        Labels in order.

    Raises
    ------
    ValueError
        The name is unknown, or the matrix is not symmetric of that size with ones on the
        diagonal and no weight above 1.

    Examples
    --------
    >>> agreement_weights("linear", (1, 2, 5))
    array([[1.  , 0.75, 0.  ],
           [0.75, 1.  , 0.25],
           [0.  , 0.25, 1.  ]])
    """
    q = len(categories)
    if not isinstance(weights, str):
        return _check_weights(np.asarray(weights, dtype=np.float64), q)
    if weights not in WEIGHTS:
        raise ValueError(f"weights={weights!r} is unknown; give one of {', '.join(WEIGHTS)}")
    if weights == "identity" or q < 2:
        return np.eye(q)
    numbers = not any(isinstance(label, str) for label in categories)
    scores = np.array(categories if numbers and weights != "ordinal" else range(q), np.float64)
    distance = np.abs(np.subtract.outer(scores, scores))
    if weights == "ordinal":
        distance = distance * (distance + 1)
    elif weights == "quadratic":
        distance = distance**2
    return np.asarray(1 - distance / distance.max(), dtype=np.float64)


def _check_weights(table: FloatArray, q: int) -> FloatArray:
    if table.shape != (q, q):
        raise ValueError(f"weights have shape {table.shape}; there are {q} categories")
    if not np.isfinite(table).all() or not np.allclose(table, table.T):
        raise ValueError("weights have to be a symmetric matrix")
    if not np.allclose(np.diag(table), 1) or (table > 1).any():
        raise ValueError(
            "weights of agreement are 1 on the diagonal and nowhere above it; turn weights of "
            "disagreement v into 1 - v / v.max()"
        )
    return table


def check_order(weights: str | ArrayLike, categories: tuple[Label, ...], given: bool) -> None:
    """Refuse weights that need an order where the order of text was not given.

    Examples
    --------
    >>> check_order("linear", ("high", "low"), False)
    Traceback (most recent call last):
    ValueError: linear weights of text need the order of the categories: give categories=
    """
    if isinstance(weights, str) and weights == "identity":
        return
    if not given and any(isinstance(label, str) for label in categories):
        kind = weights if isinstance(weights, str) else "given"
        raise ValueError(
            f"{kind} weights of text need the order of the categories: give categories="
        )


def weight_label(weights: str | ArrayLike) -> str:
    """Name of the variant; empty for identity weights.

    Examples
    --------
    >>> weight_label("linear"), weight_label("identity"), weight_label([[1, 0], [0, 1]])
    ('linear weights', '', 'given weights')
    """
    if not isinstance(weights, str):
        return "given weights"
    return "" if weights == "identity" else f"{weights} weights"


def kappa_limits(
    value: float, se: float, n: int, conf_level: float, interval: str
) -> tuple[float, float, str]:
    """Limits of a chance-corrected coefficient, and why there are none.

    Parameters
    ----------
    interval : {"fisher", "wald"}
        Student's t on the scale of Fisher's transformation, or the symmetric normal interval.

    Raises
    ------
    ValueError
        The interval is unknown.

    Examples
    --------
    >>> low, high, why = kappa_limits(0.5, 0.1, 30, 0.95, "fisher")
    >>> round(low, 3), round(high, 3), why
    (0.27, 0.676, '')
    """
    if interval not in INTERVALS:
        raise ValueError(f"interval={interval!r} is unknown; give one of {', '.join(INTERVALS)}")
    if n < 2:
        return np.nan, np.nan, "no interval from one unit"
    # Rounding leaves a standard error of this size where it is 0.
    if se < 1e-9:
        return np.nan, np.nan, "no interval: the large-sample standard error is 0"
    tail = (1 + conf_level) / 2
    if interval == "wald" or abs(value) >= 1:
        half = float(special.ndtri(tail)) * se
        return max(value - half, -1.0), min(value + half, 1.0), ""
    half = float(special.stdtrit(n - 1, tail)) * se / (1 - value**2)
    center = np.arctanh(value)
    return float(np.tanh(center - half)), float(np.tanh(center + half)), ""


def sparse_note(units: int, split: int, largest: float) -> str:
    """Warn where intervals of kappa and its kin were found too short in simulation.

    Parameters
    ----------
    units, split : int
        All, and those whose raters do not all agree.
    largest : float
        Share of the ratings in the most frequent category.

    Examples
    --------
    >>> sparse_note(40, 3, 0.95)
    '3 units without full agreement and 95 % of ratings in one category: interval too short'
    """
    reasons = []
    if split < FEW_SPLIT:
        reasons.append(f"{split} units without full agreement")
    if largest > SKEWED and units < MANY:
        reasons.append(f"{100 * largest:.0f} % of ratings in one category")
    return f"{' and '.join(reasons)}: interval too short" if reasons else ""


def agreement_of_units(counts: FloatArray, weights: FloatArray) -> FloatArray:
    """Mean weight of agreement over the pairs of raters of each unit; NaN with fewer than two.

    Examples
    --------
    >>> agreement_of_units(np.array([[3.0, 1.0], [1.0, 0.0]]), np.eye(2))
    array([0.5, nan])
    """
    raters = counts.sum(axis=1)
    pairs = raters * (raters - 1)
    # Identical ratings weigh 1, whatever the weights.
    agreed = np.sum(counts * (counts @ weights - 1), axis=1)
    shares: FloatArray = np.full(len(counts), np.nan)
    np.divide(agreed, pairs, out=shares, where=pairs > 0)
    return shares


def split_units(counts: FloatArray) -> int:
    """Units whose raters did not all choose one category.

    Examples
    --------
    >>> split_units(np.array([[2.0, 0.0], [1.0, 1.0]]))
    1
    """
    return int(np.sum(counts.max(axis=1) < counts.sum(axis=1))) if counts.size else 0


def join(*parts: str) -> str:
    """Join parts of a note, leaving out the empty ones.

    Examples
    --------
    >>> join("one", "", "two")
    'one; two'
    """
    return "; ".join(part for part in parts if part)
