"""Tables for the terminal, and the summary as plain JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from psychometrics.analysis.estimate import Estimate
from psychometrics.analysis.response_check import ResponseCheck
from psychometrics.analysis.response_checks import ResponseChecks
from psychometrics.report.score_rows import ScoreRow, score_rows, sizes
from psychometrics.report.summary import summary
from psychometrics.report.text import MISSING, number, percent
from psychometrics.responses import Responses
from psychometrics.scoring.scores import Scores

if TYPE_CHECKING:
    from rich.box import Box
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

__all__ = ["check_table", "print_summary", "scores_table", "summary"]


def scores_table(scores: Scores) -> Table:
    """Lay out scale scores for the terminal: each respondent's domains, facets indented.

    Parameters
    ----------
    scores : Scores

    Returns
    -------
    rich.table.Table
        Both averages side by side, the modal score, items and presentations (valid of planned if
        some are missing), and, if there are notes, a column that refers to them below the table.

    Examples
    --------
    >>> import psychometrics as pm
    >>> from psychometrics.report.tables import scores_table
    >>> big5 = pm.load_instrument("big-five-60")
    >>> run = pm.administer(big5, pm.respondents(pm.scripted_model(4.0)), quiet=True)
    >>> scores_table(run.responses.score()).row_count
    36
    """
    from rich.table import Table
    from rich.text import Text

    people = list(dict.fromkeys(scores.frame["respondent"]))
    rows = {person: score_rows(scores, person) for person in people}
    notes = list(dict.fromkeys(row.note for own in rows.values() for row in own if row.note))
    table = Table(
        title=Text(scores.instrument.title),
        caption=_caption(scores, notes),
        caption_justify="left",
        box=_box(),
        show_edge=False,
        # A gap of one column, so that a terminal of 80 cuts no number and no long word.
        padding=0,
    )
    table.add_column("scale", min_width=19)
    for name in ("log average", "mean average", "modal"):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("items", "presen-\ntations"):
        table.add_column(name, justify="right")
    if notes:
        table.add_column("")
    for person, own in rows.items():
        table.add_row(Text(person, style="bold underline"))
        for n, row in enumerate(own):
            table.add_row(*_cells(row, notes), end_section=n == len(own) - 1)
    return table


def check_table(check: ResponseCheck) -> Table:
    """Lay out for the terminal how the answers came about.

    Parameters
    ----------
    check : ResponseCheck

    Returns
    -------
    rich.table.Table
        Outcomes, option mass, probability by position, flips and ties.

    Examples
    --------
    >>> import psychometrics as pm
    >>> from psychometrics.report.tables import check_table
    >>> model = pm.scripted_model(4.0)
    >>> run = pm.administer(pm.load_instrument("big-five-60"), pm.respondents(model), quiet=True)
    >>> check_table(run.responses.check()["scripted"]).row_count
    10
    """
    from rich.table import Table
    from rich.text import Text

    table = Table(title="Response check", box=_box(), show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("what")
    for name in ("value", "interval"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("n", justify="right")
    n_rows = f"{check.n_rows:,} answers"
    for outcome, n in check.outcomes.items():
        table.add_row(Text(f"outcome {outcome}"), percent(n / check.n_rows), "", n_rows)
    mass = check.mass_by_item
    items = f"{len(mass)} items"
    table.add_row("option mass, mean", number(mass["mean"].mean()), "", items)
    table.add_row("option mass, smallest", number(mass["min"].min()), "", items)
    for estimate in check.positions:
        table.add_row(*_estimate(estimate, f"{estimate.name}, beyond its even share", signed=True))
    table.add_row(*_estimate(check.flips, check.flips.name, signed=False))
    table.add_row("tied first places", percent(check.n_tied / check.n_rows), "", n_rows)
    reasons = dict.fromkeys(("positions", e.note) for e in check.positions if e.note)
    if check.flips.note:
        reasons[check.flips.name, check.flips.note] = None
    if reasons:
        table.caption = Text("\n".join(f"{MISSING} {name}: {note}." for name, note in reasons))
        table.caption_justify = "left"
    return table


def checks_table(checks: ResponseChecks) -> Table:
    """Lay out for the terminal how the answers of several respondents came about, one a row.

    Examples
    --------
    >>> import psychometrics as pm
    >>> models = [pm.scripted_model(4, name="a"), pm.scripted_model(2, name="b")]
    >>> run = pm.administer(pm.load_instrument("big-five-60"), pm.respondents(models), quiet=True)
    >>> checks_table(run.responses.check()).row_count
    2
    """
    from rich.table import Table
    from rich.text import Text

    table = Table(title="Response check", box=_box(), show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("respondent")
    for name in ("missing", "mass", "smallest", "flips", "largest position effect", "ties"):
        table.add_column(name, justify="right")
    for person, check in checks.items():
        mass = check.mass_by_item
        largest = max(check.positions, key=lambda e: -1 if math.isnan(e.value) else abs(e.value))
        position = "" if math.isnan(largest.value) else f" ({largest.name})"
        cells = (
            percent(1 - check.outcomes.get("chosen", 0) / check.n_rows),
            number(mass["mean"].mean()),
            number(mass["min"].min()),
            percent(check.flips.value),
            f"{percent(largest.value, signed=True)}{position}",
            percent(check.n_tied / check.n_rows),
        )
        table.add_row(*(Text(cell) for cell in (person, *cells)))
    return table


def _estimate(estimate: Estimate, name: str, *, signed: bool) -> list[Text]:
    from rich.text import Text

    low, high = (percent(x, signed=signed) for x in (estimate.ci_low, estimate.ci_high))
    interval = "" if math.isnan(estimate.ci_low) else f"{low} to {high}"
    cells = (name, percent(estimate.value, signed=signed), interval)
    return [Text(cell) for cell in (*cells, f"{estimate.n} {estimate.n_unit}")]


def _box() -> Box:
    from rich import box

    return box.SIMPLE_HEAD


def _caption(scores: Scores, notes: Sequence[str]) -> Text:
    from rich.text import Text

    first = (
        f"{scores.conf_level:.0%} intervals: {sizes(scores)}. Not standard errors of measurement."
    )
    return Text("\n".join([first, *(f"{_mark(n)}: {note}" for n, note in enumerate(notes))]))


def _mark(n: int) -> str:
    """Letters: a to z, then aa and so on."""
    return (_mark(n // 26 - 1) if n >= 26 else "") + chr(ord("a") + n % 26)


def _cells(row: ScoreRow, notes: Sequence[str]) -> list[RenderableType]:
    from rich.padding import Padding
    from rich.text import Text

    facet = row.level == "facet"
    title = Text(row.title, style="" if facet else "bold")
    cells: list[RenderableType] = [Padding(title, (0, 0, 0, int(facet)))]
    cells += [Text(x) for x in (row.log, row.mean, row.modal, row.items, row.presentations)]
    mark = Text(_mark(notes.index(row.note)) if row.note else "")
    return [*cells, mark] if notes else cells


def print_summary(responses: Responses) -> None:
    """Print scores, response check and warnings to the terminal.

    Parameters
    ----------
    responses : Responses

    Examples
    --------
    >>> import psychometrics as pm
    >>> from psychometrics.report.tables import print_summary
    >>> model = pm.scripted_model(4.0)
    >>> run = pm.administer(pm.load_instrument("big-five-60"), pm.respondents(model), quiet=True)
    >>> print_summary(run.responses)  # doctest: +SKIP
    """
    from rich.console import Console
    from rich.text import Text

    console, checks = Console(), responses.check()
    console.print(scores_table(responses.score()))
    console.print()
    if len(checks) == 1:
        console.print(check_table(next(iter(checks.values()))))
    else:
        console.print(checks_table(checks))
    console.print()
    for warning in checks.warnings:
        console.print(Text(f"Warning: {warning}"))
