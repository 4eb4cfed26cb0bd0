"""Loading definitions: what is read, and every way in which a file can be wrong."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

import psychometrics as pm
from psychometrics.errors import DefinitionError, InstrumentError, UnknownInstrumentError


def test_big_five_60_is_what_it_says(big_five):
    assert len(big_five.items) == 60
    assert (big_five.keys == -1).sum() == 30
    domains = [s for s in big_five.scales if s.level == "domain"]
    facets = [s for s in big_five.scales if s.level == "facet"]
    assert len(domains) == 5 and len(facets) == 30
    sizes = big_five.membership().sum(axis=1)
    assert sorted(set(sizes)) == [2, 12]
    for facet in facets:
        keys = [item.key for item in big_five.items if item.scale == facet.name]
        assert sorted(keys) == [-1, 1]


def test_instrument_is_frozen(big_five):
    with pytest.raises(AttributeError):
        big_five.name = "other"


def test_frame_has_one_row_an_item(big_five):
    frame = big_five.to_frame()
    assert frame["item"].is_unique and len(frame) == 60
    assert set(frame["domain"]) == {s.name for s in big_five.scales if s.parent is None}


def test_unknown_name_gets_the_nearest():
    with pytest.raises(UnknownInstrumentError, match="Did you mean big-five-60"):
        pm.load_instrument("big-five-6")


def test_unknown_scale_is_refused(big_five):
    with pytest.raises(InstrumentError, match="has no scale 'warmth'"):
        big_five.scale("warmth")


# What is replaced by what, and what the error must name besides the file.
MALFORMED = {
    "not toml": ("format = 2", "format = ", ["not valid TOML", "line 1"]),
    "other format": ("format = 2", "format = 1", ["'format'", "is not 2"]),
    "no title": ('title = "Big Five 60"', "", ["[instrument]", "'title'", "missing"]),
    "empty licence": ('licence = "MIT"', 'licence = " "', ["[instrument]", "'licence'", "empty"]),
    "unknown field": ('licence = "MIT"', 'licence = "MIT"\nlisence = "x"', ["'lisence'", "not known"]),
    "misspelt scale": ('scale = "sociability"', 'scale = "sociabilty"', ["'scale'", "did you mean 'sociability'"]),
    "duplicate id": ('id = "bf60-02"', 'id = "bf60-01"', ["item 'bf60-01'", "twice"]),
    "key outside": ("key = -1", "key = 7", ["item 1 ('bf60-01')", "'key' = 7", "neither 1"]),
    "key a text": ("key = -1", 'key = "reversed"', ["item 1", "'key'", "whole number"]),
    "key true": ("key = -1", "key = true", ["item 1", "'key'", "whole number"]),
    "values not rising": ("value = 2", "value = 1", ["option 2", "'value'", "low to high"]),
    "option twice": ('text = "Disagree"', 'text = "Strongly disagree"', ["option 2", "'text'", "twice"]),
    "level unknown": ('level = "domain"', 'level = "trait"', ["scale 1", "'level' = 'trait'"]),
    "facet without parent": ('parent = "extraversion"', "", ["'parent'", "for a facet"]),
    "parent unknown": ('parent = "extraversion"', 'parent = "extroversion"', ["'parent'", "did you mean 'extraversion'"]),
    "value infinite": ("value = 5", "value = inf", ["option 5", "'value' = inf", "finite"]),
    "range not a number": ("range = [1, 5]", "range = [nan, 5]", ["scale 1", "'range'", "pair"]),
    "range of one": ("range = [1, 5]", "range = [1]", ["scale 1", "'range'", "pair"]),
    "range turned": ("range = [1, 5]", "range = [5, 1]", ["scale 1", "'range'", "below"]),
    "scale twice": ('name = "sociability"', 'name = "extraversion"', ["scale", "'extraversion'", "twice"]),
    "scale without items": ("[[items]]", '[[scales]]\nname = "x"\ntitle = "X"\nlevel = "domain"\ndefinition = "x"\nrange = [1, 5]\n\n[[items]]', ["'x' has no item"]),
    "no items": ("[[items]]", "[[entries]]", ["'items'", "missing"]),
}  # fmt: skip


@pytest.mark.parametrize("case", MALFORMED)
def test_malformed_definitions_are_refused(case, definition):
    before, after, named = MALFORMED[case]
    text = definition.read_text(encoding="utf-8")
    assert before in text
    count = -1 if case == "no items" else 1
    definition.write_text(text.replace(before, after, count), encoding="utf-8")
    with pytest.raises(DefinitionError) as caught:
        pm.load_instrument(definition)
    for part in [str(definition), "Mend:", *named]:
        assert part in str(caught.value)


def test_file_that_is_not_utf8(definition):
    definition.write_bytes(definition.read_bytes().replace(b"Big Five 60", b"Big F\xefve 60"))
    with pytest.raises(
        DefinitionError, match=r"not UTF-8 \(byte \d+ is 0xef\)[\s\S]*Save the file as UTF-8"
    ):
        pm.load_instrument(definition)


def test_missing_file():
    with pytest.raises(DefinitionError, match="No such file"):
        pm.load_instrument(Path("nowhere.toml"))


def test_keyed_extremes_reach_the_ends(big_five):
    """Answering everything in the keyed direction gives 5 in every scale, and 1 the other way."""
    members = big_five.membership()
    for end, opposite in ((5.0, 1.0), (1.0, 5.0)):
        raw = np.where(big_five.keys > 0, end, opposite)
        keyed = np.where(big_five.keys > 0, raw, 6 - raw)
        assert (members @ keyed / members.sum(axis=1) == end).all()


def test_instrument_altered_in_memory_is_not_administered(big_five):
    short = dataclasses.replace(big_five, items=big_five.items[:12])
    with pytest.raises(InstrumentError, match=r"was altered after it was read[\s\S]*of its own"):
        pm.administer(short, pm.respondents(pm.scripted_model(3.0)), quiet=True)


def test_keyed_turns_reversed_items_round(big_five):
    keyed = big_five.keyed(np.full(60, 2.0))
    assert (keyed == np.where(big_five.keys > 0, 2.0, 4.0)).all()
