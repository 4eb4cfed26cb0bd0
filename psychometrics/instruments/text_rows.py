"""Rows of text in a file that may hold the wording of an instrument, whatever its layout."""

import codecs
import csv
import io
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from psychometrics.errors import WordingError
from psychometrics.instruments.item import PAIR

_LABELLED = re.compile(
    r"\(?(?P<label>(?:[A-Za-z][\w-]{0,20})?\d{1,4})(?:[.):]|\s)\s*(?P<text>\S.*)"
)
_BULLET = re.compile(r"\s*[-*•]\s+")
_LABEL = re.compile(r"[\w-]{1,24}")
_LABEL_COLUMNS = ("id", "number", "num", "n", "no", "nr", "code", "item")
_STEM_COLUMNS = ("stem", "text", "statement", "wording", "question", "item")
ENDINGS = (".txt", ".csv", ".json")


@dataclass(frozen=True, slots=True)
class TextRow:
    """One place of a file: what could be a stem, and what could be its label.

    Parameters
    ----------
    place : str
        For messages, such as ``line 3``.
    texts : tuple of str
        Candidates, the likeliest first.
    label : str
        Number or code; empty if there is none.
    key : str
        Whatever else identifies the row in files of several languages.
    stem : str
        The one of the texts whose heading says that it is the stem; empty if none does.
    """

    place: str
    texts: tuple[str, ...]
    label: str = ""
    key: str = ""
    stem: str = ""


def read_text_rows(path: Path) -> list[TextRow]:
    """Read a wording file of a user.

    Parameters
    ----------
    path : Path
        ``.txt``: one item a line, a number or code before it if you like; ``.csv``: one item a row;
        ``.json``: a list of texts, of pairs or of objects, or an object of texts by item. A pair is
        two columns, two entries, or two texts with ``|`` or a tab between them.

    Raises
    ------
    WordingError
        The file is not there, cannot be read, or has another ending.
    """
    if path.suffix.lower() not in ENDINGS:
        raise WordingError(
            f"{path} ends in {path.suffix!r}.", f"Give a file of {', '.join(ENDINGS)}."
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WordingError(f"{path} cannot be read: {error.strerror}.", "Mend the path.") from error
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    decoded = content.decode("utf-16" if wide else "utf-8-sig", errors="replace")
    rows = [row for row in _READERS[path.suffix.lower()](decoded, path) if any(row.texts)]
    if not rows:
        raise WordingError(f"{path} holds no text.", "Give a file with one item a line or row.")
    return rows


def _lines(content: str, path: Path) -> Iterator[TextRow]:
    for number, line in enumerate(content.splitlines(), start=1):
        bare = _BULLET.sub("", line, count=1).strip()
        found = _LABELLED.fullmatch(bare)
        texts = [bare, line.strip(), *([found["text"].strip()] if found else [])]
        texts = [*map(_pair, texts), *(" ".join(t.split()) for t in texts if "\t" in t)]
        label = found["label"] if found else ""
        yield TextRow(f"line {number}", tuple(dict.fromkeys(texts)), label)


def _table(content: str, path: Path) -> Iterator[TextRow]:
    first = next((line for line in content.splitlines() if line.strip()), "")
    mark = max(",;\t", key=re.sub('"[^"]*"', "", first).count)
    lines = io.StringIO(content, newline=None)  # which knows line ends of every kind
    try:
        rows = list(csv.reader(lines, delimiter=mark))
    except csv.Error as error:
        raise WordingError(f"{path} is not valid CSV: {error}.", "Mend that place.") from error
    heads: list[str] = []
    for number, row in enumerate(rows, start=1):
        cells = [cell.strip() for cell in row]
        label, stem = _headed(dict(zip(heads, cells, strict=False)))
        yield TextRow(f"row {number}", _candidates(cells), label, stem=stem)
        heads = heads or [cell.lower() for cell in cells if any(cells)]


def _objects(content: str, path: Path) -> Iterator[TextRow]:
    try:
        parsed = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise WordingError(f"{path} is not valid JSON: {error}.", "Mend that place.") from error
    yield from rows_of_json(parsed)


def rows_of_json(parsed: object) -> Iterator[TextRow]:
    """Rows of whatever a JSON file holds, at any depth.

    Examples
    --------
    >>> [row.texts for row in rows_of_json([{"id": "a", "text": "I sing."}])]
    [('a', 'I sing.', 'a | I sing.')]
    """
    if isinstance(parsed, dict):
        yield from _rows_of_mapping(parsed)
    elif isinstance(parsed, list):
        for number, entry in enumerate(parsed, start=1):
            if isinstance(entry, str):
                yield TextRow(f"entry {number}", (_pair(entry),))
            elif _is_texts(entry):
                yield TextRow(f"entry {number}", _candidates(entry))
            elif isinstance(entry, dict) and any(isinstance(v, str) for v in entry.values()):
                yield from _rows_of_object(entry, f"entry {number}")
            else:
                yield from rows_of_json(entry)


def _rows_of_mapping(parsed: dict[str, object]) -> Iterator[TextRow]:
    for name, value in parsed.items():
        if isinstance(value, str):
            yield TextRow(f"entry {name!r}", (_pair(value),), name)
        elif isinstance(value, list) and _is_texts(value):
            yield TextRow(f"entry {name!r}", _candidates(value), name)
        elif isinstance(value, dict) and any(isinstance(v, str) for v in value.values()):
            yield from _rows_of_object(value, f"entry {name!r}", name)
        else:
            yield from rows_of_json(value)


def _rows_of_object(entry: dict[str, object], place: str, name: str = "") -> Iterator[TextRow]:
    """One row of its texts and its short lists; then those of whatever else it holds."""
    cells = [value for value in entry.values() if isinstance(value, str)]
    short = [value for value in entry.values() if _is_texts(value)]
    texts = dict.fromkeys(text for part in (cells, *short) for text in _candidates(part))
    label, stem = _headed({head.lower(): value for head, value in entry.items()})
    yield TextRow(place, tuple(texts), label or name, str(entry.get("id", "")), stem)
    for value in entry.values():
        if isinstance(value, dict | list) and not _is_texts(value):
            yield from rows_of_json(value)


def _headed(cells: Mapping[str, object]) -> tuple[str, str]:
    """Label and stem of a row, as far as headings tell; a sentence is no label."""
    labels = [
        str(cells[name]).strip()
        for name in _LABEL_COLUMNS
        if isinstance(cells.get(name), str | int) and _LABEL.fullmatch(str(cells[name]).strip())
    ]
    label = next(iter(labels), "")
    stems = [str(cells[name]) for name in _STEM_COLUMNS if isinstance(cells.get(name), str)]
    return label, next((_pair(stem) for stem in stems if stem.strip() != label), "")


def _is_texts(value: object) -> TypeGuard[list[str]]:
    return (
        isinstance(value, list) and 0 < len(value) <= 3 and all(isinstance(v, str) for v in value)
    )


def _candidates(cells: list[str]) -> tuple[str, ...]:
    """Each cell, and each two neighbours as a pair."""
    single = [cell for cell in cells if cell.strip()]
    pairs = [PAIR.join(two) for two in itertools.pairwise(cells) if all(map(str.strip, two))]
    return tuple(dict.fromkeys([*map(_pair, single), *pairs]))


def _pair(text: str) -> str:
    """Write whatever divides two descriptions in one line in our way."""
    return PAIR.join(part.strip() for part in re.split(r"\s*[|\t]\s*", text) if part.strip())


_READERS = {".txt": _lines, ".csv": _table, ".json": _objects}
