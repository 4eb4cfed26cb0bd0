"""From the bytes of a definition file to an instrument, checking every field."""

import re
import tomllib
from pathlib import Path
from typing import Any, cast, get_args

import numpy as np

from psychometrics.errors import DefinitionError
from psychometrics.instruments.instrument import Form, Instrument, Rule
from psychometrics.instruments.item import Item
from psychometrics.instruments.item_file import FIELDS
from psychometrics.instruments.parse_facts import (
    parse_data_sets,
    parse_norms,
    parse_packages,
    parse_reliabilities,
)
from psychometrics.instruments.parse_items import nearest, parse_items, unique
from psychometrics.instruments.response_scale import ResponseOption, ResponseScale
from psychometrics.instruments.scale import Scale
from psychometrics.instruments.table import Table

FORMAT = 2
_TEXTS = ("name", "title", "version", "language", "licence", "origin", "citation", "instructions")
_OTHER = (
    f"Write the file anew in format {FORMAT}; a run of another version of this library is read by "
    "that version."
)
_MORE = ("terms", "offered", "norms_note")
_MOST = 100_000


def parse_definition(definition: bytes, path: Path) -> Instrument:
    """Read an instrument; items whose wording the definition does not carry have no stem.

    Parameters
    ----------
    definition : bytes
        Content of the file.
    path : Path
        For the errors.

    Raises
    ------
    DefinitionError
        The file breaks the format; file, item and field are named.
    """
    try:
        content = tomllib.loads(definition.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise DefinitionError(
            f"{path} is not UTF-8 (byte {error.start} is {definition[error.start]:#04x}).",
            "Save the file as UTF-8.",
        ) from error
    except (ValueError, RecursionError) as error:
        raise DefinitionError(f"{path} is not valid TOML: {error}.", "Mend that line.") from error
    return _instrument(Table(content, path, "the file"), path, definition)


def _instrument(root: Table, path: Path, definition: bytes) -> Instrument:
    if root.integer("format") != FORMAT:
        raise root.wrong("format", f"is not {FORMAT}, the format this version reads", _OTHER)
    texts, form, known = _head(root.table("instrument"))
    response_scale = _response_scale(root.table("response_scale"), form)
    rule = _rule(root, response_scale)
    scales = tuple(_scale(table, rule) for table in root.tables("scales"))
    _check_scales(scales, root, path)
    language, origin = texts["language"], texts["origin"]
    fields: dict[str, str] = {}
    if root.has("item_file"):
        if form != "scenario" or len(response_scale) != 4:
            raise root.wrong("item_file", "is for scenarios with two low and two high options")
        items, fields = _numbered_items(root.table("item_file"), scales, language, origin)
    else:
        items = parse_items(root, form, scales, response_scale, (language, origin), known)
    unique([item.id for item in items], "item", "id", path)
    unique([item.code or item.id for item in items], "item", "code", path)
    _check_numbers(items, path)
    orders = {order for item in items for order in item.numbers}
    instrument = Instrument(
        **texts,
        form=form,
        rule=rule,
        response_scale=response_scale,
        scales=scales,
        items=items,
        path=path,
        definition=definition,
        norms=parse_norms(root, scales, path),
        reliabilities=parse_reliabilities(root, scales),
        data_sets=parse_data_sets(root, orders, path),
        packages=parse_packages(root),
        item_file=fields,
    )
    root.done()
    _check_measured(instrument)
    return instrument


def _head(table: Table) -> tuple[dict[str, Any], Form, bool]:
    """Texts, form of the items, and whether hashes of their wording are known."""
    texts = {field: table.text(field) for field in _TEXTS}
    for field in ("name", "language"):
        if re.search(r"[/\\\x00]", texts[field]):
            raise table.wrong(field, "cannot be the name of a file")
    texts |= {field: table.text(field, default="") for field in _MORE}
    known = table.choice("wording", ("known", "unknown"), "known") == "known"
    form = cast(Form, table.choice("form", get_args(Form), "statement"))
    table.text("reading_level", default="")
    table.done()
    return texts, form, known


def _rule(root: Table, response_scale: ResponseScale) -> Rule:
    scoring = root.table("scoring")
    rule = cast(Rule, scoring.choice("rule", get_args(Rule)))
    scoring.done()
    if rule == "share" and set(response_scale.values) != {0.0, 1.0}:
        raise scoring.wrong("rule", "needs options of value 0 and 1 alone")
    if rule == "share" and root.has("norms"):
        raise root.wrong("norms", "are of means or sums, and the rule is 'share'")
    return rule


def _response_scale(table: Table, form: Form) -> ResponseScale:
    by_item = form == "scenario"
    options: list[ResponseOption] = []
    for entry in table.tables("options"):
        option = ResponseOption(entry.number("value"), entry.text("text"))
        entry.done()
        if options and not (
            option.value > options[-1].value or (by_item and option.value == options[-1].value)
        ):
            raise entry.wrong(
                "value", "is not above the option before it; order options from low to high"
            )
        if option.text in {o.text for o in options}:
            raise entry.wrong("text", "stands twice")
        options.append(option)
    if len(options) < 2:
        raise table.wrong("options", "has fewer than two entries")
    scale = ResponseScale(table.text("name"), tuple(options), by_item)
    table.done()
    if by_item and not (scale.is_two_valued and set(scale.values) == {0.0, 1.0}):
        raise table.wrong("options", "of a scenario must be as many of value 0 as of value 1")
    return scale


def _scale(table: Table, rule: Rule) -> Scale:
    level = table.choice("level", ("domain", "facet"))
    parent = table.text("parent", default="") or None
    if (level == "facet") != (parent is not None):
        raise table.wrong("parent", "must be given for a facet and only for a facet")
    low, high = table.pair("range")
    if low >= high:
        raise table.wrong("range", "has its lowest score not below its highest")
    cut = table.number("cut") if table.has("cut") else None
    poles = table.texts("poles", 2) if table.has("poles") else None
    if (cut is None) != (poles is None):
        raise table.wrong("cut", "and 'poles' belong together: give both or neither")
    if cut is not None and not low < cut < high:
        raise table.wrong("cut", "lies outside the range of the scale")
    if table.has("constant") and rule != "sum":
        raise table.wrong("constant", f"has no meaning with the rule {rule!r}")
    scale = Scale(
        table.text("name"),
        table.text("title"),
        level,
        parent,
        table.text("definition"),
        (low, high),
        table.text("code", default=""),
        table.number("constant") if table.has("constant") else None,
        None if poles is None else (poles[0], poles[1]),
        cut,
    )
    table.done()
    return scale


def _check_scales(scales: tuple[Scale, ...], root: Table, path: Path) -> None:
    unique([scale.name for scale in scales], "scale", "name", path)
    domains = [scale.name for scale in scales if scale.level == "domain"]
    for scale, table in zip(scales, root.tables("scales"), strict=True):
        if scale.parent is not None and scale.parent not in domains:
            raise table.wrong(
                "parent", f"names no domain of this file{nearest(scale.parent, domains)}"
            )


def _numbered_items(
    table: Table, scales: tuple[Scale, ...], language: str, origin: str
) -> tuple[tuple[Item, ...], dict[str, str]]:
    """Items that a file of the user's brings: so many for each scale, known by their numbers."""
    n = table.integer("items_per_scale")
    if not 1 <= n <= _MOST:
        raise table.wrong("items_per_scale", f"is below 1 or above {_MOST:,}")
    fields = table.texts_by_name("fields")
    table.done()
    for name in FIELDS:
        if name not in fields:
            raise table.wrong(f"fields.{name}", "is missing", "Add it.")
    items = tuple(
        Item(f"{scale.name}-{number:04d}", None, scale.name, 1, language, origin)
        for scale in scales
        for number in range(1, n + 1)
    )
    return items, fields


def _check_numbers(items: tuple[Item, ...], path: Path) -> None:
    """Every order numbers all items, each once."""
    for order in {order for item in items for order in item.numbers}:
        numbers = [item.numbers.get(order) for item in items]
        for item, number in zip(items, numbers, strict=True):
            if number is None or number < 1 or numbers.count(number) > 1:
                problem = "lacks a number" if number is None else f"has number {number}"
                raise DefinitionError(
                    f"{path}: item {item.id!r}: field 'numbers' {problem} in order {order!r}.",
                    "Give each item a number of its own, from 1, in every order.",
                )


def _check_measured(instrument: Instrument) -> None:
    members = instrument.membership()
    for scale, own in zip(instrument.scales, members, strict=True):
        if not own.any():
            raise DefinitionError(
                f"{instrument.path}: scale {scale.name!r} has no item.",
                "Give it items, or take the scale out.",
            )
    for scale, own in zip(instrument.scales, members, strict=True):
        reached = instrument.score_of(own, scale)(instrument.response_scale.values[[0, -1]])
        if not np.allclose(reached, scale.range):
            raise DefinitionError(
                f"{instrument.path}: scale {scale.name!r}: field 'range' is {scale.range[0]:g} to "
                f"{scale.range[1]:g}, but its {own.sum()} items score {reached[0]:g} to "
                f"{reached[1]:g}.",
                "Mend the range, the key, the constant or the rule.",
            )
