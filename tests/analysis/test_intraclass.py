import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.errors import DataError, UnitError

SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")
def test_shrout_and_fleiss_agree_with_r():
    ratings = pd.read_csv(SHARED / "reference/data/shrout_fleiss_1979.csv")
    r = json.loads((SHARED / "reference/icc.json").read_text())["shrout_fleiss"]["icc"]["anova"]
    found = pm.icc(ratings.select_dtypes("number"), interval="f")
    # Closed forms of 14 digits.
    assert [e.value for e in found] == pytest.approx(r["ICC"], abs=1e-10)
    assert [e.ci_low for e in found] == pytest.approx(r["lower bound"], abs=1e-10)
    assert found["ICC(2,1)"] is found[1] and found["ICC(A,1)"] is found[1]


@pytest.mark.second_opinion
def test_second_opinion_on_each_form(rng):
    x = rng.normal(size=(40, 1)) + rng.normal(size=(40, 4)) + rng.normal(size=4)
    for estimate in pm.icc(x):
        opinion = pm.second_opinion(estimate)
        assert abs(opinion.difference) < 1e-12, estimate.variant
    assert "2 decimals" in opinion.known_faults[0]


def test_retest_recovers_the_reliability(rng):
    """True variance 4, error 1 an occasion: r = ICC(3,1) = .8; a shift of 1 lowers agreement."""
    true = 2 * rng.normal(size=3000)
    first, second = (pd.DataFrame({"calm": true + rng.normal(size=3000) + s}) for s in (0, 1))
    found = pm.retest(first, second)
    agreement, consistency, r = found
    assert consistency.ci_low < 0.8 < consistency.ci_high
    assert r.ci_low < 0.8 < r.ci_high
    # 4 / (4 + 1 + .5): the shift of 1 between two occasions has variance .5.
    assert agreement.value == pytest.approx(4 / 5.5, abs=0.03)
    assert {e.of for e in found} == {"calm"}


def test_retest_pairs_respondents_by_name(rng):
    x = pd.DataFrame({"calm": rng.normal(size=10)}, index=list("abcdefghij"))
    found = pm.retest(x, x.iloc[::-1].drop("a"))
    assert found[0].value == pytest.approx(1) and found[0].n == 9
    with pytest.raises(DataError, match="share 0 columns"):
        pm.retest(x, x.rename(columns={"calm": "trust"}))


def test_a_respondent_twice_is_refused(rng):
    x = pd.DataFrame({"calm": rng.normal(size=3)}, index=["a", "b", "a"])
    with pytest.raises(UnitError, match="'a' stands twice"):
        pm.retest(x, x)


def test_clustered_units_lose_their_interval(rng):
    frame = pd.DataFrame(rng.normal(size=(40, 3))).add_prefix("r").assign(m=np.repeat(range(20), 2))
    found = pm.icc(pm.item_table(frame, cluster="m"))[0]
    assert np.isnan(found.ci_low) and "effective n" in found.note
