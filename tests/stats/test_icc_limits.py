"""Limits from mean squares: exact special cases, and the bound that they invert."""

import numpy as np
import pytest
from scipy import stats

from psychometrics.stats.icc_limits import (
    MeanSquares,
    agreement_value,
    f_quantile,
    modified_large_sample_limits,
    ratio_limits,
    satterthwaite_limits,
)


def balanced(units, raters, error, n, k):
    return MeanSquares(units, raters, error, n - 1, k - 1, (n - 1) * (k - 1), k, n, k)


def test_quantiles_agree_with_scipy():
    for p in (0.025, 0.975):
        # Two routines for the same function.
        assert f_quantile(p, 3, 17.5) == pytest.approx(stats.f.ppf(p, 3, 17.5), rel=1e-9)
        assert f_quantile(p, 7) == pytest.approx(stats.chi2.ppf(p, 7) / 7, rel=1e-9)


def test_limits_of_two_mean_squares_are_those_where_the_f_test_turns():
    low, high = ratio_limits(5.0, 2.0, 19, 60, 4, 0.9)
    for rho, p in ((low, 0.95), (high, 0.05)):
        ratio = (1 + 3 * rho) / (1 - rho)
        assert stats.f.cdf(5.0 / 2.0 / ratio, 19, 60) == pytest.approx(p, abs=1e-9)


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
def test_limit_at_zero_is_that_of_the_exact_test(level):
    # Without units' variance the raters' mean square drops out: lower limit 0 means F = quantile.
    n, k, error = 30, 4, 1.3
    units = error * stats.f.ppf((1 + level) / 2, n - 1, (n - 1) * (k - 1))
    low, _ = modified_large_sample_limits(balanced(units, 7.0, error, n, k), level)
    assert low == pytest.approx(0, abs=1e-9)


def test_with_many_units_only_the_raters_chi_squared_is_left():
    # With n without end, p and e are known and r is (raters' mean square) / n, chi-squared on k - 1.
    n, k, p, e = 10**8, 4, 0.5, 0.2
    raters = n * 0.3
    low, high = modified_large_sample_limits(balanced(e + k * p, raters, e, n, k), 0.95)
    r = 0.3 * (k - 1) / stats.chi2.ppf([0.025, 0.975], k - 1)
    # What n = 10**8 leaves of the other two: about 1/sqrt(n).
    np.testing.assert_allclose([low, high], p / (p + r + e), rtol=1e-3)


def test_negative_and_positive_halves_meet():
    n, k, error = 20, 3, 1.0
    edge = error * stats.f.ppf(0.975, n - 1, (n - 1) * (k - 1))
    below, above = (
        modified_large_sample_limits(balanced(edge * f, 4.0, error, n, k), 0.95)[0]
        for f in (1 - 1e-7, 1 + 1e-7)
    )
    assert below < 0 < above
    # The limit moves by as much as the mean square.
    assert above - below < 1e-6


def test_limits_enclose_and_nest(rng):
    for _ in range(300):
        n, k = int(rng.integers(3, 60)), int(rng.integers(2, 8))
        ms = balanced(*rng.chisquare(3, 3), n, k)
        value = agreement_value(ms)
        narrow, wide = (modified_large_sample_limits(ms, level) for level in (0.8, 0.99))
        # Rounding of the roots.
        assert wide[0] - 1e-9 <= narrow[0] <= value + 1e-9
        assert value - 1e-9 <= narrow[1] <= wide[1] + 1e-9
        assert min(-1 / (k - 1), value) - 1e-9 <= wide[0]
        assert wide[1] <= 1


def test_perfect_units_and_no_raters_agree_with_the_ratio():
    # With no raters' variance and many units both intervals come near the exact one of form 3.
    ms = balanced(9.0, 1.0, 1.0, 400, 5)
    exact = ratio_limits(9.0, 1.0, 399, 4 * 399, 5, 0.95)
    for limits in (modified_large_sample_limits, satterthwaite_limits):
        # Raters cost about 1/n of the width.
        np.testing.assert_allclose(limits(ms, 0.95), exact, atol=0.01)
