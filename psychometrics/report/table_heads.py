"""Headings of columns on several lines, where one line would make the table too wide."""

import textwrap

from rich.cells import cell_len

from psychometrics.report.table_data import TableData

# Letters that fit on a page, and how narrow a heading is made at most.
_PAGE, _NARROWEST, _GAP = 79, 16, 2
_MOST_LINES = 3


def head_lines(table: TableData) -> list[tuple[str, ...]]:
    """Break the labels of columns into lines, from the uppermost to the lowest.

    A table that fits on a page of 79 letters keeps its headings on one line. In one that does not,
    a heading that is wider than its column takes up to three.

    Examples
    --------
    >>> from psychometrics.report.table_data import Cell, Column, Row
    >>> long = Column("Standard error of measurement (alpha, raw)")
    >>> head_lines(TableData((long,), (Row((Cell("0.59"),)),)))
    [('Standard error of measurement (alpha, raw)',)]
    >>> twice = (long, Column("Standard error of measurement (omega total)"))
    >>> head_lines(TableData(twice, (Row((Cell("0.59"), Cell("0.57"))),)))[0]
    ('Standard error', 'of measurement', '(alpha, raw)')
    """
    bodies = _body_widths(table)
    labels = [column.label for column in table.columns]
    if table_width(labels, bodies) <= _PAGE:
        return [(label,) for label in labels]
    return [_broken(label, max(w, _NARROWEST)) for label, w in zip(labels, bodies, strict=True)]


def printed_width(table: TableData) -> int:
    """Letters across the table, headings on the lines of `head_lines`."""
    heads = [max(lines, key=cell_len) for lines in head_lines(table)]
    return table_width(heads, _body_widths(table))


def table_width(heads: list[str], bodies: list[int]) -> int:
    """Letters across a table with these headings above columns of these widths."""
    widths = (max(cell_len(head), body) for head, body in zip(heads, bodies, strict=True))
    return sum(widths) + _GAP * (len(bodies) - 1)


def _body_widths(table: TableData) -> list[int]:
    found = [0] * len(table.columns)
    for row in table.rows:
        indent = 2 if row.group else 0
        for i, cell in enumerate(row.cells):
            width = cell_len(cell.text) + len(table.mark(cell.notes)) + (0 if i else indent)
            found[i] = max(found[i], width)
    return found


def _broken(label: str, width: int) -> tuple[str, ...]:
    lines = [label]
    while width < len(label):
        lines = textwrap.wrap(label, width, break_long_words=False, break_on_hyphens=False)
        if len(lines) <= _MOST_LINES:
            return tuple(lines)
        width += 1
    return (label,)
