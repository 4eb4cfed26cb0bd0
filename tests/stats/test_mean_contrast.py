"""Contrasts of two groups against scipy, printed examples and known populations."""

import numpy as np
import pytest
from scipy import stats

from psychometrics.stats.mean_contrast import (
    cohen_d,
    glass_delta,
    hedges_g,
    mean_contrast,
    mean_difference,
    unbiasing_factor,
)
from psychometrics.stats.noncentral_t import noncentral_t


def sample(rng, n, mean, sd):
    """Numbers with exactly this mean and standard deviation."""
    x = rng.normal(size=n)
    return (x - x.mean()) / x.std(ddof=1) * sd + mean


def test_welch_agrees_with_scipy(rng):
    x, y = rng.normal(size=12), 3 * rng.normal(size=9) + 1
    theirs = stats.ttest_ind(x, y, equal_var=False)
    ours = mean_contrast(x, y, 0.9)
    low, high = theirs.confidence_interval(0.9)
    np.testing.assert_allclose(
        [ours.t, ours.df, ours.p, ours.difference.low, ours.difference.high],
        [theirs.statistic, theirs.df, theirs.pvalue, low, high], rtol=1e-10,
    )  # fmt: skip


def test_d_is_t_and_its_limits_leave_the_tails(rng):
    x, y = rng.normal(size=12) + 0.6, rng.normal(size=9)
    found = cohen_d(x, y)
    scale = np.sqrt(1 / 12 + 1 / 9)
    t = stats.ttest_ind(x, y).statistic
    assert found.value == pytest.approx(t * scale, rel=1e-12)
    assert noncentral_t(t, 19, found.low / scale) == pytest.approx(0.975, abs=1e-9)
    assert noncentral_t(t, 19, found.high / scale) == pytest.approx(0.025, abs=1e-9)
    g = hedges_g(x, y)
    assert g.value == pytest.approx(found.value * unbiasing_factor(19), rel=1e-12)
    assert (g.low, g.high) == (found.low, found.high)


def test_glass_delta_as_printed_for_bonetts_interval(rng):
    """Published output for means 35.1 and 26.7, SDs 7.32 and 6.98, 30 a group, to its digits."""
    found = glass_delta(sample(rng, 30, 26.7, 6.98), sample(rng, 30, 35.1, 7.32))
    np.testing.assert_allclose(
        [-found.value, found.se, -found.high, -found.low],
        [1.147541, 0.2975582, 0.5643375, 1.730744], atol=1e-6,
    )  # fmt: skip


def test_unbiasing_factor():
    """Hedges' approximation 1 - 3/(4 df - 1) is good to .0004 from 10 degrees of freedom on."""
    for df in (10, 50, 5000):
        assert unbiasing_factor(df) == pytest.approx(1 - 3 / (4 * df - 1), abs=4e-4)
    assert unbiasing_factor(2) == pytest.approx(1 / np.sqrt(np.pi), rel=1e-12)


def test_g_has_no_bias(rng):
    x, y = rng.normal(0.8, 1, (4000, 6)), rng.normal(0, 1, (4000, 6))
    g = np.array([hedges_g(a, b).value for a, b in zip(x[:1500], y[:1500], strict=True)])
    assert abs(g.mean() - 0.8) < 3 * g.std() / np.sqrt(1500)


def test_coverage_of_d(rng):
    hits = []
    for _ in range(600):
        found = cohen_d(rng.normal(0.5, 1, 25), rng.normal(0, 1, 25))
        hits.append(found.low <= 0.5 <= found.high)
    assert abs(np.mean(hits) - 0.95) < 0.027  # three standard errors of 600


def test_missing_scores_are_left_out():
    whole = mean_contrast([1.0, 2, 4], [2.0, 5, 3])
    gaps = mean_contrast([1.0, np.nan, 2, 4], [2.0, 5, np.nan, 3])
    assert gaps == whole and whole.d.n == 6


def test_degenerate_groups_have_a_reason():
    same = mean_contrast([2.0, 2, 2], [1.0, 1, 1])
    assert same.difference.value == 1 and np.isnan([same.difference.low, same.t, same.p]).all()
    assert "no variance" in same.difference.note and "no variance" in same.d.note
    assert "no variance" in same.delta.note and np.isnan(same.g.value)
    empty = mean_contrast([], [1.0, 2])
    for found in (empty.difference, empty.d, empty.g, empty.delta):
        assert np.isnan(found.value) and "empty" in found.note
    one = mean_contrast([3.0], [1.0, 2, 4])
    assert one.difference.note.startswith("a group has one unit") and np.isfinite(one.d.low)
    assert np.isfinite(one.delta.value) and np.isnan(one.delta.low)
    assert "one degree" in hedges_g([3.0], [1.0, 2]).note
    assert mean_difference([np.nan], [np.nan]).n == 0


def test_an_offset_does_not_make_variance():
    assert "no variance" in cohen_d([1e9 + 0.1] * 5, [2e9 + 0.3] * 5).note


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cohen_d([[1, 2]], [1, 2]), "vector"),
        (lambda: hedges_g([1, np.inf], [1, 2]), "finite"),
        (lambda: mean_contrast([1, 2], [1, 2], 1.0), "between 0 and 1"),
    ],
)
def test_misuse_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
