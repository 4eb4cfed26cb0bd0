import json
import warnings

import numpy as np
import pytest
from bfi_scales import REFERENCE, SCALES, keyed, needs_reference, reliability
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from psychometrics.stats.minres import LEAST_UNIQUENESS, minres


def modelled(loadings: np.ndarray) -> np.ndarray:
    r = np.outer(loadings, loadings)
    np.fill_diagonal(r, 1)
    return r


@needs_reference
@pytest.mark.parametrize("scale", SCALES)
def test_loadings_of_psych(scale: str) -> None:
    expected = np.array([*reliability(scale)["omega_psych_1f"]["loadings"].values()])
    found = minres(np.corrcoef(keyed(scale).T))
    # psych stops at a gradient of 1e-6; ours is at rounding.
    assert np.abs(found.loadings[:, 0]) == pytest.approx(np.abs(expected), abs=1e-5)
    assert found.gradient < 1e-8 and found.converged and found.note == ""


@needs_reference
@pytest.mark.parametrize(("method", "tolerance"), [("minres_none", 1e-5), ("pa_none", 2e-6)])
def test_five_factors(method: str, tolerance: float) -> None:
    """Converged principal axes are the same minimum; psych's stop at a change of 1e-9 or so."""
    expected = json.loads((REFERENCE / "efa.json").read_text())[method]["uniquenesses"]
    keys = json.loads((REFERENCE / "data_notes.json").read_text())["keys"]
    names = [key.lstrip("-") for scale in SCALES for key in keys[scale]]
    found = minres(np.corrcoef(keyed(*SCALES).T), n_factors=5)
    assert found.uniquenesses == pytest.approx([expected[name] for name in names], abs=tolerance)
    assert found.gradient < 1e-8


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.2, 0.95), min_size=3, max_size=9))
def test_a_factor_that_is_there_is_found(loadings: list[float]) -> None:
    truth = np.array(loadings)
    found = minres(modelled(truth))
    # The minimum is flat: the objective is at rounding (1e-16) when loadings are off by 1e-8 / .2².
    assert found.loadings[:, 0] == pytest.approx(truth, abs=1e-6)
    assert found.objective < 1e-15


@settings(max_examples=60, deadline=None)
@given(st.integers(3, 8), st.integers(5, 60), st.integers(0, 10**6))
def test_own_gradient_vanishes(k: int, n: int, seed: int) -> None:
    """Also for Heywood cases, of which random data are full."""
    x = np.random.default_rng(seed).normal(size=(n, k))
    r = np.corrcoef(x.T)
    found = minres(r)
    assert found.converged and found.gradient < 1e-8
    residual = r - found.loadings @ found.loadings.T - np.diag(found.uniquenesses)
    free = (found.uniquenesses > LEAST_UNIQUENESS + 1e-9) & (found.uniquenesses < 1 - 1e-9)
    assert np.abs(np.diagonal(residual)[free]).max(initial=0) < 1e-8
    assert found.objective == pytest.approx((residual**2).sum() / 2)


def test_no_better_solution_by_general_optimisation(rng: np.random.Generator) -> None:
    r = np.corrcoef(rng.normal(size=(6, 80)) + rng.normal(size=80))

    def objective(loadings: np.ndarray) -> float:
        residual = r - np.outer(loadings, loadings)
        return float((residual[np.triu_indices(6, 1)] ** 2).sum())

    general = optimize.minimize(objective, np.full(6, 0.7), method="BFGS", options={"gtol": 1e-7})
    found = minres(r)
    assert found.objective == pytest.approx(general.fun, abs=1e-9)
    # BFGS with numerical derivatives.
    assert found.loadings[:, 0] == pytest.approx(general.x, abs=1e-4)


def test_covariances_keep_their_metric(rng: np.random.Generator) -> None:
    c = np.cov(rng.normal(size=(5, 60)) + rng.normal(size=60))
    spread = np.array([1, 2, 0.1, 30, 1])
    first, second = minres(c), minres(c * np.outer(spread, spread))
    assert second.loadings[:, 0] == pytest.approx(first.loadings[:, 0] * spread, rel=1e-9)
    assert second.uniquenesses == pytest.approx(first.uniquenesses * spread**2, rel=1e-9)
    assert np.diagonal(c) == pytest.approx(first.loadings[:, 0] ** 2 + first.uniquenesses, abs=1e-8)


def test_heywood_case_is_named() -> None:
    """Spearman's condition fails: the first loading would be (.8 * .8 / .5) ** .5 > 1."""
    r = np.array([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]])
    found = minres(r)
    assert found.heywood == (0,)
    assert found.uniquenesses[0] == pytest.approx(LEAST_UNIQUENESS)
    assert "uniqueness of items #0 at its bound" in found.note
    assert found.converged


def test_sign_and_order_of_factors(rng: np.random.Generator) -> None:
    x = np.repeat(rng.normal(size=(2, 300)), [5, 3], axis=0) + rng.normal(size=(8, 300))
    found = minres(np.corrcoef(-x), n_factors=2)
    assert (found.loadings.sum(axis=0) >= 0).all()
    explained = (found.loadings**2).sum(axis=0)
    assert explained[0] >= explained[1]
    # Unrotated minres factors are orthogonal columns.
    assert found.loadings[:, 0] @ found.loadings[:, 1] == pytest.approx(0, abs=1e-8)


def test_nothing_in_common_and_all_in_common() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nothing, everything = minres(np.eye(4)), minres(np.ones((4, 4)))
        two = minres(np.eye(6) + 0.3 * (1 - np.eye(6)), n_factors=2)
    assert np.abs(nothing.loadings).max() < 1e-6 and nothing.converged
    # At the bound q = λ² minimises 6 (1 - q)² + 2 (q - .995)².
    assert everything.heywood == (0, 1, 2, 3)
    assert everything.loadings[:, 0] ** 2 == pytest.approx(0.99875, abs=1e-9)
    assert np.abs(two.loadings[:, 0]) == pytest.approx(np.sqrt(0.3), abs=1e-3)


@pytest.mark.parametrize(
    ("r", "m", "message"),
    [
        (np.ones((2, 3)), 1, "not symmetric"),
        ([[1.0, 0.5], [0.4, 1.0]], 1, "not symmetric"),
        ([[1.0, np.nan], [np.nan, 1.0]], 1, "missing values"),
        ([[1.0, 0.0], [0.0, 0.0]], 1, "not positive"),
        (np.eye(2), 1, "n_factors=1 cannot be had from 2 items"),
        (np.eye(5), 3, "n_factors=3 cannot be had from 5 items"),
        (np.eye(5), 0, "n_factors=0"),
    ],
)
def test_misuse_is_named(r: np.ndarray, m: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        minres(r, m)
