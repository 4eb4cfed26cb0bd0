"""The look of the figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's colours, the ones that stand out from white first; shapes tell them apart in grey.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#56B4E9", "#E69F00")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
INK, QUIET, RULE = "#1a1a1a", "#595959", "#d9d9d9"

# Inches. At 72 units an inch the width is that of a phone, so that text keeps its size there.
WIDTH = 5.0

_STYLE = {
    "font.size": 10.0,
    "axes.labelsize": 10.0,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "legend.fontsize": 9.5,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.8,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "savefig.dpi": 200.0,
}


@contextmanager
def drawing(ax: Axes | None, height: float) -> Iterator[Axes]:
    """Yield the axes to draw in: those given, in their owner's style, or new ones in ours.

    Parameters
    ----------
    ax : Axes or None
    height : float
        Inches, of a new figure.
    """
    if ax is not None:
        yield ax
        return
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        yield figure.add_subplot()


def label(text: str, limit: int = 40) -> str:
    """Make any text fit to be a label: one line, printable, not too long, never mathematics.

    Examples
    --------
    >>> print(label("costs $5 or $6"))
    costs \\$5 or \\$6
    >>> label("a" * 30 + "b" * 30, limit=9)
    'aaaa…bbbb'
    """
    plain = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(plain) > limit:
        keep = (limit - 1) // 2
        plain = f"{plain[: limit - 1 - keep]}…{plain[-keep:]}"
    return plain.replace("$", r"\$")


def colour(index: int) -> str:
    """Colour of a respondent."""
    return COLOURS[index % len(COLOURS)]


def marker(index: int) -> str:
    """Shape of a respondent; changes where the colours begin again."""
    return MARKERS[(index + index // len(COLOURS)) % len(MARKERS)]


def legend_height(people: Sequence[str]) -> float:
    """Inches that the legend of these respondents takes."""
    return 0.0 if len(people) < 2 else 0.21 * -(-len(people) // _columns(people)) + 0.1


def add_legend(ax: Axes, people: Sequence[str]) -> None:
    """Say which colour and shape is which respondent; nothing if there is only one."""
    if len(people) < 2:
        return
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=colour(i), marker=marker(i), markersize=5) for i in range(len(people))
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
        text.set_text(label(name))


def set_rows(ax: Axes, titles: Sequence[str]) -> None:
    """Name the rows of a figure, the first at the top."""
    ax.set_yticks(range(len(titles)), [label(title, 32) for title in titles])
    ax.set_ylim(len(titles) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


def say_instead(ax: Axes, reason: str) -> Axes:
    """Write into the axes why there is nothing to draw."""
    import textwrap

    ax.set_axis_off()
    text = "\n".join(textwrap.wrap(label(reason, 400), 52))
    ax.text(0.5, 0.5, text, ha="center", va="center", transform=ax.transAxes)
    return ax


def offsets(n: int) -> list[float]:
    """Where n respondents stand within a row, around its middle."""
    return [0.0] if n == 1 else [(i / (n - 1) - 0.5) * 0.62 for i in range(n)]


def _columns(people: Sequence[str]) -> int:
    longest = max(len(label(name)) for name in people)
    return max(1, min(3, 54 // (longest + 6)))
