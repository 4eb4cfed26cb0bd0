"""Krippendorff's alpha against R, against the definition over pairs, and its coverage."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from psychometrics.stats.krippendorff import INTERVALS, METRICS, krippendorffs_alpha

SHARED = Path(__file__).resolve().parents[3] / "shared"
needs_reference = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")

# Closed forms; the reference has 14 digits.
CLOSED = 1e-10


def reference(file="agreement"):
    return json.loads((SHARED / f"reference/{file}.json").read_text(encoding="utf-8"))


def ordinal_distance(values):
    """Squared differences of mean ranks, from all values that can be paired."""
    ranks = {v: np.sum(values < v) + (np.sum(values == v) + 1) / 2 for v in np.unique(values)}
    return lambda a, b: (ranks[a] - ranks[b]) ** 2


def over_pairs(x, metric):
    """Alpha from its definition: every pair within a unit, every pair of all."""
    units = [row[~np.isnan(row)] for row in x]
    units = [row for row in units if len(row) > 1]
    values = np.concatenate(units)
    distance = {
        "nominal": lambda a, b: float(a != b),
        "ordinal": ordinal_distance(values),
        "interval": lambda a, b: (a - b) ** 2,
        "ratio": lambda a, b: ((a - b) / (a + b)) ** 2 if a + b else 0.0,
    }[metric]
    within = sum(sum(distance(a, b) for a in row for b in row) / (len(row) - 1) for row in units)
    across = sum(distance(a, b) for a in values for b in values) / (len(values) - 1)
    return 1 - within / across


@needs_reference
@pytest.mark.parametrize("metric", METRICS)
def test_agrees_with_irr_and_the_published_values(metric):
    expected = reference()["krippendorff_4x12"]
    ratings = np.array(expected["ratings"], dtype=float).T
    found = krippendorffs_alpha(ratings, metric=metric)
    assert found.value == pytest.approx(expected["irr"][metric], abs=CLOSED)
    assert round(found.value, 3) == expected["published"][metric]
    assert found.n == 11
    assert "7 of 48 ratings missing; 1 units with fewer than two ratings left out" in found.note


@needs_reference
@pytest.mark.parametrize("metric", METRICS)
def test_differs_from_irr_on_complete_ratings_by_its_count_of_values(metric):
    # With no rating missing irr 0.84 does not divide the coincidences by raters - 1, so it takes
    # n(m - 1) - 1 for the (n - 1)(m - 1) of the definition.
    x = np.array(reference("icc")["shrout_fleiss"]["ratings"]["values"], dtype=float)
    found = krippendorffs_alpha(x, metric=metric, interval="none").value
    n, m = x.size, x.shape[1]
    as_irr = 1 - (1 - found) * (n * (m - 1) - 1) / ((n - 1) * (m - 1))
    assert as_irr == pytest.approx(reference()["sf_kripp"][metric], abs=CLOSED)
    assert found == pytest.approx(over_pairs(x, metric), abs=CLOSED)


@needs_reference
def test_nominal_reference_of_the_diagnoses_numbers_each_rater_by_itself():
    # The script took integer codes of each rater's own factor; one rater lacks a category, so his
    # codes stand for others. Reproduced with those codes; the right value is another.
    path = SHARED / "reference/data/fleiss_1971_diagnoses.csv"
    with path.open(encoding="utf-8") as file:
        labels = np.array(list(csv.reader(file))[1:])
    codes = np.column_stack([np.unique(c, return_inverse=True)[1] for c in labels.T])
    wrong = krippendorffs_alpha(codes, interval="none").value
    n, m = codes.size, codes.shape[1]
    as_irr = 1 - (1 - wrong) * (n * (m - 1) - 1) / ((n - 1) * (m - 1))
    assert as_irr == pytest.approx(
        reference()["fleiss_1971_diagnoses"]["kripp_nominal"], abs=CLOSED
    )
    right = krippendorffs_alpha(labels, interval="none").value
    # Near Fleiss' kappa, from which it differs by 1/n.
    assert right == pytest.approx(reference()["fleiss_1971_diagnoses"]["kappa"], abs=1 / n)


@settings(max_examples=40, deadline=None)
@given(
    hnp.arrays(
        float,
        st.tuples(st.integers(2, 7), st.integers(2, 4)),
        elements=st.one_of(st.integers(0, 4).map(float), st.just(np.nan)),
    ),
    st.sampled_from(METRICS),
)
def test_value_counts_give_the_same_as_all_pairs(x, metric):
    found = krippendorffs_alpha(x, metric=metric, interval="none")
    if np.isnan(found.value):
        assert found.note
    else:
        # Sums of a few dozen terms in another order.
        assert found.value == pytest.approx(over_pairs(x, metric), abs=1e-12)


def test_many_values_do_not_hurt(rng):
    x = rng.normal(size=(20_000, 1)) + rng.normal(size=(20_000, 3))
    # Continuous values: alpha of the interval metric estimates the intraclass correlation, .5.
    found = krippendorffs_alpha(x, metric="interval", interval="none")
    # Standard error about .005.
    assert found.value == pytest.approx(0.5, abs=0.015)


@pytest.mark.parametrize("metric", METRICS)
def test_interval_does_not_depend_on_how_it_is_drawn(rng, metric):
    unit = rng.integers(1, 6, (150, 1))
    x = np.where(rng.random((150, 3)) < 0.7, unit, rng.integers(1, 6, (150, 3))).astype(float)
    x[rng.random(x.shape) < 0.1] = np.nan
    limits = [
        (found.low, found.high)
        for found in (krippendorffs_alpha(x, metric=metric, interval=i) for i in INTERVALS[:3])
    ]
    # Three first-order equal intervals of width .15: second-order terms and 2,000 resamples.
    np.testing.assert_allclose(limits, np.broadcast_to(np.mean(limits, axis=0), (3, 2)), atol=0.02)


def test_jackknife_is_that_of_units_left_out(rng):
    x = rng.integers(1, 4, (40, 3)).astype(float)
    for metric in METRICS:
        without = [
            krippendorffs_alpha(np.delete(x, i, axis=0), metric=metric, interval="none").value
            for i in range(40)
        ]
        found = krippendorffs_alpha(x, metric=metric)
        # The same 40 values, summed in another order.
        assert found.se == pytest.approx(np.sqrt(39 * np.var(without)), rel=1e-9)


def test_seed_decides_the_bootstrap(rng):
    x = rng.integers(1, 4, (60, 3))
    one, same, other = (krippendorffs_alpha(x, interval="bca", seed=s) for s in (1, 1, 2))
    assert one == same
    assert one.low != other.low


@pytest.mark.parametrize("metric", ["nominal", "ordinal"])
def test_interval_covers(metric):
    rng = np.random.default_rng(12)
    share, right = np.array([0.1, 0.2, 0.4, 0.2, 0.1]), 0.7
    for n in (50, 300):
        inside, draws = 0, 400
        for _ in range(draws):
            unit = rng.choice(5, (n, 1), p=share)
            x = np.where(rng.random((n, 3)) < right, unit, rng.choice(5, (n, 3), p=share))
            found = krippendorffs_alpha(x, metric=metric)
            inside += found.low <= right**2 <= found.high
        # 93 to 97 %, widened by two standard errors (.012) of 400 draws.
        assert 0.918 <= inside / draws <= 0.982


def test_text_has_an_order_only_if_given():
    x = [["low", "low"], ["low", "middle"], ["high", "high"], ["middle", "high"]]
    order = ["low", "middle", "high"]
    found = krippendorffs_alpha(x, metric="ordinal", categories=order, interval="none")
    codes = [[order.index(v) for v in row] for row in x]
    assert found.value == krippendorffs_alpha(codes, metric="ordinal", interval="none").value
    assert krippendorffs_alpha(x, interval="none").value == pytest.approx(
        krippendorffs_alpha(codes, interval="none").value, rel=1e-12
    )
    with pytest.raises(ValueError, match="give categories="):
        krippendorffs_alpha(x, metric="ordinal")


def test_degenerate_ratings():
    assert "are the same" in krippendorffs_alpha([[1, 1], [1, 1]]).note
    assert "are the same" in krippendorffs_alpha([[1, 1], [1, 1], [2, None]]).note
    for nothing in (np.zeros((0, 3)), [[1, None], [None, 2]], np.full((3, 2), np.nan)):
        for metric in METRICS:
            found = krippendorffs_alpha(nothing, metric=metric)
            assert np.isnan(found.value)
            assert "no unit has two ratings" in found.note
    for interval in ("jackknife", "bca", "percentile"):
        perfect = krippendorffs_alpha([[1, 1], [2, 2], [1, 1]], interval=interval)
        assert perfect.value == 1
        assert np.isnan(perfect.low)
        assert "all units agree" in perfect.note
    lonely = krippendorffs_alpha([[1, 2]])
    assert np.isnan(lonely.low)
    assert lonely.note


def test_one_unit_that_carries_all_variation_leaves_no_jackknife():
    found = krippendorffs_alpha([[1, 1], [1, 1], [1, 2]])
    assert np.isnan(found.low)
    assert "no interval: no value without 1 of 3 rows" in found.note


def test_misuse_is_named():
    x = [[1, 2], [2, 2]]
    with pytest.raises(ValueError, match="metric='circular' is unknown"):
        krippendorffs_alpha(x, metric="circular")
    with pytest.raises(ValueError, match="interval='wald' is unknown"):
        krippendorffs_alpha(x, interval="wald")
    with pytest.raises(ValueError, match="needs numbers"):
        krippendorffs_alpha([["a", "b"], ["a", "a"]], metric="interval")
    with pytest.raises(ValueError, match="values from 0"):
        krippendorffs_alpha([[-1, 2], [2, 2]], metric="ratio")
