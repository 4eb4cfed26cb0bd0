"""The look of the figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's colours, the ones that stand out from white first; shapes tell them apart in grey.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#56B4E9", "#E69F00")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
INK, QUIET, RULE, BAND = "#1a1a1a", "#595959", "#d9d9d9", "#f4f4f4"

# Inches. At 72 units an inch the width is that of a phone, so that text keeps its size there.
WIDTH = 5.0

_STYLE: Mapping[Any, object] = {
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
    r"""Make any text fit to be a label: one line, printable, not too long, never mathematics.

    Examples
    --------
    >>> print(label("costs $5 or $6"))
    costs \$5 or \$6
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


def say_instead(ax: Axes, reason: str) -> Axes:
    """Write into the axes why there is nothing to draw."""
    import textwrap

    ax.set_axis_off()
    text = "\n".join(textwrap.wrap(label(reason, 400), 52))
    ax.text(0.5, 0.5, text, ha="center", va="center", transform=ax.transAxes)
    return ax
