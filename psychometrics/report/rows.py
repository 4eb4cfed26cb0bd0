"""Rows of a figure: scales, and within them respondents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psychometrics.instruments.instrument import Instrument
from psychometrics.report import style
from psychometrics.report.text import scale_titles

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Rows:
    """Where each scale of each respondent is drawn.

    A few respondents share the row of a scale, told apart by colour and shape. More than there are
    colours are listed by name, one a row, under one scale after the other.

    Parameters
    ----------
    scales, titles : tuple of str
    people : tuple of str
    groups : tuple of str
        For each scale, what it is part of; empty strings if nothing is to be shown.

    Examples
    --------
    >>> rows = Rows(("e", "n"), ("Extraversion", "Neuroticism"), ("a", "b"), ("", ""))
    >>> [rows.y(scale, person) for scale in (0, 1) for person in (0, 1)]
    [-0.18, 0.18, 0.82, 1.18]
    """

    scales: tuple[str, ...]
    titles: tuple[str, ...]
    people: tuple[str, ...]
    groups: tuple[str, ...]

    @property
    def listed(self) -> bool:
        """Whether each respondent has rows of its own."""
        return len(self.people) > len(style.COLOURS)

    @property
    def n(self) -> int:
        """Rows on the axis."""
        return len(self.scales) * (len(self.people) if self.listed else 1)

    def y(self, scale: int, person: int) -> float:
        """Place on the axis, downwards."""
        if self.listed:
            return float(scale * len(self.people) + person)
        return round(scale + offsets(len(self.people))[person], 9)

    def look(self, person: int) -> tuple[str, str]:
        """Colour and marker of a respondent."""
        place = 0 if self.listed else person
        return style.COLOURS[place], style.MARKERS[place]

    def height(self, each: float) -> float:
        """Inches that the rows and the legend take, if a row of one respondent takes ``each``."""
        if self.listed:
            return 0.2 * self.n
        n = len(self.people)
        row = each if n == 1 else max(each, each * 0.62 * n + 0.06)
        return row * self.n + legend_height(self.people)

    def draw(self, ax: Axes, *, groups_at: float = 1.015) -> None:
        """Name the rows, part them into groups and add the legend."""
        if self.listed:
            names = self.people * len(self.scales)
            groups = [title for title in self.titles for _ in self.people]
        else:
            names, groups = self.titles, list(self.groups)
            if len(self.people) > 1:
                for row in range(1, self.n, 2):
                    ax.axhspan(row - 0.5, row + 0.5, color=style.BAND, linewidth=0, zorder=0)
            add_legend(ax, self.people)
        ax.set_yticks(range(self.n), [style.label(name, 30) for name in names])
        ax.set_ylim(self.n - 0.5, -0.5)
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        part_rows(ax, groups, at=groups_at)


def make_rows(scales: Iterable[str], people: Iterable[str], instrument: Instrument) -> Rows:
    """Lay out scales and respondents; facets are grouped by domain."""
    scales, people = tuple(dict.fromkeys(scales)), tuple(dict.fromkeys(people))
    parents = {s.name: s.parent for s in instrument.scales}
    domains = [parents.get(scale) or "" for scale in scales]
    groups = tuple(
        title if domain else ""
        for domain, title in zip(domains, scale_titles(domains, instrument), strict=True)
    )
    return Rows(scales, tuple(scale_titles(scales, instrument)), people, groups)


def part_rows(ax: Axes, groups: Sequence[str], *, at: float = 1.015) -> None:
    """Rule a line between groups of rows and write their names at the right."""
    starts = [n for n in range(len(groups)) if n == 0 or groups[n] != groups[n - 1]]
    for start, end in zip(starts, [*starts[1:], len(groups)], strict=True):
        if start:
            ax.axhline(start - 0.5, color=style.QUIET, linewidth=0.7)
        if groups[start]:
            ax.text(
                at, (start + end - 1) / 2, style.label(groups[start], 4 * (end - start)),
                rotation=270, va="center", ha="left", size=9, color=style.QUIET,
                transform=ax.get_yaxis_transform(),
            )  # fmt: skip


def offsets(n: int) -> list[float]:
    """Where n respondents stand within a row, around its middle."""
    reach = min(0.36 * (n - 1), 0.66)
    return [0.0] if n == 1 else [(i / (n - 1) - 0.5) * reach for i in range(n)]


def legend_height(people: Sequence[str]) -> float:
    """Inches that the legend of these respondents takes."""
    return 0.0 if len(people) < 2 else 0.21 * -(-len(people) // _columns(people)) + 0.1


def add_legend(ax: Axes, people: Sequence[str]) -> None:
    """Say which colour and shape is which respondent; nothing if there is only one."""
    if len(people) < 2:
        return
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=style.colour(i), marker=style.marker(i), markersize=5)
        for i in range(len(people))
    ]
    legend = ax.legend(
        handles,
        ["respondent"] * len(people),
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=_columns(people),
        borderaxespad=0.3,
        handlelength=1.2,
    )
    # Set afterwards: a legend leaves out whatever begins with an underscore.
    for text, name in zip(legend.get_texts(), people, strict=True):
        text.set_text(style.label(name))


def _columns(people: Sequence[str]) -> int:
    longest = max(len(style.label(name)) for name in people)
    return max(1, min(3, 54 // (longest + 6)))
