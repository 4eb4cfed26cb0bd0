"""The variance components of a G study as a table."""

import math
from collections.abc import Hashable, Mapping
from typing import Any

from psychometrics.analysis.gstudy import GStudy
from psychometrics.report.estimate_table import source_note
from psychometrics.report.table import Table
from psychometrics.report.table_data import Cell, missing
from psychometrics.report.text import interval, number, percent

_HEAD = ("Source of variation", "Levels", "df", "Component", "CI", "Share")


def component_table(study: GStudy, *, digits: int = 3, title: str = "") -> Table:
    """Lay out variance components: levels, degrees of freedom, value, interval and share.

    Parameters
    ----------
    study : GStudy
    digits : int
        After the point.
    title : str

    Returns
    -------
    Table
        A negative estimate stands as zero, its value in a note. Below it: method, what is fixed,
        and both coefficients.

    Examples
    --------
    >>> import numpy as np
    >>> import psychometrics as pm
    >>> rng = np.random.default_rng(1)
    >>> x = rng.normal(size=(50, 1)) + rng.normal(size=10) + rng.normal(size=(50, 10))
    >>> pm.component_table(pm.gstudy(x))
    <Table: 3 rows × 6 columns>
    """
    found = study.components
    rows = [_row(row, digits) for row in study.to_frame().to_dict("records")]
    table = Table.from_rows(_HEAD, rows, n_text=2)
    table = table.rename({"CI": f"{found.conf_level:.0%} CI"})
    relative, absolute = study.relative, study.absolute
    fixed = f"fixed: {', '.join(map(_words, study.fixed))}; " if study.fixed else ""
    table = table.with_note(
        f"Object of measurement: {_words(study.object)}; {fixed}{found.method}. "
        f"Eρ² = {number(relative.value)} {interval(relative.ci_low, relative.ci_high)}, "
        f"Φ = {number(absolute.value)} {interval(absolute.ci_low, absolute.ci_high)}".rstrip()
        + "."
    )
    if study.note:
        table = table.with_note(f"{study.note[0].upper()}{study.note[1:]}.")
    return table.with_title(title or study.scale).with_source(source_note(study.to_estimates()))


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
