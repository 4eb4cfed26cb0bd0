"""A mean with Student's t interval."""

import functools
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
    if not 0 < conf_level < 1:
        raise ValueError(f"conf_level={conf_level} is not between 0 and 1")
    x = x[~np.isnan(x)]
    n = len(x)
    if n == 0:
        return MeanInterval(np.nan, np.nan, np.nan, np.nan, 0)
    mean = float(x.mean())
    if n == 1:
        return MeanInterval(mean, np.nan, np.nan, np.nan, 1)
    error = float(x.std(ddof=1) / np.sqrt(n))
    half = _quantile(n - 1, conf_level) * error
    return MeanInterval(mean, error, mean - half, mean + half, n)


@functools.cache
def _quantile(df: int, conf_level: float) -> float:
    return float(stats.t.ppf((1 + conf_level) / 2, df))
