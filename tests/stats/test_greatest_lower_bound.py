import numpy as np
import pytest
from bfi_scales import SCALES, keyed, needs_reference
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from psychometrics.stats.greatest_lower_bound import error_variances, greatest_lower_bound
from psychometrics.stats.guttman import bounds_from_covariance, guttman
from psychometrics.stats.split_half import equal_splits

# What the certificate promises, with room for its own rounding.
CERTIFIED = 1e-6


def bound(c: np.ndarray) -> float:
    return float(1 - error_variances(c)[0].sum() / c.sum())


@settings(max_examples=60, deadline=None)
@given(st.floats(0.2, 5), st.floats(0.2, 5), st.floats(-0.98, 0.98))
def test_two_items_by_hand(a: float, b: float, r: float) -> None:
    """Least u + v with uv >= c², u <= a, v <= b: u = v = |c|, or the smaller variance is all true."""
    c = r * np.sqrt(a * b)
    low = min(a, b)
    common = 2 * abs(c) if abs(c) <= low else low + c**2 / low
    theta, gap = error_variances(np.array([[a, c], [c, b]]))
    assert theta.sum() == pytest.approx(a + b - common, abs=CERTIFIED)
    assert 0 <= gap + 1e-12 < CERTIFIED


@pytest.mark.parametrize("k", [2, 5, 12])
def test_parallel_items_have_the_bound_at_alpha(k: int) -> None:
    c = np.full((k, k), 0.3) + 0.7 * np.eye(k)
    assert bound(c) == pytest.approx(k * 0.3 / (1 + (k - 1) * 0.3), abs=CERTIFIED)


def test_one_exact_factor_has_the_bound_at_omega() -> None:
    """Where no loading exceeds the sum of the others, the uniquenesses are the largest errors."""
    loadings, psi = np.array([0.8, 1.4, 0.6, 0.5]), np.array([0.36, 1.0, 0.2, 0.75])
    theta, gap = error_variances(np.outer(loadings, loadings) + np.diag(psi))
    assert theta == pytest.approx(psi, abs=1e-4)
    assert theta.sum() == pytest.approx(psi.sum(), abs=CERTIFIED)
    assert gap < CERTIFIED


def test_one_dominant_loading_allows_more_error() -> None:
    """With 1 > .3 + .3 + .3 the bound lies below omega: diag(M) = (.9, .12, .12, .12) is singular."""
    loadings, psi = np.array([1.0, 0.3, 0.3, 0.3]), np.full(4, 0.4)
    theta, _ = error_variances(np.outer(loadings, loadings) + np.diag(psi))
    assert theta == pytest.approx([0.5, 0.37, 0.37, 0.37], abs=1e-4)
    assert theta.sum() == pytest.approx(1.61, abs=CERTIFIED)


def test_toefl_of_lord_and_novick() -> None:
    """Covariances of Lord & Novick (1968, p. 91), the example of Bentler & Woodward (1980): .920."""
    c = np.array(
        [
            [94.7, 87.3, 63.9, 58.4],
            [87.3, 212.0, 138.7, 128.2],
            [63.9, 138.7, 160.5, 109.8],
            [58.4, 128.2, 109.8, 115.4],
        ]
    )
    assert bound(c) == pytest.approx(0.920, abs=5e-4)


