import numpy as np
import pytest
from bfi_scales import REFERENCE, SCALES, keyed, needs_reference, reliability
from hypothesis import given, settings
from hypothesis import strategies as st

from psychometrics.stats.alpha import (
    alpha,
    alpha_from_covariance,
    alpha_if_dropped,
    alpha_standard_error,
    bootstrap_alpha,
    feldt_interval,
    standardised_alpha_standard_error,
)
from psychometrics.stats.item_covariance import correlation_from_covariance, item_covariance

# Closed forms; R prints 14 digits.
CLOSED_FORM = 1e-10


def respondents(
    rng: np.random.Generator, n: int, loadings: np.ndarray, replications: int = 1
) -> np.ndarray:
    """One common factor, unit item variances, normal; shape (replications, n, k)."""
    factor = rng.normal(size=(replications, n, 1))
    unique = rng.normal(size=(replications, n, len(loadings)))
    return factor * loadings + unique * np.sqrt(1 - loadings**2)


@needs_reference
@pytest.mark.parametrize("rows", ["pairwise", "complete"])
@pytest.mark.parametrize("scale", SCALES)
def test_values_of_psych(scale: str, rows: str) -> None:
    expected = reliability(scale)[rows]
    x = keyed(scale, complete=rows == "complete")
    raw, standardised = alpha(x), alpha(x, variant="standardised")
    assert raw.value == pytest.approx(expected["total"]["raw_alpha"], abs=CLOSED_FORM)
    assert standardised.value == pytest.approx(expected["total"]["std.alpha"], abs=CLOSED_FORM)
    assert raw.n == expected["n"]
    covariance = item_covariance(x).covariance
    # R's intervals count every row with an answer, ours fewer where some are missing.
    error = alpha_standard_error(covariance, expected["n"])
    assert error == pytest.approx(expected["total"]["ase"], abs=CLOSED_FORM)
    limits = expected["feldt_exact_F"]
    assert feldt_interval(raw.value, expected["n"], 5) == pytest.approx(
        (limits["lower"], limits["upper"]), abs=CLOSED_FORM
    )
    if rows == "complete":
        assert raw.se == pytest.approx(error) and raw.low == pytest.approx(
            limits["lower"], abs=CLOSED_FORM
        )
        # psych multiplies by 1.96, the normal quantile is 1.959964: 4e-5 standard errors.
        normal, limits = alpha(x, interval="normal"), expected["duhachek"]
        assert (normal.low, normal.high) == pytest.approx(
            (limits["lower"], limits["upper"]), abs=1e-6
        )
    dropped = alpha_if_dropped(covariance)
    assert dropped == pytest.approx(expected["alpha_drop"]["raw_alpha"], abs=CLOSED_FORM)
    dropped = alpha_if_dropped(correlation_from_covariance(covariance))
    assert dropped == pytest.approx(expected["alpha_drop"]["std.alpha"], abs=CLOSED_FORM)


@pytest.mark.parametrize("share", [0.1, 0.4])
def test_feldt_covers_with_missing_answers(share: float) -> None:
    """600 draws of 60 units × 5 parallel items; counting every row covers .78 at 40 %."""
    rng = np.random.default_rng(7)
    hits = naive = 0
    for _ in range(600):
        x = rng.normal(size=(60, 1)) + rng.normal(size=(60, 5))
        x[rng.random(x.shape) < share] = np.nan
        found = alpha(x)
        hits += found.low <= 5 / 6 <= found.high
        low, high = feldt_interval(found.value, 60, 5)
        naive += low <= 5 / 6 <= high
    # Three standard errors of a share of .95 in 600 draws are .027.
    assert hits / 600 > 0.95 - 0.027
    assert naive < hits
    assert "the interval counts" in found.note and found.n == 60


@needs_reference
def test_ten_items_of_two_scales() -> None:
    expected = reliability("agree_conscientious_10")["alpha"]
    x = keyed("agree", "conscientious")
    assert alpha(x).value == pytest.approx(expected["raw_alpha"], abs=CLOSED_FORM)
    assert alpha(x).se == pytest.approx(expected["ase"], abs=CLOSED_FORM)


@needs_reference
def test_kuder_richardson_20_is_raw_alpha() -> None:
    expected = reliability("ability16")
    x = np.genfromtxt(REFERENCE / "data" / "ability16.csv", delimiter=",", skip_header=1)
    found = alpha(x, missing="listwise", interval="none")
    assert (found.value, found.n) == (
        pytest.approx(expected["alpha_raw"], abs=CLOSED_FORM),
        expected["n"],
    )


