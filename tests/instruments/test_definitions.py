"""Definitions of published instruments against the collected keys, fact by fact."""

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm

KEYS = {
    "ipip-neo-300": "ipip_neo_300",
    "ipip-neo-120": "ipip_neo_120",
    "ipip-neo-60": "ipip_neo_60",
    "ipip-50": "ipip_bffm_50",
    "mini-ipip": "mini_ipip",
    "ipip-hexaco-240": "hexaco_ipip_240",
    "bfi-44": "bfi_44",
    "bfi-2": "bfi_2",
    "bfi-10": "bfi_10",
    "tipi": "tipi",
    "sd3": "sd3",
    "dirty-dozen": "dirty_dozen",
    "oejts": "oejts_1_2",
}
OWN = ["big-five-60", "dark-triad-27", "self-regulation-21", "jungian-32", "trait-scenarios"]


def collected(shared: Path, name: str) -> dict:
    return json.loads((shared / "inventories" / "keys" / f"{KEYS[name]}.json").read_text())


@pytest.mark.parametrize("name", KEYS)
def test_keys_hashes_and_numbers_are_those_collected(shared, name):
    facts, found = collected(shared, name), pm.load_instrument(name)
    assert len(found.items) == len(facts["items"])
    for item, fact in zip(found.items, facts["items"], strict=True):
        assert item.key == fact["key"], item
        if "sha256" in fact:
            assert item.hashes["published"] == fact["sha256"]
            assert set(fact.get("alt_sha256", [])) <= set(item.hashes.values())
        assert item.numbers == {
            order: fact[field]
            for order, field in (("ipip-neo-300", "n300"), ("interleaved", "n_interleaved"))
            if field in fact
        }
        if "code" in fact:
            assert item.id.endswith(fact["code"].lower().removeprefix("dd"))


@pytest.mark.parametrize("name", KEYS)
def test_items_belong_to_the_scales_collected(shared, name):
    """Items that share a scale there share one here, and no others do: facets and domains."""
    facts, found = collected(shared, name), pm.load_instrument(name)
    for level, field in ((-1, "scale"), (0, "facet")):
        here = [found.lineage(item)[level] for item in found.items]
        there = [fact.get(field, fact["scale"]) for fact in facts["items"]]
        assert len(set(zip(here, there, strict=True))) == len(set(here)) == len(set(there))


@pytest.mark.parametrize("name", ["ipip-neo-300", "ipip-neo-120"])
def test_norms_are_those_collected(shared, name):
    facts, found = collected(shared, name), pm.load_instrument(name)
    codes = {scale.code: scale.name for scale in found.scales}
    for group, here in zip(facts["norms"]["groups"], found.norms, strict=False):
        figures = {**group["domains"], **group["facets"]}
        assert {codes[c]: (v["mean_sum"], v["sd_sum"]) for c, v in figures.items()} == here.figures
        assert here.name.startswith({"M": "men", "F": "women"}[group["sex"]])


def test_oejts_has_the_author_constants_and_letters(shared):
    facts, found = collected(shared, "oejts"), pm.load_instrument("oejts")
    for scale in found.scales:
        rule = facts["scoring"]["type_rule"][scale.code]
        assert scale.constant == facts["scoring"]["constants"][scale.code]
        assert rule == f"{scale.poles[1]} if >{scale.cut:g} else {scale.poles[0]}"


def test_trait_has_its_fields_and_counts(shared):
    facts = json.loads((shared / "inventories" / "keys" / "trait.json").read_text())
    found = pm.load_instrument("trait")
    sizes = dict(
        zip([s.title for s in found.scales], found.membership().sum(axis=1).tolist(), strict=True)
    )
    assert sizes == facts["scales"]
    assert set(found.item_file.values()) == set(facts["fields"])


def test_both_orders_of_the_sd3_reverse_the_numbers_that_they_are_known_to():
    items = pm.load_instrument("sd3").items
    grouped = [n for n, item in enumerate(items, start=1) if item.key < 0]
    rotated = sorted(item.numbers["interleaved"] for item in items if item.key < 0)
    assert grouped == [11, 15, 17, 20, 25] and rotated == [5, 6, 17, 21, 23]


@pytest.mark.parametrize("name", pm.list_instruments())
def test_a_definition_says_where_it_comes_from_and_how_it_may_be_used(name):
    found = pm.load_instrument(name)
    assert found.licence and found.origin and found.citation
    if not found.has_wording:
        assert found.terms and found.offered
        assert "doi:10." in found.citation or "No DOI" in found.citation


@pytest.mark.parametrize("name", pm.list_instruments())
def test_keyed_answers_reach_both_ends_of_every_scale(name):
    found = pm.load_instrument(name)
    low, high = found.response_scale.values[[0, -1]]
    ids = [item.id for item in found.items]
    for end, other, at in ((high, low, 1), (low, high, 0)):
        raw = np.where(found.keys > 0, end, other)[None]
        scores = pm.PeopleResponses(pd.DataFrame(raw, columns=ids), found).score().frame
        expected = [scale.range[at] for scale in found.scales]
        np.testing.assert_allclose(scores["score"], expected)


@pytest.mark.parametrize("name", OWN)
def test_our_own_instruments_pass_the_audit(name):
    check = pm.check_instrument(pm.load_instrument(name))
    assert check.passed, check.to_frame().to_string()


@pytest.mark.parametrize("name", OWN)
def test_our_own_instruments_state_their_reading_level(name):
    text = pm.load_instrument(name).path.read_text(encoding="utf-8")
    assert 'reading_level = "Flesch-Kincaid grade ' in text


@pytest.mark.parametrize("name", [n for n in pm.list_instruments() if n not in OWN])
def test_no_wording_of_others_is_shipped(name):
    found = pm.load_instrument(name)
    assert all(item.stem is None and not item.options for item in found.items)


def test_trait_scenarios_are_recorded_by_hash():
    found = pm.load_instrument("trait-scenarios")
    sizes = found.membership().sum(axis=1).tolist()
    assert sizes == [20] * 8 and all(item.hashes for item in found.items)
    assert math.isclose(found.response_scale.values.mean(), 0.5)
