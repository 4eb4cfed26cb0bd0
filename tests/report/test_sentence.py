"""An estimate in one sentence."""

from dataclasses import replace

import pytest

from psychometrics.analysis.estimate import Estimate
from psychometrics.analysis.estimates import Estimates
from psychometrics.errors import DataError
from psychometrics.report.sentence import sentence

NAN = float("nan")
ALPHA = Estimate(
    "alpha", 0.81, 0.74, 0.87, 0.95, 64, "respondents", "Feldt's F interval", "10.1007/BF02289499",
    variant="raw", of="extraversion",
)  # fmt: skip


def test_the_sentence_of_a_results_section():
    assert sentence(ALPHA) == (
        "Cronbach's alpha (raw) of extraversion was .81, 95% CI [.74, .87], n = 64 respondents "
        "(Feldt's F interval; Feldt, 1965)."
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"value": NAN, "ci_low": NAN, "ci_high": NAN, "note": "one item", "method": "none"},
            "Cronbach's alpha (raw) of extraversion could not be estimated: one item, "
            "n = 64 respondents (Feldt, 1965).",
        ),
        (
            {"ci_low": NAN, "ci_high": NAN, "note": "n < 3"},
            "Cronbach's alpha (raw) of extraversion was .81, without an interval (n < 3), "
            "n = 64 respondents (Feldt's F interval; Feldt, 1965).",
        ),
        (
            {"note": "fewer than 50 respondents", "n": 1, "of": "", "variant": ""},
            "Cronbach's alpha was .81, 95% CI [.74, .87], n = 1 respondent "
            "(Feldt's F interval; Feldt, 1965; fewer than 50 respondents).",
        ),
        (
            {"name": "d", "variant": "", "p_value": 0.0312, "conf_level": 0.9, "reference": ""},
            "Cohen's d of extraversion was 0.81, 90% CI [0.74, 0.87], "
            "p = .031, n = 64 respondents (Feldt's F interval).",
        ),
        (
            {"method": "", "reference": "", "p_value": 1e-9},
            "Cronbach's alpha (raw) of extraversion was .81, 95% CI [.74, .87], p < .001, "
            "n = 64 respondents.",
        ),
        (
            {"reference": "10.1016/S0140-6736(86)90837-8; 10.1000/x; Doe & Roe (1999), Journal 3(1)"},
            "Cronbach's alpha (raw) of extraversion was .81, 95% CI [.74, .87], n = 64 respondents "
            "(Feldt's F interval; Bland & Altman, 1986; doi:10.1000/x; Doe & Roe, 1999).",
        ),
    ],
)  # fmt: skip
def test_what_a_reader_has_to_know_is_said(change, said):
    assert sentence(replace(ALPHA, **change)) == said


def test_digits_and_zero():
    assert ".810, 95% CI [.740, .870]" in sentence(ALPHA, digits=3)
    assert "was 0.81" in sentence(ALPHA, leading_zero=True)


def test_several_estimates_are_several_sentences():
    class Study:
        def to_estimates(self):
            return [ALPHA]

    assert sentence(Estimates((ALPHA, ALPHA))) == [sentence(ALPHA)] * 2
    assert sentence(Study()) == [sentence(ALPHA)]


@pytest.mark.parametrize("thing", ["alpha", 3, [3]])
def test_other_things_are_refused(thing):
    with pytest.raises(DataError, match="is no estimate"):
        sentence(thing)
