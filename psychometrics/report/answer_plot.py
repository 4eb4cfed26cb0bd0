"""Distribution of the answers by item."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from psychometrics._types import FloatArray
from psychometrics.instruments.instrument import Instrument
from psychometrics.report import style
from psychometrics.report.rows import part_rows
from psychometrics.report.text import scale_titles
from psychometrics.responses import Responses
from psychometrics.stats.distribution import normalise

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Side by side up to here; beyond it the respondents are averaged.
MAX_SIDE_BY_SIDE = 4
_MAX_PRINTED_ITEMS = 120
_MAX_PRINTED_COLUMNS = 10
_PALE, _DARK = "#f4f7fa", "#08306b"


def answers(responses: Responses, *, ax: Axes | None = None) -> Axes:
    """Draw how the probability is spread over the options, item by item.

    Mean normalised probability over the valid presentations of the item, in per cent; items are
    grouped by domain, and reversed ones are marked R. Several respondents stand side by side; more
    than four are averaged.

    Parameters
    ----------
    responses : Responses
    ax : Axes, optional
        Where to draw; default a figure of its own, as high as the items need.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import psychometrics as pm
    >>> run = pm.administer(
    ...     pm.load_instrument("big-five-60"), pm.respondents(pm.scripted_model(4.0)), quiet=True
    ... )
    >>> ax = pm.plot.answers(run.responses)
    >>> ax.figure.savefig("answers.svg")  # doctest: +SKIP
    """
    items = items_by_domain(responses.instrument)
    people = list(dict.fromkeys(responses.frame["respondent"]))
    blocks = [mean_answers(responses, items["item"].to_list(), person) for person in people]
    if len(people) > MAX_SIDE_BY_SIDE:
        people = [f"mean of {len(people)} respondents"]
        blocks = [_mean_of(blocks)]
    each = 0.165 if len(items) <= _MAX_PRINTED_ITEMS else 0.11
    with style.drawing(ax, 0.9 + each * len(items)) as ax:
        _draw_blocks(ax, blocks)
        _name_columns(ax, responses.instrument, people)
        _name_items(ax, items, responses.instrument)
    return ax


def items_by_domain(instrument: Instrument) -> pd.DataFrame:
    """Items in the order of their domains, then of the instrument."""
    table = instrument.to_frame()
    order = {name: n for n, name in enumerate(scale.name for scale in instrument.scales)}
    return table.sort_values("domain", key=lambda d: d.map(order), kind="stable")


def mean_answers(responses: Responses, items: Sequence[str], respondent: str) -> FloatArray:
    """Mean normalised probabilities, shape (n_items, n_options); NaN where no answer is valid."""
    frame = responses.frame
    keep = ((frame["respondent"] == respondent) & (frame["outcome"] == "chosen")).to_numpy()
    p = pd.DataFrame(np.exp(normalise(responses.log_p[keep])))
    means = p.groupby(frame["item"].to_numpy()[keep]).mean().reindex(list(items))
    return means.to_numpy(dtype=np.float64)


def _mean_of(blocks: Sequence[FloatArray]) -> FloatArray:
    stacked = np.stack(blocks)
    present = ~np.isnan(stacked)
    n = present.sum(axis=0)
    total = np.where(present, stacked, 0.0).sum(axis=0)
    means: FloatArray = np.divide(total, n, out=np.full(total.shape, np.nan), where=n > 0)
    return means


def _draw_blocks(ax: Axes, blocks: Sequence[FloatArray]) -> None:
    from matplotlib.colors import LinearSegmentedColormap

    colours = LinearSegmentedColormap.from_list("answers", [_PALE, "#6aaed6", _DARK])
    n_items, k = blocks[0].shape
    printed = n_items <= _MAX_PRINTED_ITEMS and k * len(blocks) <= _MAX_PRINTED_COLUMNS
    for b, p in enumerate(blocks):
        left = b * (k + 0.5)
        edges = left + np.arange(k + 1) - 0.5
        ax.pcolormesh(
            edges, np.arange(n_items + 1) - 0.5, np.ma.masked_invalid(p), cmap=colours,
            vmin=0, vmax=1, edgecolors="white", linewidth=0.6,
        )  # fmt: skip
        for row in np.flatnonzero(np.isnan(p[:, 0])).tolist():
            ax.text(
                left + (k - 1) / 2, row, "missing", ha="center", va="center",
                size=7.5, color=style.QUIET,
            )  # fmt: skip
        if printed:
            for row, column in zip(*np.nonzero(~np.isnan(p)), strict=True):
                ax.text(
                    left + column, row, f"{100 * p[row, column]:.0f}", ha="center",
                    va="center_baseline", size=7.5,
                    color="white" if p[row, column] > 0.7 else style.INK,
                )  # fmt: skip
    ax.set_xlim(-0.5, edges[-1])


def _name_columns(ax: Axes, instrument: Instrument, people: Sequence[str]) -> None:
    options = instrument.response_scale.options
    k = len(options)
    texts = ["\n".join(textwrap.wrap(style.label(o.text), 11)) for o in options]
    if len(people) > 1 or k > 5:
        texts = [f"{o.value:g}" for o in options]
    lefts = [b * (k + 0.5) for b in range(len(people))]
    ax.set_xticks([left + n for left in lefts for n in range(k)], texts * len(people))
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0, labelsize=8)
    if len(people) > 1:
        for left, person in zip(lefts, people, strict=True):
            ax.annotate(
                style.label(person, 48 // len(people)), (left + (k - 1) / 2, 1.0), (0, 18),
                xycoords=ax.get_xaxis_transform(), textcoords="offset points", ha="center",
            )  # fmt: skip


def _name_items(ax: Axes, items: pd.DataFrame, instrument: Instrument) -> None:
    size = 8 if len(items) <= _MAX_PRINTED_ITEMS else 6
    at = ax.get_yaxis_transform()
    for row in np.flatnonzero(items["key"].to_numpy() < 0):
        ax.annotate(
            "R", (0, row), (-3, 0), xycoords=at, textcoords="offset points", ha="right",
            va="center_baseline", size=size, color=style.QUIET,
        )  # fmt: skip
    ax.set_yticks(range(len(items)), [style.label(item, 24) for item in items["item"]])
    ax.tick_params(axis="y", length=0, labelsize=size, pad=size + 5)
    ax.set_ylim(len(items) - 0.5, -0.5)
    ax.spines[:].set_visible(False)
    part_rows(ax, scale_titles(items["domain"], instrument))
