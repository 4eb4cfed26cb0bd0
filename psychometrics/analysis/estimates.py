"""Several estimates: what a verb returns when it is asked for more than one."""

import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import SupportsIndex, overload

import pandas as pd

from psychometrics.analysis.estimate import Estimate, estimates_frame
from psychometrics.errors import DataError

# Labels that an error lists.
_SHOWN = 6


@dataclass(frozen=True)
class Estimates(Sequence[Estimate]):
    """Estimates in their order; taken by number, by name, by variant or by what they are of.

    Parameters
    ----------
    estimates : tuple of Estimate

    Examples
    --------
    >>> one = Estimate("alpha", 0.8, 0.7, 0.9, 0.95, 60, "respondents", "Feldt", "", of="trust")
    >>> Estimates((one,))["trust"].value
    0.8
    """

    estimates: tuple[Estimate, ...]

    @overload
    def __getitem__(self, key: SupportsIndex | str | tuple[str, str]) -> Estimate: ...
    @overload
    def __getitem__(self, key: slice) -> "Estimates": ...
    def __getitem__(
        self, key: SupportsIndex | str | tuple[str, str] | slice
    ) -> "Estimate | Estimates":
        if isinstance(key, slice):
            return Estimates(self.estimates[key])
        if not isinstance(key, str | tuple):
            return self.estimates[operator.index(key)]
        wanted = (key,) if isinstance(key, str) else key
        found = [e for e in self.estimates if all(part in _keys(e) for part in wanted)]
        if len(found) != 1:
            told = " and ".join(map(repr, wanted))
            labels = self._labels(found or self.estimates)
            more = f" and {len(labels) - _SHOWN} more" if len(labels) > _SHOWN else ""
            raise DataError(
                f"{len(found)} of these estimates are called {told}.",
                f"Choose one by its label, {'; '.join(labels[:_SHOWN])}{more}; by what it is of "
                "and its name together, as in found['trust', 'alpha']; or by its number.",
            )
        return found[0]

    def _labels(self, among: Sequence[Estimate]) -> list[str]:
        """Labels to choose by; the number where one label is that of several."""
        all_labels = [e.label for e in self.estimates]
        return [
            e.label
            if all_labels.count(e.label) == 1
            else f"{e.label} (number {next(i for i, own in enumerate(self.estimates) if own is e)})"
            for e in among
        ]

    def __iter__(self) -> Iterator[Estimate]:
        return iter(self.estimates)

    def __len__(self) -> int:
        return len(self.estimates)

    def __add__(self, other: "Estimates | Estimate") -> "Estimates":
        return estimates(self, other)

    def to_frame(self) -> pd.DataFrame:
        """One row an estimate."""
        return estimates_frame(self.estimates)

    def __repr__(self) -> str:
        notes = list(dict.fromkeys(e.note for e in self.estimates if e.note))
        marks = {note: f" [{n + 1}]" for n, note in enumerate(notes)}
        lines = [f"  {e.line}{marks.get(e.note, '')}" for e in self.estimates]
        below = [f"{mark.strip()} {note}" for note, mark in marks.items()]
        return "\n".join([f"<{len(self)} estimates>", *lines, *below])

    def _repr_html_(self) -> str:
        shown = ["of", "name", "variant", "value", "ci_low", "ci_high", "n", "n_unit", "note"]
        return self.to_frame()[shown].to_html(escape=True, index=False)


def _keys(estimate: Estimate) -> tuple[str, ...]:
    """Words by which an estimate is found."""
    variants = (estimate.variant, *estimate.variant.split(", "))
    words = (estimate.of, estimate.name, estimate.label, *variants)
    return tuple(word for word in words if word)


def estimates(*parts: Estimate | Iterable[Estimate]) -> Estimates:
    """Put estimates into one sequence.

    Examples
    --------
    >>> len(estimates())
    0
    """
    flat = [e for part in parts for e in ([part] if isinstance(part, Estimate) else part)]
    return Estimates(tuple(flat))