@needs_reference
def test_bootstrap_limits_of_boot() -> None:
    import json

    expected = json.loads((REFERENCE / "alpha_bootstrap.json").read_text())
    drawn = bootstrap_alpha(keyed("neuroticism"), 2000, 1)
    # Two Monte Carlo runs of 2,000 resamples: a limit's standard error is .0003 to .0005.
    assert drawn.limits("percentile") == pytest.approx(expected["perc"], abs=2e-3)
    assert drawn.limits("bca") == pytest.approx(expected["bca"], abs=2e-3)
    assert drawn.standard_error == pytest.approx(expected["boot_se"], abs=4e-4)


def test_worked_by_hand() -> None:
    """Variances 1 and 4, covariance 1.5: total 8, alpha = 2 (1 - 5 / 8)."""
    assert alpha_from_covariance(np.array([[1, 1.5], [1.5, 4]])) == pytest.approx(0.75)
    many = np.stack([np.eye(3), np.ones((3, 3)), np.zeros((3, 3))])
    np.testing.assert_allclose(alpha_from_covariance(many), [0, 1, np.nan], atol=1e-15)


def test_standard_errors_are_the_delta_method(rng: np.random.Generator) -> None:
    """var = 2 tr(G C G C) / n with G the derivative by the covariances, here numerical."""
    covariance = np.cov(rng.normal(size=(4, 12)))
    step = 1e-6

    def gradient(function):  # type: ignore[no-untyped-def]
        g = np.zeros((4, 4))
        for i, j in np.ndindex(4, 4):
            e = np.zeros((4, 4))
            e[i, j] += step / 2
            e[j, i] += step / 2
            g[i, j] = (function(covariance + e) - function(covariance - e)) / (2 * step)
        return g

    g = gradient(alpha_from_covariance) @ covariance
    expected = np.sqrt(2 * np.trace(g @ g) / 50)
    # Central differences with step 1e-6 are good to about 1e-9.
    assert alpha_standard_error(covariance, 50) == pytest.approx(expected, rel=1e-7)
    g = gradient(lambda c: alpha_from_covariance(correlation_from_covariance(c))) @ covariance
    expected = np.sqrt(2 * np.trace(g @ g) / 49)
    correlation = correlation_from_covariance(covariance)
    assert standardised_alpha_standard_error(correlation, 50) == pytest.approx(expected, rel=1e-7)


