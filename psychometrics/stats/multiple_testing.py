"""Control of several tests at once: Holm, and Benjamini and Hochberg."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from statsmodels.stats.multitest import multipletests

from psychometrics.stats.arrays import BoolArray, FloatArray

METHODS = {"holm": "holm", "bh": "fdr_bh"}
REFERENCES = {
    "holm": "Holm (1979), Scandinavian Journal of Statistics 6(2)",
    "bh": "10.1111/j.2517-6161.1995.tb02031.x",
}


@dataclass(frozen=True, slots=True, eq=False)
class AdjustedTests:
    """Adjusted p-values, in the order given.

    Parameters
    ----------
    p, adjusted : ndarray, shape (m,)
        NaN where there was no test.
    rejected : ndarray of bool, shape (m,)
        Whether ``adjusted`` is at most ``alpha``; false where there was no test.
    alpha : float
    method : {"holm", "bh"}
    controls : str
        ``family-wise error rate`` or ``false discovery rate``.
    n_tests : int
        Tests that were made; only these count.
    reference : str
    """

    p: FloatArray
    adjusted: FloatArray
    rejected: BoolArray
    alpha: float
    method: str
    controls: str
    n_tests: int
    reference: str


def adjust(p: ArrayLike, method: str = "holm", alpha: float = 0.05) -> AdjustedTests:
    """Adjust p-values for the number of tests.

    Parameters
    ----------
    p : array-like, shape (m,)
        Between 0 and 1; NaN is a test that could not be made and does not count.
    method : {"holm", "bh"}
        Holm's step-down procedure controls the probability of any false rejection, under any
        dependence; Benjamini and Hochberg's step-up procedure the expected share of false ones
        among the rejections, if the tests are independent or positively dependent.
    alpha : float
        Between 0 and 1.

    Returns
    -------
    AdjustedTests

    Raises
    ------
    ValueError
        A p-value is out of range, p is no vector, or the method or alpha is unknown.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal
    of Statistics, 6(2), 65–70.

    Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate: a practical and
    powerful approach to multiple testing. Journal of the Royal Statistical Society, Series B,
    57(1), 289–300. doi:10.1111/j.2517-6161.1995.tb02031.x

    Examples
    --------
    >>> adjust([0.01, 0.04, np.nan, 0.03]).adjusted
    array([0.03, 0.06,  nan, 0.06])
    >>> adjust([0.01, 0.04, np.nan, 0.03], "bh").adjusted
    array([0.03, 0.04,  nan, 0.04])
    """
    values = np.asarray(p, dtype=np.float64)
    if values.ndim != 1 or (values < 0).any() or (values > 1).any():
        raise ValueError("p is no vector of numbers between 0 and 1")
    if method not in METHODS:
        raise ValueError(f"method={method!r} is neither 'holm' nor 'bh'")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha={alpha} is not between 0 and 1")
    made = ~np.isnan(values)
    adjusted = np.full(values.shape, np.nan)
    rejected = np.zeros(values.shape, dtype=np.bool_)
    if made.any():
        found = multipletests(values[made], alpha, METHODS[method])
        rejected[made], adjusted[made] = found[0], found[1]
    controls = "family-wise error rate" if method == "holm" else "false discovery rate"
    return AdjustedTests(
        values, adjusted, rejected, alpha, method, controls, int(made.sum()), REFERENCES[method]
    )
