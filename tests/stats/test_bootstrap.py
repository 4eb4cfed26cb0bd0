"""Bootstrap intervals against scipy's, their coverage, clusters, and resamples without a value."""

import numpy as np
import pytest
from scipy import stats

from psychometrics.stats.bootstrap import bootstrap, bootstrap_many, of_indices
from psychometrics.stats.bootstrap_limits import acceleration, bca_limits, percentile_limits


def mean_of(x):
    return lambda w: w @ x / w.sum(axis=1)


def variance_of(x):
    return lambda w: w @ x**2 / w.sum(axis=1) - (w @ x / w.sum(axis=1)) ** 2


def test_bca_agrees_with_scipy(rng):
    x = rng.exponential(size=60)
    ours = bootstrap(variance_of(x), 60, 40_000, seed=1).limits("bca")
    theirs = stats.bootstrap(
        (x,), np.var, n_resamples=40_000, vectorized=True, batch=2000, rng=rng, method="BCa"
    ).confidence_interval
    # Two independent sets of 40,000 resamples: limits vary by about 1 % of the interval.
    np.testing.assert_allclose(ours, theirs, atol=0.03 * (theirs.high - theirs.low))


def test_limits_of_given_resamples_agree_with_scipy(rng):
    x = rng.exponential(size=25)
    theirs = stats.bootstrap((x,), np.var, n_resamples=999, vectorized=True, rng=rng, method="BCa")
    left_out = np.array([np.var(np.delete(x, i)) for i in range(25)])
    ours = bca_limits(theirs.bootstrap_distribution, float(np.var(x)), left_out)
    # The same formula on the same numbers.
    np.testing.assert_allclose(ours, theirs.confidence_interval, rtol=1e-9)


def test_stratified_acceleration_agrees_with_scipy(rng):
    x, y = rng.exponential(size=15), rng.exponential(size=20)
    theirs = stats.bootstrap(
        (x, y), lambda a, b, axis: np.mean(a, axis) - np.mean(b, axis), n_resamples=999,
        vectorized=True, rng=rng, method="BCa",
    )  # fmt: skip
    both, group = np.concatenate([x, y]), np.repeat([0, 1], [15, 20])

    def difference(w):
        first, second = w[:, :15], w[:, 15:]
        return first @ x / first.sum(axis=1) - second @ y / second.sum(axis=1)

    ours = bootstrap(difference, len(both), 999, seed=1, strata=group)
    mixed = type(ours)(
        ours.estimate, theirs.bootstrap_distribution, 35, "row", 1, ours.acceleration
    )
    np.testing.assert_allclose(mixed.limits("bca"), theirs.confidence_interval, rtol=1e-9)


def test_indices_and_weights_give_the_same(rng):
    x = rng.normal(size=55)
    by_weights = bootstrap(mean_of(x), 55, 100, seed=3)
    by_indices = bootstrap(of_indices(lambda rows: float(x[rows].mean()), 55), 55, 100, seed=3)
    np.testing.assert_allclose(by_weights.values, by_indices.values, rtol=1e-12)
    np.testing.assert_allclose(by_weights.limits(), by_indices.limits(), rtol=1e-9)


def test_standard_error_of_a_mean(rng):
    x = rng.normal(size=200)
    found = bootstrap(mean_of(x), 200, 4000, seed=2)
    # The error of a standard deviation from 4,000 draws is 1.1 %; three of them.
    assert found.standard_error == pytest.approx(x.std() / np.sqrt(200), rel=0.034)
    assert found.note == ""


def test_coverage_of_rows_and_of_clusters(rng):
    """Rows within a cluster hang together: resampling rows covers far too little."""
    hits = {"row": 0, "cluster": 0}
    clusters = np.repeat(np.arange(60), 5)
    for seed in range(200):
        x = np.repeat(rng.normal(size=60), 5) + 0.3 * rng.normal(size=300)
        for unit, labels in (("row", None), ("cluster", clusters)):
            low, high = bootstrap(mean_of(x), 300, 400, seed, clusters=labels, bca=False).limits(
                "percentile"
            )
            hits[unit] += low <= 0 <= high
    assert hits["cluster"] >= 0.95 * 200 - 3 * np.sqrt(200 * 0.95 * 0.05)  # three standard errors
    assert hits["row"] < 150


