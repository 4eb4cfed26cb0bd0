"""Tables for the terminal, and the summary."""

import io
import json

import numpy as np
import pytest
from rich.console import Console

import psychometrics as pm
from psychometrics.report.tables import check_table, print_summary, scores_table, summary


def only(checks):
    (check,) = checks.values()
    return check


def printed(table, width=80):
    console = Console(file=io.StringIO(), width=width)
    console.print(table)
    return console.file.getvalue()


def test_scores_stand_beside_each_other_and_fit_80_columns(one):
    scores = one.score()
    text = printed(scores_table(scores))
    line = next(line for line in text.splitlines() if line.startswith("Extraversion"))
    domain = scores.frame.query("scale == 'extraversion'").set_index(["average", "statistic"])
    for average in ("log", "mean"):
        row = domain.loc[(average, "expected")]
        assert f"{row['score']:.2f} [{row['ci_low']:.2f}, {row['ci_high']:.2f}]" in line
    assert line.split()[-3:] == [f"{domain.loc[('log', 'modal'), 'score']:.2f}", "12", "120"]
    assert "…" not in text
    assert "n = 12 items a domain; 120 presentations" in " ".join(text.split())


def test_facets_follow_their_domain_indented(one):
    lines = printed(scores_table(one.score())).splitlines()
    first = [line[:19].rstrip() for line in lines]
    domain = first.index("Agreeableness")
    facets = [
        "Compassion", "Trustfulness", "Generosity", "Cooperativeness", "Modesty", "Forgiveness",
    ]  # fmt: skip
    assert first[domain + 1 : domain + 7] == [f" {facet}" for facet in facets]
    assert first[domain + 7] == "Conscientiousness"


def test_missing_scores_are_noted(partly_missing):
    text = printed(scores_table(partly_missing.score()))
    assert "10/12" in text and "100/120" in text and "…" not in text
    assert "a: 1 of 2 items valid; at least 80% are needed" in text
    line = next(line for line in text.splitlines() if line.startswith(" Liveliness"))
    assert line.split() == ["Liveliness", "—", "—", "—", "1/2", "10/20", "a"]


def test_names_are_no_markup(two):
    text = printed(scores_table(two.score()), width=200)
    assert "[red]b" in text and "_a$x$ <script>" in text


def test_the_check_is_tabled(one, as_written):
    text = printed(check_table(only(one.check())))
    first = only(one.check()).positions[0]
    assert f"+{100 * first.value:.1f}%" in text
    assert f"{100 * only(one.check()).flips.value:.1f}%" in text
    text = printed(check_table(only(as_written.check())))
    assert "flips between orders: only one option order" in text
    assert text.count("every option in every") == 1


@pytest.mark.parametrize("which", ["one", "two", "as_written", "all_missing", "crowd"])
def test_the_summary_is_plain_json(which, request):
    responses = request.getfixturevalue(which)
    found = summary(responses)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["counts"]["presentations"] == len(responses)
    assert len(found["scores"]) == len(responses.score().frame)
    assert found["warnings"] == list(responses.check().warnings)


def test_the_summary_says_what_the_results_say(one, all_missing):
    found = summary(one)
    assert found["n"] == "n = 12 items a domain; 120 presentations"
    frame = one.score().frame
    for row, score in zip(found["scores"], frame["score"], strict=True):
        assert row["score"] == score
    check = only(one.check())
    assert [e["value"] for e in found["check"]] == [
        e.value for e in (*check.positions, check.flips)
    ]
    assert found["counts"] == {
        "respondents": 1, "items": 60, "conditions": 10, "presentations": 600, "valid": 600,
        "missing": 0, "outcomes": {"chosen": 600},
    }  # fmt: skip
    assert summary(all_missing)["scores"][0]["score"] is None
    assert summary(all_missing)["counts"]["outcomes"] == {"low_mass": 300}


def test_the_printed_summary_ends_with_the_warnings(one, capsys):
    print_summary(one)
    out = capsys.readouterr().out
    assert "Extraversion" in out
    assert out.strip().splitlines()[-1] == f"Warning: {one.check().warnings[-1]}"


def test_no_note_is_lost_when_only_the_modal_score_is_missing(one):
    frame = one.frame.copy()
    rows = frame["item"].isin(["bf60-01", "bf60-06"])
    options = [f"log_p_{k}" for k in range(1, 6)]
    frame.loc[rows, options] = np.log(0.2)
    tied = pm.Responses(frame, one.instrument, {})
    text = printed(scores_table(tied.score()), width=200)
    assert "modal: 1 of 2 items valid" in text
