"""Several respondents: each is checked by itself."""

import pytest

import psychometrics as pm


def checks_of(instrument, *models):
    return pm.administer(instrument, pm.respondents(list(models)), quiet=True).responses.check()


def test_opposite_habits_do_not_cancel(small):
    first = pm.scripted_model(3.0, name="first", position_bias=[2.0])
    last = pm.scripted_model(3.0, name="last", position_bias=[0, 0, 0, 0, 2.0])
    checks = checks_of(small, first, last)
    assert checks["first"].positions[0].value == pytest.approx(checks["last"].positions[4].value)
    assert checks["first"].positions[4].value < 0 < checks["last"].positions[4].value
    assert [w.split(":")[0] for w in checks.warnings] == ["first", "last"]
    assert checks.n_rows == 80 and checks.outcomes == {"chosen": 80}


def test_many_warnings_of_one_kind_are_counted(small):
    models = [pm.scripted_model(3.0, name=f"m{n}", position_bias=[n / 2]) for n in range(6)]
    (warning,) = checks_of(small, *models).warnings
    assert warning.startswith("5 of 6 respondents, most m5: Positions matter: position 1")


def test_frame_names_the_respondent(small):
    frame = checks_of(
        small, pm.scripted_model(3.0, name="a"), pm.scripted_model(2.0, name="b")
    ).to_frame()
    assert frame.groupby("respondent").size().to_dict() == {"a": 6, "b": 6}
