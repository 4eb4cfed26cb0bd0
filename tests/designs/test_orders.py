"""Option orders: balance, counts, refusals."""

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from psychometrics.designs.orders import option_orders, order_name, williams
from psychometrics.errors import DesignError
from psychometrics.stats.distribution import balanced, position_counts


@pytest.mark.parametrize("k", range(2, 13))
def test_williams_is_balanced_in_position_and_in_neighbours(k):
    orders = williams(k)
    assert len(orders) == (k if k % 2 == 0 else 2 * k)
    positions = np.argsort(np.array(orders), axis=1)
    assert balanced(position_counts(positions, np.zeros(len(orders), int), 1)).all()
    neighbours = Counter(pair for order in orders for pair in itertools.pairwise(order))
    assert len(neighbours) == k * (k - 1)
    assert len(set(neighbours.values())) == 1


@given(
    st.sampled_from(["as_written", "reversed", "balanced", "all", "random(2)"]), st.integers(2, 5)
)
def test_every_order_is_a_permutation(spec, k):
    for order in option_orders(spec, k, seed=3):
        assert sorted(order) == list(range(k))


def test_all_orders_up_to_120():
    assert len(set(option_orders("all", 5, 0))) == 120
    with pytest.raises(DesignError, match=r"720 orders of 6 options are too many"):
        option_orders("all", 6, 0)


def test_random_orders_differ_and_repeat_with_their_seed():
    one = option_orders("random(20, 4)", 5, seed=1)
    assert len(set(one)) == 20
    assert one == option_orders("random(20, 4)", 5, seed=2)
    assert option_orders("random(20)", 5, seed=1) != option_orders("random(20)", 5, seed=2)
    assert len(option_orders("random(6)", 3, seed=0)) == 6


@pytest.mark.parametrize("spec", ["random(7)", "random(0)"])
def test_impossible_number_of_random_orders(spec):
    with pytest.raises(DesignError, match="there are 6"):
        option_orders(spec, 3, seed=0)


def test_unknown_set():
    with pytest.raises(DesignError, match="'shuffled' is no set of orders"):
        option_orders("shuffled", 5, seed=0)


def test_names_are_readable_beyond_nine():
    assert order_name(tuple(range(10))[::-1]) == "10-9-8-7-6-5-4-3-2-1"
