"""Headings take several lines where the table would be too wide, and only there."""

import re
from dataclasses import replace

import pytest

import psychometrics as pm
from psychometrics.report.table import Table
from psychometrics.report.table_heads import head_lines

LONG = "Standard error of measurement (alpha, raw)"
ONE = pm.Estimate(
    "alpha", 0.81, 0.74, 0.87, 0.95, 64, "respondents", "Feldt's F interval", "10.1007/BF02289499",
    variant="raw",
)  # fmt: skip


@pytest.fixture(scope="module")
def wide():
    lambda_2 = replace(ONE, name="lambda-2", variant="covariance")
    error = replace(ONE, name="standard error of measurement", variant="alpha, raw")
    columns = (ONE, replace(ONE, name="omega total"), lambda_2, error)
    scales = ("extraversion", "agreeableness", "conscientiousness", "openness")
    return pm.table([replace(e, of=scale) for scale in scales for e in columns])


def test_a_table_of_four_coefficients_fits_a_page(wide):
    lines = wide.to_text().splitlines()
    assert max(map(len, lines)) <= 100
    assert lines[1].split() == ["Guttman's", "Standard", "error", "of"]
    assert lines[3].split() == ["(raw)", "(raw)", "(covariance)", "(alpha,", "raw)"]
    assert wide.names[-1] == "standard error of measurement (alpha, raw)"
    assert [c.label for c in wide.columns][-1] == LONG


def test_every_writer_breaks_the_heading_alike(wide):
    assert "Standard error of <br>measurement <br>(alpha, raw)" in wide.to_html()
    stacked = r"{@{}r@{}}Standard error of \\ measurement \\ (alpha, raw)\end{tabular}"
    assert stacked in wide.to_latex()
    assert LONG in wide.to_markdown()
    assert re.search(r"\\footnotesize\\setlength", wide.to_latex())


def test_a_narrow_table_keeps_its_headings_on_one_line():
    narrow = Table.from_rows(["Scale", LONG], [["trust", "0.59"]])
    assert head_lines(narrow) == [("Scale",), (LONG,)]
    assert "<br>" not in narrow.to_html() and r"\small" not in narrow.to_latex()


def test_marks_stand_at_the_last_line_and_long_words_stay_whole():
    heads = ["Scale", LONG, "D" * 60]
    table = Table.from_rows(heads, [["trust", "0.59", "1"]]).with_note("how", column=LONG)
    lines = table.to_text().splitlines()
    assert lines[3].split() == ["Scale", "(alpha,", "raw)ᵃ", "D" * 60]
    assert {len(line) for line in lines[:1]} == {max(map(len, lines))}


def test_no_heading_takes_more_than_three_lines():
    table = Table.from_rows(["x", "word " * 30, "words " * 30], [["a", "1", "2"]])
    assert max(map(len, head_lines(table))) == 3
