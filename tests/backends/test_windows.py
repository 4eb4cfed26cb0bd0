"""Windows, paths and masks against their definitions."""

import itertools
import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from psychometrics.backends.trie import make_trie
from psychometrics.backends.windows import carried, next_window, visible

SEQUENCES = st.lists(
    st.lists(st.integers(0, 2), min_size=1, max_size=7).map(tuple), min_size=1, max_size=20
)


def all_windows(trie, size):
    windows, at = [], 0
    while at < len(trie):
        windows.append(next_window(trie, at, size))
        at = windows[-1].stop
    return windows


@given(SEQUENCES, st.integers(1, 9))
def test_windows_cover_the_trie_and_see_all_ancestors(sequences, size):
    trie = make_trie(sequences)
    windows = all_windows(trie, size)
    assert sum(map(len, windows)) == len(trie) and max(map(len, windows)) <= size
    for window in windows:
        seen = visible([window])[0]
        for row, node in zip(seen, range(window.start, window.stop), strict=True):
            assert window.keys[row].tolist() == [*trie.ancestors(node).tolist(), node]


@given(SEQUENCES, st.integers(1, 9), st.integers(1, 4))
def test_sliding_layers_see_the_nearest_ancestors(sequences, size, sliding):
    trie = make_trie(sequences)
    for window in all_windows(trie, size):
        seen = visible([window], sliding)[0]
        for row, node in zip(seen, range(window.start, window.stop), strict=True):
            near = [*trie.ancestors(node).tolist(), node][-sliding:]
            assert window.keys[row].tolist() == near


@given(SEQUENCES, SEQUENCES, st.integers(1, 9))
def test_padding_is_seen_by_nobody(one, other, size):
    """Two rows side by side see what each sees by itself; a padded token sees itself alone."""
    rows = [all_windows(make_trie(sequences), size)[-1] for sequences in (one, other)]
    together = visible(rows)
    n_path = max(len(window.path) for window in rows)
    for window, seen in zip(rows, together, strict=True):
        places = [*range(len(window.path)), *range(n_path, n_path + len(window))]
        np.testing.assert_array_equal(seen[: len(window)][:, places], visible([window])[0])
        others = np.setdiff1d(np.arange(seen.shape[1]), places)
        assert not seen[: len(window)][:, others].any()
        for query in range(len(window), len(seen)):
            assert np.flatnonzero(seen[query]).tolist() == [n_path + query]


@given(SEQUENCES, st.integers(1, 9), st.integers(0, 3))
def test_the_next_path_is_found_among_the_keys(sequences, size, padding):
    trie = make_trie(sequences)
    windows = all_windows(trie, size)
    for window, after in itertools.pairwise(windows):
        n_path = len(window.path) + padding
        nodes = np.full(n_path + len(window), -1)
        nodes[: len(window.path)] = window.path
        nodes[n_path:] = np.arange(window.start, window.stop)
        np.testing.assert_array_equal(nodes[carried(window, n_path)], after.path)


def test_a_plan_needs_no_torch():
    code = (
        "import sys; sys.modules['torch'] = sys.modules['transformers'] = None\n"
        "from psychometrics.backends.trie import make_trie\n"
        "from psychometrics.backends.windows import next_window, visible\n"
        "print(visible([next_window(make_trie([(7, 8), (7, 5)]), 0, 9)]).sum())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "5\n", done.stderr
