"""The size of errors about zero, with its chi-square interval."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats


@dataclass(frozen=True, slots=True)
class RootMeanSquare:
    """A standard deviation about zero and its interval; NaN where there is none.

    Parameters
    ----------
    value, low, high : float
    n : int
        Independent units.
    """

    value: float
    low: float
    high: float
    n: int


def root_mean_square(x: NDArray[np.float64], conf_level: float = 0.95) -> RootMeanSquare:
    """Standard deviation about zero, with the interval for normal errors.

    Parameters
    ----------
    x : ndarray, shape (n,) or (n, n_within)
        Errors; those of one row hang together, and count as one unit. NaN counts as missing.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    RootMeanSquare
        The interval is the chi-square one with n degrees of freedom: exact for one normal error a
        row whose mean is zero, too wide for several that are not wholly alike.

    References
    ----------
    Fisher, R. A. (1925). Statistical Methods for Research Workers. Oliver & Boyd.

    Examples
    --------
    >>> root_mean_square(np.array([3.0, -4.0]))
    RootMeanSquare(value=3.535..., low=1.840..., high=22.219..., n=2)
    """
    rows = x.reshape(len(x), -1)
    known = ~np.isnan(rows).any(axis=1)
    n = int(known.sum())
    if n == 0:
        return RootMeanSquare(np.nan, np.nan, np.nan, 0)
    value = float(np.sqrt(np.mean(rows[known] ** 2)))
    tail = (1 - conf_level) / 2
    low, high = (value * np.sqrt(n / stats.chi2.ppf(q, n)) for q in (1 - tail, tail))
    return RootMeanSquare(value, float(low), float(high), n)
