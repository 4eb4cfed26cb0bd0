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


def test_studies_of_scales_answer_as_one_does(rng):
    x = pd.DataFrame(rng.normal(size=(50, 1)) + rng.normal(size=(50, 6))).add_prefix("i")
    table = pm.item_table(x, scales={"s": ["i0", "i1", "i2"], "t": ["i3", "i4", "i5"]})
    both, one = pm.gstudy(table), pm.gstudy(table, scale="t")
    assert both.relative["t"] == one.relative and both.absolute["t"] == one.absolute
    assert both.coefficients({"item": 9})[4:] == one.coefficients({"item": 9})
    grid = both.grid({"item": [2, 5]})
    assert grid["scale"].tolist() == ["s", "s", "t", "t"] and list(grid)[:2] == ["scale", "item"]
    assert grid["absolute"].tolist()[2:] == one.grid({"item": [2, 5]})["absolute"].tolist()
    assert both.component_estimates()[3:] == one.component_estimates()
    assert list(both.to_frame()["scale"]) == ["s"] * 3 + ["t"] * 3
    assert both.decide(0.8, vary="item")["t"].n_conditions == one.decide(0.8).n_conditions
    laid_out = pm.component_table(both)
    assert [row.group for row in laid_out.rows] == ["s"] * 3 + ["t"] * 3
    text = " ".join(laid_out.to_text().split())
    assert f"t: Eρ² = {one.relative.value:.2f}" in text and text.count("Object of meas") == 1
    with pytest.raises(DataError, match="Estimate is no G study"):
        pm.component_table(one.relative)


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
        (lambda r: pm.gstudy(r, conf_level=95), DataError, "Give 0.95 for 95 %"),
        (lambda r: pm.gstudy(r, method="anova"), DataError, "Give one of auto"),
        (lambda r: pm.gstudy(r, fixed="item", random="item"), DataError, "fixed and random"),
        (lambda r: pm.gstudy(r, value="choice"), DataError, "Leave it out"),
        (lambda r: pm.gstudy(r, "respondent x item", facets="item"), DataError, "in the design"),
        (lambda r: pm.gstudy(r, "respondent x judge"), DataError, "no facet 'judge'"),
        (lambda r: pm.gstudy(np.full((4, 3), np.nan)), DataError, "12 observations, all missing"),
        (lambda r: pm.gstudy(np.ones((4, 0))), DataError, "no item"),
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


def test_what_is_missing_is_said_in_words(rng):
    assert "Eρ² not estimated (item has one level)" in repr(pm.gstudy(rng.normal(size=(9, 1))))
    nothing = pm.component_table(pm.gstudy(np.ones((5, 3)))).to_text()
    assert "not estimated, Φ not estimated (no variance)" in " ".join(nothing.split())
    one_level = pm.gstudy(rng.normal(size=(9, 1))).component_estimates()
    assert any("one level" in e.note for e in one_level if np.isnan(e.value))
    x = rng.normal(size=(30, 2))
    x[0, 0] = np.nan
    assert "1 missing observation" in pm.gstudy(x).note.split("; ")


def test_one_name_is_a_sequence_of_one(answered):
    usual = pm.gstudy(answered)
    assert pm.gstudy(answered, random="labels").fixed == ()
    assert pm.gstudy(answered, fixed="wording").fixed == ("labels", "wording")
    assert (
        usual.decide(0.5, vary="item").n_conditions == usual.decide(0.5, vary=["item"]).n_conditions
    )
    assert pm.gstudy(answered, facets="item").components.design.facets == ("respondent", "item")


def test_the_object_of_a_long_table_is_its_first_facet(answered):
    frame = answered.frame
    found = pm.gstudy(frame, "item x respondent x option_order", value="expected")
    assert found.object == "item"
    assert pm.gstudy(answered, "item x respondent").object == "respondent"
    assert pm.gstudy(answered, "model x item").object == "model"
    assert "averaged over respondent" in pm.gstudy(answered, "model x item").note


