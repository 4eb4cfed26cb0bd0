import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.errors import DataError, EstimateWarning, UnitError


@pytest.fixture
def answers(rng):
    x = pd.DataFrame(rng.normal(size=(90, 1)) + rng.normal(size=(90, 6))).add_prefix("i")
    return pm.item_table(x, scales={"s": ["i0", "i1", "i2"], "t": ["i3", "i4", "i5"]})


def test_every_scale_with_its_error(answers):
    found = pm.reliability(answers)
    assert [e.name for e in found[:4]] == [
        "alpha", "omega total", "lambda-2", "standard error of measurement",
    ]  # fmt: skip
    assert {e.of for e in found} == {"s", "t"} and len(found) == 8
    assert all(e.ci_low < e.value < e.ci_high for e in found)
    sd = answers.scale("s").frame.mean(axis=1).std()
    assert found[3].value == pytest.approx(sd * np.sqrt(1 - found[0].value))
    assert len(pm.table(found).rows) >= 2


def test_a_table_without_scales_is_one(answers):
    found = pm.reliability(answers.frame)
    assert len(found) == 4 and found[0].of == ""


def test_one_respondent_is_refused_and_its_own_facets_offered(small):
    model = pm.scripted_model(4.0, position_bias=[1.0], noise=0.5)
    run = pm.administer(small, pm.respondents(model), quiet=True)
    with pytest.raises(UnitError, match="repetitions under other orders") as caught:
        pm.reliability(run.responses)
    assert "object='item'" in caught.value.mend
    found = pm.reliability(run.responses, object="item")
    assert [e.n_unit for e in found] == ["items"] * 4
    with pytest.raises(DataError, match="object='model'"):
        pm.reliability(run.responses, object="model")


def test_effective_n_is_printed(rng):
    true = np.repeat(rng.normal(size=10), 9)[:, None]
    frame = pd.DataFrame(true + rng.normal(size=(90, 4))).add_prefix("i")
    clustered = pm.item_table(frame.assign(model=np.repeat(range(10), 9)), cluster="model")
    found = pm.reliability(clustered)
    assert all("effective n" in e.note for e in found)


def test_lambdas_and_bounds(answers):
    lambdas = pm.guttman_lambdas(answers, by="scale")
    assert len(lambdas) == 20
    one = {e.name: e.value for e in lambdas if e.of == "s"}
    assert one["lambda-1"] < one["lambda-3"] <= one["lambda-2"] <= one["mu-2"] <= one["mu-3"]
    assert one["lambda-3"] == pytest.approx(pm.alpha(answers.scale("s")).value, abs=1e-12)
    bound, beside = pm.greatest_lower_bound(answers.scale("s"))
    assert bound.value >= beside.value == pytest.approx(one["lambda-2"], abs=1e-12)
    assert np.isnan(bound.ci_low) and bound.note


def test_split_halves(answers):
    scale = answers.scale("s")
    given = pm.split_half(scale, half=["i0"])
    assert given.name and given.n == 90
    spread = pm.split_half_distribution(scale)
    assert spread.minimum <= spread.mean <= spread.maximum and spread.exact
    with pytest.raises(DataError, match="no column 'i9'"):
        pm.split_half(scale, half=["i9"])


def test_points_of_the_score(answers):
    alpha = pm.alpha(answers.scale("s"))
    error = pm.standard_error_of_measurement(alpha, sd=10)
    assert error.value == pytest.approx(10 * np.sqrt(1 - alpha.value))
    least = pm.minimal_detectable_difference(alpha, sd=10)
    assert least.value == pytest.approx(1.959963984540054 * np.sqrt(2) * error.value)
    with pytest.raises(DataError, match="standardised items"):
        pm.standard_error_of_measurement(pm.alpha(answers.scale("s"), variant="standardised"))


def test_error_of_one_rating_is_that_of_one_rating(rng):
    """ICC(3,1): sd of one rating × √(1 − ICC) is √MSE where raters have equal spread."""
    x = rng.normal(size=(4000, 1)) + 0.5 * rng.normal(size=(4000, 3))
    error = pm.standard_error_of_measurement(pm.icc(x)["ICC(3,1)"])
    # .5 with a standard error of .5 / √(2 · 8,000).
    assert error.value == pytest.approx(0.5, abs=0.02)
    of_mean = pm.standard_error_of_measurement(pm.icc(x)["ICC(3,k)"])
    assert of_mean.value == pytest.approx(0.5 / np.sqrt(3), abs=0.02)


def test_what_is_no_reliability_has_no_error(answers):
    with pytest.raises(DataError, match="is no reliability"):
        pm.standard_error_of_measurement(pm.correlations(answers)["i0", "i1"], sd=1)
    standardised = pm.guttman_lambdas(answers.scale("s"), on="correlation")["lambda-2"]
    with pytest.raises(DataError, match="standardised items"):
        pm.standard_error_of_measurement(standardised)
    with pytest.raises(DataError, match="no single estimate"):
        pm.standard_error_of_measurement(pm.alpha(answers, by="scale"))


def test_all_missing_is_not_estimated(answers):
    with pytest.warns(EstimateWarning, match="not estimated"):
        found = pm.reliability(answers.frame * np.nan)
    assert all(np.isnan(e.value) and e.note for e in found)
    with pytest.warns(EstimateWarning, match="4 of 4") as caught:
        found = pm.reliability(np.ones((9, 0)))
    assert len(found) == 4 and len(caught) == 1 and caught[0].filename == __file__


def test_items_are_asked_of_one_respondent(small):
    models = [pm.scripted_model(t, name=str(t)) for t in (2.0, 4.0)]
    responses = pm.administer(small, pm.respondents(models), quiet=True).responses
    with pytest.raises(UnitError, match="there are 2"):
        pm.reliability(responses, object="item")


def test_omega_of_clustered_respondents(rng):
    model = np.repeat(np.arange(20), 6)
    true = 2 * rng.normal(size=20)[model] + rng.normal(size=120)
    frame = pd.DataFrame(true[:, None] + rng.normal(size=(120, 5))).add_prefix("i")
    whole = pm.omega(pm.item_table(frame.assign(model=model), cluster="model"), n_resamples=300)
    naive = pm.omega(frame)
    assert whole.value == naive.value and "bootstrap of clusters" in whole.method
    assert whole.ci_high - whole.ci_low > naive.ci_high - naive.ci_low
