"""Response processes: known biases are found, their absence too."""

import numpy as np
import pytest

import psychometrics as pm


def check_of(instrument, model, **design):
    run = pm.administer(instrument, pm.respondents(model), pm.design(**design), quiet=True)
    return run.responses.check()["scripted"]


def test_position_effects_sum_to_nothing_and_follow_the_bias(big_five):
    check = check_of(big_five, pm.scripted_model(3.5, position_bias=[0, 0, 0, 0, 1.5]))
    values = [e.value for e in check.positions]
    assert sum(values) == pytest.approx(0, abs=1e-12)
    assert values[4] > 0.1 and check.positions[4].ci_low > 0 and check.positions[4].n == 60
    assert any("position 5" in w for w in check.warnings)


def test_without_bias_there_is_none(big_five):
    check = check_of(big_five, pm.scripted_model(3.5))
    assert max(abs(e.value) for e in check.positions) < 1e-12
    assert check.flips.value == 0 and not check.warnings


def test_unbalanced_orders_do_not_tell_position_from_content(small):
    check = check_of(small, pm.scripted_model(4.0), option_order="as_written")
    assert np.isnan(check.positions[0].value)
    assert "equally often" in check.positions[0].note
    assert "only one option order" in repr(check.flips)


def test_flips_by_hand(small):
    """Bias strong enough to decide every answer: the first option shown is chosen."""
    check = check_of(small, pm.scripted_model(3.0, position_bias=[60.0]))
    # 10 orders, each option first in two of them: 5 of 45 pairs agree
    assert check.flips.value == pytest.approx(40 / 45)


def test_exact_tie_has_no_choice(small):
    """A binomial with success .4 over 4 steps gives options 2 and 3 the same probability."""
    run = pm.administer(small, pm.respondents(pm.scripted_model(1 + 4 * 0.4)), quiet=True)
    forward = run.responses.frame[run.responses.frame["item"] == "s-1"]
    assert (forward["n_tied"] == 2).all() and forward["choice"].isna().all()
    assert forward["expected"].iloc[0] == pytest.approx(2.6)
    assert run.responses.check()["scripted"].n_tied == 40


def test_low_mass_is_reported(small):
    check = check_of(small, pm.scripted_model(4.0, option_mass=0.3))
    assert "4 of 4 items" in " ".join(check.warnings)
    assert check.mass_by_item["min"].max() == pytest.approx(0.3)


def test_all_answers_missing(small):
    check = check_of(small, pm.scripted_model(4.0, option_mass=0.01))
    assert check.outcomes == {"low_mass": 40} and np.isnan(check.positions[0].value)
    assert check.positions[0].note == "no item has a value"


def test_items_that_lost_their_balance_are_left_out(small):
    model = pm.scripted_model(4.0, position_bias=[3.0])
    responses = pm.administer(small, pm.respondents(model), quiet=True).responses
    whole = responses.check()["scripted"].positions[0]
    frame = responses.frame.copy()
    frame.loc[:1, "outcome"] = "low_mass"
    left = pm.Responses(frame, small, {}).check()["scripted"].positions[0]
    assert whole.n == 4 and left.n == 3
    assert left.value == pytest.approx(whole.value, abs=1e-9)
