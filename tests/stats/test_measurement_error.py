import math

import numpy as np
import pytest

from psychometrics.stats.alpha import alpha
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.intraclass_correlation import FORMS, intraclass_correlation
from psychometrics.stats.measurement_error import (
    minimal_detectable_difference,
    rating_sd,
    standard_error_of_measurement,
)

NAN = float("nan")


def reliability(value: float, low: float, high: float, note: str = "") -> Coefficient:
    return Coefficient(
        "alpha", value, low, high, 0.9, 60, "Feldt", "10.1/x", "raw", se=0.04, note=note
    )


def test_worked_by_hand() -> None:
    """An IQ scale: sd 15, reliability .91 [.84, .96]."""
    found = standard_error_of_measurement(reliability(0.91, 0.84, 0.96), 15)
    assert (found.value, found.low, found.high) == pytest.approx((4.5, 3.0, 6.0))
    assert (found.n, found.conf_level, found.variant) == (60, 0.9, "alpha, raw")
    assert "taken as known" in found.method and found.reference.endswith("10.1/x")
    # d sqrt(1 - r) / dr = -1 / (2 sqrt(1 - r)).
    assert found.se == pytest.approx(15 * 0.04 / (2 * 0.3))
    difference = minimal_detectable_difference(reliability(0.91, 0.84, 0.96), 15)
    assert difference.value == pytest.approx(1.959963985 * math.sqrt(2) * 4.5)
    assert difference.high / difference.value == pytest.approx(6 / 4.5)
    surer = minimal_detectable_difference(reliability(0.91, 0.84, 0.96), 15, certainty=0.99)
    assert surer.value / difference.value == pytest.approx(2.575829304 / 1.959963985)
    assert surer.conf_level == 0.9 and "certainty 0.99" in surer.method


def test_error_alone_seldom_exceeds_the_difference(rng: np.random.Generator) -> None:
    """Two scores of each of 4,000 units: 5 % differ by more; the standard error is .0034."""
    true = rng.normal(size=(4000, 1)) * 8
    scores = true + rng.normal(size=(4000, 2)) * 6
    found = minimal_detectable_difference(reliability(0.64, 0.6, 0.7), 10)
    share = np.mean(np.abs(scores[:, 0] - scores[:, 1]) > found.value)
    assert share == pytest.approx(0.05, abs=0.012)


def test_interval_covers_with_a_known_sd(rng: np.random.Generator) -> None:
    """Six parallel items with loadings .7; 500 replications: the standard error of .95 is .01."""
    variance = 6 + 30 * 0.49
    truth = math.sqrt(variance * (1 - 6 / 5 * (1 - 6 / variance)))
    covered = []
    for _ in range(500):
        x = rng.normal(size=(40, 1)) * 0.7 + rng.normal(size=(40, 6)) * math.sqrt(0.51)
        found = standard_error_of_measurement(alpha(x), math.sqrt(variance))
        covered.append(found.low < truth < found.high)
    assert 0.92 <= np.mean(covered) <= 0.98


def test_limits_of_reliability() -> None:
    perfect = standard_error_of_measurement(reliability(1, 1, 1), 3)
    assert (perfect.value, perfect.low, perfect.high) == (0, 0, 0)
    above = standard_error_of_measurement(reliability(0.9, 0.75, 1.05), 10)
    assert (above.low, above.high) == pytest.approx((0, 5))
    assert "starts at 0" in above.note
    negative = standard_error_of_measurement(reliability(-0.44, -1.25, 0), 10)
    assert (negative.value, negative.low, negative.high) == pytest.approx((12, 10, 15))
    assert "exceeds the sd" in negative.note
    impossible = standard_error_of_measurement(reliability(1.2, NAN, NAN, "non-Gramian"), 10)
    assert math.isnan(impossible.value) and "above 1" in impossible.note
    constant = minimal_detectable_difference(reliability(0.8, 0.7, 0.9), 0)
    assert (constant.value, constant.low, constant.high) == (0, 0, 0)


def test_missing_reliability_keeps_its_reason() -> None:
    for function in (standard_error_of_measurement, minimal_detectable_difference):
        gone = function(undefined("alpha", "one item", n=20), 10)
        assert math.isnan(gone.value) and math.isnan(gone.low) and gone.note == "one item"
        bare = function(reliability(0.8, NAN, NAN, "no interval asked for"), 10)
        assert bare.value > 0 and math.isnan(bare.low) and math.isnan(bare.high)
        assert bare.note == "no interval asked for"


@pytest.mark.parametrize("sd", [-1, NAN, float("inf")])
def test_misuse_is_named(sd: float) -> None:
    with pytest.raises(ValueError, match="no standard deviation"):
        standard_error_of_measurement(reliability(0.8, 0.7, 0.9), sd)
    with pytest.raises(ValueError, match="between 0 and 1"):
        minimal_detectable_difference(reliability(0.8, 0.7, 0.9), 1, certainty=95)


def test_error_of_ratings_is_that_of_their_analysis_of_variance() -> None:
    """Shrout & Fleiss (1979), Table 2: mean squares within targets, between judges, residual."""
    x = np.array(
        [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
    )
    n, k = x.shape
    rows, columns = x.mean(axis=1, keepdims=True), x.mean(axis=0)
    within = ((x - rows) ** 2).sum() / (n * (k - 1))
    residual = ((x - rows - columns + x.mean()) ** 2).sum() / ((n - 1) * (k - 1))
    judges = (n * ((columns - x.mean()) ** 2).sum() / (k - 1) - residual) / n
    single = {"ICC(1,1)": within, "ICC(2,1)": judges + residual, "ICC(3,1)": residual}
    for form in FORMS:
        found = intraclass_correlation(x, form=form)
        expected = single[f"{form[:6]}1)"] / (k if form.endswith("k)") else 1)
        sd = rating_sd(x, form, found.value)
        assert standard_error_of_measurement(found, sd).value ** 2 == pytest.approx(expected)


def test_spread_of_ratings_some_of_which_are_missing() -> None:
    """By hand: of (1, ·), (3, 4), (·, 8) the first rater's pair differs by 2, the second's by 4."""
    x = np.array([[1, NAN], [3, 4], [NAN, 8]])
    assert rating_sd(x, "ICC(3,1)", 0.5) ** 2 == pytest.approx((4 + 16) / 2 / 2)
    # Two raters, two units: (1, 4), (1, 8), (3, 8).
    assert rating_sd(x, "ICC(2,1)", 0.5) ** 2 == pytest.approx((9 + 49 + 25) / 3 / 2)
    assert rating_sd(x, "ICC(1,1)", 0.5) ** 2 == pytest.approx((4 + 16 + 9 + 49 + 25) / 5 / 2)
    assert math.isnan(rating_sd([[1, NAN]], "ICC(3,1)", 0.5))
    with pytest.raises(ValueError, match="form='ICC' is unknown"):
        rating_sd(x, "ICC", 0.5)


def test_no_error_without_a_reliability() -> None:
    found = standard_error_of_measurement(
        undefined("alpha", "one item", n=9, conf_level=0.95, method="m", reference="r"), NAN
    )
    assert math.isnan(found.value) and found.note == "one item" and found.n == 9
