"""How far each option order moves each scale score."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from psychometrics.analysis.order_effects import OrderEffects
from psychometrics.instruments.instrument import Instrument
from psychometrics.report import style
from psychometrics.report.rows import make_rows
from psychometrics.report.score_plot import Level, of_level, response_range
from psychometrics.report.text import number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ONE_ORDER = "Only one option order was presented: what the order moves cannot be seen."
# More rows than this and the names of the extreme orders would run into each other.
_MAX_NAMED = 16
_MAX_NAME = 13
_ANSWERS = ""  # no scale has an empty name


def order_effects(
    effects: OrderEffects,
    *,
    level: Level = "domain",
    ax: Axes | None = None,
) -> Axes:
    """Draw the score that each option order, taken alone, would have reported.

    A dot is an order, the bar goes from the lowest to the highest of them, the upright tick is the
    score over all orders. The orders at both ends are named by the canonical numbers of the options
    in the sequence shown; the spread stands at the right. The axis covers what was found, and at
    least a tenth of the response scale. Above the domains stands the mean answer before the key is
    applied: where half of the items are reversed, what an order does to the answers cancels out in
    the scores.

    Parameters
    ----------
    effects : OrderEffects
    level : {"domain", "facet"}
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    Axes
        With the reason written into it if there is only one order.

    Raises
    ------
    ResponsesError
        There is no score of that level.

    Examples
    --------
    >>> import psychometrics as pm
    >>> big5 = pm.load_instrument("big-five-60")
    >>> model = pm.scripted_model(4.0, position_bias=[2.0])
    >>> run = pm.administer(big5, pm.respondents(model), quiet=True)
    >>> ax = pm.plot.order_effects(run.responses.order_effects())
    >>> ax.figure.savefig("orders.svg")  # doctest: +SKIP
    """
    table = of_level(effects.frame, level)
    if table["option_order"].nunique() < 2:
        with style.drawing(ax, 1.0) as ax:
            return style.say_instead(ax, ONE_ORDER)
    if level == "domain":
        answers = effects.answers.rename(columns={"answer": "score"}).assign(scale=_ANSWERS)
        table = pd.concat([answers, table])
    rows = make_rows(table["scale"], table["respondent"], effects.instrument)
    if level == "domain":
        rows = dataclasses.replace(rows, titles=("Answers, not keyed", *rows.titles[1:]))
    named = (
        len(rows.scales) * len(rows.people) <= _MAX_NAMED
        and table["option_order"].str.len().max() <= _MAX_NAME
    )
    with style.drawing(ax, 0.75 + rows.height(0.36 if named else 0.25)) as ax:
        rows.draw(ax, groups_at=1.16)
        if level == "domain":
            ax.axhline(rows.n / len(rows.scales) - 0.5, color=style.QUIET, linewidth=0.7)
        ax.xaxis.grid(True)
        groups = table.groupby(["respondent", "scale"], sort=False)
        for i, person in enumerate(rows.people):
            for n, scale in enumerate(rows.scales):
                own = groups.get_group((person, scale)).dropna(subset=["score"])
                _draw_orders(ax, own, rows.y(n, i), rows.look(i), named=named)
        _set_axis(ax, table, effects.instrument, named=named)
    return ax


def _draw_orders(
    ax: Axes, own: pd.DataFrame, y: float, look: tuple[str, str], *, named: bool
) -> None:
    at, (colour, marker) = ax.get_yaxis_transform(), look
    if own.empty:
        ax.text(0.01, y, "missing", color=style.QUIET, size="small", va="center", transform=at)
        return
    own = own.sort_values("score")
    scores = own["score"].to_numpy()
    spread = float(scores[-1] - scores[0])
    ax.plot(scores[[0, -1]], [y, y], color=colour, alpha=0.25, linewidth=5, solid_capstyle="butt")
    ax.plot(
        scores, np.full(len(scores), y), marker, color=colour, markersize=5,
        markeredgecolor="white", markeredgewidth=0.6, alpha=0.9,
    )  # fmt: skip
    overall = float((own["score"] - own["shift"]).mean())
    ax.plot([overall], [y], "|", color=style.INK, markersize=13, markeredgewidth=1.6, zorder=4)
    ax.text(1.02, y, number(spread), color=colour, va="center", transform=at)
    if named and spread > 0:
        orders = own["option_order"].to_list()
        _name_order(ax, orders[0], (scores[0], y), "right", -6)
        _name_order(ax, orders[-1], (scores[-1], y), "left", 6)


def _name_order(
    ax: Axes, order: str, at: tuple[float, float], side: Literal["left", "right"], gap: float
) -> None:
    ax.annotate(
        order, at, (gap, 0), textcoords="offset points", ha=side, va="center",
        size=8, color=style.QUIET,
    )  # fmt: skip


def _set_axis(ax: Axes, table: pd.DataFrame, instrument: Instrument, *, named: bool) -> None:
    from matplotlib.ticker import MaxNLocator

    low, high = response_range(instrument)
    seen = table["score"].dropna()
    least, most = (seen.min(), seen.max()) if len(seen) else (low, high)
    middle, width = (least + most) / 2, max(most - least, 0.05 * (high - low))
    half = width / 2 * (1.7 if named else 1.1)
    ax.set_xlim(middle - half, middle + half)
    ax.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    ax.set_xlabel(f"Score by one option order alone (response scale: {low:g} to {high:g})")
    ax.text(1.02, 1.0, "spread", transform=ax.transAxes, va="bottom", color=style.QUIET, size=9)
