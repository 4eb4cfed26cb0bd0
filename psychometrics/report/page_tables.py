"""The tables of the page."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from psychometrics.analysis.order_effects import OrderEffects
from psychometrics.analysis.response_checks import ResponseChecks
from psychometrics.report.answer_plot import MAX_SIDE_BY_SIDE, items_by_domain
from psychometrics.report.page_text import favourite_position, people_of
from psychometrics.report.score_rows import ScoreRow, score_rows
from psychometrics.report.text import MISSING, number, percent, scale_titles
from psychometrics.responses import Responses
from psychometrics.scoring.scores import Scores


@dataclass(frozen=True, slots=True)
class PageRow:
    """Cells of a row; the first one names it. ``minor`` rows are indented."""

    cells: tuple[str, ...]
    minor: bool = False


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table as it stands on the page.

    Parameters
    ----------
    caption : str
    head : tuple of str
    groups : tuple of (str, tuple of PageRow)
        Rows under a heading; an empty heading is not shown.
    n_text : int
        Columns from the left that hold text; the others hold numbers.
    """

    caption: str
    head: tuple[str, ...]
    groups: tuple[tuple[str, tuple[PageRow, ...]], ...]
    n_text: int = 1


def score_table(responses: Responses, scores: Scores, *, facets: bool) -> PageTable:
    """Scale scores: the domains, or the facets under their domains."""
    people = people_of(responses)
    rows = {person: score_rows(scores, person) for person in people}
    shown = {
        person: [row for row in own if facets or row.level == "domain"]
        for person, own in rows.items()
    }
    noted = any(row.note for own in shown.values() for row in own)
    head = ("Scale", "Log average", "Mean average", "Modal", "Items", "Presentations")
    groups = tuple(
        (person if len(people) > 1 else "", tuple(_score_row(row, noted=noted) for row in own))
        for person, own in shown.items()
    )
    level = f"{scores.conf_level:.0%}"
    return PageTable(
        f"Scores with {level} intervals over items",
        (*head, "Note") if noted else head,
        groups,
    )


def order_table(responses: Responses, effects: OrderEffects) -> PageTable:
    """Score of each domain by each option order alone, and the mean answer before the key."""
    frame = effects.frame[effects.frame["level"] == "domain"]
    domains = list(dict.fromkeys(frame["scale"]))
    people = people_of(responses)
    raw = effects.answers.set_index(["respondent", "option_order"])["answer"]
    groups = []
    for person in people:
        own = frame[frame["respondent"] == person]
        wide = own.pivot(index="option_order", columns="scale", values="score")
        rows = [
            PageRow(
                (
                    order,
                    *(number(wide.loc[order, domain]) for domain in domains),
                    number(raw[person, order]),
                )
            )
            for order in dict.fromkeys(own["option_order"])
        ]
        groups.append((person if len(people) > 1 else "", tuple(rows)))
    head = ("Order", *scale_titles(domains, responses.instrument), "Mean answer, not keyed")
    return PageTable("Scores by one option order alone", head, tuple(groups))


def item_table(responses: Responses) -> PageTable:
    """Wording, key, mean answer, option mass and valid presentations of every item."""
    frame, instrument = responses.frame, responses.instrument
    people = people_of(responses)
    apart = len(people) <= MAX_SIDE_BY_SIDE
    answers = frame.groupby("item")["expected"].mean().to_frame("answer")
    if apart:
        answers = frame.pivot_table(
            index="item", columns="respondent", values="expected", dropna=False
        )[people]
    mass = frame.groupby("item")["option_mass"].mean()
    valid = (frame["outcome"] == "chosen").groupby(frame["item"]).agg(["sum", "size"])
    items = items_by_domain(instrument)
    groups = [
        (title, tuple(_item_rows(own, answers, mass, valid)))
        for (_, own), title in zip(
            items.groupby("domain", sort=False),
            scale_titles(dict.fromkeys(items["domain"]), instrument),
            strict=True,
        )
    ]
    named = [f"Answer of {p}" for p in people] if apart and len(people) > 1 else ["Answer"]
    head = ("Item", "Statement", "Key", *named, "Option mass", "Valid")
    return PageTable("Items: mean answer, not keyed", head, tuple(groups), n_text=3)


def missing_table(responses: Responses) -> PageTable:
    """Presentations of each respondent by outcome."""
    frame = responses.frame
    outcomes = ["chosen", *sorted(set(frame["outcome"]) - {"chosen"})]
    counts = pd.crosstab(frame["respondent"], frame["outcome"]).reindex(
        index=people_of(responses), columns=outcomes, fill_value=0
    )
    rows = tuple(
        PageRow(
            (
                person,
                f"{counts.loc[person].sum():,}",
                *(f"{n:,}" for n in counts.loc[person]),
                percent(1 - counts.loc[person, "chosen"] / counts.loc[person].sum()),
            )
        )
        for person in counts.index
    )
    named = ["Valid" if outcome == "chosen" else outcome for outcome in outcomes]
    head = ("Respondent", "Presentations", *named, "Missing")
    return PageTable("Presentations by outcome", head, (("", rows),))


def process_table(responses: Responses, checks: ResponseChecks) -> PageTable:
    """How the answers of each respondent came about."""
    rows = []
    for person, check in checks.items():
        position, share = favourite_position(responses, person)
        flips = percent(check.flips.value)
        known = check.positions[0].n and not math.isnan(share)
        favourite = f"{position} ({percent(share)})" if known else MISSING
        mass = check.mass_by_item
        cells = (number(mass["mean"].mean()), number(mass["min"].min()), flips, favourite)
        rows.append(PageRow((person, *cells, percent(check.n_tied / check.n_rows))))
    head = (
        "Respondent", "Option mass, mean", "Smallest", "Modal option changes between orders",
        "Position most often modal", "Tied",
    )  # fmt: skip
    return PageTable("How the answers came about", head, (("", tuple(rows)),))


def _score_row(row: ScoreRow, *, noted: bool) -> PageRow:
    cells = (row.title, row.log, row.mean, row.modal, row.items, row.presentations)
    return PageRow((*cells, row.note) if noted else cells, minor=row.level == "facet")


def _item_rows(
    items: pd.DataFrame, answers: pd.DataFrame, mass: pd.Series, valid: pd.DataFrame
) -> Iterator[PageRow]:
    for item, stem, key in zip(items["item"], items["stem"], items["key"], strict=True):
        if item in valid.index:
            found = (
                *(number(x) for x in answers.loc[item]),
                number(mass[item]),
                f"{valid.loc[item, 'sum']}/{valid.loc[item, 'size']}",
            )
        else:
            found = tuple([MISSING] * (answers.shape[1] + 2))
        text = stem if isinstance(stem, str) else MISSING
        yield PageRow((item, text, "reversed" if key < 0 else "", *found))
