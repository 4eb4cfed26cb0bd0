import itertools
import math

import numpy as np
import pytest
from bfi_scales import SCALES, keyed, needs_reference, reliability
from scipy import stats

from psychometrics.stats.alpha import alpha, alpha_from_covariance
from psychometrics.stats.item_covariance import item_covariance
from psychometrics.stats.split_half import (
    best_split_coefficients,
    equal_splits,
    split_coefficients,
    split_half,
    split_half_distribution,
)

# Closed forms; R prints 14 digits.
CLOSED_FORM = 1e-10


@needs_reference
@pytest.mark.parametrize("scale", SCALES)
def test_splits_that_psych_visits(scale: str) -> None:
    """psych 2.2.9 halves the number of splits of five items too, though none stands twice."""
    expected = reliability(scale)["splithalf"]
    x = keyed(scale)
    visited = equal_splits(5)[: math.comb(5, 2) // 2]
    values = split_coefficients(np.corrcoef(x.T), visited)
    assert values == pytest.approx(expected["all_splits"], abs=CLOSED_FORM)
    assert values.max() == pytest.approx(expected["max_lambda4"], abs=CLOSED_FORM)
    ours = split_half_distribution(x, on="correlation")
    assert (ours.n_splits, ours.exact) == (10, True)
    assert ours.maximum >= expected["max_lambda4"] - CLOSED_FORM
    assert ours.minimum <= expected["min_beta"] + CLOSED_FORM


@needs_reference
def test_even_number_of_items_as_psych() -> None:
    expected = reliability("agree_conscientious_10")["splithalf"]
    found = split_half_distribution(keyed("agree", "conscientious"), on="correlation")
    assert found.n_splits == expected["n_splits"] == 126
    assert (found.maximum, found.minimum, found.mean) == pytest.approx(
        (expected["max_lambda4"], expected["min_beta"], expected["mean"]), abs=CLOSED_FORM
    )


@pytest.mark.parametrize("k", [2, 4, 5, 8, 9])
def test_every_split_once(k: int) -> None:
    splits = equal_splits(k)
    found = {
        frozenset([frozenset(np.flatnonzero(s)), frozenset(np.flatnonzero(~s))]) for s in splits
    }
    expected = {
        frozenset([frozenset(c), frozenset(range(k)) - frozenset(c)])
        for c in itertools.combinations(range(k), k // 2)
    }
    assert found == expected
    assert len(splits) == len(expected)


def test_mean_over_all_splits_is_alpha_for_an_even_number(rng: np.random.Generator) -> None:
    """Cronbach (1951): alpha is the mean of all Flanagan-Rulon coefficients."""
    x = rng.normal(size=(40, 1)) + rng.normal(size=(40, 8)) * np.arange(1, 9)
    assert split_half_distribution(x).mean == pytest.approx(alpha(x).value, abs=CLOSED_FORM)


def test_extremes_are_those_of_their_splits(rng: np.random.Generator) -> None:
    x = rng.normal(size=(40, 7))
    found = split_half_distribution(x, levels=(0, 0.5, 1))
    best = split_half(x, halves=found.best_split, formula="flanagan-rulon")
    worst = split_half(x, halves=found.worst_split, formula="flanagan-rulon")
    assert (best.value, worst.value) == pytest.approx((found.maximum, found.minimum))
    assert found.quantiles[[0, 2]] == pytest.approx([found.minimum, found.maximum])
    assert found.best_split[0] and found.worst_split[0]


def test_twenty_items_exactly(rng: np.random.Generator) -> None:
    x = rng.normal(size=(30, 1)) + rng.normal(size=(30, 20))
    found = split_half_distribution(x)
    assert (found.n_splits, found.exact) == (92378, True)
    assert found.mean == pytest.approx(alpha(x).value, abs=CLOSED_FORM)


def test_more_items_are_sampled(rng: np.random.Generator) -> None:
    x = rng.normal(size=(60, 1)) + rng.normal(size=(60, 22))
    found = split_half_distribution(x, n_sampled=4000, seed=5)
    assert not found.exact and "4000 splits sampled with seed 5" in found.method
    # The values' standard deviation is about .02; that of their mean .02 / sqrt(4000).
    assert found.mean == pytest.approx(alpha(x).value, abs=2e-3)
    again = split_half_distribution(x, n_sampled=4000, seed=5)
    assert (again.minimum, again.maximum) == (found.minimum, found.maximum)
    drawn = split_coefficients(item_covariance(x).covariance, equal_splits(22, 4000, 5))
    assert found.maximum >= drawn.max() and found.minimum <= drawn.min()
    assert found.best_split.sum() == found.worst_split.sum() == 11


def test_no_exchange_improves_the_sampled_extremes(rng: np.random.Generator) -> None:
    x = rng.normal(size=(60, 23)) + rng.normal(size=(60, 1))
    covariance = item_covariance(x).covariance
    found = split_half_distribution(x, n_sampled=50)
    for split, better in ((found.best_split, np.max), (found.worst_split, np.min)):
        neighbours = []
        for i, j in itertools.product(np.flatnonzero(split), np.flatnonzero(~split)):
            other = split.copy()
            other[[i, j]] = other[[j, i]]
            neighbours.append(other)
        values = split_coefficients(covariance, np.array([split, *neighbours]))
        assert better(values) == pytest.approx(values[0], abs=1e-9)


def test_many_matrices_at_once(rng: np.random.Generator) -> None:
    many = np.stack([np.cov(rng.normal(size=(6, 20))) for _ in range(7)])
    splits = equal_splits(6)
    each = np.stack([split_coefficients(c, splits) for c in many])
    np.testing.assert_allclose(split_coefficients(many, splits), each, atol=1e-13)
    np.testing.assert_allclose(best_split_coefficients(many, splits), each.max(axis=1), atol=1e-13)


def test_odd_even_by_the_scores(rng: np.random.Generator) -> None:
    x = rng.normal(size=(50, 1)) + rng.normal(size=(50, 6))
    a, b = x[:, ::2].sum(axis=1), x[:, 1::2].sum(axis=1)
    r = stats.pearsonr(a, b)
    found = split_half(x)
    assert found.value == pytest.approx(2 * r.statistic / (1 + r.statistic))
    limits = r.confidence_interval(0.95)
    assert found.low == pytest.approx(2 * limits.low / (1 + limits.low))
    assert found.high == pytest.approx(2 * limits.high / (1 + limits.high))
    rulon = split_half(x, formula="flanagan-rulon")
    assert rulon.value == pytest.approx(1 - np.var(a - b) / np.var(a + b))
    two = alpha(np.column_stack([a, b]))
    assert (rulon.value, rulon.low, rulon.high) == pytest.approx((two.value, two.low, two.high))


@pytest.mark.parametrize("formula", ["spearman-brown", "flanagan-rulon"])
def test_interval_covers(formula: str, rng: np.random.Generator) -> None:
    """Parallel halves, reliability .75; 800 replications: the standard error of .95 is .008."""
    covered = []
    for _ in range(800):
        x = rng.normal(size=(50, 1)) + rng.normal(size=(50, 4)) * math.sqrt(4 / 3)
        found = split_half(x, formula=formula)  # type: ignore[arg-type]
        covered.append(found.low < 0.75 < found.high)
    assert 0.93 <= np.mean(covered) <= 0.97


def test_given_and_unequal_halves(rng: np.random.Generator) -> None:
    x = rng.normal(size=(50, 1)) + rng.normal(size=(50, 5))
    found = split_half(x, halves=[True, True, True, False, False])
    assert "halves of 3 and 2 items" in found.note
    assert found.variant == "given halves, Spearman-Brown"
    assert split_half(x[:, :4], halves=np.array([1, 0, 0, 1], dtype=bool)).note == ""


def test_degenerate_data(rng: np.random.Generator) -> None:
    for formula in ("spearman-brown", "flanagan-rulon"):
        for x, reason in [
            (rng.normal(size=(9, 1)), "one item"),
            (rng.normal(size=(1, 4)), "one unit"),
            (np.full((4, 4), 3.0), "no variance"),
            (np.column_stack([np.arange(4.0), -np.arange(4.0)]), "no variance"),
        ]:
            found = split_half(x, formula=formula)  # type: ignore[arg-type]
            assert np.isnan(found.value) and reason in found.note
            spread = split_half_distribution(x)
            assert np.isnan(spread.mean) and reason in spread.note
        perfect = split_half(np.arange(9.0)[:, None] + np.arange(4.0), formula=formula)  # type: ignore[arg-type]
        assert (perfect.value, perfect.low, perfect.high) == pytest.approx((1, 1, 1))
    constant = np.column_stack([np.arange(5.0), np.ones(5)])
    assert "a half has no variance" in split_half(constant).note
    assert split_half(constant, formula="flanagan-rulon").value == 0
    assert "-1" in split_half(np.column_stack([np.arange(5.0), -2 * np.arange(5.0)])).note
    assert "four units" in split_half([[1.0, 2.0], [2.0, 2.0], [3.0, 4.0]]).note
    assert "standardised" in split_half_distribution(constant, on="correlation").note
    assert np.isnan(split_coefficients(np.zeros((2, 2)), equal_splits(2))).all()


def test_misuse_is_named() -> None:
    x = np.eye(4)
    with pytest.raises(ValueError, match="formula='horst'"):
        split_half(x, formula="horst")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="4 booleans"):
        split_half(x, halves=[1, 0, 1, 0])
    with pytest.raises(ValueError, match="one half is empty"):
        split_half(x, halves=[True] * 4)
    with pytest.raises(ValueError, match="on='r'"):
        split_half_distribution(x, on="r")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="levels="):
        split_half_distribution(x, levels=[50])
    with pytest.raises(ValueError, match="needs two items"):
        equal_splits(1)
    with pytest.raises(ValueError, match="below 1"):
        equal_splits(30, 0)


def test_alpha_of_halves_needs_no_items() -> None:
    """A split of two parallel items with correlation .5 is 2 / 3 whatever the formula."""
    covariance = np.array([[1.0, 0.5], [0.5, 1.0]])
    assert split_coefficients(covariance, equal_splits(2)) == pytest.approx([2 / 3])
    assert alpha_from_covariance(covariance) == pytest.approx(2 / 3)
