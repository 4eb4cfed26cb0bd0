"""Every estimate has its row, its interval and its n."""

import math

import numpy as np
import pandas as pd
import pytest
from drawn import outside, overlaps, rows, settings, words
from matplotlib.figure import Figure

import psychometrics as pm
from psychometrics.analysis.estimate import Estimate
from psychometrics.errors import DataError
from psychometrics.report.style import COLOURS

NAN = math.nan
LONG = "the one-factor model did not converge after 500 iterations, so no loading is known"


def estimate(value, low, high, of="trust", **given):
    fields = {"name": "alpha", "n": 64, "n_unit": "respondents", "variant": "raw", "note": ""}
    fields |= given
    return Estimate(
        fields["name"], value, low, high, 0.95, fields["n"], fields["n_unit"], "Feldt's F",
        "10.1007/BF02289499", note=fields["note"], variant=fields["variant"], of=of,
    )  # fmt: skip


def points(ax):
    """Single marks, as (x, y, marker)."""
    return [
        (float(line.get_xdata()[0]), float(line.get_ydata()[0]), line.get_marker())
        for line in ax.lines
        if line.get_marker() not in ("None", "")
    ]


def spans(ax):
    """Level lines: ends by height."""
    return {
        float(line.get_ydata()[0]): tuple(line.get_xdata())
        for line in ax.lines
        if len(line.get_xdata()) == 2 and len(set(line.get_ydata())) == 1
    }


def test_values_intervals_and_n_stand_in_the_row_of_their_scale():
    found = [estimate(0.81, 0.74, 0.87), estimate(0.62, 0.5, 0.7, of="order", n=1200)]
    ax = pm.plot.forest(found)
    assert rows(ax) == ["trust", "order"]
    marks = points(ax)
    assert [x for x, _, _ in marks] == [0.81, 0.62]
    assert marks[0][1] < marks[1][1]
    assert [spans(ax)[y] for _, y, _ in marks] == [(0.74, 0.87), (0.5, 0.7)]
    assert {"n", "64", "1,200"} <= set(words(ax))
    assert "95% CI" in ax.get_xlabel() and "n counts respondents" in ax.get_xlabel()


def test_a_missing_estimate_keeps_its_row_and_says_why():
    found = [
        estimate(0.81, 0.74, 0.87),
        estimate(NAN, NAN, NAN, of="order", note=LONG),
        estimate(0.7, NAN, NAN, of="calm", note="one model"),
    ]
    ax = pm.plot.forest(found)
    assert rows(ax) == ["trust", "order", "calm"]
    assert f"missing: {LONG}" in words(ax) and "no interval: one model" in words(ax)
    assert [x for x, _, _ in points(ax)] == [0.81, 0.7]
    assert words(ax).count("64") == 3
    only = pm.plot.forest(estimate(NAN, NAN, NAN, note="one item"))
    assert words(only)[0] == "missing: one item" and only.get_xlim() == (0, 1)


def test_coefficients_of_the_same_scales_share_a_row():
    found = [
        estimate(0.6 + 0.1 * s + 0.02 * c, 0.5, 0.9, of=of, name=name, variant="")
        for s, of in enumerate(("trust", "order"))
        for c, name in enumerate(("alpha", "omega total"))
    ]
    ax = pm.plot.forest(found)
    assert rows(ax) == ["trust", "order"]
    assert [marker for _, _, marker in points(ax)] == ["o", "s", "o", "s"]
    assert len({y for _, y, _ in points(ax)}) == 4
    names = [text.get_text() for text in ax.get_legend().get_texts()]
    assert names == ["Cronbach's alpha", "Omega total"]


def test_headings_tell_the_same_coefficient_apart():
    human, model = estimate(0.8, 0.7, 0.9), estimate(0.5, 0.3, 0.6)
    ax = pm.plot.forest({"Humans": human, "Model": [model]})
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["Humans", "Model"]
    assert rows(ax) == ["trust"]


def test_the_same_coefficient_twice_is_drawn_twice():
    ax = pm.plot.forest(estimate(0.8, 0.7, 0.9), estimate(0.5, 0.3, 0.6))
    assert rows(ax) == ["trust", "trust"] and len(points(ax)) == 2


