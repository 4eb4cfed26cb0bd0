"""Bars of variance components."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from psychometrics.errors import DataError
from psychometrics.report import style
from psychometrics.report.estimate_text import level_text
from psychometrics.report.text import MISSING
from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.variance_components import VarianceComponents

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_BAR = "#7fb0d4"
_MAX_LABEL, _MAX_LEVELS = 28, 12
_LETTERS = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖ"
# An interval is cut where it is this many times the largest component.
_LONGEST = 2.0
_CAPTION, _MAX_CAPTION = 54, 600


class HasComponents(Protocol):
    """A study that holds variance components."""

    @property
    def components(self) -> VarianceComponents:
        """Its components."""


def variance_components(
    result: VarianceComponents | HasComponents, *, ax: Axes | None = None
) -> Axes:
    """Draw each variance component with its interval, its share and its levels.

    An estimate below zero is hatched: it counts as zero. An arrow head marks an interval that goes
    on beyond the axis. The share is of the sum of all components. The levels are those of the
    facets of the component, each within what it is nested in.

    Parameters
    ----------
    result : VarianceComponents, or a result with ``components``
    ax : Axes, optional
        Where to draw; default a figure of its own, as high as the components need.

    Returns
    -------
    Axes

    Raises
    ------
    DataError
        There is no component.

    Examples
    --------
    >>> import psychometrics as pm
    >>> from psychometrics.stats.variance_components import variance_components
    >>> codes = {"person": [0, 0, 1, 1, 2, 2], "item": [0, 1, 0, 1, 0, 1]}
    >>> found = variance_components([1.0, 2, 3, 5, 4, 7], codes, "person x item")
    >>> ax = pm.plot.variance_components(found)
    >>> ax.figure.savefig("components.svg")  # doctest: +SKIP
    """
    found = result if isinstance(result, VarianceComponents) else result.components
    k = len(found.terms)
    if not k:
        raise DataError("There is no variance component to draw.", "Give a design with a facet.")
    notes = list(dict.fromkeys(c.note for c in found.intervals if c.note))
    caption = _caption(found, notes)
    with style.drawing(ax, 0.55 + 0.25 * k + 0.16 * len(caption)) as ax:
        _set_axis(ax, found)
        for y, interval in enumerate(found.intervals):
            _draw_component(ax, y, float(found.raw[y]), interval)
        levels = _levels(found)
        _write_column(ax, "Share", _shares(found), 36)
        _write_column(ax, "Levels", levels, 44 + 5.2 * max(6, *map(len, levels)))
        marks = [_mark(notes.index(c.note)) if c.note else "" for c in found.intervals]
        names = [_short(term) + mark for term, mark in zip(found.terms, marks, strict=True)]
        ax.set_yticks(range(k), names)
        ax.set_xlabel("\n".join(caption), size=8.8)
    return ax


def _mark(note: int) -> str:
    return _LETTERS[min(note, len(_LETTERS) - 1)]


def _short(term: str) -> str:
    """Write a term; where it is long, with the beginnings of its facets.

    Examples
    --------
    >>> _short("person x item"), _short("respondent x option_order x occasion")
    ('person × item', 'respond. × option. × occasion')
    """
    name = term.replace(" x ", " × ")
    facets = re.findall(r"\w+", name.replace("×", ""))
    each = (_MAX_LABEL - (len(name) - sum(map(len, facets)))) // len(facets)
    if len(name) > _MAX_LABEL:
        for facet in facets:
            if len(facet) > each + 1:
                name = re.sub(rf"\b{facet}\b", f"{facet[:each].rstrip('_')}.", name)
    return style.label(name.replace("_", " "), _MAX_LABEL + 2 * len(facets))


def _shares(found: VarianceComponents) -> list[str]:
    """Shares in per cent; none but zero is rounded to zero."""
    return [
        MISSING if math.isnan(v) else f"{100 * s:.0f}%" if s == 0 or s >= 0.005 else "<1%"
        for v, s in zip(found.values.tolist(), found.shares.tolist(), strict=True)
    ]


def _levels(found: VarianceComponents) -> list[str]:
    """Levels of the facets of each term, as a product or, where that is long, multiplied out."""
    order = [facet for facet in found.n_levels if facet not in found.design.facets]
    levels = [
        [found.n_levels[f] for f in (*found.design.facets, *order) if f in effect]
        for effect in found.effects
    ]
    texts = [" × ".join(f"{n:.3g}" if n % 1 else f"{n:.0f}" for n in counts) for counts in levels]
    if max(map(len, texts)) <= _MAX_LEVELS:
        return texts
    return [f"{math.prod(counts):,.0f}" for counts in levels]


def _set_axis(ax: Axes, found: VarianceComponents) -> None:
    from matplotlib.ticker import MaxNLocator

    drawn = [x for x in (*found.values.tolist(), *found.raw.tolist()) if not math.isnan(x)]
    most = max(drawn, default=0.0)
    ends = [c.high for c in found.intervals if math.isfinite(c.high)]
    high = 1.04 * min(max([most, *ends]), _LONGEST * most) if most > 0 else max(ends, default=1.0)
    ax.set_xlim(min(1.1 * min(drawn, default=0.0), 0.0), high or 1.0)
    ax.set_ylim(len(found.terms) - 0.5, -1.2)
    ax.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    ax.xaxis.grid(True)
    ax.axvline(0, color=style.QUIET, linewidth=0.9)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


def _draw_component(ax: Axes, y: int, raw: float, found: Coefficient) -> None:
    edge = ax.get_xlim()[1]
    if math.isnan(found.value):
        _write(ax, y, 0.0, "not estimated")
        return
    if raw < 0:
        ax.barh(y, raw, 0.62, color="white", edgecolor=style.QUIET, hatch="//////", linewidth=0.6)
    else:
        ax.barh(y, found.value, 0.62, color=_BAR, linewidth=0)
    if math.isnan(found.low) or math.isnan(found.high):
        _write(ax, y, found.value, "no interval")
        return
    ends = [found.low, min(found.high, edge)]
    ax.plot(ends, [y, y], color=style.INK, linewidth=1.2, solid_capstyle="butt")
    ax.plot(ends[:1], [y], "|", color=style.INK, markersize=6, clip_on=False)
    mark = ">" if found.high > edge else "|"
    ax.plot(ends[1:], [y], mark, color=style.INK, markersize=5 if mark == ">" else 6, clip_on=False)


def _write(ax: Axes, y: int, x: float, text: str) -> None:
    """Write beside the end of a bar, or inside where there is no room."""
    inside = x > 0.65 * ax.get_xlim()[1]
    ax.annotate(
        text, (x, y), (-4 if inside else 4, 0), textcoords="offset points", size=8.3,
        ha="right" if inside else "left", va="center", color=style.INK if inside else style.QUIET,
    )  # fmt: skip


def _write_column(ax: Axes, head: str, texts: Sequence[str], right: float) -> None:
    """Write a column beside the axes; ``right`` is its edge in points."""
    rows = [(-0.95, head, style.QUIET), *((y, text, style.INK) for y, text in enumerate(texts))]
    for y, text, colour in rows:
        ax.annotate(
            text, (1, y), (right, 0), xycoords=ax.get_yaxis_transform(),
            textcoords="offset points", ha="right", va="center", size=8.8, color=colour,
        )  # fmt: skip


def _is_drawn(part: str, found: VarianceComponents) -> bool:
    """Whether a part of the note lists the terms below zero: those are hatched."""
    negative = [term for term, raw in zip(found.terms, found.raw, strict=True) if raw < 0]
    return bool(negative) and part.endswith(f": {', '.join(negative)}")


def _caption(found: VarianceComponents, notes: Sequence[str]) -> list[str]:
    """Lines below the axis: what is drawn, and why something is missing."""
    limited = any(math.isfinite(c.low) for c in found.intervals)
    what = f"Variance component{f', {level_text(found.conf_level)} CI' if limited else ''}"
    said = ["hatched: estimate below zero"] if (found.raw < 0).any() else []
    said += [part for part in found.note.split("; ") if part and not _is_drawn(part, found)]
    said += [f"{_mark(i)} {note}" for i, note in enumerate(notes)]
    text = style.label("; ".join(said).replace(" x ", " × ").replace("_", " "), _MAX_CAPTION)
    return [f"{what}; n = {found.n:,} observations", *textwrap.wrap(text, _CAPTION)]
