"""Lin's concordance: identities, standard error and coverage by simulation, degenerate pairs."""

import numpy as np
import pytest

from psychometrics.stats.concordance import concordance, paired


def draw(rng, n, r, shift, scale):
    x, e = rng.normal(size=(2, n))
    return x, shift + scale * (r * x + np.sqrt(1 - r**2) * e)


def test_worked_by_hand():
    # Means 2 and 3, variances 2/3 and 2/3, covariance 1/3: 2/3 over 4/3 + 1.
    found = concordance([1.0, 2.0, 3.0], [2.0, 4.0, 3.0])
    assert found.value.value == pytest.approx((2 / 3) / (4 / 3 + 1))
    assert found.precision.value == pytest.approx(0.5)
    assert found.accuracy.value == pytest.approx((4 / 3) / (4 / 3 + 1))
    assert found.scale_shift == pytest.approx(1)
    assert found.location_shift == pytest.approx(-1 / np.sqrt(2 / 3))


def test_is_precision_times_accuracy_and_one_minus_the_squared_distance(rng):
    x, y = draw(rng, 40, 0.7, 0.4, 1.5)
    found = concordance(x, y)
    assert found.value.value == pytest.approx(found.precision.value * found.accuracy.value)
    apart = np.mean((x - y) ** 2)
    chance = x.var() + y.var() + (x.mean() - y.mean()) ** 2
    assert found.value.value == pytest.approx(1 - apart / chance)
    assert found.precision.value == pytest.approx(np.corrcoef(x, y)[0, 1])
    v, u = found.scale_shift, found.location_shift
    assert found.accuracy.value == pytest.approx(2 / (v + 1 / v + u**2))


@pytest.mark.parametrize(("r", "shift", "scale"), [(0.9, 0.5, 1.0), (0.6, 0.3, 1.4), (0.0, 0.0, 1)])
def test_error_and_interval_hold_in_simulation(r, shift, scale):
    rng = np.random.default_rng(7)
    truth = r * 2 * scale / (1 + scale**2 + shift**2)
    for n in (50, 500):
        draws = 800
        found = [concordance(*draw(rng, n, r, shift, scale)).value for _ in range(draws)]
        spread = np.std([c.value for c in found])
        # A standard deviation of 800 draws has a relative standard error of 2.5 %; three of them.
        assert np.mean([c.se for c in found]) == pytest.approx(spread, rel=0.075)
        inside = np.mean([c.low <= truth <= c.high for c in found])
        # 93 to 97 %, widened by two standard errors (.0085) of 800 draws.
        assert 0.9215 <= inside <= 0.9785


def test_shift_and_scale_of_both_do_not_matter(rng):
    x, y = draw(rng, 30, 0.8, 0.2, 1.1)
    one, other = concordance(x, y).value, concordance(5 - 2 * x, 5 - 2 * y).value
    np.testing.assert_allclose([one.value, one.low], [other.value, other.low], rtol=1e-10)


def test_missing_pairs_are_counted():
    found = concordance([1.0, 2.0, np.nan, 4.0, 5.0], [1.0, 3.0, 3.0, 4.0, np.nan])
    assert found.value.n == 3
    assert "2 pairs with a missing value left out" in found.value.note


def test_degenerate_pairs():
    for n in (0, 1, 2):
        found = concordance(np.arange(n), np.arange(n))
        assert np.isnan(found.value.value)
        assert "three are needed" in found.value.note
    neither = concordance([1.0, 1.0, 1.0], [2.0, 2.0, 2.0])
    assert "neither measurement varies" in neither.accuracy.note
    one = concordance([1.0, 1.0, 1.0], [2.0, 3.0, 4.0])
    assert one.value.value == 0
    assert np.isnan(one.precision.value)
    assert "does not vary" in one.precision.note
    same = concordance([0.1, 0.2, 0.3, 0.4], [0.1, 0.2, 0.3, 0.4])
    assert same.value.value == pytest.approx(1, abs=1e-14)
    assert np.isnan(same.value.low)
    assert "standard error is 0" in same.value.note
    three = concordance([1.0, 2.0, 3.0], [2.0, 4.0, 3.0]).precision
    assert "four pairs are needed" in three.note


def test_misuse_is_named():
    with pytest.raises(ValueError, match="lists of one length"):
        paired([1.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="infinite"):
        concordance([1.0, np.inf, 2.0], [1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="not between 0 and 1"):
        concordance([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], conf_level=0)
