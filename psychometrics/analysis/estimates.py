"""Several estimates: what a verb returns when it is asked for more than one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import pandas as pd

from psychometrics.analysis.estimate import Estimate, estimates_frame
from psychometrics.errors import DataError


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
    def __getitem__(self, key: int | str) -> Estimate: ...
    @overload
    def __getitem__(self, key: slice) -> "Estimates": ...
    def __getitem__(self, key: int | str | slice) -> "Estimate | Estimates":
        if isinstance(key, slice):
            return Estimates(self.estimates[key])
        if isinstance(key, int):
            return self.estimates[key]
        found = [
            e for e in self.estimates if key in (e.of, e.name, e.label, *e.variant.split(", "))
        ]
        if len(found) != 1:
            labels = ", ".join(dict.fromkeys(e.of or e.variant or e.name for e in self.estimates))
            raise DataError(
                f"{len(found)} of these estimates are called {key!r}.",
                f"Choose one of: {labels}; or take it by its number.",
            )
        return found[0]

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
        return "\n".join([f"<{len(self)} estimates>", *(f"  {e!r}" for e in self.estimates)])

    def _repr_html_(self) -> str:
        shown = ["of", "name", "variant", "value", "ci_low", "ci_high", "n", "n_unit", "note"]
        return self.to_frame()[shown].to_html(escape=True, index=False)


def estimates(*parts: Estimate | Iterable[Estimate]) -> Estimates:
    """Put estimates into one sequence.

    Examples
    --------
    >>> len(estimates())
    0
    """
    flat = [e for part in parts for e in ([part] if isinstance(part, Estimate) else part)]
    return Estimates(tuple(flat))
