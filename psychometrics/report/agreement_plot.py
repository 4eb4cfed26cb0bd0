"""Bland and Altman's plot of the agreement of two measurements."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from psychometrics._types import FloatArray
from psychometrics.errors import DataError
from psychometrics.report import style
from psychometrics.report.estimate_text import level_text
from psychometrics.report.text import count, interval, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from psychometrics.stats.bland_altman import BlandAltman
    from psychometrics.stats.coefficient import Coefficient

_BAND, _BIAS_BAND = "#dcdcdc", "#b3cbe0"
# Share of the height that a text at the right takes.
_APART = 0.15
_MAX_DRAWN_AS_SHAPES = 5000
_MAX_LABEL = 22
_ROUNDING = 1e-9


def bland_altman(
    agreement: BlandAltman,
    *,
    names: tuple[str, str] = ("first", "second"),
    ax: Axes | None = None,
) -> Axes:
    """Draw the difference of two measurements against their mean.

    The solid line is the mean difference, the dashed ones are the limits of agreement; the band of
    each is its interval. Points are the paler, the more there are. The thin line is no difference.

    Parameters
    ----------
    agreement : BlandAltman
    names : tuple of str
        Of the two measurements.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    Axes

    Raises
    ------
    DataError
        There is no complete pair.

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> x = np.random.default_rng(0).normal(size=(2, 50))
    >>> ax = pm.plot.bland_altman(pm.bland_altman(*x), names=("digits", "letters"))
    >>> ax.figure.savefig("agreement.svg")  # doctest: +SKIP
    """
    means, differences = agreement.means, agreement.differences
    if not len(means):
        raise DataError(
            "There is no pair to draw.", "Give two measurements that some units have both of."
        )
    first, second = (style.label(name, _MAX_LABEL) for name in names)
    with style.drawing(ax, 3.4) as ax:
        _draw_points(ax, means, differences)
        lines = {
            "Upper limit": agreement.upper,
            "Bias": agreement.bias,
            "Lower limit": agreement.lower,
        }
        for name, found in lines.items():
            _draw_line(ax, found, is_bias=name == "Bias")
        _set_axes(ax, list(lines.values()), means, differences)
        _write_values(ax, {n: c for n, c in lines.items() if not math.isnan(c.value)})
        ax.set_ylabel("\n".join(textwrap.wrap(f"{first} − {second}", _MAX_LABEL + 2)))
        means_of = textwrap.wrap(f"Mean of {first} and {second}", 40)
        ax.set_xlabel("\n".join([*means_of, *_caption(agreement)]))
    return ax


def _caption(agreement: BlandAltman) -> list[str]:
    """Lines that say what lines and bands are, or why some are missing."""
    n = count(len(agreement.means), "pair")
    if math.isnan(agreement.upper.value):
        return textwrap.wrap(f"{n}; no limits: {style.label(agreement.upper.note, 120)}", 46)
    bands = f"; bands are {level_text(agreement.bias.conf_level)} CI"
    return [
        n if math.isnan(agreement.bias.low) else n + bands,
        f"limits hold {level_text(agreement.coverage)} of normal differences",
    ]


def _draw_points(ax: Axes, means: FloatArray, differences: FloatArray) -> None:
    n = len(means)
    ax.plot(
        means, differences, style.MARKERS[0], color=style.COLOURS[0], markeredgewidth=0,
        markersize=float(np.clip(20 / n**0.3, 2.0, 6.0)),
        alpha=float(np.clip(9 / n**0.5, 0.1, 0.75)), rasterized=n > _MAX_DRAWN_AS_SHAPES,
    )  # fmt: skip


def _draw_line(ax: Axes, found: Coefficient, *, is_bias: bool) -> None:
    if math.isnan(found.value):
        return
    low, high = found.low, found.high
    if not math.isnan(low):
        ax.axhspan(low, high, color=_BIAS_BAND if is_bias else _BAND, linewidth=0, zorder=0.5)
    ax.axhline(found.value, color=style.INK, linewidth=1.2, linestyle="-" if is_bias else "--")


def _set_axes(
    ax: Axes,
    lines: Sequence[Coefficient],
    means: FloatArray,
    differences: FloatArray,
) -> None:
    """Let the axes hold every point, line and band."""
    found = [x for line in lines for x in (line.value, line.low, line.high) if math.isfinite(x)]
    found += differences.tolist()
    # No difference is shown unless it is far from all that was found.
    nearest, spread = min(abs(x) for x in found), max(found) - min(found)
    if nearest <= spread or spread <= _ROUNDING * nearest:
        found.append(0.0)
    ax.set_xlim(*_with_margin(means.tolist()))
    ax.set_ylim(*_with_margin(found))
    if ax.get_ylim()[0] < 0 < ax.get_ylim()[1]:
        ax.axhline(0, color=style.QUIET, linewidth=0.6, zorder=1)


def _with_margin(found: Sequence[float]) -> tuple[float, float]:
    low, high = min(found), max(found)
    margin = 0.05 * (high - low) or 0.5 * (abs(low) or 1.0)
    return low - margin, high + margin


def _write_values(ax: Axes, lines: Mapping[str, Coefficient]) -> None:
    """Write each line's value at its right end, moved where two would run into each other."""
    low, high = ax.get_ylim()
    digits = min(max(2 - math.floor(math.log10(high - low)), 0), 6)
    wanted = [(found.value - low) / (high - low) for found in lines.values()]
    for (name, found), at, place in zip(lines.items(), wanted, _spread(wanted), strict=True):
        limits = interval(found.low, found.high, digits) or "(no interval)"
        moved = {"arrowstyle": "-", "color": style.QUIET, "linewidth": 0.6, "relpos": (0, 0.5)}
        ax.annotate(
            f"{name}\n{number(found.value, digits)} {limits}", (1, at), (1.04, place),
            xycoords="axes fraction", textcoords="axes fraction", va="center", size=8.5,
            arrowprops={**moved, "shrinkA": 0, "shrinkB": 0} if abs(at - place) > 0.01 else None,
        )  # fmt: skip


def _spread(wanted: Sequence[float]) -> list[float]:
    """Move places, given from top to bottom, until each is apart from the next and within 0 and 1.

    Examples
    --------
    >>> [round(place, 2) for place in _spread([0.52, 0.5, 0.1])]
    [0.58, 0.43, 0.1]
    """
    places = list(wanted)
    for _ in range(60):
        places = [min(max(place, _APART / 2), 1 - _APART / 2) for place in places]
        for i in range(len(places) - 1):
            lacking = _APART - (places[i] - places[i + 1])
            if lacking > 0:
                places[i] += lacking / 2
                places[i + 1] -= lacking / 2
    return places
