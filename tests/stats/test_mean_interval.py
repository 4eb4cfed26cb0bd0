"""Student's interval against scipy, and its coverage."""

import numpy as np
from scipy import stats

from psychometrics.stats.mean_interval import mean_interval


def test_agrees_with_scipy(rng):
    x = rng.normal(size=23)
    found = mean_interval(x, 0.9)
    low, high = stats.ttest_1samp(x, 0).confidence_interval(0.9)
    np.testing.assert_allclose([found.low, found.high], [low, high], rtol=1e-12)
    assert found.n == 23


def test_missing_values_are_left_out():
    assert mean_interval(np.array([1.0, np.nan, 3.0])).n == 2


def test_one_value_has_no_interval_and_none_has_no_mean():
    one, none = mean_interval(np.array([2.0])), mean_interval(np.array([]))
    assert one.mean == 2.0 and np.isnan([one.standard_error, one.low, one.high]).all()
    assert none.n == 0 and np.isnan(none.mean)


def test_covers_the_truth_as_often_as_it_says(rng):
    samples = rng.normal(size=(4000, 6))
    inside = [f.low <= 0 <= f.high for f in map(mean_interval, samples)]
    assert abs(np.mean(inside) - 0.95) < 0.011  # three standard errors of 4,000 draws
