"""What a regression has to be refused for before its numbers are believed."""

from collections.abc import Sequence

import numpy as np
from scipy import linalg, optimize

from psychometrics._types import BoolArray, FloatArray
from psychometrics.errors import DataError

# Of its length, what of a column is not told by those before it, as R's lm has it.
COLLINEAR = 1e-7
# Linear predictors beyond this are looked at for separation.
EXTREME = 10.0


def refuse_dependent_columns(design: FloatArray, names: Sequence[str], formula: str) -> None:
    """Refuse a design in which a column follows from those before it, or with too few rows.

    Raises
    ------
    DataError

    Examples
    --------
    >>> x = np.arange(4.0)
    >>> refuse_dependent_columns(np.column_stack([x, x**2, 2 * x]), ["a", "b", "c"], "y ~ …")
    Traceback (most recent call last):
    psychometrics.errors.DataError: 'c' follows from the other columns of 'y ~ …', so its coefficient ...
    Mend: Leave it out, or one that it follows from.
    """  # noqa: E501
    n, k = design.shape
    if n <= k:
        raise DataError(
            f"{formula!r} has {k} coefficients, and there are {n} rows.",
            "Use fewer predictors or more rows.",
        )
    if not np.isfinite(design).all():
        raise DataError(
            f"A predictor of {formula!r} is infinite.", "Mend the values, or the function of them."
        )
    lengths = np.linalg.norm(design, axis=0)
    triangle = linalg.qr(design / np.where(lengths > 0, lengths, 1.0), mode="r")[0]
    told = np.abs(np.diag(triangle)) <= COLLINEAR
    if told.any():
        name = names[int(np.argmax(told))]
        raise DataError(
            f"{name!r} follows from the other columns of {formula!r}, so its coefficient cannot "
            "be told apart.",
            "Leave it out, or one that it follows from.",
        )


def refuse_separation(
    linear: FloatArray, outcome: FloatArray, design: FloatArray, names: Sequence[str], family: str
) -> None:
    """Refuse an outcome that predictors tell without error, so that no finite maximum exists.

    Parameters
    ----------
    linear : ndarray, shape (n,)
        Fitted linear predictor; only extreme ones are looked into.
    outcome : ndarray, shape (n,)
        0 and 1, counts, or numbers of ordered categories from 0.
    design : ndarray, shape (n, k)
    names : sequence of str
        Of the columns of the design.
    family : {"binomial", "poisson", "ordinal"}

    Raises
    ------
    DataError

    References
    ----------
    Albert, A., & Anderson, J. A. (1984). On the existence of maximum likelihood estimates in
    logistic regression models. Biometrika, 71(1), 1–10. doi:10.1093/biomet/71.1.1
    """
    if np.abs(linear).max(initial=0.0) < EXTREME:
        return
    margins = _MARGINS[family](design / np.abs(design).max(axis=0), outcome)
    found = separating(margins)[: len(names)]
    if found.any():
        which = ", ".join(repr(name) for name, one in zip(names, found, strict=True) if one)
        raise DataError(
            f"The outcome is separated by {which}: part of it is told without error, so that "
            "coefficients have no finite maximum.",
            "Leave predictors out, join their categories, or give more rows.",
        )


def separating(margins: FloatArray) -> BoolArray:
    """Find the columns of a direction along which no margin falls and some margin rises.

    Examples
    --------
    >>> separating(np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0]]))
    array([ True,  True])
    >>> separating(np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]]))
    array([False, False])
    """
    found = optimize.linprog(
        -margins.sum(axis=0), A_ub=-margins, b_ub=np.zeros(len(margins)), bounds=(-1, 1)
    )
    if found.x is None or float((margins @ found.x).sum()) < 1e-6:
        return np.zeros(margins.shape[1], dtype=bool)
    return np.asarray(np.abs(found.x) > 1e-9)


def _binary(design: FloatArray, outcome: FloatArray) -> FloatArray:
    certain = (outcome == 0) | (outcome == 1)
    fixed = design[~certain]
    return np.vstack([design[certain] * (2 * outcome[certain] - 1)[:, None], fixed, -fixed])


def _counts(design: FloatArray, outcome: FloatArray) -> FloatArray:
    none, some = design[outcome == 0], design[outcome > 0]
    return np.vstack([-none, some, -some])


def _ordered(design: FloatArray, outcome: FloatArray) -> FloatArray:
    """Thresholds above and below each row's category, on either side of its linear predictor."""
    place = outcome.astype(np.int64)
    thresholds = np.eye(int(place.max()))
    above, below = place < len(thresholds), place > 0
    return np.vstack(
        [
            np.hstack([-design[above], thresholds[place[above]]]),
            np.hstack([design[below], -thresholds[place[below] - 1]]),
        ]
    )


_MARGINS = {"binomial": _binary, "poisson": _counts, "ordinal": _ordered}
