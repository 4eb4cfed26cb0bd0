"""The variance components of a G study as a table."""

import math
from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any

from psychometrics.analysis.estimate import Estimate
from psychometrics.analysis.gstudy import GStudies, GStudy
from psychometrics.errors import DataError
from psychometrics.report.estimate_table import source_note
from psychometrics.report.estimate_text import level_text
from psychometrics.report.table import Table
from psychometrics.report.table_data import Cell, missing
from psychometrics.report.text import interval, number, percent, with_interval

_HEAD = ("Source of variation", "Levels", "df", "Component", "CI", "Share")


def component_table(study: GStudy | GStudies, *, digits: int = 3, title: str = "") -> Table:
    """Lay out variance components: levels, degrees of freedom, value, interval and share.

    Parameters
    ----------
    study : GStudy or GStudies
        Several scales stand one below the other.
    digits : int
        After the point.
    title : str

    Returns
    -------
    Table
        A negative estimate stands as zero, its value in a note. Below it: method, what is fixed,
        and both coefficients.

    Raises
    ------
    DataError
        This is no G study.

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(50, 1)) + rng.normal(size=10) + rng.normal(size=(50, 10))
    >>> pm.component_table(pm.gstudy(x))
    <Table: 3 rows × 6 columns>
    """
    if isinstance(study, GStudy):
        notes = [f"{_design(study)} {_coefficients(study)}", *_note(study)]
        return _laid_out([study], notes, digits).with_title(title or study.scale)
    if not isinstance(study, GStudies):
        raise DataError(f"{type(study).__name__} is no G study.", "Give what pm.gstudy(…) returns.")
    notes = [
        *dict.fromkeys(map(_design, study.values())),
        *(f"{_words(name)}: {_coefficients(own)}" for name, own in study.items()),
        *(f"{_words(name)}: {note}" for name, own in study.items() for note in _note(own)),
    ]
    return _laid_out([*study.values()], notes, digits).with_title(title)


def _laid_out(studies: list[GStudy], notes: list[str], digits: int) -> Table:
    made = []
    for study in studies:
        rows = [_row(row, digits) for row in study.to_frame().to_dict("records")]
        table = Table.from_rows(_HEAD, rows, n_text=2)
        made.append(table.with_group(_words(study.scale)) if len(studies) > 1 else table)
    level = studies[0].components.conf_level
    found = replace(made[0], rows=tuple(row for table in made for row in table.rows))
    found = found.rename({"CI": f"{level_text(level)} CI"})
    for note in notes:
        found = found.with_note(note)
    return found.with_source(source_note(e for study in studies for e in study.to_estimates()))


def _design(study: GStudy) -> str:
    fixed = f"fixed: {', '.join(map(_words, study.fixed))}; " if study.fixed else ""
    return f"Object of measurement: {_words(study.object)}; {fixed}{study.components.method}."


def _coefficients(study: GStudy) -> str:
    """Both with their intervals; why one is missing, or what it rests on."""
    found = [(_value(e), _own_note(e, study)) for e in (study.relative, study.absolute)]
    (relative, why), (absolute, why_absolute) = found
    first = f" ({why})" if why and why != why_absolute else ""
    second = f" ({why_absolute})" if why_absolute else ""
    return f"{relative}{first}, {absolute}{second}."


def _value(found: Estimate) -> str:
    if math.isnan(found.value):
        return f"{found.name} not estimated"
    return f"{found.name} = {with_interval(found.value, found.ci_low, found.ci_high)}"


def _own_note(found: Estimate, study: GStudy) -> str:
    return found.note.removesuffix(study.note).removesuffix("; ") if study.note else found.note


def _note(study: GStudy) -> list[str]:
    return [f"{study.note[0].upper()}{study.note[1:]}."] if study.note else []


def _row(row: Mapping[Hashable, Any], digits: int) -> list[str | Cell]:
    note = str(row["note"]) or "not estimated"
    share = float(row["share"])
    return [
        _words(row["term"]),
        row["levels"],
        _number(row["df"], 0, note),
        _component(row["component"], row["raw"], note, digits),
        interval(row["ci_low"], row["ci_high"], digits) or missing(note),
        missing(note) if math.isnan(share) else percent(share),
    ]


def _component(value: float, raw: float, note: str, digits: int) -> Cell | str:
    if math.isnan(value):
        return missing(note)
    text = number(value, digits)
    return Cell(text, notes=(f"estimated as {number(raw, digits)}",)) if raw < 0 else text


def _number(value: float, digits: int, note: str) -> Cell | str:
    return missing(note) if math.isnan(value) else number(value, digits)


def _words(name: str) -> str:
    return name.replace("_", " ").replace(" x ", " × ")
