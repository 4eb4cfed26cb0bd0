"""Ratings of units by raters, laid out from a long table or from responses."""

from collections.abc import Sequence

import pandas as pd
from numpy.typing import ArrayLike

from psychometrics.analysis.as_item_table import Answers
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

    Raises
    ------
    DataError
        A column is not there, or a rater rated a unit twice.

    Examples
    --------
    >>> import psychometrics as pm
    >>> run = pm.administer(
    ...     pm.load_instrument("big-five-60"), pm.respondents(pm.scripted_model(4.0)), quiet=True
    ... )
    >>> pm.rating_table(run.responses, "option_order").shape
    (60, 10)
    """
    frame = data if isinstance(data, pd.DataFrame) else data.frame
    units = [unit] if isinstance(unit, str) else list(unit)
    for name in (*units, rater, value):
        if name not in frame.columns:
            known = ", ".join(map(str, list(frame.columns)[:12]))
            raise DataError(f"There is no column {name!r}.", f"Choose among: {known}.")
    twice = frame.duplicated([*units, rater])
    if twice.any():
        row = frame.loc[twice].iloc[0]
        told = ", ".join(f"{name} {row[name]!r}" for name in (*units, rater))
        raise DataError(
            f"There are several ratings of {told}.",
            "Name in unit=… the columns that tell them apart, or average them first.",
        )
    return frame.pivot(index=units, columns=rater, values=value)
