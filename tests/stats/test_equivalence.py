"""Equivalence tests against scipy and against their own intervals, their level, and verdicts."""

import numpy as np
import pytest
from scipy import stats

from psychometrics.stats.dependent_correlations import (
    independent_difference,
    overlapping_difference,
)
from psychometrics.stats.equivalence import (
    equivalent_correlation,
    equivalent_correlations,
    equivalent_d,
    equivalent_means,
    equivalent_pairs,
)

TESTS = [equivalent_means, equivalent_pairs, equivalent_d, equivalent_correlation]


def test_means_agree_with_two_tests_of_scipy(rng):
    x, y = rng.normal(size=30), rng.normal(size=25) * 1.5
    found = equivalent_means(x, y, (-0.8, 0.6))
    lower = stats.ttest_ind(x + 0.8, y, equal_var=False, alternative="greater").pvalue
    upper = stats.ttest_ind(x - 0.6, y, equal_var=False, alternative="less").pvalue
    both = stats.ttest_ind(x, y, equal_var=False).pvalue
    np.testing.assert_allclose(
        [found.p_lower, found.p_upper, found.p_equivalence, found.p_difference],
        [lower, upper, max(lower, upper), both], rtol=1e-9,
    )  # fmt: skip


def test_pairs_agree_with_two_tests_of_scipy(rng):
    x = rng.normal(size=30)
    y = x + 0.5 * rng.normal(size=30)
    found = equivalent_pairs(x, y, (-0.3, 0.2))
    lower = stats.ttest_1samp(x - y, -0.3, alternative="greater").pvalue
    upper = stats.ttest_1samp(x - y, 0.2, alternative="less").pvalue
    np.testing.assert_allclose([found.p_lower, found.p_upper], [lower, upper], rtol=1e-9)


@pytest.mark.parametrize("test", TESTS)
def test_p_and_interval_decide_alike(rng, test):
    verdicts = set()
    for _ in range(200):
        x = rng.normal(size=60)
        found = test(x, rng.normal(size=60) + rng.choice([0, 0.4]) * (1 + x), (-0.5, 0.4), 0.1)
        inside = found.margins[0] < found.estimate.low and found.estimate.high < found.margins[1]
        assert inside == (found.p_equivalence < 0.1)
        assert (found.verdict in ("equivalent", "both")) == inside
        assert (found.verdict in ("different", "both")) == (found.p_difference < 0.1)
        assert found.estimate.conf_level == pytest.approx(0.8)
        verdicts.add(found.verdict)
    assert len(verdicts) >= 3


@pytest.mark.parametrize("test", TESTS)
def test_level_at_the_margin(rng, test):
    """At the margin equivalence is claimed in 5 % of samples."""
    claimed = 0
    for _ in range(1000):
        x = rng.normal(size=100)
        if test is equivalent_correlation:
            y = 0.4 * x + np.sqrt(1 - 0.16) * rng.normal(size=100)
        else:
            y = rng.normal(size=100) - 0.4
        claimed += test(x, y, (-0.4, 0.4)).p_equivalence < 0.05
    assert abs(claimed / 1000 - 0.05) < 0.021  # three standard errors of 1,000


def test_the_four_verdicts(rng):
    z = rng.normal(size=400)
    z = (z - z.mean()) / z.std(ddof=1)
    same, small, large = z, z + 0.25, z + 1.0
    assert equivalent_means(z, same, (-0.4, 0.4)).verdict == "equivalent"
    assert equivalent_means(z, small, (-0.4, 0.4)).verdict == "both"
    assert equivalent_means(z, large, (-0.4, 0.4)).verdict == "different"
    assert equivalent_means(z[:9], z[:9] + 0.05, (-0.1, 0.1)).verdict == "inconclusive"


def test_differences_of_correlations():
    def same(level):
        return overlapping_difference(0.4, 0.42, 0.5, 500, level)

    found = equivalent_correlations(same, (-0.15, 0.15))
    assert found.verdict == "equivalent" and found.estimate.conf_level == 0.9
    interval = same(0.9).difference
    assert (found.estimate.low, found.estimate.high) == (interval.low, interval.high)
    edge = equivalent_correlations(same, (interval.low + 1e-9, 0.15))
    assert edge.verdict == "inconclusive"
    large = equivalent_correlations(
        lambda level: independent_difference(0.7, 400, 0.2, 400, level), (-0.15, 0.15)
    )
    assert large.verdict == "different" and large.p_difference < 1e-6


def test_items_in_several_orders_are_one_unit(rng):
    items = np.repeat(np.arange(12), 5)
    x = rng.normal(size=60)
    y = x + 0.3 * rng.normal(size=12)[items]
    whole = equivalent_pairs(x, y, (-0.2, 0.2), clusters=items)
    assert whole.estimate.n == 12
    assert whole.p_equivalence > equivalent_pairs(x, y, (-0.2, 0.2)).p_equivalence


@pytest.mark.parametrize("test", TESTS)
def test_what_cannot_be_tested_is_undefined(test):
    found = test([1.0, 1, 1, 1], [1.0, 1, 1, 1], (-0.2, 0.2))
    assert found.verdict == "undefined" and np.isnan(found.p_equivalence) and found.estimate.note
    few = equivalent_correlations(
        lambda level: independent_difference(0.7, 3, 0.2, 400, level), (-0.2, 0.2)
    )
    assert few.verdict == "undefined" and "4 are needed" in few.estimate.note


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: equivalent_means(x, x, (0.1, 0.2)), "zero has to lie between"),
        (lambda x: equivalent_pairs(x, x, (-0.1, 0.2), 0.5), "alpha=0.5"),
        (lambda x: equivalent_correlation(x, x, (-0.1, 1.2)), "within ±1"),
        (lambda x: equivalent_d(x, x, (np.nan, 0.2)), "zero has to lie between"),
    ],
)
def test_misuse_is_named(rng, call, message):
    with pytest.raises(ValueError, match=message):
        call(rng.normal(size=10))
