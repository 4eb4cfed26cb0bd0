"""Cohen's kappa of two raters, plain and weighted."""

import numpy as np
from numpy.typing import ArrayLike

from psychometrics.stats.arrays import FloatArray, check_level
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.ratings import (
    INTERVALS,
    Label,
    agreement_weights,
    as_labels,
    check_order,
    join,
    kappa_limits,
    read_counts,
    read_ratings,
    sparse_note,
    weight_label,
)

NAME = "Cohen's kappa"
METHOD = "Fleiss, Cohen and Everitt's standard error"
REFERENCE = "10.1177/001316446002000104; 10.1037/h0028106"
WEIGHTED = "10.1037/h0026256; 10.1037/h0028106"


def cohens_kappa(
    first: ArrayLike,
    second: ArrayLike,
    *,
    weights: str | ArrayLike = "identity",
    categories: ArrayLike | None = None,
    interval: str = "fisher",
    conf_level: float = 0.95,
) -> Coefficient:
    """Agreement of two raters on the same units, corrected for chance.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Categories as numbers or text. NaN and None are missing; such units are left out.
    weights : str or array_like, shape (q, q)
        ``identity``, ``linear``, ``quadratic``, ``ordinal``, or weights of agreement with ones
        on the diagonal. Distances are those of the categories where these are numbers, those of
        their places otherwise.
    categories : array_like, optional
        All categories in order; needed for weights where the categories are text.
    interval : {"fisher", "wald"}
        Student's t on the scale of Fisher's transformation, or the symmetric interval of R.
    conf_level : float
        Between 0 and 1.

    Raises
    ------
    ValueError
        The ratings have not one length, a rating is no category, or the weights are none.

    Returns
    -------
    Coefficient
        ``se`` is the large-sample standard error; there is no interval where it is 0.

    Notes
    -----
    Coverage of 95 % intervals from 50 units on: .93 to .97, with 2 to 5 categories; less where nine
    in ten ratings fall into one category or hardly a unit is without agreement (``note`` says so).
    The symmetric interval covers .89 to .95 in the same conditions.

    References
    ----------
    Cohen, J. (1960). A coefficient of agreement for nominal scales. Educational and Psychological
    Measurement, 20(1), 37–46. doi:10.1177/001316446002000104
    Cohen, J. (1968). Weighted kappa. Psychological Bulletin, 70(4), 213–220. doi:10.1037/h0026256
    Fleiss, J. L., Cohen, J., & Everitt, B. S. (1969). Large sample standard errors of kappa and
    weighted kappa. Psychological Bulletin, 72(5), 323–327. doi:10.1037/h0028106

    Examples
    --------
    >>> cohens_kappa([1, 2, 2, 3, 3, 3], [1, 2, 3, 3, 3, 1], weights="linear")
    Cohen's kappa (linear weights) = 0.438 [-0.541, 0.913], n = 6
    """
    a, b = as_labels(first), as_labels(second)
    if a.ndim != 1 or a.shape != b.shape:
        raise ValueError(f"ratings {a.shape} and {b.shape} have to be two lists of one length")
    kind = a.dtype if a.dtype == b.dtype else np.dtype(object)
    ratings = read_ratings(np.column_stack([a.astype(kind), b.astype(kind)]), categories)
    check_order(weights, ratings.categories, categories is not None)
    both = (ratings.codes >= 0).all(axis=1)
    q = len(ratings.categories)
    cells = ratings.codes[both, 0] * q + ratings.codes[both, 1]
    table = np.bincount(cells, minlength=q * q).reshape(q, q).astype(np.float64)
    left_out = int((~both).sum())
    gaps = f"{left_out} units with a missing rating left out" if left_out else ""
    return _kappa(table, ratings.categories, weights, interval, conf_level, gaps)


def cohens_kappa_of_table(
    table: ArrayLike,
    *,
    weights: str | ArrayLike = "identity",
    categories: ArrayLike | None = None,
    interval: str = "fisher",
    conf_level: float = 0.95,
) -> Coefficient:
    """Cohen's kappa from the table of both raters, first rater in rows.

    Parameters
    ----------
    table : array_like, shape (q, q)
        Counts of units.
    weights, interval, conf_level
        As in `cohens_kappa`.
    categories : array_like, shape (q,), optional
        Labels in order; 1 to q without them.

    Raises
    ------
    ValueError
        The table is not square or holds something else than counts, or the weights are none.

    Returns
    -------
    Coefficient

    References
    ----------
    See `cohens_kappa`.

    Examples
    --------
    >>> cohens_kappa_of_table([[44, 5, 1], [7, 20, 3], [9, 5, 6]])
    Cohen's kappa = 0.492 [0.336, 0.621], n = 100
    """
    counts = read_counts(table)
    q = len(counts)
    if counts.shape != (q, q):
        raise ValueError(f"the table has shape {counts.shape}; rows and columns are the categories")
    labels = tuple(as_labels(np.arange(1, q + 1) if categories is None else categories).tolist())
    if len(labels) != q:
        raise ValueError(f"{len(labels)} categories for a table of {q} rows")
    return _kappa(counts, labels, weights, interval, conf_level, "")


def _kappa(
    table: FloatArray,
    categories: tuple[Label, ...],
    weights: str | ArrayLike,
    interval: str,
    conf_level: float,
    gaps: str,
) -> Coefficient:
    check_level(conf_level)
    w = agreement_weights(weights, categories)
    n = int(table.sum())
    variant = weight_label(weights)
    if n == 0:
        reason = join("no unit was rated by both", gaps)
        return undefined(NAME, reason, conf_level=conf_level, variant=variant)
    p = table / n
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    # Of disagreement, whose sums are exact where there is none.
    observed, expected = float(np.sum((1 - w) * p)), float(rows @ (1 - w) @ columns)
    if expected == 0:
        reason = "both raters used one and the same category, so chance agreement is complete"
        return undefined(NAME, reason, n=n, conf_level=conf_level, variant=variant)
    value = 1 - observed / expected
    margins = (w @ columns)[:, None] + (rows @ w)[None, :]
    agreed, chance = 1 - observed, 1 - expected
    spread = np.sum(p * (w * expected - margins * observed) ** 2)
    spread -= (agreed * chance - 2 * chance + agreed) ** 2
    se = float(np.sqrt(max(spread, 0.0) / n) / expected**2)
    low, high, why = kappa_limits(value, se, n, conf_level, interval)
    constant = [who for who, m in (("first", rows), ("second", columns)) if (m == 1).any()]
    notes = [f"the {' and the '.join(constant)} rater used one category"] if constant else []
    split = n - int(np.trace(table))
    notes.append(why or sparse_note(n, split, float((rows + columns).max() / 2)))
    return Coefficient(
        NAME, value, low, high, conf_level, n, f"{METHOD}, {INTERVALS[interval]}",
        WEIGHTED if variant else REFERENCE, variant=variant, se=se,
        note=join(*notes, gaps),
    )  # fmt: skip
