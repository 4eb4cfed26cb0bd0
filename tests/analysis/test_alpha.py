import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.errors import DataError, EstimateWarning, UnitError
from psychometrics.stats.alpha import feldt_interval

SHARED = Path(__file__).resolve().parents[3] / "shared"
with_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")


def clustered(rng, n_models, n_each, spread):
    """Personas of models whose true scores differ by ``spread``; six items."""
    model = np.repeat(np.arange(n_models), n_each)
    true = spread * rng.normal(size=n_models)[model] + rng.normal(size=len(model))
    frame = pd.DataFrame(true[:, None] + rng.normal(size=(len(model), 6))).add_prefix("i")
    return frame.assign(model=[f"m{m}" for m in model])


@with_shared
def test_people_agree_with_r():
    people = pd.read_csv(SHARED / "reference/data/bfi.csv")
    r = json.loads((SHARED / "reference/reliability.json").read_text())
    table = pm.item_table(
        people,
        items=[f"{d}{n}" for d in "ACENO" for n in range(1, 6)],
        reverse=["A1", "C4", "C5", "E1", "E2", "O2", "O5"],
        limits=(1, 6),
        scales={n: r[n]["items"] for n in ("agree", "conscientious", "extraversion")},
    )
    found = pm.alpha(table, by="scale")
    for estimate in found:
        reference = r[estimate.of]["pairwise"]
        # Closed forms of 14 digits.
        assert estimate.value == pytest.approx(reference["total"]["raw_alpha"], abs=1e-10)
        # R counts every row with an answer; with .7 % missing the limits differ by 1e-4.
        assert estimate.ci_low == pytest.approx(reference["feldt_psych"]["lower"], abs=3e-4)
        assert estimate.n == 2800 and estimate.n_unit == "respondents"
    assert found["agree"] is found[0]


def test_one_respondent_has_no_alpha(small):
    run = pm.administer(small, pm.respondents(pm.scripted_model(4.0)), quiet=True)
    with pytest.raises(UnitError, match=r"one respondent \(scripted\)") as caught:
        pm.alpha(run.responses)
    assert "gstudy" in caught.value.mend


def test_repetitions_are_refused():
    runs = pd.DataFrame(np.random.default_rng(0).normal(size=(27, 4))).add_prefix("i")
    with pytest.raises(UnitError, match="27 rows"):
        pm.alpha(pm.item_table(runs.assign(model="m"), respondent="model"))


def test_several_scales_want_a_choice(big_five):
    models = [pm.scripted_model(t, name=str(t)) for t in (2.0, 3.0, 4.0)]
    run = pm.administer(big_five, pm.respondents(models), quiet=True)
    with pytest.raises(DataError, match="35 scales"):
        pm.alpha(run.responses)
    with pytest.warns(EstimateWarning, match="30 of 35, .* without width"):
        found = pm.alpha(run.responses, by="scale")  # scripted answers without noise
    assert len(found) == 35
    assert found["extraversion"].source.instrument == "big-five-60 1.0"
    with pytest.raises(DataError, match="0 of these estimates"):
        found["humour"]


def test_no_scales(rng):
    with pytest.raises(DataError, match="needs scales"):
        pm.alpha(rng.normal(size=(9, 3)), by="scale")


def test_few_respondents_warn_for_the_bootstrap_only(rng):
    x = rng.normal(size=(30, 1)) + rng.normal(size=(30, 5))
    with pytest.warns(EstimateWarning, match="30 respondents"):
        assert "too short" in pm.alpha(x, interval="bootstrap").note
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pm.alpha(x)


def test_personas_of_several_models_are_resampled_by_model(rng):
    frame = clustered(rng, 12, 20, spread=2.0)
    whole = pm.alpha(pm.item_table(frame, cluster="model"))
    naive = pm.alpha(frame.drop(columns="model"))
    assert whole.value == naive.value
    assert whole.ci_high - whole.ci_low > naive.ci_high - naive.ci_low
    assert "bootstrap of clusters" in whole.method and "effective n" in whole.note


