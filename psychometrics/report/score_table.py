"""Tables of scores: domains, each followed by its facets; and what option orders do to them."""

import pandas as pd

from psychometrics.analysis.order_effects import OrderEffects
from psychometrics.analysis.source import Source, source_of
from psychometrics.report.estimate_text import level_text
from psychometrics.report.score_rows import score_rows, sizes
from psychometrics.report.source_line import source_line
from psychometrics.report.table import Table
from psychometrics.report.table_data import Cell, missing
from psychometrics.report.text import MISSING, interval, number, scale_titles
from psychometrics.scoring.scores import Scores

_HEAD = ("Scale", "Log average", "Mean average", "Modal", "Items", "Presentations")


def score_table(scores: Scores) -> Table:
    """Lay out scores with their intervals.

    Parameters
    ----------
    scores : Scores

    Examples
    --------
    >>> import psychometrics as pm
    >>> big5 = pm.load_instrument("big-five-60")
    >>> run = pm.administer(big5, pm.respondents(pm.scripted_model(4.0)), quiet=True)
    >>> score_table(run.responses.score())
    <Table: 35 rows × 6 columns>
    """
    people = [str(person) for person in dict.fromkeys(scores.frame["respondent"])]
    rows: list[list[str | Cell]] = []
    groups: list[str] = []
    for person in people:
        for row in score_rows(scores, person):
            title = row.title if row.level == "domain" else f"· {row.title}"
            why = row.note or "not estimated"
            cells = (row.log, row.mean, row.modal, row.items, row.presentations)
            texts = [missing(why) if text == MISSING else Cell(text) for text in cells]
            rows.append([Cell(title, (row.note,) if row.note else ()), *texts])
            groups.append(person)
    table = Table.from_rows(_HEAD, rows)
    for person in people if len(people) > 1 else ():
        table = table.with_group(person, [i for i, g in enumerate(groups) if g == person])
    instrument = scores.instrument.label
    return table.with_note(
        f"{level_text(scores.conf_level)} intervals: {sizes(scores)}. not standard errors of "
        "measurement"
    ).with_source(source_line([source_of(scores.manifest, instrument)]))


def order_table(found: OrderEffects) -> Table:
    """Lay out what each option order would have reported, and how far it is from all of them.

    Parameters
    ----------
    found : OrderEffects

    Examples
    --------
    >>> import psychometrics as pm
    >>> run = pm.administer(
    ...     pm.load_instrument("big-five-60"), pm.respondents(pm.scripted_model(4.0)), quiet=True)
    >>> order_table(run.responses.order_effects())
    <Table: 350 rows × 6 columns>
    """
    records = found.frame.to_dict("records")
    titles = scale_titles([str(row["scale"]) for row in records], found.instrument)
    level = level_text(found.conf_level)
    rows: list[list[str | Cell]] = []
    for row, title in zip(records, titles, strict=True):
        why = missing("too few valid items")
        shift = number(row["shift"])
        limits = interval(row["ci_low"], row["ci_high"])
        rows.append([
            title, str(row["option_order"]),
            why if pd.isna(row["score"]) else number(row["score"]),
            why if shift == MISSING else shift,
            limits or missing("fewer than two valid items"),
            f"{row['n_items']:,}",
        ])  # fmt: skip
    head = ("Scale", "Order", "Score", "Shift", f"{level} CI", "Items")
    table = Table.from_rows(head, rows, n_text=2)
    for person, places in found.frame.groupby("respondent", sort=False).indices.items():
        table = table.with_group(str(person), map(int, places))
    table = table.with_note("Shift: score of this order less that over all orders; over items")
    instrument = Source(found.instrument.label)
    return table.with_source(source_line([instrument]))
