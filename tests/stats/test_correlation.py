"""Correlations and their limits against R and scipy, by pairs, and where there are none."""

import csv
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from psychometrics.stats.correlation import (
    correlation_coefficient,
    correlation_matrix,
    fisher_limits,
    pearson,
    spearman,
)

SHARED = Path(__file__).resolve().parents[3] / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")


@needs_shared
def test_reproduces_r():
    expected = json.loads((SHARED / "reference/misc.json").read_text(encoding="utf-8"))
    with (SHARED / "reference/data/bfi.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    items = [f"{scale}{i}" for scale in "ACENO" for i in range(1, 6)]
    complete = np.array([[float(r[i]) for i in items] for r in rows if all(r[i] for i in items)])
    n1, n2 = complete[:, items.index("N1")], complete[:, items.index("N2")]
    found = pearson(n1, n2)
    r = expected["fisher_ci_N1_N2"]
    # Closed forms; the reference has 14 digits.
    np.testing.assert_allclose([found.value, found.low, found.high], [r["r"], *r["ci"]], rtol=1e-12)
    assert found.n == r["n"]
    assert spearman(n1, n2).value == pytest.approx(expected["spearman"], rel=1e-12)


def test_agrees_with_scipy(rng):
    x = rng.normal(size=30)
    y = x + rng.normal(size=30)
    found, theirs = pearson(x, y, 0.9), stats.pearsonr(x, y)
    np.testing.assert_allclose(
        [found.value, found.low, found.high],
        [theirs.statistic, *theirs.confidence_interval(0.9)], rtol=1e-12,
    )  # fmt: skip
    tied = np.round(y)
    assert spearman(x, tied).value == pytest.approx(stats.spearmanr(x, tied).statistic, rel=1e-12)


def test_limits_of_bonett_and_wright_by_hand():
    low, high = fisher_limits(0.6, 50, kind="spearman")
    half = 1.959963984540054 * np.sqrt((1 + 0.18) / 47)
    np.testing.assert_allclose(
        np.arctanh([low, high]), np.arctanh(0.6) + np.array([-half, half]), rtol=1e-12
    )


def test_missing_values_are_left_out_pair_by_pair(rng):
    x = rng.normal(size=(40, 4))
    x[:, 1] += x[:, 0]
    x[rng.random(x.shape) < 0.2] = np.nan
    for kind in ("pearson", "spearman"):
        found = correlation_matrix(x, kind=kind)
        np.testing.assert_allclose(found.r, pd.DataFrame(x).corr(kind).to_numpy(), atol=1e-12)
        one = (pearson if kind == "pearson" else spearman)(x[:, 0], x[:, 1])
        pair = found.pair(0, 1)
        np.testing.assert_allclose(
            [pair.value, pair.low, pair.high], [one.value, one.low, one.high], rtol=1e-12
        )
        assert pair.n == one.n == (~np.isnan(x[:, :2]).any(axis=1)).sum()
        np.testing.assert_allclose(found.low[0, 1], one.low, rtol=1e-12)


def test_large_offsets_do_not_hurt(rng):
    x = rng.normal(size=(50, 2))
    near, far = correlation_matrix(x), correlation_matrix(x + 1e8)
    np.testing.assert_allclose(far.r, near.r, atol=1e-7)  # x + 1e8 keeps eight digits


@pytest.mark.parametrize("constant", [3.0, 1e9 + 0.1, 0.0])
def test_a_constant_has_no_correlation(constant):
    found = pearson(np.full(10, constant), np.arange(10.0))
    assert np.isnan(found.value) and found.note == "a variable is constant"
    matrix = correlation_matrix(np.column_stack([np.full(10, constant), np.arange(10.0)]))
    assert np.isnan(matrix.r[0]).all() and matrix.r[1, 1] == 1
    assert matrix.pair(0, 1).note == "a variable is constant"


def test_a_variable_constant_where_the_other_is_known():
    x = np.array([1.0, 1, 1, 1, 9, 5])
    y = np.array([1.0, 2, 3, 4, np.nan, np.nan])
    assert np.isnan(correlation_matrix(np.column_stack([x, y])).r[0, 1])


@pytest.mark.parametrize("of", [pearson, spearman])
def test_limit_values_have_a_reason(of):
    perfect = of(np.arange(10.0), 3 * np.arange(10.0) + 0.1)
    assert perfect.value == 1 and np.isnan(perfect.low) and "perfect" in perfect.note
    three = of([1.0, 2.0, 3.0], [1.0, 3.0, 2.0])
    assert three.value == pytest.approx(0.5) and np.isnan(three.low)
    assert three.note == "3 units: no interval"
    for few in ([1.0, 2.0], [np.nan] * 5, []):
        found = of(few, few)
        assert np.isnan(found.value) and "3 are needed" in found.note


def test_coverage(rng):
    """Exact enough at n = 50 for a bivariate normal correlation of .6."""
    z = rng.normal(size=(2000, 50, 2))
    x, y = z[..., 0], 0.6 * z[..., 0] + 0.8 * z[..., 1]
    x, y = x - x.mean(axis=1, keepdims=True), y - y.mean(axis=1, keepdims=True)
    r = (x * y).sum(axis=1) / np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))
    low, high = fisher_limits(r, 50)
    assert abs(np.mean((low <= 0.6) & (high >= 0.6)) - 0.95) < 0.015  # three standard errors


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: pearson([1, 2, 3], [1, 2]), "two equal vectors"),
        (lambda: pearson([1, 2, 3], [1, 2, 4], 95), "between 0 and 1"),
        (lambda: correlation_matrix([1, 2]), "axes"),
        (lambda: correlation_matrix([[1, 2]], kind="kendall"), "neither"),
        (lambda: correlation_coefficient(1.2, 10), "between -1 and 1"),
    ],
)
def test_misuse_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
