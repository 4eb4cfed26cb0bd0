"""The size of errors about zero."""

import numpy as np
import pytest

from psychometrics.stats.root_mean_square import root_mean_square


def test_by_hand():
    assert root_mean_square(np.array([3.0, -4.0, np.nan])).value == pytest.approx(np.sqrt(12.5))
    assert root_mean_square(np.array([3.0, -4.0, np.nan])).n == 2


def test_nothing_known():
    found = root_mean_square(np.array([[np.nan, 1.0]]))
    assert np.isnan([found.value, found.low, found.high]).all() and found.n == 0


def test_interval_covers_the_true_size(rng):
    """95 % intervals of normal errors: 1,000 runs, binomial limits at four standard errors."""
    draws = rng.normal(0, 2.0, size=(1000, 12))
    found = [root_mean_square(x) for x in draws]
    covered = np.mean([r.low <= 2.0 <= r.high for r in found])
    assert abs(covered - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 1000)


def test_values_within_a_row_are_one_unit(rng):
    errors = rng.normal(size=20)
    alike = root_mean_square(np.repeat(errors[:, None], 5, axis=1))
    single = root_mean_square(errors)
    assert alike.n == single.n == 20
    assert (alike.value, alike.low) == pytest.approx((single.value, single.low))
