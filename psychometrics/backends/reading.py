"""Which rows of which sequences have to be read to score the labels after a prompt."""

from collections.abc import Iterable
from dataclasses import dataclass

from psychometrics._types import TokenIds


@dataclass(frozen=True, slots=True)
class Reading:
    """Tokens to append to a prompt, and after how many of them to read the next token."""

    appended: TokenIds
    depths: tuple[int, ...]


def readings(paths: Iterable[TokenIds]) -> tuple[Reading, ...]:
    """Cover every inner node of the tree of label paths, each exactly once.

    Labels of one token need one reading of the prompt itself; ``1`` and ``10`` as ``(1,)`` and
    ``(1, 0)`` need the prompt with ``1`` appended, read before and after it.

    Parameters
    ----------
    paths : iterable of tuple of int
        Tokens of the labels.

    Returns
    -------
    tuple of Reading

    Examples
    --------
    >>> readings([(1,), (1, 0), (2,)])
    (Reading(appended=(1,), depths=(0, 1)),)
    """
    nodes = sorted({path[:depth] for path in paths for depth in range(len(path))})
    seen: set[TokenIds] = set()
    found = []
    for node, after in zip(nodes, [*nodes[1:], None], strict=True):
        if after is not None and after[: len(node)] == node:
            continue  # a longer node passes through this one
        depths = tuple(d for d in range(len(node) + 1) if node[:d] not in seen)
        seen.update(node[:d] for d in depths)
        found.append(Reading(node, depths))
    return tuple(found)
