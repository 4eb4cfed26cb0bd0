"""Item table as a picture."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from psychometrics._types import FloatArray
from psychometrics.errors import DataError
from psychometrics.report import style
from psychometrics.report.estimate_text import level_text
from psychometrics.report.rows import part_rows
from psychometrics.report.text import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from psychometrics.analysis.item_analysis import ItemAnalysis

_MAX_PRINTED_ITEMS = 120
_MAX_LEGEND, _MAX_LABEL = 11, 24
_CAPTION = 56
# Shares of the width: where the answers end, how wide a column of numbers is, and what follows.
_ANSWERS, _COLUMN, _SPACE = 0.42, 0.11, 0.04
# Inches: a character of a name, a warning and what surrounds it.
_CHARACTER, _WARNING = 0.068, 0.72
_PALE, _MIDDLE, _DARK = "#e6edf4", "#6aaed6", "#08306b"


def items(analysis: ItemAnalysis, *, ax: Axes | None = None) -> Axes:
    """Draw the answers to each item, their mean, and the item-rest correlation.

    At the left the shares of the answer categories, the darker the higher; without categories the
    mean with one standard deviation to each side. At the right the correlation with the rest of the
    scale and its interval; a hollow mark and "check key" where the keying looks wrong. Items stand
    in the order of the table, parted by scale.

    Parameters
    ----------
    analysis : ItemAnalysis
    ax : Axes, optional
        Where to draw; default a figure of its own, as high as the items need.

    Returns
    -------
    Axes
        Those of the answers; the ones of the correlations are inside them.

    Raises
    ------
    DataError
        There is no item.

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(60, 1)) + rng.normal(size=(60, 5))
    >>> ax = pm.plot.items(pm.item_analysis(x))
    >>> ax.figure.savefig("items.svg")  # doctest: +SKIP
    """
    table = analysis.frame.reset_index(drop=True)
    if table.empty:
        raise DataError("There is no item to draw.", "Analyse a table with at least one item.")
    each = 0.175 if len(table) <= _MAX_PRINTED_ITEMS else 0.11
    note = textwrap.wrap(style.label(analysis.note, 300), _CAPTION)
    beside = 1.015 + (_WARNING / _width(ax, table) if table["suspect_key"].any() else 0)
    with style.drawing(ax, 1.15 + each * len(table) + 0.16 * len(note)) as ax:
        if analysis.shares is None:
            _draw_means(ax, table)
        else:
            _draw_shares(ax, table, analysis.shares)
        _name_items(ax, table)
        end = _write_numbers(ax, table)
        _draw_correlations(ax, table, end + _SPACE, level_text(analysis.conf_level))
        _write_below(ax, note)
        if table["scale"].nunique() > 1:
            part_rows(ax, table["scale"].astype(str).to_list(), at=beside)
    return ax


def _width(ax: Axes | None, table: pd.DataFrame) -> float:
    """Inches between the names of the items and the warnings."""
    if ax is not None:
        figure = ax.get_figure(root=True)
        return ax.get_window_extent().width / (figure.dpi if figure else 100)
    longest = max(len(style.label(str(item), _MAX_LABEL)) for item in table["item"])
    return style.WIDTH - _CHARACTER * longest - _WARNING - 0.35


def _draw_shares(ax: Axes, table: pd.DataFrame, shares: pd.DataFrame) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    found = shares.reindex(table["item"]).to_numpy(dtype=np.float64)
    k = found.shape[1]
    ramp = LinearSegmentedColormap.from_list("answers", [_PALE, _MIDDLE, _DARK])
    colours = [ramp(i / max(k - 1, 1)) for i in range(k)]
    known = np.nan_to_num(found)
    left = np.cumsum(known, axis=1) - known
    bars = [
        ax.barh(
            range(len(table)), known[:, i], left=left[:, i], height=0.8, color=colours[i],
            edgecolor="white", linewidth=0.5 if k <= _MAX_LEGEND else 0,
        )
        for i in range(k)
    ]  # fmt: skip
    for row in np.flatnonzero(np.isnan(found).all(axis=1)).tolist():
        ax.text(0.02, row, "no answer", va="center_baseline", size=7.5, color=style.QUIET)
    _set_left_axis(ax, (0.0, 1.0), [0, 0.5, 1], ["0", "50", "100"], "Answers\n(%)")
    shown = range(k) if k <= _MAX_LEGEND else sorted({0, k // 2, k - 1})
    ax.legend(
        [bars[i] for i in shown], [style.label(_category(shares.columns[i]), 16) for i in shown],
        loc="lower left", bbox_to_anchor=(0, 1), ncols=len(shown), fontsize=8.5, handlelength=0.9,
        handleheight=0.9, columnspacing=0.9, handletextpad=0.4, borderaxespad=0.2, borderpad=0.1,
    )  # fmt: skip


def _category(name: object) -> str:
    return f"{name:g}" if isinstance(name, int | float) else str(name)


def _draw_means(ax: Axes, table: pd.DataFrame) -> None:
    from matplotlib.ticker import MaxNLocator

    mean, sd = (table[c].to_numpy(dtype=np.float64) for c in ("mean", "sd"))
    known = ~np.isnan(mean)
    rows = np.arange(len(table))[known]
    mean, reach = mean[known], np.nan_to_num(sd[known])
    ax.hlines(rows, mean - reach, mean + reach, color=style.COLOURS[0], linewidth=1.2)
    ax.plot(mean, rows, style.MARKERS[0], color=style.COLOURS[0], markersize=4.5)
    low, high = (
        (float((mean - reach).min()), float((mean + reach).max())) if len(mean) else (0.0, 1.0)
    )
    margin = 0.04 * (high - low) or 0.5
    low, high = low - margin, high + margin
    ticks = [
        t for t in MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(low, high) if low <= t <= high
    ]
    labels = [f"{t:g}".replace("-", "−") for t in ticks]
    _set_left_axis(ax, (low, high), ticks, labels, "Mean\n± 1 SD")


def _set_left_axis(
    ax: Axes,
    limits: tuple[float, float],
    ticks: Sequence[float],
    labels: Sequence[str],
    name: str,
) -> None:
    """Let the axis of the answers be the left part of the axes."""
    low, high = limits
    ax.set_xlim(low, low + (high - low) / _ANSWERS)
    ax.set_xticks(ticks, labels)
    ax.set_xlabel(name, x=_ANSWERS / 2)


def _name_items(ax: Axes, table: pd.DataFrame) -> None:
    size = 8.5 if len(table) <= _MAX_PRINTED_ITEMS else 6
    names = [style.label(str(item), _MAX_LABEL) for item in table["item"]]
    ax.set_yticks(range(len(table)), names)
    ax.tick_params(axis="y", length=0, labelsize=size)
    ax.tick_params(axis="x", labelsize=8.5)
    ax.set_ylim(len(table) - 0.5, -0.5)
    ax.spines[:].set_visible(False)


def _write_numbers(ax: Axes, table: pd.DataFrame) -> float:
    """Write means, and n where it differs or answers are missing; return where they end."""
    size = 8.5 if len(table) <= _MAX_PRINTED_ITEMS else 6
    columns = [("Mean", [number(x) for x in table["mean"]])]
    if table["missing"].any() or table["n"].nunique() > 1:
        columns.append(("n", [f"{int(x):,}" for x in table["n"]]))
    end = _ANSWERS
    for name, texts in columns:
        end += _COLUMN
        ax.annotate(
            name, (end, 0), (0, -20.5), xycoords="axes fraction", textcoords="offset points",
            ha="right", va="top", size=ax.xaxis.label.get_fontsize(),
        )  # fmt: skip
        for row, text in enumerate(texts):
            ax.text(
                end, row, text, transform=ax.get_yaxis_transform(), ha="right",
                va="center_baseline", size=size,
            )  # fmt: skip
    return end


def _draw_correlations(ax: Axes, table: pd.DataFrame, begin: float, level: str) -> None:
    """Draw item-rest correlations with their intervals into the right part of the axes."""
    from matplotlib.ticker import MaxNLocator

    inset = ax.inset_axes((begin, 0, 1 - begin, 1))
    inset.set_facecolor("none")
    r, low, high = (
        table[name].to_numpy(dtype=np.float64)
        for name in ("item_rest", "item_rest_low", "item_rest_high")
    )
    left, right = _correlation_limits(np.concatenate([r, low, high]))
    inset.set_xlim(left, right)
    inset.set_ylim(*ax.get_ylim())
    inset.set_yticks([])
    inset.spines["left"].set_visible(False)
    inset.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
    inset.xaxis.grid(True)
    inset.tick_params(axis="x", labelsize=8.5)
    inset.axvline(0, color=style.QUIET, linewidth=0.9, zorder=1)
    inset.set_xlabel(f"Item-rest r\n{level} CI")
    rows, suspect = np.arange(len(table)), table["suspect_key"].to_numpy(dtype=bool)
    for chosen, look, fill in ((~suspect, 0, style.COLOURS[0]), (suspect, 1, "white")):
        colour = style.colour(look)
        inset.hlines(rows[chosen], low[chosen], high[chosen], color=colour, linewidth=1.2)
        inset.plot(
            r[chosen], rows[chosen], style.marker(look), color=colour, markersize=4.5,
            markerfacecolor=fill, clip_on=False,
        )  # fmt: skip
    for row in rows[suspect]:
        inset.annotate(
            "check key", (1, row), (5, 0), xycoords=inset.get_yaxis_transform(),
            textcoords="offset points", va="center_baseline", size=8, color=style.INK,
        )  # fmt: skip
    for row in rows[np.isnan(r)]:
        reason = "answers do not vary" if table["sd"].iloc[row] == 0 else "not estimated"
        inset.annotate(
            reason, (0, row), (3, 0), xycoords=inset.get_yaxis_transform(),
            textcoords="offset points", va="center_baseline", size=7.5, color=style.QUIET,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )  # fmt: skip


def _write_below(ax: Axes, lines: Sequence[str]) -> None:
    if lines:
        ax.annotate(
            "\n".join(lines), (0, 0), (0, -50), xycoords="axes fraction",
            textcoords="offset points", va="top", size=8.3, color=style.QUIET,
        )  # fmt: skip


def _correlation_limits(found: FloatArray) -> tuple[float, float]:
    """Ends of the axis: tenths that hold everything, and zero."""
    known = found[np.isfinite(found)]
    low = np.floor(10 * known.min(initial=0.0)) / 10
    return max(low, -1.0), min(np.ceil(10 * known.max(initial=0.5)) / 10, 1.0)
