import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.errors import DataError, UnitError

SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")
def test_people_agree_with_psych():
    people = pd.read_csv(SHARED / "reference/data/bfi.csv")
    r = json.loads((SHARED / "reference/reliability.json").read_text())["agree"]["complete"]
    items = [f"{d}{n}" for d in "ACENO" for n in range(1, 6)]
    table = pm.item_table(people[items].dropna(), reverse=["A1"], limits=(1, 6)).take(items[:5])
    found = pm.item_analysis(table).frame
    # Closed forms of 14 digits.
    for ours, theirs in (
        ("item_rest", "r.drop"),
        ("item_total", "raw.r"),
        ("mean", "mean"),
        ("sd", "sd"),
    ):
        assert found[ours].tolist() == pytest.approx(r["item_stats"][theirs], abs=1e-10)
    assert found["alpha_if_dropped"].tolist() == pytest.approx(
        r["alpha_drop"]["raw_alpha"], abs=1e-10
    )


def test_a_wrong_key_is_found(rng):
    true = rng.normal(size=(80, 1))
    x = pd.DataFrame(
        np.clip(np.round(3 + true + rng.normal(0, 0.7, (80, 4))), 1, 5), columns=list("abcd")
    )
    right = pm.item_table(x, limits=(1, 5), scales={"s": list("abcd"), "t": list("ab")})
    wrong = pm.item_table(x, limits=(1, 5), reverse=["c"], scales={"s": list("abcd")})
    assert pm.item_analysis(right).suspects == ()
    assert pm.item_analysis(wrong).suspects == ("c",)
    assert pm.item_analysis(right).frame["scale"].tolist() == ["s"] * 4 + ["t"] * 2
    assert pm.item_analysis(right, scales=["t"]).frame["item"].tolist() == ["a", "b"]


def test_shares_are_of_the_answers_given(rng):
    x = pd.DataFrame({"a": [1, 1, 5, np.nan], "b": [2.4, 2.6, 3, 3], "c": [np.nan] * 4})
    found = pm.item_analysis(pm.item_table(x, limits=(1, 5)))
    assert found.shares.loc["a"].tolist() == pytest.approx([2 / 3, 0, 0, 0, 1 / 3])
    assert found.shares.loc["b"].tolist() == [0, 0.25, 0.75, 0, 0]
    assert found.shares.loc["c"].isna().all()
    assert found.frame["note"].iloc[0]


def test_without_limits_there_are_no_ends(rng):
    found = pm.item_analysis(rng.normal(size=(30, 3)))
    assert found.shares is None and found.frame["floor"].isna().all()
    assert "ends of the response scale" in found.note


def test_responses_of_several_models(small):
    models = [
        pm.scripted_model(t, name=str(t), noise=0.5, seed=n)
        for n, t in enumerate((1.5, 2, 3, 4, 4.5))
    ]
    run = pm.administer(small, pm.respondents(models), quiet=True)
    found = pm.item_analysis(run.responses)
    assert found.suspects == () and len(found.frame) == 4
    assert found.source.instrument == "small-4 1.0"
    with pytest.raises(UnitError):
        pm.item_analysis(run.responses.of("3"))
    with pytest.raises(DataError, match="no scale"):
        pm.item_analysis(run.responses, scales=["mirth"])


def test_floor_and_ceiling_of_expected_values(small):
    models = [
        pm.scripted_model(t, name=f"m{n}", seed=n) for n, t in enumerate((1.0, 1.1, 3, 5.0, 4.9))
    ]
    found = pm.item_analysis(pm.administer(small, pm.respondents(models), quiet=True).responses)
    # Two of five models answer nearest to either end.
    assert found.frame["floor"].tolist() == pytest.approx([0.4] * 4)
    assert found.frame["ceiling"].tolist() == pytest.approx([0.4] * 4)


def test_clusters_widen_the_intervals_or_take_them(rng):
    model = np.repeat(np.arange(20), 6)
    true = (2 * rng.normal(size=20))[model]
    frame = pd.DataFrame(true[:, None] + rng.normal(size=(120, 4))).add_prefix("i")
    naive = pm.item_analysis(frame).frame
    many = pm.item_analysis(pm.item_table(frame.assign(m=model), cluster="m"))
    few = pm.item_analysis(pm.item_table(frame.assign(m=model % 3), cluster="m"))
    width = naive["item_rest_high"] - naive["item_rest_low"]
    assert (many.frame["item_rest_high"] - many.frame["item_rest_low"]).gt(width).mean() > 0.5
    assert few.frame["item_rest_low"].isna().all() and "fewer than 5" in few.note
    assert not few.suspects
