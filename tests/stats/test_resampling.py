"""Counts of rows and clusters: what they sum to, how they vary, what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psychometrics.stats.resampling import (
    complete_units,
    count_blocks,
    leave_out_blocks,
    of_indices,
    resample_counts,
    unit_codes,
    unit_strata,
)


@given(st.integers(1, 40), st.integers(2, 30), st.integers(0, 2**32 - 1))
def test_every_resample_has_as_many_rows_as_the_data(n, b, seed):
    counts = resample_counts(n, b, seed)
    assert counts.shape == (b, n)
    assert (counts.sum(axis=1) == n).all() and (counts >= 0).all()
    assert (counts == resample_counts(n, b, seed)).all()


def test_counts_are_multinomial():
    counts = resample_counts(10, 20_000, seed=4)
    # Mean 1 and variance 1 - 1/n; five standard errors of 20,000 draws.
    np.testing.assert_allclose(counts.mean(axis=0), 1, atol=5 / np.sqrt(20_000))
    np.testing.assert_allclose(counts.var(axis=0), 0.9, atol=0.06)
    np.testing.assert_allclose(np.corrcoef(counts[:, 0], counts[:, 1])[0, 1], -1 / 9, atol=0.036)


def test_blocks_join_to_the_whole_and_other_seeds_differ():
    n = 5000
    joined = np.concatenate(list(count_blocks(n, 60, 1)))
    assert (joined == resample_counts(n, 60, 1)).all()
    assert (joined != resample_counts(n, 60, 2)).any()


def test_rows_of_a_cluster_are_drawn_together():
    labels = np.array(["a", "b", "a", "c", "b", "a"])
    counts = resample_counts(6, 200, 3, clusters=labels)
    for label in "abc":
        of_cluster = counts[:, labels == label]
        assert (of_cluster == of_cluster[:, :1]).all()
    assert (counts[:, [0, 1, 3]].sum(axis=1) == 3).all()


@settings(max_examples=30)
@given(st.lists(st.integers(0, 3), min_size=2, max_size=30), st.integers(0, 1000))
def test_strata_keep_their_sizes(strata, seed):
    doubled = np.repeat(strata, 2)  # no stratum of one
    np.random.default_rng(seed).shuffle(doubled)
    counts = resample_counts(len(doubled), 20, seed, strata=doubled)
    for stratum in np.unique(doubled):
        inside = doubled == stratum
        assert (counts[:, inside].sum(axis=1) == inside.sum()).all()


def test_clusters_within_strata():
    clusters = np.repeat(np.arange(6), 3)
    strata = np.repeat(["x", "y"], 9)
    counts = resample_counts(18, 100, 5, clusters=clusters, strata=strata)
    assert (counts[:, :9].sum(axis=1) == 9).all()
    assert (counts.reshape(100, 6, 3) == counts.reshape(100, 6, 3)[:, :, :1]).all()


def test_samples_that_lack_a_cluster():
    codes, n_units = unit_codes(5, [7, 7, 3, 3, 9])
    (weights,) = leave_out_blocks(codes, n_units)
    assert weights.tolist() == [[1, 1, 0, 0, 1], [0, 0, 1, 1, 1], [1, 1, 1, 1, 0]]


def test_a_function_of_indices_sees_every_row_as_often_as_it_was_drawn():
    seen = []
    of_indices(lambda rows: seen.append(rows.tolist()) or 0.0, 3)(np.array([[0.0, 2.0, 1.0]]))
    assert seen == [[1, 1, 2]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: unit_codes(0, None), "at least one"),
        (lambda: unit_codes(3, ["a", "b"]), "one a row"),
        (lambda: unit_codes(2, [1.0, np.nan]), "label of units is missing"),
        (lambda: complete_units(np.ones((2, 1)), ["a"]), "one a row"),
        (lambda: list(count_blocks(5, 1, 0)), "n_resamples=1"),
        (lambda: unit_strata(np.array([0, 0, 1]), 2, ["a", "b", "b"]), "several strata"),
        (lambda: unit_strata(np.arange(3), 3, ["a", "b", "b"]), "one unit"),
    ],
)
def test_misuse_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
