"""Six intraclass correlations: R, coverage, missing cells, and data without variance."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from psychometrics.stats.icc_limits import MeanSquares, agreement_value
from psychometrics.stats.intraclass_correlation import (
    FORMS,
    all_intraclass_correlations,
    intraclass_correlation,
)

SHARED = Path(__file__).resolve().parents[3] / "shared"
needs_reference = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")

# Closed forms; the reference has 14 digits.
CLOSED = 1e-10


def reference():
    return json.loads((SHARED / "reference/icc.json").read_text(encoding="utf-8"))


def ratings_of_shrout_and_fleiss():
    return np.array(reference()["shrout_fleiss"]["ratings"]["values"], dtype=float)


@needs_reference
def test_six_forms_and_f_limits_agree_with_psych():
    expected = reference()["shrout_fleiss"]["icc"]["anova"]
    found = all_intraclass_correlations(ratings_of_shrout_and_fleiss(), interval="f")
    for quantity, name in (("value", "ICC"), ("low", "lower bound"), ("high", "upper bound")):
        values = [getattr(c, quantity) for c in found]
        np.testing.assert_allclose(values, expected[name], atol=CLOSED, rtol=0)


@needs_reference
def test_items_of_a_hundred_persons_agree_with_psych():
    lines = (SHARED / "reference/data/bfi.csv").read_text(encoding="utf-8").splitlines()
    names = [name.strip('"') for name in lines[0].split(",")]
    items = np.array([[float(v or "nan") for v in line.split(",")[:25]] for line in lines[1:]])
    complete = items[~np.isnan(items).any(axis=1)][:100]
    x = complete[:, [names.index(f"N{i}") for i in range(1, 6)]]
    expected = reference()["bfi_neuroticism_first100"]["icc"]["anova"]
    found = all_intraclass_correlations(x, interval="f")
    for quantity, name in (("value", "ICC"), ("low", "lower bound"), ("high", "upper bound")):
        values = [getattr(c, quantity) for c in found]
        np.testing.assert_allclose(values, expected[name], atol=CLOSED, rtol=0)


@needs_reference
def test_single_forms_and_their_limits_agree_with_irr():
    forms = {
        ("oneway", "consistency"): "ICC(1)",
        ("twoway", "consistency"): "ICC(C,1)",
        ("twoway", "agreement"): "ICC(A,1)",
    }
    checked = 0
    for row in reference()["irr_icc"]:
        form = forms.get((row["model"], row["type"]))
        if form is None or row["unit"] != "single":
            continue
        found = intraclass_correlation(ratings_of_shrout_and_fleiss(), form=form, interval="f")
        np.testing.assert_allclose(
            [found.value, found.low, found.high],
            [row["value"], row["lower"], row["upper"]],
            atol=CLOSED, rtol=0,
        )  # fmt: skip
        checked += 1
    assert checked == 3


def test_values_follow_from_published_mean_squares():
    # Shrout & Fleiss (1979), table 4: the mean squares 11.24, 32.49, 1.02 give .29 and .71.
    ms = MeanSquares(11.2416667, 32.4861111, 1.0194444, 5, 3, 15, 4, 6, 4)
    assert round(agreement_value(ms), 2) == 0.29


def test_one_and_three_have_the_same_exact_interval_in_both_ways(rng):
    x = rng.normal(size=(20, 4)) + rng.normal(size=(20, 1))
    for form in ("ICC(1,1)", "ICC(3,k)"):
        exact = intraclass_correlation(x, form=form, interval="f")
        same = intraclass_correlation(x, form=form, interval="mls")
        assert (exact.low, exact.high, exact.method) == (same.low, same.high, same.method)


@pytest.mark.parametrize(
    ("n", "k", "units", "raters"), [(50, 3, 0.6, 0.3), (500, 3, 0.3, 0.1), (500, 10, 0.3, 0.3)]
)
def test_default_interval_covers_and_rs_does_not(n, k, units, raters):
    rng = np.random.default_rng(20261125)
    inside = {"mls": 0, "f": 0}
    draws = 1000
    for _ in range(draws):
        x = (
            np.sqrt(units) * rng.normal(size=(n, 1))
            + np.sqrt(raters) * rng.normal(size=k)
            + np.sqrt(1 - units - raters) * rng.normal(size=(n, k))
        )
        for interval in inside:
            found = intraclass_correlation(x, interval=interval)
            inside[interval] += found.low <= units <= found.high
    # 93 to 97 %, widened by two standard errors (.0075) of 1,000 draws.
    assert 0.93 - 0.0075 <= inside["mls"] / draws <= 0.97 + 0.0075
    if k == 3 and raters >= 0.3:
        assert inside["f"] / draws < 0.90


def test_the_note_says_that_rs_interval_is_short(rng):
    x = rng.normal(size=(20, 3))
    assert "too short" in intraclass_correlation(x, interval="f").note
    assert "too short" not in intraclass_correlation(x).note


def test_components_are_unbiased_with_missing_cells():
    rng = np.random.default_rng(5)
    truth = {"ICC(1,1)": 0.5, "ICC(2,1)": 0.5, "ICC(3,1)": 0.5}
    found = {form: [] for form in truth}
    for _ in range(200):
        x = rng.normal(size=(100, 1)) + rng.normal(size=(100, 4))
        x[rng.random(x.shape) < 0.3] = np.nan
        for form, values in found.items():
            values.append(intraclass_correlation(x, form=form, interval="none").value)
    for form, value in truth.items():
        # Standard error of the mean of 200 estimates, each about .06: .004. Three of them.
        assert abs(np.mean(found[form]) - value) < 0.013


def test_components_of_nearly_complete_data_are_near_those_of_complete_data(rng):
    x = rng.normal(size=(200, 1)) + rng.normal(size=5) + rng.normal(size=(200, 5))
    gap = x.copy()
    gap[3, 2] = np.nan
    for form in FORMS:
        whole, lacking = (intraclass_correlation(y, form=form) for y in (x, gap))
        # One of 1,000 ratings moves nothing by more than about its share.
        assert abs(whole.value - lacking.value) < 0.005
        assert abs(whole.low - lacking.low) < 0.02
        assert "1 of 1000 ratings missing" in lacking.note


def test_interval_covers_with_missing_cells():
    rng = np.random.default_rng(8)
    inside, draws = 0, 400
    for _ in range(draws):
        x = rng.normal(size=(50, 1)) * np.sqrt(0.5) + rng.normal(size=4) * np.sqrt(0.2)
        x = x + rng.normal(size=(50, 4)) * np.sqrt(0.3)
        x[rng.random(x.shape) < 0.2] = np.nan
        found = intraclass_correlation(x)
        inside += found.low <= 0.5 <= found.high
    # 93 to 97 %, widened by two standard errors (.012) of 400 draws.
    assert 0.93 - 0.012 <= inside / draws <= 0.97 + 0.012


def test_listwise_counts_what_it_leaves_out(rng):
    x = rng.normal(size=(30, 3))
    x[:4, 1] = np.nan
    found = intraclass_correlation(x, missing="listwise")
    assert found.n == 26
    assert found.note == "4 units with missing ratings left out"
    assert found.value == intraclass_correlation(x[4:]).value


def test_retest_shift_counts_against_agreement_but_not_against_consistency(rng):
    first = rng.normal(size=200)
    x = np.column_stack([first, first + 2.0])
    assert intraclass_correlation(x, form="ICC(3,1)").value == pytest.approx(1, abs=1e-12)
    assert intraclass_correlation(x, form="ICC(2,1)").value < 0.5


def test_names_of_both_authors_are_taken(rng):
    x = rng.normal(size=(10, 3))
    for form, alias in FORMS.items():
        one, other = (intraclass_correlation(x, form=name) for name in (form, alias))
        assert one == other
        assert one.variant == f"{form}, {alias}"


@pytest.mark.parametrize(
    ("x", "reason"),
    [
        ([[1.0, 2.0, 3.0]], "1 unit with ratings"),
        ([[1.0], [2.0]], "1 rater"),
        (np.full((4, 3), np.nan), "0 units"),
        (np.ones((4, 3)), "add up to a positive variance"),
        ([[1.0, 2.0], [2.0, 1.0]], "add up to a positive variance"),
        ([[np.nan, 1.0], [2.0, np.nan]], "share no unit"),
        ([[1.0, np.nan], [2.0, np.nan]], "rater 1 rated no unit"),
        ([[1.0, 2.0], [3.0, np.nan], [np.nan, 4.0]], "too few ratings"),
    ],
)
def test_undefined_with_the_reason(x, reason):
    found = intraclass_correlation(x)
    assert np.isnan(found.value)
    assert reason in found.note


def test_perfect_agreement_is_one_and_negative_components_are_named():
    perfect = intraclass_correlation([[1, 1], [2, 2], [3, 3]])
    assert (perfect.value, perfect.low, perfect.high) == (1, 1, 1)
    assert "no error" in perfect.note
    negative = intraclass_correlation([[1, 2], [2, 1], [1, 2.5]])
    assert negative.value < 0
    assert "negative component" in negative.note


def test_average_form_without_lower_bound():
    found = intraclass_correlation([[1, 2], [1, 2]], form="ICC(1,k)")
    assert np.isnan(found.value)
    assert "no lower bound" in found.note


@settings(max_examples=60, deadline=None)
@given(
    hnp.arrays(
        float,
        st.tuples(st.integers(2, 8), st.integers(2, 4)),
        elements=st.one_of(st.integers(0, 3).map(float), st.just(np.nan)),
    ),
    st.sampled_from(["mls", "f"]),
)
def test_no_value_without_a_reason_and_limits_enclose(x, interval):
    for found in all_intraclass_correlations(x, interval=interval):
        if np.isnan(found.value) or np.isnan(found.low):
            assert found.note
        else:
            # Rounding of the quadratic's roots.
            assert found.low <= found.value + 1e-9 <= found.high + 2e-9


def test_shift_and_scale_do_not_matter(rng):
    x = rng.normal(size=(30, 4)) + rng.normal(size=(30, 1))
    for one, other in zip(
        all_intraclass_correlations(x), all_intraclass_correlations(50 - 3 * x), strict=True
    ):
        # 3 digits are lost to the shift by 50.
        np.testing.assert_allclose(
            [one.value, one.low, one.high], [other.value, other.low, other.high], rtol=1e-9
        )


def test_misuse_is_named(rng):
    x = rng.normal(size=(5, 3))
    with pytest.raises(ValueError, match=r"form='ICC\(4\)' is unknown"):
        intraclass_correlation(x, form="ICC(4)")
    with pytest.raises(ValueError, match="interval='wald' is unknown"):
        intraclass_correlation(x, interval="wald")
    with pytest.raises(ValueError, match="missing='drop' is unknown"):
        intraclass_correlation(x, missing="drop")
    with pytest.raises(ValueError, match="is not between 0 and 1"):
        intraclass_correlation(x, conf_level=95)
    with pytest.raises(ValueError, match="1 axes"):
        intraclass_correlation(x[0])


def test_method_and_reference_say_what_was_done(rng):
    x = rng.normal(size=(20, 3))
    whole = intraclass_correlation(x)
    assert whole.method == "mean squares, modified large sample interval"
    assert "Burdick & Graybill" in whole.reference
    x[0, 0] = np.nan
    assert intraclass_correlation(x).method.startswith("Henderson's method III")
    assert "Wald's exact interval" in intraclass_correlation(x, form="ICC(1,k)").method
    assert "no interval" in intraclass_correlation(x, form="ICC(1,1)", interval="none").method


def test_interval_can_be_left_out(rng):
    found = intraclass_correlation(rng.normal(size=(5, 3)), interval="none")
    assert np.isnan(found.low)
    assert "none asked for" in found.note
