"""A table of a definition file, read field by field with errors that say where."""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from psychometrics.errors import DefinitionError

_MISSING = object()
_HASH = re.compile("[0-9a-f]{64}")
_NOUNS = {"norms": "norms", "reliabilities": "reliability"}


class Table:
    """One TOML table; every field is asked for by its type, and none may be left over.

    Examples
    --------
    >>> table = Table({"id": "x-1", "key": 7}, Path("mine.toml"), "item 1")
    >>> table.integer("key")
    7
    >>> table.text("stem")
    Traceback (most recent call last):
    ...
    psychometrics.errors.DefinitionError: mine.toml: item 1 ('x-1'): field 'stem' is missing.
    Mend: Add it.
    """

    def __init__(self, content: Mapping[str, Any], path: Path, place: str) -> None:
        self._content = content
        self._path = path
        label = content.get("id", content.get("name"))
        self._place = f"{place} ({label!r})" if isinstance(label, str) else place
        self._read: set[str] = set()

    def wrong(self, field: str, problem: str, mend: str = "Mend that field.") -> DefinitionError:
        """Build the error for a field of this table."""
        value = self._content.get(field, _MISSING)
        shown = "" if value is _MISSING or isinstance(value, dict | list) else f" = {value!r}"
        return DefinitionError(
            f"{self._path}: {self._place}: field '{field}'{shown} {problem}.", mend
        )

    def has(self, field: str) -> bool:
        """Whether the field is there."""
        return field in self._content

    def _get(
        self, field: str, kind: type | tuple[type, ...], noun: str, default: object = _MISSING
    ) -> Any:  # noqa: ANN401
        self._read.add(field)
        value = self._content.get(field, default)
        if value is _MISSING:
            raise self.wrong(field, "is missing", "Add it.")
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.wrong(field, f"is not {noun}")
        return value

    def text(self, field: str, default: str | object = _MISSING) -> str:
        """Return a text; an empty one counts as missing unless a default is given."""
        value: str = self._get(field, str, "a text", default)
        if default is _MISSING and not value.strip():
            raise self.wrong(field, "is empty")
        return value

    def integer(self, field: str) -> int:
        """Return a whole number."""
        value: int = self._get(field, int, "a whole number")
        return value

    def number(self, field: str) -> float:
        """Return a number."""
        value = self._get(field, (int, float), "a number")
        if not _is_finite(value):
            raise self.wrong(field, "is not finite")
        return float(value)

    def boolean(self, field: str) -> bool:
        """Return true or false."""
        value: bool = self._get(field, bool, "true or false")
        return value

    def choice(self, field: str, known: Sequence[str], default: str | object = _MISSING) -> str:
        """Return one of some words."""
        value = self.text(field, default)
        if value not in known:
            raise self.wrong(field, f"is none of {', '.join(known)}")
        return value

    def texts(self, field: str, n: int) -> tuple[str, ...]:
        """Return a list of n different texts."""
        values = self._get(field, list, "a list of texts")
        if not all(isinstance(v, str) and v.strip() for v in values):
            raise self.wrong(field, "is not a list of texts")
        if len(values) != n:
            raise self.wrong(field, f"has {len(values)} entries; {n} are needed")
        if len(set(values)) < n:
            raise self.wrong(field, "has an entry that stands twice")
        return tuple(values)

    def pair(self, field: str) -> tuple[float, float]:
        """Return two numbers."""
        return self._pair(field, self._get(field, list, "a pair of numbers"))

    def _pair(self, field: str, values: object) -> tuple[float, float]:
        if not isinstance(values, list) or len(values) != 2 or not all(map(_is_finite, values)):
            raise self.wrong(field, "is not a pair of numbers")
        return float(values[0]), float(values[1])

    def numbers(self, field: str) -> list[float]:
        """Return a list of numbers, which may be empty."""
        values = self._get(field, list, "a list of numbers", [])
        if not all(map(_is_finite, values)):
            raise self.wrong(field, "is not a list of numbers")
        return [float(value) for value in values]

    def pairs_by_name(self, field: str) -> dict[str, tuple[float, float]]:
        """Return pairs of numbers by name."""
        values = self._get(field, dict, "a table")
        return {name: self._pair(f"{field}.{name}", pair) for name, pair in values.items()}

    def numbers_by_name(self, field: str) -> dict[str, float]:
        """Return numbers by name."""
        values = self._get(field, dict, "a table")
        for name, value in values.items():
            if not _is_finite(value):
                raise self.wrong(f"{field}.{name}", "is not a number")
        return {name: float(value) for name, value in values.items()}

    def integers_by_name(self, field: str) -> dict[str, int]:
        """Return whole numbers by name; none if the field is not there."""
        values = self._get(field, dict, "a table", {})
        for name, value in values.items():
            if not isinstance(value, int) or isinstance(value, bool):
                raise self.wrong(f"{field}.{name}", "is not a whole number")
        return dict(values)

    def texts_by_name(self, field: str) -> dict[str, str]:
        """Return texts by name; none if the field is not there."""
        values = self._get(field, dict, "a table", {})
        for name, value in values.items():
            if not isinstance(value, str) or not value.strip():
                raise self.wrong(f"{field}.{name}", "is not a text")
        return dict(values)

    def hash(self, field: str) -> str:
        """Return a SHA-256 digest."""
        return self._hash(field, self.text(field))

    def _hash(self, field: str, value: str) -> str:
        if not _HASH.fullmatch(value):
            raise self.wrong(field, "is no SHA-256: 64 digits from 0-9 and a-f are needed")
        return value

    def hashes_by_name(self, field: str) -> dict[str, str]:
        """Return SHA-256 digests by name; none if the field is not there."""
        values = self.texts_by_name(field)
        return {name: self._hash(f"{field}.{name}", value) for name, value in values.items()}

    def table(self, field: str) -> "Table":
        """Return an inner table."""
        return Table(self._get(field, dict, "a table"), self._path, f"[{field}]")

    def tables(self, field: str, *, optional: bool = False) -> list["Table"]:
        """Return a list of inner tables, named by their number."""
        values = self._get(field, list, "a list of tables", [] if optional else _MISSING)
        if optional and field not in self._content:
            return []
        if not values or not all(isinstance(v, dict) for v in values):
            raise self.wrong(field, "is not a list of tables with at least one entry")
        noun = _NOUNS.get(field, field.removesuffix("s"))
        return [Table(v, self._path, f"{noun} {n}") for n, v in enumerate(values, start=1)]

    def done(self) -> None:
        """Refuse fields that nobody asked for (most often a misspelling)."""
        unknown = sorted(set(self._content) - self._read)
        if unknown:
            known = ", ".join(sorted(self._read))
            raise self.wrong(
                unknown[0],
                f"is not known here; fields are: {known}",
                "Mend the spelling or take it out.",
            )


def _is_finite(value: object) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return abs(value) <= sys.float_info.max
