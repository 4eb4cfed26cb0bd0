"""What the figures show is what the results say."""

import dataclasses
import io
import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

import psychometrics as pm
from psychometrics.errors import ResponsesError
from psychometrics.report.style import COLOURS
from psychometrics.report.svg import inline_svg
from psychometrics.stats.distribution import normalise


def only(checks):
    (check,) = checks.values()
    return check


def texts(ax):
    return [text.get_text() for text in ax.texts]


def settings():
    return {k: v for k, v in dict.items(matplotlib.rcParams) if k != "backend"}


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def points(ax, marker):
    """Coordinates of everything drawn with a marker, as (x, y)."""
    lines = [line for line in ax.lines if line.get_marker() == marker]
    return [pair for line in lines for pair in zip(*line.get_data(), strict=True)]


def test_every_score_stands_where_it_belongs(one):
    scores = one.score()
    ax = pm.plot.scores(scores, average="mean")
    table = scores.to_frame("mean", "expected").query("level == 'domain'")
    assert points(ax, "o") == list(zip(table["score"], range(5), strict=True))
    assert [t.get_text() for t in ax.get_yticklabels()][:2] == ["Extraversion", "Agreeableness"]
    low, high = ax.get_xlim()
    assert low < 1 < 5 < high
    assert ax.get_xlabel() == "Score (mean average)"


def test_an_interval_that_leaves_the_scale_ends_in_an_arrow_head(two):
    frame = two.score().frame
    scores = dataclasses.replace(
        two.score(),
        frame=frame.assign(ci_low=frame["ci_low"] - 1, ci_high=frame["ci_high"] + 1),
    )
    ax = pm.plot.scores(scores, level="facet")
    table = scores.to_frame("log", "expected").query("level == 'facet'")
    below, above = (table["ci_low"] < 1).sum(), (table["ci_high"] > 5).sum()
    assert below > 0 and above > 0
    assert len(points(ax, "<")) == below and len(points(ax, ">")) == above
    assert {x for x, _ in points(ax, "<")} == {1.0} and {x for x, _ in points(ax, ">")} == {5.0}
    drawn = np.concatenate([line.get_xdata() for line in ax.lines])
    assert drawn.min() >= 0 and drawn.max() <= 5


def test_without_the_instrument_names_are_shown_and_the_scores_are_inside(one):
    ax = pm.plot.scores(one.score(), level="facet")
    assert "Stimulation seeking" in [t.get_text() for t in ax.get_yticklabels()]
    found = one.score().to_frame("log", "expected").query("level == 'facet'")["score"]
    assert ax.get_xlim()[0] < found.min() < found.max() < ax.get_xlim()[1]


def test_a_missing_score_says_why(partly_missing, all_missing):
    ax = pm.plot.scores(partly_missing.score(), level="facet")
    assert texts(ax).count("missing: 1 of 2 items valid; at least 80% are needed") == 2
    ax = pm.plot.scores(all_missing.score())
    assert sum("0 of 12 items valid" in text for text in texts(ax)) == 5
    assert not points(ax, "o")


def test_order_effects_show_every_order_and_its_extremes(one):
    effects = one.order_effects()
    ax = pm.plot.order_effects(effects)
    table = effects.frame.query("level == 'domain'")
    dots = points(ax, "o")
    assert len(dots) == (1 + 5) * 10
    assert sorted(x for x, y in dots if y == 0) == sorted(effects.answers["answer"])
    assert sorted(x for x, y in dots if y == 1) == sorted(
        table.query("scale == 'extraversion'")["score"]
    )
    spread = effects.spread.set_index("scale").loc["extraversion"]
    bars = [line.get_xdata() for line in ax.lines if line.get_linewidth() == 5]
    assert bars[1].tolist() == [spread["min"], spread["max"]]
    overall = one.score().to_frame("mean", "expected")["score"].iloc[0]
    assert points(ax, "|")[1][0] == pytest.approx(overall)
    own = table.query("scale == 'extraversion'").set_index("option_order")["score"]
    assert {own.idxmin(), own.idxmax(), f"{spread['spread']:.2f}"} <= set(texts(ax))


def test_order_effects_of_several_respondents_stand_side_by_side(two):
    ax = pm.plot.order_effects(two.order_effects())
    assert len(points(ax, "o")) == len(points(ax, "s")) == 60
    assert {y for _, y in points(ax, "o")}.isdisjoint(y for _, y in points(ax, "s"))


def test_one_order_gives_the_reason_instead(as_written):
    ax = pm.plot.order_effects(as_written.order_effects())
    assert "Only one option order" in texts(ax)[0].replace("\n", " ")
    ax = pm.plot.positions(as_written.check())
    assert "every option in every position" in texts(ax)[0].replace("\n", " ")