@settings(max_examples=40, deadline=None)
@given(st.integers(3, 40), st.integers(2, 8), st.floats(0.1, 50), st.integers(0, 10**6))
def test_units_of_the_scale_do_not_matter(n: int, k: int, unit: float, seed: int) -> None:
    x = np.random.default_rng(seed).normal(size=(n, k)) + np.arange(k)
    first, second = alpha(x), alpha(x * unit - 3)
    # Rounding, relative to the condition of the total's variance.
    assert second.value == pytest.approx(first.value, rel=1e-6, abs=1e-6)
    assert second.low == pytest.approx(first.low, rel=1e-6, abs=1e-6)
    assert first.low <= first.value <= first.high
    reordered = alpha(x[:, ::-1], variant="standardised", interval="none")
    spread = alpha(x * np.arange(1, k + 1), variant="standardised", interval="none")
    assert spread.value == pytest.approx(reordered.value, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("n", [20, 60])
def test_feldt_covers(n: int, rng: np.random.Generator) -> None:
    """600 replications: a coverage of .95 has a standard error of .009."""
    loadings = np.linspace(0.4, 0.8, 6)
    truth = float(alpha_from_covariance(np.outer(loadings, loadings) + np.diag(1 - loadings**2)))
    covered = []
    for x in respondents(rng, n, loadings, 600):
        low, high = feldt_interval(float(alpha_from_covariance(np.cov(x.T))), n, 6)
        covered.append(low < truth < high)
    assert 0.93 <= np.mean(covered) <= 0.97


def test_standardised_interval_covers(rng: np.random.Generator) -> None:
    """600 replications of n = 50, unequal variances: the standard error of .95 is .009."""
    loadings = np.array([0.8, 0.7, 0.6, 0.4, 0.3])
    truth = float(alpha_from_covariance(np.outer(loadings, loadings) + np.diag(1 - loadings**2)))
    found = [
        alpha(x * [1, 2, 1, 0.5, 1], variant="standardised")
        for x in respondents(rng, 50, loadings, 600)
    ]
    assert 0.93 <= np.mean([c.low < truth < c.high for c in found]) <= 0.97
    # The delta method's standard error is that of the estimates, within the error of 600 (3 %).
    spread = np.std([c.value for c in found])
    assert np.mean([c.se for c in found]) == pytest.approx(spread, rel=0.1)


def test_missing_answers(rng: np.random.Generator) -> None:
    x = respondents(rng, 4000, np.full(5, 0.7))[0]
    x[rng.random(x.shape) < 0.1] = np.nan
    truth = 5 / 4 * (1 - 5 / (5 + 20 * 0.49))
    # Five standard errors of about .007.
    for missing in ("pairwise", "listwise"):
        assert alpha(x, missing=missing).value == pytest.approx(truth, abs=0.035)  # type: ignore[arg-type]
    assert alpha(x).n == 4000
    assert alpha(x, missing="listwise").n == (~np.isnan(x).any(axis=1)).sum()
    drawn = alpha(x, interval="bootstrap", n_resamples=400)
    assert drawn.value == pytest.approx(alpha(x).value, abs=CLOSED_FORM)
    assert drawn.low < drawn.value < drawn.high


def test_bootstrap_warns_of_few_rows(rng: np.random.Generator) -> None:
    x = respondents(rng, 49, np.full(4, 0.6))[0]
    assert "below 50" in alpha(x, interval="bootstrap", n_resamples=100).note
    assert "below 50" not in alpha(np.vstack([x, x[:1]]), interval="bootstrap").note
    first, second = (alpha(x, interval="percentile", seed=seed) for seed in (1, 1))
    assert first == second
    assert "seed 1" in first.method


@pytest.mark.parametrize("variant", ["raw", "standardised"])
@pytest.mark.parametrize("interval", ["auto", "normal", "bootstrap", "percentile", "none"])
def test_degenerate_data(variant: str, interval: str, rng: np.random.Generator) -> None:
    """Every value, limit or reason is there; warnings are errors in this suite."""

    def found(x: np.ndarray):  # type: ignore[no-untyped-def]
        return alpha(np.asarray(x), variant=variant, interval=interval, n_resamples=50)  # type: ignore[arg-type]

    for x, reason in [
        (rng.normal(size=(9, 1)), "one item"),
        (rng.normal(size=(1, 4)), "one unit"),
        (np.full((4, 4), np.nan), "no unit"),
        (np.full((4, 4), 3.0), "no variance"),
        (np.empty((0, 3)), "no unit"),
        (np.column_stack([np.arange(4.0), -np.arange(4.0)]), "no variance"),
    ]:
        assert np.isnan(found(x).value) and reason in found(x).note
    perfect = found(np.arange(9.0)[:, None] + np.arange(3.0))
    assert perfect.value == pytest.approx(1)
    if interval != "none":
        assert (perfect.low, perfect.high) == pytest.approx((1, 1))
    few = found(rng.normal(size=(3, 12)))
    assert not np.isnan(few.value)


def test_constant_item_is_named(rng: np.random.Generator) -> None:
    x = np.column_stack([respondents(rng, 60, np.full(3, 0.7))[0], np.full(60, 4.0)])
    assert alpha(x).note == "items without variance: #3"
    assert alpha(x).value == pytest.approx(4 / 3 * 2 / 3 * alpha(x[:, :3]).value)
    assert "cannot be standardised" in alpha(x, variant="standardised").note


def test_negative_alpha_asks_for_the_keys(rng: np.random.Generator) -> None:
    x = respondents(rng, 200, np.full(4, 0.8))[0] * [1, 1, -1, -1]
    assert alpha(x).value < 0
    assert "keyed in one direction" in alpha(x).note


def test_above_one_has_no_interval() -> None:
    """Those who answered both items spread widely, those who answered one do not."""
    x = np.full((22, 2), np.nan)
    x[:2], x[2:12, 0], x[12:, 1] = [[-9], [9]], 0, 0
    found = alpha(x)
    assert found.value > 1 and np.isnan(found.low) and "above 1" in found.note


def test_misuse_is_named() -> None:
    x = np.eye(4)
    with pytest.raises(ValueError, match="variant='std'"):
        alpha(x, variant="std")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="interval='exact'"):
        alpha(x, interval="exact")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="raw alpha; give"):
        alpha(x, variant="standardised", interval="feldt")
    with pytest.raises(ValueError, match="between 0 and 1"):
        alpha(x, conf_level=95)
