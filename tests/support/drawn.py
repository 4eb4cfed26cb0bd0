"""What stands in a figure once it is drawn."""

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text


def words(ax):
    """Texts of an axes, each on one line."""
    return [text.get_text().replace("\n", " ") for text in ax.texts]


def rows(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def settings():
    return {k: v for k, v in dict.items(matplotlib.rcParams) if k != "backend"}


def _texts(ax):
    legend = ax.get_legend()
    own = [*ax.texts, ax.xaxis.label, ax.yaxis.label]
    for axis in (ax.xaxis, ax.yaxis):
        low, high = sorted(axis.get_view_interval())
        ticks = zip(axis.get_ticklocs(), axis.get_ticklabels(), strict=True)
        own += [label for at, label in ticks if low <= at <= high]
    own += legend.get_texts() if legend else []
    return own + [text for child in ax.child_axes for text in _texts(child)]


def _box(text, canvas):
    """Extent of the letters, without the arrow of an annotation."""
    return Text.get_window_extent(text, canvas.get_renderer())


def overlaps(ax):
    """Pairs of texts of which one covers the other, by more than a point."""
    canvas = FigureCanvasAgg(ax.figure)
    canvas.draw()
    texts = [text for text in _texts(ax) if text.get_text() and text.get_visible()]
    boxes = [(t.get_text(), _box(t, canvas).padded(-1)) for t in texts]
    return [
        (a, b)
        for i, (a, first) in enumerate(boxes)
        for b, second in boxes[i + 1 :]
        if first.overlaps(second)
    ]


def outside(ax):
    """Texts that are cut by the edge of the figure."""
    canvas = FigureCanvasAgg(ax.figure)
    canvas.draw()
    frame = ax.figure.bbox.padded(1)
    boxes = [(text.get_text(), _box(text, canvas)) for text in _texts(ax)]
    return [
        text
        for text, box in boxes
        if text and not (frame.contains(box.x0, box.y0) and frame.contains(box.x1, box.y1))
    ]
