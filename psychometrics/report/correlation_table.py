"""Correlations as a triangle, each interval below its value."""

import math
from collections.abc import Iterable

from psychometrics.analysis.correlations import Correlations
from psychometrics.analysis.estimate import Estimate
from psychometrics.report.estimate_layout import Style
from psychometrics.report.estimate_text import (
    capitalised,
    level_text,
    method_text,
    missing_reason,
)
from psychometrics.report.source_line import source_line
from psychometrics.report.table import Table
from psychometrics.report.table_data import Cell, missing
from psychometrics.report.text import span

_MOST_COLUMNS = 6


def fits_a_triangle(found: Correlations) -> bool:
    """Whether a triangle with intervals fits on a page."""
    return 2 <= len(found.names) <= _MOST_COLUMNS


def correlation_table(found: Correlations, style: Style) -> Table:
    """Lay out correlations below the diagonal, the columns by their numbers.

    Parameters
    ----------
    found : Correlations
    style : Style

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> x = np.random.default_rng(0).normal(size=(50, 3))
    >>> correlation_table(pm.correlations(x), Style(2, None, False))
    <Table: 5 rows × 3 columns>
    """
    k = len(found.names)
    pairs = {(i, j): found[found.names[j], found.names[i]] for i in range(k) for j in range(i)}
    notes = {estimate.note for estimate in pairs.values()}
    shared = notes.pop() if len(notes) == 1 else None
    rows: list[list[str | Cell]] = []
    for i, name in enumerate(found.names):
        own = [pairs[i, j] for j in range(i)]
        none = [Cell("", empty=True)] * (k - 1 - i)
        rows.append([f"{i + 1}. {name}", *(_value(e, style, shared) for e in own), *none])
        if i:
            rows.append(["", *(_limits(e, style) for e in own), *none])
        rows[-1] = rows[-1][:k]
    table = Table.from_rows([" ", *map(str, range(1, k))], rows)
    level = level_text(found.matrix.conf_level)
    told = [f"{level} confidence intervals in brackets", _n(pairs.values(), found.table.unit)]
    told += [*dict.fromkeys(map(method_text, pairs.values())), capitalised(shared or "")]
    if style.stars:
        told.append(f"* The {level} interval excludes 0")
    for note in filter(None, told):
        table = table.with_note(note)
    return table.with_source(source_line([found.table.source]))


def _value(estimate: Estimate, style: Style, shared: str | None) -> Cell:
    if math.isnan(estimate.value):
        return missing(missing_reason(estimate))
    return Cell(style.value(estimate), () if estimate.note == shared else (estimate.note,))


def _limits(estimate: Estimate, style: Style) -> Cell:
    limits = style.limits(estimate)
    return Cell(limits) if limits else missing(missing_reason(estimate))


def _n(estimates: Iterable[Estimate], unit: str) -> str:
    return f"n = {span(estimate.n for estimate in estimates)} {unit}"
