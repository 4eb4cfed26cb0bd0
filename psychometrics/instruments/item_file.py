"""Items that a data set brings: TRAIT, as one file or as a folder of files by trait."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from psychometrics.errors import WordingError
from psychometrics.instruments.installed_wording import ItemText
from psychometrics.instruments.instrument import Instrument

_TEXTS = ("situation", "question", "low_1", "low_2", "high_1", "high_2")
FIELDS = ("scale", "number", *_TEXTS)
ENDINGS = (".json", ".jsonl", ".parquet", ".arrow")
Row = Mapping[str, Any]


def read_item_file(instrument: Instrument, path: Path) -> dict[str, ItemText]:
    """Read the items of a data set, checking its fields and how many items each scale has.

    Parameters
    ----------
    instrument : Instrument
        Its ``item_file`` names the fields.
    path : Path
        A file of ``.json``, ``.jsonl``, ``.parquet`` or ``.arrow``, or a folder of such files.

    Returns
    -------
    dict of str to ItemText
        By item.

    Raises
    ------
    WordingError
        A field is missing or empty, a scale has too many or too few items, or a row names none.
    """
    fields = instrument.item_file
    scales = {name.lower(): s.name for s in instrument.scales for name in (s.name, s.title)}
    by_scale: dict[str, list[tuple[object, ItemText]]] = defaultdict(list)
    for place, row in _rows(path):
        for field in (fields["scale"], *(fields[name] for name in _TEXTS)):
            if not isinstance(row.get(field), str) or not row[field].strip():
                raise WordingError(f"{place}: field {field!r} is missing or empty.", _AS_PUBLISHED)
        scale = scales.get(row[fields["scale"]].strip().lower())
        if scale is None:
            raise WordingError(
                f"{place}: field {fields['scale']!r} = {row[fields['scale']]!r} names no scale of "
                f"{instrument.name}.",
                _AS_PUBLISHED,
            )
        situation, question, *options = (row[fields[name]] for name in _TEXTS)
        if len(set(options)) < len(options):
            raise WordingError(f"{place}: an option stands twice.", _AS_PUBLISHED)
        by_scale[scale].append(
            (row.get(fields["number"]), ItemText(situation, question, (*options,)))
        )
    return _numbered(instrument, by_scale, path)


_AS_PUBLISHED = "Give the data set as it was published."


def _numbered(
    instrument: Instrument, by_scale: Mapping[str, list[tuple[object, ItemText]]], path: Path
) -> dict[str, ItemText]:
    """Number the items of each scale by the data set's own number, not by the order of rows."""
    texts: dict[str, ItemText] = {}
    for scale in instrument.scales:
        ids = [item.id for item in instrument.items if item.scale == scale.name]
        rows = by_scale.get(scale.name, [])
        if len(rows) != len(ids):
            raise WordingError(
                f"{path}: scale {scale.name!r} has {len(rows):,} items; {len(ids):,} are needed.",
                _AS_PUBLISHED,
            )
        numbered: dict[int, ItemText] = {}
        for value, text in rows:
            number = _number(value, scale.name, path)
            if number in numbered:
                raise _twice(f"the number {number}", scale.name, path)
            numbered[number] = text
        if len(set(numbered.values())) < len(numbered):
            raise _twice("an item", scale.name, path)
        texts |= zip(ids, (numbered[number] for number in sorted(numbered)), strict=True)
    return {item.id: texts[item.id] for item in instrument.items}


def _twice(what: str, scale: str, path: Path) -> WordingError:
    return WordingError(f"{path}: scale {scale!r} has {what} twice.", _AS_PUBLISHED)


def _number(value: object, scale: str, path: Path) -> int:
    try:
        return int(str(value))
    except ValueError as error:
        raise WordingError(
            f"{path}: scale {scale!r} has an item of number {value!r}.", _AS_PUBLISHED
        ) from error


def _rows(path: Path) -> Iterator[tuple[str, Row]]:
    if path.is_dir():
        files = sorted(
            file for file in path.rglob("*") if file.suffix in ENDINGS and _is_data(file)
        )
    else:
        files = [path]
    if not files or not all(file.is_file() and file.suffix in ENDINGS for file in files):
        raise WordingError(
            f"There is no data in {path}.", f"Give a file or folder of {', '.join(ENDINGS)}."
        )
    for file in files:
        try:
            rows = list(_read(file))
        except (OSError, ValueError, RecursionError) as error:
            raise WordingError(f"{file} cannot be read: {error}.", _AS_PUBLISHED) from error
        for number, row in enumerate(rows, start=1):
            if not isinstance(row, Mapping):
                raise WordingError(f"{file}: row {number} is no object.", _AS_PUBLISHED)
            yield f"{file}: row {number}", row


def _is_data(file: Path) -> bool:
    return file.name not in ("dataset_info.json", "state.json", "dataset_dict.json")


def _read(file: Path) -> Iterator[Any]:
    if file.suffix == ".parquet":
        import pyarrow.parquet as pq

        yield from pq.read_table(file).to_pylist()
    elif file.suffix == ".arrow":
        import pyarrow as pa

        with pa.memory_map(str(file)) as mapped:
            yield from pa.ipc.open_stream(mapped).read_all().to_pylist()
    elif file.suffix == ".jsonl":
        for line in file.read_text(encoding="utf-8-sig").splitlines():
            if line.strip():
                yield json.loads(line)
    else:
        parsed = json.loads(file.read_text(encoding="utf-8-sig"))
        yield from _flat(parsed)


def _flat(parsed: object) -> Iterator[Any]:
    """Rows of a list, or of an object of lists by split."""
    if isinstance(parsed, dict) and all(isinstance(v, list) for v in parsed.values()):
        for rows in parsed.values():
            yield from rows
    elif isinstance(parsed, list):
        yield from parsed
    else:
        raise ValueError("it is neither a list of items nor an object of lists")
