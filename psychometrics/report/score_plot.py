"""Forest plot of scale scores."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import pandas as pd

from psychometrics._types import Average
from psychometrics.errors import ResponsesError
from psychometrics.instruments.instrument import Instrument
from psychometrics.report import style
from psychometrics.report.text import scale_titles
from psychometrics.scoring.scores import Scores

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Level = Literal["domain", "facet"]


def scores(
    scores: Scores,
    *,
    level: Level = "domain",
    average: Average = "log",
    instrument: Instrument | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw each scale score with its interval.

    An interval that leaves the response scale ends in an arrow head at its edge. The dotted line
    is the middle of the response scale.

    Parameters
    ----------
    scores : Scores
    level : {"domain", "facet"}
    average : {"log", "mean"}
        Of the presentations of an item.
    instrument : Instrument, optional
        Gives the titles of the scales and the response scale; without it the names are shown, and
        the axis covers whole numbers around the scores.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    Axes

    Raises
    ------
    ResponsesError
        There is no score of that level.

    Examples
    --------
    >>> import psychometrics as pm
    >>> big5 = pm.load_instrument("big-five-60")
    >>> run = pm.administer(big5, pm.respondents(pm.scripted_model(4.0)), quiet=True)
    >>> ax = pm.plot.scores(run.responses.score(), instrument=big5)
    >>> ax.figure.savefig("scores.svg")  # doctest: +SKIP
    """
    table = of_level(scores.to_frame(average, "expected"), level)
    names = list(dict.fromkeys(table["scale"]))
    people = list(dict.fromkeys(table["respondent"]))
    low, high = score_range(table, instrument)
    height = 0.6 + style.legend_height(people) + len(names) * max(0.25, 0.14 * len(people) + 0.08)
    with style.drawing(ax, height) as ax:
        set_score_axis(ax, low, high)
        style.set_rows(ax, scale_titles(names, instrument))
        for i, (person, offset) in enumerate(
            zip(people, style.offsets(len(people)), strict=True)
        ):
            own = table[table["respondent"] == person].set_index("scale").loc[names]
            _draw_respondent(ax, own, i, offset, (low, high))
        ax.set_xlabel(f"Score ({average} average)")
        style.add_legend(ax, people)
    return ax


def of_level(table: pd.DataFrame, level: str) -> pd.DataFrame:
    """Rows of one level.

    Raises
    ------
    ResponsesError
        There are none.
    """
    rows = table[table["level"] == level]
    if rows.empty:
        known = ", ".join(dict.fromkeys(table["level"]))
        raise ResponsesError(f"There is no scale of level {level!r}.", f"Choose one of: {known}.")
    return rows


def score_range(table: pd.DataFrame, instrument: Instrument | None) -> tuple[float, float]:
    """Ends of the response scale; without the instrument, whole numbers around the scores."""
    if instrument is not None:
        values = instrument.response_scale.values
        return float(values[0]), float(values[-1])
    seen = table["score"].dropna()
    if seen.empty:
        return 0.0, 1.0
    low, high = math.floor(seen.min() - 0.5), math.ceil(seen.max() + 0.5)
    return float(low), float(high)


def set_score_axis(ax: Axes, low: float, high: float) -> None:
    """Let the horizontal axis be the response scale, its middle marked."""
    margin = 0.03 * (high - low)
    ax.set_xlim(low - margin, high + margin)
    if high - low <= 10:
        ax.set_xticks([low + step for step in range(int(high - low) + 1)])
    ax.xaxis.grid(True)
    ax.axvline((low + high) / 2, color=style.QUIET, linewidth=0.9, linestyle=":", zorder=1)


def _draw_respondent(
    ax: Axes, own: pd.DataFrame, i: int, offset: float, limits: tuple[float, float]
) -> None:
    low, high = limits
    colour = style.colour(i)
    for row, found in enumerate(own.itertuples()):
        y = row + offset
        if math.isnan(found.score):
            note = style.label(f"missing: {found.note}", 60)
            ax.text(low, y, note, color=style.QUIET, size="small", va="center")
            continue
        if not math.isnan(found.ci_low):
            ends = max(found.ci_low, low), min(found.ci_high, high)
            ax.plot(ends, [y, y], color=colour, linewidth=1.4, solid_capstyle="butt")
        for leaves, edge, head in ((found.ci_low < low, low, "<"), (found.ci_high > high, high, ">")):
            if leaves:
                ax.plot([edge], [y], head, color=colour, markersize=5, clip_on=False)
        ax.plot([found.score], [y], style.marker(i), color=colour, markersize=5.5, clip_on=False)
