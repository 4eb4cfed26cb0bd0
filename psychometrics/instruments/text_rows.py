"""Rows of text in a file that may hold the wording of an instrument, whatever its layout."""

import csv
import io
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

from psychometrics.errors import WordingError
from psychometrics.instruments.item import PAIR

_LABELLED = re.compile(
    r"\s*(?P<label>(?:[A-Za-z][\w-]{0,20})?\d{1,4})(?:[.):]|\s)\s*(?P<text>\S.*)"
)
_BULLET = re.compile(r"\s*[-*•]\s+")
_LABEL_COLUMNS = ("item", "id", "number", "num", "n", "no", "code", "nr")
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
    """

    place: str
    texts: tuple[str, ...]
    label: str = ""
    key: str = ""


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
        content = path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise WordingError(f"{path} cannot be read: {error.strerror}.", "Mend the path.") from error
    rows = list(_READERS[path.suffix.lower()](content, path))
    if not rows:
        raise WordingError(f"{path} holds no text.", "Give a file with one item a line or row.")
    return rows


def _lines(content: str, path: Path) -> Iterator[TextRow]:
    for number, line in enumerate(content.splitlines(), start=1):
        text = line.strip()
        if not text:
            continue
        found = _LABELLED.fullmatch(line)
        bare = _BULLET.sub("", line, count=1).strip()
        stripped = (found["text"].strip(),) if found else ()
        texts = tuple(dict.fromkeys([bare, text, *stripped]))
        label = found["label"] if found else ""
        yield TextRow(f"line {number}", tuple(map(_pair, texts)), label)


def _table(content: str, path: Path) -> Iterator[TextRow]:
    first = content.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    rows = list(csv.reader(io.StringIO(content), delimiter=mark))
    heads = [head.strip().lower() for head in rows[0]] if rows else []
    label = next((heads.index(name) for name in _LABEL_COLUMNS if name in heads), None)
    for number, row in enumerate(rows, start=1):
        cells = [cell.strip() for cell in row]
        yield TextRow(
            f"row {number}",
            _candidates(cells),
            cells[label] if label is not None and label < len(cells) else "",
        )


def _objects(content: str, path: Path) -> Iterator[TextRow]:
    try:
        parsed = json.loads(content)
    except ValueError as error:
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
                yield _row_of_object(entry, f"entry {number}")
            else:
                yield from rows_of_json(entry)


def _rows_of_mapping(parsed: dict[str, object]) -> Iterator[TextRow]:
    for name, value in parsed.items():
        if isinstance(value, str):
            yield TextRow(f"entry {name!r}", (_pair(value),), name)
        elif isinstance(value, list) and _is_texts(value):
            yield TextRow(f"entry {name!r}", _candidates(value), name)
        elif isinstance(value, dict) and any(isinstance(v, str) for v in value.values()):
            row = _row_of_object(value, f"entry {name!r}")
            yield TextRow(row.place, row.texts, row.label or name, row.key)
        else:
            yield from rows_of_json(value)


def _row_of_object(entry: dict[str, object], place: str) -> TextRow:
    cells = {name: value for name, value in entry.items() if isinstance(value, str)}
    label = next((str(entry[name]) for name in _LABEL_COLUMNS if name in entry), "")
    return TextRow(place, _candidates(list(cells.values())), label, str(entry.get("id", "")))


def _is_texts(value: object) -> TypeGuard[list[str]]:
    return (
        isinstance(value, list) and 0 < len(value) <= 3 and all(isinstance(v, str) for v in value)
    )


def _candidates(cells: list[str]) -> tuple[str, ...]:
    """Each cell, and each two neighbours as a pair."""
    single = [cell for cell in cells if cell.strip()]
    pairs = [PAIR.join(two) for two in itertools.pairwise(cells) if all(two)]
    return tuple(dict.fromkeys([*map(_pair, single), *pairs]))


def _pair(text: str) -> str:
    """Write whatever divides two descriptions in one line in our way."""
    return PAIR.join(part.strip() for part in re.split(r"\s*[|\t]\s*", text) if part.strip())


_READERS = {".txt": _lines, ".csv": _table, ".json": _objects}
