"""Designs: crossing, labels, wordings."""

import pytest

import psychometrics as pm
from psychometrics.designs.labels import presented_labels
from psychometrics.designs.orders import option_orders
from psychometrics.designs.wordings import WORDINGS, wordings
from psychometrics.errors import DesignError


def test_default_permutes():
    conditions = pm.design().conditions(5)
    assert len({c.order for c in conditions}) == 10


def test_facets_are_crossed():
    conditions = pm.design(labels=["digits", "letters"], wording=3).conditions(4)
    assert len(conditions) == 4 * 2 * 3
    assert len({c.name for c in conditions}) == 24


def test_repeated_levels_count_once():
    assert pm.design(labels=["digits", "digits"]).labels == ("digits",)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"labels": "roman"}, "'roman'"),
        ({"wording": 4}, "wording=4"),
        ({"wording": 0}, "wording=0"),
        ({"wording": ["plain", "curt"]}, "'curt'"),
        ({"option_order": "mixed"}, "'mixed'"),
        ({"option_order": None}, "None"),
        ({"labels": []}, "labels is empty"),
        ({"wording": 2.0}, "wording=2.0"),
    ],
)
def test_unknown_levels(options, named):
    with pytest.raises(DesignError, match=named):
        pm.design(**options)


def test_labels_belong_to_positions():
    assert presented_labels("digits", ["x"] * 10) == tuple(
        ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"]
    )
    assert presented_labels("text", ["No", "Yes"]) == ("No", "Yes")
    with pytest.raises(DesignError, match="27 options"):
        presented_labels("letters", ["x"] * 27)


def test_three_wordings_hold_statement_options_and_label():
    for wording in wordings(3):
        text = wording.of("statement").format(
            instructions="<I>", stem="<S>", options="<O>", label="<L>"
        )
        assert all(text.count(part) == 1 for part in ("<I>", "<S>", "<O>", "<L>"))


PARTS = {
    "statement": {"stem": "<S>"},
    "pair": {"first": "<1>", "second": "<2>"},
    "scenario": {"situation": "<S>", "question": "<Q>"},
}


@pytest.mark.parametrize("wording", WORDINGS, ids=lambda wording: wording.name)
@pytest.mark.parametrize("form", PARTS)
def test_every_wording_holds_all_of_an_item_or_says_for_which_it_is(wording, form):
    if form not in wording.items:
        with pytest.raises(DesignError, match=r"is for scenario items[\s\S]*Use one of: plain"):
            wording.of(form)
        return
    text = wording.of(form).format(instructions="<I>", options="<O>", label="<L>", **PARTS[form])
    assert all(text.count(part) == 1 for part in ["<O>", *PARTS[form].values()])


@pytest.mark.parametrize("k", range(2, 8))
def test_latin_orders_put_every_option_in_every_position_once(k):
    orders = option_orders("latin", k, 0)
    assert len(orders) == k
    assert all(len(set(column)) == k for column in zip(*orders, strict=True))


def test_graded_options_are_not_paired(big_five):
    with pytest.raises(DesignError, match="those of big-five-60 are graded"):
        pm.administer(
            big_five,
            pm.respondents(pm.scripted_model(3.0)),
            pm.design(option_order="paired"),
            quiet=True,
        )


def test_paired_orders_alternate_and_swap():
    assert option_orders("paired", 4, 0) == ((2, 0, 3, 1), (0, 2, 1, 3))
    with pytest.raises(DesignError, match="even number of options, not 5"):
        pm.design(option_order="paired").conditions(5)
