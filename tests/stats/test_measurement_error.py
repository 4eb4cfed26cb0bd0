import math

import numpy as np
import pytest

from psychometrics.stats.alpha import alpha
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.measurement_error import (
    minimal_detectable_difference,
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
