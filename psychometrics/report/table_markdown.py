"""A table in Markdown, in the form of GitHub and Pandoc."""

import re

from psychometrics.report.table_data import TableData

_SPECIAL = re.compile(r"[\\`*_~$|#]")
_ENTITIES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))


def markdown_table(table: TableData) -> str:
    """Write a table with pipes; spanners stand before the labels of their columns.

    Examples
    --------
    >>> from psychometrics.report.table_data import Cell, Column, Row
    >>> print(markdown_table(TableData((Column("n"),), (Row((Cell("12"),)),))))
    | n |
    | ---: |
    | 12 |
    """
    over = [label for label, n in table.spans() for _ in range(n)]
    heads = [
        f"{escape_markdown(label)}: {_marked(table, column.label, column.notes)}"
        if label
        else _marked(table, column.label, column.notes)
        for label, column in zip(over, table.columns, strict=True)
    ]
    lines = [f"**{escape_markdown(table.title)}**", ""] if table.title else []
    lines += [_row(heads), _row(["---:" if column.numeric else "---" for column in table.columns])]
    for group, rows in table.groups():
        if group:
            lines.append(_row([f"**{escape_markdown(group)}**", *[""] * (len(table.columns) - 1)]))
        lines += [
            _row([_marked(table, cell.text, cell.notes) for cell in row.cells]) for row in rows
        ]
    return "\n".join([*lines, *_notes(table)])


def escape_markdown(text: str) -> str:
    r"""Make any text fit to stand in a cell or a paragraph of Markdown.

    Examples
    --------
    >>> print(escape_markdown("a|b *c* [.74, .87] <br>"))
    a\|b \*c\* [.74, .87] &lt;br&gt;
    """
    for character, entity in _ENTITIES:
        text = text.replace(character, entity)
    return _SPECIAL.sub(r"\\\g<0>", text).replace("](", "]&#40;").replace("][", "]&#91;")


def _notes(table: TableData) -> list[str]:
    general = [f"*Note.* {escape_markdown(' '.join(table.notes))}"] if table.notes else []
    marked = [
        f"<sup>{mark}</sup> {escape_markdown(note)}" for note, mark in table.footnotes.items()
    ]
    source = [f"*Source:* {escape_markdown(table.source)}"] if table.source else []
    return [line for note in [*general, *marked, *source] for line in ("", note)]


def _marked(table: TableData, text: str, notes: tuple[str, ...]) -> str:
    mark = table.mark(notes)
    return f"{escape_markdown(text)}{f'<sup>{mark}</sup>' if mark else ''}"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
