"""Traps in scenarios: length that gives the high options away, and high and low swapped."""

import dataclasses

import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.errors import DefinitionError, InstrumentError


@pytest.fixture(scope="module")
def scenarios():
    return pm.load_instrument("trait-scenarios")


def rated(scenarios, swapped=()):
    """Ratings that see low options as 1 and 2 and high ones as 4 and 5, or the other way."""
    values = {"low_1": 1, "low_2": 2, "high_1": 4, "high_2": 5}
    turned = {"low_1": 4, "low_2": 5, "high_1": 1, "high_2": 2}
    rows = [
        {"item": item.id, "option": option, "rating": rating}
        for item in scenarios.items
        for option, rating in (turned if item.id in swapped else values).items()
    ]
    return pd.DataFrame(rows)


def rules(check):
    return {f.rule for f in check.findings}


def test_gold_option_longest(scenarios):
    def longer(item):
        low, high = item.options[:2], item.options[2:]
        return dataclasses.replace(
            item, options=(*low, f"{high[0]} and so on and on and on", high[1])
        )

    items = tuple(map(longer, scenarios.items))
    check = pm.check_instrument(dataclasses.replace(scenarios, items=items))
    assert rules(check) == {"gold option longest", "option length"}
    assert (
        "the longest option is a high one in 20 of 20 items" in check.to_frame()["message"].iloc[0]
    )


def test_swapped_options_are_found_by_the_recorded_hash(scenarios, tmp_path):
    text = scenarios.path.read_text(encoding="utf-8")
    head, item, rest = text.partition("[[items]]")
    first = rest.split("[[items]]")[0]
    turned = first.replace("high = [", "@ = [").replace("low = [", "high = [").replace("@", "low")
    path = tmp_path / "mine.toml"
    path.write_text(head + item + rest.replace(first, turned, 1), encoding="utf-8")
    with pytest.raises(DefinitionError, match=r"item 1 [\s\S]*'high' and 'low' are swapped"):
        pm.load_instrument(path)


def test_swapped_options_are_found_by_independent_ratings(scenarios):
    assert pm.check_instrument(scenarios, ratings=rated(scenarios)).passed
    wrong = scenarios.items[4].id
    check = pm.check_instrument(scenarios, ratings=rated(scenarios, {wrong}))
    (found,) = check.findings
    assert found.rule == "options against ratings" and found.where == wrong
    assert found.message == "low options are rated 4.5, high ones 1.5: they may be swapped"


def test_otherwise_they_are_said_to_be_invisible(scenarios, tmp_path):
    text = "\n".join(
        line
        for line in scenarios.path.read_text(encoding="utf-8").splitlines()
        if not line.startswith("sha256")
    )
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    check = pm.check_instrument(pm.load_instrument(path))
    assert any("invisible without a recorded hash" in line for line in check.skipped)
    assert not any("invisible" in line for line in pm.check_instrument(scenarios).skipped)


def test_an_item_that_is_not_rated_on_both_sides_is_named(scenarios):
    ratings = rated(scenarios).iloc[2:]
    (found,) = pm.check_instrument(scenarios, ratings=ratings).findings
    assert found.where == scenarios.items[0].id and "not rated on both sides" in found.message


REFUSED = {
    "column": (lambda r: r.drop(columns="rating"), "no column rating"),
    "item": (lambda r: r.assign(item="x"), "name item 'x'"),
    "option": (lambda r: r.assign(option="middle"), "name option 'middle'"),
    "number": (lambda r: r.assign(rating="much"), "Row 1 of the ratings: 'much' is no number"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_ratings_that_cannot_be_used(scenarios, case):
    change, told = REFUSED[case]
    with pytest.raises(InstrumentError, match=told):
        pm.check_instrument(scenarios, ratings=change(rated(scenarios)))
