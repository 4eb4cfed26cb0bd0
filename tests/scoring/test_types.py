"""Types: letters by the cut, and the author's formula by hand."""

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.errors import InstrumentError


def answered(raw, name="oejts"):
    instrument = pm.load_instrument(name)
    return pm.PeopleResponses(
        pd.DataFrame(raw, columns=[item.id for item in instrument.items]), instrument
    )


def test_scores_are_the_author_formula(rng):
    """IE = 30 - Q3 - Q7 - Q11 + Q15 - Q19 + Q23 + Q27 - Q31, and FT has Q22 and Q26 both."""
    raw = rng.integers(1, 6, (40, 32)).astype(float)
    q = {n: raw[:, n - 1] for n in range(1, 33)}
    scores = answered(raw).score().to_frame("log", "expected")
    by_scale = {name: own["score"].to_numpy() for name, own in scores.groupby("scale")}
    ie = 30 - q[3] - q[7] - q[11] + q[15] - q[19] + q[23] + q[27] - q[31]
    np.testing.assert_allclose(by_scale["extraversion"], ie)
    key = {i: item.key for i, item in enumerate(pm.load_instrument("oejts").items, start=1)}
    thinking = [i for i, item in enumerate(pm.load_instrument("oejts").items, start=1)
                if item.scale == "thinking"]  # fmt: skip
    assert {22, 26} <= set(thinking) and len(thinking) == 8
    ft = 30 + sum(key[i] * q[i] for i in thinking)
    np.testing.assert_allclose(by_scale["thinking"], ft)


def test_letters_by_the_cut_and_none_at_it():
    instrument = pm.load_instrument("oejts")
    high = np.where(instrument.keys > 0, 5.0, 1.0)
    raw = np.vstack([high, 6 - high, np.full(32, 3.0)])
    found = pm.types(answered(raw).score())
    kinds = found.groupby("respondent", sort=False)["type"].first()
    assert kinds["0"] == "ENTP" and kinds["1"] == "ISFJ" and pd.isna(kinds["2"])
    at_cut = found[found["respondent"] == "2"]
    assert (at_cut["score"] == 24).all() and at_cut["letter"].isna().all()
    assert found["p_value"].isna().all()  # answers without spread have no standard error


def test_p_value_is_that_of_students_test(rng):
    from scipy import stats

    raw = rng.integers(1, 6, (1, 32)).astype(float)
    responses = answered(raw, "jungian-32")
    found = pm.types(responses.score()).iloc[0]
    own = responses.instrument.membership()[0]
    test = stats.ttest_1samp(responses.keyed[0, own], 3.0)
    assert found["p_value"] == pytest.approx(test.pvalue / 2, rel=1e-9)


def test_an_inventory_without_cuts_has_no_types(big_five):
    run = pm.administer(big_five, pm.respondents(pm.scripted_model(4.0)), quiet=True)
    with pytest.raises(InstrumentError, match="no type inventory"):
        pm.types(run.responses.score())
