"""Figures as SVG that can stand inside a page."""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LINK = "{http://www.w3.org/1999/xlink}href"
_DROPPED = {"metadata", "style"}
_TEXT = {"text", "tspan"}
_GEOMETRY = {"d", "x", "y", "transform"}
_LONG = re.compile(r"-?\d+\.\d{3,}(e-?\d+)?")
_TARGET = re.compile(r"^#(.+)$|url\(#([^)]+)\)")
_FONT = re.compile(r"font-family: [^;]*;? ?")


def inline_svg(ax: Axes, name: str, description: str) -> str:
    """Write the figure of an axes as an SVG element for an HTML page.

    Text stays text; the same data give the same bytes; every id begins with ``name``, so that
    several figures of a page do not share one.

    Parameters
    ----------
    ax : Axes
    name : str
        Unique within the page.
    description : str
        What the figure shows, for those who do not see it.

    Examples
    --------
    >>> import psychometrics as pm
    >>> model = pm.scripted_model(4.0)
    >>> run = pm.administer(pm.load_instrument("big-five-60"), pm.respondents(model), quiet=True)
    >>> inline_svg(pm.plot.positions(run.responses.check()), "fig-positions", "Positions")[:39]
    '<svg viewBox="0 0 360 180" role="img" a'
    """
    root = ElementTree.fromstring(_draw(ax, name))
    box = root.attrib["viewBox"]
    _adapt(root, name)
    _drop_unused_ids(root)
    root.attrib = {"viewBox": box, "role": "img", "aria-label": description}
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)


def _draw(ax: Axes, name: str) -> bytes:
    import matplotlib

    buffer = io.BytesIO()
    figure = ax.get_figure(root=True)
    settings: Any = {"svg.fonttype": "none", "svg.hashsalt": name}
    with matplotlib.rc_context(settings), warnings.catch_warnings():
        # The letters are drawn by the browser, which has fonts for all of them.
        warnings.filterwarnings("ignore", message="Glyph .* missing from", category=UserWarning)
        if figure is not None:
            figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    return buffer.getvalue()


def _adapt(parent: ElementTree.Element, name: str) -> None:
    """Drop name spaces, global style and fonts, and put ``name`` before every id."""
    parent.tag = _local(parent.tag)
    is_text = parent.tag in _TEXT
    if not is_text:
        parent.text = None
    for child in list(parent):
        if not is_text:
            child.tail = None
        if _local(child.tag) in _DROPPED:
            parent.remove(child)
        else:
            _adapt(child, name)
    parent.attrib = {
        "href" if key == _LINK else key: _value(key, value, name)
        for key, value in parent.attrib.items()
    }


def _value(key: str, value: str, name: str) -> str:
    if key == "id":
        return f"{name}-{value}"
    if key == "style":
        value = _FONT.sub("", value)
    elif key in _GEOMETRY:
        value = _LONG.sub(lambda found: f"{float(found[0]):.2f}", value)
    if key == _LINK:
        return value.replace("#", f"#{name}-", 1)
    return value.replace("url(#", f"url(#{name}-")


def _drop_unused_ids(root: ElementTree.Element) -> None:
    used = {
        target
        for element in root.iter()
        for value in element.attrib.values()
        for pair in _TARGET.findall(value)
        for target in pair
    }
    for element in root.iter():
        if element.attrib.get("id") not in used:
            element.attrib.pop("id", None)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
