"""Responses: schema, wide form, reading."""

import numpy as np
import pytest

import psychometrics as pm
from psychometrics.errors import ResponsesError


@pytest.fixture
def responses(small):
    who = pm.respondents(pm.scripted_model(4.0, position_bias=[1.0]))
    return pm.administer(small, who, pm.design(labels=["letters", "digits"]), quiet=True).responses


def test_one_row_an_observation(responses):
    assert len(responses) == 4 * 10 * 2
    keys = ["respondent", "item", "option_order", "labels", "wording"]
    assert not responses.frame.duplicated(keys).any()
    assert responses.frame["cell"].is_unique


def test_index_map_leads_from_position_to_option(responses):
    """The probability that the script gives to the first option shown is found at position 1."""
    for row in responses.frame.itertuples():
        order = [int(n) for n in row.option_order.split("-")]
        assert [order[getattr(row, f"position_{k}") - 1] for k in range(1, 6)] == [1, 2, 3, 4, 5]


def test_derived_columns_follow_from_the_log_probabilities(responses):
    p = np.exp(responses.log_p)
    np.testing.assert_allclose(p.sum(axis=1), responses.frame["option_mass"], rtol=1e-12)
    expected = p @ np.arange(1, 6) / p.sum(axis=1)
    np.testing.assert_allclose(responses.frame["expected"], expected, rtol=1e-12)
    chosen = responses.frame["choice"].notna()
    assert (responses.frame["choice"][chosen] == p.argmax(axis=1)[chosen] + 1).all()


def test_wide_has_a_row_a_condition(responses):
    wide = responses.to_wide()
    assert wide.shape == (20, 4) and list(wide.columns) == ["s-1", "s-2", "s-3", "s-4"]
    assert wide.index.names == ["respondent", "option_order", "labels", "wording"]
    row = responses.frame.iloc[7]
    assert wide.loc[tuple(row[wide.index.names]), row["item"]] == row["expected"]


@pytest.mark.parametrize(
    ("column", "value", "named"),
    [
        ("item", "s-9", "item"),
        ("log_p_2", 0.5, "log_p_2"),
        ("option_mass", 1.2, "option_mass"),
        ("outcome", "skipped", "outcome"),
        ("expected", 6.0, "expected"),
        ("position_1", 9, "position_1"),
    ],
)
def test_broken_schema_is_named(responses, column, value, named):
    frame = responses.frame.copy()
    frame.loc[3, column] = value
    with pytest.raises(ResponsesError, match=named):
        pm.Responses(frame, responses.instrument, {})


def test_positions_that_are_no_order(responses):
    frame = responses.frame.copy()
    frame.loc[3, "position_1"] = frame.loc[3, "position_2"]
    with pytest.raises(ResponsesError, match="Row 3: the options' positions are no order"):
        pm.Responses(frame, responses.instrument, {})


def test_row_twice_and_column_missing(responses):
    frame = responses.frame
    with pytest.raises(ResponsesError):
        pm.Responses(frame.iloc[[0, 0]].reset_index(drop=True), responses.instrument, {})
    with pytest.raises(ResponsesError, match="entropy"):
        pm.Responses(frame.drop(columns="entropy"), responses.instrument, {})


def test_reading_what_is_not_there(tmp_path, small):
    with pytest.raises(ResponsesError, match="There are no responses"):
        pm.read_responses(tmp_path)
    file = tmp_path / "responses.parquet"
    file.write_bytes(b"no parquet")
    with pytest.raises(ResponsesError, match="cannot be read as Parquet"):
        pm.read_responses(file, small)


def test_file_alone_needs_its_instrument(responses, tmp_path):
    file = tmp_path / "mine.parquet"
    responses.write(file)
    with pytest.raises(ResponsesError, match="does not say which instrument"):
        pm.read_responses(file)
    assert pm.read_responses(file, responses.instrument).frame.equals(responses.frame)
