"""From estimates to a table: what stands where, and that nothing stands without its interval."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from psychometrics.analysis.estimate import Estimate
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.source import Source
from psychometrics.errors import DataError
from psychometrics.report.estimate_table import table
from psychometrics.report.table import Table

NAN = float("nan")
FELDT = "10.1007/BF02289499"
SCALES = ("trust", "order", "warmth")


def estimate(name="alpha", value=0.81, low=0.74, high=0.87, **more) -> Estimate:
    fields = {"conf_level": 0.95, "n": 64, "n_unit": "respondents", "method": "Feldt's F interval"}
    fields |= {
        "reference": FELDT,
        "of": "trust",
        "source": Source("big-five-60 1.0", "0123456789ab"),
    }
    return Estimate(name, value, low, high, **(fields | more))


@pytest.fixture
def alphas() -> Estimates:
    return Estimates(tuple(estimate(variant="raw", of=scale) for scale in SCALES))


@pytest.fixture
def omegas() -> Estimates:
    more = {"method": "delta method", "reference": "10.1007/BF02291393"}
    return Estimates(tuple(estimate("omega total", 0.83, of=s, **more) for s in SCALES))


def test_one_coefficient_names_its_column(alphas):
    found = table(alphas)
    assert [c.label for c in found.columns] == ["", "Cronbach's alpha (raw)", "95% CI", "n"]
    assert found.to_frame().iloc[0].tolist() == ["trust", ".81", "[.74, .87]", "64"]
    assert found.notes == ("n counts respondents.", "Feldt's F interval (Feldt, 1965).")
    assert found.source.startswith("big-five-60 1.0, run 0123456789ab; lm-psychometrics")


def test_many_scales_of_the_same_coefficients_are_wide(alphas, omegas):
    found = table(alphas, omegas)
    assert found.names == ("of", "Cronbach's alpha (raw)", "omega total")
    assert found.to_frame().iloc[1].tolist() == ["order", ".81 [.74, .87]", ".83 [.74, .87]"]
    assert "n = 64 respondents." in found.notes
    assert "Values with 95% confidence intervals." in found.notes
    assert [note for c in found.columns for note in c.notes] == [
        "Feldt's F interval (Feldt, 1965).", "Delta method (Jöreskog, 1971).",
    ]  # fmt: skip
    assert table([*alphas, *omegas]) == found
    assert table(alphas, omegas, layout="long").names == ("of", "value", "interval", "n")


def test_variants_stand_side_by_side_under_a_spanner(alphas, omegas):
    other = [replace(one, variant="standardised") for one in alphas]
    found = table(alphas, omegas, other)
    assert found.spans() == [("", 1), ("Cronbach's alpha", 2), ("", 1)]
    assert [c.label for c in found.columns] == ["", "Raw", "Standardised", "Omega total"]


def test_two_scales_or_other_units_are_long(alphas, omegas):
    assert "interval" in table(alphas[:2], omegas[:2]).names
    others = [replace(one, n=50) for one in omegas]
    assert "interval" in table(alphas, others).names
    wide = table(alphas, others, layout="wide")
    assert "n = 50 respondents." in wide.footnotes


def test_units_that_differ_between_scales_get_a_column(alphas, omegas):
    ns = (60, 61, 62)
    parts = [[replace(e, n=n) for e, n in zip(part, ns, strict=True)] for part in (alphas, omegas)]
    assert table(*parts).to_frame()["n"].tolist() == [f"{n} respondents" for n in ns]


def test_a_wide_table_says_what_was_not_computed(alphas, omegas):
    found = table(alphas, omegas[:2], layout="wide")
    assert found.rows[2].cells[2].text == "—"
    assert "Not computed." in found.footnotes


def test_parts_are_groups_called_by_what_they_share(alphas, omegas):
    found = table(alphas, omegas, layout="long")
    assert [label for label, _ in found.groups()] == ["Cronbach's alpha (raw)", "Omega total"]
    one = table([alphas[0], omegas[0]])
    assert [label for label, _ in one.groups()] == ["trust"]
    assert one.names == ("coefficient", "value", "interval", "n")
    named = table({"Humans": alphas[0], "Model": alphas[0]})
    assert [label for label, _ in named.groups()] == ["Humans", "Model"]
    wide = table({"Humans": [*alphas, *omegas], "Model": [*alphas, *omegas]})
    assert [label for label, _ in wide.groups()] == ["Humans", "Model"]
    assert len(wide.columns) == 3


def test_methods_that_differ_are_footnotes(alphas, omegas):
    found = table([alphas[0], omegas[0]])
    assert list(found.footnotes) == [
        "Feldt's F interval (Feldt, 1965).", "Delta method (Jöreskog, 1971).",
    ]  # fmt: skip


def test_what_is_missing_is_a_dash_with_its_reason():
    gone = estimate(value=NAN, low=NAN, high=NAN, note="one item")
    half = estimate(low=NAN, high=NAN, note="n < 3")
    silent = estimate(low=NAN, high=NAN)
    limit = estimate(note="at its limit")
    found = table([gone, half, silent, limit])
    value, interval = found.names.index("value"), found.names.index("interval")
    cells = [(row.cells[value], row.cells[interval]) for row in found.rows]
    assert [(v.text, i.text) for v, i in cells] == [
        ("—", "—"), (".81", "—"), (".81", "—"), (".81", "[.74, .87]"),
    ]  # fmt: skip
    assert [i.notes for _, i in cells[:3]] == [
        ("One item.",), ("n < 3.",), ("The method gives no interval.",),
    ]  # fmt: skip
    assert cells[3][0].notes == ("At its limit.",)


def test_no_star_without_its_interval():
    found = table(
        [
            estimate("d", 0.5, 0.2, 0.8), estimate("d", 0.5, -0.2, 0.8), estimate("d", -0.5, -0.8, -0.2),
            estimate("d", 0.5, NAN, NAN, note="one group"), estimate("d", NAN, NAN, NAN, note="none"),
        ],
        stars=True,
    )  # fmt: skip
    assert found.to_frame()["value"].tolist() == [
        "0.50* [0.20, 0.80]", "0.50 [−0.20, 0.80]", "−0.50* [−0.80, −0.20]", "0.50 —", "—",
    ]  # fmt: skip
    assert "interval" not in found.names  # they share a cell, so that no method parts them
    assert "* The 95% interval excludes 0." in found.notes
    assert "One group." in found.footnotes


def test_stars_in_a_wide_table(alphas, omegas):
    found = table(alphas, omegas, stars=True)
    assert found.rows[0].cells[1].text == ".81* [.74, .87]"


def test_levels_that_differ_stand_with_the_interval(alphas):
    found = table([alphas[0], replace(alphas[1], conf_level=0.9)])
    assert found.to_frame()["interval"].tolist() == ["95% [.74, .87]", "90% [.74, .87]"]


def test_units_that_differ_stand_with_their_number(alphas):
    found = table([alphas[0], replace(alphas[1], n=1, n_unit="items")])
    assert found.to_frame()["n"].tolist() == ["64 respondents", "1 item"]


def test_p_values_get_a_column_where_there_are_any(alphas):
    found = table(
        [replace(alphas[0], p_value=0.0004), replace(alphas[1], p_value=0.0313), alphas[2]]
    )
    assert found.to_frame()["p"].tolist() == ["< .001", ".031", "—"]
    assert "p" not in table(alphas).names


@pytest.mark.parametrize(
    ("name", "numbers", "leading", "text"),
    [
        ("alpha", (0.81, 0.7, 0.9), None, ".81"),
        ("alpha", (-0.12, -0.4, 0.9), None, "−.12"),
        ("alpha", (1.0, 0.9, 1.0), None, "1.00"),
        ("alpha", (0.5, -1.3, 0.9), None, "0.50"),  # raw alpha has no lower bound
        ("alpha", (0.81, 0.7, 0.9), True, "0.81"),
        ("intraclass correlation", (0.81, 0.7, 0.9), None, ".81"),
        ("Cohen's kappa", (0.81, 0.7, 0.9), None, ".81"),
        ("difference of correlations", (0.81, 0.7, 0.9), None, "0.81"),
        ("d", (0.81, 0.7, 0.9), None, "0.81"),
        ("d", (0.81, 0.7, 0.9), False, ".81"),
        ("variance of order", (0.81, 0.7, 0.9), None, "0.81"),
        ("something else", (0.81, 0.7, 0.9), None, "0.81"),
    ],
)
def test_the_zero_before_the_point(name, numbers, leading, text):
    found = table(estimate(name, *numbers), leading_zero=leading)
    assert found.to_frame()["value"].tolist() == [text]


def test_digits(alphas):
    assert table(alphas, digits=3).to_frame()["interval"][0] == "[.740, .870]"


def test_things_that_know_their_estimates_or_their_table(alphas):
    class Study:
        def to_estimates(self):
            return alphas

    class Grid:
        def to_table(self):
            return Table.from_rows(["a"], [["x"]])

    assert table(Study()) == table(alphas)
    assert table(Grid(), title="T").title == "T"
    stacked = table({"One": Grid(), "Two": Grid()})
    assert [(label, len(rows)) for label, rows in stacked.groups()] == [("One", 1), ("Two", 1)]


def test_a_frame_becomes_a_table():
    frame = pd.DataFrame(
        {("Humans", "M"): [3.25, np.nan], ("Humans", "n"): [1200, -3], ("", "ok"): [True, None]},
        index=pd.Index(["trust", "order"], name="Scale"),
    )
    found = table(frame, digits=1)
    assert found.to_frame().to_numpy().tolist() == [
        ["trust", "3.2", "1,200", "True"], ["order", "—", "−3", "—"],
    ]  # fmt: skip
    assert found.spans() == [("", 1), ("Humans", 2), ("", 1)]
    assert found.footnotes == {"Missing in the data.": "a"}
    assert [c.numeric for c in found.columns] == [False, True, True, False]
    assert table(pd.DataFrame({"a": [1]})).names == ("a",)
    two = pd.DataFrame({"a": [1]}, index=pd.MultiIndex.from_tuples([("x", "y")]))
    assert table(two).names == ("row 1", "row 2", "a")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda e: table(), "nothing to put into a table"),
        (lambda e: table([]), "nothing to put into a table"),
        (lambda e: table(3), "int cannot be put"),
        (lambda e: table("alpha"), "str cannot be put"),
        (lambda e: table([e, 3]), "int cannot be put"),
        (lambda e: table(e, layout="tall"), "no layout 'tall'"),
        (lambda e: table(e, e, layout="wide"), "do not fit into a wide table"),
        (lambda e: table(e, pd.DataFrame({"a": [1]})), "do not fit into one table"),
        (lambda e: table(pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [1]})), "not fit into one"),
        (lambda e: table(pd.DataFrame()), "no column"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(make, message):
    with pytest.raises(DataError, match=message) as refused:
        make(estimate())
    assert refused.value.mend