def test_decide_keeps_the_level_of_the_study(rng):
    x = rng.normal(size=(60, 1)) + rng.normal(size=(60, 6))
    assert pm.gstudy(x, conf_level=0.9).decide(0.8).expected.conf_level == 0.9


def test_components_too_take_no_respondents_for_independent(clustered):
    """Items whose difficulty differs between models: their component is off, too."""
    found = pm.gstudy(clustered)
    assert all(np.isnan(e.ci_low) and "no interval" in e.note for e in found.component_estimates())
    assert found.to_frame()["ci_low"].isna().all()
    assert np.isnan(found.decide(0.5, vary="item").expected.ci_low)
    assert "no interval: fewer than 5 clusters" in " ".join(
        pm.component_table(found).to_text().split()
    )


def test_one_model_keeps_its_interval_and_says_of_what(clustered):
    """Its personas differ by half a point, so that there is a variance to have an interval."""
    frame = clustered.frame[clustered.frame["model"] == "m2.5"].reset_index(drop=True)
    rank = frame["respondent"].map({w: n for n, w in enumerate(frame["respondent"].unique())})
    key = frame["item"].map({item.id: item.key for item in clustered.instrument.items})
    frame = frame.assign(expected=(frame["expected"] + key * rank / 2).clip(1, 5))
    found = pm.gstudy(dataclasses.replace(clustered, frame=frame))
    assert found.relative.ci_low < found.relative.value < found.relative.ci_high
    assert "of one model: the interval speaks of its personas" in found.relative.note
    assert all("of one model" in e.note for e in found.component_estimates())


def test_nested_in_models_the_intervals_cover(rng):
    """Eight models of six personas; crossed, the interval of Eρ² covers about .65 of samples of these."""
    models, personas, items, n = 8, 6, 10, 120
    universe = 1 + 0.2
    true = universe / (universe + 1 / items)
    index = pd.DataFrame(
        [(m, f"{m}-{p}", i) for m in range(models) for p in range(personas) for i in range(items)],
        columns=["model", "respondent", "item"],
    )
    hits, crossed = 0, 0
    for _ in range(n):
        y = np.repeat(rng.normal(size=models), personas * items)
        y = y + np.repeat(np.sqrt(0.2) * rng.normal(size=models * personas), items)
        y = y + np.tile(np.sqrt(0.3) * rng.normal(size=items), models * personas)
        frame = index.assign(value=y + rng.normal(size=len(y)))
        nested = pm.gstudy(frame, "(respondent:model) x item").relative
        naive = pm.gstudy(frame, "respondent x item").relative
        hits += nested.ci_low <= true <= nested.ci_high
        crossed += naive.ci_low <= true <= naive.ci_high
    # .95 with a standard error of .02; three of them.
    assert hits / n >= 0.89 > 0.8 > crossed / n


def test_an_object_nested_in_another_takes_it_into_its_universe_score(rng):
    """By hand from mean squares: persons in two groups, items crossed with both."""
    frame = pd.DataFrame(
        [(g, p, i) for g in range(6) for p in range(5) for i in range(4)],
        columns=["group", "person", "item"],
    ).assign(value=rng.normal(size=120))
    frame["value"] += frame["group"] + 0.5 * frame["person"]
    found = pm.gstudy(frame, "(person:group) x item")
    part = found.components
    universe = part["group"] + part["person:group"]
    error = (part["item x group"] if "item x group" in part.terms else part["group x item"]) / 4
    error += part["residual"] / 4
    assert found.relative.value == pytest.approx(universe / (universe + error))
    assert "levels of person are compared across group" in found.note


def test_an_unknown_scale_of_several_studies_is_named(big_five):
    people = pm.respondents([pm.scripted_model(t, name=str(t)) for t in (2.0, 3.0, 4.0)])
    run = pm.administer(big_five, people, pm.design(option_order="random(2, 1)"), quiet=True)
    studies = pm.gstudy(run.responses)
    assert studies.get("warmth") is None
    with pytest.raises(DataError, match=r"no study of 'warmth'[\s\S]*Choose among: extraversion"):
        studies["warmth"]
