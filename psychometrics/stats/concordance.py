"""Lin's concordance of two measurements of the same units."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from psychometrics.stats.arrays import FloatArray, check_level
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.ratings import join

NAME = "concordance correlation"
METHOD = "moments with divisor n, normal interval on Fisher's scale"
REFERENCE = "10.2307/2532051; 10.1111/j.0006-341X.2000.00324.x"
ROUNDING = 16 * np.finfo(np.float64).eps


@dataclass(frozen=True, slots=True)
class Concordance:
    """Lin's concordance correlation and its two factors.

    Parameters
    ----------
    value : Coefficient
        Precision times accuracy.
    precision : Coefficient
        Pearson's correlation: how close the pairs lie to a line.
    accuracy : Coefficient
        C_b, above 0 up to 1: how close that line lies to that of identity. No interval.
    scale_shift : float
        Standard deviation of the first over that of the second; 1 if equal.
    location_shift : float
        Difference of means, first less second, in geometric means of the standard deviations.
    """

    value: Coefficient
    precision: Coefficient
    accuracy: Coefficient
    scale_shift: float
    location_shift: float


def concordance(first: ArrayLike, second: ArrayLike, *, conf_level: float = 0.95) -> Concordance:
    """Lin's concordance correlation coefficient.

    Parameters
    ----------
    first, second : array_like, shape (n,)
        Measurements of the same units in the same unit. Pairs with NaN are left out.
    conf_level : float
        Between 0 and 1.

    Raises
    ------
    ValueError
        The two have not one length, or hold an infinite number.

    Returns
    -------
    Concordance

    References
    ----------
    Lin, L. I.-K. (1989). A concordance correlation coefficient to evaluate reproducibility.
    Biometrics, 45(1), 255–268. doi:10.2307/2532051
    Lin, L. I.-K. (2000). A note on the concordance correlation coefficient. Biometrics, 56(1),
    324–325. doi:10.1111/j.0006-341X.2000.00324.x

    Examples
    --------
    >>> found = concordance([1.0, 2.0, 3.0, 4.0, 5.0], [1.5, 2.0, 3.5, 4.0, 6.0])
    >>> found.value
    concordance correlation = 0.936 [0.634, 0.990], n = 5
    >>> round(found.precision.value, 3), round(found.accuracy.value, 3)
    (0.976, 0.959)
    """
    check_level(conf_level)
    x, y, gaps = paired(first, second)
    n = len(x)
    spread_x, spread_y = (_spread(v) for v in (x, y))
    if n < 3:
        return _without(f"{n} pairs; three are needed", n, conf_level, gaps)
    if spread_x == spread_y == 0:
        return _without("neither measurement varies", n, conf_level, gaps)
    shift = float(x.mean() - y.mean())
    shared = float(np.mean((x - x.mean()) * (y - y.mean())))
    value = 2 * shared / (spread_x + spread_y + shift**2)
    if spread_x == 0 or spread_y == 0:
        return _one_constant(n, conf_level, gaps)
    scale = float(np.sqrt(spread_x * spread_y))
    r = float(np.clip(shared / scale, -1, 1))
    bias = 2 * scale / (spread_x + spread_y + shift**2)
    se = _standard_error(value, r, bias, shift / np.sqrt(scale), n)
    low, high, why = _limits(value, se / (1 - value**2) if abs(value) < 1 else 0.0, conf_level)
    r_se = 1 / np.sqrt(n - 3) if n > 3 and abs(r) < 1 else 0.0
    r_low, r_high, r_why = _limits(r, r_se, conf_level)
    nan = float("nan")
    return Concordance(
        Coefficient(NAME, value, low, high, conf_level, n, METHOD, REFERENCE, se=se,
                    note=join(why, gaps)),
        Coefficient("precision", r, r_low, r_high, conf_level, n, "Pearson's r, Fisher's z",
                    REFERENCE, note=join(r_why, gaps)),
        Coefficient("accuracy", bias, nan, nan, conf_level, n, METHOD, REFERENCE,
                    variant="C_b", note=join("no interval is given for this factor", gaps)),
        float(np.sqrt(spread_x / spread_y)),
        float(shift / np.sqrt(scale)),
    )  # fmt: skip


def paired(first: ArrayLike, second: ArrayLike) -> tuple[FloatArray, FloatArray, str]:
    """Complete pairs of two measurements, and what was left out in words.

    Raises
    ------
    ValueError
        The two have not one length, or hold an infinite number.

    Examples
    --------
    >>> paired([1, 2, np.nan], [3, 4, 5])
    (array([1., 2.]), array([3., 4.]), '1 pairs with a missing value left out')
    """
    x, y = (np.asarray(v, dtype=np.float64) for v in (first, second))
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"measurements {x.shape} and {y.shape} have to be lists of one length")
    if np.isinf(x).any() or np.isinf(y).any():
        raise ValueError("a measurement holds an infinite number")
    both = ~(np.isnan(x) | np.isnan(y))
    left_out = int((~both).sum())
    return x[both], y[both], f"{left_out} pairs with a missing value left out" if left_out else ""


def _spread(x: FloatArray) -> float:
    """Variance with divisor n; 0 where it is rounding."""
    if len(x) == 0:
        return 0.0
    variance = float(x.var())
    return variance if variance > (ROUNDING * float(np.abs(x).max())) ** 2 else 0.0


def _standard_error(value: float, r: float, bias: float, shift: float, n: int) -> float:
    # Lin's formula (with the correction of 2000) times (1 - value²)², value / r written as bias.
    variance = (1 - r**2) * bias**2 * (1 - value**2)
    variance += 2 * value**2 * bias * (1 - value) * shift**2
    variance -= 0.5 * value**2 * bias**2 * shift**4
    return float(np.sqrt(max(variance, 0.0) / (n - 2)))


def _limits(value: float, se: float, conf_level: float) -> tuple[float, float, str]:
    if se < 1e-9:
        exact = abs(value) > 1 - 1e-9
        why = f"no interval: {'the standard error is 0' if exact else 'four pairs are needed'}"
        return np.nan, np.nan, why
    half = float(special.ndtri((1 + conf_level) / 2)) * se
    center = np.arctanh(value)
    return float(np.tanh(center - half)), float(np.tanh(center + half)), ""


def _without(reason: str, n: int, conf_level: float, gaps: str) -> Concordance:
    value, precision, accuracy = (
        undefined(name, join(reason, gaps), n=n, conf_level=conf_level)
        for name in (NAME, "precision", "accuracy")
    )
    return Concordance(value, precision, accuracy, float("nan"), float("nan"))


def _one_constant(n: int, conf_level: float, gaps: str) -> Concordance:
    """One measurement is constant: concordance is 0, its factors do not exist."""
    nan = float("nan")
    reason = join("one measurement does not vary", gaps)
    value = Coefficient(NAME, 0.0, nan, nan, conf_level, n, METHOD, REFERENCE, note=reason)
    factors = [undefined(w, reason, n=n, conf_level=conf_level) for w in ("precision", "accuracy")]
    return Concordance(value, factors[0], factors[1], nan, nan)
