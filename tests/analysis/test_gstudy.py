import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from definitions import SMALL

import psychometrics as pm
from psychometrics.errors import DataError, DesignError, UnitError

SHARED = Path(__file__).resolve().parents[3] / "shared"
with_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")


@pytest.fixture(scope="module")
def answered(small):
    models = [
        pm.scripted_model(t, name=f"m{n}", noise=0.5, seed=n, position_bias=[n / 4])
        for n, t in enumerate((1.8, 2.4, 3.0, 3.5, 4.2, 2.9))
    ]
    design = pm.design(labels=["letters", "digits"], wording=2)
    return pm.administer(small, pm.respondents(models), design, quiet=True).responses


@with_shared
def test_brennan_from_a_design_string():
    frame = pd.read_csv(SHARED / "reference/data/brennan_2001_synthetic3_pxixo.csv")
    r = json.loads((SHARED / "reference/gtheory.json").read_text())["brennan3_pxixo"]
    names = {c.lower(): c for c in frame.columns}
    design = " x ".join(names[n] for n in ("person", "item", "occasion"))
    value = next(c for c in frame.columns if c not in design.split(" x "))
    found = pm.gstudy(frame, design, value=value)
    theirs = r["anova_components"]
    # Exact sums of squares.
    assert found.components.raw == pytest.approx(
        [theirs[k] for k in ("person", "item", "occasion", "person_item", "person_occasion",
                             "item_occasion", "residual")], abs=1e-10,
    )  # fmt: skip
    study = r["dstudy_from_anova"]
    for i, o, relative, absolute in zip(
        study["n_item"], study["n_occasion"], study["Erho2"], study["Phi"], strict=True
    ):
        numbers = found.coefficients({names["item"]: i, names["occasion"]: o})
        assert numbers[0].value == pytest.approx(relative, abs=1e-10)
        assert numbers[1].value == pytest.approx(absolute, abs=1e-10)


def test_person_by_item_is_alpha(rng):
    x = rng.normal(size=(80, 1)) + rng.normal(size=8) + rng.normal(size=(80, 8))
    found, alpha = pm.gstudy(x).relative, pm.alpha(x)
    assert found.value == pytest.approx(alpha.value, abs=1e-12)
    # With one random facet the interval is Feldt's.
    assert (found.ci_low, found.ci_high) == pytest.approx((alpha.ci_low, alpha.ci_high), abs=1e-9)
    assert found.n == 80 and found.n_unit == "respondents"


def test_responses_bring_their_design(answered):
    found = pm.gstudy(answered)
    assert found.components.design.facets == (
        "respondent",
        "item",
        "option_order",
        "labels",
        "wording",
    )
    assert found.object == "respondent" and found.fixed == ("labels",)
    assert found.scale == "calm" and found.source.instrument == "small-4 1.0"
    assert len(found.component_estimates()) == 31
    assert [e.name for e in found.to_estimates()] == ["Eρ²", "Φ", "SEM", "SEM"]
    assert found.to_frame()["share"].sum() == pytest.approx(1)


def test_keys_are_applied_for_respondents_and_not_for_items(answered):
    """Keyed, the scripted items agree and have no spread; as answered, they stand two by two."""
    by_person = pm.gstudy(answered)
    by_item = pm.gstudy(answered.of("m0"), object="item")
    assert by_person.components["item"] < 0.05 < by_item.components["item"]
    assert by_item.relative.n_unit == "items" and by_item.relative.n == 4


def test_what_is_not_named_is_averaged_over(answered):
    found = pm.gstudy(answered, facets=["item", "option_order"])
    assert found.components.design.facets == ("respondent", "item", "option_order")
    assert "averaged over labels, wording" in found.note
    assert "averaged over labels, wording" in found.relative.note


def test_a_complete_set_of_orders_is_fixed(tmp_path):
    lines = SMALL.splitlines()
    kept = [line for line in lines if "value = 2" not in line and "value = 4" not in line]
    text = "\n".join(kept).replace("value = 3", "value = 2").replace("value = 5", "value = 3")
    path = tmp_path / "three.toml"
    path.write_text(text.replace("[1, 5]", "[1, 3]"), encoding="utf-8")
    models = [pm.scripted_model(t, name=f"m{t}", noise=0.5, seed=1) for t in (1.2, 2.0, 2.8)]
    three, people = pm.load_instrument(path), pm.respondents(models)
    whole = pm.administer(three, people, pm.design(option_order="all"), quiet=True).responses
    found = pm.gstudy(whole)
    assert found.fixed == ("option_order",)
    with pytest.raises(DesignError, match="option_order is a fixed facet"):
        found.decide(0.9, vary=["option_order"])
    with pytest.raises(DesignError, match="fixed"):
        found.grid({"option_order": [1, 2]})
    sampled = pm.gstudy(whole, random=["option_order"])
    assert sampled.fixed == () and sampled.decide(0.5, vary=["option_order"]).choice is not None


def test_decide_reaches_what_it_says(rng):
    x = rng.normal(size=(60, 1)) + rng.normal(size=6) + 1.5 * rng.normal(size=(60, 6))
    found = pm.gstudy(x)
    decision = found.decide(0.85)
    n = int(decision.n_conditions["item"])
    assert decision.reached and decision.expected.value >= 0.85
    fewer = found.grid({"item": [n - 1, n]})["absolute"]
    assert fewer[0] < 0.85 <= fewer[1] == pytest.approx(decision.expected.value)
    assert f"with item: {n}" in repr(decision) and decision.to_frame()["item"][0] == n
    none = found.decide(0.999, maximum=50)
    assert (
        not none.reached and "not reached" in repr(none) and none.choice.limit == pytest.approx(1)
    )


