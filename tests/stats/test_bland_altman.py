"""Limits of agreement: worked by hand, exactness by simulation, degenerate pairs."""

import numpy as np
import pytest
from scipy import stats

from psychometrics.stats.bland_altman import bland_altman


def test_worked_by_hand():
    found = bland_altman([5.0, 7.0, 6.0, 9.0], [4.0, 7.0, 8.0, 6.0])
    # Differences 1, 0, -2, 3: mean .5, squares .25 + .25 + 6.25 + 6.25 = 13, sd sqrt(13/3).
    sd = np.sqrt(13 / 3)
    assert found.bias.value == pytest.approx(0.5)
    assert found.sd == pytest.approx(sd)
    assert found.lower.value == pytest.approx(0.5 - stats.norm.ppf(0.975) * sd)
    assert found.upper.value == pytest.approx(0.5 + stats.norm.ppf(0.975) * sd)
    half = stats.t.ppf(0.975, 3) * sd / 2
    np.testing.assert_allclose([found.bias.low, found.bias.high], [0.5 - half, 0.5 + half])
    np.testing.assert_array_equal(found.differences, [1, 0, -2, 3])
    np.testing.assert_array_equal(found.means, [4.5, 7, 7, 7.5])


def test_limits_are_those_of_a_normal_quantile():
    # One-sided tolerance factor for n = 10, content 95 %, confidence 95 %: 2.911
    # (Odeh & Owen, 1980, and any table of k factors).
    rng = np.random.default_rng(1)
    x = rng.normal(size=10)
    found = bland_altman(x, np.zeros(10), coverage=0.90, conf_level=0.90)
    factor = (found.upper.high - found.bias.value) / found.sd
    assert factor == pytest.approx(2.911, abs=5.1e-4)


def test_intervals_are_exact():
    rng = np.random.default_rng(2)
    inside = np.zeros(3)
    draws = 2000
    z = stats.norm.ppf(0.975)
    for _ in range(draws):
        found = bland_altman(1 + 2 * rng.normal(size=8), np.zeros(8))
        for i, (c, truth) in enumerate(
            ((found.bias, 1), (found.lower, 1 - 2 * z), (found.upper, 1 + 2 * z))
        ):
            inside[i] += c.low <= truth <= c.high
    # Three standard errors (.0049) of 2,000 draws.
    np.testing.assert_allclose(inside / draws, 0.95, atol=0.0147)


def test_many_pairs_approach_the_approximation_of_1999(rng):
    x = rng.normal(size=20_000)
    found = bland_altman(x, np.zeros(20_000))
    z = stats.norm.ppf(0.975)
    half = z * found.sd * np.sqrt(1 / 20_000 + z**2 / (2 * 19_999))
    # Terms of 1/n.
    assert found.upper.high - found.upper.value == pytest.approx(half, rel=0.01)


def test_limits_mirror_when_the_measurements_change_places(rng):
    x, y = rng.normal(size=(2, 30))
    one, other = bland_altman(x, y), bland_altman(y, x)
    assert one.upper.value == pytest.approx(-other.lower.value)
    assert one.upper.high == pytest.approx(-other.lower.low)


def test_slope_is_that_of_least_squares(rng):
    x = rng.normal(size=50)
    y = 1.3 * x + rng.normal(size=50) * 0.3
    found = bland_altman(x, y)
    expected = stats.linregress((x + y) / 2, x - y)
    assert found.slope.value == pytest.approx(expected.slope, rel=1e-10)
    assert found.slope.se == pytest.approx(expected.stderr, rel=1e-10)
    assert found.slope.high < 0
    assert "unequal variances" in found.slope.note


def test_missing_pairs_are_counted_and_arrays_are_fixed():
    found = bland_altman([1.0, 2.0, np.nan, 4.0], [1.5, 2.5, 3.0, 3.0])
    assert found.bias.n == 3
    for c in (found.bias, found.lower, found.slope):
        assert "1 pairs with a missing value left out" in c.note
    with pytest.raises(ValueError, match="read-only"):
        found.means[0] = 0


def test_degenerate_pairs():
    none, one = bland_altman([], []), bland_altman([2.0], [1.0])
    assert np.isnan(none.bias.value)
    assert "limits of agreement need two" in none.bias.note
    assert one.bias.value == 1
    assert np.isnan(one.bias.low)
    assert np.isnan(one.upper.value)
    shifted = bland_altman([0.1, 0.2, 0.7], [1.1, 1.2, 1.7])
    assert shifted.sd == 0
    assert shifted.bias.low == shifted.bias.high == shifted.bias.value
    assert "do not vary" in shifted.upper.note
    assert "means do not vary" in bland_altman([1.0, 2.0, 3.0], [3.0, 2.0, 1.0]).slope.note
    assert "a slope needs three" in bland_altman([1.0, 2.0], [3.0, 2.0]).slope.note


def test_misuse_is_named():
    with pytest.raises(ValueError, match="lists of one length"):
        bland_altman([1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="coverage=95"):
        bland_altman([1.0, 2.0], [1.0, 2.0], coverage=95)
    with pytest.raises(ValueError, match="infinite"):
        bland_altman([1.0, np.inf], [1.0, 2.0])
