"""A mean with Student's t interval."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats


@dataclass(frozen=True, slots=True)
class MeanInterval:
    """A mean, its standard error and interval; NaN where they do not exist.

    Parameters
    ----------
    mean, standard_error, low, high : float
    n : int
        Observations that are not NaN.
    """

    mean: float
    standard_error: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class MeanIntervals:
    """Means of rows with their intervals; arrays of shape (n_rows,), NaN where they do not exist.

    Parameters
    ----------
    mean, standard_error, low, high : ndarray
    n : ndarray of int
        Observations of each row that are not NaN.
    """

    mean: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    n: NDArray[np.int64]


def mean_interval(x: NDArray[np.float64], conf_level: float = 0.95) -> MeanInterval:
    """Mean of independent observations with Student's t interval.

    Parameters
    ----------
    x : ndarray, shape (n,)
        NaN counts as missing.
    conf_level : float
        Between 0 and 1.

    Raises
    ------
    ValueError
        The level is not between 0 and 1.

    Returns
    -------
    MeanInterval
        With one observation there is a mean and no interval; with none there is neither.

    References
    ----------
    Student (1908). The probable error of a mean. Biometrika, 6(1), 1–25.
    doi:10.1093/biomet/6.1.1

    Examples
    --------
    >>> mean_interval(np.array([1.0, 2.0, 3.0]))
    MeanInterval(mean=2.0, standard_error=0.577..., low=-0.484..., high=4.484..., n=3)
    """
    found = mean_intervals(np.asarray(x, dtype=np.float64)[None], conf_level)
    return MeanInterval(
        float(found.mean[0]),
        float(found.standard_error[0]),
        float(found.low[0]),
        float(found.high[0]),
        int(found.n[0]),
    )


def mean_intervals(x: NDArray[np.float64], conf_level: float = 0.95) -> MeanIntervals:
    """Mean of each row with Student's t interval; see :func:`mean_interval`.

    Parameters
    ----------
    x : ndarray, shape (n_rows, n)
        NaN counts as missing.
    conf_level : float
        Between 0 and 1.

    Raises
    ------
    ValueError
        The level is not between 0 and 1.

    Examples
    --------
    >>> mean_intervals(np.array([[1.0, 2.0, 3.0], [1.0, np.nan, np.nan]])).mean
    array([2., 1.])
    """
    if not 0 < conf_level < 1:
        raise ValueError(f"conf_level={conf_level} is not between 0 and 1")
    there = ~np.isnan(x)
    n = there.sum(axis=1)
    some, several = np.where(n > 0, n, np.nan), np.where(n > 1, n, np.nan)
    mean = np.where(there, x, 0.0).sum(axis=1) / some
    squares = (np.where(there, x - mean[:, None], 0.0) ** 2).sum(axis=1)
    error = np.sqrt(squares / (several - 1) / several)
    half = stats.t.ppf((1 + conf_level) / 2, several - 1) * error
    return MeanIntervals(mean, error, mean - half, mean + half, n.astype(np.int64))
