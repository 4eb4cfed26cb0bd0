"""Bars are the components, negative ones are seen, and what is missing says why."""

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest
from drawn import outside, overlaps, rows, settings, words
from matplotlib.figure import Figure

import psychometrics as pm
from psychometrics.errors import DataError
from psychometrics.stats.variance_components import variance_components


def studied(shape, names, seed=0, lost=0.0):
    """Effects of the first two facets, and noise."""
    rng = np.random.default_rng(seed)
    at = np.indices(shape)
    y = rng.normal(size=shape[0])[at[0]] + 0.6 * rng.normal(size=shape[1])[at[1]]
    y = (y + 0.5 * rng.normal(size=shape)).ravel()
    y[rng.random(len(y)) < lost] = np.nan
    codes = dict(zip(names, (i.ravel() for i in at), strict=True))
    return variance_components(y, codes, " x ".join(names))


@pytest.fixture(scope="module")
def found():
    return studied((30, 8, 3), ("respondent", "item", "wording"))


@pytest.fixture(scope="module")
def negative():
    """Two answers of a person that go against each other."""
    rng = np.random.default_rng(5)
    y = rng.normal(size=(20, 2))
    y -= 0.9 * y.mean(axis=1, keepdims=True)
    at = np.indices(y.shape)
    codes = {"person": at[0].ravel(), "item": at[1].ravel()}
    return variance_components(y.ravel(), codes, "person x item")


def bars(ax):
    """Ends of the bars by row."""
    return {
        round(bar.get_y() + bar.get_height() / 2): bar.get_x() + bar.get_width()
        if bar.get_width() >= 0
        else bar.get_x()
        for bar in ax.patches
    }


def caption(ax):
    return ax.get_xlabel().replace("\n", " ")


def test_bars_and_intervals_are_the_components(found):
    ax = pm.plot.variance_components(found)
    assert rows(ax) == [term.replace(" x ", " × ") for term in found.terms]
    widths = [bar.get_width() for bar in ax.patches]
    assert widths == pytest.approx(found.raw.tolist())
    edge = ax.get_xlim()[1]
    lines = [line for line in ax.lines if len(line.get_xdata()) == 2 and line.get_ydata()[0] >= 0]
    spans = {
        round(x.get_ydata()[0]): list(x.get_xdata()) for x in lines if len(set(x.get_ydata())) == 1
    }
    assert spans == {i: [c.low, min(c.high, edge)] for i, c in enumerate(found.intervals)}
    assert "95% CI; n = 720 observations" in caption(ax)


def test_shares_and_levels_stand_beside(found):
    text = words(pm.plot.variance_components(found))
    assert {"Share", "Levels", "30", "8", "3", "30 × 8", "30 × 8 × 3"} <= set(text)
    assert f"{100 * found.shares[0]:.0f}%" in text
    shares = [t for t in text if t.endswith("%")]
    assert [s == "0%" for s in shares] == (found.shares == 0).tolist()


def test_an_interval_beyond_the_axis_ends_in_an_arrow_head(found):
    far = dataclasses.replace(found.intervals[2], high=100.0)
    wide = dataclasses.replace(found, intervals=(*found.intervals[:2], far, *found.intervals[3:]))
    ax = pm.plot.variance_components(wide)
    heads = [line for line in ax.lines if line.get_marker() == ">"]
    assert [line.get_ydata()[0] for line in heads] == [2]
    assert ax.get_xlim()[1] < 3 * found.values.max()


def test_a_negative_estimate_is_drawn_as_such(negative):
    assert negative.raw[0] < 0 == negative.values[0]
    ax = pm.plot.variance_components(negative)
    hatched = [bar for bar in ax.patches if bar.get_hatch()]
    assert [bar.get_width() for bar in hatched] == negative.raw[negative.raw < 0].tolist()
    assert ax.get_xlim()[0] < negative.raw.min()
    assert "hatched: estimate below zero; residual: person × item and error" in caption(ax)
    assert "hatched" not in caption(pm.plot.variance_components(studied((9, 4), ("p", "i"))))


def test_the_note_is_told_whatever_its_words(negative):
    told = caption(pm.plot.variance_components(negative))
    assert "negative, set to zero" in negative.note and "set to zero" not in told
    other = dataclasses.replace(negative, note="residual and negative parts: look here")
    assert "residual and negative parts: look here" in caption(pm.plot.variance_components(other))


def test_names_of_facets_are_words():
    ax = pm.plot.variance_components(studied((12, 4, 3), ("respondent", "item", "option_order")))
    assert "option order" in rows(ax) and not any("_" in row for row in rows(ax))


def test_what_cannot_be_estimated_says_why():
    ax = pm.plot.variance_components(studied((20, 6, 1), ("person", "item", "order")))
    assert words(ax).count("not estimated") == 4
    assert "ᵃ a facet has one level" in caption(ax)
    assert [label for label in rows(ax) if label.endswith("ᵃ")] == [
        "orderᵃ", "person × itemᵃ", "person × orderᵃ", "item × orderᵃ",
    ]  # fmt: skip


def test_no_interval_is_said():
    found = studied((30, 8), ("person", "item"))
    nan = float("nan")
    bare = tuple(dataclasses.replace(c, low=nan, high=nan, note="df < 1") for c in found.intervals)
    ax = pm.plot.variance_components(dataclasses.replace(found, intervals=bare))
    assert words(ax).count("no interval") == 3
    assert "ᵃ df < 1" in caption(ax) and "CI" not in caption(ax)
    assert not overlaps(ax)


def test_missing_observations_and_equal_ones_are_told():
    lost = studied((20, 6), ("person", "item"), lost=0.1)
    assert f"{lost.n_missing} missing observations" in caption(pm.plot.variance_components(lost))
    codes = {"p": np.repeat(np.arange(20), 3), "i": np.tile(np.arange(3), 20)}
    equal = pm.plot.variance_components(variance_components(np.ones(60), codes, "p x i"))
    assert "all observations are equal" in caption(equal)
    assert set(bars(equal).values()) == {0.0}


@pytest.mark.parametrize("shape", [(12,), (20, 3), (30, 8, 3), (9, 6, 4, 3, 2)])
def test_no_text_covers_another(shape):
    names = ("respondent", "item", "option_order", "wording", "occasion")[: len(shape)]
    if len(shape) == 1:
        y = np.random.default_rng(0).normal(size=12)
        found = variance_components(y, {"respondent": np.arange(12)}, "respondent")
    else:
        found = studied(shape, names)
    ax = pm.plot.variance_components(found)
    assert not overlaps(ax) and not outside(ax)
    assert len(rows(ax)) == len(set(rows(ax))) == len(found.terms)


def test_a_study_that_holds_components_is_drawn_too(found):
    study = SimpleNamespace(components=found)
    assert bars(pm.plot.variance_components(study)) == bars(pm.plot.variance_components(found))


def test_no_component_is_an_error_with_its_mend(found):
    with pytest.raises(DataError, match="no variance component to draw") as error:
        pm.plot.variance_components(dataclasses.replace(found, terms=(), intervals=()))
    assert "design" in error.value.mend


def test_given_axes_are_used_and_no_setting_is_changed(found):
    before = settings()
    ax = Figure().add_subplot()
    assert pm.plot.variance_components(found, ax=ax) is ax
    assert settings() == before
