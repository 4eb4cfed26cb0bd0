"""Array types, and the checks that every coefficient begins with."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


def check_level(conf_level: float) -> None:
    """Refuse a confidence level that is not between 0 and 1.

    Examples
    --------
    >>> check_level(95)
    Traceback (most recent call last):
    ValueError: conf_level=95 is not between 0 and 1; give 0.95 for 95 %
    """
    if not 0 < conf_level < 1:
        raise ValueError(f"conf_level={conf_level} is not between 0 and 1; give 0.95 for 95 %")


def as_matrix(x: ArrayLike, what: str = "x") -> FloatArray:
    """Take units × variables as floats; NaN is missing.

    Raises
    ------
    ValueError
        It has not two axes, or holds an infinite number.

    Examples
    --------
    >>> as_matrix([[1, 2], [3, np.nan]]).shape
    (2, 2)
    """
    matrix = np.asarray(x, dtype=np.float64)
    if matrix.ndim != 2:
        raise ValueError(f"{what} has {matrix.ndim} axes; give units × variables")
    if np.isinf(matrix).any():
        raise ValueError(f"{what} holds an infinite number")
    return matrix


def complete_rows(x: FloatArray) -> FloatArray:
    """Return the rows without a missing value.

    Examples
    --------
    >>> complete_rows(np.array([[1.0, 2.0], [3.0, np.nan]]))
    array([[1., 2.]])
    """
    return x[~np.isnan(x).any(axis=1)]
