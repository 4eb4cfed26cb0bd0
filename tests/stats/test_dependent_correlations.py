"""Differences of correlations against R and the papers' own examples, and their coverage."""

import json
from pathlib import Path

import numpy as np
import pytest

from psychometrics.stats.dependent_correlations import (
    compare_predictors,
    independent_difference,
    nonoverlapping_difference,
    overlapping_difference,
)

SHARED = Path(__file__).resolve().parents[3] / "shared"


def four(r12, r34, r13, r14, r23, r24):
    matrix = np.eye(4)
    pairs = [
        ((0, 1), r12),
        ((2, 3), r34),
        ((0, 2), r13),
        ((0, 3), r14),
        ((1, 2), r23),
        ((1, 3), r24),
    ]
    for (i, j), r in pairs:
        matrix[i, j] = matrix[j, i] = r
    return matrix


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")
def test_reproduces_r():
    expected = json.loads((SHARED / "reference/misc.json").read_text(encoding="utf-8"))
    independent = independent_difference(0.5, 2436, 0.4, 2000)
    dependent = overlapping_difference(0.4, 0.5, 0.1, 103)
    # Closed forms; the reference has 14 digits.
    for ours, theirs, key in (
        (independent, expected["r_test_independent"], "z"),
        (dependent, expected["r_test_williams"], "t"),
    ):
        assert ours.statistic == pytest.approx(theirs[key], rel=1e-11)
        assert ours.p == pytest.approx(theirs["p"], rel=1e-8)


def test_reproduces_the_examples_of_the_papers():
    """To the digits printed there."""
    overlapping = overlapping_difference(0.396, 0.179, 0.088, 66).difference  # Zou (2007)
    assert np.round([overlapping.low, overlapping.high], 3).tolist() == [-0.093, 0.517]
    zou = nonoverlapping_difference(four(0.396, 0.189, 0.208, 0.143, 0.023, 0.423), 66).difference
    assert np.round([zou.low, zou.high], 3).tolist() == [-0.096, 0.501]  # .500 in print, from .0917
    steiger = nonoverlapping_difference(four(0.5, 0.6, 0.8, 0.5, 0.5, 0.7), 103)  # Steiger (1980)
    assert steiger.statistic == pytest.approx(-1.4050, abs=5e-5)


def test_one_correlation_against_itself():
    """Variables 3 and 4 that are 1 and 2 but for a little: no difference, no uncertainty."""
    close = 0.9999
    found = nonoverlapping_difference(
        four(0.5, 0.5, close, 0.5 * close, 0.5 * close, close), 100
    ).difference
    independent = independent_difference(0.5, 100, 0.5, 100).difference
    assert found.value == 0 < found.high < 0.15 * independent.high
    assert found.low == pytest.approx(-found.high)


@pytest.mark.parametrize("kind", ["overlapping", "nonoverlapping"])
def test_coverage(rng, kind):
    population = four(0.6, 0.3, 0.4, 0.35, 0.5, 0.2)
    draws = rng.multivariate_normal(np.zeros(4), population, size=(1500, 50))
    hits = []
    for sample in draws:
        r = np.corrcoef(sample.T)
        if kind == "overlapping":
            found, truth = overlapping_difference(r[0, 1], r[0, 2], r[1, 2], 50), 0.2
        else:
            found, truth = nonoverlapping_difference(r, 50), 0.3
        hits.append(found.difference.low <= truth <= found.difference.high)
    assert abs(np.mean(hits) - 0.95) < 0.02  # three standard errors are .017


@pytest.mark.parametrize("kind", ["overlapping", "nonoverlapping"])
def test_level_of_the_test(rng, kind):
    population = four(0.4, 0.4, 0.4, 0.3, 0.5, 0.2)
    draws = rng.multivariate_normal(np.zeros(4), population, size=(1500, 50))
    rejected = []
    for sample in draws:
        r = np.corrcoef(sample.T)
        if kind == "overlapping":
            found = overlapping_difference(r[0, 1], r[0, 2], r[1, 2], 50)
        else:
            found = nonoverlapping_difference(r, 50)
        rejected.append(found.p < 0.05)
    assert abs(np.mean(rejected) - 0.05) < 0.02  # three standard errors are .017


def test_from_scores_as_from_correlations(rng):
    x = rng.normal(size=(40, 3))
    x[:, 1] += x[:, 0]
    r = np.corrcoef(x.T)
    direct = overlapping_difference(r[0, 1], r[0, 2], r[1, 2], 40)
    with_gap = np.vstack([x, [1.0, np.nan, 2.0]])
    found = compare_predictors(*with_gap.T)
    assert found.difference.n == 40
    assert found.statistic == pytest.approx(direct.statistic, rel=1e-9)


def test_without_an_interval_there_is_a_reason(rng):
    few = independent_difference(0.5, 3, 0.4, 50)
    assert (
        few.difference.value == pytest.approx(0.1) and np.isnan([few.p, few.difference.low]).all()
    )
    assert few.difference.note == "3 units; 4 are needed"
    perfect = overlapping_difference(1.0, 0.3, 0.3, 50)
    assert "perfect" in perfect.difference.note and np.isnan(perfect.statistic)
    constant = compare_predictors(np.arange(9.0), np.ones(9), rng.normal(size=9))
    assert constant.difference.note == "a variable is constant"
    empty = compare_predictors([np.nan], [1.0], [1.0])
    assert empty.difference.n == 0 and "4 are needed" in empty.difference.note
    three = compare_predictors([1.0, 2, 3], [1.0, 3, 2], [2.0, 1, 3])
    assert three.difference.note == "3 units; 4 are needed"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: independent_difference(1.5, 10, 0, 10), "between -1 and 1"),
        (lambda: independent_difference(0.5, 10, 0, 10, 95), "between 0 and 1"),
        (lambda: overlapping_difference(0.9, 0.9, -0.9, 10), "can correlate like that"),
        (lambda: overlapping_difference(np.nan, 0.9, 0.9, 10), "missing"),
        (lambda: nonoverlapping_difference(np.eye(3), 10), "4 × 4"),
        (lambda: compare_predictors([1, 2], [1, 2], [1]), "equal vectors"),
    ],
)
def test_misuse_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
