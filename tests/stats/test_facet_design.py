"""Design strings, and the effects that Brennan lists for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psychometrics.stats.facet_design import FacetDesign, parse_design


def effects(text: str) -> set[str]:
    return {"".join(sorted(effect)) for effect in parse_design(text).effects}


# Brennan (2001), chapter 3: the effects of the two- and three-facet designs, as index sets.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("p x i", "p i ip"),
        ("i:p", "p ip"),
        ("p x i x h", "p i h ip hp hi hip"),
        ("p x (i:h)", "p h hi hp hip"),
        ("(i:p) x h", "p h ip hp hip"),
        ("i:(p x h)", "p h hp hip"),
        ("(i x h):p", "p ip hp hip"),
        ("i:h:p", "p hp hip"),
        ("(i:h):p", "p hp hip"),
        ("p:c x i x o", "c i o cp ci co io cip cop cio ciop"),
    ],
)
def test_effects_of_the_designs_in_the_book(text, expected):
    assert effects(text) == {"".join(sorted(e)) for e in expected.split()}


@pytest.mark.parametrize("sign", [" x ", "×", "*", " X ", " × "])
def test_signs_of_crossing_mean_the_same(sign):
    design = parse_design(f"person{sign}item")
    assert design == parse_design("person x item")
    assert str(design) == "person x item"


def test_the_colon_binds_tighter_than_the_cross():
    assert parse_design("item:scale x person") == parse_design("(item:scale) x person")
    assert parse_design("item:scale x person") != parse_design("item:(scale x person)")


def test_names_with_an_x_in_them_are_names():
    assert parse_design("extra x x_1 x box").facets == ("extra", "x_1", "box")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the name of a facet is missing at the end"),
        ("person x", "missing at the end"),
        ("x item", "missing before '×'"),
        ("person x (item", r"a '\)' is missing"),
        ("person x item)", r"a '\)' too many"),
        ("person item", "no x or : before 'item'"),
        ("person x ()", r"missing before '\)'"),
        ("person + item", r"'\+' in 'person \+ item' is neither"),
        ("person x person", "facet 'person' stands twice"),
        ("person:person", "facet 'person' stands twice"),
        ("(a x b):(c x a)", "facet 'a' stands twice"),
        ("person x residual", "cannot be called 'residual'"),
        ("person x 3items", "'3' in"),
    ],
)
def test_faults_are_named(text, message):
    with pytest.raises(ValueError, match=message):
        parse_design(text)


def test_an_unknown_facet_is_refused_with_those_there_are():
    design = parse_design("person x item")
    with pytest.raises(ValueError, match="object='model' is not a facet; there are person, item"):
        design.check("model", what="object")
    with pytest.raises(ValueError, match="'model' is not a facet"):
        design.closure("model")


def test_a_dropped_facet_leaves_the_rest_nested_as_it_was():
    design = parse_design("person x rater:task:school")
    assert design.without(["task"]) == parse_design("person x rater:school")


@st.composite
def designs(draw) -> FacetDesign:
    """Two to five facets, each crossed with what was drawn so far or nested in a part of it."""
    names = ["a", "b", "c", "d", "e"][: draw(st.integers(2, 5))]
    text = names[0]
    for name in names[1:]:
        text = draw(st.sampled_from([f"{text} x {name}", f"{name}:({text})", f"({text}):{name}"]))
    return parse_design(text)


@given(designs())
def test_effects_are_closed_under_nesting_and_named_apart(design):
    for effect in design.effects:
        assert all(design.closure(facet) <= effect for facet in effect)
        assert parse_design(design.name(effect)).whole == effect
    assert len(set(design.names)) == len(design.effects)
    assert design.effects[-1] == design.whole
    assert set(parse_design(str(design)).effects) == set(design.effects)
