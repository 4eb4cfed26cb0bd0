"""A table of a definition file, read field by field with errors that say where."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from psychometrics.errors import DefinitionError

_MISSING = object()


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

    def _get(
        self, field: str, kind: type | tuple[type, ...], noun: str, default: object = _MISSING
    ) -> Any:  # noqa: ANN401
        self._read.add(field)
        value = self._content.get(field, default)
        if value is _MISSING:
            raise self.wrong(field, "is missing", "Add it.")
        if not isinstance(value, kind) or isinstance(value, bool):
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
        value = float(self._get(field, (int, float), "a number"))
        if not math.isfinite(value):
            raise self.wrong(field, "is not finite")
        return value

    def pair(self, field: str) -> tuple[float, float]:
        """Return two numbers."""
        values = self._get(field, list, "a pair of numbers")
        if len(values) != 2 or not all(_is_finite(v) for v in values):
            raise self.wrong(field, "is not a pair of numbers")
        return float(values[0]), float(values[1])

    def table(self, field: str) -> "Table":
        """Return an inner table."""
        return Table(self._get(field, dict, "a table"), self._path, f"[{field}]")

    def tables(self, field: str) -> list["Table"]:
        """Return a list of inner tables, named by their number."""
        values = self._get(field, list, "a list of tables")
        if not values or not all(isinstance(v, dict) for v in values):
            raise self.wrong(field, "is not a list of tables with at least one entry")
        noun = field.removesuffix("s")
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
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
