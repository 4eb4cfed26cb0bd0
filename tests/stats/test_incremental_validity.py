"""Nested regressions against statsmodels, the interval's coverage, and degenerate predictors."""

import numpy as np
import pytest
import statsmodels.api as sm

from psychometrics.stats.correlation import pearson
from psychometrics.stats.incremental_validity import criterion_validity, incremental_validity


def data(rng, n=80):
    x = rng.normal(size=(n, 4)) + 0.5 * rng.normal(size=(n, 1))
    return x @ [0.4, 0.2, 0.3, 0.0] + rng.normal(size=n), x[:, :2], x[:, 2:]


def test_agrees_with_statsmodels(rng):
    y, base, added = data(rng)
    first = sm.OLS(y, sm.add_constant(base)).fit()
    full = sm.OLS(y, sm.add_constant(np.hstack([base, added]))).fit()
    f, p, df = full.compare_f_test(first)
    ours = incremental_validity(y, base, added, n_resamples=200)
    np.testing.assert_allclose(
        [ours.r2_base, ours.r2_full, ours.adjusted_change, ours.f, ours.p, ours.df1, ours.df2],
        [first.rsquared, full.rsquared, full.rsquared_adj - first.rsquared_adj, f, p, df, 75],
        rtol=1e-8,
    )
    assert ours.change.value == pytest.approx(full.rsquared - first.rsquared, rel=1e-9)
    assert ours.f2 == pytest.approx(
        (full.rsquared - first.rsquared) / (1 - full.rsquared), rel=1e-8
    )


def test_scales_and_offsets_do_not_matter(rng):
    y, base, added = data(rng)
    plain = incremental_validity(y, base, added, n_resamples=100)
    moved = incremental_validity(1e6 + 1e-4 * y, 1e5 * base, added - 300, n_resamples=100)
    np.testing.assert_allclose(
        [plain.change.value, plain.change.low, plain.f], [moved.change.value, moved.change.low, moved.f],
        rtol=1e-5,
    )  # fmt: skip


@pytest.mark.parametrize(("slope", "truth"), [(0.0, 0.0), (0.5, 0.2)])
def test_coverage(rng, slope, truth):
    """Two independent predictors, of which the first has a slope of 0; errors of variance 1."""
    hits = []
    for seed in range(200):
        x = rng.normal(size=(100, 2))
        y = slope * x[:, 1] + rng.normal(size=100)
        change = incremental_validity(y, x[:, 0], x[:, 1], n_resamples=400, seed=seed).change
        hits.append(change.low <= truth <= change.high)
    assert abs(np.mean(hits) - 0.95) < 0.046  # three standard errors of 200


def test_the_lower_limit_is_zero_unless_the_f_test_rejects(rng):
    for seed in range(10):
        y, x = rng.normal(size=60), rng.normal(size=(60, 2))
        found = incremental_validity(y, x[:, 0], x[:, 1], n_resamples=100, seed=seed)
        assert (found.change.low > 0) == (found.p < 0.05)


def test_missing_rows_and_clusters(rng):
    y, base, added = data(rng)
    base[3, 0] = np.nan
    found = incremental_validity(y, base, added, n_resamples=100, clusters=np.arange(80) // 2)
    assert found.change.n == 40 and found.df2 == 74
    assert "40 clusters" in found.change.note and "independent rows" in found.change.note


def test_degenerate_predictors_have_a_reason(rng):
    y, base, added = data(rng, 30)
    cases = [
        ((y, base, 2 * base[:, :1] - base[:, 1:]), "follow from the others"),
        ((base[:, 0] + added[:, 0], base, added), "fit is perfect"),
        ((np.ones(30), base, added), "criterion is constant"),
        ((y, np.ones(30), added), "of base is constant"),
        ((y, base, np.ones(30)), "of added is constant"),
        ((y[:5], base[:5], added[:5]), "5 complete rows for 4 predictors"),
        ((np.full(30, np.nan), base, added), "0 complete rows"),
    ]
    for arguments, reason in cases:
        found = incremental_validity(*arguments, n_resamples=50)
        assert np.isnan([found.change.value, found.p]).all() and reason in found.change.note


def test_a_collinear_base_counts_once(rng):
    y, base, added = data(rng)
    twice = np.hstack([base, base[:, :1]])
    once = incremental_validity(y, base, added, n_resamples=50)
    found = incremental_validity(y, twice, added, n_resamples=50)
    assert found.df2 == once.df2 and found.f == pytest.approx(once.f, rel=1e-8)


def test_criterion_validity_is_a_correlation(rng):
    x, y = rng.normal(size=20), rng.normal(size=20)
    found, r = criterion_validity(x, y), pearson(x, y)
    assert found.name == "criterion validity"
    assert (found.value, found.low, found.high) == (r.value, r.low, r.high)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: incremental_validity([[1]], [1], [1]), "y as a vector"),
        (lambda: incremental_validity([1, 2], [1], [1, 2]), "2, 1, 2 rows"),
        (lambda: incremental_validity([1, 2], np.ones((2, 0)), [1, 2]), "no predictor"),
        (lambda: incremental_validity([1, 2], [1, 2], [1, 2], clusters=[1]), "one a row"),
        (lambda: incremental_validity([1, 2], [1, 2], [1, 2], 95), "between 0 and 1"),
    ],
)
def test_misuse_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
