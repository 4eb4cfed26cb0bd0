"""Columns of a data frame that a verb is told to take."""

from collections.abc import Sequence

import pandas as pd

from psychometrics.analysis.as_item_table import item_table
from psychometrics.errors import DataError, UnitError


def columns(data: pd.DataFrame, numbers: Sequence[str], labels: Sequence[str] = ()) -> pd.DataFrame:
    """Take columns with numbers, and columns with labels as they are.

    Raises
    ------
    DataError
        This is no data frame, a column is not there or named twice, or numbers are none.

    Examples
    --------
    >>> columns(pd.DataFrame({"x": [1, 2], "team": ["a", "b"]}), ["x"], ["team"]).shape
    (2, 2)
    """
    if not isinstance(data, pd.DataFrame):
        raise DataError(
            f"{type(data).__name__} is no data frame.",
            "Give one with a row a unit: pm.item_table(data).to_frame() with the other columns "
            "added.",
        )
    names = [*numbers, *labels]
    twice = [name for n, name in enumerate(names) if name in names[:n]]
    if twice:
        raise DataError(f"Column {twice[0]!r} is named twice.", "Name different columns.")
    refuse_absent(data, names)
    found = item_table(data, items=list(numbers)).values
    taken = {name: found[:, n] for n, name in enumerate(numbers)}
    return pd.DataFrame({**taken, **{name: data[name].array for name in labels}})


def refuse_absent(data: pd.DataFrame, names: Sequence[str]) -> None:
    """Refuse a name that no column has.

    Raises
    ------
    DataError
    """
    for name in names:
        if name not in data.columns:
            known = ", ".join(map(str, list(data.columns)[:12]))
            raise DataError(f"There is no column {name!r}.", f"Choose among: {known}.")


def refuse_repetitions(data: pd.DataFrame, mend: str) -> None:
    """Refuse the rows of responses as independent units, where respondents stand in several.

    Raises
    ------
    UnitError

    Examples
    --------
    >>> refuse_repetitions(pd.DataFrame({"respondent": ["a", "a"], "item": [1, 2]}), "Average.")
    Traceback (most recent call last):
    psychometrics.errors.UnitError: These are 2 answers of 1 respondent, not 2 independent units.
    Mend: Average.
    """
    if not {"respondent", "item"} <= set(data.columns):
        return
    rows, who = len(data), data["respondent"].nunique()
    if who < rows:
        raise UnitError(
            f"These are {rows} answers of {who} respondent{'s' * (who != 1)}, not {rows} "
            "independent units.",
            mend,
        )
