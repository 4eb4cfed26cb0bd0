"""Scores: what recovers what under known biases, missing answers, hand-worked values."""

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.errors import ResponsesError

TRUTHS = [1.5, 3.0, 4.5]


def domain_scores(instrument, model, average, option_order="balanced", statistic="expected"):
    run = pm.administer(
        instrument, pm.respondents(model), pm.design(option_order=option_order), quiet=True
    )
    frame = run.responses.score().to_frame(average, statistic)
    return frame[frame["level"] == "domain"]["score"].to_numpy()


@pytest.mark.parametrize("truth", TRUTHS)
def test_additive_bias_is_removed_by_log_and_only_shrunk_by_mean(big_five, truth):
    model = pm.scripted_model(truth, position_bias=[1.5])
    np.testing.assert_allclose(domain_scores(big_five, model, "log"), truth, atol=1e-9)
    mean = domain_scores(big_five, model, "mean")
    if truth == 3.0:  # the middle is where the pull goes to
        np.testing.assert_allclose(mean, 3.0, atol=1e-9)
    else:
        assert (np.abs(mean - 3.0) < abs(truth - 3.0) - 0.02).all()


@pytest.mark.parametrize("truth", TRUTHS)
def test_pick_the_first_habit_shrinks_mean_by_its_share_and_log_not_to_the_truth(big_five, truth):
    model = pm.scripted_model(truth, pick_first=0.4)
    expected = 0.6 * truth + 0.4 * 3.0
    np.testing.assert_allclose(domain_scores(big_five, model, "mean"), expected, atol=1e-9)
    log = domain_scores(big_five, model, "log")
    if truth != 3.0:
        assert (np.abs(log - truth) > 0.02).all()


def test_written_order_alone_is_biased_by_item_not_by_scale_when_keying_is_balanced(big_five):
    """A habit of the first option speaks for disagreement: reversed items turn it round."""
    model = pm.scripted_model(3.0, position_bias=[1.5])
    run = pm.administer(
        big_five, pm.respondents(model), pm.design(option_order="as_written"), quiet=True
    )
    assert run.responses.frame["expected"].max() < 2.7
    scores = run.responses.score().to_frame("mean", "expected")
    np.testing.assert_allclose(scores[scores["level"] == "domain"]["score"], 3.0, atol=1e-9)
    assert (scores[scores["level"] == "domain"]["se"] > 0.1).all()


def test_hand_worked_score(small):
    """Item values 5, 2 (reversed: 4), 4 and 1 (reversed: 5): mean 4.5, sd 0.577, t(3) = 3.182."""
    run = pm.administer(
        small,
        pm.respondents(pm.scripted_model(3.0)),
        pm.design(option_order="as_written"),
        quiet=True,
    )
    frame = run.responses.frame.copy()
    answers = {"s-1": 5, "s-2": 2, "s-3": 4, "s-4": 1}
    for k in range(1, 6):
        frame[f"log_p_{k}"] = [0.0 if answers[item] == k else -50.0 for item in frame["item"]]
    row = pm.Responses(frame, small, {}).score().to_frame("mean", "expected").iloc[0]
    assert row["score"] == pytest.approx(4.5) and row["n_items"] == 4
    assert row["se"] == pytest.approx(0.5773503 / 2, rel=1e-6)
    assert row["ci_high"] - row["score"] == pytest.approx(3.182446 * row["se"], rel=1e-6)


def with_low_mass(responses, rows):
    frame = responses.frame.copy()
    frame.loc[rows, "outcome"] = "low_mass"
    frame.loc[rows, "expected"] = np.nan
    frame.loc[rows, "choice"] = pd.NA
    return pm.Responses(frame, responses.instrument, {})


def test_log_average_uses_the_orders_that_are_still_balanced(small):
    """Two orders of one Latin square missing: the other square of five still cancels the bias."""
    model = pm.scripted_model(4.0, position_bias=[3.0])
    responses = pm.administer(small, pm.respondents(model), quiet=True).responses
    gaps = with_low_mass(responses, responses.frame.index[:2])
    log, mean = (gaps.score().to_frame(a, "expected").iloc[0] for a in ("log", "mean"))
    assert log["score"] == pytest.approx(4.0) and log["n_items"] == 4
    assert log["n_presentations"] == 35 and mean["n_presentations"] == 38
    assert (
        log["note"] == "3 valid presentations left out so that the orders stay balanced in position"
    )
    assert mean["note"].startswith("1 items averaged over what is left of their orders")


