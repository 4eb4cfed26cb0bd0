"""A table in HTML, for notebooks and pages; it takes colours and font from what is around it."""

from html import escape

from psychometrics.report.table_data import Column, Row, TableData
from psychometrics.report.table_heads import head_lines

_STYLE = """\
.pm-table {border-collapse: collapse; font-variant-numeric: tabular-nums; line-height: 1.35;
  border-top: 1.5px solid; margin: 1em 0; color: inherit}
.pm-table caption {caption-side: top; text-align: left; font-weight: 600; padding: 0 0 .5em}
.pm-table th, .pm-table td {padding: .25em .7em; text-align: left; font-weight: normal;
  vertical-align: baseline; background: none; border: 0}
.pm-table .pm-number {text-align: right; white-space: nowrap}
.pm-table .pm-number sup {display: inline-block; width: 0}
.pm-table sup {line-height: 0; font-size: .75em; margin-left: .1em}
.pm-table thead th {vertical-align: bottom}
.pm-table thead tr:last-child th {border-bottom: 1px solid}
.pm-table .pm-spanner {text-align: center; padding: .25em .7em .2em}
.pm-table .pm-spanner span {display: block; border-bottom: 1px solid; padding-bottom: .2em}
.pm-table .pm-group th {font-style: italic; padding-top: .6em}
.pm-table .pm-member th:first-child, .pm-table .pm-member td:first-child {padding-left: 1.8em}
.pm-table tbody:last-of-type tr:last-child > * {border-bottom: 1.5px solid}
.pm-table tfoot td {padding-top: .5em; font-size: .85em}
.pm-table tfoot p {margin: 0 0 .2em; max-width: 46em}"""
_DOCUMENT = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body {{font-family: system-ui, sans-serif; margin: 2em; overflow-x: auto}}</style>
</head>
<body>
{table}
</body>
</html>
"""


def html_table(table: TableData, *, standalone: bool = False) -> str:
    """Write a table as an element with its style, or as a whole page.

    Parameters
    ----------
    table : TableData
    standalone : bool

    Examples
    --------
    >>> from psychometrics.report.table_data import Cell
    >>> page = html_table(TableData((Column("n"),), (Row((Cell("< 12"),)),)))
    >>> '<td class="pm-number">&lt; 12</td>' in page
    True
    """
    caption = f"<caption>{escape(table.title)}</caption>\n" if table.title else ""
    text = (
        f'<style>\n{_STYLE}\n</style>\n<table class="pm-table">\n{caption}'
        f"<thead>\n{_head(table)}\n</thead>\n{_body(table)}\n{_foot(table)}</table>"
    )
    return _DOCUMENT.format(title=escape(table.title), table=text) if standalone else text


def _head(table: TableData) -> str:
    labels = "".join(
        f'<th scope="col"{_class(column)}>{" <br>".join(map(escape, lines))}'
        f"{_mark(table, column.notes)}</th>"
        for column, lines in zip(table.columns, head_lines(table), strict=True)
    )
    if not table.spanners:
        return f"<tr>{labels}</tr>"
    spanners = "".join(
        f'<th scope="colgroup" colspan="{n}" class="pm-spanner"><span>{escape(label)}</span></th>'
        if label
        else f'<td colspan="{n}"></td>'
        for label, n in table.spans()
    )
    return f"<tr>{spanners}</tr>\n<tr>{labels}</tr>"


def _body(table: TableData) -> str:
    bodies = []
    for group, rows in table.groups():
        head = (
            f'<tr class="pm-group"><th scope="rowgroup" colspan="{len(table.columns)}">'
            f"{escape(group)}</th></tr>\n"
            if group
            else ""
        )
        bodies.append(f"<tbody>\n{head}{''.join(_row(table, row) for row in rows)}</tbody>")
    return "\n".join(bodies) or "<tbody></tbody>"


def _row(table: TableData, row: Row) -> str:
    cells = []
    for i, (column, cell) in enumerate(zip(table.columns, row.cells, strict=True)):
        head = i == 0 and not column.numeric
        tag, scope = ("th", ' scope="row"') if head else ("td", "")
        content = _marked(table, cell.text, cell.notes)
        cells.append(f"<{tag}{scope}{_class(column)}>{content}</{tag}>")
    member = ' class="pm-member"' if row.group else ""
    return f"<tr{member}>{''.join(cells)}</tr>\n"


def _foot(table: TableData) -> str:
    notes = [f"<em>Note.</em> {escape(' '.join(table.notes))}"] if table.notes else []
    notes += [f"<sup>{mark}</sup> {escape(note)}" for note, mark in table.footnotes.items()]
    notes += [f"<em>Source:</em> {escape(table.source)}"] if table.source else []
    if not notes:
        return ""
    paragraphs = "".join(f"<p>{note}</p>" for note in notes)
    return f'<tfoot><tr><td colspan="{len(table.columns)}">{paragraphs}</td></tr></tfoot>\n'


def _class(column: Column) -> str:
    return ' class="pm-number"' if column.numeric else ""


def _marked(table: TableData, text: str, notes: tuple[str, ...]) -> str:
    return f"{escape(text)}{_mark(table, notes)}"


def _mark(table: TableData, notes: tuple[str, ...]) -> str:
    mark = table.mark(notes)
    return f"<sup>{mark}</sup>" if mark else ""
