"""The paired contrast against scipy, printed examples and known populations."""

import numpy as np
import pytest
from scipy import stats

from psychometrics.stats.noncentral_t import noncentral_t
from psychometrics.stats.paired_contrast import paired_contrast


def test_agrees_with_scipy(rng):
    x = rng.normal(size=15)
    y = 0.5 * x + rng.normal(size=15) + 0.4
    theirs = stats.ttest_rel(x, y)
    low, high = theirs.confidence_interval(0.9)
    ours = paired_contrast(x, y, 0.9)
    np.testing.assert_allclose(
        [ours.t, ours.df, ours.p, ours.difference.low, ours.difference.high],
        [theirs.statistic, 14, theirs.pvalue, low, high], rtol=1e-10,
    )  # fmt: skip
    assert ours.d_z.value == pytest.approx(theirs.statistic / np.sqrt(15))
    assert noncentral_t(ours.t, 14, ours.d_z.high * np.sqrt(15)) == pytest.approx(0.05, abs=1e-9)


def test_d_av_as_printed_for_bonetts_interval(rng):
    """Published output for 110.4 and 102.1, SDs 15.3 and 14.6, r = .75, n = 25, to its digits."""
    z = rng.normal(size=(25, 2))
    z -= z.mean(axis=0)
    z = z @ np.linalg.inv(np.linalg.cholesky(np.cov(z.T))).T
    x = 110.4 + 15.3 * z[:, 0]
    y = 102.1 + 14.6 * (0.75 * z[:, 0] + np.sqrt(1 - 0.75**2) * z[:, 1])
    found = paired_contrast(x, y).d_av
    np.testing.assert_allclose(
        [found.value, found.se, found.low, found.high],
        [0.5550319, 0.1609934, 0.2394905, 0.8705732], atol=1e-7,
    )  # fmt: skip


def test_several_orders_of_an_item_are_one_unit(rng):
    items = np.repeat(np.arange(10), 4)
    x = rng.normal(size=10)[items] + 0.1 * rng.normal(size=40)
    y = rng.normal(size=10)[items] + 0.1 * rng.normal(size=40)
    found = paired_contrast(x, y, clusters=items)
    averaged = paired_contrast(x.reshape(10, 4).mean(axis=1), y.reshape(10, 4).mean(axis=1))
    assert found.difference.n == 10 and found.n_pairs == 40
    assert found.p == pytest.approx(averaged.p, rel=1e-9)
    assert found.d_av.value == pytest.approx(averaged.d_av.value, rel=1e-9)
    assert "averaged within units" in found.difference.method
    assert found.p > paired_contrast(x, y).p


def test_a_missing_half_leaves_out_the_pair():
    x, y = [1.0, 2, np.nan, 4, 7], [0.0, np.nan, 1, 1, 2]
    labels = ["a", "b", "c", "a", "d"]
    assert paired_contrast(x, y).difference.n == 3
    found = paired_contrast(x, y, clusters=labels)
    assert found.difference.n == 2 and found.n_pairs == 3
    assert found.difference.value == pytest.approx(((1 + 3) / 2 + 5) / 2)


def test_detectable_difference_is_found_with_its_power(rng):
    x = rng.normal(size=30)
    y = rng.normal(size=30)
    found = paired_contrast(x, y, alpha=0.05, power=0.8)
    sd = np.std(x - y, ddof=1)
    assert found.detectable == pytest.approx(found.detectable_d_z * sd)
    shifted = rng.normal(found.detectable, sd, size=(4000, 30))
    p = stats.ttest_1samp(shifted, 0, axis=1).pvalue
    assert abs(np.mean(p < 0.05) - 0.8) < 0.02  # three standard errors


def test_coverage(rng):
    hits = {"difference": 0, "d_z": 0, "d_av": 0}
    truth = {"difference": 0.5, "d_z": 0.5 / np.sqrt(0.72), "d_av": 0.5}
    for _ in range(500):
        common = 0.8 * rng.normal(size=50)
        x = common + 0.6 * rng.normal(size=50) + 0.5
        found = paired_contrast(x, common + 0.6 * rng.normal(size=50))
        for name in hits:
            interval = getattr(found, name)
            hits[name] += interval.low <= truth[name] <= interval.high
    for name, count in hits.items():
        assert abs(count / 500 - 0.95) < 0.03, name  # three standard errors of 500


def test_degenerate_pairs_have_a_reason():
    same = paired_contrast([1.0, 2, 3], [0.0, 1, 2])
    assert same.difference.value == 1 and np.isnan([same.difference.low, same.p]).all()
    assert "same in all units" in same.difference.note and "same in all" in same.d_z.note
    assert same.d_av.value == pytest.approx(1) and same.detectable == 0
    one, none = paired_contrast([1.0], [0.5]), paired_contrast([np.nan], [0.5])
    assert one.difference.value == 0.5 and "one unit" in one.difference.note
    assert "one unit" in one.d_av.note and np.isnan(one.detectable)
    assert none.difference.note == "no complete pair" and np.isnan(none.d_z.value)
    assert paired_contrast([np.nan], [0.5], clusters=["a"]).difference.n == 0
    flat = paired_contrast([2.0, 2, 2], [1.0, 1, 1])
    assert flat.d_av.note == "scores do not vary"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: paired_contrast([1, 2], [1]), "two equal vectors"),
        (lambda: paired_contrast([1, 2], [1, 3], clusters=["a"]), "one a pair"),
        (lambda: paired_contrast([1, 2, 3], [1, 3, 5], power=0.01), "alpha < power"),
        (lambda: paired_contrast([1, 2], [1, 3], 95), "between 0 and 1"),
    ],
)
def test_misuse_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