def test_missing_observations_go_through_reml(answered):
    frame = answered.frame.copy()
    frame.loc[frame.sample(frac=0.1, random_state=1).index, "expected"] = np.nan
    holed = pm.gstudy(dataclasses.replace(answered, frame=frame), facets=["item", "option_order"])
    assert (
        "REML"
        in pm.gstudy(frame, "respondent x item x option_order", value="expected").components.method
    )
    assert holed.relative.value == pytest.approx(
        pm.gstudy(answered, facets=["item", "option_order"]).relative.value, abs=0.03
    )


def test_several_scales_have_a_study_each(big_five):
    models = [pm.scripted_model(t, name=f"m{t}", noise=0.4, seed=2) for t in (2.0, 3.0, 4.0)]
    run = pm.administer(big_five, pm.respondents(models), quiet=True)
    found = pm.gstudy(run.responses)
    assert list(found) == [s.name for s in big_five.scales if s.level == "domain"]
    assert set(found.decide(0.8)) == set(found)
    assert len(found.to_estimates()) == 20 and "5 scales" in repr(found)
    assert len(pm.table(found).rows) == 5
    assert pm.gstudy(run.responses, scale="liveliness").scale == "liveliness"


def test_scales_of_a_table(rng):
    x = pd.DataFrame(rng.normal(size=(50, 1)) + rng.normal(size=(50, 5))).add_prefix("i")
    table = pm.item_table(x, scales={"s": ["i0", "i1"], "t": ["i2", "i3", "i4"]})
    found = pm.gstudy(table)
    assert list(found) == ["s", "t"] and found["t"].components.n_levels["item"] == 3
    one = pm.gstudy(table, scale="t")
    assert one.scale == "t" and one.relative.value == found["t"].relative.value
    with pytest.raises(DataError, match="no scale 'u'"):
        pm.gstudy(table, scale="u")


def test_components_as_a_table(answered):
    table = pm.component_table(pm.gstudy(answered))
    text = table.to_text()
    assert "respondent × option order" in text and "Eρ² = " in text and "fixed: labels" in text
    assert "\\toprule" in table.to_latex()


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        (lambda r: pm.gstudy(r.of("m0")), UnitError, "one respondent"),
        (lambda r: pm.gstudy(r, facets=["mood"]), DataError, "no facet 'mood'"),
        (lambda r: pm.gstudy(r, fixed=["mood"]), DesignError, "'mood' is no facet"),
        (lambda r: pm.gstudy(r, object="rater"), DesignError, "'rater' is no facet"),
        (lambda r: pm.gstudy(r.frame, "respondent x (item"), DesignError, "Mend"),
        (
            lambda r: pm.gstudy(r.frame, "respondent x judge", value="expected"),
            DataError,
            "'judge'",
        ),
        (
            lambda r: pm.gstudy(r.frame, "respondent x item", value="outcome"),
            DataError,
            "no numbers",
        ),
        (lambda r: pm.gstudy(np.eye(3), "a x b"), DataError, "for responses"),
        (lambda r: pm.gstudy(np.ones((1, 3))), UnitError, "one respondent"),
        (lambda r: pm.gstudy(r).coefficients({"mood": 3}), DesignError, "mood"),
        (lambda r: pm.gstudy(r).decide(1.5), DesignError, "target=1.5"),
    ],
)
def test_impossible_designs_are_named(answered, call, error, told):
    with pytest.raises(error, match=told):
        call(answered)


def test_no_variance_says_so():
    found = pm.gstudy(np.ones((5, 3)))
    assert np.isnan(found.relative.value) and "no variance" in found.relative.note


def test_a_design_string_for_responses_keys_and_filters(big_five):
    models = [pm.scripted_model(t, name=f"m{t}", noise=0.4, seed=2) for t in (2.0, 3.0, 4.0)]
    responses = pm.administer(big_five, pm.respondents(models), quiet=True).responses
    found = pm.gstudy(responses, "respondent x item x option_order", scale="extraversion")
    usual = pm.gstudy(responses, scale="extraversion")
    assert found.components.n_levels["item"] == 12
    assert found.relative.value == pytest.approx(usual.relative.value)
    studies = pm.gstudy(responses, "respondent x item")
    assert len({round(study.relative.value, 6) for study in studies.values()}) > 1
    with pytest.raises(DataError, match="long data frame has none"):
        pm.gstudy(responses.frame, "respondent x item", value="expected", scale="extraversion")


@pytest.fixture(scope="module")
def clustered(small):
    """Three personas of each of two models."""
    models = [pm.scripted_model(t, name=f"m{t}", noise=0.5, seed=3) for t in (2.5, 3.5)]
    people = pm.respondents(models, personas={n: f"You are {n}." for n in ("Mira", "Ada", "Tom")})
    return pm.administer(small, people, quiet=True).responses


def test_personas_of_several_models_have_no_interval(clustered):
    found = pm.gstudy(clustered)
    assert np.isnan(found.relative.ci_low) and "fewer than 5 clusters" in found.relative.note
    assert "6 respondents in 2 clusters" in found.relative.note
    assert all("2 clusters" in e.note for e in found.component_estimates())
    one = pm.gstudy(pm.item_table(np.random.default_rng(0).normal(size=(20, 4))))
    assert not np.isnan(one.relative.ci_low)


def test_respondents_nested_in_models(clustered):
    found = pm.gstudy(clustered, "(respondent:model) x item x option_order")
    assert "respondent:model" in found.components.terms and found.object == "respondent"
    assert "compared across model" in found.note
    with pytest.raises(DesignError, match="Nest respondents in models"):
        pm.gstudy(clustered, "respondent x model x item")
