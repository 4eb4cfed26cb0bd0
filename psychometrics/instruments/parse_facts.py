"""Read what a definition file says of others' findings: norms, reliabilities, data, packages."""

import re
from typing import cast, get_args

from psychometrics.instruments.data_set import DataSet
from psychometrics.instruments.norm_group import NormGroup
from psychometrics.instruments.parse_items import nearest, unique
from psychometrics.instruments.published_reliability import PublishedReliability
from psychometrics.instruments.scale import Scale
from psychometrics.instruments.table import Table
from psychometrics.instruments.wording_package import Index, WordingPackage


def parse_norms(root: Table, scales: tuple[Scale, ...], where: object) -> tuple[NormGroup, ...]:
    """Read the reference groups."""
    found = []
    for table in root.tables("norms", optional=True):
        group = NormGroup(
            table.text("name"),
            table.text("sample"),
            _n(table),
            "sum" if table.choice("unit", ("mean", "sum")) == "sum" else "mean",
            table.boolean("checked"),
            table.text("source"),
            table.pairs_by_name("figures"),
            table.integers_by_name("counts"),
        )
        table.done()
        _refuse_unknown("figures", list(group.figures), scales, table)
        if group.counts:
            _refuse_unknown("counts", list(group.counts), scales, table)
        for name, count in group.counts.items():
            if count < 1:
                raise table.wrong(f"counts.{name}", "is below 1")
        for name, (_, sd) in group.figures.items():
            if sd <= 0:
                raise table.wrong(f"figures.{name}", "has a standard deviation that is not above 0")
        found.append(group)
    unique([group.name for group in found], "norms", "name", where)
    return tuple(found)


def parse_reliabilities(root: Table, scales: tuple[Scale, ...]) -> tuple[PublishedReliability, ...]:
    """Read the published reliabilities."""
    found = []
    for table in root.tables("reliabilities", optional=True):
        entry = PublishedReliability(
            table.text("coefficient"),
            table.text("sample"),
            _n(table),
            table.boolean("checked"),
            table.text("source"),
            table.numbers_by_name("values"),
        )
        table.done()
        _refuse_unknown("values", list(entry.values), scales, table)
        for name, value in entry.values.items():
            if value > 1:
                raise table.wrong(f"values.{name}", f"is {value:g}: no reliability is above 1")
        found.append(entry)
    return tuple(found)


def parse_data_sets(root: Table, orders: set[str], where: object) -> tuple[DataSet, ...]:
    """Read how published answers are stored."""
    found = []
    for table in root.tables("data_sets", optional=True):
        entry = DataSet(
            table.text("name"),
            table.text("about"),
            table.boolean("values_are_keyed"),
            tuple(table.numbers("missing")),
            table.text("numbering", default=""),
        )
        table.done()
        if entry.numbering and entry.numbering not in orders:
            known = nearest(entry.numbering, sorted(orders))
            raise table.wrong("numbering", f"names no order that the items are numbered in{known}")
        found.append(entry)
    unique([entry.name for entry in found], "data_set", "name", where)
    return tuple(found)


def parse_packages(root: Table) -> tuple[WordingPackage, ...]:
    """Read where the wording can be had."""
    found = []
    for table in root.tables("packages", optional=True):
        package = WordingPackage(
            cast(Index, table.choice("index", get_args(Index))),
            table.text("name"),
            table.text("version"),
            table.hash("sha256"),
            table.text("file"),
            table.hashes_by_name("languages"),
            table.text("options", default=""),
            table.hashes_by_name("option_languages"),
        )
        table.done()
        _check_package(package, table)
        found.append(package)
    return tuple(found)


def _check_package(package: WordingPackage, table: Table) -> None:
    if not package.languages:
        raise table.wrong("languages", "names no language")
    if bool(package.options) != bool(package.option_languages):
        raise table.wrong("options", "and 'option_languages' belong together: give both or neither")
    for language in package.option_languages:
        if language not in package.languages:
            raise table.wrong("option_languages", f"names {language!r}, which 'languages' lacks")
    for field, path in (("file", package.file), ("options", package.options)):
        if re.search("[{}]", path.replace("{language}", "")):
            raise table.wrong(field, "has braces around something else than 'language'")


def _n(table: Table) -> int | None:
    if not table.has("n"):
        return None
    n = table.integer("n")
    if n < 1:
        raise table.wrong("n", "is below 1")
    return n


def _refuse_unknown(field: str, names: list[str], scales: tuple[Scale, ...], table: Table) -> None:
    known = [scale.name for scale in scales]
    for name in names:
        if name not in known:
            raise table.wrong(field, f"names {name!r}, no scale of this file{nearest(name, known)}")
    if not names:
        raise table.wrong(field, "is empty")
