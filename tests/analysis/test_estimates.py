import dataclasses

import numpy as np
import pytest

import psychometrics as pm
from psychometrics.errors import DataError

ONE = pm.Estimate(
    "alpha", 0.8, 0.7, 0.9, 0.95, 60, "respondents", "Feldt", "", variant="raw", of="s"
)


@pytest.fixture
def found():
    other = dataclasses.replace(ONE, name="omega total", value=0.82)
    third = dataclasses.replace(ONE, of="t", note="three items")
    return pm.Estimates((ONE, other, third))


def test_taken_by_number_name_scale_and_both(found):
    assert found[0] is ONE and found[np.int64(1)].name == "omega total" and found[-1].of == "t"
    assert found["t"].note == "three items" and found["omega total"].value == 0.82
    assert found["s", "alpha"] is ONE and found["alpha (raw) of s"] is ONE
    assert len(found[1:]) == 2 and len(found + ONE) == 4


def test_what_is_not_one_is_told_with_labels_that_work(found):
    with pytest.raises(DataError, match="2 of these estimates are called 's'") as caught:
        found["s"]
    assert "alpha (raw) of s; omega total (raw) of s" in caught.value.mend
    with pytest.raises(DataError, match="0 of these estimates are called 'u' and 'alpha'"):
        found["u", "alpha"]
    with pytest.raises(IndexError):
        found[7]


def test_labels_that_are_not_unique_come_with_their_numbers(found):
    wider = dataclasses.replace(ONE, conf_level=0.99)
    with pytest.raises(DataError) as caught:
        (found + wider)["s", "alpha"]
    assert "alpha (raw) of s (number 0); alpha (raw) of s (number 3)" in caught.value.mend
    assert (found + wider)[3].conf_level == 0.99


def test_variants_with_two_names_are_taken_by_either(found):
    two = dataclasses.replace(ONE, name="intraclass correlation", variant="ICC(2,1), ICC(A,1)")
    several = pm.Estimates((two, dataclasses.replace(two, of="t"), ONE))
    for variant in ("ICC(2,1)", "ICC(A,1)", "ICC(2,1), ICC(A,1)"):
        assert several["t", variant].of == "t"
    with pytest.raises(DataError, match="0 of these"):
        several[""]


def test_notes_stand_once_below(found):
    text = repr(found + dataclasses.replace(ONE, of="u", note="three items"))
    assert text.count("three items") == 1 and text.count("[1]") == 3
    assert repr(ONE) == "alpha (raw) of s = 0.800 [0.700, 0.900], n = 60 respondents"
    assert repr(found[2]).endswith("(three items)")
    assert "three items" in found._repr_html_()


def test_nothing_is_a_frame_without_rows():
    assert pm.Estimates(()).to_frame().empty
