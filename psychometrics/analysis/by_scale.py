"""The same coefficient of one set of items, or of every scale."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from psychometrics.analysis.as_item_table import Tabular, item_table
from psychometrics.analysis.estimate import Estimate, estimate_from
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.item_table import ItemTable
from psychometrics.errors import DataError, EstimateWarning, UnitError
from psychometrics.stats.coefficient import Coefficient

By = Literal["scale"]
Compute = Callable[[ItemTable], Coefficient]


def one_set(data: Tabular, what: str) -> ItemTable:
    """Take the table of the items of one scale, and refuse several scales at once.

    Raises
    ------
    DataError
        The items belong to several scales.
    UnitError
        There are not two respondents.
    """
    table = respondents_table(data, what)
    if table.kind == "scores" and table.frame.shape[1] > 1:
        raise DataError(
            f"These are scores of {table.frame.shape[1]} scales, facets among their domains, not "
            f"the items of one scale, which {what} needs.",
            "Give the responses; or choose scores that stand beside each other: "
            "pm.item_table(scores, items=[…]).",
        )
    if len(table.scales) > 1:
        raise DataError(
            f"These are the items of {len(table.scales)} scales; {what} is a property of one.",
            "Ask for each: by='scale'; or take one: pm.item_table(data).scale(name).",
        )
    return table


def respondents_table(data: Tabular, what: str) -> ItemTable:
    """Take the table of answers, and refuse one in which no respondents differ.

    Raises
    ------
    UnitError
        There are not two respondents.
    """
    table = item_table(data)
    n = len(table.frame)
    if n < 2:
        who = f"one respondent ({table.frame.index[0]})" if n else "no respondent"
        raise UnitError(
            f"{what} is about differences among respondents, and there is {who}: repetitions "
            "under other orders, labels or wordings are conditions of one respondent, not people.",
            "Administer to several respondents; or ask how far this one's answers depend on its "
            "conditions: pm.gstudy(responses), pm.reliability(responses, object='item').",
        )
    return table


def by_scale(
    data: Tabular, by: By | None, what: str, compute: Compute, *, carry: bool = False
) -> Estimate | Estimates:
    """Compute a coefficient of one set of items, or of each scale.

    Parameters
    ----------
    data : Responses, Scores, ItemTable, DataFrame or ndarray
    by : {"scale"} or None
    what : str
        Name of the coefficient, for errors.
    compute : callable
        From the table of one scale to the coefficient.
    carry : bool
        Whether the estimate carries its answers, for a second opinion.

    Raises
    ------
    DataError
        Several scales and no ``by``, no scales and ``by``, or an unknown ``by``.
    UnitError
        There are not two respondents.
    """
    sets = sets_of(data, by, what)
    found = [_estimate(table, name, compute, carry) for name, table in sets.items()]
    warn_of_missing(found, stacklevel=5)
    return found[0] if by is None else Estimates(tuple(found))


def sets_of(
    data: Tabular, by: By | None, what: str, *, every_scale: bool = False
) -> dict[str, ItemTable]:
    """Take the table of each set of items whose coefficient is asked for, by the scale's name.

    Parameters
    ----------
    data, by, what
        As in :func:`by_scale`; without ``by`` the one set has no name.
    every_scale : bool
        Take every scale where there are scales, else the whole table.
    """
    if by not in (None, "scale"):
        raise DataError(f"by={by!r} is unknown.", "Give by='scale' or leave it out.")
    table = respondents_table(data, what)
    if every_scale and table.scales:
        by = "scale"
    if by is None:
        return {"": one_set(table, what)}
    if not table.scales:
        raise DataError(
            "by='scale' needs scales, and this table has none.",
            "Name them: pm.item_table(data, scales={'calm': ['c1', 'c2']}).",
        )
    return {name: table.scale(name) for name in table.scales}


def warn_of_missing(found: Sequence[Estimate], stacklevel: int) -> None:
    """Warn once of estimates without a value, or with a value at its limit, with a reason."""
    lost = [e for e in found if np.isnan(e.value) or e.ci_low == e.ci_high]
    if lost:
        of = f"{len(lost)} of {len(found)}, the first being " if len(found) > 1 else ""
        state = (
            "not estimated" if np.isnan(lost[0].value) else f"{lost[0].value:.3f}, without width"
        )
        warnings.warn(
            f"{of}{lost[0].label}: {state} ({lost[0].note})", EstimateWarning, stacklevel=stacklevel
        )


def _estimate(table: ItemTable, scale: str, compute: Compute, carry: bool) -> Estimate:
    found = compute(table)
    return estimate_from(
        replace(found, note=table.named(found.note)), n_unit=table.unit, of=scale,
        source=table.source, table=table if carry else None,
    )  # fmt: skip
