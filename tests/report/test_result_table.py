"""Every result can be printed and cited."""

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.errors import DataError
from psychometrics.report.estimate_text import known_name

ROOT = Path(__file__).resolve().parents[2] / "psychometrics"


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(1)
    x = pd.DataFrame(rng.normal(size=(60, 1)) + rng.normal(size=(60, 6))).add_prefix("i")
    x["i2"] *= -1
    return pm.item_table(x, scales={"s": ["i0", "i1", "i2"], "t": ["i3", "i4", "i5"]})


RESULTS = {
    "items": (lambda t: pm.item_analysis(t), "Runs against its scale"),
    "criterion": (lambda t: pm.fornell_larcker(t), "Roots of the average variance extracted"),
    "equivalence": (
        lambda t: pm.equivalence(pm.known_groups(
            pd.DataFrame({"g": ["a", "b"] * 30, "y": t.frame["i0"]}), "y", "g")[0], 3.0),
        "equivalent",
    ),
    "decision": (lambda t: pm.gstudy(t)["t"].decide(0.8), "absolute"),
    "correlations": (lambda t: pm.correlations(t), "i0 with i1"),
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
    assert "Not standard errors of" in printed


def test_what_is_no_result_is_refused():
    with pytest.raises(DataError, match="object cannot be put into a table"):
        pm.table(object())


def names_given():
    """Names of coefficients that stand as text in a call that makes one."""
    makers = {"Coefficient", "undefined", "Estimate", "mean_over_items", "not_estimated"}
    for folder in ("stats", "analysis"):
        for path in sorted((ROOT / folder).glob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                first = node.args[0]
                if called in makers and isinstance(first, ast.Constant) and first.value:
                    yield path.name, first.value


@pytest.mark.parametrize(("file", "name"), sorted(set(names_given())))
def test_every_name_is_known_to_the_printer(file, name):
    assert known_name(name), f"{file} makes {name!r}: add it to report/estimate_text.py"


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
