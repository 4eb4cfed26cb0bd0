"""Forest plot of scale scores."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from psychometrics._types import Average
from psychometrics.errors import ResponsesError
from psychometrics.instruments.instrument import Instrument
from psychometrics.report import style
from psychometrics.report.rows import make_rows
from psychometrics.scoring.scores import Scores

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Level = Literal["domain", "facet"]


def scores(
    scores: Scores,
    *,
    level: Level = "domain",
    average: Average = "log",
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
    >>> ax = pm.plot.scores(run.responses.score())
    >>> ax.figure.savefig("scores.svg")  # doctest: +SKIP
    """
    table = of_level(scores.to_frame(average, "expected"), level)
    rows = make_rows(table["scale"], table["respondent"], scores.instrument)
    limits = scores.instrument.score_range(table["scale"])
    with style.drawing(ax, 0.6 + rows.height(0.25)) as ax:
        set_score_axis(ax, *limits)
        rows.draw(ax)
        for row in table.to_dict("records"):
            n, i = rows.scales.index(row["scale"]), rows.people.index(row["respondent"])
            _draw_score(ax, row, rows.y(n, i), rows.look(i), limits)
        ax.set_xlabel(f"Score ({average} average)")
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


def response_range(instrument: Instrument) -> tuple[float, float]:
    """Ends of the response scale."""
    values = instrument.response_scale.values
    return float(values[0]), float(values[-1])


def set_score_axis(ax: Axes, low: float, high: float) -> None:
    """Let the horizontal axis be the scale of the scores, its middle marked."""
    margin = 0.03 * (high - low)
    ax.set_xlim(low - margin, high + margin)
    if high - low <= 10:
        ax.set_xticks([low + step for step in range(int(high - low) + 1)])
    ax.xaxis.grid(True)
    ax.axvline((low + high) / 2, color=style.QUIET, linewidth=0.9, linestyle=":", zorder=1)


def _draw_score(
    ax: Axes, found: Mapping[Any, Any], y: float, look: tuple[str, str], limits: tuple[float, float]
) -> None:
    low, high = limits
    colour, marker = look
    if math.isnan(found["score"]):
        note = style.label(f"missing: {found['note']}", 60)
        ax.text(low, y, note, color=style.QUIET, size="small", va="center", backgroundcolor="white")
        return
    if not math.isnan(found["ci_low"]):
        ends = [max(found["ci_low"], low), min(found["ci_high"], high)]
        ax.plot(ends, [y, y], color=colour, linewidth=1.4, solid_capstyle="butt")
    if found["ci_low"] < low:
        ax.plot([low], [y], "<", color=colour, markersize=5, clip_on=False)
    if found["ci_high"] > high:
        ax.plot([high], [y], ">", color=colour, markersize=5, clip_on=False)
    ax.plot([found["score"]], [y], marker, color=colour, markersize=5.5, clip_on=False)
