"""A table as data: what stands where, and what is noted of it."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from psychometrics.errors import DataError
from psychometrics.report.text import MISSING

# q has no raised form in Unicode.
LETTERS = "abcdefghijklmnoprstuvwxyz"
# What a sentence can begin with once it has a capital; symbols such as n and r keep theirs.
_WORD = re.compile(r"(?:[a-z]{2,}(?:-[a-z]+)*|a)[,:;]?(?: |$)")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one place of a table.

    Parameters
    ----------
    text : str
        As it is printed; line breaks and characters that do not print become spaces.
    notes : tuple of str
        Footnotes to it.
    empty : bool
        Nothing belongs here, as above the diagonal of a square table.
    """

    text: str
    notes: tuple[str, ...] = ()
    empty: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", printable(self.text))
        object.__setattr__(self, "notes", as_notes(self.notes))


def missing(reason: str) -> Cell:
    """Return the cell of a number that does not exist: a dash, and why in a footnote.

    Examples
    --------
    >>> missing("one item")
    Cell(text='—', notes=('One item.',), empty=False)
    """
    return Cell(MISSING, (reason,))


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Parameters
    ----------
    name : str
        By which it is addressed.
    label : str
        By which it is headed; the name if it is empty.
    numeric : bool
        Numbers stand to the right, words to the left.
    notes : tuple of str
        Footnotes to the label.
    """

    name: str
    label: str = ""
    numeric: bool = True
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", printable(self.label or self.name))
        object.__setattr__(self, "notes", as_notes(self.notes))


@dataclass(frozen=True, slots=True)
class Spanner:
    """A heading over several columns that stand side by side."""

    label: str
    columns: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "label", printable(self.label))


@dataclass(frozen=True, slots=True)
class Row:
    """A row, and the heading of the group it belongs to, if any."""

    cells: tuple[Cell, ...]
    group: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "group", printable(self.group))


@dataclass(frozen=True)
class TableData:
    """What the writers read; see :class:`psychometrics.report.table.Table`."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""
    spanners: tuple[Spanner, ...] = ()
    notes: tuple[str, ...] = ()
    source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", printable(self.title))
        object.__setattr__(self, "notes", as_notes(self.notes))
        object.__setattr__(self, "source", _ended(printable(self.source)))
        refuse_broken(self)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.name for column in self.columns)

    def spans(self) -> list[tuple[str, int]]:
        """Label of the spanner and number of columns, from left to right; empty without one."""
        over = {name: spanner.label for spanner in self.spanners for name in spanner.columns}
        owner = {name: i for i, spanner in enumerate(self.spanners) for name in spanner.columns}
        runs = groupby(self.names, lambda name: owner.get(name, -1))
        return [(over.get(run[0], ""), len(run)) for _, found in runs for run in [list(found)]]

    def groups(self) -> list[tuple[str, tuple[Row, ...]]]:
        """Rows in a row that belong to the same group, under its heading."""
        return [(group, tuple(rows)) for group, rows in groupby(self.rows, lambda row: row.group)]

    @cached_property
    def footnotes(self) -> dict[str, str]:
        """Mark of each footnote, in the order in which they are met; equal ones share a mark."""
        heads = (note for column in self.columns for note in column.notes)
        cells = (note for row in self.rows for cell in row.cells for note in cell.notes)
        return {note: _mark(i) for i, note in enumerate(dict.fromkeys([*heads, *cells]))}

    def mark(self, notes: tuple[str, ...]) -> str:
        """Return the marks of some footnotes: ``a,b``."""
        return ",".join(self.footnotes[note] for note in notes)


def refuse_broken(table: TableData) -> None:
    """Refuse a table whose parts do not fit.

    Raises
    ------
    DataError
        Names the part.
    """
    for cause, mend in _faults(table):
        raise DataError(cause, mend)


def _faults(table: TableData) -> Iterator[tuple[str, str]]:
    names = table.names
    if not names:
        yield "The table has no column.", "Give at least one."
    for name in {name for name in names if names.count(name) > 1}:
        yield f"Two columns are called {name!r}.", "Give each its own name."
    for i, row in enumerate(table.rows):
        if len(row.cells) != len(names):
            yield (
                f"Row {i} has {len(row.cells)} cells; there are {len(names)} columns.",
                "Give one cell a column; missing(reason) where there is nothing to show.",
            )
        for column, cell in zip(table.columns, row.cells, strict=False):
            if column.numeric and not cell.empty and _says_nothing(cell):
                yield (
                    f"Row {i} has no number and no reason in the column {column.name!r}.",
                    "Give missing(reason).",
                )
    yield from _spanner_faults(table)


def _says_nothing(cell: Cell) -> bool:
    return cell.text in ("", MISSING) and not cell.notes


def _spanner_faults(table: TableData) -> Iterator[tuple[str, str]]:
    names, taken = table.names, set[str]()
    for spanner in table.spanners:
        unknown = [name for name in spanner.columns if name not in names]
        if unknown or not spanner.columns:
            yield (
                f"The spanner {spanner.label!r} stands over no column {', '.join(unknown)}.",
                f"Choose among: {', '.join(names)}.",
            )
            return
        places = sorted(map(names.index, spanner.columns))
        if places != list(range(places[0], places[-1] + 1)):
            yield (
                f"The columns of the spanner {spanner.label!r} do not stand side by side.",
                "Put them side by side with select(…), or give two spanners.",
            )
        if taken & set(spanner.columns):
            yield (
                f"The spanner {spanner.label!r} stands over a column that has one.",
                "Give each column one spanner.",
            )
        taken |= set(spanner.columns)


def printable(text: str) -> str:
    r"""Put text into one line of characters that print.

    Examples
    --------
    >>> printable("a\n\tb\x00")
    'a b'
    """
    text = unicodedata.normalize("NFC", text)
    return " ".join("".join(map(_printed, text)).split())


def as_notes(notes: tuple[str, ...]) -> tuple[str, ...]:
    """Make notes sentences, and each appear once.

    Examples
    --------
    >>> as_notes(("one item", "a rule", "n < p", "one item"))
    ('One item.', 'A rule.', 'n < p.')
    """
    return tuple(dict.fromkeys(_sentence(note) for note in map(printable, notes) if note))


def _sentence(text: str) -> str:
    if _WORD.match(text):
        text = text[0].upper() + text[1:]
    return _ended(text)


def _ended(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?", "…")) else f"{text}."


def _printed(character: str) -> str:
    if character in "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}":
        return character
    kind = unicodedata.category(character)
    return {"Cf": "", "Cc": " ", "Cs": " ", "Cn": " ", "Co": " ", "Zl": " ", "Zp": " "}.get(
        kind, character
    )


def _mark(index: int) -> str:
    rest, letter = divmod(index, len(LETTERS))
    return f"{_mark(rest - 1) if rest else ''}{LETTERS[letter]}"
