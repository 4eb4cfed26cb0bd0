"""Token sequences as a trie laid out depth first: every distinct token once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from psychometrics._types import IntArray, TokenIds

# A piece repeats the tokens that it shares with the piece before it; they may be this share of it.
_REPEATED = 1 / 16
_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Trie:
    """Nodes in depth-first order; node k is an ancestor of node q, or q itself, iff k ≤ q < end[k].

    Parameters
    ----------
    token : ndarray of int, shape (n_nodes,)
    depth : ndarray of int, shape (n_nodes,)
        From 0: the position of the token in its sequences.
    parent : ndarray of int, shape (n_nodes,)
        Node before it; -1 at the beginning of a sequence.
    end : ndarray of int, shape (n_nodes,)
        First node after its subtree.
    last : ndarray of int, shape (n_sequences,)
        Node of the last token of each sequence, in the order they were given.
    """

    token: IntArray
    depth: IntArray
    parent: IntArray
    end: IntArray
    last: IntArray

    def __len__(self) -> int:
        return len(self.token)

    def ancestors(self, node: int) -> IntArray:
        """Nodes on the way to a node, the first token first, itself left out."""
        found = np.empty(self.depth[node] if node < len(self) else 0, dtype=np.int64)
        for at in range(len(found) - 1, -1, -1):
            node = int(self.parent[node])
            found[at] = node
        return found


def make_trie(sequences: Sequence[TokenIds]) -> Trie:
    """Lay out sequences; the nodes do not depend on the order in which they are given.

    Parameters
    ----------
    sequences : sequence of tuple of int
        None empty; one may begin another, or be there twice.

    Returns
    -------
    Trie

    Examples
    --------
    >>> trie = make_trie([(7, 8, 9), (7, 5)])
    >>> trie.token.tolist(), trie.depth.tolist(), trie.end.tolist(), trie.last.tolist()
    ([7, 5, 8, 9], [0, 1, 1, 2], [4, 2, 4, 4], [3, 1])
    """
    order = sorted(range(len(sequences)), key=sequences.__getitem__)
    ordered = [sequences[i] for i in order]
    shared = shared_with_previous(ordered)
    lengths = np.fromiter(map(len, ordered), dtype=np.int64, count=len(ordered))
    starts = np.concatenate([[0], np.cumsum(lengths - shared)])
    n_nodes = int(starts[-1])
    token = np.fromiter(
        (t for ids, k in zip(ordered, shared, strict=True) for t in ids[k:]), np.int64, n_nodes
    )
    depth = np.arange(n_nodes) + np.repeat(shared - starts[:-1], lengths - shared)
    parent = np.arange(-1, n_nodes - 1)
    end = np.full(n_nodes, n_nodes)
    last = np.empty(len(ordered), dtype=np.int64)
    path = np.empty(int(lengths.max(initial=0)), dtype=np.int64)
    length = 0
    for i, k in enumerate(shared):
        start, stop = starts[i], starts[i + 1]
        end[path[k:length]] = start
        if stop > start:
            parent[start] = path[k - 1] if k else -1
        length = lengths[i]
        path[k:length] = np.arange(start, stop)
        last[order[i]] = path[length - 1]
    return Trie(token, depth, parent, end, last)


def shared_with_previous(ordered: Sequence[TokenIds]) -> IntArray:
    """Tokens that each sequence has in common with the one before it, from their beginning.

    Examples
    --------
    >>> shared_with_previous([(7, 5), (7, 8), (7, 8, 9)]).tolist()
    [0, 1, 2]
    """
    shared = np.zeros(len(ordered), dtype=np.int64)
    for first in range(1, len(ordered), _BLOCK):
        block = ordered[first - 1 : first + _BLOCK]
        lengths = np.fromiter(map(len, block), dtype=np.int64, count=len(block))
        flat = np.fromiter((t for ids in block for t in ids), np.int64, int(lengths.sum()))
        starts = np.cumsum(lengths) - lengths
        common = np.minimum(lengths[1:], lengths[:-1])
        pair = np.repeat(np.arange(len(common)), common)
        offset = np.arange(len(pair)) - np.repeat(np.cumsum(common) - common, common)
        differs = flat[starts[:-1][pair] + offset] != flat[starts[1:][pair] + offset]
        np.minimum.at(common, pair[differs], offset[differs])
        shared[first : first + len(common)] = common
    return shared


def n_distinct(sequences: Sequence[TokenIds]) -> int:
    """Count the tokens of some sequences, shared beginnings once.

    Examples
    --------
    >>> n_distinct([(7, 8, 9), (7, 5)])
    4
    """
    ordered = sorted(sequences)
    return sum(map(len, ordered)) - int(shared_with_previous(ordered).sum())


def cut(ordered: Sequence[TokenIds], size: int) -> list[range]:
    """Cut sorted sequences into pieces of about ``size`` distinct tokens.

    A cut is not made where a piece would consist mainly of what it shares with the one before:
    long shared beginnings make longer pieces.

    Parameters
    ----------
    ordered : sequence of tuple of int
    size : int
        Distinct tokens after which a piece may end.

    Examples
    --------
    >>> cut([(1, 2), (1, 3), (5, 6), (5, 7)], size=3)
    [range(0, 2), range(2, 4)]
    """
    shared = shared_with_previous(ordered)
    begins, held = [0], 0
    for i, ids in enumerate(ordered):
        if held >= size and shared[i] <= held * _REPEATED:
            begins.append(i)
            held = int(shared[i])
        held += len(ids) - int(shared[i])
    ends = [*begins[1:], len(ordered)]
    return [range(a, b) for a, b in zip(begins, ends, strict=True) if b > a]