def test_general_optimisation_finds_no_other(rng: np.random.Generator) -> None:
    """M = LL' with the off-diagonal of C and no larger diagonal, least trace, by SLSQP."""
    lower, off = np.tril_indices(4), np.triu_indices(4, 1)
    for _ in range(5):
        c = np.cov(rng.normal(size=(4, 30)) + 0.7 * rng.normal(size=30))

        def common(free: np.ndarray) -> np.ndarray:
            factor = np.zeros((4, 4))
            factor[lower] = free
            return factor @ factor.T

        found = optimize.minimize(
            lambda free: np.trace(common(free)),
            np.linalg.cholesky(c)[lower],
            method="SLSQP",
            constraints=[
                {"type": "eq", "fun": lambda f, c=c: (common(f) - c)[off]},
                {"type": "ineq", "fun": lambda f, c=c: np.diagonal(c - common(f))},
            ],
            options={"maxiter": 1000, "ftol": 1e-10},
        )
        # SLSQP with numerical derivatives; from above, since it need not find the global minimum.
        ours = np.trace(c) - error_variances(c)[0].sum()
        assert ours == pytest.approx(found.fun, abs=1e-4)
        assert ours < found.fun + CERTIFIED


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 9), st.integers(0, 10**6))
def test_feasible_certified_and_above_every_lambda(k: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = (rng.normal(size=(k, 60)) + rng.random() * rng.normal(size=60)).T
    c = np.cov((x * np.exp(rng.normal(size=k) / 2)).T)
    theta, gap = error_variances(c)
    assert (theta >= 0).all() and np.linalg.eigvalsh(c - np.diag(theta))[0] >= 0
    assert gap < CERTIFIED * np.trace(c)
    lambdas = bounds_from_covariance(c[None], equal_splits(k))[0]
    if c.sum() > 0.2 * np.trace(c):
        assert 1 - theta.sum() / c.sum() >= lambdas.max() - 10 * CERTIFIED


@needs_reference
@pytest.mark.parametrize("scale", SCALES)
def test_real_scales(scale: str) -> None:
    x = keyed(scale)
    for on in ("covariance", "correlation"):
        found = greatest_lower_bound(x, on=on)  # type: ignore[arg-type]
        lambdas = guttman(x, on=on)  # type: ignore[arg-type]
        assert found.duality_gap < 1e-8
        assert found.coefficient.value > lambdas.lambda4.value
        assert found.lambda2.value == lambdas.lambda2.value
        assert "below 1000" not in found.coefficient.note


def test_bias_upward_is_announced_and_there(rng: np.random.Generator) -> None:
    x = rng.normal(size=(50, 1)) + rng.normal(size=(50, 10))
    found = greatest_lower_bound(x)
    assert "50 units: below 1000 the bias upward is large" in found.coefficient.note
    assert found.coefficient.value > 10 / 11
    assert np.isnan(found.coefficient.low)


def test_singular_matrices(rng: np.random.Generator) -> None:
    x = rng.normal(size=(40, 1)) + rng.normal(size=(40, 3))
    constant = greatest_lower_bound(np.column_stack([x, np.ones(40)]))
    assert constant.coefficient.value == pytest.approx(bound(np.cov(x.T)), abs=CERTIFIED)
    assert constant.error_variances[3] == 0
    # Two items that are the same have no error; 1e-9 of variance was added.
    twice = greatest_lower_bound(np.column_stack([x, x[:, 0]]))
    assert twice.error_variances[[0, 3]] == pytest.approx(0, abs=1e-4)
    assert twice.duality_gap < 1e-5
    perfect = greatest_lower_bound(np.arange(9.0)[:, None] + np.arange(4.0))
    assert perfect.coefficient.value == pytest.approx(1, abs=1e-6)


def test_degenerate_data(rng: np.random.Generator) -> None:
    contradictory = np.full((9, 3), np.nan)
    up, down = [[1, 1], [2, 2], [3, 3]], [[1, 3], [2, 2], [3, 1]]
    contradictory[:3, [0, 1]], contradictory[3:6, [1, 2]], contradictory[6:, [0, 2]] = up, up, down
    for x, reason in [
        (rng.normal(size=(9, 1)), "one item"),
        (rng.normal(size=(1, 4)), "one unit"),
        (rng.normal(size=(5, 5)), "more units than items"),
        (np.full((9, 4), 3.0), "no variance"),
        (contradictory, "not positive semidefinite"),
    ]:
        found = greatest_lower_bound(x)
        assert np.isnan(found.coefficient.value) and reason in found.coefficient.note
        assert np.isnan(found.error_variances).all() and np.isnan(found.duality_gap)
    with pytest.raises(ValueError, match="on='r'"):
        greatest_lower_bound(np.eye(3), on="r")  # type: ignore[arg-type]
