"""Every pair has its cell, and its sign, interval and absence can be seen without colour."""

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
from drawn import outside, overlaps, rows, settings, words
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Circle

import psychometrics as pm
from psychometrics.errors import DataError
from psychometrics.report.style import INK

NAMES = ["Honesty", "Emotionality", "Extraversion", "Agreeableness", "Openness"]


def columns(k=5, n=60):
    rng = np.random.default_rng(3)
    x = rng.normal(size=(n, 1)) * np.where(np.arange(k) % 2, -1, 1) + rng.normal(size=(n, k)) * 1.5
    names = NAMES if k == 5 else [f"a facet whose name is too long {i}" for i in range(k)]
    return pd.DataFrame(x, columns=names)


@pytest.fixture(scope="module")
def found():
    """With a constant column, and one that is another turned round."""
    x = columns()
    x["Openness"] = 3.0
    x["Agreeableness"] = -x["Extraversion"]
    return pm.correlations(x)


def cells(ax):
    """Patches by row and column, counted from 0."""
    places = {}
    for patch in ax.patches:
        box = patch.get_extents().transformed(ax.transData.inverted())
        places[round((box.y0 + box.y1) / 2) - 1, round((box.x0 + box.x1) / 2) - 1] = patch
    return places


def grey(colour):
    red, green, blue = to_rgb(colour)
    return 0.299 * red + 0.587 * green + 0.114 * blue


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_the_lower_triangle_with_its_numbers(found):
    ax = pm.plot.correlations(found)
    assert sorted(cells(ax)) == [(i, j) for i in range(5) for j in range(i)]
    numbers = {
        (round(t.get_position()[1]) - 1, round(t.get_position()[0]) - 1): t.get_text()
        for t in ax.texts
        if "." in t.get_text() and "n =" not in t.get_text()
    }
    r = found.matrix.r
    for (i, j), text in numbers.items():
        assert float(text.replace("−", "-")) == pytest.approx(r[i, j], abs=0.0051)
    assert len(numbers) == 6 and numbers[3, 2] == "−1.00"
    assert rows(ax) == [f"{name}  {i}" for i, name in enumerate(NAMES, 1)]
    assert "Pearson's r, n = 60 respondents" in words(ax)


def test_sign_interval_and_absence_are_seen_without_colour(found):
    ax = pm.plot.correlations(found)
    r, low, high = found.matrix.r, found.matrix.low, found.matrix.high
    for (i, j), patch in cells(ax).items():
        assert bool(patch.get_hatch()) == math.isnan(r[i, j])
        if math.isnan(r[i, j]):
            continue
        assert isinstance(patch, Circle) == (r[i, j] < 0)
        marked = to_hex(patch.get_edgecolor()) == INK and patch.get_linestyle() in ("-", "solid")
        assert marked == bool(low[i, j] > 0 or high[i, j] < 0)
    assert legend(ax) == [
        "positive", "negative", "95% interval excludes zero", "no interval", "not estimated",
    ]  # fmt: skip


def test_the_stronger_the_darker_in_grey(found):
    ax = pm.plot.correlations(found)
    r = found.matrix.r
    shades = sorted(
        (abs(r[i, j]), -grey(patch.get_facecolor()[:3]))
        for (i, j), patch in cells(ax).items()
        if not math.isnan(r[i, j])
    )
    of_sign = [s for sign in (-1, 1) for s in [[
        (abs(r[i, j]), -grey(p.get_facecolor()[:3]))
        for (i, j), p in cells(ax).items() if np.sign(r[i, j]) == sign
    ]]]  # fmt: skip
    for one in of_sign:
        assert [dark for _, dark in sorted(one)] == sorted(dark for _, dark in one)
    # A positive and a negative one of the same size differ little.
    colours = {}
    for sign in (-1, 1):
        matrix = dataclasses.replace(found.matrix, r=np.full_like(r, 0.7 * sign))
        drawn = pm.plot.correlations(dataclasses.replace(found, matrix=matrix))
        colours[sign] = grey(cells(drawn)[1, 0].get_facecolor()[:3])
    assert abs(colours[1] - colours[-1]) < 0.1
    assert shades


def test_only_what_occurs_is_in_the_legend():
    x = np.random.default_rng(0).normal(size=(400, 1)) + 0.3 * np.eye(400)[:, :3]
    assert legend(pm.plot.correlations(pm.correlations(x))) == [
        "positive",
        "95% interval excludes zero",
    ]


def test_n_of_pairs_and_what_holds_of_all_intervals_are_told():
    x = columns()
    x.loc[:9, "Honesty"] = np.nan
    table = pm.item_table(x.assign(model=np.arange(60) % 12), cluster="model")
    told = " ".join(words(pm.plot.correlations(pm.correlations(table, kind="spearman"))))
    assert "Spearman's rho, n = 50 to 60 respondents; 60 respondents in 12 clusters" in " ".join(
        told.split()
    )


@pytest.mark.parametrize("k", [2, 3, 5, 12, 30])
def test_no_text_covers_another(k):
    ax = pm.plot.correlations(pm.correlations(columns(k)))
    assert not overlaps(ax) and not outside(ax)


def test_many_columns_have_a_scale_of_colours_instead_of_numbers():
    ax = pm.plot.correlations(pm.correlations(columns(60)))
    assert len(ax.patches) == 60 * 59 / 2
    assert not [text for text in words(ax) if text.startswith((".", "−"))]
    assert [t.get_text() for t in ax.child_axes[0].get_xticklabels()] == [
        "−1",
        "−.5",
        "0",
        ".5",
        "1",
    ]
    assert not overlaps(ax) and not outside(ax)


def test_fewer_than_two_columns_are_refused(found):
    for k in (0, 1):
        matrix = dataclasses.replace(found.matrix, r=found.matrix.r[:k, :k])
        with pytest.raises(DataError, match="no pair to draw") as error:
            pm.plot.correlations(dataclasses.replace(found, names=found.names[:k], matrix=matrix))
        assert "at least two" in error.value.mend


def test_given_axes_are_used_and_no_setting_is_changed(found):
    before = settings()
    ax = Figure(figsize=(4, 4)).add_subplot()
    assert pm.plot.correlations(found, ax=ax) is ax
    assert settings() == before
