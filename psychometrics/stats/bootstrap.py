"""Bootstrap of rows or of clusters, also within strata, with percentile and BCa limits."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from psychometrics.stats.arrays import FloatArray, check_level
from psychometrics.stats.bootstrap_limits import (
    accelerated_limits,
    acceleration,
    bca_limits,
    percentile_limits,
)
from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.resampling import (
    WeightedStatistic,
    count_blocks,
    evaluate,
    leave_out_blocks,
    of_indices,
    resample_counts,
    unit_codes,
    unit_strata,
)

__all__ = [
    "BootstrapDistribution",
    "bca_limits",
    "bootstrap",
    "bootstrap_many",
    "count_blocks",
    "of_indices",
    "percentile_limits",
    "resample_counts",
]

# With fewer units percentile and BCa intervals are too short.
FEW_UNITS = 50
# With fewer the resamples are too few and too alike to say anything.
FEWEST_UNITS = 5
# With more resamples than this without a value the rest do not stand for the whole.
MOST_FAILED = 0.1

EFRON = "10.1080/01621459.1987.10478410"


@dataclass(frozen=True, slots=True, eq=False)
class BootstrapDistribution:
    """Values of a statistic over resamples.

    Parameters
    ----------
    estimate : float
        In the data themselves.
    values : ndarray, shape (n_resamples,)
        NaN where the statistic does not exist in a resample.
    n_units : int
        Independent units: rows, or clusters.
    unit : {"row", "cluster"}
    seed : int
    acceleration : float
        For BCa limits; NaN if no leave-one-out values were computed.
    jackknife_failed : int
        Units without which the statistic does not exist; the acceleration rests on the others.
    """

    estimate: float
    values: FloatArray
    n_units: int
    unit: str
    seed: int
    acceleration: float = np.nan
    jackknife_failed: int = 0

    @property
    def n_resamples(self) -> int:
        """Resamples drawn, those without a value included."""
        return len(self.values)

    @property
    def n_failed(self) -> int:
        """Resamples in which the statistic does not exist."""
        return int(np.isnan(self.values).sum())

    @property
    def standard_error(self) -> float:
        """Standard deviation over the resamples that have a value; NaN without an interval."""
        if self._refusal():
            return float("nan")
        return float(np.nanstd(self.values, ddof=1))

    @property
    def note(self) -> str:
        """What a reader of the interval has to know; empty if there is nothing."""
        notes = [self._refusal()]
        if self.n_failed and not notes[0]:
            notes.append(f"{self.n_failed} of {self.n_resamples} resamples have no value")
        if self.jackknife_failed:
            notes.append(f"no value without {self.jackknife_failed} of the {self.unit}s")
        if FEWEST_UNITS <= self.n_units < FEW_UNITS:
            notes.append(
                f"{self.n_units} {self.unit}s: below {FEW_UNITS} bootstrap intervals are too short"
            )
        return "; ".join(filter(None, notes))

    def limits(self, kind: str = "bca", conf_level: float = 0.95) -> tuple[float, float]:
        """Lower and upper limit of the interval; NaN where ``note`` says why.

        Parameters
        ----------
        kind : {"bca", "percentile"}
        conf_level : float
            Between 0 and 1.

        Raises
        ------
        ValueError
            Unknown kind, level out of range, or BCa without leave-one-out values.
        """
        check_level(conf_level)
        if kind not in ("bca", "percentile"):
            raise ValueError(f"kind={kind!r} is neither 'bca' nor 'percentile'")
        if self._refusal():
            return float("nan"), float("nan")
        if kind == "percentile":
            return percentile_limits(self.values, conf_level)
        if np.isnan(self.acceleration):
            raise ValueError("BCa limits need leave-one-out values: bootstrap(…, bca=True)")
        return accelerated_limits(self.values, self.estimate, self.acceleration, conf_level)

    def coefficient(
        self,
        name: str,
        *,
        kind: str = "bca",
        conf_level: float = 0.95,
        method: str = "",
        reference: str = "",
        variant: str = "",
    ) -> Coefficient:
        """The estimate with its interval, and how the resamples were drawn added to the method."""
        low, high = self.limits(kind, conf_level)
        label = {"bca": "BCa", "percentile": "percentile"}[kind]
        drawn = (
            f"{label} bootstrap of {self.unit}s ({self.n_resamples} resamples, seed {self.seed})"
        )
        return Coefficient(
            name,
            self.estimate,
            low,
            high,
            conf_level,
            self.n_units,
            f"{method}; {drawn}" if method else drawn,
            f"{reference}; {EFRON}" if reference else EFRON,
            variant=variant,
            se=self.standard_error,
            note=self.note,
        )

    def _refusal(self) -> str:
        if np.isnan(self.estimate):
            return "no value in the data themselves"
        if self.n_units < FEWEST_UNITS:
            number = {1: "one"}.get(self.n_units, str(self.n_units))
            return f"no interval: {number} {self.unit}{'s' * (self.n_units > 1)} to resample"
        if self.n_failed > MOST_FAILED * self.n_resamples:
            return f"no interval: {self.n_failed} of {self.n_resamples} resamples have no value"
        return ""


def bootstrap(
    statistic: WeightedStatistic,
    n: int,
    n_resamples: int = 2000,
    seed: int = 0,
    *,
    clusters: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    bca: bool = True,
) -> BootstrapDistribution:
    """Bootstrap distribution of one statistic.

    Parameters
    ----------
    statistic : callable
        Takes weights of shape (b, n), returns b values. Row i counts ``weights[:, i]`` times; the
        weights of a sample do not sum to n if clusters differ in size, or one is left out.
        :func:`of_indices` makes one from a function of row numbers.
    n : int
        Rows of the data.
    n_resamples, seed : int
    clusters : array-like, shape (n,), optional
        Labels of the independent units, such as the model; these are resampled and left out.
    strata : array-like, shape (n,), optional
        Labels of groups whose sizes are fixed by design; units are resampled within them.
    bca : bool
        Compute the leave-one-out values that BCa limits need: one evaluation a unit.

    Returns
    -------
    BootstrapDistribution

    Raises
    ------
    ValueError
        Labels do not fit the rows, a cluster lies in several strata, fewer than two resamples, or
        the statistic returns another shape.

    References
    ----------
    Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical
    Association, 82(397), 171–185. doi:10.1080/01621459.1987.10478410

    Davison, A. C., & Hinkley, D. V. (1997). Bootstrap Methods and their Application. Cambridge
    University Press. doi:10.1017/CBO9780511802843

    Examples
    --------
    >>> x = np.arange(60.0)
    >>> found = bootstrap(lambda w: w @ x / w.sum(axis=1), 60, seed=1)
    >>> round(found.estimate, 1), [round(limit, 0) for limit in found.limits("percentile")]
    (29.5, [25.0, 34.0])
    """

    def one_column(weights: FloatArray) -> FloatArray:
        values = np.asarray(statistic(weights), dtype=np.float64)
        if values.shape != (len(weights),):
            raise ValueError(
                f"the statistic returned shape {values.shape} for {len(weights)} samples; it has "
                "to return one value for each row of weights (bootstrap_many takes several)"
            )
        return values[:, None]

    return bootstrap_many(
        one_column, n, n_resamples, seed, clusters=clusters, strata=strata, bca=bca
    )[0]


def bootstrap_many(
    statistic: WeightedStatistic,
    n: int,
    n_resamples: int = 2000,
    seed: int = 0,
    *,
    clusters: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    bca: bool = True,
) -> tuple[BootstrapDistribution, ...]:
    """Bootstrap distributions of several statistics over the same resamples.

    Parameters
    ----------
    statistic : callable
        Takes weights of shape (b, n), returns values of shape (b, k).
    n, n_resamples, seed, clusters, strata, bca
        As in :func:`bootstrap`.

    Returns
    -------
    tuple of BootstrapDistribution
        One for each of the k statistics.

    Examples
    --------
    >>> x = np.arange(60.0).reshape(30, 2)
    >>> [d.estimate for d in bootstrap_many(lambda w: w @ x / w.sum(axis=1)[:, None], 30)]
    [29.0, 30.0]
    """
    codes, n_units = unit_codes(n, clusters)
    estimates = evaluate(statistic, [np.ones((1, n))])
    blocks = count_blocks(n, n_resamples, seed, clusters=clusters, strata=strata)
    values = evaluate(statistic, blocks)
    if values.ndim != 2:
        raise ValueError("bootstrap_many takes a statistic that returns shape (b, k)")
    accelerations = np.full(values.shape[1], np.nan)
    failed = np.zeros(values.shape[1], dtype=np.int64)
    if bca and n_units > 1:
        left_out = evaluate(statistic, leave_out_blocks(codes, n_units))
        failed = np.isnan(left_out).sum(axis=0)
        of_units = unit_strata(codes, n_units, strata)
        accelerations = np.array([acceleration(column, of_units) for column in left_out.T])
    unit = "row" if clusters is None else "cluster"
    return tuple(
        BootstrapDistribution(
            float(estimates[0, k]),
            values[:, k],
            n_units,
            unit,
            seed,
            float(accelerations[k]),
            int(failed[k]),
        )
        for k in range(values.shape[1])
    )