def test_jackknife_leaves_out_the_cluster(rng):
    x, clusters = rng.exponential(size=40), np.repeat(np.arange(8), 5)
    found = bootstrap(mean_of(x), 40, 50, seed=1, clusters=clusters)
    left_out = np.array([x[clusters != c].mean() for c in range(8)])
    assert found.acceleration == pytest.approx(acceleration(left_out), rel=1e-9)
    assert (found.n_units, found.unit) == (8, "cluster")
    assert "8 clusters: below 50" in found.note


def test_resamples_without_a_value_are_counted():
    x = np.r_[np.zeros(57), 1.0, 1.0, 1.0]

    def coefficient_of_ones(w):
        ones = w @ x
        return np.where(ones > 0, ones / ones, np.nan) * (w.sum(axis=1) / 60)

    found = bootstrap(coefficient_of_ones, 60, 500, seed=1)
    assert found.n_failed == np.isnan(found.values).sum() > 0
    assert f"{found.n_failed} of 500 resamples have no value" in found.note
    assert found.limits("percentile") == (1.0, 1.0)


def test_no_interval_where_most_resamples_have_no_value():
    x = np.r_[np.zeros(59), 1.0]
    found = bootstrap(lambda w: np.where(w @ x > 0, 1.0, np.nan), 60, 500, seed=1)
    assert found.n_failed > 50
    assert np.isnan(found.limits()).all() and np.isnan(found.standard_error)
    assert "no interval" in found.note
    assert found.jackknife_failed == 1 and "no value without 1 of the rows" in found.note


def test_a_statistic_that_divides_by_zero_is_no_warning():
    found = bootstrap(lambda w: w.sum(axis=1) / 0, 5, 10, seed=1)
    assert np.isnan(found.estimate) and "no value in the data" in found.note
    assert np.isnan(found.coefficient("x").low)


def test_one_unit_has_no_interval():
    found = bootstrap(mean_of(np.array([2.0])), 1, 10, seed=1)
    assert found.estimate == 2.0
    assert np.isnan(found.limits()).all() and found.note == "no interval: one row to resample"


def test_a_constant_has_an_interval_of_no_length():
    found = bootstrap(mean_of(np.full(60, 3.0)), 60, 100, seed=1)
    np.testing.assert_allclose(found.limits("bca"), (3.0, 3.0), rtol=1e-12)


def test_an_estimate_beyond_all_resamples_keeps_its_bias_finite():
    values = np.arange(100.0)
    low, high = bca_limits(values, 200.0, np.arange(5.0))
    assert 90 < low <= high <= 99
    assert np.isnan(percentile_limits(np.array([np.nan]))).all()


def test_many_statistics_share_their_resamples(rng):
    x = rng.normal(size=(60, 3))
    many = bootstrap_many(lambda w: w @ x / w.sum(axis=1)[:, None], 60, 200, seed=9)
    one = bootstrap(mean_of(x[:, 1]), 60, 200, seed=9)
    np.testing.assert_allclose(many[1].values, one.values, rtol=1e-12)
    np.testing.assert_allclose(many[1].limits(), one.limits(), rtol=1e-9)


def test_the_coefficient_tells_how_it_was_drawn(rng):
    x = rng.normal(size=80)
    found = bootstrap(mean_of(x), 80, 200, seed=9).coefficient("mean", method="complete rows")
    assert found.method == "complete rows; BCa bootstrap of rows (200 resamples, seed 9)"
    assert found.low < found.value < found.high and found.n == 80


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bootstrap(mean_of(np.ones(3)), 3, 10).limits("basic"), "neither"),
        (lambda: bootstrap(mean_of(np.ones(3)), 3, 10).limits("bca", 95), "between 0 and 1"),
        (lambda: bootstrap(mean_of(np.arange(9.0)), 9, 10, bca=False).limits(), "bca=True"),
        (lambda: bootstrap(lambda w: w, 3, 10), "one value for each"),
        (lambda: bootstrap(lambda w: w[:1], 3, 10), "one value for each"),
        (lambda: bootstrap_many(lambda w: w[:, 0], 3, 10), r"shape \(b, k\)"),
    ],
)
def test_misuse_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
