"""Rendering: the statement unchanged, the options in their order."""

import pytest

import psychometrics as pm
from psychometrics.administration.render import canonical_labels, render


@pytest.mark.parametrize("labels", ["digits", "letters", "text"])
@pytest.mark.parametrize("wording", ["plain", "reflective", "options_first"])
def test_statement_is_unchanged_and_every_option_shown_once(small, labels, wording):
    design = pm.design(option_order="balanced", labels=labels, wording=wording)
    for condition in design.conditions(5):
        text = render(small.items[0], small, condition)
        assert small.items[0].stem in text
        lines = [
            line for line in text.splitlines() if line[:2] in ("- ", *"12345") or line[1:3] == ". "
        ]
        shown = [line.split(" ", 1)[1] for line in lines]
        assert shown == [small.response_scale.texts[option] for option in condition.order]


@pytest.mark.parametrize("wording", ["trait_1", "trait_2", "trait_3"])
def test_a_wording_with_a_cue_of_its_own_gets_no_other(wording):
    scenarios = pm.load_instrument("trait-scenarios")
    people = pm.respondents(pm.scripted_model(0.5))
    text = pm.preview(scenarios, people, pm.design(wording=wording)).text
    cue = "Response:" if wording == "trait_2" else "Answer:"
    assert text.endswith(f"\n\n{cue}") and text.count(cue) == 1
    mark = {"trait_1": "A. ", "trait_2": "A = ", "trait_3": "A: "}[wording]
    assert f"\n{mark}" in text


def test_a_pair_shows_both_descriptions_and_a_scenario_its_own_options():
    pairs, scenarios = pm.load_instrument("jungian-32"), pm.load_instrument("trait-scenarios")
    for condition in pm.design(wording=3).conditions(5):
        shown = render(pairs.items[0], pairs, condition)
        assert all(pole in shown for pole in pairs.items[0].poles)
    for condition in pm.design(wording=3, labels="text").conditions(4):
        item = scenarios.items[0]
        shown = render(item, scenarios, condition)
        assert all(part in shown for part in (item.stem, item.question, *item.options))
        assert canonical_labels(item, scenarios, condition) == item.options


def test_labels_lead_back_to_the_canonical_option(small):
    for condition in pm.design(option_order="all").conditions(5):
        text = render(small.items[0], small, condition)
        by_option = canonical_labels(small.items[0], small, condition)
        for label, option in zip(by_option, small.response_scale.texts, strict=True):
            assert f"{label}. {option}\n" in f"{text}\n"


def test_braces_in_a_stem_are_shown_as_they_are(small):
    item = pm.Item("x", "I {like} {options} 100%.", "calm", 1)
    text = render(item, small, pm.design().conditions(5)[0])
    assert "I {like} {options} 100%." in text
