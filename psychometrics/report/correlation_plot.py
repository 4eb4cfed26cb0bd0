"""Lower triangle of a matrix of correlations."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from psychometrics.analysis.correlations import Correlations
from psychometrics.errors import DataError
from psychometrics.report import style
from psychometrics.report.estimate_text import level_text
from psychometrics.report.text import number, span

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

# More columns than this and a scale of colours stands instead of numbers.
_MAX_PRINTED = 30
_MAX_LABEL = 22
# Inches: the side of a cell with its number, of one without; the least height of a figure.
_CELL, _LARGEST_CELL, _BARE_CELL, _HEIGHT = 0.27, 0.45, 0.13, 1.1
_NEGATIVE, _MIDDLE, _POSITIVE = "#8f3a00", "#fbfbfb", "#004a78"
# Beyond this the cell is so dark that its number is white.
_DARK = 0.62
_NAMES = {"pearson": "Pearson's r", "spearman": "Spearman's rho"}


def correlations(correlations: Correlations, *, ax: Axes | None = None) -> Axes:
    """Draw the correlation of every two columns.

    A square is a positive correlation, a disc a negative one; the darker, the further from zero. A
    dark edge marks those whose interval excludes zero, each taken by itself; a dotted one those
    that have no interval. What could not be estimated is hatched. The number of a row stands again
    at the head of its column.

    Parameters
    ----------
    correlations : Correlations
    ax : Axes, optional
        Where to draw; default a figure of its own, as large as the columns need.

    Returns
    -------
    Axes

    Raises
    ------
    DataError
        There are fewer than two columns.

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> x = np.random.default_rng(0).normal(size=(50, 4))
    >>> ax = pm.plot.correlations(pm.correlations(x))
    >>> ax.figure.savefig("correlations.svg")  # doctest: +SKIP
    """
    k = len(correlations.names)
    if k < 2:
        raise DataError(
            f"{k} column{'' if k == 1 else 's'} make no pair to draw.",
            "Correlate at least two columns or scales.",
        )
    names = [
        f"{style.label(name, _MAX_LABEL)}  {i}" for i, name in enumerate(correlations.names, 1)
    ]
    layout = _layout(k, max(map(len, names))) if ax is None else _layout_within(ax, k)
    with style.drawing(ax, layout.height) as drawn:
        if ax is None and (figure := drawn.get_figure(root=True)):
            figure.set_figwidth(layout.width)
        drawn.set_xlim(0.5, 0.5 + layout.across)
        drawn.set_ylim(0.5 + layout.down, 0.5)
        drawn.set_aspect("equal", anchor="NW")
        _draw_cells(drawn, correlations, layout)
        _name_rows(drawn, names, layout)
        _add_legend(drawn, correlations)
        if not layout.printed:
            _add_colours(drawn)
        _say_what(drawn, correlations, layout)
    return drawn


@dataclass(frozen=True, slots=True)
class _Layout:
    """Inches of the figure and of a cell; cells that the axes are wide and high."""

    width: float
    height: float
    side: float
    across: float
    down: float

    @property
    def printed(self) -> bool:
        """Whether a number has room in a cell."""
        return self.side >= 0.9 * _CELL


def _layout(k: int, longest: int) -> _Layout:
    labels = 0.074 * longest + 0.2
    side = min(max((style.WIDTH - labels) / k, _CELL), _LARGEST_CELL)
    side = side if k <= _MAX_PRINTED else _BARE_CELL
    width, height = max(style.WIDTH, labels + k * side), max(k * side, _HEIGHT)
    return _Layout(width, height + 0.45, side, (width - labels) / side, height / side)


def _layout_within(ax: Axes, k: int) -> _Layout:
    box, figure = ax.get_window_extent(), ax.get_figure(root=True)
    width, height = (x / (figure.dpi if figure else 100) for x in (box.width, box.height))
    side = min(width, height) / k
    return _Layout(width, height, side, width / side, height / side)


def _draw_cells(ax: Axes, found: Correlations, layout: _Layout) -> None:
    from matplotlib.patches import Circle, Rectangle

    r, low, high = found.matrix.r, found.matrix.low, found.matrix.high
    colours, thin = _colours(), 1.0 if layout.printed else 0.6
    for i, j in np.argwhere(np.tri(len(r), k=-1) > 0).tolist():
        x, y, value = j + 1, i + 1, float(r[i, j])
        look = _edge(value, float(low[i, j]), float(high[i, j]), thin)
        if not math.isnan(value):
            look["facecolor"] = colours((value + 1) / 2)
        if value < 0:
            ax.add_patch(Circle((x, y), 0.45, **look))
        else:
            ax.add_patch(Rectangle((x - 0.43, y - 0.43), 0.86, 0.86, **look))
        if layout.printed and not math.isnan(value):
            ax.text(
                x, y, _short(value), ha="center", va="center_baseline",
                size=min(22.5 * layout.side, 9.0),
                color="white" if abs(value) > _DARK else style.INK,
            )  # fmt: skip


def _edge(value: float, low: float, high: float, thin: float) -> dict[str, Any]:
    """Look of a cell but for its colour."""
    if math.isnan(value):
        return {"facecolor": "white", "edgecolor": style.QUIET, "hatch": "/////", "linewidth": 0.4}
    if math.isnan(low) or math.isnan(high):
        return {"edgecolor": style.INK, "linewidth": thin, "linestyle": ":"}
    if low > 0 or high < 0:
        return {"edgecolor": style.INK, "linewidth": 1.3 * thin}
    return {"edgecolor": "#b0b0b0", "linewidth": 0.5 * thin}


def _short(value: float) -> str:
    """Print a correlation in two digits, without the zero before the point."""
    return number(value).replace("0.", ".", 1) if abs(value) < 0.995 else number(value)


def _colours() -> Colormap:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("correlations", [_NEGATIVE, _MIDDLE, _POSITIVE])


def _name_rows(ax: Axes, names: Sequence[str], layout: _Layout) -> None:
    size = min(9.5, 52 * layout.side)
    ax.set_yticks(range(1, len(names) + 1), names)
    ax.tick_params(axis="y", length=0, labelsize=size, pad=2)
    ax.set_xticks([])
    ax.spines[:].set_visible(False)
    for i in range(1, len(names)):
        ax.text(
            i, i, str(i), ha="center", va="center_baseline", size=min(size, 40 * layout.side),
            color=style.QUIET,
        )  # fmt: skip


def _add_legend(ax: Axes, found: Correlations) -> None:
    """Say what shapes and edges mean, of those that occur."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    below = np.tril_indices(len(found.names), -1)
    r, low, high = (x[below] for x in (found.matrix.r, found.matrix.low, found.matrix.high))
    level, colours, nan = level_text(found.matrix.conf_level), _colours(), math.nan
    known, limited = ~np.isnan(r), ~(np.isnan(low) | np.isnan(high))
    handles: list[Artist] = [
        Line2D([], [], linestyle="none", marker=m, markersize=8, color=colours(at), label=text)
        for occurs, text, m, at in (
            ((r >= 0).any(), "positive", "s", 0.8),
            ((r < 0).any(), "negative", "o", 0.2),
        )
        if occurs
    ]
    handles += [
        Patch(**{"facecolor": "white", **_edge(value, limit, limit, 1.0)}, label=text)
        for occurs, text, value, limit in (
            (((low > 0) | (high < 0)).any(), f"{level} interval excludes zero", 1.0, 1.0),
            ((known & ~limited).any(), "no interval", 1.0, nan),
            ((~known).any(), "not estimated", nan, nan),
        )
        if occurs
    ]
    ax.legend(
        handles=handles, loc="upper right", fontsize=8.5, handlelength=1.1, handleheight=1.1,
        borderaxespad=0, borderpad=0.1, labelspacing=0.35,
    )  # fmt: skip


