"""Scoring rules: mean, sum, constant and signed sum, share of high options, arg-max over orders."""

import numpy as np
import pandas as pd
import pytest
from definitions import SMALL

import psychometrics as pm
from psychometrics.scoring.scale_scores import scale_scores


def loaded(tmp_path, *changes):
    text = SMALL
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return pm.load_instrument(path)


def answers(instrument, *values):
    frame = pd.DataFrame([values], columns=[item.id for item in instrument.items])
    return pm.PeopleResponses(frame, instrument).score().frame.iloc[0]


def test_sum_of_keyed_items(tmp_path):
    """Answers 5, 2, 4, 1 are keyed 5, 4, 4, 5: the sum is 18, its error four times the mean's."""
    rule = ('rule = "mean"', 'rule = "sum"'), ("range = [1, 5]", "range = [4, 20]")
    row = answers(loaded(tmp_path, *rule), 5.0, 2.0, 4.0, 1.0)
    assert row["score"] == 18
    assert row["se"] == pytest.approx(4 * np.std([5, 4, 4, 5], ddof=1) / 2)
    assert row["method"].startswith("sum of keyed items")


def test_constant_and_signed_sum(tmp_path):
    """10 + 5 - 2 + 4 - 1 = 16; all high 10 + 5 - 1 + 5 - 1 = 18, all low 10 + 1 - 5 + 1 - 5 = 2."""
    rule = ('rule = "mean"', 'rule = "sum"'), ("range = [1, 5]", "range = [2, 18]\nconstant = 10")
    instrument = loaded(tmp_path, *rule)
    assert answers(instrument, 5.0, 2.0, 4.0, 1.0)["score"] == 16
    assert answers(instrument, 5.0, 1.0, 5.0, 1.0)["score"] == 18


def test_a_missing_item_counts_as_the_mean_of_the_others_only_if_enough_are_there(tmp_path):
    instrument = loaded(
        tmp_path, ('rule = "mean"', 'rule = "sum"'), ("range = [1, 5]", "range = [4, 20]")
    )
    keyed = np.array([[5.0, 4.0, 3.0, np.nan], [5.0, np.nan, np.nan, np.nan]])
    found = scale_scores(keyed, instrument, min_valid=0.75, conf_level=0.95)
    assert found.score[0, 0] == 16 and np.isnan(found.score[1, 0])
    assert found.notes[1, 0] == "1 of 4 items valid; at least 75% are needed"


def test_share_of_high_options_and_arg_max_over_two_orders():
    """TRAIT by hand: probabilities over both orders averaged, the most probable option counts."""
    instrument = pm.load_instrument("trait-scenarios")
    model = pm.scripted_model(0.7, position_bias=[1.0, 0.0, 0.0, 0.0])
    run = pm.administer(
        instrument, pm.respondents(model), pm.design(option_order="paired"), quiet=True
    )
    p = np.exp(run.responses.log_p)
    p = (p / p.sum(axis=1, keepdims=True)).reshape(len(instrument.items), 2, 4).mean(axis=1)
    high = p.argmax(axis=1) >= 2
    scores = run.responses.score()
    modal = scores.to_frame("mean", "modal")
    for scale, own in zip(instrument.scales, instrument.membership(), strict=True):
        row = modal[modal["scale"] == scale.name].iloc[0]
        tied = np.isclose(p[own].max(axis=1), np.sort(p[own], axis=1)[:, -2], atol=1e-6)
        if tied.any():
            assert np.isnan(row["score"]) or row["n_items"] == (~tied).sum()
        else:
            assert row["score"] == pytest.approx(100 * high[own].mean())
    expected = scores.to_frame("mean", "expected")["score"]
    by_hand = [100 * p[own][:, 2:].sum(axis=1).mean() for own in instrument.membership()]
    np.testing.assert_allclose(expected, by_hand)


def test_all_orders_remove_a_position_bias_from_the_share():
    instrument = pm.load_instrument("trait-scenarios")
    model = pm.scripted_model(0.7, position_bias=[1.0, 0.0, 0.0, 0.0])
    run = pm.administer(
        instrument, pm.respondents(model), pm.design(option_order="all"), quiet=True
    )
    assert run.responses.frame["option_order"].nunique() == 24
    found = run.responses.score().to_frame("log", "expected")["score"]
    np.testing.assert_allclose(found, 70, atol=1e-6)  # what brentq leaves of the scripted truth
