"""Interval limits of intraclass correlations, from mean squares."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from psychometrics.stats.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """Mean squares of a two-way layout without repetition, units × raters.

    Parameters
    ----------
    units, raters, error : float
        With expectations ``e + size p``, ``e + depth r`` and ``e`` of the components p of the
        units, r of the raters and e of the residual.
    df_units, df_raters, df_error : float
    size, depth : float
        Ratings to a unit and ratings to a rater; effective numbers where cells are missing.
    columns : int
        Raters, over whom the average forms average.
    """

    units: float
    raters: float
    error: float
    df_units: float
    df_raters: float
    df_error: float
    size: float
    depth: float
    columns: int


def f_quantile(p: float, df1: float, df2: float = np.inf) -> float:
    """Quantile of F; with an infinite second df that of chi-squared over its df.

    Examples
    --------
    >>> round(f_quantile(0.95, 2, 10), 3), round(f_quantile(0.95, 2), 3)
    (4.103, 2.996)
    """
    if np.isinf(df2):
        return float(special.chdtri(df1, 1 - p) / df1)
    return float(special.fdtri(df1, df2, p))


def ratio_limits(
    between: float, within: float, df1: float, df2: float, size: float, conf_level: float
) -> tuple[float, float]:
    """Limits of a correlation that rests on two mean squares: exact in balanced normal data.

    Examples
    --------
    >>> low, high = ratio_limits(11.2417, 6.2639, 5, 18, 4, 0.95)
    >>> round(low, 3), round(high, 3)
    (-0.133, 0.723)
    """
    tail = (1 - conf_level) / 2
    limits = [
        (between - q * within) / (between + (size - 1) * q * within)
        for q in (f_quantile(1 - tail, df1, df2), f_quantile(tail, df1, df2))
    ]
    return limits[0], limits[1]


def agreement_value(ms: MeanSquares) -> float:
    """Share of the units' component in all three, ICC(2,1)."""
    p = (ms.units - ms.error) / ms.size
    r = (ms.raters - ms.error) / ms.depth
    return p / (p + r + ms.error)


def satterthwaite_limits(ms: MeanSquares, conf_level: float) -> tuple[float, float]:
    """Limits of ICC(2,1) after Shrout and Fleiss, the interval that R prints.

    The raters' and the residual mean square are taken together, with Satterthwaite's df.
    """
    tail, k, n = (1 - conf_level) / 2, ms.size, ms.depth
    icc = agreement_value(ms)
    raters = k * icc * ms.raters
    rest = (n * (1 + (k - 1) * icc) - k * icc) * ms.error
    df = (raters + rest) ** 2 / (raters**2 / ms.df_raters + rest**2 / ms.df_error)
    both = k * ms.raters + (k * n - k - n) * ms.error
    f_low, f_high = f_quantile(1 - tail, ms.df_units, df), f_quantile(1 - tail, df, ms.df_units)
    low = n * (ms.units - f_low * ms.error) / (f_low * both + n * ms.units)
    high = n * (f_high * ms.units - ms.error) / (both + n * f_high * ms.units)
    return low, high


def modified_large_sample_limits(ms: MeanSquares, conf_level: float) -> tuple[float, float]:
    """Limits of ICC(2,1) by the modified large sample method.

    A value L lies below the correlation where ``p - L (p + r + e)`` is positive. That is a
    combination of three mean squares; its bound (Ting et al., 1990) is zero at the limit, which
    makes the limit the root of a quadratic equation, one for each sign of L.
    """
    tail, value = (1 - conf_level) / 2, agreement_value(ms)
    floor = -1 / (ms.columns - 1)
    lows = [root for root in _roots(ms, tail, floor) if root <= value]
    highs = [root for root in _roots(ms, 1 - tail, floor) if root >= value]
    return max(lows, default=min(floor, value)), min(highs, default=1.0)


def _roots(ms: MeanSquares, tail: float, floor: float) -> list[float]:
    squares = np.array([ms.units, ms.raters, ms.error])
    df = np.array([ms.df_units, ms.df_raters, ms.df_error])
    at_zero = np.array([1 / ms.size, 0, -1 / ms.size]) * squares
    slope = np.array([-1 / ms.size, -1 / ms.depth, 1 / ms.size + 1 / ms.depth - 1]) * squares
    roots: list[float] = []
    for raters, start, end in ((-1.0, 0.0, 1.0), (1.0, floor, 0.0)):
        signs = np.array([1.0, raters, -1.0])
        form = np.ones((3, 3)) - np.outer(signs, signs) * _spread(df, signs, tail)
        a, b, c = slope @ form @ slope, at_zero @ form @ slope, at_zero @ form @ at_zero
        inside = b * b - a * c
        if inside < 0 or a == 0:
            continue
        found = ((-b - np.sqrt(inside)) / a, (-b + np.sqrt(inside)) / a)
        roots += [float(root) for root in found if start <= root <= end]
    return roots


def _spread(df: FloatArray, signs: FloatArray, tail: float) -> FloatArray:
    """Squared distance of the bound as a quadratic form in the terms' absolute values.

    A lower bound for a tail below 1/2, an upper bound above. ``towards`` are the terms whose
    mean square is too large at the bound, ``away`` those whose is too small.
    """
    lower = tail < 0.5
    up = max(tail, 1 - tail)
    short = [1 - 1 / f_quantile(up, d) for d in df]
    long = [1 / f_quantile(1 - up, d) - 1 for d in df]
    towards = [i for i in range(len(df)) if (signs[i] > 0) == lower]
    away = [i for i in range(len(df)) if i not in towards]
    form = np.diag([short[i] ** 2 if i in towards else long[i] ** 2 for i in range(len(df))])
    for i in towards:
        for j in away:
            f = f_quantile(up, df[i], df[j])
            both = ((f - 1) ** 2 - short[i] ** 2 * f**2 - long[j] ** 2) / f
            form[i, j] = form[j, i] = both / 2
    if len(towards) == 2:
        i, j = towards
        total = df[i] + df[j]
        both = (1 - 1 / f_quantile(up, total)) ** 2 * total**2 / (df[i] * df[j])
        both -= short[i] ** 2 * df[i] / df[j] + short[j] ** 2 * df[j] / df[i]
        form[i, j] = form[j, i] = both / 2
    return form
