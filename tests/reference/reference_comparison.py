"""One comparison of a number of ours with one of R, and how far the two may differ."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Largest difference, in absolute value; ``relative``: as a share of R's number."""

    name: str
    size: float
    reason: str
    relative: bool = False

    def of(self, r: float) -> float:
        return self.size * abs(r) if self.relative else self.size


CLOSED = Tolerance(
    "closed form", 1e-10, "closed forms on both sides; the files of R carry 14 digits"
)
MINRES = Tolerance(
    "minres", 1e-5, "psych's optimiser of the factor solution stops at a gradient near 1e-6"
)
LME4 = Tolerance(
    "mixed model", 1e-4,
    "lme4 and statsmodels stop by their own criteria; variances are flat at the optimum", True,
)  # fmt: skip
ORDINAL = Tolerance(
    "ordinal regression", 1e-4,
    "maximum likelihood of two optimisers, held to what mixed models are held to", True,
)  # fmt: skip
LIMITS = Tolerance(
    "bootstrap limits", 2e-3, "Monte Carlo: 2,000 resamples on either side, other random numbers"
)
# The standard error of a standard deviation from B resamples is its value over √(2B); two
# independent runs of 2,000, three standard errors: 3 √2 / √4000.
SPREAD = Tolerance(
    "bootstrap error", 0.067, "Monte Carlo: three standard errors of the difference of two runs "
    "of 2,000 resamples", True,
)  # fmt: skip


def printed(digits: int) -> Tolerance:
    """Of a number that was published or printed with so many decimals: half a unit of the last."""
    return Tolerance(
        f"{digits} decimals", 0.5 * 10.0**-digits * (1 + 1e-9),
        f"the number is given with {digits} decimals: half a unit of the last",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """A number of ours for a leaf of R's files.

    Parameters
    ----------
    path : str
        File, then the keys, separated by slashes; places in lists are counted from 0.
    quantity : str
        What it is, in words.
    ours : float
    tolerance : Tolerance
    needs_rows : bool
        It cannot be had from moments, only from the rows of ../shared.
    """

    path: str
    quantity: str
    ours: float
    tolerance: Tolerance
    needs_rows: bool = False


def listed(
    path: str,
    quantity: str,
    ours: Iterable[float],
    tolerance: Tolerance,
    *,
    of: Iterable[str] | None = None,
    needs_rows: bool = False,
) -> Iterator[Comparison]:
    """A list of R's, one comparison an element; ``of`` says what each belongs to."""
    values = [float(value) for value in ours]
    labels = [str(i + 1) for i in range(len(values))] if of is None else list(of)
    for i, (value, label) in enumerate(zip(values, labels, strict=True)):
        yield Comparison(f"{path}/{i}", f"{quantity}, {label}", value, tolerance, needs_rows)


def named(
    path: str, quantity: str, ours: dict[str, float], tolerance: Tolerance, **more: bool
) -> Iterator[Comparison]:
    """A dictionary of R's, one comparison an element."""
    for key, value in ours.items():
        yield Comparison(f"{path}/{key}", f"{quantity}, {key}", float(value), tolerance, **more)
