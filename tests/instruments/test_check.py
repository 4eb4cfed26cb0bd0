"""The audit: the shipped instrument passes, and each rule catches what it is for."""

import dataclasses

import pytest
from definitions import SMALL

import psychometrics as pm


def altered(instrument, **stems_or_keys):
    """The instrument with items changed by place (``i3="new stem"``, ``k3=1``)."""
    items = list(instrument.items)
    for name, value in stems_or_keys.items():
        place, field = int(name[1:]), {"i": "stem", "k": "key"}[name[0]]
        items[place] = dataclasses.replace(items[place], **{field: value})
    return dataclasses.replace(instrument, items=tuple(items))


def findings(instrument, rule):
    return [f for f in pm.check_instrument(instrument).findings if f.rule == rule]


def test_shipped_instrument_passes(big_five):
    check = pm.check_instrument(big_five)
    assert check.passed and check.to_frame().empty
    assert len(check.rules) == 9 and not check.skipped


def test_duplicate_stem(big_five):
    stem = big_five.items[0].stem
    found = findings(altered(big_five, i1=stem.upper() + "!"), "duplicates")
    assert [f.where for f in found] == ["bf60-02"]


def test_shared_word_is_found_by_its_stem(big_five):
    changed = altered(big_five, i0="I quilt on Sundays.", i1="Quilting bores me.")
    found = findings(changed, "shared words")
    assert any(f.where == "bf60-02" and "quilt" in f.message for f in found)


@pytest.mark.parametrize(
    "stem", ["I do not mind noise.", "I’ve never minded noise.", "I don't mind."]
)
def test_negation(big_five, stem):
    assert [f.where for f in findings(altered(big_five, i4=stem), "negation")] == ["bf60-05"]


def test_too_many_words(big_five):
    stem = "I " + "very " * 12 + "gladly walk."
    assert findings(altered(big_five, i2=stem), "length")[0].where == "bf60-03"


def test_unbalanced_keying(big_five):
    keys = {f"k{n}": 1 for n in range(60)}
    found = findings(altered(big_five, **keys), "balanced keying")
    assert {f.where for f in found} == {s.name for s in big_five.scales}


def test_unreachable_end_by_a_stem_keyed_both_ways(big_five):
    first = next(n for n, item in enumerate(big_five.items) if item.key > 0)
    scale = big_five.items[first].scale
    other = next(n for n, i in enumerate(big_five.items) if i.scale == scale and i.key < 0)
    changed = altered(big_five, **{f"i{other}": big_five.items[first].stem})
    assert scale in {f.where for f in findings(changed, "reachable ends")}


def test_position_cue(big_five):
    by_key = tuple(sorted(big_five.items, key=lambda item: -item.key))
    assert findings(dataclasses.replace(big_five, items=by_key), "position cue")


def test_length_cue(big_five):
    stems = {
        f"i{n}": item.stem + (" So I am told by all of them." if item.key < 0 else "")
        for n, item in enumerate(big_five.items)
    }
    assert findings(altered(big_five, **stems), "length cue")


def test_other_languages_skip_the_english_rules(big_five):
    check = pm.check_instrument(dataclasses.replace(big_five, language="de"))
    assert len(check.rules) == 6
    assert check.skipped[0] == "length: needs English, this is de"


def test_alternating_key_is_a_pattern(big_five):
    items = sorted(big_five.items, key=lambda item: item.key)
    turned = [item for pair in zip(items[:30], items[30:], strict=True) for item in pair]
    found = findings(dataclasses.replace(big_five, items=tuple(turned)), "position cue")
    assert "60 runs of equal keys" in found[0].message


@pytest.mark.parametrize("stem", ["I dislike change.", "I fail at plans.", "I avoid crowds."])
def test_negating_verbs(big_five, stem):
    assert findings(altered(big_five, i4=stem), "negation")


def test_prefix_that_merely_negates(big_five):
    changed = altered(big_five, i0="I am friendly.", i1="I am unfriendly.")
    (found,) = findings(changed, "negation")
    assert found.where == "bf60-02" and "negation of bf60-01" in found.message


def test_a_missing_option_leaves_a_gap(tmp_path):
    text = SMALL.replace('  { value = 3, text = "Neither agree nor disagree" },\n', "")
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    (found,) = findings(pm.load_instrument(path), "even steps")
    assert found.message == "no option between 2 and 4: one is missing"


def test_without_wording_only_the_key_is_looked_at():
    check = pm.check_instrument(pm.load_instrument("bfi-44"))
    assert check.rules == ("even steps", "balanced keying", "position cue")
    assert "duplicates: the wording is not installed" in check.skipped
