"""Cohen's kappa against R and statsmodels, its standard error, coverage, degenerate raters."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.inter_rater import cohens_kappa as of_statsmodels

from psychometrics.stats.cohens_kappa import cohens_kappa, cohens_kappa_of_table

SHARED = Path(__file__).resolve().parents[3] / "shared"
needs_reference = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")

# Closed forms; the reference has 14 digits.
CLOSED = 1e-10


def reference(name):
    text = (SHARED / "reference/agreement.json").read_text(encoding="utf-8")
    return json.loads(text)[name]


@needs_reference
def test_agrees_with_psych():
    expected = reference("counts_3x3")
    plain = cohens_kappa_of_table(expected["table"], interval="wald")
    limits = expected["confid"]["values"][0]
    np.testing.assert_allclose(
        [plain.value, plain.se**2, plain.low, plain.high],
        [expected["kappa"], expected["var_kappa"], limits[0], limits[2]],
        atol=CLOSED, rtol=0,
    )  # fmt: skip
    for weights in ("linear", "quadratic"):
        found = cohens_kappa_of_table(expected["table"], weights=weights)
        assert found.value == pytest.approx(expected[weights], abs=CLOSED)


@needs_reference
def test_agrees_with_cohens_weighted_example():
    expected = reference("cohen_1968")
    counts = np.round(np.array(expected["table"]) * expected["n"])
    cost = np.array(expected["disagreement_weights"]) / 6
    plain = cohens_kappa_of_table(counts)
    weighted = cohens_kappa_of_table(counts, weights=1 - cost)
    assert plain.value == pytest.approx(expected["kappa"], abs=CLOSED)
    assert plain.se**2 == pytest.approx(expected["var_kappa"], abs=CLOSED)
    assert weighted.value == pytest.approx(expected["weighted_kappa"], abs=CLOSED)
    # psych's variance of the weighted one (.124, a standard error of .35) is left out: over
    # samples from this table kappa has a standard deviation of .077.
    rng = np.random.default_rng(1)
    tables = rng.multinomial(200, counts.ravel() / 200, 2000).reshape(-1, 3, 3)
    spread = np.std([cohens_kappa_of_table(t, weights=1 - cost).value for t in tables])
    # Large-sample formula against 200 units, and 1.6 % from 2,000 draws.
    assert weighted.se == pytest.approx(spread, rel=0.06)


@pytest.mark.parametrize("weights", ["identity", "linear", "quadratic"])
def test_value_and_variance_agree_with_statsmodels(rng, weights):
    table = rng.integers(1, 20, (4, 4))
    kind = None if weights == "identity" else weights
    expected = of_statsmodels(table, weights=None, wt=kind)
    found = cohens_kappa_of_table(table, weights=weights)
    np.testing.assert_allclose(
        [found.value, found.se], [expected.kappa, np.sqrt(expected.var_kappa)], rtol=1e-12
    )


def test_quadratic_weights_equal_the_concordance_of_scores(rng):
    # Fleiss & Cohen (1973): with quadratic weights kappa is Lin's coefficient of the scores.
    x, y = rng.integers(1, 6, (2, 80))
    shared = 2 * np.cov(x, y, ddof=0)[0, 1]
    expected = shared / (x.var() + y.var() + (x.mean() - y.mean()) ** 2)
    found = cohens_kappa(x, y, weights="quadratic")
    assert found.value == pytest.approx(expected, rel=1e-12)


def test_vectors_and_table_agree_whatever_the_labels(rng):
    x, y = rng.integers(0, 3, (2, 60))
    table = np.zeros((3, 3))
    np.add.at(table, (x, y), 1)
    names = np.array(["low", "middle", "top"])
    expected = cohens_kappa_of_table(table, weights="linear")
    for found in (
        cohens_kappa(x, y, weights="linear"),
        cohens_kappa(names[x], names[y], weights="linear", categories=names),
        cohens_kappa(list(names[x]), names[y], weights="linear", categories=names),
    ):
        assert (found.value, found.se) == (expected.value, expected.se)


def test_distances_are_those_of_the_numbers():
    x, y = [1, 2, 4, 4, 1, 2], [1, 2, 4, 1, 2, 4]
    given = cohens_kappa(x, y, weights="linear", categories=[1, 2, 3, 4])
    assert cohens_kappa(x, y, weights="linear").value == pytest.approx(given.value, rel=1e-12)


def test_missing_pairs_are_counted():
    found = cohens_kappa([1, 2, None, 1, 2], [1, 2, 2, np.nan, 1])
    assert found.n == 3
    assert "2 units with a missing rating left out" in found.note
    assert found.value == cohens_kappa([1, 2, 2], [1, 2, 1]).value


def test_degenerate_raters():
    both = cohens_kappa([1, 1, 1], [1, 1, 1])
    assert np.isnan(both.value)
    assert "one and the same category" in both.note
    apart = cohens_kappa([1, 1, 1], [2, 2, 2])
    assert apart.value == 0
    assert "the first and the second rater used one category" in apart.note
    one = cohens_kappa([1, 1, 1], [1, 2, 1])
    assert one.value == 0
    assert "the first rater used one category" in one.note
    perfect = cohens_kappa([1, 2, 1], [1, 2, 1])
    assert perfect.value == 1
    assert np.isnan(perfect.low)
    assert "standard error is 0" in perfect.note
    for nothing in (cohens_kappa([], []), cohens_kappa([None], [1])):
        assert np.isnan(nothing.value)
        assert "no unit was rated by both" in nothing.note


def test_interval_covers():
    rng = np.random.default_rng(4)
    margins, right = np.array([0.2, 0.3, 0.5]), 0.8
    joint = (1 - right) ** 2 * np.outer(margins, margins)
    joint += np.diag(margins) * right**2 + 2 * right * (1 - right) * np.outer(margins, margins)
    for weights in ("identity", "quadratic"):
        truth = cohens_kappa_of_table(np.round(joint * 10**9), weights=weights).value
        for n in (50, 500):
            draws = 1000
            tables = rng.multinomial(n, joint.ravel(), draws).reshape(-1, 3, 3)
            found = [cohens_kappa_of_table(table, weights=weights) for table in tables]
            inside = np.mean([c.low <= truth <= c.high for c in found])
            # 93 to 97 %, widened by two standard errors (.0075) of 1,000 draws.
            assert 0.93 - 0.0075 <= inside <= 0.97 + 0.0075


def test_wald_interval_is_symmetric():
    found = cohens_kappa_of_table([[44, 5, 1], [7, 20, 3], [9, 5, 6]], interval="wald")
    half = stats.norm.ppf(0.975) * found.se
    np.testing.assert_allclose([found.low, found.high], [found.value - half, found.value + half])


def test_misuse_is_named():
    with pytest.raises(ValueError, match="two lists of one length"):
        cohens_kappa([1, 2], [1])
    with pytest.raises(ValueError, match="mix numbers and text"):
        cohens_kappa([1, 2], ["a", "b"])
    with pytest.raises(ValueError, match="give categories="):
        cohens_kappa(["a", "b"], ["a", "b"], weights="linear")
    with pytest.raises(ValueError, match="rows and columns"):
        cohens_kappa_of_table([[1, 2, 3], [1, 2, 3]])
    with pytest.raises(ValueError, match="2 categories for a table of 3"):
        cohens_kappa_of_table(np.ones((3, 3)), categories=[1, 2])