def test_one_model_keeps_the_interval_and_says_what_it_speaks_of(rng):
    frame = clustered(rng, 1, 64, spread=0.0)
    whole = pm.alpha(pm.item_table(frame, cluster="model"))
    naive = pm.alpha(frame.drop(columns="model"))
    assert (whole.ci_low, whole.ci_high) == (naive.ci_low, naive.ci_high)
    assert "not of models" in whole.note


def test_three_models_have_no_interval(rng):
    whole = pm.alpha(pm.item_table(clustered(rng, 3, 20, 1.0), cluster="model"))
    assert np.isnan(whole.ci_low) and "fewer than 5 clusters" in whole.note
    assert "no interval" in repr(whole)


def test_interval_over_models_covers():
    """Thirty models of three personas: 93 to 97 % would take 1,000 runs; 150 tell .85 from .95.

    The population alpha is that of total variance: true variance 4 + 1, error 1 an item, six items.
    """
    rng = np.random.default_rng(5)
    truth = 6 * 5 / (6 * 5 + 1)
    hits = naive = 0
    for _ in range(150):
        frame = clustered(rng, 30, 3, spread=2.0)
        found = pm.alpha(pm.item_table(frame, cluster="model"), n_resamples=500)
        hits += found.ci_low <= truth <= found.ci_high
        low, high = feldt_interval(found.value, 90, 6)
        naive += low <= truth <= high
    assert hits / 150 >= 0.88
    assert hits > naive


def test_degenerate_tables_say_why():
    for data in (np.arange(9.0)[:, None], np.ones((9, 3)), np.full((9, 3), np.nan)):
        with pytest.warns(EstimateWarning, match="not estimated"):
            found = pm.alpha(data)
        assert np.isnan(found.value) and found.note
        assert "not estimated" in repr(found)
    with pytest.raises(UnitError):
        pm.alpha(np.ones((1, 3)))


def test_the_interval_asked_for_is_the_one_given(rng):
    table = pm.item_table(clustered(rng, 12, 5, 1.0), cluster="model")
    none = pm.alpha(table, interval="none")
    assert np.isnan(none.ci_low) and "no interval asked for" in none.note
    with pytest.raises(DataError, match="takes respondents for independent"):
        pm.alpha(table, interval="feldt")


def test_listwise_resamples_the_complete_rows(rng):
    frame = clustered(rng, 20, 5, 1.0)
    items = [c for c in frame if c != "model"]
    frame[items] = frame[items].mask(rng.random((100, 6)) < 0.05)
    table = pm.item_table(frame, cluster="model")
    complete = pm.item_table(frame.dropna(), cluster="model")
    listwise, alone = pm.alpha(table, missing="listwise"), pm.alpha(complete)
    assert (listwise.value, listwise.ci_low) == pytest.approx((alone.value, alone.ci_low))
    assert listwise.ci_low != pm.alpha(table).ci_low


def test_misuse_has_cause_and_mend(rng):
    x = rng.normal(size=(30, 4))
    for call in (
        lambda: pm.alpha(x, conf_level=95),
        lambda: pm.alpha(x, variant="standardized"),
        lambda: pm.omega(x, missing="drop"),
        lambda: pm.alpha(x, interval="bca"),
    ):
        with pytest.raises(DataError) as caught:
            call()
        assert caught.value.mend != "Mend the argument."


def test_scores_of_several_levels_are_no_items(big_five):
    models = [pm.scripted_model(t, name=str(t), noise=0.3) for t in (2.0, 3.0, 4.0)]
    scores = pm.administer(big_five, pm.respondents(models), quiet=True).responses.score()
    with pytest.raises(DataError, match="scores of 35 scales"):
        pm.alpha(scores)
    beside = pm.item_table(scores, items=["sociability", "liveliness"])
    assert pm.alpha(beside).n == 3
