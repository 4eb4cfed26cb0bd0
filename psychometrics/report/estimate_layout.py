"""How estimates are laid out: one row an estimate, or one row a scale."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from psychometrics.analysis.estimate import Estimate
from psychometrics.errors import DataError
from psychometrics.report.estimate_text import (
    capitalised,
    coefficient_label,
    coefficient_name,
    has_interval,
    interval_text,
    level_text,
    method_text,
    missing_reason,
    n_text,
    p_text,
    value_text,
)
from psychometrics.report.table import Table
from psychometrics.report.table_data import Cell, Column, Row, missing
from psychometrics.report.text import MISSING

Layout = Literal["auto", "long", "wide"]
# Estimates of one row of a wide table by coefficient; rows by group and scale.
_Grid = Mapping[tuple[str, str], Mapping[str, Estimate]]
_FEWEST_ROWS, _MOST_COLUMNS = 3, 5


@dataclass(frozen=True, slots=True)
class Style:
    """How numbers are printed."""

    digits: int
    leading_zero: bool | None
    stars: bool

    def value(self, estimate: Estimate) -> str:
        """Print the value, with its star."""
        star = "*" if self.stars and excludes_zero(estimate) else ""
        return f"{value_text(estimate, self.digits, self.leading_zero)}{star}"

    def limits(self, estimate: Estimate) -> str:
        """Print the interval."""
        return interval_text(estimate, self.digits, self.leading_zero)

    def together(self, estimate: Estimate, level: str = "") -> Cell:
        """Print value and interval in one cell."""
        if math.isnan(estimate.value):
            return missing(missing_reason(estimate))
        if has_interval(estimate):
            text = f"{self.value(estimate)} {level}{self.limits(estimate)}"
            return Cell(text, (estimate.note,))
        return Cell(f"{self.value(estimate)} {MISSING}", (missing_reason(estimate),))

    def apart(self, estimate: Estimate, level: str = "") -> tuple[Cell, Cell]:
        """Print value and interval in two cells."""
        if math.isnan(estimate.value):
            gone = missing(missing_reason(estimate))
            return gone, gone
        if has_interval(estimate):
            limits = Cell(f"{level}{self.limits(estimate)}")
            return Cell(self.value(estimate), (estimate.note,)), limits
        return Cell(self.value(estimate)), missing(missing_reason(estimate))


@dataclass(frozen=True, slots=True)
class Group:
    """Estimates under a heading, and what the heading says of all of them."""

    label: str
    estimates: tuple[Estimate, ...]
    says: Literal["", "of", "coefficient"] = ""


def excludes_zero(estimate: Estimate) -> bool:
    """Whether the interval lies on one side of zero."""
    return estimate.ci_low > 0 or estimate.ci_high < 0


def lay_out(groups: list[Group], style: Style, layout: Layout) -> Table:
    """Make the table of the layout that is asked for.

    Raises
    ------
    DataError
        The estimates do not fit into a wide table.
    """
    everything = [estimate for group in groups for estimate in group.estimates]
    one_level = len({estimate.conf_level for estimate in everything}) == 1
    grid = _grid(groups) if one_level else None
    if grid and (layout == "wide" or (layout == "auto" and _is_regular(grid))):
        found = _wide(grid, style)
    elif layout == "wide":
        raise DataError(
            "These estimates do not fit into a wide table: confidence levels differ, or a scale "
            "has a coefficient twice.",
            "Use layout='long', or name the parts: pm.table({'Humans': …, 'Model': …}).",
        )
    else:
        found = _long(_labelled(groups), style)
    if style.stars:
        level = f"{level_text(everything[0].conf_level)} " if one_level else ""
        found = found.with_note(f"* The {level}interval excludes 0")
    return found


def _grid(groups: Iterable[Group]) -> _Grid | None:
    """Estimates by row and column; None if two meet in one place or have none."""
    found: dict[tuple[str, str], dict[str, Estimate]] = {}
    for group in groups:
        for estimate in group.estimates:
            row = found.setdefault((group.label, estimate.of), {})
            label = coefficient_label(estimate)
            if label in row or not estimate.of:
                return None
            row[label] = estimate
    return found


def _is_regular(grid: _Grid) -> bool:
    """Whether many scales have the same few coefficients of the same units."""
    first, *others = grid.values()
    return (
        len(grid) >= _FEWEST_ROWS
        and 2 <= len(first) <= _MOST_COLUMNS
        and all(row.keys() == first.keys() for row in others)
        and all(len({n_text(e) for e in row.values()}) == 1 for row in grid.values())
    )


def _wide(grid: _Grid, style: Style) -> Table:
    by_column: dict[str, list[Estimate]] = {}
    for row in grid.values():
        for label, estimate in row.items():
            by_column.setdefault(label, []).append(estimate)
    variants = _side_by_side(by_column)
    order = [label for _, labels in variants for label in labels]
    methods = {label: list(dict.fromkeys(map(method_text, by_column[label]))) for label in order}
    shared = list(dict.fromkeys(method for found in methods.values() for method in found))
    noted = {label: found if len(shared) > 1 else [] for label, found in methods.items()}
    columns = [Column("of", " ", numeric=False)]
    for _, labels in variants:
        for label in labels:
            heading = by_column[label][0].variant if len(labels) > 1 else label
            notes = noted[label] if len(noted[label]) == 1 else []
            columns.append(Column(label, capitalised(heading or label), notes=tuple(notes)))
    rows = [
        Row((Cell(of), *(_wide_cell(row.get(c), style, noted[c]) for c in order)), group)
        for (group, of), row in grid.items()
    ]
    found = Table(tuple(columns), tuple(rows))
    for name, labels in variants:
        found = found.with_spanner(capitalised(name), labels) if len(labels) > 1 else found
    level = level_text(by_column[order[0]][0].conf_level)
    found = _with_n(found.with_note(f"Values with {level} confidence intervals"), grid)
    return found.with_note(shared[0] if len(shared) == 1 else "")


def _wide_cell(estimate: Estimate | None, style: Style, methods: list[str]) -> Cell:
    if estimate is None:
        return missing("not computed")
    cell = style.together(estimate)
    several = len(methods) > 1
    return replace(cell, notes=(*cell.notes, method_text(estimate))) if several else cell


def _side_by_side(by_column: Mapping[str, list[Estimate]]) -> list[tuple[str, list[str]]]:
    """Bring the variants of a coefficient together: its name, and the labels of its columns."""
    found: dict[str, list[str]] = {}
    for label, estimates in by_column.items():
        found.setdefault(coefficient_name(estimates[0]), []).append(label)
    return list(found.items())


def _with_n(found: Table, grid: _Grid) -> Table:
    """Say how many units there are: once, by row, or by cell, as they differ."""
    by_row = [list(dict.fromkeys(map(n_text, row.values()))) for row in grid.values()]
    if len({n for row in by_row for n in row}) == 1:
        return found.with_note(f"n = {by_row[0][0]}")
    if all(len(row) == 1 for row in by_row):
        column = Column("n", "n")
        cells = [Cell(row[0]) for row in by_row]
        rows = (
            replace(row, cells=(row.cells[0], cell, *row.cells[1:]))
            for row, cell in zip(found.rows, cells, strict=True)
        )
        return replace(
            found, columns=(found.columns[0], column, *found.columns[1:]), rows=tuple(rows)
        )
    for i, row in enumerate(grid.values()):
        for label, estimate in row.items():
            found = found.with_note(f"n = {n_text(estimate)}", column=label, row=i)
    return found


def _labelled(groups: list[Group]) -> list[Group]:
    """Call groups that have no heading by what their estimates share."""
    if len(groups) == 1 and not groups[0].label and (by_scale := _by_scale(groups[0])):
        return by_scale
    return [group if group.label else _named(group, alone=len(groups) == 1) for group in groups]


def _by_scale(group: Group) -> list[Group]:
    """A group for each scale, and one for what has none; empty if a scale has one estimate."""
    found: dict[str, list[Estimate]] = {}
    for estimate in group.estimates:
        found.setdefault(estimate.of, []).append(estimate)
    if any(len(own) == 1 for of, own in found.items() if of) or not any(found):
        return []
    return [Group(of, tuple(estimates), says="of") for of, estimates in found.items()]


def _named(group: Group, *, alone: bool) -> Group:
    scales = {estimate.of for estimate in group.estimates}
    labels = {coefficient_label(estimate) for estimate in group.estimates}
    if len(scales) == 1 and len(labels) > 1:
        return replace(group, label=min(scales), says="of")
    if len(labels) == 1 and not alone:
        return replace(group, label=capitalised(min(labels)), says="coefficient")
    return group


@dataclass(frozen=True, slots=True)
class _Long:
    """What the columns of a long table have to show, as the estimates share the rest."""

    of: bool
    coefficient: bool
    names: tuple[str, ...]
    levels: tuple[str, ...]
    units: tuple[str, ...]
    methods: tuple[str, ...]
    p: bool

    def columns(self, style: Style) -> Iterator[Column]:
        head = capitalised(self.names[0]) if len(self.names) == 1 and self.of else "Estimate"
        limits = f"{self.levels[0]} CI" if len(self.levels) == 1 else "CI"
        if self.of:
            yield Column("of", " ", numeric=False)
        if self.coefficient:
            yield Column("coefficient", "Coefficient", numeric=False)
        if style.stars:
            yield Column("value", f"{head} [{limits}]")
        else:
            yield Column("value", head)
            yield Column("interval", limits)
        if self.p:
            yield Column("p")
        yield Column("n")

    def cells(self, estimate: Estimate, style: Style) -> tuple[Cell, ...]:
        level = "" if len(self.levels) == 1 else f"{level_text(estimate.conf_level)} "
        both = (style.together(estimate, level),) if style.stars else style.apart(estimate, level)
        named = [Cell(estimate.of)] if self.of else []
        named += [Cell(capitalised(coefficient_label(estimate)))] if self.coefficient else []
        if len(self.methods) > 1:
            named[-1] = replace(named[-1], notes=(method_text(estimate),))
        n = Cell(f"{estimate.n:,}" if len(self.units) == 1 else n_text(estimate))
        return (*named, *both, *([_p_cell(estimate)] if self.p else []), n)


def _p_cell(estimate: Estimate) -> Cell:
    return Cell(p_text(estimate)) if p_text(estimate) else missing("no p value with this method")


def _long(groups: list[Group], style: Style) -> Table:
    everything = [estimate for group in groups for estimate in group.estimates]
    names = tuple(dict.fromkeys(map(coefficient_label, everything)))
    of = any(e.of for e in everything) and any(group.says != "of" for group in groups)
    told = all(group.says == "coefficient" for group in groups)
    shown = _Long(
        of=of,
        coefficient=not of or (len(names) > 1 and not told),
        names=names,
        levels=tuple(dict.fromkeys(level_text(e.conf_level) for e in everything)),
        units=tuple(dict.fromkeys(e.n_unit for e in everything)),
        methods=tuple(dict.fromkeys(filter(None, map(method_text, everything)))),
        p=not all(math.isnan(e.p_value) for e in everything),
    )
    rows = (Row(shown.cells(e, style), group.label) for group in groups for e in group.estimates)
    found = Table(tuple(shown.columns(style)), tuple(rows))
    found = found.with_note(f"n counts {shown.units[0]}" if len(shown.units) == 1 else "")
    return found.with_note(shown.methods[0] if len(shown.methods) == 1 else "")
