"""People's answers: read by name and never by position, as they were answered."""

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.errors import DataError, ResponsesError

# Samples, the alphas noted for them, and how: with missing answers the notes took complete rows.
ALPHAS = {
    "bfi-44": ("bfi44/human_bfi44_multicon_n205.csv", None, "pairwise",
               {"extraversion": 0.852, "agreeableness": 0.777, "conscientiousness": 0.817,
                "neuroticism": 0.802, "openness": 0.732}),
    "ipip-50": ("ipip50/human_ipip50_openpsychometrics_n5000.csv", "openpsychometrics", "pairwise",
                {"extraversion": 0.893, "agreeableness": 0.832, "conscientiousness": 0.809,
                 "neuroticism": 0.869, "intellect": 0.801}),
    "sd3": ("sd3/human_sd3_openpsychometrics_n5000.csv", "openpsychometrics", "pairwise",
            {"machiavellianism": 0.866, "narcissism": 0.802, "psychopathy": 0.799}),
    "ipip-neo-300": ("ipip_neo/human_ipip_neo300_n300.csv", "johnson", "listwise",
                     {"neuroticism": 0.976, "extraversion": 0.966, "openness": 0.942,
                      "agreeableness": 0.948, "conscientiousness": 0.971}),
    "ipip-neo-120": ("ipip_neo/human_ipip_neo300_n300.csv", "johnson", "listwise",
                     {"neuroticism": 0.952, "extraversion": 0.938, "openness": 0.888,
                      "agreeableness": 0.907, "conscientiousness": 0.948}),
}  # fmt: skip


@pytest.mark.parametrize("name", ALPHAS)
def test_alphas_of_people_are_the_noted_ones(shared, name):
    file, data_set, missing, expected = ALPHAS[name]
    people = pm.read_responses(
        shared / "inventories" / file, pm.load_instrument(name), data_set=data_set
    )
    found = pm.alpha(people, by="scale", missing=missing)
    # Half a unit of the third decimal that the notes give, and what halves may round to either way.
    assert {scale: found[scale].value for scale in expected} == pytest.approx(expected, abs=5.1e-4)


def test_zeros_are_refused_until_they_are_said_to_be_missing(shared):
    file = shared / "inventories" / "sd3" / "human_sd3_openpsychometrics_n5000.csv"
    sd3 = pm.load_instrument("sd3")
    with pytest.raises(ResponsesError, match=r"0 is none of the options[\s\S]*missing=0"):
        pm.read_responses(file, sd3)
    people = pm.read_responses(file, sd3, missing=0)
    assert people.manifest["n_missing"] == {"empty": 0, "code 0": 221}
    assert people.raw.isna().to_numpy().sum() == 221


@pytest.fixture
def answers(big_five, rng):
    ids = [item.id for item in big_five.items]
    return pd.DataFrame(rng.integers(1, 6, (30, 60)).astype(float), columns=ids)


def write(frame, path):
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    elif path.suffix == ".parquet":
        frame.to_parquet(path, index=False)
    else:
        import pyreadstat

        names = [name.replace("-", "_") for name in frame.columns]
        pyreadstat.write_sav(frame.set_axis(names, axis=1), path)
    return path


@pytest.mark.parametrize("ending", ["csv", "parquet", "sav"])
def test_every_kind_of_file_and_any_order_of_columns(big_five, answers, tmp_path, ending, rng):
    shuffled = answers[rng.permutation(answers.columns)].assign(age=range(30))
    path = write(shuffled, tmp_path / f"people.{ending}")
    columns = {i: i.replace("-", "_") for i in answers} if ending == "sav" else None
    people = pm.read_responses(path, big_five, columns=columns)
    np.testing.assert_array_equal(people.raw.to_numpy(), answers.to_numpy())
    assert people.about["age"].tolist() == list(range(30))
    assert repr(people).startswith("<PeopleResponses: 30 respondents × 60 items of big-five-60 1.0")


def test_columns_by_number_follow_the_numbers(big_five, answers, tmp_path):
    numbered = answers.set_axis([f"q{n}" for n in range(1, 61)], axis=1)[
        [f"q{n}" for n in range(60, 0, -1)]
    ]
    people = pm.read_responses(write(numbered, tmp_path / "people.csv"), big_five)
    np.testing.assert_array_equal(people.raw.to_numpy(), answers.to_numpy())


