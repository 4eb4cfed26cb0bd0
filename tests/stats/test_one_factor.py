import numpy as np
import pytest

from psychometrics.stats.item_covariance import correlation_from_covariance
from psychometrics.stats.minres import minres
from psychometrics.stats.one_factor import half_hessian, one_factor_loadings
from psychometrics.stats.resampled_covariances import resampled_covariances


def resamples(rng: np.random.Generator, n: int, k: int, b: int) -> np.ndarray:
    x = rng.normal(size=(n, 1)) + rng.normal(size=(n, k))
    counts = rng.multinomial(n, np.full(n, 1 / n), size=b).astype(float)
    return correlation_from_covariance(resampled_covariances(x, counts))


@pytest.mark.parametrize(("n", "k"), [(60, 4), (200, 9)])
def test_all_at_once_as_one_by_one(n: int, k: int, rng: np.random.Generator) -> None:
    correlations = resamples(rng, n, k, 60)
    together = one_factor_loadings(correlations, np.full(k, 0.6))
    single = np.stack([minres(r).loadings[:, 0] for r in correlations])
    # Both stop at gradients far below 1e-8; the curvature is about one.
    assert together == pytest.approx(single, abs=1e-8)


def test_heywood_cases_too() -> None:
    r = np.array([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]])
    found = one_factor_loadings(r[None], np.full(3, 0.7))[0]
    assert found == pytest.approx(minres(r).loadings[:, 0], abs=1e-8)
    assert found[0] ** 2 > 0.995


def test_half_hessian_is_the_derivative(rng: np.random.Generator) -> None:
    r, loadings = resamples(rng, 40, 5, 1)[0], np.array([0.5, -0.3, 0.9, 0.999, 0.1])

    def slope(at: np.ndarray) -> np.ndarray:
        residual = r - np.outer(at, at)
        np.fill_diagonal(residual, -np.maximum(at**2 - 0.995, 0))
        return -residual @ at

    step = 1e-6
    numerical = [
        (slope(loadings + step * e) - slope(loadings - step * e)) / (2 * step) for e in np.eye(5)
    ]
    assert half_hessian(r, loadings) == pytest.approx(np.array(numerical), abs=1e-8)


def test_loadings_follow_the_correlations(rng: np.random.Generator) -> None:
    r = resamples(rng, 200, 5, 1)[0]
    loadings = minres(r).loadings[:, 0]
    change = rng.normal(size=(5, 5)) * 1e-5
    change = change + change.T
    np.fill_diagonal(change, 0)
    expected = np.linalg.solve(half_hessian(r, loadings), change @ loadings)
    moved = (minres(r + change).loadings - minres(r - change).loadings)[:, 0] / 2
    # Third-order terms: 1e-15.
    assert moved == pytest.approx(expected, abs=1e-11)


def test_what_has_no_solution_is_missing() -> None:
    r = np.stack([np.eye(3), np.eye(3)])
    r[0, 0, 1] = np.nan
    found = one_factor_loadings(r, np.full(3, 0.5))
    assert np.isnan(found[0]).all()
    assert found[1] == pytest.approx(0, abs=1e-3)
    assert np.isnan(one_factor_loadings(r[:1], np.full(3, 0.5))).all()
