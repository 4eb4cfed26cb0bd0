from collections.abc import Callable

import numpy as np
import pytest
from bfi_scales import SCALES, keyed, needs_reference, reliability
from hypothesis import given, settings
from hypothesis import strategies as st

from psychometrics.stats.alpha import alpha
from psychometrics.stats.item_covariance import item_covariance
from psychometrics.stats.minres import minres
from psychometrics.stats.omega import (
    average_variance_extracted,
    composite_reliability,
    omega,
)

LOADINGS = np.array([0.8, 0.7, 0.6, 0.4, 0.3])
SPREAD = np.array([1, 2, 1, 0.5, 1])


def respondents(rng: np.random.Generator, n: int, loadings: np.ndarray = LOADINGS) -> np.ndarray:
    unique = rng.normal(size=(n, len(loadings))) * np.sqrt(1 - loadings**2)
    return (rng.normal(size=(n, 1)) * loadings + unique) * SPREAD[: len(loadings)]


@needs_reference
@pytest.mark.parametrize("scale", SCALES)
def test_omega_total_of_psych(scale: str) -> None:
    expected = reliability(scale)["omega_psych_1f"]
    found = omega(keyed(scale), variant="standardised")
    # psych's minres stops at a gradient of 1e-6.
    assert found.value == pytest.approx(expected["omega_tot"], abs=1e-5)
    # psych's hierarchical omega of one factor: the common part over the observed variance.
    r = np.corrcoef(keyed(scale).T)
    hierarchical = minres(r).loadings.sum() ** 2 / r.sum()
    assert hierarchical == pytest.approx(expected["omega_h"], abs=1e-5)


@needs_reference
@pytest.mark.parametrize("scale", SCALES)
def test_near_maximum_likelihood_of_lavaan(scale: str) -> None:
    """Another estimator, so the same value to two digits only.

    The largest difference, .019, stands at neuroticism, whose items N1 and N2 have more in common
    than one factor: maximum likelihood and least squares weigh that misfit differently. The raw
    value of semTools moreover divides the modelled common variance by the observed total.
    """
    expected = reliability(scale)["omega_cfa_1f"]
    x = keyed(scale)
    assert omega(x).value == pytest.approx(expected["omega"], abs=0.02)
    standardised = composite_reliability(x, variant="standardised").value
    assert standardised == pytest.approx(expected["composite_reliability_std"], abs=0.02)
    assert average_variance_extracted(x).value == pytest.approx(expected["ave_std"], abs=0.02)
    raw = average_variance_extracted(x, variant="raw").value
    assert raw == pytest.approx(expected["ave"], abs=0.02)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.2, 0.9), st.integers(3, 8))
def test_parallel_items_have_omega_equal_to_alpha(loading: float, k: int) -> None:
    """Data with exactly the moments of parallel items."""
    r = np.full((k, k), loading**2)
    np.fill_diagonal(r, 1)
    x = np.random.default_rng(0).normal(size=(40, k))
    x = np.linalg.qr(x - x.mean(axis=0))[0] @ np.linalg.cholesky(r).T
    for estimate in (omega, composite_reliability):
        for variant in ("raw", "standardised"):
            # Loadings are exact to about 1e-9 / loading².
            found = estimate(x, variant=variant).value  # type: ignore[arg-type]
            assert found == pytest.approx(alpha(x).value, abs=1e-6)
    assert average_variance_extracted(x).value == pytest.approx(loading**2, abs=1e-6)


def test_raw_metric_weighs_by_spread(rng: np.random.Generator) -> None:
    x = respondents(rng, 3000)
    true_raw = (LOADINGS * SPREAD).sum() ** 2
    true_raw /= true_raw + ((1 - LOADINGS**2) * SPREAD**2).sum()
    true_unit = LOADINGS.sum() ** 2 / (LOADINGS.sum() ** 2 + (1 - LOADINGS**2).sum())
    for estimate in (omega, composite_reliability):
        raw, unit = estimate(x), estimate(x, variant="standardised")
        # Four standard errors.
        assert raw.value == pytest.approx(true_raw, abs=4 * raw.se)
        assert unit.value == pytest.approx(true_unit, abs=4 * unit.se)
        assert unit.value == pytest.approx(
            estimate(x / SPREAD * 3, variant="standardised").value, abs=1e-9
        )


