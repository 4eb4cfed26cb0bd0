import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.errors import DataError

SHARED = Path(__file__).resolve().parents[3] / "shared"

pytestmark = pytest.mark.second_opinion


@pytest.fixture
def answers(rng):
    x = rng.normal(size=(80, 1)) + rng.normal(size=(80, 5))
    return pd.DataFrame(x).add_prefix("i")


@pytest.mark.parametrize("variant", ["raw", "standardised"])
@pytest.mark.parametrize("missing", ["pairwise", "listwise"])
def test_alpha(answers, variant, missing):
    opinion = pm.second_opinion(pm.alpha(answers, variant=variant, missing=missing))
    # Closed forms on both sides.
    assert abs(opinion.difference) < 1e-12
    assert opinion.package.startswith("pingouin ")
    assert "3 decimals" in opinion.known_faults[0]
    if variant == "raw":
        # pingouin prints its Feldt interval with 3 decimals.
        assert opinion.interval == pytest.approx(
            (opinion.estimate.ci_low, opinion.estimate.ci_high), abs=6e-4
        )


@pytest.mark.parametrize("missing", ["pairwise", "listwise"])
def test_alpha_with_missing_answers(answers, missing, rng):
    holed = answers.mask(rng.random(answers.shape) < 0.1)
    opinion = pm.second_opinion(pm.alpha(holed, missing=missing))
    assert abs(opinion.difference) < 1e-12


@pytest.mark.parametrize("verb", [pm.omega, pm.composite_reliability])
@pytest.mark.parametrize("variant", ["raw", "standardised"])
def test_omega(answers, verb, variant):
    opinion = pm.second_opinion(verb(answers, variant=variant))
    # factor_analyzer's minres stops at a gradient of about 1e-6.
    assert abs(opinion.difference) < 1e-5
    assert "oblique" in " ".join(opinion.known_faults)


def test_it_is_shown_side_by_side(answers):
    opinion = pm.second_opinion(pm.alpha(answers))
    frame = opinion.to_frame()
    assert frame["value"].nunique() <= 2 and len(frame) == 2
    assert "ours" in repr(opinion) and "pingouin" in repr(opinion)


def test_what_has_no_second_opinion(answers):
    alpha = pm.alpha(answers)
    with pytest.raises(DataError, match="does not carry"):
        pm.second_opinion(dataclasses.replace(alpha, table=None))
    with pytest.raises(DataError, match="No second package"):
        pm.second_opinion(dataclasses.replace(alpha, name="flip rate"))


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")
def test_people(answers):
    people = pd.read_csv(SHARED / "reference/data/bfi.csv")
    table = pm.item_table(people, items=[f"N{n}" for n in range(1, 6)])
    assert abs(pm.second_opinion(pm.alpha(table)).difference) < 1e-12
    assert np.isfinite(pm.second_opinion(pm.alpha(table)).interval).all()


def test_one_estimate_that_has_a_value_is_needed(answers):
    six = pm.icc(answers)
    with pytest.raises(DataError, match="6 estimates, and one is needed") as told:
        pm.second_opinion(six)
    assert "estimates[0]" in told.value.mend
    assert pm.second_opinion(six[:1]).value == pytest.approx(six[0].value)
    with pytest.raises(DataError, match=r"was not estimated \(because\)"):
        pm.second_opinion(dataclasses.replace(six[0], value=np.nan, note="because"))
    with pytest.raises(DataError, match="float is no estimate"):
        pm.second_opinion(0.8)


def test_rows_that_hang_together_are_a_known_fault(answers):
    clustered = pm.item_table(answers.assign(m=np.arange(80) // 8), cluster="m")
    assert "hang together" in pm.second_opinion(pm.alpha(clustered)).known_faults[0]


def test_what_the_package_cannot_compute_is_told(answers):
    alpha = pm.alpha(answers)
    empty = dataclasses.replace(alpha.table, frame=alpha.table.frame.iloc[:, :1])
    with pytest.raises(DataError, match="second package cannot compute"):
        pm.second_opinion(dataclasses.replace(alpha, table=empty))
