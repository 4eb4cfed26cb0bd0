"""A table for a paper: said once, written as text, Markdown, HTML or LaTeX."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pandas as pd

from psychometrics.errors import DataError
from psychometrics.report.table_data import Cell, Column, Row, Spanner, TableData
from psychometrics.report.table_html import html_table
from psychometrics.report.table_latex import latex_table
from psychometrics.report.table_markdown import markdown_table
from psychometrics.report.table_text import rich_table, text_table
from psychometrics.write_text import write_text

if TYPE_CHECKING:
    from rich.console import RenderableType


@dataclass(frozen=True, repr=False)
class Table(TableData):
    """A table that does not change: every method returns a new one.

    :func:`psychometrics.table` makes one of estimates; :meth:`from_rows` of any texts.

    Parameters
    ----------
    columns : tuple of Column
    rows : tuple of Row
    title : str
    spanners : tuple of Spanner
    notes : tuple of str
        To the table as a whole; those to a cell stand with the cell.
    source : str
        Instrument, run and version behind it.

    Raises
    ------
    DataError
        The parts do not fit, or a number is missing without a reason.

    Examples
    --------
    >>> table = Table.from_rows(["Scale", "α"], [["Trust", ".81"], ["Order", ".74"]])
    >>> table = table.with_title("Consistency").with_note("Feldt's interval.", column="α")
    >>> table
    <Table 'Consistency': 2 rows × 2 columns>
    >>> print(table.to_text())
    Consistency
    <BLANKLINE>
    ──────────
    Scale   αᵃ
    ──────────
    Trust  .81
    Order  .74
    ──────────
    ᵃ Feldt's interval.
    """

    @classmethod
    def from_rows(
        cls, labels: Sequence[str], rows: Iterable[Sequence[str | Cell]], *, n_text: int = 1
    ) -> Self:
        """Make a table of texts.

        Parameters
        ----------
        labels : sequence of str
            Of the columns; they are their names, too.
        rows : iterable of sequences of str or Cell
            ``missing(reason)`` of :mod:`psychometrics.report.table_data` where a number is lacking.
        n_text : int
            Columns from the left that hold words; the others hold numbers.
        """
        columns = tuple(Column(name, numeric=i >= n_text) for i, name in enumerate(labels))
        cells = (tuple(c if isinstance(c, Cell) else Cell(c) for c in row) for row in rows)
        return cls(columns, tuple(map(Row, cells)))

    def __repr__(self) -> str:
        title = f" {self.title!r}" if self.title else ""
        n, k = len(self.rows), len(self.columns)
        return f"<Table{title}: {n} row{'' if n == 1 else 's'} × {k} column{'' if k == 1 else 's'}>"

    def with_title(self, title: str) -> Self:
        """Give the table a title."""
        return replace(self, title=title)

    def with_source(self, source: str) -> Self:
        """Say where the numbers come from."""
        return replace(self, source=source)

    def with_spanner(self, label: str, columns: Iterable[str]) -> Self:
        """Put a heading over columns that stand side by side."""
        return replace(self, spanners=(*self.spanners, Spanner(label, tuple(columns))))

    def with_group(self, label: str, rows: Iterable[int] | None = None) -> Self:
        """Put a heading over rows, numbered from 0; over all of them by default."""
        chosen = set(range(len(self.rows)) if rows is None else rows)
        self._refuse_rows(chosen)
        return replace(
            self,
            rows=tuple(
                replace(row, group=label) if i in chosen else row for i, row in enumerate(self.rows)
            ),
        )

    def with_note(self, note: str, *, column: str | None = None, row: int | None = None) -> Self:
        """Add a note: to the table, to a column's label, or (with ``row``) to a cell.

        Parameters
        ----------
        note : str
        column : str, optional
            Name of the column.
        row : int, optional
            Number of the row, from 0; without a column its first cell is meant.
        """
        if column is None and row is None:
            return replace(self, notes=(*self.notes, note))
        place = 0 if column is None else self._place(column)
        if row is None:
            columns = list(self.columns)
            columns[place] = replace(columns[place], notes=(*columns[place].notes, note))
            return replace(self, columns=tuple(columns))
        self._refuse_rows({row})
        rows, cells = list(self.rows), list(self.rows[row].cells)
        cells[place] = replace(cells[place], notes=(*cells[place].notes, note))
        rows[row] = replace(rows[row], cells=tuple(cells))
        return replace(self, rows=tuple(rows))

    def rename(self, labels: Mapping[str, str]) -> Self:
        """Give columns other labels; their names stay.

        Parameters
        ----------
        labels : mapping of str to str
            Label by name.
        """
        for name in labels:
            self._place(name)
        columns = (replace(c, label=labels.get(c.name, c.label)) for c in self.columns)
        return replace(self, columns=tuple(columns))

    def select(self, names: Iterable[str]) -> Self:
        """Keep these columns, in this order."""
        names = list(names)
        places = [self._place(name) for name in names]
        spanners = (
            replace(spanner, columns=tuple(n for n in spanner.columns if n in names))
            for spanner in self.spanners
        )
        return replace(
            self,
            columns=tuple(self.columns[i] for i in places),
            rows=tuple(
                replace(row, cells=tuple(row.cells[i] for i in places)) for row in self.rows
            ),
            spanners=tuple(spanner for spanner in spanners if spanner.columns),
        )

    def drop(self, names: Iterable[str]) -> Self:
        """Leave these columns out."""
        gone = [names] if isinstance(names, str) else list(names)
        for name in gone:
            self._place(name)
        return self.select(name for name in self.names if name not in gone)

    def to_text(self, path: str | Path | None = None) -> str:
        """Return the table as plain text, and write it if a path is given.

        It is as wide as its columns; where that is more than 79 letters, headings take up to three
        lines. ``rich.print(table)`` fits it to the terminal.

        Raises
        ------
        StorageError
            The file cannot be written.
        """
        return _written(text_table(self), path)

    def to_markdown(self, path: str | Path | None = None) -> str:
        """Return the table in Markdown, and write it if a path is given.

        Raises
        ------
        StorageError
            The file cannot be written.
        """
        return _written(markdown_table(self), path)

    def to_html(self, path: str | Path | None = None, *, standalone: bool | None = None) -> str:
        """Return the table in HTML, and write it if a path is given.

        Parameters
        ----------
        path : str or Path, optional
        standalone : bool, optional
            A whole page. Default: if a path is given.

        Raises
        ------
        StorageError
            The file cannot be written.
        """
        whole = path is not None if standalone is None else standalone
        return _written(html_table(self, standalone=whole), path)

    def to_latex(
        self, path: str | Path | None = None, *, standalone: bool = False, label: str = ""
    ) -> str:
        r"""Return the table in LaTeX, and write it if a path is given.

        Parameters
        ----------
        path : str or Path, optional
        standalone : bool
            A whole document, for a look at it. By default a table environment for ``\input``; the
            document loads booktabs.
        label : str
            For ``\ref``; from the title by default.

        Raises
        ------
        StorageError
            The file cannot be written.
        """
        return _written(latex_table(self, standalone=standalone, label=label), path)

    def to_frame(self) -> pd.DataFrame:
        """Return the printed texts by name of the column; the group first, if there is one."""
        frame = pd.DataFrame(
            [[cell.text for cell in row.cells] for row in self.rows], columns=list(self.names)
        )
        if any(row.group for row in self.rows) and "group" not in frame:
            frame.insert(0, "group", [row.group for row in self.rows])
        return frame

    def _repr_html_(self) -> str:
        return html_table(self)

    def __rich__(self) -> "RenderableType":
        return rich_table(self)

    def _place(self, name: str) -> int:
        if name not in self.names:
            raise DataError(
                f"The table has no column {name!r}.", f"Choose among: {', '.join(self.names)}."
            )
        return self.names.index(name)

    def _refuse_rows(self, chosen: set[int]) -> None:
        wrong = sorted(i for i in chosen if not 0 <= i < len(self.rows))
        if wrong:
            raise DataError(
                f"The table has no row {wrong[0]}.", f"Number them from 0 to {len(self.rows) - 1}."
            )


def _written(text: str, path: str | Path | None) -> str:
    if path is not None:
        write_text(path, text if text.endswith("\n") else f"{text}\n")
    return text