def _add_colours(ax: Axes) -> None:
    """Draw the scale of colours into the empty corner."""
    inset = ax.inset_axes((0.62, 0.74, 0.34, 0.018))
    inset.imshow(
        np.linspace(-1, 1, 101)[None], cmap=_colours(), vmin=-1, vmax=1, aspect="auto",
        extent=(-1, 1, 0, 1),
    )  # fmt: skip
    inset.set_xticks([-1, -0.5, 0, 0.5, 1], ["−1", "−.5", "0", ".5", "1"])
    inset.set_yticks([])
    inset.tick_params(axis="x", labelsize=8, length=2)


def _say_what(ax: Axes, found: Correlations, layout: _Layout) -> None:
    n = found.matrix.n[np.tril_indices(len(found.names), -1)].tolist()
    kind = _NAMES.get(found.matrix.kind, found.matrix.kind)
    text = "; ".join(filter(None, [f"{kind}, n = {span(n)} {found.table.unit}", found.note]))
    wrapped = textwrap.wrap(style.label(text, 300), int(layout.width / 0.08))
    ax.annotate(
        "\n".join(wrapped), (0.5, len(found.names) + 0.5), (0, -5), xycoords="data",
        textcoords="offset points", ha="left", va="top", size=9, annotation_clip=False,
    )  # fmt: skip