def test_several_coefficients_of_one_scale_have_a_row_each():
    ax = pm.plot.forest(estimate(0.8, 0.7, 0.9), estimate(0.7, 0.6, 0.8, name="ICC", variant="2,1"))
    assert rows(ax) == ["Cronbach's alpha (raw)", "ICC (2,1)"]
    assert ax.get_xlabel().startswith("Value of trust") and ax.get_legend() is None


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [
        ([(0.81, 0.74, 0.87)], 0.58, 0.92),
        ([(0.9, 0.8, 1.0), (0.1, 0.0, 0.2)], 0.0, 1.0),
        ([(0.5, -0.3, 0.9)], -0.32, 0.92),  # an interval beyond zero is shown
        ([(0.5, -2.5, 0.9)], 0.0, 0.92),  # but one beyond all meaning is cut
        ([(-1.5, -2.5, 0.9)], -1.52, 0.92),  # no value is
    ],
)  # fmt: skip
def test_the_axis_goes_no_further_than_it_has_to(values, low, high):
    ax = pm.plot.forest([estimate(*v, of=f"s{i}") for i, v in enumerate(values)])
    assert ax.get_xlim() == pytest.approx((low, high), abs=0.021)
    cut = [x for x, _, marker in points(ax) if marker == "<"]
    assert cut == [ax.get_xlim()[0] for v in values if v[1] < ax.get_xlim()[0]]


def test_an_unbounded_coefficient_has_an_axis_that_holds_it():
    ax = pm.plot.forest(estimate(-1.3, -2.0, 4.0, name="d", variant=""))
    assert ax.get_xlim()[0] < -2 and ax.get_xlim()[1] > 4
    assert not any(marker in "<>" for _, _, marker in points(ax))


def test_references_are_drawn_only_when_asked_for():
    found = estimate(0.81, 0.74, 0.87)
    assert not [t for t in words(pm.plot.forest(found)) if t.startswith("0.")]
    ax = pm.plot.forest(found, reference=(0.8, 0.7, 0.79))
    dashed = sorted(line.get_xdata()[0] for line in ax.lines if line.get_linestyle() == "--")
    assert dashed == [0.7, 0.79, 0.8]
    assert {"0.70", "0.79", "0.80"} <= set(words(ax)) and not overlaps(ax)


@pytest.mark.parametrize("k", [1, 3, 60])
def test_no_text_covers_another(k):
    rng = np.random.default_rng(k)
    found = [
        estimate(
            NAN if i % 7 == 2 else v, NAN if i % 5 == 1 else v - 0.1, v + 0.05, note=LONG,
            of=f"a scale with a name that is much too long {i}", n=10**i if i < 5 else i,
        )
        for i, v in enumerate(rng.uniform(0.2, 0.9, k))
    ]  # fmt: skip
    ax = pm.plot.forest(found, reference=(0.7, 0.8))
    assert not overlaps(ax) and not outside(ax)
    assert all(len(label) <= 30 for label in rows(ax))


def test_more_coefficients_than_colours_are_still_told_apart():
    found = [
        estimate(0.5, 0.4, 0.6, of=of, variant=f"form {i}")
        for of in ("a", "b")
        for i in range(len(COLOURS) + 3)
    ]
    ax = pm.plot.forest(found)
    looks = {
        (line.get_marker(), line.get_color()) for line in ax.lines if line.get_marker() != "None"
    }
    assert len(looks) == len(COLOURS) + 3


def test_correlations_can_be_given_and_units_are_told_where_they_differ():
    x = np.random.default_rng(0).normal(size=(40, 3))
    ax = pm.plot.forest(pm.correlations(pd.DataFrame(x, columns=list("abc"))))
    assert rows(ax) == ["a with b", "a with c", "b with c"]
    ax = pm.plot.forest(estimate(0.5, 0.4, 0.6), estimate(0.5, 0.4, 0.6, of="x", n_unit="items"))
    assert {"64 respondents", "64 items"} <= set(words(ax))


def test_nothing_to_draw_is_an_error_with_its_mend():
    for nothing in ((), ([],), ({},)):
        with pytest.raises(DataError, match="no estimate to draw") as error:
            pm.plot.forest(*nothing)
        assert "Give an estimate" in error.value.mend
    with pytest.raises(DataError, match="A str cannot be drawn"):
        pm.plot.forest("alpha")


def test_given_axes_are_used_and_no_setting_is_changed():
    before = settings()
    ax = Figure(figsize=(3, 3)).add_subplot()
    assert pm.plot.forest(estimate(0.5, 0.4, 0.6, note="x"), ax=ax) is ax
    assert settings() == before
