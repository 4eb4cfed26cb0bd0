"""Scale scores laid out for a reader: one row a scale, both averages side by side."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from psychometrics._types import Average, Statistic
from psychometrics.instruments.instrument import Instrument
from psychometrics.report.text import number, scale_titles, span, with_interval
from psychometrics.scoring.scores import Scores


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One scale of one respondent, as printed.

    Parameters
    ----------
    scale, title, level : str
    log, mean : str
        Score with its interval, by the average of the presentations.
    modal : str
        Score from the modal options (log average).
    items, presentations : str
        Valid and planned.
    note : str
        Why something is missing.
    """

    scale: str
    title: str
    level: str
    log: str
    mean: str
    modal: str
    items: str
    presentations: str
    note: str


def score_rows(scores: Scores, respondent: str) -> tuple[ScoreRow, ...]:
    """Rows of one respondent: each domain followed by its facets.

    Examples
    --------
    >>> import psychometrics as pm
    >>> big5 = pm.load_instrument("big-five-60")
    >>> run = pm.administer(big5, pm.respondents(pm.scripted_model(4.0)), quiet=True)
    >>> row = score_rows(run.responses.score(), "scripted")[0]
    >>> row.title, row.log, row.items, row.presentations
    ('Extraversion', '4.00 [4.00, 4.00]', '12', '120')
    """
    kinds: tuple[tuple[Average, Statistic], ...] = (
        ("log", "expected"), ("mean", "expected"), ("log", "modal"),
    )  # fmt: skip
    tables = (scores.to_frame(average, statistic) for average, statistic in kinds)
    log, mean, modal = (
        table[table["respondent"] == respondent].set_index("scale").to_dict("index")
        for table in tables
    )
    return tuple(
        ScoreRow(
            name,
            title,
            str(log[name]["level"]),
            _score(log[name]),
            _score(mean[name]),
            number(modal[name]["score"]),
            _part(log[name]["n_items"], log[name]["n_items_planned"]),
            _part(log[name]["n_presentations"], log[name]["n_presentations_planned"]),
            "; ".join(_notes(log[name], modal[name])),
        )
        for name, title in _ordered(scores.instrument)
    )


def sizes(scores: Scores) -> str:
    """State both ns: items, which the intervals rest on, and presentations.

    Examples
    --------
    >>> import psychometrics as pm
    >>> big5 = pm.load_instrument("big-five-60")
    >>> run = pm.administer(big5, pm.respondents(pm.scripted_model(4.0)), quiet=True)
    >>> sizes(run.responses.score())
    'n = 12 items a domain; 120 presentations'
    """
    table = scores.to_frame("log", "expected")
    level = "domain" if (table["level"] == "domain").any() else table["level"].iloc[0]
    table = table[table["level"] == level]
    return (
        f"n = {span(table['n_items'])} items a {level}; "
        f"{span(table['n_presentations'])} presentations"
    )


def _ordered(instrument: Instrument) -> Iterator[tuple[str, str]]:
    names = [
        name
        for top in instrument.scales
        if top.parent is None
        for name in (top.name, *(s.name for s in instrument.scales if s.parent == top.name))
    ]
    return zip(names, scale_titles(names, instrument), strict=True)


def _score(row: Mapping[Any, Any]) -> str:
    return with_interval(row["score"], row["ci_low"], row["ci_high"])


def _part(valid: object, planned: object) -> str:
    return str(valid) if valid == planned else f"{valid}/{planned}"


def _notes(log: Mapping[Any, Any], modal: Mapping[Any, Any]) -> Iterator[str]:
    if log["note"]:
        yield log["note"]
    if modal["note"] and modal["note"] != log["note"]:
        yield f"modal: {modal['note']}"