def test_numbers_that_may_follow_two_orders_are_asked_about(tmp_path, rng):
    sd3 = pm.load_instrument("sd3")
    frame = pd.DataFrame(
        rng.integers(1, 6, (5, 27)).astype(float), columns=[f"q{n}" for n in range(1, 28)]
    )
    path = write(frame, tmp_path / "people.csv")
    with pytest.raises(ResponsesError, match=r"own or interleaved[\s\S]*numbering='own'"):
        pm.read_responses(path, sd3)
    own, rotated = (
        pm.read_responses(path, sd3, numbering=order).raw for order in ("own", "interleaved")
    )
    assert own["sd3-m2"].tolist() == frame["q2"].tolist()
    assert rotated["sd3-m2"].tolist() == frame["q4"].tolist()


def test_a_file_of_the_long_form_needs_its_numbering(shared):
    """i1 to i300 hold numbers 1 to 120 too: they are the long form's, not the short form's."""
    file = shared / "inventories" / "ipip_neo" / "human_ipip_neo300_n300.csv"
    short = pm.load_instrument("ipip-neo-120")
    with pytest.raises(ResponsesError, match="own or ipip-neo-300"):
        pm.read_responses(file, short, missing=0, keyed=True)
    people = pm.read_responses(file, short, data_set="johnson")
    assert people.manifest["numbering"] == "ipip-neo-300"


def test_answers_stored_turned_round_are_kept_as_answered(big_five, answers, tmp_path):
    stored = pd.DataFrame(big_five.keyed(answers.to_numpy()), columns=answers.columns)
    people = pm.read_responses(write(stored, tmp_path / "people.csv"), big_five, keyed=True)
    np.testing.assert_array_equal(people.raw.to_numpy(), answers.to_numpy())
    np.testing.assert_array_equal(people.keyed, stored.to_numpy())
    assert people.manifest["values_are_keyed"] is True


def test_scores_are_the_means_of_keyed_answers(big_five, answers):
    people = pm.PeopleResponses(answers, big_five)
    scores = people.score().to_frame("log", "expected")
    own = big_five.membership()[0]
    first = scores[scores["scale"] == big_five.scales[0].name]["score"]
    np.testing.assert_allclose(first, people.keyed[:, own].mean(axis=1))


def test_people_go_through_the_same_verbs_as_models(big_five, answers):
    people = pm.PeopleResponses(answers, big_five)
    alphas = pm.alpha(people, by="scale")
    assert {estimate.n_unit for estimate in alphas} == {"respondents"}
    assert pm.item_table(people).limits == (1.0, 5.0)
    assert pm.gstudy(people, scale="extraversion").to_frame() is not None
    assert "big-five-60" in people.cite()
    assert pm.item_table(people.score()).frame.shape == (30, 35)