def test_answers_are_the_mean_probabilities_by_domain(one):
    ax = pm.plot.answers(one)
    drawn = ax.collections[0].get_array().reshape(60, 5)
    labels = [t.get_text() for t in ax.get_yticklabels()]
    p = np.exp(normalise(one.log_p))
    for row in (0, 17, 59):
        rows = (one.frame["item"] == labels[row]).to_numpy()
        assert drawn[row].tolist() == pytest.approx(p[rows].mean(axis=0).tolist())
    domains = one.instrument.to_frame().set_index("item")["domain"].loc[labels]
    assert domains.drop_duplicates().size == (domains != domains.shift()).sum() == 5
    assert texts(ax).count("R") == 30


def test_answers_mark_what_is_missing(partly_missing):
    ax = pm.plot.answers(partly_missing)
    assert texts(ax).count("missing") == 2
    assert np.ma.count_masked(ax.collections[0].get_array()) == 2 * 5


def test_answers_of_several_respondents_do_not_mix(two, crowd):
    first, second = (c.get_array() for c in pm.plot.answers(two).collections)
    assert np.abs(first - second).max() > 0.3
    ax = pm.plot.answers(crowd)
    assert len(ax.collections) == 1


def test_the_figure_of_answers_grows_with_the_items(one, long):
    heights = [pm.plot.answers(r).figure.get_size_inches()[1] for r in (one, long)]
    assert heights[1] > 2.5 * heights[0]
    assert pm.plot.option_mass(long).figure.get_size_inches()[1] < 4


def test_option_mass_shows_the_threshold_of_the_manifest(as_written):
    ax = pm.plot.option_mass(as_written)
    assert [y for _, y in points(ax, "o")] == pytest.approx([0.7] * 60)
    assert "missing below 0.1" in texts(ax)
    bare = pm.Responses(as_written.frame, as_written.instrument, {})
    assert texts(pm.plot.option_mass(bare)) == []


def test_positions_are_those_of_the_check(one):
    check = only(one.check())
    ax = pm.plot.positions(check)
    assert [y for _, y in points(ax, "o")] == pytest.approx(
        [100 * e.value for e in check.positions]
    )
    assert texts(ax)[0] == f"+{100 * check.positions[0].value:.1f}"
    ax = pm.plot.positions({"one": check, "again": check})
    assert legend(ax) == ["one", "again"]


@pytest.mark.parametrize("level", ["domain", "facet"])
def test_names_are_shown_as_they_are(two, level):
    ax = pm.plot.scores(two.score(), level=level)
    assert legend(ax)[0].startswith(r"_a\$x\$ <script>")
    ax.figure.savefig(io.BytesIO(), format="png", dpi=40)


def test_many_respondents_are_listed_by_name(crowd):
    assert len(crowd.manifest["respondents"]) > len(COLOURS)
    scores, orders = pm.plot.scores(crowd.score()), pm.plot.order_effects(crowd.order_effects())
    for ax, rows in ((scores, 1), (orders, 2)):
        names = [f"model-{i}" for i in range(9)] * rows
        assert [t.get_text() for t in ax.get_yticklabels()] == names
        assert "Calm" in texts(ax)


def test_an_unknown_level_is_refused(crowd):
    with pytest.raises(ResponsesError, match="no scale of level 'facet'"):
        pm.plot.scores(crowd.score(), level="facet")
    with pytest.raises(ResponsesError, match="Choose one of: domain"):
        pm.plot.order_effects(crowd.order_effects(), level="facet")


def test_given_axes_are_used_and_global_state_is_left_alone(one):
    before = settings()
    figure = Figure()
    axes = figure.subplots(3, 2).ravel()
    effects, scores = one.order_effects(), one.score()
    assert pm.plot.scores(scores, ax=axes[0]) is axes[0]
    assert pm.plot.order_effects(effects, ax=axes[1]) is axes[1]
    assert pm.plot.answers(one, ax=axes[2]) is axes[2]
    assert pm.plot.option_mass(one, ax=axes[3]) is axes[3]
    assert pm.plot.positions(one.check(), ax=axes[4]) is axes[4]
    pm.plot.scores(scores)
    inline_svg(axes[0], "fig", "")
    assert settings() == before


def test_no_window_is_prepared():
    code = (
        "import sys, psychometrics as pm; pm.plot.scores; import psychometrics.report.page; "
        "assert 'matplotlib' not in sys.modules and 'jinja2' not in sys.modules; "
        "run = pm.administer(pm.load_instrument('big-five-60'), "
        "pm.respondents(pm.scripted_model(4)), quiet=True); "
        "pm.plot.scores(run.responses.score()); "
        "assert 'matplotlib.pyplot' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_same_data_give_the_same_svg_with_text_as_text(two):
    first, second = (
        inline_svg(pm.plot.scores(two.score()), "fig-a", "what & why") for _ in range(2)
    )
    assert first == second
    assert ">Extraversion</text>" in first and 'aria-label="what &amp; why"' in first
    assert "<script" not in first and "&lt;script&gt;" in first
    assert "<metadata" not in first and "<style" not in first
