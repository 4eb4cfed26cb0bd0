"""Averages of distributions: exactness under additive bias, properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from psychometrics.designs.orders import option_orders, williams
from psychometrics.stats.distribution import (
    average_distributions,
    expected_value,
    modal_option,
    normalise,
)

log_probabilities = arrays(
    float, st.tuples(st.integers(1, 6), st.integers(2, 6)), elements=st.floats(-30, 0)
)


@given(log_probabilities)
def test_normalised_sum_to_one_and_keep_ratios(log_p):
    normal = normalise(log_p)
    np.testing.assert_allclose(np.exp(normal).sum(axis=-1), 1, atol=1e-12)
    np.testing.assert_allclose(np.diff(normal), np.diff(log_p), atol=1e-9)


@given(log_probabilities, st.sampled_from(["mean", "log"]))
def test_average_of_one_is_itself(log_p, average):
    groups = np.arange(len(log_p))
    averaged = average_distributions(log_p, groups, len(log_p), average)
    np.testing.assert_allclose(np.exp(averaged), np.exp(normalise(log_p)), atol=1e-12)


@pytest.mark.parametrize("k", [2, 3, 5, 6])
def test_log_average_removes_any_position_bias_exactly(k, rng):
    """Over position-balanced orders each option meets every position's bias equally often."""
    true = rng.normal(size=k)
    bias = 3 * rng.normal(size=k)
    orders = np.array(williams(k))
    seen = np.empty((len(orders), k))
    np.put_along_axis(seen, orders, true[orders] + bias, axis=1)
    averaged = average_distributions(seen, np.zeros(len(orders), int), 1, "log")
    np.testing.assert_allclose(averaged[0], normalise(true), atol=1e-12)
    biased = average_distributions(seen, np.zeros(len(orders), int), 1, "mean")
    assert np.abs(biased[0] - normalise(true)).max() > 0.01


def test_log_average_does_not_remove_it_over_unbalanced_orders(rng):
    true, bias = rng.normal(size=5), np.array([2.0, 0, 0, 0, 0])
    orders = np.array(option_orders("random(4)", 5, seed=1))
    seen = np.empty((4, 5))
    np.put_along_axis(seen, orders, true[orders] + bias, axis=1)
    averaged = average_distributions(seen, np.zeros(4, int), 1, "log")
    assert np.abs(averaged[0] - normalise(true)).max() > 0.01


def test_empty_groups_are_missing():
    averaged = average_distributions(np.zeros((1, 3)), np.array([1]), 2, "mean")
    assert np.isnan(averaged[0]).all() and not np.isnan(averaged[1]).any()


def test_option_of_probability_zero():
    log_p = np.array([[-np.inf, 0.0], [np.log(0.5), np.log(0.5)]])
    together = average_distributions(log_p, np.zeros(2, int), 1, "mean")
    np.testing.assert_allclose(np.exp(together[0]), [0.25, 0.75])
    assert expected_value(log_p, np.array([1.0, 5.0]))[0] == 5.0


def test_ties_are_counted():
    option, tied = modal_option(np.log([[0.2, 0.2, 0.6], [0.4, 0.2, 0.4], [1, 1, 1]]))
    assert option[0] == 2 and tied.tolist() == [1, 2, 3]
