"""Fleiss' kappa against R, by category, under the null, and its coverage."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from psychometrics.stats.fleiss_kappa import fleiss_kappa, fleiss_kappa_of_counts

SHARED = Path(__file__).resolve().parents[3] / "shared"
needs_reference = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")

# Closed forms; the reference has 14 digits.
CLOSED = 1e-10


def reference(name):
    text = (SHARED / "reference/agreement.json").read_text(encoding="utf-8")
    return json.loads(text)[name]


@needs_reference
def test_counts_agree_with_r():
    expected = reference("fleiss_10x14")
    found = fleiss_kappa_of_counts(expected["counts"]).overall
    assert found.value == pytest.approx(expected["kappa"], abs=CLOSED)
    assert round(found.value, 2) == expected["published"]


@needs_reference
def test_diagnoses_agree_with_irr():
    expected = reference("fleiss_1971_diagnoses")
    path = SHARED / "reference/data" / expected["data"]
    with path.open(encoding="utf-8") as file:
        found = fleiss_kappa(list(csv.reader(file))[1:])
    assert found.overall.value == pytest.approx(expected["kappa"], abs=CLOSED)
    assert found.overall_test.z == pytest.approx(expected["z"], abs=CLOSED)
    assert [c.variant for c in found.categories] == expected["detail"]["rows"]
    for one, test, row in zip(
        found.categories, found.category_tests, expected["detail"]["values"], strict=True
    ):
        # irr rounds these to three digits.
        assert one.value == pytest.approx(row[0], abs=5.1e-4)
        assert test.z == pytest.approx(row[1], abs=5.1e-4)
        assert test.p == pytest.approx(row[2], abs=5.1e-4)


@needs_reference
def test_gaps_agree_with_an_independent_program():
    ratings = np.array(reference("krippendorff_4x12")["ratings"], dtype=float).T
    found = fleiss_kappa(ratings)
    # Computed once with irrCAC 0.4.4, which prints ten digits here.
    assert found.overall.value == pytest.approx(0.7611692754, abs=5.1e-11)
    assert found.overall.se == pytest.approx(0.1530192035, abs=5.1e-11)
    assert "as many for each unit" in found.overall_test.note
    assert np.isnan(found.overall_test.z)


def test_null_error_is_that_of_independent_raters():
    rng = np.random.default_rng(2)
    share = np.array([0.5, 0.3, 0.2])
    draws = [fleiss_kappa(rng.choice(3, (60, 4), p=share)) for _ in range(1500)]
    spread = np.std([d.overall.value for d in draws])
    # A standard deviation of 1,500 draws has a relative standard error of 1.8 %; three of them.
    assert np.mean([d.overall_test.se for d in draws]) == pytest.approx(spread, rel=0.055)
    rejected = np.mean([d.overall_test.p < 0.05 for d in draws])
    # Three standard errors (.0056) of 1,500 draws.
    assert abs(rejected - 0.05) < 0.017


def test_overall_is_the_mean_of_categories_weighted_by_their_variance(rng):
    x = rng.choice(4, (40, 5), p=[0.1, 0.2, 0.3, 0.4])
    found = fleiss_kappa(x)
    share = np.bincount(x.ravel(), minlength=4) / x.size
    weights = share * (1 - share)
    mean = np.average([c.value for c in found.categories], weights=weights)
    assert found.overall.value == pytest.approx(mean, rel=1e-12)


def test_linearised_error_is_near_the_jackknife(rng):
    truth = rng.integers(0, 3, (120, 1))
    x = np.where(rng.random((120, 4)) < 0.6, truth, rng.integers(0, 3, (120, 4)))
    without = [fleiss_kappa(np.delete(x, i, axis=0)).overall.value for i in range(120)]
    jackknife = np.sqrt(119 * np.var(without))
    # The two differ by terms of 1/n.
    assert fleiss_kappa(x).overall.se == pytest.approx(jackknife, rel=0.02)


def test_interval_covers():
    rng = np.random.default_rng(9)
    share, right = np.array([0.5, 0.3, 0.2]), 0.7
    for n in (50, 500):
        inside, draws = 0, 600
        for _ in range(draws):
            unit = rng.choice(3, (n, 1), p=share)
            x = np.where(rng.random((n, 3)) < right, unit, rng.choice(3, (n, 3), p=share))
            found = fleiss_kappa(x).overall
            inside += found.low <= right**2 <= found.high
        # 93 to 97 %, widened by two standard errors (.01) of 600 draws.
        assert 0.92 <= inside / draws <= 0.98


def test_degenerate_ratings():
    same = fleiss_kappa([["a", "a"], ["a", "a"]])
    assert np.isnan(same.overall.value)
    assert "one category" in same.overall.note
    assert "one category" in same.overall_test.note
    perfect = fleiss_kappa([[1, 1], [2, 2], [1, 1]]).overall
    assert perfect.value == 1
    assert "standard error is 0" in perfect.note
    unused = fleiss_kappa([[1, 1], [2, 1]], categories=[1, 2, 3]).categories[2]
    assert np.isnan(unused.value)
    assert unused.variant == "3"
    for nothing in (np.zeros((0, 3)), [[1, None], [None, 2]]):
        found = fleiss_kappa(nothing)
        assert "no unit was rated by two raters" in found.overall.note
        assert found.overall_test.note


def test_misuse_is_named():
    with pytest.raises(ValueError, match="2 categories for a table of 3"):
        fleiss_kappa_of_counts([[1, 1, 0]], categories=["a", "b"])
    with pytest.raises(ValueError, match="interval='exact' is unknown"):
        fleiss_kappa([[1, 2], [1, 1]], interval="exact")
