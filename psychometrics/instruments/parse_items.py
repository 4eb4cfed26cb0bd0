"""Read the items of a definition file."""

import difflib

from psychometrics.errors import DefinitionError
from psychometrics.instruments.instrument import Form
from psychometrics.instruments.item import PAIR, Item
from psychometrics.instruments.response_scale import ResponseScale
from psychometrics.instruments.scale import Scale
from psychometrics.instruments.stem_hash import stem_hash
from psychometrics.instruments.table import Table

PUBLISHED = "published"


def parse_items(
    root: Table,
    form: Form,
    scales: tuple[Scale, ...],
    response_scale: ResponseScale,
    source: tuple[str, str],
    known: bool = True,
) -> tuple[Item, ...]:
    """Read every item.

    An item brings its text, or the hash by which its text is known, or both; with both they have
    to agree.

    Parameters
    ----------
    root : Table
    form : {"statement", "pair", "scenario"}
    scales : tuple of Scale
    response_scale : ResponseScale
    source : tuple of str
        Language and origin of the texts.
    known : bool
        False where nobody has recorded a hash: an item then may lack both.

    Raises
    ------
    DefinitionError
        A field is missing or wrong, names no scale, or stands twice.
    """
    names = [scale.name for scale in scales]
    found: list[Item] = []
    owners: dict[str, str] = {}
    for table in root.tables("items"):
        scale, key = _scale_and_key(table, names, form)
        hashes = _hashes(table)
        stem, question, options = _text(table, form, response_scale, bool(hashes) or not known)
        item = Item(
            table.text("id"), stem, scale, key, *source, question, options, hashes,
            table.integers_by_name("numbers"), table.text("code", default=""),
        )  # fmt: skip
        table.done()
        _refuse_other_text(item, table)
        for digest in item.hashes.values():
            owner = owners.setdefault(digest, item.id)
            if owner != item.id:
                raise table.wrong("sha256", f"or one of the variants is that of item {owner!r} too")
        found.append(item)
    return tuple(found)


def nearest(name: str, known: list[str]) -> str:
    """Say what a misspelt name may have meant."""
    near = difflib.get_close_matches(name, known, n=1)
    return f" (did you mean {near[0]!r}?)" if near else f" (it has {', '.join(known)})"


def recorded_text(item: Item) -> str:
    """Return what the recorded hash of an item covers: all of its text, low options first."""
    parts = [item.stem or "", item.question, *item.options]
    return PAIR.join(part for part in parts if part)


def _scale_and_key(table: Table, names: list[str], form: Form) -> tuple[str, int]:
    scale = table.text("scale")
    if scale not in names:
        raise table.wrong("scale", f"names no scale of this file{nearest(scale, names)}")
    if form == "scenario":
        return scale, 1
    key = table.integer("key")
    if key not in (1, -1):
        raise table.wrong("key", "is neither 1 (forward) nor -1 (reversed)")
    return scale, key


def _hashes(table: Table) -> dict[str, str]:
    variants = table.hashes_by_name("variants")
    if PUBLISHED in variants:
        raise table.wrong("variants", f"calls one {PUBLISHED!r}, as the first wording is called")
    if not table.has("sha256"):
        if variants:
            raise table.wrong("variants", "is given without the published wording's sha256")
        return {}
    return {PUBLISHED: table.hash("sha256")} | variants


def _text(
    table: Table, form: Form, response_scale: ResponseScale, may_lack: bool
) -> tuple[str | None, str, tuple[str, ...]]:
    first = {"statement": "stem", "pair": "left", "scenario": "situation"}[form]
    if may_lack and form != "scenario" and not table.has(first):
        return None, "", ()
    text = table.text(first)
    if form == "statement":
        return text, "", ()
    if form == "pair":
        halves = (text, table.text("right"))
        for field, half in zip(("left", "right"), halves, strict=True):
            if PAIR in half:
                raise table.wrong(field, f"contains {PAIR!r}, which divides a pair")
        return PAIR.join(halves), "", ()
    n = len(response_scale) // 2
    low, high = table.texts("low", n), table.texts("high", n)
    if set(low) & set(high):
        raise table.wrong("high", "repeats a low option")
    return text, table.text("question"), (*low, *high)


def _refuse_other_text(item: Item, table: Table) -> None:
    if item.stem is None or not item.hashes:
        return
    if stem_hash(recorded_text(item)) in item.hashes.values():
        return
    n = len(item.options) // 2
    turned = PAIR.join([item.stem, item.question, *item.options[n:], *item.options[:n]])
    if n and stem_hash(turned) in item.hashes.values():
        raise table.wrong("high", "and 'low' are swapped: the recorded hash has them the other way")
    raise table.wrong(
        "sha256",
        "is not the hash of the text that stands here: the wording was altered",
        "Put the wording back, or give the altered instrument a name of its own and take the "
        "hash out.",
    )


def unique(names: list[str], noun: str, field: str, where: object) -> None:
    """Refuse a name that stands twice.

    Raises
    ------
    DefinitionError
        Names both places.
    """
    seen: dict[str, int] = {}
    for position, name in enumerate(names, start=1):
        if name in seen:
            raise DefinitionError(
                f"{where}: {noun} {name!r}: field '{field}' stands twice "
                f"({noun}s {seen[name]} and {position}).",
                f"Give each {noun} its own {field}.",
            )
        seen[name] = position
