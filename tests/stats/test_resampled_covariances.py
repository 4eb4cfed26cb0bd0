import numpy as np
import pandas as pd
import pytest

from psychometrics.stats.bootstrap import bootstrap
from psychometrics.stats.resampled_covariances import (
    bootstrap_covariances,
    left_out_covariances,
    resampled_covariances,
)

# Sums in another order: rounding only.
ROUNDING = 1e-12


@pytest.fixture(params=["complete", "missing"])
def x(request: pytest.FixtureRequest, rng: np.random.Generator) -> np.ndarray:
    data = rng.integers(1, 6, size=(25, 4)).astype(float)
    if request.param == "missing":
        data[rng.random(data.shape) < 0.2] = np.nan
    return data


def test_resamples_are_those_of_repeated_rows(x: np.ndarray, rng: np.random.Generator) -> None:
    picked = rng.integers(0, 25, size=(6, 25))
    counts = np.array([np.bincount(rows, minlength=25) for rows in picked], dtype=float)
    expected = [pd.DataFrame(x[rows]).cov().to_numpy() for rows in picked]
    np.testing.assert_allclose(resampled_covariances(x, counts), expected, atol=ROUNDING)


def test_leaving_out_is_deleting(x: np.ndarray) -> None:
    found = np.concatenate(list(left_out_covariances(x)))
    expected = [pd.DataFrame(np.delete(x, i, axis=0)).cov().to_numpy() for i in range(25)]
    np.testing.assert_allclose(found, expected, atol=ROUNDING)


def test_variance_of_a_resample_that_is_constant_is_zero() -> None:
    x = np.array([[0.1, 1.0], [0.1, 2.0], [0.7, 4.0]])
    assert resampled_covariances(x, np.array([[1.0, 2.0, 0.0]]))[0, 0, 0] == 0


def test_same_as_the_general_bootstrap(x: np.ndarray) -> None:
    """Count subtraction gives the leave-one-out values that the general one computes."""
    ours = bootstrap_covariances(x, lambda c: c[:, :1, 1], 200, 3)[0]
    other = bootstrap(lambda w: resampled_covariances(x, w)[:, 0, 1], 25, 200, 3)
    np.testing.assert_array_equal(ours.values, other.values)
    assert ours.acceleration == pytest.approx(other.acceleration, abs=ROUNDING)
    assert ours.limits() == pytest.approx(other.limits(), abs=ROUNDING)
