"""The table of an item analysis."""

import math
from collections.abc import Hashable, Mapping
from typing import Any

from psychometrics.analysis.item_analysis import ItemAnalysis
from psychometrics.citations import author_year
from psychometrics.report.estimate_layout import Style
from psychometrics.report.estimate_text import capitalised, level_text, without_zero
from psychometrics.report.source_line import source_line
from psychometrics.report.table import Table
from psychometrics.report.table_data import Cell, as_notes, missing
from psychometrics.report.text import MISSING, interval, number

_HEAD = ("Item", "n", "Mean", "SD", "Item-rest r", "Alpha without")


def item_table(found: ItemAnalysis, style: Style) -> Table:
    """Lay out items by scale: mean, spread, relation to the rest, and what runs against its scale.

    Parameters
    ----------
    found : ItemAnalysis
    style : Style

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> x = np.random.default_rng(0).normal(size=(40, 3)) + 1
    >>> item_table(pm.item_analysis(x), Style(2, None, False)).names[-2:]
    ('Item-rest r', 'Alpha without')
    """
    rows = [_row(row, found.note, style) for row in found.frame.to_dict("records")]
    table = Table.from_rows(_HEAD, rows)
    for name, places in found.frame.groupby("scale", sort=False).indices.items():
        table = table.with_group(str(name), map(int, places)) if name else table
    level = level_text(found.conf_level)
    authors = "; ".join(author_year(found.reference))
    method = f"{capitalised(found.method)} ({authors})" if authors else capitalised(found.method)
    # A reason that stands at a cell is not said again.
    own = [note for note in as_notes((found.note,)) if note not in table.footnotes]
    for note in (f"{level} intervals; n counts {found.unit}", method, *own):
        table = table.with_note(note)
    return table.with_source(source_line([found.source]))


def _row(row: Mapping[Hashable, Any], note: str, style: Style) -> list[str | Cell]:
    reason = row["note"] or note or "not estimated"
    return [
        Cell(str(row["item"]), ("runs against its scale",) if row["suspect_key"] else ()),
        f"{row['n']:,.0f}",
        *(_number(row[name], reason, style, zero=True) for name in ("mean", "sd")),
        _item_rest(row, reason, style),
        _number(row["alpha_if_dropped"], reason, style, zero=False),
    ]


def _item_rest(row: Mapping[Hashable, Any], reason: str, style: Style) -> Cell:
    cell = _number(row["item_rest"], reason, style, zero=False)
    limits = interval(row["item_rest_low"], row["item_rest_high"], style.digits)
    if cell.text == MISSING:
        return cell
    if not limits:
        return Cell(f"{cell.text} {MISSING}", (reason,))
    return Cell(f"{cell.text} {limits if style.leading_zero else without_zero(limits)}")


def _number(x: float, reason: str, style: Style, *, zero: bool) -> Cell:
    if math.isnan(x):
        return missing(reason)
    text = number(x, style.digits)
    return Cell(text if zero or style.leading_zero else without_zero(text))
