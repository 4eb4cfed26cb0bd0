"""Effective numbers, and the one-way intraclass correlation of unequal groups."""

import numpy as np
import pytest

from psychometrics.stats.design_effect import design_effect, one_way_icc
from psychometrics.stats.intraclass_correlation import intraclass_correlation


def test_limits_of_the_design_effect():
    assert design_effect(0.0, [5, 3, 9]).effective_n == 17
    assert design_effect(1.0, [4, 4, 4]).effective_n == 3
    assert design_effect(0.7, [1, 1, 1]).effect == 1
    assert design_effect(-0.2, [4, 4]).effective_n == 8


def test_design_effect_is_the_variance_ratio_of_a_mean():
    rng = np.random.default_rng(3)
    sizes, icc = np.array([2, 10, 5, 30]), 0.3
    index = np.repeat(np.arange(4), sizes)
    draws = 20_000
    x = np.sqrt(icc) * rng.normal(size=(draws, 4))[:, index]
    x += np.sqrt(1 - icc) * rng.normal(size=(draws, len(index)))
    ratio = x.mean(axis=1).var() * len(index)
    # A variance of 20,000 draws has a relative standard error of 1 %; three of them.
    assert design_effect(icc, sizes).effect == pytest.approx(ratio, rel=0.03)


def test_equal_groups_give_the_one_way_form(rng):
    x = rng.normal(size=(12, 4)) + rng.normal(size=(12, 1))
    grouped = one_way_icc(x.ravel(), np.repeat(np.arange(12), 4))
    whole = intraclass_correlation(x, form="ICC(1,1)")
    np.testing.assert_allclose(
        [grouped.value, grouped.low, grouped.high], [whole.value, whole.low, whole.high], rtol=1e-12
    )


def test_unequal_groups_worked_by_hand():
    # Means 2 and 6 (sizes 2 and 4), grand mean 14/3. Between 2(8/3)² + 4(4/3)² = 64/3 on 1 df;
    # within 2 + 4 = 6 on 4 df, 1.5; size 6 - 20/6 = 8/3. (64/3 - 1.5) / (64/3 + 5/3 · 1.5).
    found = one_way_icc([1, 3, 5, 7, 5, 7], list("aabbbb"))
    assert found.value == pytest.approx((64 / 3 - 1.5) / (64 / 3 + 2.5), rel=1e-12)
    assert found.n == 2


def test_interval_covers_with_unequal_groups():
    rng = np.random.default_rng(11)
    for n in (50, 500):
        sizes = rng.integers(1, 9, n)
        index = np.repeat(np.arange(n), sizes)
        for icc in (0.1, 0.5):
            inside, draws = 0, 600
            for _ in range(draws):
                x = np.sqrt(icc) * rng.normal(size=n)[index]
                x += np.sqrt(1 - icc) * rng.normal(size=len(index))
                found = one_way_icc(x, index)
                inside += found.low <= icc <= found.high
            # 93 to 97 %, widened by two standard errors (.01) of 600 draws.
            assert 0.92 <= inside / draws <= 0.98


def test_missing_values_are_counted():
    found = one_way_icc([1.0, 2.0, np.nan, 5.0, 6.0], [1, 1, 1, 2, 2])
    assert found.note == "1 missing values left out"
    assert found.value == one_way_icc([1.0, 2.0, 5.0, 6.0], [1, 1, 2, 2]).value


@pytest.mark.parametrize(
    ("values", "groups", "reason"),
    [
        ([], [], "0 groups"),
        ([1.0, 2.0], ["a", "a"], "1 group"),
        ([1.0, 2.0], ["a", "b"], "no group has two"),
        ([0.1, 0.1, 0.1, 0.1], [1, 1, 2, 2], "do not differ"),
    ],
)
def test_undefined_with_the_reason(values, groups, reason):
    found = one_way_icc(values, groups)
    assert np.isnan(found.value)
    assert reason in found.note


def test_negative_component_is_named():
    found = one_way_icc([1.0, 5.0, 2.0, 4.0], [1, 1, 2, 2])
    assert found.value == -1
    assert "negative component" in found.note


def test_misuse_is_named():
    with pytest.raises(ValueError, match="each 1 or more"):
        design_effect(0.1, [])
    with pytest.raises(ValueError, match="each 1 or more"):
        design_effect(0.1, [3, 0])
    with pytest.raises(ValueError, match="icc=1.2"):
        design_effect(1.2, [3])
    with pytest.raises(ValueError, match="lists of a length"):
        one_way_icc([1.0], [1, 2])
    with pytest.raises(ValueError, match="infinite"):
        one_way_icc([np.inf, 1.0], [1, 2])
