r"""A table in LaTeX, with booktabs and nothing else."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import repeat

from psychometrics.latex import escape
from psychometrics.report.table_data import Column, Row, TableData
from psychometrics.report.table_heads import head_lines, printed_width

_LONG = 48  # letters beyond which a column of words is broken into lines
# Letters across a table beyond which it is set smaller.
_SIZES = ((72, r"\small"), (84, r"\footnotesize\setlength{\tabcolsep}{4pt}"))
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
        *(size for width, size in _SIZES if printed_width(table) > width),
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
    heads = map(_head_cell, repeat(table), table.columns, head_lines(table))
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


def _head_cell(table: TableData, column: Column, lines: tuple[str, ...]) -> str:
    *upper, last = lines
    cell = _marked(table, last, column.notes, hanging=column.numeric)
    if not upper:
        return cell
    stacked = r" \\ ".join([*map(escape, upper), cell])
    side = "r" if column.numeric else "l"
    return f"\\begin{{tabular}}[b]{{@{{}}{side}@{{}}}}{stacked}\\end{{tabular}}"


def _marked(table: TableData, text: str, notes: tuple[str, ...], *, hanging: bool) -> str:
    mark = table.mark(notes)
    raised = f"\\textsuperscript{{{mark}}}" if mark else ""
    if raised and hanging:
        raised = f"\\rlap{{{raised}}}"
    return escape(text) + raised


def _ended(cells: Iterable[str]) -> str:
    return f"{' & '.join(cells)} \\tabularnewline"


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "table"
