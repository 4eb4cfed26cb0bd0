import dataclasses

import numpy as np
import pytest
from definitions import SMALL

import psychometrics as pm
from psychometrics.analysis.acquiescence import acquiescence
from psychometrics.analysis.response_process import response_process


def answered(instrument, model, **design):
    run = pm.administer(instrument, pm.respondents(model), pm.design(**design), quiet=True)
    return run.responses


def test_acquiescence_is_the_shift_of_the_scripted_answers(big_five):
    """Answers shifted up by .5 whatever the key: halves of 3.5 before the key, wherever content is."""
    rng = np.random.default_rng(3)
    content = rng.normal(0, 0.4, len(big_five.items))
    content -= content.mean()
    raw = 3.5 + big_five.keys * 0.3
    exact = acquiescence(raw, big_five, 0.95)
    assert exact.value == pytest.approx(0.5) and exact.n == 60
    # No spread within halves; 1e-12 is rounding of sums.
    assert exact.ci_high - exact.ci_low == pytest.approx(0, abs=1e-12)
    noisy = acquiescence(raw + content, big_five, 0.95)
    assert noisy.ci_low < 0.5 < noisy.ci_high


def test_acquiescence_hand_worked(small):
    """Forward 4 and 5, reversed 3 and 2: (4.5 + 2.5) / 2 - 3 = .5; variance (.25 + .25) / 4."""
    found = acquiescence(np.array([4.0, 3.0, 5.0, 2.0]), small, 0.95)
    assert found.value == pytest.approx(0.5)
    assert found.se == pytest.approx(np.sqrt(0.125))
    assert found.ci_high == pytest.approx(0.5 + 4.302652729911275 * np.sqrt(0.125))  # t, 2 df


def test_acquiescence_needs_both_keys(small):
    found = acquiescence(np.array([4.0, np.nan, 5.0, 2.0]), small, 0.95)
    assert np.isnan(found.value) and "two answered items" in found.note


def test_acquiescence_interval_covers():
    """2,000 draws of 60 items: the interval covers the shift in 93 to 97 % of them."""
    instrument = pm.load_instrument("big-five-60")
    rng = np.random.default_rng(11)
    hits = 0
    for draw in rng.normal(0, 0.7, (2000, 60)):
        found = acquiescence(3.2 + draw, instrument, 0.95)
        hits += found.ci_low <= 0.2 <= found.ci_high
    assert 0.93 <= hits / 2000 <= 0.97


def test_position_and_label_preferences_are_told_apart(small):
    biased = pm.scripted_model(3.0, position_bias=[1.0])
    table = response_process(answered(small, biased, labels=["letters", "digits"]))
    assert table["position 1"].value > 0.1
    labels = [e for e in table if e.name.startswith("label ")]
    assert {e.name for e in labels} == {f"label {x}" for x in "ABCDE12345"}
    assert max(abs(e.value) for e in labels) < 1e-12  # the script does not look at labels


def test_one_label_set_cannot_tell_label_from_position(small):
    table = response_process(answered(small, pm.scripted_model(3.0)))
    assert "nothing tells the two apart" in table["label preference"].note


def test_label_preference_is_found(small):
    """Probability moved towards A by hand comes out as a preference for A against 1."""
    responses = answered(small, pm.scripted_model(3.0), labels=["letters", "digits"])
    frame = responses.frame.copy()
    letters = (frame["labels"] == "letters").to_numpy()
    log_p, at_first = responses.log_p, responses.positions == 1
    moved = np.exp(log_p)
    moved[letters] = 0.8 * moved[letters] + 0.2 * at_first[letters] * moved[letters].sum(
        axis=1, keepdims=True
    )
    for k in range(log_p.shape[1]):
        frame[f"log_p_{k + 1}"] = np.log(moved[:, k])
    table = response_process(dataclasses.replace(responses, frame=frame))
    assert table["label A"].value > 0.02
    assert table["label 1"].value == pytest.approx(-table["label A"].value)


def test_styles_and_noise(small):
    table = response_process(answered(small, pm.scripted_model(5.0)))
    assert table["extreme responding"].value > table["midpoint responding"].value
    assert table["numerical noise"].value == 0.0
    assert table["option mass"].value == pytest.approx(1.0)
    assert all(e.note for e in table if np.isnan(e.value))
    assert {e.of for e in table if e.name != "numerical noise"} == {"scripted"}
    assert table[0].source.instrument.startswith("small-4")


def test_even_number_of_options_has_no_middle(tmp_path):
    text = SMALL.replace('  { value = 3, text = "Neither agree nor disagree" },\n', "")
    for old, new in ((4, 3), (5, 4)):
        text = text.replace(f"value = {old}", f"value = {new}")
    path = tmp_path / "even.toml"
    path.write_text(text.replace("[1, 5]", "[1, 4]"), encoding="utf-8")
    table = response_process(answered(pm.load_instrument(path), pm.scripted_model(2.0)))
    assert table["midpoint responding"].note == "an even number of options"
    assert table["extreme responding"].value > 0
