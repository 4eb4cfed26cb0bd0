import numpy as np
import pytest
from bfi_scales import SCALES, keyed, needs_reference, reliability
from hypothesis import given, settings
from hypothesis import strategies as st

from psychometrics.stats.alpha import alpha
from psychometrics.stats.guttman import bounds_from_covariance, guttman, residual_variances
from psychometrics.stats.item_covariance import correlation_from_covariance, item_covariance
from psychometrics.stats.split_half import equal_splits, split_half_distribution

# Closed forms; R prints 14 digits.
CLOSED_FORM = 1e-10
FIELDS = [*(f"lambda{i}" for i in range(1, 7)), *(f"mu{r}" for r in range(4))]


def values(bounds) -> list[float]:  # type: ignore[no-untyped-def]
    return [getattr(bounds, field).value for field in FIELDS]


@needs_reference
@pytest.mark.parametrize("scale", SCALES)
def test_values_of_psych(scale: str) -> None:
    """lambda-4 apart, of which psych 2.2.9 sees half of the splits of five items."""
    expected = reliability(scale)
    found = guttman(keyed(scale), on="correlation")
    for field in ("lambda1", "lambda2", "lambda3", "lambda5", "lambda6"):
        ours = getattr(found, field).value
        assert ours == pytest.approx(expected["guttman"][field], abs=CLOSED_FORM), field
    for field in ("mu0", "mu1", "mu2", "mu3"):
        ours = getattr(found, field).value
        assert ours == pytest.approx(expected["tenberge_mu"][field], abs=CLOSED_FORM), field
    seen = bounds_from_covariance(np.corrcoef(keyed(scale).T)[None], equal_splits(5)[:5])
    assert seen[0, 3] == pytest.approx(expected["guttman"]["lambda4"], abs=CLOSED_FORM)
    assert found.lambda4.value >= seen[0, 3] - CLOSED_FORM


@needs_reference
@pytest.mark.parametrize("rows", ["pairwise", "complete"])
@pytest.mark.parametrize("scale", SCALES)
def test_lambda6_of_all_rows(scale: str, rows: str) -> None:
    expected = reliability(scale)[rows]
    correlation = correlation_from_covariance(
        item_covariance(keyed(scale, complete=rows == "complete")).covariance
    )
    lambda6 = 1 - residual_variances(correlation[None]).sum() / correlation.sum()
    assert lambda6 == pytest.approx(expected["total"]["G6(smc)"], abs=CLOSED_FORM)
    for i, g6 in enumerate(expected["alpha_drop"]["G6(smc)"]):
        rest = np.delete(np.delete(correlation, i, axis=0), i, axis=1)
        lambda6 = 1 - residual_variances(rest[None]).sum() / rest.sum()
        assert lambda6 == pytest.approx(g6, abs=CLOSED_FORM)


@needs_reference
def test_lambda6_of_ten_items() -> None:
    expected = reliability("agree_conscientious_10")["splithalf"]
    found = guttman(keyed("agree", "conscientious"), on="correlation")
    assert found.lambda2.value == pytest.approx(expected["lambda2"], abs=CLOSED_FORM)
    assert found.lambda6.value == pytest.approx(expected["lambda6"], abs=CLOSED_FORM)
    assert found.lambda4.value == pytest.approx(expected["max_lambda4"], abs=CLOSED_FORM)


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 8), st.integers(0, 10**6))
def test_order_of_the_bounds(k: int, seed: int) -> None:
    """Proved by Guttman, and by ten Berge and Zegers, for any covariance matrix."""
    rng = np.random.default_rng(seed)
    c = np.cov(rng.normal(size=(k, 30)) + rng.normal(size=30) * rng.random())
    l1, l2, l3, l4, l5, l6, *mu = bounds_from_covariance(c[None], equal_splits(k))[0]
    slack = 1e-10
    assert l3 <= l2 + slack and l1 <= l5 + slack and l1 <= l6 + slack
    assert l1 <= l3 + slack or l1 < 0
    assert (np.diff(mu) >= -slack).all()
    assert mu[0] == l3 and mu[1] == l2
    assert l4 == pytest.approx(l3) if k == 2 else True


def test_worked_by_hand() -> None:
    """k = 3, variances 1, correlations .5, .5, 0: V = 5, sum of c² over both triangles = 1."""
    r = np.array([[1, 0.5, 0.5], [0.5, 1, 0], [0.5, 0, 1]])
    l1, l2, l3, l4, l5, l6, *_ = bounds_from_covariance(r[None], equal_splits(3))[0]
    assert l1 == pytest.approx(1 - 3 / 5)
    assert l2 == pytest.approx(0.4 + np.sqrt(3 / 2) / 5)
    assert l3 == pytest.approx(3 / 2 * 0.4)
    assert l4 == pytest.approx(4 * 1 / 5)
    assert l5 == pytest.approx(0.4 + 2 * np.sqrt(0.5) / 5)
    # Item 1 on the others: R² = .5; items 2 and 3: R² = .25 / (1 - .25) = 1/3.
    assert l6 == pytest.approx(1 - (0.5 + 2 / 3 + 2 / 3) / 5)


