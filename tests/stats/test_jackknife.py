"""Leave-one-out values against what is known in closed form."""

import numpy as np
import pytest

from psychometrics.stats.jackknife import jackknife


def mean_of(x):
    return lambda w: w @ x / w.sum(axis=1)


def population_variance(x):
    return lambda w: w @ x**2 / w.sum(axis=1) - (w @ x / w.sum(axis=1)) ** 2


def test_standard_error_of_a_mean_is_the_textbook_one(rng):
    x = rng.normal(size=400)  # more than one block of samples
    found = jackknife(mean_of(x), 400)
    assert found.standard_error == pytest.approx(x.std(ddof=1) / 20, rel=1e-10)
    assert found.bias == pytest.approx(0, abs=1e-12)


def test_bias_of_a_variance_is_removed_exactly(rng):
    x = rng.normal(size=30)
    found = jackknife(population_variance(x), 30)
    assert found.estimate - found.bias == pytest.approx(x.var(ddof=1), rel=1e-10)


def test_equal_clusters_are_the_units(rng):
    x, clusters = rng.normal(size=40), np.tile(np.arange(8), 5)
    means = np.array([x[clusters == c].mean() for c in range(8)])
    found = jackknife(mean_of(x), 40, clusters=clusters)
    assert found.standard_error == pytest.approx(means.std(ddof=1) / np.sqrt(8), rel=1e-10)
    assert (found.n_units, found.unit, found.note) == (8, "cluster", "")


def test_what_has_no_error_says_why():
    one = jackknife(mean_of(np.array([1.0])), 1)
    assert np.isnan([one.standard_error, one.bias]).all() and "one row" in one.note
    x = np.array([1.0, 0.0, 0.0])
    needs_first = jackknife(lambda w: 1 / (w @ x), 3)
    assert np.isnan(needs_first.standard_error) and needs_first.n_failed == 1
    assert needs_first.note == "no value without 1 of 3 rows"


def test_misuse_is_named():
    with pytest.raises(ValueError, match="one value for each sample"):
        jackknife(lambda w: w, 3)
