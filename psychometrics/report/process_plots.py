"""Option mass by item and probability by position."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from psychometrics.analysis.response_check import ResponseCheck
from psychometrics.report import style
from psychometrics.report.answer_plot import items_by_domain
from psychometrics.report.rows import add_legend, legend_height, offsets
from psychometrics.report.text import number, scale_titles
from psychometrics.responses import Responses

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_MAX_NAMED_DOMAINS = 8


def option_mass(responses: Responses, *, ax: Axes | None = None) -> Axes:
    """Draw the option mass of each item: the mean over its presentations and the smallest.

    More respondents than there are colours are drawn together. Items stand in the order of their
    domains. The dashed line is the mass below which an answer counts as missing, if the manifest
    says so.

    Parameters
    ----------
    responses : Responses
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import psychometrics as pm
    >>> model = pm.scripted_model(4.0, option_mass=0.7)
    >>> run = pm.administer(pm.load_instrument("big-five-60"), pm.respondents(model), quiet=True)
    >>> ax = pm.plot.option_mass(run.responses)
    >>> ax.figure.savefig("mass.svg")  # doctest: +SKIP
    """
    items = items_by_domain(responses.instrument)
    who = responses.frame["respondent"]
    if who.nunique() > len(style.COLOURS):
        who = who.map(lambda _: "all")
    mass = responses.frame.groupby([who, "item"], sort=False)["option_mass"].agg(["mean", "min"])
    people = list(dict.fromkeys(who))
    with style.drawing(ax, 3.1 + legend_height(people)) as ax:
        size = float(np.clip(260 / (len(items) * len(people)), 1.5, 4.5))
        for i, (person, offset) in enumerate(zip(people, offsets(len(people)), strict=True)):
            own = mass.loc[person].reindex(items["item"])
            x = np.arange(len(items)) + offset
            colour = style.colour(i)
            ax.vlines(x, own["min"], own["mean"], color=colour, linewidth=0.8, alpha=0.6)
            ax.plot(x, own["mean"], style.marker(i), color=colour, markersize=size)
            ax.plot(x, own["min"], "_", color=colour, markersize=size, markeredgewidth=0.9)
        ax.set_ylim(-0.02, 1.04)
        ax.yaxis.grid(True)
        ax.set_ylabel("Option mass")
        _draw_threshold(ax, responses.manifest.get("min_mass"))
        _name_domains(ax, items, responses)
        add_legend(ax, people)
    return ax


def positions(
    check: ResponseCheck | Mapping[str, ResponseCheck], *, ax: Axes | None = None
) -> Axes:
    """Draw the probability that each position gets beyond its even share.

    Parameters
    ----------
    check : ResponseCheck or mapping of str to ResponseCheck
        One check, or one for each of several respondents, by their names.
    ax : Axes, optional
        Where to draw; default a figure of its own.

    Returns
    -------
    Axes
        With the reason written into it if nothing was estimated.

    Examples
    --------
    >>> import psychometrics as pm
    >>> model = pm.scripted_model(4.0, position_bias=[2.0])
    >>> run = pm.administer(pm.load_instrument("big-five-60"), pm.respondents(model), quiet=True)
    >>> ax = pm.plot.positions(run.responses.check())
    >>> ax.figure.savefig("positions.svg")  # doctest: +SKIP
    """
    checks = {"": check} if isinstance(check, ResponseCheck) else dict(check)
    estimates = [estimate for one in checks.values() for estimate in one.positions]
    if not any(estimate.n for estimate in estimates):
        reason = estimates[0].note if estimates else "there is no position"
        with style.drawing(ax, 1.0) as ax:
            return style.say_instead(ax, f"Not estimated: {reason}.")
    people = list(checks)
    with style.drawing(ax, 2.5 + legend_height(people)) as ax:
        ax.axhline(0, color=style.QUIET, linewidth=0.9)
        for i, (one, offset) in enumerate(zip(checks.values(), offsets(len(people)), strict=True)):
            _draw_positions(ax, one, i, offset, printed=len(people) == 1)
        names = [e.name.removeprefix("position ") for e in next(iter(checks.values())).positions]
        ax.set_xticks(range(len(names)), [style.label(name) for name in names])
        ax.set_xlim(-0.5, len(names) - 0.5)
        ax.margins(y=0.2)
        ax.yaxis.grid(True)
        ax.set_xlabel("Position in which an option was shown")
        ax.set_ylabel("Beyond even share\n(percentage points)")
        add_legend(ax, people)
    return ax


def _draw_positions(
    ax: Axes, check: ResponseCheck, i: int, offset: float, *, printed: bool
) -> None:
    values, low, high = (
        100 * np.array([getattr(e, part) for e in check.positions])
        for part in ("value", "ci_low", "ci_high")
    )
    x = np.arange(len(values)) + offset
    ax.vlines(x, low, high, color=style.colour(i), linewidth=1.6)
    ax.plot(x, values, style.marker(i), color=style.colour(i), markersize=6)
    if printed:
        ends = np.where(values < 0, np.fmin(low, values), np.fmax(high, values))
        for at, value, end in zip(x, values, ends, strict=True):
            ax.annotate(
                f"{'+' if value >= 0.05 else ''}{number(value, 1)}", (at, end),
                (0, 6 if value >= 0 else -6), textcoords="offset points", ha="center",
                va="bottom" if value >= 0 else "top", size=9, color=style.QUIET,
            )  # fmt: skip


def _draw_threshold(ax: Axes, threshold: object) -> None:
    if isinstance(threshold, int | float):
        ax.axhline(threshold, color=style.INK, linewidth=1.0, linestyle="--")
        ax.annotate(
            f"missing below {threshold:g}", (1, threshold), (0, 3), ha="right", size=8.5,
            xycoords=ax.get_yaxis_transform(), textcoords="offset points",
        )  # fmt: skip


def _name_domains(ax: Axes, items: pd.DataFrame, responses: Responses) -> None:
    domains = items["domain"].to_numpy()
    names = list(dict.fromkeys(domains))
    rows = [np.flatnonzero(domains == name) for name in names]
    for at in rows[1:]:
        ax.axvline(at[0] - 0.5, color=style.RULE, linewidth=0.8)
    ax.set_xlim(-0.8, len(items) - 0.2)
    ax.tick_params(axis="x", length=0)
    if len(names) > _MAX_NAMED_DOMAINS:
        ax.set_xticks([])
        ax.set_xlabel("Items, by domain")
        return
    titles = [style.label(t, 24) for t in scale_titles(names, responses.instrument)]
    ax.set_xticks([float(at.mean()) for at in rows], titles, rotation=20, ha="right", size=9)
    ax.tick_params(axis="x", length=0)
