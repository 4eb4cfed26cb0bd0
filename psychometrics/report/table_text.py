"""A table as plain text, and in the terminal."""

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.cells import cell_len

from psychometrics.report.table_data import LETTERS, Row, TableData
from psychometrics.report.table_heads import head_lines

if TYPE_CHECKING:
    from rich.console import RenderableType

_RAISED = str.maketrans(LETTERS, "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_GAP, _INDENT = "  ", "  "
_NARROWEST_NOTES = 60
# Text and mark of each cell of a line.
_Parts = list[tuple[str, str]]


def text_table(table: TableData) -> str:
    """Write a table as lines of text of one width.

    Examples
    --------
    >>> from psychometrics.report.table_data import Cell, Column
    >>> print(text_table(TableData((Column("n"),), (Row((Cell("12"),)),))))
    ──
     n
    ──
    12
    ──
    """
    heads, rows = _split(table)
    widths = [max(map(_width, column)) for column in zip(*heads, *rows, strict=True)]
    spans = _span_widths(table, widths)
    width = sum(widths) + len(_GAP) * (len(widths) - 1)
    rule = "─" * width
    lines = [table.title, ""] if table.title else []
    lines += [rule, *_spanner_lines(spans)]
    lines += [*(_line(table, head, widths) for head in heads), rule]
    body = iter(rows)
    for group, members in table.groups():
        lines += [group] if group else []
        lines += [_line(table, next(body), widths) for _ in members]
    lines += [rule]
    for note in note_lines(table):
        lines += textwrap.wrap(note, max(width, _NARROWEST_NOTES), break_long_words=False)
    return "\n".join(line.rstrip() for line in lines)


def note_lines(table: TableData) -> list[str]:
    """What stands below a table, one string a line: notes, footnotes, source."""
    general = [f"Note. {' '.join(table.notes)}"] if table.notes else []
    marked = [f"{_raised(mark)} {note}" for note, mark in table.footnotes.items()]
    return [*general, *marked, *([f"Source: {table.source}"] if table.source else [])]


def rich_table(table: TableData) -> "RenderableType":
    """Return the table for :mod:`rich`, which fits it to the terminal."""
    from rich import box
    from rich.console import Group
    from rich.table import Table as RichTable
    from rich.text import Text

    shown = RichTable(
        title=Text(table.title, style="bold") if table.title else None,
        box=box.SIMPLE_HEAD, title_justify="left",
    )  # fmt: skip
    over = [label for label, n in table.spans() for _ in range(n)]
    labels = ["\n".join(lines) for lines in head_lines(table)]
    over = over or [""] * len(labels)
    for column, shown_as, label in zip(table.columns, labels, over, strict=True):
        head = _marked(table, shown_as, column.notes)
        heading = Text(f"{label}\n{head}" if any(over) else head)
        shown.add_column(heading, justify="right" if column.numeric else "left")
    for group, rows in table.groups():
        if group:
            shown.add_row(Text(group, style="italic"))
        for row in rows:
            cells = [_marked(table, cell.text, cell.notes) for cell in row.cells]
            cells[0] = _indent(row) + cells[0]
            shown.add_row(*map(Text, cells))
    return Group(shown, *(Text(note) for note in note_lines(table)))


def _split(table: TableData) -> tuple[list[_Parts], list[_Parts]]:
    """Head and rows as (text, mark); the marks of numbers hang, so that the numbers are aligned."""
    labels = head_lines(table)
    depth = max(map(len, labels))
    padded = [("",) * (depth - len(lines)) + lines for lines in labels]
    marks = [_raised(table.mark(column.notes)) for column in table.columns]
    heads = [[(text, "") for text in line] for line in zip(*padded, strict=True)]
    heads[-1] = [(text, mark) for (text, _), mark in zip(heads[-1], marks, strict=True)]
    rows = [
        [(cell.text, _raised(table.mark(cell.notes))) for cell in row.cells] for row in table.rows
    ]
    for parts, row in zip(rows, table.rows, strict=True):
        parts[0] = (_indent(row) + parts[0][0], parts[0][1])
    hang = [max(len(mark) for _, mark in column) for column in zip(*rows, strict=True)]
    hang = hang or [0] * len(labels)

    def hung(parts: _Parts) -> _Parts:
        return [
            (text, mark.ljust(room) if column.numeric else mark)
            for (text, mark), room, column in zip(parts, hang, table.columns, strict=True)
        ]

    return [hung(head) for head in heads], [hung(row) for row in rows]


def _span_widths(table: TableData, widths: list[int]) -> list[tuple[str, int]]:
    """Label and width of each spanner; the last of its columns grows to hold a long label."""
    found, start = [], 0
    for label, n in table.spans() if table.spanners else []:
        own = sum(widths[start : start + n]) + len(_GAP) * (n - 1)
        if cell_len(label) > own:
            widths[start + n - 1] += cell_len(label) - own
            own = cell_len(label)
        found.append((label, own))
        start += n
    return found


def _spanner_lines(spans: list[tuple[str, int]]) -> Iterator[str]:
    if spans:
        yield _GAP.join(_centred(label, width) for label, width in spans)
        yield _GAP.join(("─" if label else " ") * width for label, width in spans)


def _line(table: TableData, parts: _Parts, widths: list[int]) -> str:
    return _GAP.join(
        " " * (width - _width(part)) + "".join(part)
        if column.numeric
        else "".join(part) + " " * (width - _width(part))
        for column, part, width in zip(table.columns, parts, widths, strict=True)
    )


def _centred(text: str, width: int) -> str:
    left = (width - cell_len(text)) // 2
    return f"{' ' * left}{text}{' ' * (width - cell_len(text) - left)}"


def _marked(table: TableData, text: str, notes: tuple[str, ...]) -> str:
    return f"{text}{_raised(table.mark(notes))}"


def _width(part: tuple[str, str]) -> int:
    return cell_len("".join(part))


def _indent(row: Row) -> str:
    return _INDENT if row.group else ""


def _raised(mark: str) -> str:
    return mark.translate(_RAISED)
