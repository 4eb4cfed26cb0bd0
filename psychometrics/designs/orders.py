"""Orders in which the options of an item are presented.

An order is a tuple of canonical option indices (from 0) in the sequence in which they are shown:
``order[position] = option``.
"""

import itertools
import math
import re

import numpy as np

from psychometrics.errors import DesignError

Order = tuple[int, ...]
MAX_ALL = 120
_RANDOM = re.compile(r"random\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)")


def order_name(order: Order) -> str:
    """Name an order by the canonical numbers (from 1) in the sequence shown.

    Examples
    --------
    >>> order_name((0, 2, 1))
    '1-3-2'
    """
    return "-".join(str(option + 1) for option in order)


def williams(k: int) -> tuple[Order, ...]:
    """Williams design: every option in every position, every neighbour pair, equally often.

    Parameters
    ----------
    k : int
        Number of options, at least 2.

    Returns
    -------
    tuple of tuple of int
        k orders for even k, 2k for odd k.

    References
    ----------
    Williams, E. J. (1949). Experimental designs balanced for the estimation of residual effects
    of treatments. Australian Journal of Scientific Research, 2, 149–168. doi:10.1071/CH9490149

    Examples
    --------
    >>> williams(4)
    ((0, 1, 3, 2), (1, 2, 0, 3), (2, 3, 1, 0), (3, 0, 2, 1))
    >>> len(williams(5))
    10
    """
    zigzag = [(i + 1) // 2 if i % 2 else -(i // 2) for i in range(k)]
    rows = tuple(tuple((shift + step) % k for step in zigzag) for shift in range(k))
    return rows if k % 2 == 0 else rows + tuple(row[::-1] for row in rows)


def paired(k: int) -> tuple[Order, ...]:
    """High and low options in turn, and the same with every two of them swapped.

    Parameters
    ----------
    k : int
        Number of options: k / 2 low ones, then as many high ones.

    References
    ----------
    Lee, S., et al. (2024). Do LLMs have distinct and consistent personality? TRAIT: Personality
    testset designed for LLMs with psychometrics. arXiv:2406.14703

    Examples
    --------
    >>> paired(4)
    ((2, 0, 3, 1), (0, 2, 1, 3))
    """
    if k % 2:
        raise DesignError(
            f"option_order='paired' needs an even number of options, not {k}.",
            "Use option_order='balanced'.",
        )
    pairs = [(high, low) for low, high in enumerate(range(k // 2, k))]
    return tuple(tuple(option for pair in pairs for option in pair[::step]) for step in (1, -1))


def option_orders(spec: str, k: int, seed: int) -> tuple[Order, ...]:
    """Expand the name of an order set for items of k options.

    Parameters
    ----------
    spec : str
        ``"as_written"``, ``"reversed"``, ``"balanced"`` (Williams), ``"latin"`` (the first k of
        these: every option in every position once, in half of the orders where k is odd),
        ``"paired"`` (high and low options in turn, and swapped), ``"all"`` or ``"random(n)"`` /
        ``"random(n, seed)"`` (n different orders).
    k : int
        Number of options.
    seed : int
        For ``random(n)`` without a seed of its own.

    Raises
    ------
    DesignError
        Unknown name, more than 120 orders, or more random orders than there are.

    Examples
    --------
    >>> option_orders("reversed", 3, seed=0)
    ((2, 1, 0),)
    >>> len(option_orders("balanced", 5, seed=0)), len(option_orders("latin", 5, seed=0))
    (10, 5)
    >>> option_orders("balanced", 5, seed=0)[0]
    (0, 1, 4, 2, 3)
    """
    written = tuple(range(k))
    if spec == "as_written":
        return (written,)
    if spec == "reversed":
        return (written[::-1],)
    if spec == "balanced":
        return williams(k)
    if spec == "latin":
        return williams(k)[:k]
    if spec == "paired":
        return paired(k)
    if spec == "all":
        return _all(k)
    return _random(spec, k, seed)


def check_order_spec(spec: str) -> None:
    """Refuse a name that no order set has."""
    known = ("as_written", "reversed", "balanced", "latin", "paired", "all")
    if not isinstance(spec, str) or (spec not in known and not _RANDOM.fullmatch(spec)):
        raise _unknown(spec)


def _all(k: int) -> tuple[Order, ...]:
    if math.factorial(k) > MAX_ALL:
        raise DesignError(
            f"All {math.factorial(k)} orders of {k} options are too many (at most {MAX_ALL}).",
            "Use option_order='balanced' or 'random(n)'.",
        )
    return tuple(itertools.permutations(range(k)))


def _random(spec: str, k: int, seed: int) -> tuple[Order, ...]:
    match = _RANDOM.fullmatch(spec)
    if match is None:
        raise _unknown(spec)
    n = int(match[1])
    if not 1 <= n <= math.factorial(k):
        raise DesignError(
            f"{n} different orders of {k} options were asked for; there are {math.factorial(k)}.",
            f"Ask for 1 to {math.factorial(k)}.",
        )
    rng = np.random.default_rng([int(match[2]) if match[2] else seed, *b"option_order"])
    drawn: dict[Order, None] = {}
    while len(drawn) < n:
        drawn.setdefault(tuple(int(option) for option in rng.permutation(k)))
    return tuple(drawn)


def _unknown(spec: str) -> DesignError:
    return DesignError(
        f"option_order={spec!r} is no set of orders.",
        "Use as_written, reversed, balanced, latin, paired, all, random(n) or random(n, seed).",
    )
