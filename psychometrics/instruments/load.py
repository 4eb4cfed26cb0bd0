"""Read an instrument from its TOML file, checking every field."""

import difflib
import tomllib
from pathlib import Path

from psychometrics.errors import DefinitionError, InstrumentError, UnknownInstrumentError
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.item import Item
from psychometrics.instruments.locate import inventories_folder
from psychometrics.instruments.response_scale import ResponseOption, ResponseScale
from psychometrics.instruments.scale import Scale
from psychometrics.instruments.table import Table

FORMAT = 1


def list_instruments() -> list[str]:
    """Names of the installed instruments, sorted.

    Examples
    --------
    >>> import psychometrics as pm
    >>> "big-five-60" in pm.list_instruments()
    True
    """
    return sorted(path.stem for path in inventories_folder().glob("*/*.toml"))


def load_instrument(name: str | Path) -> Instrument:
    """Load an instrument by name, or from a definition file of your own.

    Parameters
    ----------
    name : str or Path
        A name from :func:`list_instruments`, or the path of a ``.toml`` file.

    Returns
    -------
    Instrument

    Raises
    ------
    UnknownInstrumentError
        No instrument has that name; the nearest names are given.
    DefinitionError
        The file breaks the format; file, item and field are named.

    Examples
    --------
    >>> import psychometrics as pm
    >>> pm.load_instrument("big-five-60").response_scale
    <ResponseScale agreement-5: 1 Strongly disagree … 5 Strongly agree>
    """
    path = Path(name)
    if path.suffix == ".toml":
        return _parse(_read(path), path)
    found = {p.stem: p for p in inventories_folder().glob("*/*.toml")}
    if str(name) in found:
        path = found[str(name)]
        return _parse(_read(path), path)
    near = difflib.get_close_matches(str(name), found, n=3) or sorted(found)
    raise UnknownInstrumentError(
        f"No instrument is called {str(name)!r}.",
        f"Did you mean {' or '.join(near)}? `psychometrics inventories list` shows all; "
        "a file of your own is loaded by its path (ending in .toml).",
    )


def refuse_altered(instrument: Instrument) -> None:
    """Refuse an instrument that is not what its definition says.

    Raises
    ------
    InstrumentError
        It was altered in memory.
    """
    defined = _parse(instrument.definition, instrument.path)
    if instrument != defined:
        raise InstrumentError(
            f"{instrument.name} was altered after it was read from {instrument.path}.",
            "Write the altered instrument into a definition file of its own, with a name of its "
            "own, and load that: a run keeps the definition that it was scored by.",
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DefinitionError(
            f"{path} cannot be read: {error.strerror}.", "Check the path."
        ) from error


def _parse(definition: bytes, path: Path) -> Instrument:
    try:
        content = tomllib.loads(definition.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise DefinitionError(
            f"{path} is not UTF-8 (byte {error.start} is {definition[error.start]:#04x}).",
            "Save the file as UTF-8.",
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(f"{path} is not valid TOML: {error}.", "Mend that line.") from error
    return _instrument(Table(content, path, "the file"), path, definition)


def _instrument(root: Table, path: Path, definition: bytes) -> Instrument:
    if root.integer("format") != FORMAT:
        raise root.wrong("format", f"is not {FORMAT}, the format this version reads")
    head = root.table("instrument")
    texts = {
        field: head.text(field)
        for field in ("name", "title", "version", "language", "licence", "origin", "citation",
                      "instructions", "norms")
    }  # fmt: skip
    head.text("reading_level", default="")
    head.done()
    response_scale = _response_scale(root.table("response_scale"))
    scales = tuple(_scale(t) for t in root.tables("scales"))
    _check_scales(scales, root, path)
    language, source = texts["language"], texts["origin"]
    items = tuple(_item(t, scales, language, source) for t in root.tables("items"))
    root.done()
    _unique([item.id for item in items], "item", "id", path)
    instrument = Instrument(
        **texts,
        response_scale=response_scale,
        scales=scales,
        items=items,
        path=path,
        definition=definition,
    )
    _check_measured(instrument)
    return instrument


def _response_scale(table: Table) -> ResponseScale:
    options = []
    for number, entry in enumerate(table.tables("options"), start=1):
        options.append(ResponseOption(entry.number("value"), entry.text("text")))
        entry.done()
        if number > 1 and options[-1].value <= options[-2].value:
            raise entry.wrong(
                "value", "is not above the option before it; order options from low to high"
            )
        if options[-1].text in {option.text for option in options[:-1]}:
            raise entry.wrong("text", "stands twice")
    if len(options) < 2:
        raise table.wrong("options", "has fewer than two entries")
    name = table.text("name")
    table.done()
    return ResponseScale(name, tuple(options))


def _scale(table: Table) -> Scale:
    level = table.text("level")
    if level not in ("domain", "facet"):
        raise table.wrong("level", 'is neither "domain" nor "facet"')
    parent = table.text("parent", default="") or None
    if (level == "facet") != (parent is not None):
        raise table.wrong("parent", "must be given for a facet and only for a facet")
    low, high = table.pair("range")
    if low >= high:
        raise table.wrong("range", "has its lowest score not below its highest")
    scale = Scale(
        table.text("name"),
        table.text("title"),
        level,
        parent,
        table.text("definition"),
        (low, high),
    )
    table.done()
    return scale


def _item(table: Table, scales: tuple[Scale, ...], language: str, source: str) -> Item:
    scale, key = table.text("scale"), table.integer("key")
    names = [s.name for s in scales]
    if scale not in names:
        raise table.wrong("scale", f"names no scale of this file{_nearest(scale, names)}")
    if key not in (1, -1):
        raise table.wrong("key", "is neither 1 (forward) nor -1 (reversed)")
    item = Item(table.text("id"), table.text("stem"), scale, key, language, source)
    table.done()
    return item


def _check_scales(scales: tuple[Scale, ...], root: Table, path: Path) -> None:
    _unique([scale.name for scale in scales], "scale", "name", path)
    domains = [scale.name for scale in scales if scale.level == "domain"]
    for scale, table in zip(scales, root.tables("scales"), strict=True):
        if scale.parent is not None and scale.parent not in domains:
            raise table.wrong(
                "parent", f"names no domain of this file{_nearest(scale.parent, domains)}"
            )


def _check_measured(instrument: Instrument) -> None:
    for scale, members in zip(instrument.scales, instrument.membership(), strict=True):
        if not members.any():
            raise DefinitionError(
                f"{instrument.path}: scale {scale.name!r} has no item.",
                "Give it items, or take the scale out.",
            )


def _unique(names: list[str], noun: str, field: str, path: Path) -> None:
    for position, name in enumerate(names):
        if name in names[:position]:
            raise DefinitionError(
                f"{path}: {noun} {name!r}: field '{field}' stands twice "
                f"({noun}s {names.index(name) + 1} and {position + 1}).",
                f"Give each {noun} its own {field}.",
            )


def _nearest(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f" (did you mean {near[0]!r}?)" if near else f" (it has {', '.join(known)})"
