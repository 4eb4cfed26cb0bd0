"""The table: every number of R's files either compared with ours or excluded with a reason."""

import fnmatch
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import quantities_agreement
import quantities_bootstrap
import quantities_gtheory
import quantities_icc
import quantities_misc
import quantities_mixed
import quantities_reliability
import quantities_validity
from reference_comparison import Comparison, Tolerance
from reference_exclusions import EXCLUSIONS
from reference_sources import FILES, HERE, Moments, Rows, reference

MODULES = (
    quantities_reliability, quantities_bootstrap, quantities_icc, quantities_agreement,
    quantities_gtheory, quantities_mixed, quantities_validity, quantities_misc,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A comparison beside R's number."""

    path: str
    quantity: str
    ours: float
    r: float
    tolerance: Tolerance

    @property
    def file(self) -> str:
        return self.path.split("/")[0]

    @property
    def difference(self) -> float:
        return self.ours - self.r

    @property
    def allowed(self) -> float:
        return self.tolerance.of(self.r)

    @property
    def reproduced(self) -> bool:
        return abs(self.difference) <= self.allowed


@dataclass(frozen=True, slots=True)
class FileCount:
    """What became of the numbers of one file."""

    file: str
    leaves: int
    compared: int
    reproduced: int
    excluded: dict[str, int]

    def __str__(self) -> str:
        left_out = sum(self.excluded.values())
        head = (
            f"{self.file}.json: {self.reproduced}/{self.compared} reproduced, {left_out} excluded "
            f"of {self.leaves} numbers"
        )
        return "\n".join([head, *(f"  {n:4d}  {why}" for why, n in self.excluded.items())])


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    """Every number below a value, with its path; text, null and truth values are none."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from leaves(below, f"{path}/{key}" if path else key)
    elif isinstance(value, list):
        for place, below in enumerate(value):
            yield from leaves(below, f"{path}/{place}")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, value


def all_leaves() -> dict[str, float]:
    """Every number of the files of R that belong here."""
    found = [leaf for name in FILES for leaf in leaves(reference(name), name)]
    by_path = dict(found)
    if len(by_path) < len(found):
        raise ValueError("two numbers of R's files have one path")
    return by_path


def comparisons(source: Rows | Moments) -> list[Comparison]:
    """All comparisons that the data allow."""
    found = [c for module in MODULES for c in module.comparisons(source)]
    twice = [path for path, times in Counter(c.path for c in found).items() if times > 1]
    if twice:
        raise ValueError(f"compared twice: {twice}")
    return found


def exclusion_matches(paths: Iterable[str]) -> dict[str, list[str]]:
    """The paths that each pattern of the exclusions leaves out."""
    known = list(paths)
    patterns = [pattern for group in EXCLUSIONS.values() for pattern in group]
    return {p: list(filter(re.compile(fnmatch.translate(p)).match, known)) for p in patterns}


def rows(found: Iterable[Comparison], r: dict[str, float]) -> list[Row]:
    return [Row(c.path, c.quantity, float(c.ours), r[c.path], c.tolerance) for c in found]


def kept_values() -> dict[str, float]:
    """R's numbers that are kept in this folder: those that moments suffice for."""
    return json.loads((HERE / "r_values.json").read_text(encoding="utf-8"))


def count(table: list[Row], all_paths: Iterable[str]) -> list[FileCount]:
    """Reproduced of compared and excluded for each file."""
    paths = list(all_paths)
    matches = exclusion_matches(paths)
    counted = []
    for name in FILES:
        of_file = [row for row in table if row.file == name]
        excluded = {
            why: len({p for pattern in group for p in matches[pattern] if p.startswith(f"{name}/")})
            for why, group in EXCLUSIONS.items()
        }
        counted.append(
            FileCount(
                name,
                sum(path.startswith(f"{name}/") for path in paths),
                len(of_file),
                sum(row.reproduced for row in of_file),
                {why: n for why, n in excluded.items() if n},
            )
        )
    return counted


def as_text(table: list[Row]) -> str:
    """The table, a line a comparison, with the tolerances and their reasons above."""
    tolerances = {row.tolerance.name: row.tolerance for row in table}
    lines = ["Tolerances"]
    for name, t in tolerances.items():
        lines.append(f"  {name}: {t.size:.1g}{' of the value' if t.relative else ''}: {t.reason}")
    width = max(len(row.quantity) for row in table)
    head = ("ours", "R", "difference", "tolerance")
    lines.append(f"{'quantity':{width}} " + " ".join(f"{h:>16}" for h in head))
    for file in dict.fromkeys(row.file for row in table):
        lines.append(f"{file}.json")
        for row in (row for row in table if row.file == file):
            mark = "" if row.reproduced else "  DIFFERS"
            lines.append(
                f"{row.quantity:{width}} {row.ours:16.10g} {row.r:16.10g} {row.difference:16.2e} "
                f"{row.allowed:16.1e}  {row.tolerance.name}{mark}"
            )
    return "\n".join(lines)
