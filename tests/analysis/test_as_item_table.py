import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.analysis.as_item_table import item_table
from psychometrics.errors import DataError, UnitError

ANSWERS = pd.DataFrame(
    {"who": ["a", "b", "c"], "x": [1.0, 2.0, 9.0], "y": [5, 4, 1], "z": [None, 3, 4]}
)


def test_frame_is_keyed_and_the_given_one_left_alone():
    before = ANSWERS.copy()
    table = item_table(
        ANSWERS, respondent="who", reverse=["y"], limits=(1, 5), missing=[9],
        scales={"s": ["x", "y"]},
    )  # fmt: skip
    assert table.frame.index.tolist() == ["a", "b", "c"]
    np.testing.assert_array_equal(table.values, [[1, 1, np.nan], [2, 2, 3], [np.nan, 5, 4]])
    assert table.reversed == ("y",) and table.unit == "respondents"
    np.testing.assert_array_equal(table.scale_means()["s"], [1, 2, 5])
    assert table.scale("s").frame.columns.tolist() == ["x", "y"]
    pd.testing.assert_frame_equal(ANSWERS, before)


def test_responses_are_keyed_by_their_instrument(small):
    models = [pm.scripted_model(t, name=str(t)) for t in (2.0, 4.0)]
    run = pm.administer(small, pm.respondents(models), quiet=True)
    table = item_table(run.responses)
    assert table.frame.index.tolist() == ["2.0", "4.0"]
    # The scripted answers follow their true score on keyed items; .05 is its spread over options.
    assert np.abs(table.values - [[2.0], [4.0]]).max() < 0.05
    assert table.scales["calm"] == tuple(item.id for item in small.items)
    assert table.limits == (1, 5) and table.clusters == ("2.0", "4.0") and not table.is_clustered
    assert table.source.instrument == "small-4 1.0" and len(table.source.run) == 12


def test_scores_are_one_column_a_scale(small):
    run = pm.administer(small, pm.respondents(pm.scripted_model(4.0)), quiet=True)
    table = item_table(run.responses.score())
    assert table.frame.columns.tolist() == ["calm"] and table.values.shape == (1, 1)


def test_an_array_names_its_columns():
    assert item_table(np.eye(2)).frame.columns.tolist() == ["item_1", "item_2"]


def test_nullable_and_boolean_columns_are_numbers():
    frame = pd.DataFrame({"a": pd.array([1, None], "Int64"), "b": [True, False]})
    np.testing.assert_array_equal(item_table(frame).values, [[1, 1], [np.nan, 0]])


@pytest.mark.parametrize(
    ("frame", "arguments", "error", "told"),
    [
        (ANSWERS, {}, DataError, "Column 'who' holds no numbers"),
        (pd.DataFrame({"x": ["1", "two"]}), {}, DataError, "such as '1'"),
        (pd.DataFrame([[1, 2]], columns=["x", "x"]), {}, DataError, "stands twice"),
        (ANSWERS, {"items": ["x", "q"]}, DataError, "no column 'q'"),
        (ANSWERS, {"items": ["x"], "reverse": ["y"], "limits": (1, 5)}, DataError, "'y'"),
        (ANSWERS, {"items": ["y"], "reverse": ["y"]}, DataError, "ends of the response scale"),
        (ANSWERS, {"items": ["x"], "limits": (1, 5)}, DataError, "'x' holds 9"),
        (ANSWERS, {"items": ["x"], "scales": {"s": ["y"]}}, DataError, "no column 'y'"),
        (pd.DataFrame({"x": [np.inf]}), {}, DataError, "infinite"),
        (
            pd.DataFrame({"model": ["m"] * 27, "x": range(27)}), {"respondent": "model"}, UnitError,
            "'m' stands in 27 rows",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(frame, arguments, error, told):
    with pytest.raises(error, match=told) as caught:
        item_table(frame, **arguments)
    assert caught.value.mend


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"scales": {"s": ["x", "x"]}}, "names 'x' twice"),
        ({"reverse": ["x", "x"], "limits": (1, 5)}, "names 'x' twice"),
        ({"limits": 5}, "no lowest and highest"),
        ({"limits": (5, 1)}, "no lowest and highest"),
        ({"respondent": ["who"]}, "no name of a column"),
        ({"respondent": "z"}, "'z' has no label in 1 rows, the first being row 0"),
        ({"cluster": "z"}, "no label"),
    ],
)
def test_arguments_that_cannot_be_are_named(arguments, told):
    with pytest.raises(DataError, match=told):
        item_table(ANSWERS, items=["x", "y"], **arguments)


def test_what_is_meant_is_taken():
    frame = pd.DataFrame(np.arange(6.0).reshape(3, 2))
    table = item_table(frame, items=[0, 1], missing=5, scales={"s": "0"})
    assert table.frame.columns.tolist() == ["0", "1"] and table.scales == {"s": ("0",)}
    assert np.isnan(table.values[2, 1])
    assert item_table(frame, missing=np.array([4, 5])).frame["1"].isna().sum() == 1
    with pytest.raises(DataError, match="3 axes"):
        item_table(np.zeros((2, 2, 2)))


def test_scores_know_their_models_and_run(small):
    people = pm.respondents(
        pm.scripted_model(3.0), personas={"a": "You are calm.", "b": "You are not."}
    )
    responses = pm.administer(small, people, quiet=True).responses
    table = item_table(responses.score())
    assert table.clusters == item_table(responses).clusters and table.is_clustered
    assert table.source == item_table(responses).source


def test_options_of_frames_are_refused_for_responses(small):
    run = pm.administer(small, pm.respondents(pm.scripted_model(4.0)), quiet=True)
    with pytest.raises(DataError, match="reverse is for a bare data frame"):
        item_table(run.responses, reverse=["s-1"])
    with pytest.raises(DataError, match="dict is no table"):
        item_table({"x": [1]})