BROKEN = {
    "text": ({"bf60-01": "often"}, r"Row 1, item 'bf60-01'.*'often' is no number"),
    "outside": ({"bf60-02": 6.0}, "6 is none of the options"),
    "half": ({"bf60-03": 2.5}, "2.5 is none of the options"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_answers_that_are_none_are_refused(big_five, answers, tmp_path, case):
    changed, told = BROKEN[case]
    frame = answers.astype(object)
    for column, value in changed.items():
        frame.loc[0, column] = value
    with pytest.raises(ResponsesError, match=told):
        pm.read_responses(write(frame, tmp_path / "people.csv"), big_five)


def test_what_else_is_refused(big_five, answers, tmp_path):
    path = write(answers.assign(who="a"), tmp_path / "people.csv")
    cases = {
        "stands in several rows": {"respondent": "who"},
        "There is no column 'person'": {"respondent": "person"},
        "knows no data set 'x'": {"data_set": "x"},
        "has no order 'x'": {"numbering": "x"},
        "lacks item 'bf60-02'": {"columns": {"bf60-01": "bf60-01"}},
        "names item 'z'": {"columns": {"z": "bf60-01"}},
    }
    for told, asked in cases.items():
        with pytest.raises(ResponsesError, match=told):
            pm.read_responses(path, big_five, **asked)
    with pytest.raises(ResponsesError, match="No columns for the 60 items"):
        pm.read_responses(write(answers.iloc[:, :59], tmp_path / "few.csv"), big_five)
    with pytest.raises(ResponsesError, match=r"missing is for people[\s\S]*instrument="):
        pm.read_responses(path, missing=0)
    with pytest.raises(DataError, match="There is no file"):
        pm.read_responses(tmp_path / "nowhere.csv", big_five)


def test_two_groups_of_numbered_columns_are_told_apart_by_the_user(big_five, answers, tmp_path):
    first = answers.set_axis([f"a{n}" for n in range(1, 61)], axis=1)
    second = answers.set_axis([f"b{n}" for n in range(1, 61)], axis=1)
    path = write(pd.concat([first, second], axis=1), tmp_path / "people.csv")
    with pytest.raises(ResponsesError, match="Columns beginning with 'a' and 'b'"):
        pm.read_responses(path, big_five)


def test_a_parquet_file_of_a_run_is_still_a_run(big_five, tmp_path):
    run = pm.administer(
        big_five, pm.respondents(pm.scripted_model(4.0)), out=tmp_path / "run", quiet=True
    )
    again = pm.read_responses(tmp_path / "run" / "responses.parquet", big_five)
    assert isinstance(again, pm.Responses) and len(again) == len(run.responses)


def test_scores_of_people_are_printed_and_drawn(big_five, answers):
    scores = pm.PeopleResponses(answers.iloc[:2], big_five).score()
    assert "Extraversion" in pm.table(scores).to_text()
    assert pm.plot.scores(scores) is not None
    assert len(scores.to_frame("mean", "modal")) == len(scores.to_frame()) == 70


ODD = {
    "header alone": (lambda text: text.split("\n")[0] + "\n", "There are no respondents"),
    "semicolons": (lambda text: text.replace(",", ";"), "divided by ';'"),
    "a column twice": (
        lambda text: "\n".join(
            line + ("," + line.split(",")[0] if line else "") for line in text.split("\n")
        ),
        "'bf60-01' stands twice in the file",
    ),
    "a column twice but for case": (
        lambda text: "\n".join(
            line + ("," + line.split(",")[0].upper() if line else "") for line in text.split("\n")
        ),
        "stands twice, but for its case",
    ),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_files(big_five, answers, tmp_path, case):
    change, told = ODD[case]
    path = tmp_path / "people.csv"
    path.write_text(change(answers.to_csv(index=False)), encoding="utf-8")
    with pytest.raises((ResponsesError, DataError), match=told):
        pm.read_responses(path, big_five)


def test_rows_longer_than_the_header_do_not_move_the_columns(big_five, answers, tmp_path):
    head, *rows = answers.to_csv(index=False).splitlines()
    path = tmp_path / "people.csv"
    path.write_text("\n".join([head, *(row + "," for row in rows)]), encoding="utf-8")
    people = pm.read_responses(path, big_five)
    np.testing.assert_array_equal(people.raw.to_numpy(), answers.to_numpy())
    path.write_text("\n".join([head, *(row + ",3" for row in rows)]), encoding="utf-8")
    with pytest.raises(DataError, match="cannot be read as csv"):
        pm.read_responses(path, big_five)


@pytest.mark.parametrize("kind", ["Int64", "category", "object"])
def test_columns_of_every_type_and_blank_cells(big_five, answers, tmp_path, kind):
    frame = answers.astype("Int64")
    frame.iloc[0, 0] = pd.NA
    if kind == "object":
        frame = frame.astype("str").replace({"<NA>": " "})
    path = tmp_path / "people.parquet"
    frame.astype(kind).to_parquet(path)
    people = pm.read_responses(path, big_five)
    assert np.isnan(people.raw.iloc[0, 0]) and people.manifest["n_missing"]["empty"] == 1
    np.testing.assert_array_equal(people.raw.iloc[1:], answers.iloc[1:])


def test_true_and_false_are_no_answers(big_five, answers, tmp_path):
    frame = answers.assign(**{"bf60-05": True})
    with pytest.raises(ResponsesError, match="item 'bf60-05'.*True.* is no number"):
        pm.read_responses(write(frame, tmp_path / "people.csv"), big_five)


def test_arguments_of_another_kind(big_five, answers, tmp_path):
    path = write(answers.assign(who=None), tmp_path / "people.csv")
    cases = {
        "is a str": (path, "big-five-60", {}),
        "missing='x' are no numbers": (path, big_five, {"missing": "x"}),
        "keyed='yes' is neither": (path, big_five, {"keyed": "yes"}),
        "Row 1 has no name": (path, big_five, {"respondent": "who"}),
        "names column 'bf60-01' for several": (
            path, big_five, {"columns": dict.fromkeys(answers, "bf60-01")},
        ),
        "is the folder of a run": (tmp_path, big_five, {"missing": 0}),
    }  # fmt: skip
    for told, (file, instrument, asked) in cases.items():
        with pytest.raises(ResponsesError, match=told):
            pm.read_responses(file, instrument, **asked)


def test_a_longer_numbered_form_is_not_read_as_a_shorter_one(shared):
    file = shared / "inventories" / "bfi44" / "human_bfi44_multicon_n205.csv"
    with pytest.raises(ResponsesError, match=r"sBFI1 to sBFI44 are more than the 10 items"):
        pm.read_responses(file, pm.load_instrument("bfi-10"))
