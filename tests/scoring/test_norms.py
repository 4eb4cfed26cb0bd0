"""Norms: hand-worked T-scores, units, and what is said where there are none."""

import numpy as np
import pandas as pd
import pytest
from definitions import SMALL
from scipy import stats

import psychometrics as pm
from psychometrics.errors import NormsError


def people(name, value):
    instrument = pm.load_instrument(name)
    ids = [item.id for item in instrument.items]
    raw = np.where(
        instrument.keys > 0, value, instrument.response_scale.values[[0, -1]].sum() - value
    )
    return pm.PeopleResponses(pd.DataFrame(raw[None], columns=ids), instrument)


def test_hand_worked_t_score_of_a_sum():
    """24 items at 3 sum to 72; men under 21 have 67.84 (15.83) in neuroticism: T = 52.63."""
    found = pm.norms(people("ipip-neo-120", 3.0).score(), "men under 21").to_frame()
    row = found[found["scale"] == "neuroticism"].iloc[0]
    assert row["score"] == 72 and row["t"] == pytest.approx(50 + 10 * (72 - 67.84) / 15.83)
    assert row["percentile"] == pytest.approx(100 * stats.norm.cdf(4.16 / 15.83))
    assert len(found) == 35 and np.isnan(row["n"])
    assert "does not say how many people" in row["note"]


def test_interval_is_that_of_the_score(rng):
    instrument = pm.load_instrument("sd3")
    raw = pd.DataFrame(
        rng.integers(1, 6, (4, 27)).astype(float), columns=[i.id for i in instrument.items]
    )
    scores = pm.PeopleResponses(raw, instrument).score()
    found = pm.norms(scores, "web respondents").to_frame()
    mean, sd = instrument.norms[0].figures["machiavellianism"]
    table = scores.to_frame("log", "expected")
    own, normed = (t[t["scale"] == "machiavellianism"] for t in (table, found))
    for column, end in (("t_low", "ci_low"), ("t_high", "ci_high")):
        np.testing.assert_allclose(normed[column], 50 + 10 * (own[end] - mean) / sd)
    assert normed["n"].iloc[0] == 18016


def test_a_group_from_memory_is_said_to_be_unchecked():
    scores = people("tipi", 4.0).score()
    found = pm.norms(scores).to_frame()
    instrument = pm.load_instrument("tipi")
    mean, sd = instrument.norms[0].figures["extraversion"]
    row = found[found["scale"] == "extraversion"].iloc[0]
    assert row["t"] == pytest.approx(50 + 10 * (4.0 - mean) / sd)
    assert "not checked in their source" in row["note"] and row["n"] == 1813


def test_no_norms_are_said_to_be_none(big_five):
    run = pm.administer(big_five, pm.respondents(pm.scripted_model(4.0)), quiet=True)
    with pytest.raises(NormsError, match="big-five-60 has no norms"):
        pm.norms(run.responses.score())
    with pytest.raises(NormsError, match="No norms and no item-level data of people were found"):
        pm.norms(people("oejts", 3.0).score())


def test_one_of_several_groups_has_to_be_named():
    scores = people("ipip-neo-120", 3.0).score()
    with pytest.raises(NormsError, match=r"norms of 8 groups[\s\S]*women over 60"):
        pm.norms(scores)
    with pytest.raises(NormsError, match="no norms of 'martians'"):
        pm.norms(scores, "martians")


def test_models_are_normed_through_the_same_door():
    instrument = pm.load_instrument("big-five-60")
    run = pm.administer(instrument, pm.respondents(pm.scripted_model(4.0)), quiet=True)
    assert repr(run.responses.score()).startswith("<Scores: 1 respondent")
    found = pm.norms(people("sd3", 3.0).score())
    assert repr(found).startswith("<NormedScores: 1 respondent × 3 scales against web respondents")
    assert "<table" in found._repr_html_()


GROUP = """
[[norms]]
name = "all"
sample = "made up"
n = 10
unit = "{unit}"
checked = true
source = "nowhere"
figures = {{ calm = [{mean}, 0.5] }}
"""


@pytest.mark.parametrize(
    ("rule", "extra", "unit", "mean"),
    [
        ("mean", "range = [1, 5]", "sum", 12.0),
        ("sum", "range = [4, 20]", "mean", 3.0),
        ("sum", "range = [2, 18]\nconstant = 10", "mean", 3.0),
        ("sum", "range = [2, 18]\nconstant = 10", "sum", 10.0),
    ],
)
def test_units_of_scores_and_groups_are_brought_together(tmp_path, rule, extra, unit, mean):
    """All answers in the middle: the group whose mean is that has T = 50 in every unit."""
    text = SMALL.replace('rule = "mean"', f'rule = "{rule}"').replace("range = [1, 5]", extra)
    path = tmp_path / "mine.toml"
    path.write_text(text + GROUP.format(unit=unit, mean=mean), encoding="utf-8")
    instrument = pm.load_instrument(path)
    raw = pd.DataFrame([[3.0] * 4], columns=[item.id for item in instrument.items])
    found = pm.norms(pm.PeopleResponses(raw, instrument).score()).to_frame()
    assert found["t"].iloc[0] == pytest.approx(50)


def test_what_is_no_score_or_no_average_is_refused():
    with pytest.raises(NormsError, match="Norms are of scores"):
        pm.norms(pd.DataFrame())
    with pytest.raises(NormsError, match="average='logg'"):
        pm.norms(people("sd3", 3.0).score(), average="logg")
