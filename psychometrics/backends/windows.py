"""Windows over a trie: runs of nodes, the path that leads to each, and what may see what."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from psychometrics._types import BoolArray, IntArray
from psychometrics.backends.trie import Trie

SMALLEST = 64


@dataclass(frozen=True, slots=True)
class Window:
    """Nodes ``start`` to ``stop`` of a trie, and the ancestors of the first of them.

    Every ancestor of a node of the window is in the window or on the path, so that keys and values
    of one path are all that has to be carried from window to window.
    """

    trie: Trie
    start: int
    stop: int
    path: IntArray

    def __len__(self) -> int:
        return self.stop - self.start

    @property
    def keys(self) -> IntArray:
        """Nodes that can be seen: the path, then the window itself."""
        return np.concatenate([self.path, np.arange(self.start, self.stop)])


def next_window(trie: Trie, start: int, size: int) -> Window:
    """Take the window that starts at a node; what is left is cut evenly, at most ``size`` nodes.

    Examples
    --------
    >>> from psychometrics.backends.trie import make_trie
    >>> window = next_window(make_trie([(7, 8, 9), (7, 5), (7, 6)]), start=2, size=2)
    >>> window.stop, window.path.tolist()
    (4, [0])
    """
    left = len(trie) - start
    pieces = -(-left // size)
    return Window(trie, start, start + -(-left // pieces), trie.ancestors(start))


def visible(windows: Sequence[Window], sliding: int | None = None) -> BoolArray:
    """Which keys each token of each window sees.

    Parameters
    ----------
    windows : sequence of Window
        One a row.
    sliding : int, optional
        Tokens that a sliding-window layer sees, itself included; default all.

    Returns
    -------
    ndarray of bool, shape (n_rows, n_tokens, n_path + n_tokens)
        Padded to the longest path (on its right) and the longest window; a padded token sees
        itself alone, and nobody else sees it.
    """
    n_path = max(len(window.path) for window in windows)
    n_tokens = max(len(window) for window in windows)
    seen = np.zeros((len(windows), n_tokens, n_path + n_tokens), dtype=bool)
    diagonal = np.arange(n_tokens)
    seen[:, diagonal, n_path + diagonal] = True
    for r, window in enumerate(windows):
        trie, n = window.trie, len(window)
        queries = np.arange(window.start, window.stop)[:, None]
        place = np.concatenate([np.arange(len(window.path)), n_path + np.arange(n)])
        sees = (window.keys <= queries) & (queries < trie.end[window.keys])
        if sliding is not None:
            sees &= trie.depth[queries] - trie.depth[window.keys] < sliding
        seen[r][:n, place] = sees
    return seen


def carried(window: Window, n_path: int) -> IntArray:
    """Where, among the keys of a padded row, the path of the next window lies.

    Parameters
    ----------
    window : Window
    n_path : int
        Length to which paths were padded.

    Returns
    -------
    ndarray of int
    """
    path = window.trie.ancestors(window.stop)
    place = np.searchsorted(window.keys, path)
    return np.where(path < window.start, place, place + n_path - len(window.path))
