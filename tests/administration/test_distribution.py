"""Net probabilities of labels that begin one another."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from psychometrics.administration.distribution import RESOLUTION, option_log_p

leaves = st.dictionaries(
    st.lists(st.integers(0, 2), min_size=1, max_size=3).map(tuple),
    st.floats(0.01, 1),
    min_size=1,
    max_size=8,
)


@given(leaves)
def test_recovers_the_probability_of_each_label(weights):
    """Labels end where they end: p(path) sums all labels that pass through it."""
    total = sum(weights.values())
    p = {path: weight / total for path, weight in weights.items()}
    through = {a: sum(p[b] for b in p if b[: len(a)] == a) for a in p}
    found = option_log_p([[path] for path in p], [[np.log(through[path])] for path in p])
    np.testing.assert_allclose(np.exp(found), list(p.values()), atol=1e-9)


def test_ten_digits_are_not_counted_twice():
    paths = [[(n,)] for n in range(1, 10)] + [[(1, 0)]]
    log_p = np.log([[0.3]] + [[0.05]] * 8 + [[0.2]]).tolist()
    p = np.exp(option_log_p(paths, log_p))
    assert (
        p.sum() == pytest.approx(0.7) and p[0] == pytest.approx(0.1) and p[9] == pytest.approx(0.2)
    )


def test_spellings_add_up():
    p = np.exp(option_log_p([[(1,), (9, 1)], [(2,)]], [np.log([0.2, 0.1]).tolist(), [np.log(0.4)]]))
    np.testing.assert_allclose(p, [0.3, 0.4])


def test_nested_extensions_are_taken_off_once():
    """1 < 10 < 100: the middle label already holds the longest."""
    paths = [[(1,)], [(1, 0)], [(1, 0, 0)]]
    p = np.exp(option_log_p(paths, [[np.log(q)] for q in (0.6, 0.5, 0.2)]))
    np.testing.assert_allclose(p, [0.1, 0.3, 0.2])


def test_remainder_lost_in_rounding_stays_above_nothing():
    p = np.exp(option_log_p([[(1,)], [(1, 0)]], [[np.log(0.5)], [np.log(0.5)]]))
    assert p[0] == pytest.approx(0.5 * RESOLUTION) and p[1] == pytest.approx(0.5)


def test_order_of_options_does_not_matter():
    paths = [[(1,)], [(1, 0)], [(2,)]]
    values = [[np.log(0.5)], [np.log(0.2)], [np.log(0.3)]]
    for order in itertools.permutations(range(3)):
        found = option_log_p([paths[i] for i in order], [values[i] for i in order])
        np.testing.assert_allclose(np.exp(found), [(0.3, 0.2, 0.3)[i] for i in order])
