"""Gwet's AC1 and AC2: published values, an independent program, jackknife, coverage."""

import json
from pathlib import Path

import numpy as np
import pytest

from psychometrics.stats.gwet import gwet_ac, gwet_ac_of_counts

SHARED = Path(__file__).resolve().parents[3] / "shared"
needs_reference = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")

TABLE = np.array([[44, 5, 1], [7, 20, 3], [9, 5, 6]])


def reference(name):
    text = (SHARED / "reference/agreement.json").read_text(encoding="utf-8")
    return json.loads(text)[name]


def pairs_of(table):
    rows, columns = np.indices(table.shape)
    return np.repeat(np.column_stack([rows.ravel(), columns.ravel()]), table.ravel(), axis=0)


@pytest.mark.parametrize(
    ("weights", "value", "se"),
    [
        # Computed once with irrCAC 0.4.4, which prints five digits.
        ("identity", 0.57597, 0.06822),
        ("linear", 0.60976, 0.07212),
        ("quadratic", 0.63855, 0.08176),
        ("ordinal", 0.62756, 0.07753),
    ],
)
def test_two_raters_agree_with_an_independent_program(weights, value, se):
    found = gwet_ac(pairs_of(TABLE), weights=weights)
    assert found.value == pytest.approx(value, abs=5.1e-6)
    assert found.se == pytest.approx(se, abs=5.1e-6)


def test_value_of_the_reference_note():
    assert gwet_ac(pairs_of(TABLE)).value == pytest.approx(0.5759717, abs=5e-8)


@needs_reference
@pytest.mark.parametrize(
    ("weights", "value", "se"),
    [
        # Computed once with irrCAC 0.4.4, which prints ten digits here.
        ("identity", 0.7754440681, 0.1429499506),
        ("linear", 0.8587391364, 0.1173290219),
        ("quadratic", 0.9140007236, 0.1039622446),
        ("ordinal", 0.8989397699, 0.1069035238),
    ],
)
def test_four_raters_with_gaps_agree_with_an_independent_program(weights, value, se):
    ratings = np.array(reference("krippendorff_4x12")["ratings"], dtype=float).T
    found = gwet_ac(ratings, weights=weights)
    assert found.value == pytest.approx(value, abs=5.1e-11)
    assert found.se == pytest.approx(se, abs=5.1e-11)
    assert "7 of 48 ratings missing" in found.note


def test_linearised_error_is_near_the_jackknife_with_gaps(rng):
    truth = rng.integers(0, 4, (150, 1))
    x = np.where(rng.random((150, 5)) < 0.7, truth, rng.integers(0, 4, (150, 5))).astype(float)
    x[rng.random(x.shape) < 0.3] = np.nan
    x = x[~np.isnan(x).all(axis=1)]
    n = len(x)
    for weights in ("identity", "quadratic"):
        without = [
            gwet_ac(np.delete(x, i, axis=0), weights=weights, categories=range(4)).value
            for i in range(n)
        ]
        jackknife = np.sqrt((n - 1) * np.var(without))
        # The two differ by terms of 1/n.
        assert gwet_ac(x, weights=weights).se == pytest.approx(jackknife, rel=0.02)


def test_counts_and_ratings_agree(rng):
    x = rng.integers(1, 4, (30, 4))
    counts = np.stack([(x == c).sum(axis=1) for c in (1, 2, 3)], axis=1)
    one, other = gwet_ac(x, weights="linear"), gwet_ac_of_counts(counts, weights="linear")
    assert (one.value, one.se, one.low) == (other.value, other.se, other.low)


def test_stays_high_where_kappa_falls():
    # 118 agreements on one category, 2 disagreements each way, none on the other: kappa is below 0.
    found = gwet_ac([[1, 1]] * 118 + [[1, 2], [1, 2], [2, 1], [2, 1]])
    assert found.value > 0.95
    assert "4 units without full agreement" in found.note


def test_interval_covers():
    rng = np.random.default_rng(6)
    share, right, q = np.array([0.1, 0.2, 0.4, 0.2, 0.1]), 0.7, 5
    agreed = right**2 + (1 - right**2) * np.sum(share**2)
    chance = np.sum(share * (1 - share)) / (q - 1)
    truth = (agreed - chance) / (1 - chance)
    for n in (50, 500):
        inside, draws = 0, 600
        for _ in range(draws):
            unit = rng.choice(q, (n, 1), p=share)
            x = np.where(rng.random((n, 3)) < right, unit, rng.choice(q, (n, 3), p=share))
            found = gwet_ac(x, categories=range(q))
            inside += found.low <= truth <= found.high
        # 93 to 97 %, widened by two standard errors (.01) of 600 draws.
        assert 0.92 <= inside / draws <= 0.98


def test_degenerate_ratings():
    assert "one category" in gwet_ac([[1, 1], [1, 1]]).note
    same = gwet_ac([[1, 1], [1, 1]], categories=[1, 2])
    assert same.value == 1
    assert np.isnan(same.low)
    assert "standard error is 0" in same.note
    for nothing in (np.zeros((0, 3)), np.full((4, 2), np.nan), [[1, None], [None, 2]]):
        found = gwet_ac(nothing)
        assert np.isnan(found.value)
        assert "no unit was rated by two raters" in found.note
    single = gwet_ac([[1, 2]])
    assert "one unit" in single.note


def test_misuse_is_named():
    with pytest.raises(ValueError, match="give categories="):
        gwet_ac([["a", "b"]], weights="linear")
    with pytest.raises(ValueError, match=r"weights have shape \(2, 2\)"):
        gwet_ac_of_counts([[1, 1, 0]], weights=np.eye(2))
    with pytest.raises(ValueError, match="2 categories for a table of 3"):
        gwet_ac_of_counts([[1, 1, 0]], categories=["a", "b"])
