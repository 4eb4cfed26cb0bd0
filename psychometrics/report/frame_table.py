"""A data frame as a table."""

from collections.abc import Iterator
from numbers import Integral, Real
from typing import Any

import pandas as pd
from pandas.api.types import is_bool_dtype, is_numeric_dtype

from psychometrics.errors import DataError
from psychometrics.report.table import Table
from psychometrics.report.table_data import Cell, Column, Row, missing
from psychometrics.report.text import number

_REASON = "missing in the data"


def frame_table(frame: pd.DataFrame, digits: int = 2) -> Table:
    """Print a data frame as a table.

    Parameters
    ----------
    frame : DataFrame
        An index that is not the plain count of the rows becomes the first columns; two levels of
        columns become spanners.
    digits : int
        After the point, of numbers that are not whole by type.

    Returns
    -------
    Table
        What is missing is a dash with a footnote.

    Raises
    ------
    DataError
        There is no column.

    Examples
    --------
    >>> print(frame_table(pd.DataFrame({"mean": [2.5, None]}, index=["trust", "order"])).to_text())
    ────────────
            mean
    ────────────
    trust  2.50
    order     —ᵃ
    ────────────
    ᵃ Missing in the data.
    """
    if not len(frame.columns):
        raise DataError("The data frame has no column.", "Give one with at least one column.")
    levels = (frame.columns.get_level_values(i) for i in range(frame.columns.nlevels))
    labels = list(zip(*(map(str, level) for level in levels), strict=True))
    body = [_column(" / ".join(c), c[-1], frame.iloc[:, i]) for i, c in enumerate(labels)]
    columns = [*_index_columns(frame.index), *body]
    cells = (
        [
            missing(_REASON) if gone else _cell(value, digits)
            for value, gone in zip(values, pd.Series(values, dtype=object).isna(), strict=True)
        ]
        for _, values in columns
    )
    found = Table(
        tuple(column for column, _ in columns),
        tuple(Row(row) for row in zip(*cells, strict=True)),
    )
    for top in dict.fromkeys(label[0] for label in labels if len(label) > 1):
        under = [" / ".join(label) for label in labels if label[0] == top]
        found = found.with_spanner(top, under)
    return found


def _index_columns(index: pd.Index) -> Iterator[tuple[Column, list[Any]]]:
    """Columns of the index, if it says more than the number of the row."""
    if isinstance(index, pd.RangeIndex) and index.name is None:
        return
    for i, name in enumerate(index.names):
        label = " " if name is None else str(name)
        values = index.get_level_values(i).to_list()
        yield Column(f"row {i + 1}" if name is None else label, label, numeric=False), values


def _column(name: str, label: str, values: pd.Series) -> tuple[Column, list[Any]]:
    numeric = is_numeric_dtype(values) and not is_bool_dtype(values)
    return Column(name, label, numeric=numeric), list(values)


def _cell(value: object, digits: int) -> Cell:
    if isinstance(value, bool) or not isinstance(value, Real):
        return Cell(str(value))
    if isinstance(value, Integral):
        return Cell(f"{int(value):,}".replace("-", "−"))
    return Cell(number(float(value), digits))
