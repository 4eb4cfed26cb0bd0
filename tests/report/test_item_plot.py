"""Answers, means and correlations stand in the row of their item."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from drawn import outside, overlaps, rows, settings, words
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

import psychometrics as pm
from psychometrics.errors import DataError


def answered(k=8, n=80, name="q"):
    """Of two scales; the third item is turned round."""
    rng = np.random.default_rng(3)
    x = np.clip(np.round(3 + rng.normal(size=(n, 1)) + rng.normal(size=(n, k))), 1, 5)
    x[:, 2] = 6 - x[:, 2]
    return pd.DataFrame(x, columns=[f"{name}{i}" for i in range(k)])


def analysed(frame, **given):
    half = len(frame.columns) // 2
    scales = {"trust": list(frame.columns[:half]), "order": list(frame.columns[half:])}
    return pm.item_analysis(pm.item_table(frame, scales=scales, **given))


@pytest.fixture(scope="module")
def found():
    return analysed(answered(), limits=(1, 5))


@pytest.fixture(scope="module")
def gappy():
    """An item that nobody answered, one that does not vary, one that some left out."""
    frame = answered()
    frame["q5"], frame["q7"] = 3.0, np.nan
    frame.loc[:19, "q1"] = np.nan
    return analysed(frame, limits=(1, 5))


def correlations(ax):
    """Marks at the right: (r, row, marker, filling)."""
    (inset,) = ax.child_axes
    return {
        int(row): (r, line.get_marker(), line.get_markerfacecolor())
        for line in inset.lines
        if line.get_marker() != "None"
        for r, row in zip(*line.get_data(), strict=True)
    }


def test_bars_are_the_shares_of_the_answers(found):
    ax = pm.plot.items(found)
    widths = np.array([bar.get_width() for bar in ax.patches]).reshape(5, 8).T
    assert widths == pytest.approx(found.shares.to_numpy())
    assert rows(ax) == found.frame["item"].tolist()
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["1", "2", "3", "4", "5"]
    # The higher the answer, the darker in grey.
    shades = [sum(to_rgb(ax.patches[8 * i].get_facecolor()[:3])) for i in range(5)]
    assert shades == sorted(shades, reverse=True) and len(set(shades)) == 5


def test_means_and_correlations_are_those_of_the_table(found):
    ax = pm.plot.items(found)
    assert [f"{x:.2f}" for x in found.frame["mean"]] == [t for t in words(ax) if "." in t]
    marks = correlations(ax)
    assert [marks[i][0] for i in range(8)] == pytest.approx(found.frame["item_rest"].tolist())
    spans = sorted(
        (segment[0][1], segment[0][0], segment[1][0])
        for lines in ax.child_axes[0].collections
        for segment in lines.get_segments()
    )
    assert np.array(spans)[:, 1:] == pytest.approx(
        found.frame[["item_rest_low", "item_rest_high"]].to_numpy()
    )
    assert ax.child_axes[0].get_xlabel() == "Item-rest r\n95% CI"


def test_a_key_that_looks_wrong_is_marked_without_colour(found):
    assert found.suspects == ("q2",)
    ax = pm.plot.items(found)
    marks = correlations(ax)
    assert marks[2][1] == "s" and marks[2][2] == "white" and marks[2][0] < 0
    assert {marks[i][1] for i in range(8) if i != 2} == {"o"}
    assert words(ax.child_axes[0]) == ["check key"]


def test_what_is_missing_says_so(gappy):
    ax = pm.plot.items(gappy)
    assert "no answer" in words(ax) and "—" in words(ax)
    texts = words(ax.child_axes[0])
    assert "answers do not vary" in texts and "not estimated" in texts
    assert {"n", "60", "80", "0"} <= set(words(ax))
    assert not overlaps(ax)


def test_n_is_shown_only_where_it_differs(found, gappy):
    assert "n" not in words(pm.plot.items(found)) and "n" in words(pm.plot.items(gappy))


def test_scales_are_named_if_there_are_several(found):
    assert {"trust", "order"} <= set(words(pm.plot.items(found)))
    one = dataclasses.replace(found, frame=found.frame.assign(scale="trust"))
    assert "trust" not in words(pm.plot.items(one))


def test_without_categories_means_and_their_spread_are_drawn():
    found = pm.item_analysis(answered())
    assert found.shares is None
    ax = pm.plot.items(found)
    assert not ax.patches and ax.get_legend() is None
    (means,) = (line for line in ax.lines if line.get_marker() == "o")
    assert means.get_xdata().tolist() == found.frame["mean"].tolist()
    ends = np.array([s[:, 0] for s in ax.collections[0].get_segments()])
    assert np.diff(ends).ravel() == pytest.approx(2 * found.frame["sd"].to_numpy())
    assert ends.max() < ax.get_xlim()[0] + 0.43 * np.diff(ax.get_xlim())[0]
    assert not overlaps(ax) and not outside(ax)


@pytest.mark.parametrize("k", [4, 60])
def test_no_text_covers_another(k):
    frame = answered(k, name="an item whose id is long $x$ ")
    frame.iloc[:9, 1] = np.nan
    ax = pm.plot.items(analysed(frame, limits=(1, 5)))
    assert not overlaps(ax) and not outside(ax)
    assert len(rows(ax)) == k


def test_one_item_is_drawn(found):
    ax = pm.plot.items(dataclasses.replace(found, frame=found.frame.head(1)))
    assert rows(ax) == ["q0"] and len(correlations(ax)) == 1
    assert not overlaps(ax) and not outside(ax)


def test_of_many_categories_three_are_named(found):
    options = np.arange(0, 101, dtype=float)
    shares = pd.DataFrame(1 / 101, index=found.shares.index, columns=options)
    ax = pm.plot.items(dataclasses.replace(found, shares=shares))
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["0", "50", "100"]
    assert to_hex(ax.patches[-1].get_facecolor()) == "#08306b"


def test_no_item_is_an_error_with_its_mend(found):
    with pytest.raises(DataError, match="no item to draw") as error:
        pm.plot.items(dataclasses.replace(found, frame=found.frame.head(0)))
    assert "at least one item" in error.value.mend


def test_given_axes_are_used_and_no_setting_is_changed(found):
    before = settings()
    ax = Figure().add_subplot()
    assert pm.plot.items(found, ax=ax) is ax
    assert settings() == before