def test_log_average_is_missing_where_no_balanced_set_is_left(small):
    """One order of each square missing: what is left would not cancel the bias, and says so."""
    model = pm.scripted_model(4.0, position_bias=[3.0])
    responses = pm.administer(small, pm.respondents(model), quiet=True).responses
    gaps = with_low_mass(responses, responses.frame.index[[0, 5]])
    log = gaps.score(min_valid=0.7).to_frame("log", "expected").iloc[0]
    assert log["n_items"] == 3 and log["score"] == pytest.approx(4.0)
    assert log["note"] == "1 items have no balanced set of valid orders left"


@pytest.mark.parametrize("order", ["as_written", "reversed", "random(3, 1)"])
def test_unbalanced_design_says_that_the_bias_stays(small, order):
    run = pm.administer(
        small, pm.respondents(pm.scripted_model(4.0)), pm.design(option_order=order), quiet=True
    )
    assert (run.responses.score().frame["note"].str.startswith("orders not balanced")).all()


def test_option_without_probability_is_named(small):
    run = pm.administer(small, pm.respondents(pm.scripted_model(4.0, pick_first=1.0)), quiet=True)
    log = run.responses.score().to_frame("log", "expected").iloc[0]
    assert np.isnan(log["score"]) and "an option has probability 0 in some order" in log["note"]
    assert run.responses.score().to_frame("mean", "expected")["score"].iloc[0] == pytest.approx(3.0)


def test_missing_answers_are_left_out_and_accounted_for(small):
    responses = pm.administer(small, pm.respondents(pm.scripted_model(4.0)), quiet=True).responses
    some = with_low_mass(responses, responses.frame.index[:2]).score().frame.iloc[0]
    assert some["n_presentations"] == 38 and some["n_presentations_planned"] == 40
    assert some["n_items"] == 4 and some["score"] == pytest.approx(4.0)
    one_item = (
        with_low_mass(responses, responses.frame.index[:10]).score(min_valid=0.75).frame.iloc[0]
    )
    assert one_item["n_items"] == 3 and one_item["n_items_planned"] == 4


def test_too_few_valid_items_give_no_score_but_a_reason(small):
    responses = pm.administer(small, pm.respondents(pm.scripted_model(4.0)), quiet=True).responses
    scores = with_low_mass(responses, responses.frame.index[:20]).score().frame
    assert scores["score"].isna().all() and scores["ci_low"].isna().all()
    assert (scores["note"] == "2 of 4 items valid; at least 80% are needed").all()


def test_interval_does_not_narrow_with_more_presentations(big_five):
    """The n of a one-model interval is items, never items × orders × wordings."""
    model = pm.scripted_model(4.0, noise=0.0)
    few = pm.administer(
        big_five, pm.respondents(model), pm.design(option_order="random(2, 1)"), quiet=True
    )
    many = pm.administer(
        big_five, pm.respondents(model), pm.design(option_order="all", wording=2), quiet=True
    )
    for run in (few, many):
        frame = run.responses.score().to_frame("log", "expected")
        assert set(frame[frame["level"] == "domain"]["n_items"]) == {12}
    assert many.responses.score().frame["n_presentations"].iloc[0] == 12 * 240


def test_label_sets_and_wordings_are_averaged_after_the_orders(small):
    design = pm.design(labels=["digits", "letters"], wording=3)
    run = pm.administer(
        small, pm.respondents(pm.scripted_model(4.0, position_bias=[2.0])), design, quiet=True
    )
    assert run.responses.score().to_frame("log", "expected")["score"].iloc[0] == pytest.approx(4.0)


def test_modal_choice_is_of_the_averaged_distribution(small):
    run = pm.administer(
        small, pm.respondents(pm.scripted_model(4.1, position_bias=[1.0])), quiet=True
    )
    assert run.responses.score().to_frame("log", "modal")["score"].iloc[0] == 4.0


@pytest.mark.parametrize("options", [{"min_valid": 1.2}, {"conf_level": 1.0}])
def test_options_out_of_range(small, options):
    responses = pm.administer(small, pm.respondents(pm.scripted_model(4.0)), quiet=True).responses
    with pytest.raises(ResponsesError, match="out of range"):
        responses.score(**options)


def test_csv_holds_the_whole_table(small, tmp_path):
    scores = pm.administer(
        small, pm.respondents(pm.scripted_model(4.0)), quiet=True
    ).responses.score()
    scores.to_csv(tmp_path / "scores.csv")
    assert len(pd.read_csv(tmp_path / "scores.csv")) == len(scores.frame) == 4
