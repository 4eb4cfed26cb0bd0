"""Scripted respondents do what their script says."""

import numpy as np
import pytest

import psychometrics as pm
from psychometrics.backends.base import Presentation
from psychometrics.errors import DesignError

VALUES = (1.0, 2.0, 3.0, 4.0, 5.0)


def shown(item, order=(0, 1, 2, 3, 4)):
    return Presentation(item, ("sociability", "extraversion"), VALUES, order)


@pytest.mark.parametrize("truth", [1.0, 1.5, 3.0, 4.5, 5.0])
@pytest.mark.parametrize("key", [1, -1])
def test_expected_value_is_the_true_score(truth, key):
    item = pm.Item("x", "I chat.", "sociability", key)
    p = pm.scripted_model(truth).option_probabilities(shown(item))
    assert p @ np.array(VALUES) == pytest.approx(truth if key > 0 else 6 - truth, abs=1e-6)


def test_narrowest_scale_decides():
    model = pm.scripted_model({"extraversion": 2.0, "sociability": 4.0})
    p = model.option_probabilities(shown(pm.Item("x", "I chat.", "sociability", 1)))
    assert p @ np.array(VALUES) == pytest.approx(4.0)


def test_biases_follow_positions():
    item = pm.Item("x", "I chat.", "sociability", 1)
    plain = pm.scripted_model(3.0).option_probabilities(shown(item))
    order = (4, 0, 1, 2, 3)
    biased = pm.scripted_model(3.0, position_bias=[1.0]).option_probabilities(shown(item, order))
    odds = (biased[4] / biased[0]) / (plain[4] / plain[0])
    assert odds == pytest.approx(np.e)
    habit = pm.scripted_model(3.0, pick_first=0.25).option_probabilities(shown(item, order))
    assert habit[4] == pytest.approx(0.75 * plain[4] + 0.25)


def test_noise_is_the_same_for_the_same_cell():
    item = pm.Item("x", "I chat.", "sociability", 1)
    model = pm.scripted_model(3.0, noise=1.0)
    one, again, other = (model.option_probabilities(shown(item), key) for key in ("a", "a", "b"))
    assert (one == again).all() and (one != other).any()


def test_low_mass_is_missing_with_its_reason(small):
    people = pm.respondents(pm.scripted_model(3.0, option_mass=0.05))
    responses = pm.administer(small, people, quiet=True).responses
    assert (responses.frame["outcome"] == "low_mass").all()
    assert responses.frame["expected"].isna().all() and responses.frame["choice"].isna().all()
    np.testing.assert_allclose(responses.frame["option_mass"], 0.05)
    assert np.isfinite(responses.log_p).all()


def test_script_without_a_score_for_a_scale(small):
    with pytest.raises(DesignError, match="no true score for calm"):
        pm.administer(small, pm.respondents(pm.scripted_model({"warmth": 2.0})), quiet=True)


@pytest.mark.parametrize("options", [{"pick_first": 1.5}, {"option_mass": 0.0}])
def test_shares_out_of_range(options):
    with pytest.raises(DesignError, match="is no share"):
        pm.scripted_model(3.0, **options)


@pytest.mark.parametrize("values", [(1.0, 2.0, 4.0, 8.0), (0.0, 1.0, 2.0, 10.0), (-2.0, 0.0, 2.0)])
def test_unequal_spacing_keeps_the_expected_value(values):
    item = pm.Item("x", "I chat.", "sociability", 1)
    for truth in np.linspace(values[0], values[-1], 7):
        model = pm.scripted_model(float(truth))
        p = model.option_probabilities(
            Presentation(item, ("s",), values, tuple(range(len(values))))
        )
        assert p @ np.array(values) == pytest.approx(truth, abs=1e-8)


def test_true_score_off_the_scale(small):
    with pytest.raises(DesignError, match="true score 7, off the response scale"):
        pm.administer(small, pm.respondents(pm.scripted_model(7.0)), quiet=True)