@pytest.mark.parametrize(
    ("estimate", "variant"),
    [
        (omega, "raw"),
        (omega, "standardised"),
        (composite_reliability, "raw"),
        (average_variance_extracted, "standardised"),
    ],
)
def test_interval_covers(
    estimate: Callable[..., object], variant: str, rng: np.random.Generator
) -> None:
    """400 replications of n = 50: the standard error of .95 is .011. 1,000 of 50 and 500: benchmarks."""
    spread = SPREAD if variant == "raw" else np.ones(5)
    if estimate is average_variance_extracted:
        truth = np.mean(LOADINGS**2)
    else:
        common = (LOADINGS * spread).sum() ** 2
        truth = common / (common + ((1 - LOADINGS**2) * spread**2).sum())
    found = [estimate(respondents(rng, 50), variant=variant) for _ in range(400)]
    covered = np.mean([c.low < truth < c.high for c in found])  # type: ignore[attr-defined]
    assert 0.92 <= covered <= 0.98


def test_bootstrap_agrees_with_the_delta_method(rng: np.random.Generator) -> None:
    x = respondents(rng, 500)
    delta = omega(x)
    for interval in ("bootstrap", "percentile"):
        drawn = omega(x, interval=interval, n_resamples=1000)  # type: ignore[arg-type]
        assert drawn.value == pytest.approx(delta.value, abs=1e-9)
        # Monte Carlo: 2 % of a standard error for the error itself, 6 % for limits.
        assert drawn.se == pytest.approx(delta.se, rel=0.15)
        assert drawn.low == pytest.approx(delta.low, abs=0.5 * delta.se)
        assert drawn.high == pytest.approx(delta.high, abs=0.5 * delta.se)
        assert "1000 resamples, seed 0" in drawn.method
    assert "below 50" in omega(x[:40], interval="bootstrap", n_resamples=100).note


def test_missing_answers(rng: np.random.Generator) -> None:
    x = respondents(rng, 800)
    x[rng.random(x.shape) < 0.1] = np.nan
    pairwise, listwise = omega(x), omega(x, missing="listwise")
    assert pairwise.n == (~np.isnan(x).all(axis=1)).sum()
    assert listwise.n == (~np.isnan(x).any(axis=1)).sum()
    assert pairwise.value == pytest.approx(listwise.value, abs=0.05)
    drawn = omega(x, interval="percentile", n_resamples=200)
    assert drawn.value == pytest.approx(pairwise.value, abs=1e-9)


def test_heywood_case_is_named(rng: np.random.Generator) -> None:
    r = np.array([[1, 0.8, 0.8], [0.8, 1, 0.5], [0.8, 0.5, 1]])
    x = rng.normal(size=(60, 3))
    x = np.linalg.qr(x - x.mean(axis=0))[0] @ np.linalg.cholesky(r).T
    found = omega(x)
    assert "Heywood case: uniqueness of items #0" in found.note
    assert found.low < found.value < found.high
    solution = minres(item_covariance(x).covariance)
    assert solution.heywood == (0,)


def test_wrong_key_is_named(rng: np.random.Generator) -> None:
    x = respondents(rng, 300) * [1, 1, 1, 1, -1]
    assert "negative loadings of items #4" in omega(x).note


def test_degenerate_data(rng: np.random.Generator) -> None:
    for estimate in (omega, composite_reliability, average_variance_extracted):
        for x, reason in [
            (rng.normal(size=(9, 1)), "one item"),
            (rng.normal(size=(9, 2)), "not identified by two items"),
            (rng.normal(size=(1, 4)), "one unit"),
            (np.full((4, 4), np.nan), "no unit"),
            (np.full((4, 4), 3.0), "no variance"),
            (
                np.column_stack([rng.normal(size=(9, 3)), np.ones(9)]),
                "without variance: #3",
            ),
        ]:
            found = estimate(np.asarray(x))
            assert np.isnan(found.value) and reason in found.note
        perfect = estimate(np.arange(9.0)[:, None] + np.arange(4.0))
        assert perfect.value > 0.99 and "Heywood" in perfect.note
        for interval in ("delta", "bootstrap", "none"):
            few = estimate(rng.normal(size=(3, 8)), interval=interval, n_resamples=30)  # type: ignore[arg-type]
            assert not np.isnan(few.value) or few.note
            assert not np.isnan(few.low) or few.note


def test_nothing_in_common_has_no_interval() -> None:
    """All correlations are zero, so that no direction of the loadings is better than another."""
    x = np.random.default_rng(0).normal(size=(40, 4))
    x = np.linalg.qr(x - x.mean(axis=0))[0]
    for estimate in (omega, composite_reliability, average_variance_extracted):
        found = estimate(x)
        assert found.value == pytest.approx(0, abs=1e-6)
        assert np.isnan(found.low) and "do not determine a common factor" in found.note


def test_misuse_is_named() -> None:
    x = np.eye(4)
    with pytest.raises(ValueError, match="variant='std'"):
        omega(x, variant="std")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="interval='feldt'"):
        omega(x, interval="feldt")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="between 0 and 1"):
        omega(x, conf_level=0)
