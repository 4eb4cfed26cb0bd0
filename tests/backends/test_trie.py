"""The trie against what it is defined to be, over random sequences."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from psychometrics.backends.trie import cut, make_trie, n_distinct, shared_with_previous

SEQUENCES = st.lists(
    st.lists(st.integers(0, 3), min_size=1, max_size=8).map(tuple), min_size=1, max_size=30
)


@given(SEQUENCES)
def test_every_beginning_is_one_node(sequences):
    trie = make_trie(sequences)
    beginnings = sorted({ids[: n + 1] for ids in sequences for n in range(len(ids))})
    assert len(trie) == len(beginnings) == n_distinct(sequences)
    for node, beginning in enumerate(beginnings):  # sorted beginnings are depth-first order
        path = [*trie.ancestors(node).tolist(), node]
        assert tuple(trie.token[path].tolist()) == beginning
        assert trie.depth[node] == len(beginning) - 1
        below = [m for m, other in enumerate(beginnings) if other[: len(beginning)] == beginning]
        assert below == list(range(node, trie.end[node]))
    for ids, last in zip(sequences, trie.last, strict=True):
        assert beginnings[last] == ids


@given(SEQUENCES, st.randoms(use_true_random=False))
def test_order_of_the_input_does_not_matter(sequences, random):
    shuffled = random.sample(sequences, len(sequences))
    one, other = make_trie(sequences), make_trie(shuffled)
    for name in ("token", "depth", "parent", "end"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@settings(max_examples=30)
@given(st.lists(st.lists(st.integers(0, 1), min_size=1, max_size=9).map(tuple), min_size=2))
def test_shared_beginnings(sequences):
    ordered = sorted(sequences)
    shared = shared_with_previous(ordered)
    for before, ids, n in zip(ordered[:-1], ordered[1:], shared[1:], strict=True):
        assert before[:n] == ids[:n]
        assert ids == before[:n] or before[n : n + 1] != ids[n : n + 1]
    assert shared[0] == 0


def test_shared_beginnings_over_many_blocks():
    ordered = [(n // 100, n) for n in range(10_000)]
    assert shared_with_previous(ordered).sum() == 10_000 - 100


@given(SEQUENCES, st.integers(1, 40))
def test_cuts_cover_everything_once(sequences, size):
    ordered = sorted(sequences)
    pieces = cut(ordered, size)
    assert [i for piece in pieces for i in piece] == list(range(len(ordered)))
    for piece in pieces[:-1]:
        assert n_distinct([ordered[i] for i in piece]) >= size


def test_long_shared_beginnings_make_longer_pieces():
    """A persona of 2,000 tokens is not computed again every 100 tokens."""
    persona = tuple(range(2_000))
    ordered = [persona + (5_000 + n,) * 30 for n in range(3_000)]
    pieces = cut(ordered, size=100)
    computed = sum(n_distinct([ordered[i] for i in piece]) for piece in pieces)
    assert len(pieces) > 1 and computed < (1 + 1 / 15) * n_distinct(ordered)


def test_respondents_without_anything_shared_are_cut_apart():
    ordered = sorted((who,) * 50 + (n,) for who in range(4) for n in range(50))
    assert [len(piece) for piece in cut(ordered, size=60)] == [50, 50, 50, 50]
