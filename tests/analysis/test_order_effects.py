"""How far an order moves a score."""

import numpy as np
import pytest

import psychometrics as pm


def test_shift_by_hand(small):
    """First-option habit: in order 1-2-…, everybody disagrees more; keyed both ways it cancels."""
    run = pm.administer(
        small, pm.respondents(pm.scripted_model(3.0, position_bias=[60.0])), quiet=True
    )
    effects = run.responses.order_effects().frame.set_index("option_order")
    np.testing.assert_allclose(effects["score"], 3.0, atol=1e-9)  # two forward, two reversed items
    # but each item moves by the option that stood first: 1 for 1-2-5-3-4, so by -2 and +2
    assert effects.loc["1-2-5-3-4", "ci_high"] > 1


def test_shifts_average_to_nothing(big_five):
    model = pm.scripted_model(4.5, position_bias=[1.5], noise=0.5)
    effects = pm.administer(big_five, pm.respondents(model), quiet=True).responses.order_effects()
    means = effects.frame.groupby(["respondent", "scale"])["shift"].mean()
    np.testing.assert_allclose(means, 0, atol=1e-12)
    assert effects.spread["spread"].min() > 0


def test_without_bias_orders_agree(big_five):
    effects = pm.administer(
        big_five, pm.respondents(pm.scripted_model(4.5)), quiet=True
    ).responses.order_effects()
    assert effects.spread["spread"].max() == pytest.approx(0, abs=1e-12)


def test_answers_before_the_key_show_what_the_key_hides(small):
    """With the first option always chosen, the answer by order is that option's value."""
    run = pm.administer(
        small, pm.respondents(pm.scripted_model(3.0, position_bias=[60.0])), quiet=True
    )
    answers = run.responses.order_effects().answers
    first = answers["option_order"].str.split("-").str[0].astype(float)
    np.testing.assert_allclose(answers["answer"], first, atol=1e-9)
    np.testing.assert_allclose(answers["shift"], first - 3.0, atol=1e-9)
    assert (answers["n_items"] == 4).all()
