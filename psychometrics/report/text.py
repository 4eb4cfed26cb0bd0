"""Numbers, counts and names as they are printed."""

import math
from collections.abc import Iterable, Sequence

from psychometrics.instruments.instrument import Instrument

MISSING = "—"
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def number(x: float, digits: int = 2) -> str:
    """Print a number with a true minus sign, and never a minus zero.

    Examples
    --------
    >>> number(2.5), number(-0.001), number(float("nan"))
    ('2.50', '0.00', '—')
    """
    if math.isnan(x):
        return MISSING
    text = f"{x:.{digits}f}"
    return text.replace("-", "−") if float(text) else text.removeprefix("-")


def small(x: float) -> str:
    """Print a number of any size with two digits.

    Examples
    --------
    >>> small(7.21e-06), small(0.034), small(0.0)
    ('7.2 × 10⁻⁶', '0.034', '0')
    """
    digits, _, power = f"{x:.2g}".partition("e")
    if not power:
        return digits
    return f"{digits} × 10{str(int(power)).translate(_RAISED)}"


def interval(low: float, high: float, digits: int = 2) -> str:
    """Print an interval, or nothing if there is none.

    Examples
    --------
    >>> interval(-0.5, 2), interval(float("nan"), float("nan"))
    ('[−0.50, 2.00]', '')
    """
    if math.isnan(low) or math.isnan(high):
        return ""
    return f"[{number(low, digits)}, {number(high, digits)}]"


def with_interval(x: float, low: float, high: float, digits: int = 2) -> str:
    """Print a number and, if it has one, its interval.

    Examples
    --------
    >>> with_interval(3, 2.5, 3.5)
    '3.00 [2.50, 3.50]'
    """
    return f"{number(x, digits)} {interval(low, high, digits)}".rstrip()


def percent(share: float, *, signed: bool = False) -> str:
    """Print a share in per cent.

    Examples
    --------
    >>> percent(0.335), percent(0.335, signed=True)
    ('33.5%', '+33.5%')
    """
    if math.isnan(share):
        return MISSING
    plus = "+" if signed and float(f"{share:.3f}") > 0 else ""
    return f"{plus}{number(100 * share, 1)}%"


def count(n: int, noun: str) -> str:
    """Print a number of things.

    Examples
    --------
    >>> count(1, "item"), count(1200, "item")
    ('1 item', '1,200 items')
    """
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def span(numbers: Iterable[int]) -> str:
    """Print whole numbers as one, or as the range they cover.

    Examples
    --------
    >>> span([12, 12]), span([10, 12, 11])
    ('12', '10 to 12')
    """
    found = list(numbers)
    low, high = min(found, default=0), max(found, default=0)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def enumeration(words: Sequence[str]) -> str:
    """Join words with commas and an "and".

    Examples
    --------
    >>> enumeration(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def scale_titles(names: Iterable[str], instrument: Instrument) -> list[str]:
    """Titles of scales by their names; an empty name has an empty title.

    Examples
    --------
    >>> import psychometrics as pm
    >>> scale_titles(["self_discipline", ""], pm.load_instrument("big-five-60"))
    ['Self-discipline', '']
    """
    known = {scale.name: scale.title for scale in instrument.scales}
    return [known.get(name, "") for name in names]
