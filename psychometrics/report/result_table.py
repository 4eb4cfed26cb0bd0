"""Tables of results that are more than estimates: items, scores, decisions, verdicts."""

import math
from collections.abc import Callable

import pandas as pd

from psychometrics.analysis.decision import Decision
from psychometrics.analysis.discriminant import FornellLarcker
from psychometrics.analysis.equivalence import Equivalence
from psychometrics.analysis.estimate import Estimate
from psychometrics.analysis.item_analysis import ItemAnalysis
from psychometrics.analysis.order_effects import OrderEffects
from psychometrics.analysis.second_opinion import SecondOpinion
from psychometrics.analysis.source import UNKNOWN
from psychometrics.report.estimate_layout import Style
from psychometrics.report.estimate_text import (
    capitalised,
    coefficient_label,
    level_text,
    method_text,
    n_text,
    without_zero,
)
from psychometrics.report.frame_table import frame_table
from psychometrics.report.item_rows import item_table
from psychometrics.report.score_table import order_table, score_table
from psychometrics.report.source_line import source_line
from psychometrics.report.table import Table
from psychometrics.report.table_data import Cell, missing
from psychometrics.report.text import interval, number, small
from psychometrics.scoring.scores import Scores
from psychometrics.stats.split_half import SplitHalfDistribution

_SIGNS = {"relative": "Eρ²", "absolute": "Φ"}


def result_table(result: object, style: Style) -> Table | None:
    """Lay out a result that has no estimates; None if it has no table either.

    Parameters
    ----------
    result : object
        A result of this library, or anything with ``to_frame()``.
    style : Style

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> x = np.random.default_rng(0).normal(size=(40, 3)) + 1
    >>> result_table(pm.item_analysis(x), Style(2, None, False))
    <Table: 3 rows × 6 columns>
    """
    if isinstance(result, ItemAnalysis):
        return item_table(result, style)
    if isinstance(result, Scores):
        return score_table(result)
    if isinstance(result, FornellLarcker):
        return _of_criterion(result, style)
    if isinstance(result, Decision):
        return _of_decision(result, style)
    if isinstance(result, Equivalence):
        return _of_equivalence(result, style)
    if isinstance(result, SecondOpinion):
        return _of_opinion(result, style)
    if isinstance(result, OrderEffects):
        return order_table(result)
    if isinstance(result, SplitHalfDistribution):
        return _of_splits(result, style)
    framed: Callable[[], pd.DataFrame] | None = getattr(result, "to_frame", None)
    return frame_table(framed(), style.digits) if callable(framed) else None


def _of_criterion(found: FornellLarcker, style: Style) -> Table:
    names, values = found.result.names, found.result.table.tolist()
    rows: list[list[str | Cell]] = [
        [
            name,
            *(_number(x, style) for x in values[i][:i]),
            f"({_number(values[i][i], style)})",
            *[Cell("", empty=True)] * (len(names) - i - 1),
        ]
        for i, name in enumerate(names)
    ]
    pairs = "; ".join(" and ".join(pair) for pair in found.violations)
    table = Table.from_rows(("Scale", *names), rows).with_note(
        "In parentheses, roots of the average variance extracted; below them, latent correlations: "
        f"{found.method}. n = {found.n:,}"
    )
    table = table.with_note(f"Not told apart: {pairs}" if pairs else "All pairs are told apart")
    return table.with_note(found.note).with_source(source_line([found.source]))


def _of_decision(found: Decision, style: Style) -> Table:
    choice, expected = found.choice, found.expected
    numbers = ", ".join(f"{name} {n:g}" for name, n in found.n_conditions.items())
    row: list[str | Cell] = [
        _SIGNS[found.coefficient],
        Cell(numbers.replace("_", " ")) if found.reached else missing(choice.note),
        _number(choice.target, style),
        f"{choice.cost:,.6g}" if found.reached else missing(choice.note),
        *style.apart(expected),
        missing(choice.note) if math.isnan(choice.limit) else _number(choice.limit, style),
    ]
    level = level_text(expected.conf_level)
    head = ("Coefficient", "Conditions", "Target", "Cost", "Expected", f"{level} CI", "Limit")
    table = Table.from_rows(head, [row], n_text=2).with_note(
        "Conditions are the fewest that reach the target, cost their number of observations unless "
        "costs were given, limit what the coefficient tends to as all varied conditions grow"
    )
    table = table.with_note("" if found.reached else "Expected at the largest numbers tried")
    return table.with_note(method_text(expected)).with_source(source_line([expected.source]))


def _of_equivalence(found: Equivalence, style: Style) -> Table:
    estimate = found.estimate
    margins = interval(*found.margins, style.digits)
    row: list[str | Cell] = [_subject(estimate), *style.apart(estimate), margins, found.verdict]
    head = ("Estimate", "Value", f"{level_text(estimate.conf_level)} CI", "Margins", "Verdict")
    table = Table.from_rows(head, [row]).with_note(f"n = {n_text(estimate)}")
    table = table.with_note(f"Two one-sided tests at {without_zero(f'{found.alpha:.3g}')}")
    return table.with_note(method_text(estimate)).with_source(source_line([estimate.source]))


def _of_opinion(found: SecondOpinion, style: Style) -> Table:
    ours, (low, high) = found.estimate, found.interval
    nan = math.isnan(low) or math.isnan(high)
    theirs = Estimate(
        ours.name, found.value, low, high, ours.conf_level, ours.n, ours.n_unit, "", "",
        note="it gives no interval" if nan else "",
    )  # fmt: skip
    rows: list[list[str | Cell]] = [
        [_subject(ours), "lm-psychometrics", *style.apart(ours)],
        [_subject(ours), found.package, *style.apart(theirs)],
    ]
    head = ("Estimate", "From", "Value", f"{level_text(ours.conf_level)} CI")
    table = Table.from_rows(head, rows, n_text=2).with_note(f"n = {n_text(ours)}")
    table = table.with_note(f"Ours less theirs: {small(found.difference).replace('-', '−')}")
    for fault in found.known_faults:
        table = table.with_note(f"Known of {found.package}: {fault}")
    return table.with_note(method_text(ours)).with_source(source_line([ours.source]))


def _of_splits(found: SplitHalfDistribution, style: Style) -> Table:
    head = ("Splits", "Worst", *map(level_text, found.levels.tolist()), "Best", "Mean")
    values = (found.minimum, *found.quantiles.tolist(), found.maximum, found.mean)
    cells = [missing(found.note) if math.isnan(x) else _number(x, style) for x in values]
    kind = "Every split into halves of equal length" if found.exact else "Splits drawn at random"
    table = Table.from_rows(head, [[f"{found.n_splits:,}", *cells]], n_text=0)
    table = table.with_note(f"{kind}; n = {found.n:,}").with_note(f"Method: {found.method}")
    return table.with_source(source_line([UNKNOWN]))


def _subject(estimate: Estimate) -> str:
    of = f" of {estimate.of}" if estimate.of else ""
    return capitalised(coefficient_label(estimate)) + of


def _number(x: float, style: Style) -> str:
    """A number that cannot exceed one, or tells by doing so that something is wrong."""
    text = number(x, style.digits)
    return text if style.leading_zero else without_zero(text)