def test_parallel_items_agree() -> None:
    c = np.full((6, 6), 0.4) + 0.6 * np.eye(6)
    _, l2, l3, l4, _, _, *mu = bounds_from_covariance(c[None], equal_splits(6))[0]
    assert [l2, l3, l4, *mu] == pytest.approx([0.8] * 7)


def test_covariances_and_correlations(rng: np.random.Generator) -> None:
    x = (rng.normal(size=(80, 1)) + rng.normal(size=(80, 5))) * np.arange(1, 6)
    raw, unit = guttman(x), guttman(x, on="correlation")
    assert raw.lambda3.value == pytest.approx(alpha(x).value, abs=CLOSED_FORM)
    assert unit.lambda3.value == pytest.approx(alpha(x, variant="standardised").value)
    assert raw.lambda4.value == pytest.approx(split_half_distribution(x).maximum)
    assert raw.lambda1.variant == "covariance" and unit.mu2.variant == "correlation"
    assert "best of 10 splits" in raw.lambda4.note
    assert values(guttman(x * 7 + 3)) == pytest.approx(values(raw))


def test_residual_variances_are_those_of_regression(rng: np.random.Generator) -> None:
    x = rng.normal(size=(30, 4)) @ rng.normal(size=(4, 4))
    expected = []
    for i in range(4):
        design = np.column_stack([np.ones(30), np.delete(x, i, axis=1)])
        rest = x[:, i] - design @ np.linalg.lstsq(design, x[:, i])[0]
        expected.append((rest**2).sum() / 29)
    assert residual_variances(np.cov(x.T)[None])[0] == pytest.approx(expected)


@pytest.mark.parametrize("interval", ["bootstrap", "percentile"])
def test_bootstrap_intervals(interval: str, rng: np.random.Generator) -> None:
    x = rng.normal(size=(120, 1)) + rng.normal(size=(120, 5))
    found, plain = guttman(x, interval=interval, n_resamples=500), guttman(x)  # type: ignore[arg-type]
    assert values(found) == pytest.approx(values(plain), abs=1e-9)
    for field in FIELDS:
        one = getattr(found, field)
        assert one.low < one.value and one.low < one.high, field
        assert "500 resamples" in one.method
    same = alpha(x, interval=interval, n_resamples=500)  # type: ignore[arg-type]
    assert (found.lambda3.low, found.lambda3.high) == pytest.approx((same.low, same.high))
    assert "below 50" in guttman(x[:30], interval=interval, n_resamples=50).mu2.note  # type: ignore[arg-type]


def test_many_items(rng: np.random.Generator) -> None:
    x = rng.normal(size=(60, 1)) + rng.normal(size=(60, 24))
    found, plain = guttman(x, interval="percentile", n_resamples=30), guttman(x)
    assert "92378 sampled splits" in plain.lambda4.note
    assert found.lambda4.value == pytest.approx(plain.lambda4.value)


def test_singular_matrices(rng: np.random.Generator) -> None:
    x = rng.normal(size=(40, 1)) + rng.normal(size=(40, 3))
    twice = np.column_stack([x, x[:, 0]])
    found = guttman(twice, interval="bootstrap", n_resamples=40)
    # Items 0 and 3 leave no residual.
    others = residual_variances(np.cov(x.T)[None])[0, 1:].sum()
    assert found.lambda6.value == pytest.approx(1 - others / np.cov(twice.T).sum())
    assert "singular" in found.lambda6.note and np.isnan(found.lambda6.low)
    few = guttman(rng.normal(size=(5, 5)))
    assert np.isnan(few.lambda6.value) and "more units than items" in few.lambda6.note
    assert not np.isnan(few.lambda2.value)


def test_degenerate_data(rng: np.random.Generator) -> None:
    for x, reason in [
        (rng.normal(size=(9, 1)), "one item"),
        (rng.normal(size=(1, 4)), "one unit"),
        (np.full((4, 4), 3.0), "no variance"),
    ]:
        found = guttman(x)
        assert all(np.isnan(v) for v in values(found)) and reason in found.mu3.note
    perfect = guttman(np.arange(9.0)[:, None] + np.arange(4.0))
    assert values(perfect)[1:4] == pytest.approx([1, 1, 1])
    constant = guttman(np.column_stack([rng.normal(size=(40, 2)), np.ones(40)]))
    assert not np.isnan(values(constant)).any()
    assert "without variance: #2" in constant.lambda2.note
    assert "standardised" in guttman(np.eye(3)[:, :2] * [1, 0], on="correlation").mu0.note
    contradictory = np.full((9, 3), np.nan)
    up, down = [[1, 1], [2, 2], [3, 3]], [[1, 3], [2, 2], [3, 1]]
    contradictory[:3, [0, 1]], contradictory[3:6, [1, 2]], contradictory[6:, [0, 2]] = up, up, down
    found = guttman(contradictory)
    assert np.isnan(found.lambda6.value) and "negative eigenvalues" in found.lambda6.note


def test_misuse_is_named() -> None:
    with pytest.raises(ValueError, match="interval='feldt'"):
        guttman(np.eye(4), interval="feldt")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="on='r'"):
        guttman(np.eye(4), on="r")  # type: ignore[arg-type]
