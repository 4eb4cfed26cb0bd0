"""Ratios against R, by hand and for populations that are known; intervals and what has none."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from psychometrics.stats.heterotrait import heterotrait_matrix, heterotrait_ratios

SHARED = Path(__file__).resolve().parents[3] / "shared"
REVERSED = ("A1", "C4", "C5", "E1", "E2", "O2", "O5")


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")
def test_reproduces_r():
    """R's three tables are one: its function takes geometric means of sizes unless told not to."""
    expected = json.loads((SHARED / "reference/validity.json").read_text(encoding="utf-8"))
    items = [f"{scale}{i}" for scale in "ACENO" for i in range(1, 6)]
    with (SHARED / "reference/data/bfi.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    x = np.array([[float(r[i]) for i in items] for r in rows if all(r[i] for i in items)])
    turned = [items.index(item) for item in REVERSED]
    x[:, turned] = 7 - x[:, turned]
    found = heterotrait_matrix(np.corrcoef(x.T), [i[0] for i in items], variant="htmt2")
    for table in ("htmt", "htmt2", "htmt_signed"):
        # Closed form; the reference has 14 digits.
        np.testing.assert_allclose(found, expected[table]["values"], atol=1e-12)


def by_hand(r, first, second, mean):
    between = mean([r[i, j] for i in first for j in second])
    within = [mean([r[i, j] for i in m for j in m if i < j]) for m in (first, second)]
    return between / np.sqrt(within[0] * within[1])


@pytest.mark.parametrize(
    ("variant", "absolute"), [("htmt", True), ("htmt", False), ("htmt2", True)]
)
def test_by_hand(rng, variant, absolute):
    x = rng.normal(size=(80, 1)) + rng.normal(size=(80, 5))
    x[:, 4] -= 2.5 * x[:, 0]
    r = np.corrcoef(x.T)
    assert (r < 0).any()
    sizes = np.abs(r) if absolute else r

    def mean(values):
        return np.exp(np.mean(np.log(values))) if variant == "htmt2" else np.mean(values)

    # Items of a scale need not stand together.
    scales = ["b", "a", "b", "a", "c"]
    found = heterotrait_matrix(r, scales, variant=variant, absolute=absolute)
    assert found[0, 1] == pytest.approx(by_hand(sizes, [0, 2], [1, 3], mean), rel=1e-12)
    assert np.isnan(found[0, 2]) and found[2, 2] == 1
    with_limits = heterotrait_ratios(x, scales, variant=variant, absolute=absolute, n_resamples=50)
    np.testing.assert_allclose(with_limits.matrix, found, rtol=1e-10)
    assert with_limits.names == ("b", "a", "c")
    assert with_limits.pairs["b", "c"].note == "a scale has one item"


def population(loadings, correlation):
    """Correlations of two scales' items under a simple structure."""
    first, second = loadings
    lam = np.zeros((len(first) + len(second), 2))
    lam[: len(first), 0], lam[len(first) :, 1] = first, second
    r = lam @ np.array([[1, correlation], [correlation, 1]]) @ lam.T
    np.fill_diagonal(r, 1)
    return r


def test_geometric_means_find_the_latent_correlation_of_congeneric_items():
    r = population(([0.9, 0.5, 0.4], [0.8, 0.7, 0.3]), 0.6)
    scales = list("aaabbb")
    assert heterotrait_matrix(r, scales, variant="htmt2")[0, 1] == pytest.approx(0.6, rel=1e-12)
    assert abs(heterotrait_matrix(r, scales)[0, 1] - 0.6) > 0.01  # arithmetic ones do not
    equal = population(([0.7] * 3, [0.6] * 3), -0.4)
    assert heterotrait_matrix(equal, scales, absolute=False)[0, 1] == pytest.approx(-0.4)


def test_intervals_cover(rng):
    r = population(([0.8] * 4, [0.7] * 4), 0.5)
    hits = []
    for seed in range(150):
        x = rng.multivariate_normal(np.zeros(8), r, size=100)
        found = heterotrait_ratios(x, list("aaaabbbb"), n_resamples=400, seed=seed)
        pair = found.pairs["a", "b"]
        hits.append(pair.low <= 0.5 <= pair.high)
    assert np.mean(hits) > 0.95 - 0.055  # three standard errors of 150


def test_missing_rows_and_clusters(rng):
    x = np.repeat(rng.normal(size=(30, 4)) + rng.normal(size=(30, 1)), 4, axis=0)
    x[0, 0] = np.nan
    models = np.repeat(np.arange(30), 4)
    by_row = heterotrait_ratios(x, list("aabb"), n_resamples=300).pairs["a", "b"]
    by_model = heterotrait_ratios(x, list("aabb"), n_resamples=300, clusters=models).pairs["a", "b"]
    assert by_row.n == 119 and by_model.n == 30 and by_row.value == by_model.value
    assert by_model.high - by_model.low > 1.5 * (by_row.high - by_row.low)
    assert "30 clusters: below 50" in by_model.note


def test_no_ratio_without_a_reason(rng):
    x = rng.normal(size=(60, 4))
    x[:, 1] = 3.0
    found = heterotrait_ratios(x, list("aabb"), n_resamples=50).pairs["a", "b"]
    assert np.isnan(found.value) and found.note == "an item is constant"
    opposed = rng.normal(size=(60, 1)) + 0.1 * rng.normal(size=(60, 4))
    opposed[:, 1] *= -1
    found = heterotrait_ratios(opposed, list("aabb"), absolute=False, n_resamples=50)
    assert "no positive mean" in found.pairs["a", "b"].note and np.isnan(found.matrix[0, 1])
    few = heterotrait_ratios(x[:2], list("aabb")).pairs["a", "b"]
    assert np.isnan(few.value) and "3 are needed" in few.note


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: heterotrait_ratios(x, list("aab")), "3 scales for 4"),
        (lambda x: heterotrait_ratios(x, list("aaaa")), "at least two"),
        (lambda x: heterotrait_ratios(x, list("aabb"), variant="ave"), "neither"),
        (
            lambda x: heterotrait_ratios(x, list("aabb"), variant="htmt2", absolute=False),
            "absolute",
        ),
        (lambda x: heterotrait_ratios(x, list("aabb"), 95), "between 0 and 1"),
        (lambda x: heterotrait_ratios(x, list("aabb"), clusters=[1]), "one a row"),
        (lambda x: heterotrait_ratios(x, list("aabb"), kind="basic", n_resamples=9), "neither"),
        (lambda x: heterotrait_matrix(x, list("aabb")), "square"),
    ],
)
def test_misuse_is_named(rng, call, message):
    with pytest.raises(ValueError, match=message):
        call(rng.normal(size=(20, 4)))
