"""Ratings of units by raters, laid out from a long table or from responses."""

from collections.abc import Sequence

import pandas as pd
from numpy.typing import ArrayLike

from psychometrics.analysis.as_item_table import Answers
from psychometrics.analysis.columns import refuse_absent
from psychometrics.errors import DataError

Ratings = pd.DataFrame | ArrayLike


def rating_table(
    data: "Answers | pd.DataFrame",
    rater: str,
    *,
    unit: str | Sequence[str] = ("respondent", "item"),
    value: str = "choice",
) -> pd.DataFrame:
    """Lay ratings out as one row a unit and one column a rater.

    Parameters
    ----------
    data : Responses or DataFrame
        One row a rating.
    rater : str
        Column whose levels are compared: judges, models, or a condition such as ``option_order``
        or ``wording``.
    unit : str or sequence of str
        Columns that together name what was rated. Rows that agree in unit and rater have to be
        one.
    value : str
        Column with the rating.

    Returns
    -------
    DataFrame
        Its index names the units: a level for each column of ``unit``. By the level ``respondent``
        the verbs of agreement know which units hang together.

    Raises
    ------
    DataError
        A column is not there or named twice, or a rater rated a unit twice.

    Examples
    --------
    >>> import psychometrics as pm
    >>> run = pm.administer(
    ...     pm.load_instrument("big-five-60"), pm.respondents(pm.scripted_model(4.0)), quiet=True
    ... )
    >>> pm.rating_table(run.responses, "option_order").shape
    (60, 10)
    """
    frame = data if isinstance(data, pd.DataFrame) else getattr(data, "frame", None)
    if not isinstance(frame, pd.DataFrame):
        raise DataError(
            f"{type(data).__name__} holds no ratings.", "Give responses, or one row a rating."
        )
    units = [unit] if isinstance(unit, str) else list(unit)
    names = [*units, rater, value]
    refuse_absent(frame, names)
    if len(set(names)) < len(names):
        raise DataError(
            f"A column is named twice: {', '.join(names)}.",
            "Unit, rater and value are different columns: unit='item', rater='respondent'.",
        )
    twice = frame.duplicated([*units, rater])
    if twice.any():
        row = frame.loc[twice].iloc[0]
        told = ", ".join(f"{name} {row[name]!r}" for name in (*units, rater))
        raise DataError(
            f"There are several ratings of {told}.",
            "Name in unit=… the columns that tell them apart, or average them first.",
        )
    return frame.pivot(index=units, columns=rater, values=value)
