r"""A table in LaTeX, with booktabs and nothing else."""

import re
import unicodedata

from psychometrics.latex import escape
from psychometrics.report.table_data import Column, Row, TableData

_LONG = 48  # letters beyond which a column of words is broken into lines
_NOTES = r"""\par\medskip
% Notes are as wide as the table, within reason.
\ifdim\wd0<0.6\linewidth \wd0=0.6\linewidth\fi
\ifdim\wd0>\linewidth \wd0=\linewidth\fi
\begin{minipage}{\wd0}\footnotesize\raggedright"""
_DOCUMENT = r"""\documentclass{{article}}
{encoding}\IfFileExists{{lmodern.sty}}{{\usepackage[T1]{{fontenc}}\usepackage{{lmodern}}}}{{}}
\usepackage{{booktabs}}
\begin{{document}}
{table}
\end{{document}}
"""


def latex_table(table: TableData, *, standalone: bool = False, label: str = "") -> str:
    r"""Write a table to be read with ``\input``, or a whole document.

    Parameters
    ----------
    table : TableData
    standalone : bool
        With ``\documentclass``; else the author's document has to load booktabs.
    label : str
        For ``\ref``; from the title if empty.

    Examples
    --------
    >>> from psychometrics.report.table_data import Cell
    >>> text = latex_table(TableData((Column("r"),), (Row((Cell("−.12"),)),)))
    >>> r"\toprule" in text, "$-$.12" in text
    (True, True)
    """
    caption = f"\\caption{{{escape(table.title)}}}\n" if table.title else ""
    named = label or f"tab:{_slug(table.title)}"
    notes = _notes(table)
    kinds = "".join(_kind(table, i) for i in range(len(table.columns)))
    lines = [
        "% Needs \\usepackage{booktabs}.",
        r"\begin{table}[htbp]",
        r"\centering",
        f"{caption}\\label{{{named}}}\n\\par\\smallskip" if caption or label else "",
        r"\sbox0{%",
        f"\\begin{{tabular}}{{@{{}}{kinds}@{{}}}}",
        r"\toprule",
        *_head(table),
        r"\midrule",
        *_body(table),
        r"\bottomrule",
        r"\end{tabular}}",
        r"\usebox0",
        *notes,
        r"\end{table}",
    ]
    text = "\n".join(filter(None, lines)) + "\n"
    if not standalone:
        return text
    encoding = "" if text.isascii() else "\\usepackage[T1]{fontenc}\n"
    return _DOCUMENT.format(table=text.rstrip("\n"), encoding=encoding)


def _head(table: TableData) -> list[str]:
    lines = []
    if table.spanners:
        cells, rules, start = [], [], 1
        for label, n in table.spans():
            cells.append(
                f"\\multicolumn{{{n}}}{{c}}{{{escape(label)}}}" if label else " & " * (n - 1)
            )
            rules += [f"\\cmidrule(lr){{{start}-{start + n - 1}}}"] if label else []
            start += n
        lines += [_ended(cells), " ".join(rules)]
    heads = [_head_cell(table, column) for column in table.columns]
    return [*lines, _ended(heads)]


def _body(table: TableData) -> list[str]:
    lines: list[str] = []
    for i, (group, rows) in enumerate(table.groups()):
        lines += [r"\addlinespace"] if i else []
        if group:
            lines.append(
                f"\\multicolumn{{{len(table.columns)}}}{{@{{}}l}}{{\\textit{{{escape(group)}}}}} "
                r"\tabularnewline"
            )
        lines += [_row(table, row) for row in rows]
    return lines


def _row(table: TableData, row: Row) -> str:
    cells = [
        _marked(table, cell.text, cell.notes, hanging=column.numeric)
        for column, cell in zip(table.columns, row.cells, strict=True)
    ]
    if row.group:
        cells[0] = f"\\quad {cells[0]}"
    return _ended(cells)


def _notes(table: TableData) -> list[str]:
    notes = [f"\\textit{{Note.}} {escape(' '.join(table.notes))}"] if table.notes else []
    notes += [
        f"\\textsuperscript{{{mark}}}~{escape(note)}" for note, mark in table.footnotes.items()
    ]
    notes += [f"\\textit{{Source:}} {escape(table.source)}"] if table.source else []
    if not notes:
        return []
    return [
        _NOTES,
        "\\par\n".join(notes),
        r"\end{minipage}",
    ]


def _kind(table: TableData, index: int) -> str:
    column = table.columns[index]
    if column.numeric:
        return "r"
    longest = max((len(row.cells[index].text) for row in table.rows), default=0)
    return r"p{0.42\linewidth}" if longest > _LONG else "l"


def _head_cell(table: TableData, column: Column) -> str:
    return _marked(table, column.label, column.notes, hanging=column.numeric)


def _marked(table: TableData, text: str, notes: tuple[str, ...], *, hanging: bool) -> str:
    mark = table.mark(notes)
    raised = f"\\textsuperscript{{{mark}}}" if mark else ""
    if raised and hanging:
        raised = f"\\rlap{{{raised}}}"
    return escape(text) + raised


def _ended(cells: list[str]) -> str:
    return f"{' & '.join(cells)} \\tabularnewline"


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "table"
