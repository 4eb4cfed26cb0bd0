"""Every result can be printed and cited."""

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.errors import DataError


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(1)
    x = pd.DataFrame(rng.normal(size=(60, 1)) + rng.normal(size=(60, 6))).add_prefix("i")
    x["i2"] *= -1
    return pm.item_table(x, scales={"s": ["i0", "i1", "i2"], "t": ["i3", "i4", "i5"]})


RESULTS = {
    "items": (lambda t: pm.item_analysis(t), "Runs against its scale"),
    "criterion": (lambda t: pm.fornell_larcker(t), "roots of the average variance"),
    "equivalence": (
        lambda t: pm.equivalence(pm.known_groups(
            pd.DataFrame({"g": ["a", "b"] * 30, "y": t.frame["i0"]}), "y", "g")[0], 3.0),
        "equivalent",
    ),
    "decision": (lambda t: pm.gstudy(t)["t"].decide(0.8), "Φ            item"),
    "correlations": (lambda t: pm.correlations(t), "6. i5"),
    "agreement": (lambda t: pm.bland_altman(t.frame["i0"], t.frame["i1"]), "limit of agreement"),
    "splits": (lambda t: pm.split_half_distribution(t.scale("t")), "Worst"),
}  # fmt: skip


@pytest.mark.parametrize("name", RESULTS)
def test_every_result_is_printed_and_cited(table, name):
    make, told = RESULTS[name]
    result = make(table)
    printed = pm.table(result)
    assert told in printed.to_text()
    assert "tabular" in printed.to_latex() and "<table" in printed.to_html()
    assert pm.cite(result).startswith("@")
    assert "\n" not in repr(result)


@pytest.mark.second_opinion
def test_second_opinions_are_printed(table):
    assert "pingouin" in pm.table(pm.second_opinion(pm.alpha(table.scale("t")))).to_text()


def test_scores_are_printed_with_their_facets(big_five):
    models = [pm.scripted_model(t, name=str(t), noise=0.3) for t in (2.0, 4.0)]
    scores = pm.administer(big_five, pm.respondents(models), quiet=True).responses.score()
    printed = pm.table(scores).to_text()
    assert printed.count("Extraversion") == 2 and "Sociability" in printed
    assert "not standard errors of" in printed and "· Sociability" in printed


def test_what_is_no_result_is_refused():
    with pytest.raises(DataError, match="object cannot be put into a table"):
        pm.table(object())


def test_names_of_effect_sizes_are_theirs(table):
    data = pd.DataFrame({"g": ["a", "b"] * 30, "y": table.frame["i0"]})
    text = pm.table(pm.known_groups(data, "y", "g")).to_text()
    assert "Hedges' g" in text and "Cohen's d" in text and "eneralizability" not in text
    assert "0." in text


def test_reliabilities_of_one_table_print_their_zeros_alike(table):
    t = table.scale("t")
    found = [pm.alpha(t), *pm.guttman_lambdas(t), *pm.greatest_lower_bound(t), pm.omega(t)]
    values = [row.cells[1].text for row in pm.table(found, layout="long").rows]
    assert all(value.startswith((".", "−.", "1")) for value in values)


def test_correlations_are_a_triangle_with_intervals_below(table):
    found = pm.correlations(table)
    printed = pm.table(found)
    assert [column.label for column in printed.columns] == ["", "1", "2", "3", "4", "5"]
    value, limits = (printed.rows[i].cells[1].text for i in (1, 2))
    one = found["i0", "i1"]
    assert value == f"{one.value:.2f}".lstrip("0") and limits.startswith("[")
    assert printed.rows[1].cells[2].text == ""  # above the diagonal
    assert "n = 60 respondents." in printed.notes
    starred = pm.table(found, stars=True, leading_zero=True)
    assert starred.rows[1].cells[1].text == f"{one.value:.2f}*"
    assert any("interval excludes 0" in note for note in starred.notes)
    assert "i0 with i1" in pm.table(found, layout="long").to_text()
    assert pm.table([found], {"again": found}).names[0] == "of"


def test_many_correlations_are_long_unless_asked_otherwise():
    x = pd.DataFrame(np.random.default_rng(0).normal(size=(30, 8))).add_prefix("v")
    x["v7"] = 1.0
    found = pm.correlations(x)
    assert len(pm.table(found).rows) == 28
    wide = pm.table(found, layout="wide")
    assert len(wide.columns) == 8
    assert "—" in wide.rows[-1].cells[1].text and wide.footnotes


def test_decisions_of_scales_stand_in_one_table(table):
    found = pm.gstudy(table).decide(0.8)
    assert not found["s"].reached and found["t"].reached
    printed = pm.table(found)
    assert [label for label, _ in printed.groups()] == ["s", "t"]
    conditions, target, cost = (printed.rows[1].cells[i].text for i in (1, 2, 3))
    n = found["t"].n_conditions["item"]
    assert (conditions, target, cost) == (f"item {n:g}", ".80", f"{n:g}")
    assert printed.rows[0].cells[1].notes[0].startswith("0.8 cannot be reached")
    assert pm.cite(found).count("@") > 2


def test_item_tables_say_why_something_is_missing():
    x = np.random.default_rng(0).normal(size=(40, 3)) + 1
    x[:, 2] = 1.0
    printed = pm.table(pm.item_analysis(x))
    assert printed.rows[2].cells[4].text == "—"
    assert printed.to_text().count("tems without variance") == 1
    assert printed.source.startswith("lm-psychometrics")


def test_a_second_opinion_is_told_and_its_package_cited(table):
    ours = pm.alpha(table.scale("t"))
    opinion = pm.SecondOpinion(ours, "pingouin 0.7.0", ours.value, (np.nan, np.nan), ("rounded",))
    printed = pm.table(opinion)
    assert printed.rows[1].cells[1].text == "pingouin 0.7.0"
    assert printed.rows[1].cells[3].notes == ("It gives no interval.",)
    assert "Known of pingouin 0.7.0: rounded." in printed.notes
    assert "version 0.7.0" in pm.cite(opinion)


def test_process_results_are_printed_and_cited(big_five):
    models = [pm.scripted_model(t, name=str(t), noise=0.3) for t in (2.0, 4.0)]
    responses = pm.administer(big_five, pm.respondents(models), quiet=True).responses
    for result, told in (
        (responses.check(), "Flips between orders"),
        (responses.order_effects(), "score of this order"),
        (pm.response_process(responses), "Numerical noise"),
    ):
        assert told in pm.table(result).to_text()
        assert "student1908probable" in pm.cite(result)


def test_several_coefficients_of_several_scales_are_grouped(table):
    found = [*pm.alpha(table, by="scale"), *pm.omega(table, by="scale")]
    printed = pm.table(found)
    assert [label for label, _ in printed.groups()] == ["s", "t"]
    assert printed.names[0] == "coefficient"


def test_a_variant_with_parentheses_has_no_more_around_it(table):
    text = pm.table(pm.icc(table.frame)).to_text()
    assert "Intraclass correlation ICC(2,1), ICC(A,1)" in text
