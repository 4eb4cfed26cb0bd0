"""Forest plot of estimates."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from psychometrics.analysis.estimate import Estimate
from psychometrics.errors import DataError
from psychometrics.report import style
from psychometrics.report.estimate_text import (
    capitalised,
    coefficient_label,
    has_interval,
    level_text,
    missing_reason,
    n_text,
    prints_zero,
)
from psychometrics.report.rows import add_legend, legend_height
from psychometrics.report.text import enumeration, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MEND = "Give an estimate, estimates, or a mapping from headings to these."
_MAX_LABEL = 30
# Inches: a line of the figure, a character of a label, one of a reason, the value of a reference.
_LINE, _CHARACTER, _SMALL, _VALUE = 0.21, 0.075, 0.064, 0.34
# Lines: each line of the head, the space between rows of several estimates, a line of a reason.
_HEAD, _SPACE, _REASON = 0.8, 0.5, 0.66
_MOST_REASON = 5


def forest(*parts: object, reference: float | Iterable[float] = (), ax: Axes | None = None) -> Axes:
    """Draw each estimate with its interval, and n at the right.

    Several coefficients of the same scales share the scale's row, told apart by shape and colour.
    An estimate that is missing keeps its row, with the reason. An arrow head marks an interval
    that goes on beyond the axis; where no coefficient is outside 0 and 1, nor is the axis.

    Parameters
    ----------
    *parts
        An Estimate, Estimates, anything with ``to_estimates()``, or a mapping from headings to
        these; a heading tells its estimates apart from the others.
    reference : float or iterable of float
        Where to draw dashed lines, such as ``(0.7, 0.8)``; default none.
    ax : Axes, optional
        Where to draw; default a figure of its own, as high as the estimates need.

    Returns
    -------
    Axes

    Raises
    ------
    DataError
        A part is none of these, or there is no estimate.

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> x = np.random.default_rng(0).normal(size=(60, 1)) + np.random.default_rng(1).normal(
    ...     size=(60, 5)
    ... )
    >>> ax = pm.plot.forest(pm.alpha(x), reference=(0.7, 0.8))
    >>> ax.figure.savefig("forest.svg")  # doctest: +SKIP
    """
    entries = [entry for part in parts for entry in _named(part)]
    if not entries:
        raise DataError("There is no estimate to draw.", _MEND)
    references = [reference] if isinstance(reference, int | float) else sorted(reference)
    estimates = [estimate for _, estimate in entries]
    limits = _limits(estimates, references)
    columns = _columns(estimates)
    room = _room(ax, entries, columns)
    levels = _levels(references, limits, room)
    rows, series = _rows(entries, limits, room, _HEAD * max(levels.values(), default=1) + 0.1)
    lines = rows[-1].bottom
    with style.drawing(ax, 0.75 + _LINE * lines + legend_height(series)) as ax:
        ax.set_xlim(*limits)
        ax.set_ylim(lines, 0)
        _draw_references(ax, levels)
        for i, row in enumerate(rows):
            ground = style.BAND if len(series) > 1 and i % 2 else "white"
            ax.axhspan(row.top, row.bottom, color=ground, linewidth=0, zorder=0)
            for slot in row.slots:
                _draw_estimate(ax, slot, limits, ground)
        _draw_column(ax, rows, columns)
        _name_axes(ax, rows)
        _say_what(ax, rows, room)
        add_legend(ax, series)
    return ax


@dataclass(frozen=True, slots=True)
class _Slot:
    """An estimate, where it is drawn and how; ``reason`` is what is written beside it."""

    estimate: Estimate
    series: int
    y: float
    reason: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    top: float
    bottom: float
    slots: tuple[_Slot, ...]


def _named(part: object, heading: str = "") -> Iterator[tuple[str, Estimate]]:
    """Estimates of a part, each with its heading."""
    if isinstance(part, Estimate):
        yield heading, part
    elif callable(listed := getattr(part, "to_estimates", None)):
        yield from _named(listed(), heading)
    elif isinstance(part, Mapping):
        for name, content in part.items():
            yield from _named(content, f"{heading}, {name}" if heading else str(name))
    elif isinstance(part, Iterable) and not isinstance(part, str | bytes):
        for one in part:
            yield from _named(one, heading)
    else:
        raise DataError(f"A {type(part).__name__} cannot be drawn as an estimate.", _MEND)


def _limits(estimates: Sequence[Estimate], references: Sequence[float]) -> tuple[float, float]:
    """Ends of the axis."""
    values = [e.value for e in estimates if math.isfinite(e.value)] + list(references)
    ends = [x for e in estimates for x in (e.ci_low, e.ci_high) if math.isfinite(x)]
    if not values:
        return 0.0, 1.0
    low, high = min(values + ends), max(values + ends)
    if not all(_is_bounded(estimate) for estimate in estimates):
        margin = 0.05 * (high - low) or 0.5 * max(abs(low), 1.0)
        return low - margin, high + margin
    # An interval beyond what the coefficient can mean is cut, lest it squeeze the others.
    low = low if low >= -1 else min(0.0, *values, *(x for x in ends if x >= -1))
    high = min(high, max(1.0, *values))
    low, high = math.floor(10 * low + 1e-9) / 10, math.ceil(10 * high - 1e-9) / 10
    while high - low < 0.29:
        low, high = (low, high + 0.1) if high < 0.95 and high <= 1 - low else (low - 0.1, high)
    # What ends at the edge would look cut.
    low, high = round(low, 1), round(high, 1)
    return low - 0.02 * (low not in (-1, 0)), high + 0.02 * (high != 1)


def _is_bounded(estimate: Estimate) -> bool:
    """Whether a coefficient of that name does not exceed one."""
    nan = math.nan
    return not prints_zero(replace(estimate, value=nan, ci_low=nan, ci_high=nan), None)


def _columns(estimates: Sequence[Estimate]) -> dict[int, str]:
    """What stands at the right of each estimate: n, with its unit where units differ."""
    same = len({e.n_unit for e in estimates}) == 1
    return {id(e): f"{e.n:,}" if same else n_text(e) for e in estimates}


def _room(
    ax: Axes | None, entries: Sequence[tuple[str, Estimate]], columns: Mapping[int, str]
) -> int:
    """How many small characters fit into the width of the axes."""
    if ax is not None:
        box, figure = ax.get_window_extent(), ax.get_figure(root=True)
        return int(box.width / (figure.dpi if figure else 100) / _SMALL)
    labels = [style.label(label, _MAX_LABEL) for label, *_ in _keys(entries)]
    taken = max(map(len, labels)) + max(map(len, columns.values()))
    return int((style.WIDTH - 0.45 - _CHARACTER * taken) / _SMALL)


def _keys(entries: Sequence[tuple[str, Estimate]]) -> list[tuple[str, str]]:
    """Row and series of each estimate."""
    names = {coefficient_label(e) for _, e in entries}
    scales = {e.of for _, e in entries}
    if len(scales) == 1 and (len(names) > 1 or scales == {""}):
        return [(capitalised(coefficient_label(e)), heading) for heading, e in entries]
    return [
        (
            e.of or capitalised(coefficient_label(e)),
            ", ".join(filter(None, [heading, coefficient_label(e) if len(names) > 1 else ""])),
        )
        for heading, e in entries
    ]


def _rows(
    entries: Sequence[tuple[str, Estimate]], limits: tuple[float, float], room: int, top: float
) -> tuple[list[_Row], list[str]]:
    """Rows from top to bottom, and the names of what they share."""
    keys = _keys(entries)
    series = list(dict.fromkeys(name for _, name in keys))
    members: dict[tuple[str, int], dict[int, Estimate]] = {}
    for (label, name), (_, estimate) in zip(keys, entries, strict=True):
        place, again = series.index(name), 0
        while place in members.setdefault((label, again), {}):
            again += 1
        members[label, again][place] = estimate
    space = _SPACE if any(len(row) > 1 for row in members.values()) else 0.0
    rows, y = [], top
    for (label, _), row in members.items():
        top, slots = y, []
        y += space / 2
        for place, estimate in sorted(row.items()):
            reason = _reason(estimate, limits, room)
            height = max(1.0, _REASON * len(reason) + 0.2)
            slots.append(_Slot(estimate, place, y + height / 2, reason))
            y += height
        y += space / 2
        rows.append(_Row(label, top, y, tuple(slots)))
    return rows, [capitalised(name) for name in series]


def _reason(estimate: Estimate, limits: tuple[float, float], room: int) -> tuple[str, ...]:
    """Lines that say why value or interval is missing."""
    if has_interval(estimate):
        return ()
    text = missing_reason(estimate)
    if math.isnan(estimate.value):
        text, part = f"missing: {text}", 1.0
    else:
        text, part = f"no interval: {text}", max(*_sides(estimate.value, limits))
    width = max(int(part * room) - 3, 12)
    return tuple(textwrap.wrap(style.label(text, _MOST_REASON * width), width))


def _sides(value: float, limits: tuple[float, float]) -> tuple[float, float]:
    """Shares of the axis that are left and right of a value."""
    left = (value - limits[0]) / (limits[1] - limits[0])
    return left, 1 - left


def _draw_estimate(ax: Axes, slot: _Slot, limits: tuple[float, float], ground: str) -> None:
    found, y, (low, high) = slot.estimate, slot.y, limits
    colour = style.colour(slot.series)
    if math.isnan(found.value):
        _write(ax, slot, (low, 3), "left", ground)
        return
    if has_interval(found):
        ends = [max(found.ci_low, low), min(found.ci_high, high)]
        ax.plot(ends, [y, y], color=colour, linewidth=1.4, solid_capstyle="butt")
        if found.ci_low < low:
            ax.plot([low], [y], "<", color=colour, markersize=5, clip_on=False)
        if found.ci_high > high:
            ax.plot([high], [y], ">", color=colour, markersize=5, clip_on=False)
    else:
        left, right = _sides(found.value, limits)
        at, side = (-7, "right") if left > right else (7, "left")
        _write(ax, slot, (found.value, at), side, ground)
    marker = style.marker(slot.series)
    ax.plot([found.value], [y], marker, color=colour, markersize=5.5, clip_on=False)


def _write(ax: Axes, slot: _Slot, at: tuple[float, float], side: str, ground: str) -> None:
    """Write the reason; ``at`` is a place on the axis and a gap in points."""
    ax.annotate(
        "\n".join(slot.reason), (at[0], slot.y), (at[1], 0), textcoords="offset points", ha=side,
        va="center", size=8.3, color=style.QUIET, linespacing=1.05,
        bbox={"facecolor": ground, "edgecolor": "none", "pad": 1},
    )  # fmt: skip


def _draw_column(ax: Axes, rows: Sequence[_Row], columns: Mapping[int, str]) -> None:
    """Write n at the right, its last digits one under the other."""
    width = max(map(len, columns.values()))
    lines = [(s.y, columns[id(s.estimate)], style.INK) for row in rows for s in row.slots]
    for y, text, colour in [(_HEAD / 2, "n", style.QUIET), *lines]:
        ax.annotate(
            text, (1, y), (7 + 5.8 * width, 0), xycoords=ax.get_yaxis_transform(),
            textcoords="offset points", ha="right", va="center", size=9, color=colour,
        )  # fmt: skip


def _levels(
    references: Iterable[float], limits: tuple[float, float], room: int
) -> dict[float, int]:
    """In which line of the head the value of each reference is written."""
    width = _VALUE / (room * _SMALL) * (limits[1] - limits[0])
    found: dict[float, int] = {}
    for x in references:
        taken = {level for other, level in found.items() if x - other < width}
        found[x] = next(level for level in range(1, len(found) + 2) if level not in taken)
    return found


def _draw_references(ax: Axes, levels: Mapping[float, int]) -> None:
    """Dashed lines, each with its value."""
    low, high = ax.get_xlim()
    if low < 0 < high:
        ax.axvline(0, color=style.QUIET, linewidth=0.9, zorder=1)
    for x, level in levels.items():
        ends = [_HEAD * (level - 0.9), ax.get_ylim()[0]]
        ax.plot([x, x], ends, "--", color=style.INK, linewidth=0.9, zorder=1)
        left = x - low > 0.2 * (high - low)
        ax.annotate(
            number(x), (x, _HEAD * (level - 0.5)), (-3 if left else 3, 0),
            textcoords="offset points", ha="right" if left else "left", va="center", size=8.3,
            color=style.QUIET,
        )  # fmt: skip


def _name_axes(ax: Axes, rows: Sequence[_Row]) -> None:
    from matplotlib.ticker import MaxNLocator

    labels = [style.label(row.label, _MAX_LABEL) for row in rows]
    ax.set_yticks([(row.top + row.bottom) / 2 for row in rows], labels)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
    ax.xaxis.grid(True)


def _say_what(ax: Axes, rows: Sequence[_Row], room: int) -> None:
    """Say what is drawn, with what interval, and what n counts."""
    estimates = [slot.estimate for row in rows for slot in row.slots]
    names = list(dict.fromkeys(map(coefficient_label, estimates)))
    scales = {estimate.of for estimate in estimates} - {row.label for row in rows}
    what = capitalised(names[0]) if len(names) == 1 else "Value"
    what += f" of {min(scales)}" if len(scales) == 1 and min(scales) else ""
    levels = sorted({e.conf_level for e in estimates if has_interval(e)})
    units = {estimate.n_unit for estimate in estimates}
    text = style.label(what, 60)
    text += f", {enumeration([level_text(x) for x in levels])} CI" if levels else ""
    text += f"; n counts {min(units)}" if len(units) == 1 else ""
    ax.set_xlabel("\n".join(textwrap.wrap(text, int(room * _SMALL / _CHARACTER) + 6)))
