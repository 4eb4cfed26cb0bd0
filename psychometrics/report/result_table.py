"""Tables of results that are more than estimates: items, scores, and the criterion of Fornell."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

import pandas as pd

from psychometrics.analysis.discriminant import FornellLarcker
from psychometrics.analysis.equivalence import Equivalence
from psychometrics.analysis.item_analysis import ItemAnalysis
from psychometrics.report.frame_table import frame_table
from psychometrics.report.score_rows import score_rows, sizes
from psychometrics.report.table import Table
from psychometrics.report.table_data import Cell, missing
from psychometrics.report.text import interval, number
from psychometrics.scoring.scores import Scores
from psychometrics.stats.split_half import SplitHalfDistribution


def result_table(result: object, digits: int) -> Table | None:
    """Lay out a result that has no estimates; None if it has no table either.

    Parameters
    ----------
    result : ItemAnalysis, Scores, FornellLarcker, Equivalence, or anything with ``to_frame()``
    digits : int

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> x = np.random.default_rng(0).normal(size=(40, 3)) + 1
    >>> result_table(pm.item_analysis(x), 2)
    <Table: 3 rows × 6 columns>
    """
    if isinstance(result, ItemAnalysis):
        return _of_items(result, digits)
    if isinstance(result, Scores):
        return _of_scores(result)
    if isinstance(result, FornellLarcker):
        return _of_criterion(result, digits)
    if isinstance(result, Equivalence):
        return _of_equivalence(result, digits)
    if isinstance(result, SplitHalfDistribution):
        return _of_splits(result, digits)
    framed: Callable[[], pd.DataFrame] | None = getattr(result, "to_frame", None)
    return frame_table(framed(), digits) if callable(framed) else None


def _of_items(found: ItemAnalysis, digits: int) -> Table:
    head = ("Item", "n", "Mean", "SD", "Item-rest r", "Alpha without")
    reason = found.note or "not estimated"
    rows = [
        [
            Cell(str(row["item"]), ("runs against its scale",) if row["suspect_key"] else ()),
            f"{row['n']:,}",
            _number(row["mean"], digits, reason),
            _number(row["sd"], digits, reason),
            _with_interval(row, digits, reason),
            _number(row["alpha_if_dropped"], digits, reason),
        ]
        for row in found.frame.to_dict("records")
    ]
    table = Table.from_rows(head, rows)
    for name, places in found.frame.groupby("scale", sort=False).indices.items():
        table = table.with_group(str(name), map(int, places)) if name else table
    table = table.with_note(f"{found.conf_level:.0%} intervals; n counts {found.unit}.")
    for note in filter(None, (found.method, found.note)):
        table = table.with_note(f"{note[:1].upper()}{note[1:]}.")
    return table.with_source(f"{found.source}." if str(found.source) else "")


def _of_scores(scores: Scores) -> Table:
    head = ("Scale", "Log average", "Mean average", "Modal", "Items", "Presentations")
    people = list(dict.fromkeys(scores.frame["respondent"]))
    rows, groups = [], []
    for person in people:
        for row in score_rows(scores, str(person)):
            first = Cell(row.title, (row.note,) if row.note else ())
            why = row.note or "not estimated"
            cells = (row.log, row.mean, row.modal, row.items, row.presentations)
            rows.append([first, *(missing(why) if c == "—" else Cell(c) for c in cells)])
            groups.append(str(person))
    table = Table.from_rows(head, rows)
    for person in people if len(people) > 1 else ():
        table = table.with_group(str(person), [i for i, g in enumerate(groups) if g == person])
    return table.with_note(
        f"{scores.conf_level:.0%} intervals: {sizes(scores)}. Not standard errors of measurement."
    ).with_source(f"{scores.instrument.name} {scores.instrument.version}.")


def _of_criterion(found: FornellLarcker, digits: int) -> Table:
    names, values = found.result.names, found.result.table
    rows = [
        [name, *(number(float(x), digits) if j <= i else "" for j, x in enumerate(values[i]))]
        for i, name in enumerate(names)
    ]
    table = Table.from_rows(("Scale", *names), rows, n_text=len(rows) + 1)
    pairs = "; ".join(" and ".join(pair) for pair in found.violations)
    told = f"Not told apart: {pairs}." if pairs else "All pairs are told apart."
    return table.with_note(
        "Roots of the average variance extracted on the diagonal, latent correlations "
        f"({found.method}) below it. n = {found.n}. {told}"
    )


def _of_splits(found: SplitHalfDistribution, digits: int) -> Table:
    levels = [f"{100 * level:g} %" for level in found.levels]
    head = ("Splits", "Worst", *levels, "Best", "Mean")
    values = (found.minimum, *found.quantiles, found.maximum, found.mean)
    row = [f"{found.n_splits:,}", *(_number(float(x), digits, found.note) for x in values)]
    kind = "every split into halves of equal length" if found.exact else "splits drawn at random"
    return Table.from_rows(head, [row]).with_note(f"{kind.capitalize()}; n = {found.n:,}.")


def _of_equivalence(found: Equivalence, digits: int) -> Table:
    e, (low, high) = found.estimate, found.margins
    row = [e.label, number(e.value, digits), interval(e.ci_low, e.ci_high, digits),
           interval(low, high, digits), found.verdict]  # fmt: skip
    head = ("Estimate", "Value", f"{e.conf_level:.0%} CI", "Margins", "Verdict")
    return Table.from_rows(head, [row]).with_note(f"n = {e.n:,} {e.n_unit}. {e.method}.")


def _number(x: float, digits: int, reason: str) -> str | Cell:
    return missing(reason) if pd.isna(x) else number(x, digits)


def _with_interval(row: Mapping[Hashable, Any], digits: int, reason: str) -> str | Cell:
    if pd.isna(row["item_rest"]):
        return missing(reason)
    limits = interval(row["item_rest_low"], row["item_rest_high"], digits)
    return f"{number(row['item_rest'], digits)} {limits}".rstrip()
