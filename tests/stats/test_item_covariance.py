import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from psychometrics.stats.item_covariance import (
    constant_items,
    correlation_from_covariance,
    covariance_trouble,
    item_covariance,
    used_rows,
)

# Sums of products of numbers of moderate size: rounding only.
ROUNDING = 1e-12
answers = arrays(
    np.float64, (9, 4), elements=st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0, float("nan")])
)


@settings(max_examples=60, deadline=None)
@given(answers)
def test_pairwise_covariances_are_those_of_pandas(x: np.ndarray) -> None:
    ours = item_covariance(x).covariance
    np.testing.assert_allclose(ours, pd.DataFrame(x).cov().to_numpy(), atol=ROUNDING)


@settings(max_examples=60, deadline=None)
@given(answers)
def test_counts_of_rows(x: np.ndarray) -> None:
    found = item_covariance(x)
    absent = np.isnan(x)
    assert found.n == (~absent.all(axis=1)).sum()
    assert found.n_complete == (~absent.any(axis=1)).sum()
    cells = absent[~absent.all(axis=1)]
    assert found.share_missing == pytest.approx(cells.mean() if cells.size else 0)


def test_listwise_takes_complete_rows(rng: np.random.Generator) -> None:
    x = rng.normal(size=(30, 3))
    x[:4, 0] = np.nan
    found = item_covariance(x, missing="listwise")
    np.testing.assert_allclose(found.covariance, np.cov(x[4:].T), atol=ROUNDING)
    np.testing.assert_allclose(found.means, x[4:].mean(axis=0))
    assert (found.n, found.n_complete, found.share_missing) == (26, 26, 0)


def test_a_constant_is_found_whatever_its_size(rng: np.random.Generator) -> None:
    """0.1 has no exact binary form: its mean over 30 rows is off by rounding."""
    x = rng.normal(size=(30, 4))
    x[:, 1], x[:, 3] = 0.1, 12345.678
    found = item_covariance(x)
    assert constant_items(found.covariance) == [1, 3]
    assert found.note == "items without variance: #1, #3"
    correlation = correlation_from_covariance(found.covariance)
    assert np.isnan(correlation[1]).all() and np.isnan(correlation[:, 3]).all()
    assert correlation[0, 0] == correlation[2, 2] == 1


def test_small_spread_about_a_large_mean_is_no_constant() -> None:
    x = np.column_stack([1e6 + np.arange(20.0), np.arange(20.0)])
    found = item_covariance(x)
    assert constant_items(found.covariance) == []
    np.testing.assert_allclose(found.covariance, 35.0, rtol=1e-9)


def test_effective_n_is_the_harmonic_mean_over_variances_and_covariances() -> None:
    """Items of 4 and 2 answers, 2 in common: 3 / (1/4 + 1/2 + 1/2)."""
    found = item_covariance([[1, 2], [2, 1], [3, np.nan], [4, np.nan]])
    assert found.n_effective == pytest.approx(2.4) and "counts 2 units" in found.counted
    assert item_covariance([[1, 2], [2, 1.0]]).n_effective == 2


def test_pairwise_matrix_that_cannot_be_is_named() -> None:
    up, down = [[1, 1], [2, 2], [3, 3]], [[1, 3], [2, 2], [3, 1]]
    x = np.full((9, 3), np.nan)
    x[:3, [0, 1]], x[3:6, [1, 2]], x[6:, [0, 2]] = up, up, down
    assert item_covariance(x).note == (
        "the pairwise covariance matrix is not positive semidefinite; 33.3% of the answers missing"
    )


@pytest.mark.parametrize(
    ("x", "reason"),
    [
        (np.empty((5, 0)), "no item"),
        (np.arange(5.0)[:, None], "one item"),
        ([[1.0, 2.0]], "one unit has answers"),
        (np.full((5, 3), np.nan), "no unit has answers"),
        ([[1.0, np.nan], [2.0, np.nan], [np.nan, 1.0], [np.nan, 3.0]], "items #0, #1"),
        ([[1.0, np.nan], [2.0, np.nan], [np.nan, 1.0]], "items #0, #1"),
        ([[1.0, 5.0], [2.0, 4.0], [3.0, 3.0]], "no variance"),
        (np.ones((5, 3)), "no variance"),
    ],
)
def test_why_there_is_no_coefficient(x: np.ndarray, reason: str) -> None:
    assert reason in covariance_trouble(item_covariance(x))


def test_three_items_needed() -> None:
    two = item_covariance([[1.0, 2.0], [2.0, 2.5], [0.0, 1.0]])
    assert covariance_trouble(two) == ""
    assert covariance_trouble(two, min_items=3) == "two items: three are needed"


def test_misuse_is_named() -> None:
    with pytest.raises(ValueError, match="missing='mean' is unknown"):
        item_covariance([[1.0, 2.0]], missing="mean")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="axes"):
        used_rows([1.0, 2.0])
    with pytest.raises(ValueError, match="infinite"):
        item_covariance([[np.inf, 1.0]])
