"""The values at each level of a factor, of different units or of the same ones."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from psychometrics._types import FloatArray
from psychometrics.errors import DataError


@dataclass(frozen=True)
class LevelGroups:
    """Values by level.

    Parameters
    ----------
    values : mapping
        Level to its values; of equal length and order of units where ``paired``.
    paired : bool
        Whether the levels hold the same units.
    averaged : bool
        Whether several rows of a unit at a level were averaged.
    note : str
        What was left out.
    """

    values: Mapping[object, FloatArray]
    paired: bool
    averaged: bool
    note: str


def groups_between(data: pd.DataFrame, value: str, factor: str, subject: str | None) -> LevelGroups:
    """Values of different units; rows of one subject are averaged first.

    Raises
    ------
    DataError
        A subject stands at several levels.

    Examples
    --------
    >>> data = pd.DataFrame({"g": ["a", "a", "b"], "s": [1, 1, 2], "y": [1.0, 3.0, 5.0]})
    >>> {level: y.tolist() for level, y in groups_between(data, "y", "g", "s").values.items()}
    {'a': [2.0], 'b': [5.0]}
    """
    named, left = _named_rows(data, [factor, *([subject] if subject else [])])
    averaged = False
    if subject is not None:
        several = named.groupby(subject, observed=True)[factor].nunique()
        if (several > 1).any():
            raise DataError(
                f"Subject '{several.idxmax()}' stands at {several.max()} levels of {factor!r}.",
                f"Compare within subjects: within={factor!r}; or leave subject out.",
            )
        averaged = bool(named.duplicated([subject]).any())
        named = _means(named, value, [subject, factor]).reset_index()
    groups = named.groupby(factor, observed=True)[value]
    return LevelGroups({level: y.dropna().to_numpy() for level, y in groups}, False, averaged, left)


def groups_within(data: pd.DataFrame, value: str, factor: str, subject: str) -> LevelGroups:
    """Values of units that have one at every level; several rows of one are averaged first.

    Examples
    --------
    >>> data = pd.DataFrame({"g": ["a", "b", "a"], "s": [1, 1, 2], "y": [1.0, 3.0, 5.0]})
    >>> found = groups_within(data, "y", "g", "s")
    >>> {level: y.tolist() for level, y in found.values.items()}, found.note
    ({'a': [1.0], 'b': [3.0]}, '1 units left out that lack a level')
    """
    named, left = _named_rows(data, [factor, subject])
    wide = _means(named, value, [subject, factor]).unstack(factor)
    empty = wide.columns[wide.isna().all()]
    there = wide.drop(columns=empty)
    complete = there.dropna()
    lacking = len(wide) - len(complete)
    notes = [left, f"{lacking} units left out that lack a level" if lacking else ""]
    values: dict[object, FloatArray] = {
        level: complete.reindex(columns=[level]).to_numpy(dtype=np.float64)[:, 0]
        for level in wide.columns
    }
    averaged = bool(named.duplicated([subject, factor]).any())
    return LevelGroups(values, True, averaged, "; ".join(filter(None, notes)))


def _named_rows(data: pd.DataFrame, labels: list[str]) -> tuple[pd.DataFrame, str]:
    named = data.dropna(subset=labels)
    lacking = len(data) - len(named)
    return named, f"{lacking} rows left out without {' or '.join(labels)}" if lacking else ""


def _means(data: pd.DataFrame, value: str, labels: list[str]) -> "pd.Series[float]":
    return data.groupby(labels, observed=True)[value].mean()
