"""Traps in answers: each is found by its rule, and nothing is found where all is right."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.instruments.check_answers import ANSWER_RULES, KEY_RULES, PEOPLE_RULES

RULES = {*ANSWER_RULES, *PEOPLE_RULES, *KEY_RULES}


@pytest.fixture(scope="module")
def markers():
    return pm.load_instrument("ipip-50")


@pytest.fixture(scope="module")
def answers(markers):
    """400 people with five independent traits, answered from 1 to 5."""
    rng = np.random.default_rng(5)
    traits = rng.normal(size=(400, 5))
    domain = markers.membership().argmax(axis=0)
    latent = traits[:, domain] * markers.keys * 0.8 + rng.normal(size=(400, 50)) * 0.6
    raw = np.clip(np.round(3 + latent), 1, 5)
    return pd.DataFrame(raw, columns=[item.id for item in markers.items])


def found(instrument, answers, **more):
    check = pm.check_instrument(instrument, answers=answers, **more)
    told = {line.split(":")[0] for line in check.skipped}
    assert set(check.rules) | told >= RULES
    return {f.rule: f for f in check.findings if f.rule in RULES}


def test_nothing_is_found_where_all_is_right(markers, answers):
    assert found(markers, answers) == {}
    holes = answers.mask(np.random.default_rng(1).random(answers.shape) < 0.1)
    assert found(markers, holes) == {}


def test_reversed_twice(markers, answers):
    stored = pd.DataFrame(markers.keyed(answers.to_numpy()), columns=answers.columns)
    assert found(markers, stored, keyed=True) == {}
    twice = found(markers, stored)
    assert set(twice) == {"reversed twice"} and "keyed=True" in twice["reversed twice"].message
    never = found(markers, answers, keyed=True)
    assert set(never) == {"reversed twice"} and "keyed=False" in never["reversed twice"].message


def test_key_joined_by_row(markers, answers):
    keys = np.random.default_rng(3).permutation(markers.keys)
    items = tuple(
        dataclasses.replace(item, key=int(key))
        for item, key in zip(markers.items, keys, strict=True)
    )
    joined = found(dataclasses.replace(markers, items=items), answers)
    assert set(joined) == {"key"} and "is the key joined by row" in joined["key"].message
    items = tuple(
        dataclasses.replace(item, key=-item.key if n == 7 else item.key)
        for n, item in enumerate(markers.items)
    )
    one = found(dataclasses.replace(markers, items=items), answers)["key"]
    assert one.where == markers.items[7].id and one.message.startswith("1 item correlates")


def test_row_order_is_not_item_order(markers, answers):
    """Names given in the order of the key's rows, which run by factor, to columns in item order."""
    by_factor = sorted(markers.items, key=lambda item: item.scale)
    wrong = answers.set_axis([item.id for item in by_factor], axis=1)
    row = found(markers, wrong)
    assert set(row) == {"row order"}
    assert "by the order of the columns it would be 100%" in row["row order"].message


def test_other_order_of_the_definition_is_named():
    triad = pm.load_instrument("sd3")
    rng = np.random.default_rng(8)
    traits, domain = rng.normal(size=(400, 3)), triad.membership().argmax(axis=0)
    latent = traits[:, domain] * triad.keys * 0.8 + rng.normal(size=(400, 27)) * 0.6
    right = pd.DataFrame(np.clip(np.round(3 + latent), 1, 5), columns=[i.id for i in triad.items])
    assert found(triad, right) == {}
    rotated = sorted(triad.items, key=lambda item: item.numbers["interleaved"])
    wrong = right[[item.id for item in rotated]].set_axis(right.columns, axis=1)
    assert "by the order 'interleaved' it would be" in found(triad, wrong)["row order"].message


def test_label_outside_the_offered_set(markers, answers):
    coded = answers.copy()
    coded.iloc[:7, 3] = 0.0
    outside = found(markers, coded)["offered labels"]
    assert outside.where == answers.columns[3]
    assert outside.message == "7 answers are 0, which is not offered"


def test_option_missing(markers, answers):
    without = found(markers, answers.replace(4.0, 5.0))["option missing"]
    assert without.message.startswith("nobody chose 4 (Moderately Accurate)")


def test_scales_with_a_different_number_of_options(markers, answers):
    own = markers.membership()[0]
    other = answers.copy()
    other.loc[:, own] = other.loc[:, own].clip(upper=3)
    differing = found(markers, other)["number of options"]
    assert differing.where == "extraversion"
    assert differing.message.startswith("answers run from 1 to 3, elsewhere from 1 to 5")


def test_few_people_are_no_ground_for_a_finding(markers, answers):
    stored = pd.DataFrame(markers.keyed(answers.to_numpy()), columns=answers.columns)
    check = pm.check_instrument(markers, answers=stored.iloc[:10])
    assert not [f for f in check.findings if f.rule in RULES]
    assert "row order: needs 20 respondents, there are 10" in check.skipped
    assert "key" not in check.rules


def test_chance_is_no_ground_for_a_finding(markers):
    """Answers that hang together with nothing tell nothing of key or order."""
    rng = np.random.default_rng(4)
    ids = [item.id for item in markers.items]
    noise = pd.DataFrame(rng.integers(1, 6, (200, 50)).astype(float), columns=ids)
    assert found(markers, noise) == {}
    assert set(found(markers, noise * 0 + 3)) == {"option missing"}


def test_few_people_seldom_alarm(markers, answers):
    """Of 40 draws of 25 people, rightly keyed, at most 2 are called wrong (5 % would be 2)."""
    rng = np.random.default_rng(6)
    draws = [answers.iloc[rng.choice(400, 25, replace=False)] for _ in range(40)]
    assert sum("key" in found(markers, draw) for draw in draws) <= 2


def test_items_without_an_answer_are_named_and_hide_nothing(markers, answers):
    other = answers.copy()
    other.loc[:, markers.membership()[0]] = other.loc[:, markers.membership()[0]].clip(upper=3)
    other.iloc[:, 6] = np.nan
    rules = found(markers, other)
    assert rules["answered items"].where == answers.columns[6] and "number of options" in rules


@pytest.mark.parametrize(
    ("name", "file", "data_set"),
    [
        ("bfi-44", "bfi44/human_bfi44_multicon_n205.csv", None),
        ("ipip-50", "ipip50/human_ipip50_openpsychometrics_n5000.csv", "openpsychometrics"),
        ("sd3", "sd3/human_sd3_openpsychometrics_n5000.csv", "openpsychometrics"),
        ("ipip-neo-300", "ipip_neo/human_ipip_neo300_n300.csv", "johnson"),
        ("ipip-neo-120", "ipip_neo/human_ipip_neo300_n300.csv", "johnson"),
    ],
)
def test_real_samples_read_rightly_pass(shared, name, file, data_set):
    people = pm.read_responses(
        shared / "inventories" / file, pm.load_instrument(name), data_set=data_set
    )
    assert not [f for f in people.check().findings if f.rule in RULES]


def test_real_key_table_joined_by_row_is_found(shared):
    """The key file of the IPIP-NEO has its rows in the order of the short form."""
    folder = shared / "inventories" / "ipip_neo"
    neo = pm.load_instrument("ipip-neo-300")
    people = pm.read_responses(folder / "human_ipip_neo300_n300.csv", neo, data_set="johnson")
    rows = pd.read_csv(folder / "IPIP-NEO-ItemKey.csv")["Full#"]
    ids = [item.id for item in neo.items]
    wrong = people.raw.set_axis([ids[n - 1] for n in rows], axis=1)
    assert set(found(neo, wrong)) == {"row order"}
