"""The noncentral t against scipy, integration and statsmodels, also where scipy has no value."""

import itertools

import numpy as np
import pytest
from scipy import integrate, special, stats
from statsmodels.stats.power import TTestPower

from psychometrics.stats.noncentral_t import (
    detectable_noncentrality,
    noncentral_t,
    noncentrality_limits,
    t_power,
)


@pytest.mark.parametrize(
    ("t", "df", "nc"), [(2, 10, 1), (-5, 48, -7), (20, 998, 18), (150, 98, 170)]
)
def test_distribution_agrees_with_scipy(t, df, nc):
    assert noncentral_t(t, df, nc) == pytest.approx(stats.nct.cdf(t, df, nc), abs=1e-12)


@pytest.mark.parametrize(("t", "df", "nc"), [(100, 5, 26.2876), (-20, 5, -6.3561), (5, 1, 9.7723)])
def test_distribution_where_scipy_has_none(t, df, nc):
    """Integrated over the standard deviation in place of the normal numerator."""

    def integrand(s):
        return special.ndtr(t * s - nc) * stats.chi.pdf(s * np.sqrt(df), df) * np.sqrt(df)

    expected, _ = integrate.quad(integrand, 0, 12, points=[nc / t, 1], epsabs=1e-12, limit=500)
    assert noncentral_t(t, df, nc) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("t", "df"), [*itertools.product([-300, -5, -1e-3, 0, 2, 30, 1000], [1, 2, 5, 50, 5000])]
)
def test_limits_leave_the_tails(t, df):
    low, high = noncentrality_limits(t, df, 0.9)
    assert noncentral_t(t, df, low) == pytest.approx(0.95, abs=1e-8)
    assert noncentral_t(t, df, high) == pytest.approx(0.05, abs=1e-8)
    np.testing.assert_allclose(noncentrality_limits(-t, df, 0.9), (-high, -low), rtol=1e-7)


def test_power_agrees_with_statsmodels():
    theirs = TTestPower().power(0.4, nobs=49, alpha=0.05)
    assert t_power(0.4 * 7, 48) == pytest.approx(theirs, abs=1e-10)
    effect = TTestPower().solve_power(nobs=49, alpha=0.01, power=0.9)
    assert detectable_noncentrality(48, 0.01, 0.9) == pytest.approx(effect * 7, rel=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: noncentrality_limits(np.nan, 3), "has no limits"),
        (lambda: noncentrality_limits(1, 0), "has no limits"),
        (lambda: noncentrality_limits(1, 3, 95), "between 0 and 1"),
        (lambda: detectable_noncentrality(3, 0.05, 0.04), "alpha < power"),
    ],
)
def test_misuse_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
