"""Reading ratings, weights, and the parts that kappa and its kin share."""

import numpy as np
import pandas as pd
import pytest

from psychometrics.stats.ratings import (
    agreement_of_units,
    agreement_weights,
    as_labels,
    kappa_limits,
    read_counts,
    read_ratings,
    sparse_note,
)


@pytest.mark.parametrize(
    "x",
    [
        [["a", "b"], ["b", None], ["a", np.nan]],
        np.array([["a", "b"], ["b", None], ["a", pd.NA]], dtype=object),
        pd.DataFrame([["a", "b"], ["b", None], ["a", np.nan]]),
    ],
)
def test_text_with_missing_values(x):
    ratings = read_ratings(x)
    assert ratings.categories == ("a", "b")
    assert ratings.codes.tolist() == [[0, 1], [1, -1], [0, -1]]
    assert ratings.counts.tolist() == [[1, 1], [0, 1], [1, 0]]


@pytest.mark.parametrize("x", [[[1, 2], [2, None]], [[1.0, 2.0], [2.0, np.nan]]])
def test_numbers_with_missing_values(x):
    ratings = read_ratings(x)
    assert ratings.categories == (1.0, 2.0)
    assert ratings.codes.tolist() == [[0, 1], [1, -1]]


def test_given_categories_keep_their_order_and_the_unused():
    ratings = read_ratings([["low", "high"]], categories=["low", "middle", "high"])
    assert ratings.codes.tolist() == [[0, 2]]
    assert ratings.counts.tolist() == [[1, 0, 1]]
    assert read_ratings([[3, 1]], categories=[1, 2, 3]).codes.tolist() == [[2, 0]]


def test_no_ratings_at_all():
    ratings = read_ratings(np.full((3, 2), np.nan))
    assert ratings.categories == ()
    assert ratings.counts.shape == (3, 0)
    assert read_ratings(np.full((2, 2), np.nan), categories=[1, 2]).counts.shape == (2, 2)


@pytest.mark.parametrize(
    ("x", "categories", "message"),
    [
        ([1, 2], None, "1 axes"),
        ([["a", 1]], None, "mix numbers and text"),
        ([[1, 5]], [1, 2], "5.0 is not among"),
        ([["a", "z"]], ["a", "b"], "'z' is not among"),
        ([["a", "b"]], [1, 2], "both numbers or both text"),
        ([[1, 2]], [1, 1, 2], "a category twice"),
        (np.array([[1, {}]], dtype=object), None, "numbers or text"),
    ],
)
def test_misuse_of_ratings_is_named(x, categories, message):
    with pytest.raises(ValueError, match=message):
        read_ratings(x, categories)


def test_labels_keep_text_text():
    assert as_labels(["1", "2"]).tolist() == ["1", "2"]


def test_weights_by_distance_and_by_place():
    assert agreement_weights("linear", ("a", "b", "c"))[0].tolist() == [1, 0.5, 0]
    assert agreement_weights("linear", (1.0, 2.0, 5.0))[0].tolist() == [1, 0.75, 0]
    assert agreement_weights("quadratic", (1.0, 2.0, 3.0))[0].tolist() == [1, 0.75, 0]
    # Gwet's ordinal weights: 1 - C(d + 1, 2) / C(q, 2).
    ordinal = agreement_weights("ordinal", (1.0, 2.0, 9.0))
    np.testing.assert_allclose(ordinal[0], [1, 1 - 1 / 3, 0], atol=1e-15)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ("cubic", "'cubic' is unknown"),
        (np.eye(3), r"shape \(3, 3\)"),
        ([[1.0, 0.5], [0.2, 1.0]], "symmetric"),
        ([[0.0, 1.0], [1.0, 0.0]], "1 on the diagonal"),
        ([[1.0, np.nan], [np.nan, 1.0]], "symmetric"),
    ],
)
def test_misuse_of_weights_is_named(weights, message):
    with pytest.raises(ValueError, match=message):
        agreement_weights(weights, (1.0, 2.0))


def test_misuse_of_counts_is_named():
    for bad in ([[1, -1]], [[0.5, 1]], [[np.nan, 1]]):
        with pytest.raises(ValueError, match="whole numbers from 0"):
            read_counts(bad)
    with pytest.raises(ValueError, match="1 axes"):
        read_counts([1, 2])


def test_agreement_of_a_unit_is_the_mean_over_pairs(rng):
    weights = agreement_weights("quadratic", (1.0, 2.0, 3.0, 4.0))
    codes = rng.integers(0, 4, 6)
    pairs = [weights[codes[i], codes[j]] for i in range(6) for j in range(i)]
    counts = np.bincount(codes, minlength=4).astype(float)[None]
    assert agreement_of_units(counts, weights)[0] == pytest.approx(np.mean(pairs), rel=1e-12)


def test_limits_stay_within_their_range():
    low, high, _ = kappa_limits(0.95, 0.1, 10, 0.95, "fisher")
    assert -1 < low < 0.95 < high < 1
    assert kappa_limits(0.95, 0.1, 10, 0.95, "wald")[1] == 1
    low, high, why = kappa_limits(1.0, 0.0, 10, 0.95, "fisher")
    assert np.isnan(low) and np.isnan(high) and "standard error is 0" in why
    assert "one unit" in kappa_limits(0.5, 0.1, 1, 0.95, "wald")[2]
    with pytest.raises(ValueError, match="interval='normal' is unknown"):
        kappa_limits(0.5, 0.1, 9, 0.95, "normal")


def test_sparse_data_are_named_only_where_they_are():
    assert sparse_note(100, 20, 0.5) == ""
    assert "4 units" in sparse_note(100, 4, 0.5)
    assert "90 %" in sparse_note(100, 20, 0.9)
    assert sparse_note(1000, 20, 0.9) == ""
