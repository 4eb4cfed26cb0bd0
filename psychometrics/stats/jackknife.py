"""Leave one unit out: standard error and bias of any statistic of weighted rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from psychometrics.stats.arrays import FloatArray
from psychometrics.stats.resampling import (
    WeightedStatistic,
    evaluate,
    leave_out_blocks,
    unit_codes,
)


@dataclass(frozen=True, slots=True, eq=False)
class Jackknife:
    """What a statistic is with each unit left out.

    Parameters
    ----------
    estimate : float
        With all units.
    values : ndarray, shape (n_units,)
        NaN where the statistic does not exist without that unit.
    n_units : int
    unit : {"row", "cluster"}
    """

    estimate: float
    values: FloatArray
    n_units: int
    unit: str

    @property
    def n_failed(self) -> int:
        """Units without which the statistic does not exist."""
        return int(np.isnan(self.values).sum())

    @property
    def standard_error(self) -> float:
        """NaN with fewer than two units, or if the statistic needs one of them."""
        if self.n_units < 2 or self.n_failed:
            return float("nan")
        m = self.n_units
        return float(np.sqrt((m - 1) / m * np.sum((self.values - self.values.mean()) ** 2)))

    @property
    def bias(self) -> float:
        """Estimate of the bias; subtract it from the estimate. NaN as the standard error is."""
        if self.n_units < 2 or self.n_failed:
            return float("nan")
        return float((self.n_units - 1) * (self.values.mean() - self.estimate))

    @property
    def note(self) -> str:
        """Why there is no standard error; empty if there is one."""
        if self.n_units < 2:
            return f"one {self.unit}: nothing to leave out"
        if self.n_failed:
            return f"no value without {self.n_failed} of {self.n_units} {self.unit}s"
        return ""


def jackknife(
    statistic: WeightedStatistic, n: int, *, clusters: ArrayLike | None = None
) -> Jackknife:
    """Leave out one row, or one cluster of rows, at a time.

    Parameters
    ----------
    statistic : callable
        Takes weights of shape (b, n), one row a sample and 0 for a row left out; returns b values.
    n : int
        Rows of the data.
    clusters : array-like, shape (n,), optional
        Labels of the independent units that rows belong to, such as the model.

    Returns
    -------
    Jackknife

    Raises
    ------
    ValueError
        No rows; as many labels as rows are not given; the statistic returns another shape.

    References
    ----------
    Tukey, J. W. (1958). Bias and confidence in not quite large samples (abstract). Annals of
    Mathematical Statistics, 29, 614.

    Examples
    --------
    >>> x = np.array([1.0, 2.0, 3.0, 6.0])
    >>> found = jackknife(lambda w: w @ x / w.sum(axis=1), 4)
    >>> round(found.standard_error, 6), round(float(x.std(ddof=1) / 2), 6)
    (1.080123, 1.080123)
    """
    codes, n_units = unit_codes(n, clusters)
    estimate = evaluate(statistic, [np.ones((1, n))])
    if estimate.ndim != 1:
        raise ValueError("jackknife takes a statistic that returns one value for each sample")
    values = evaluate(statistic, leave_out_blocks(codes, n_units))
    unit = "row" if clusters is None else "cluster"
    return Jackknife(float(estimate[0]), values, n_units, unit)
