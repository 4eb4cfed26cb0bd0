"""Completions: a frame of another form is refused."""

import pandas as pd
import pytest

from psychometrics.completions import Completions
from psychometrics.errors import ResponsesError

ROW = {
    "respondent": "a", "model": "a", "prompt": "1", "replicate": 1, "text": "Yes.",
    "finish_reason": "end", "tokens": [5, 2], "log_p": [-0.1, -0.2], "prompt_tokens": 9,
    "numerics": "generate", "cell": "x",
}  # fmt: skip


def frame(*changes):
    rows = pd.DataFrame([ROW | change for change in changes])
    return rows.assign(seed=pd.array([0] * len(rows), dtype="uint64"))


def test_repr_says_how_the_answers_ended():
    answers = Completions(frame({}, {"prompt": "2", "finish_reason": "length"}), {})
    assert repr(answers) == (
        "<Completions: 1 respondent × 2 prompts × 1 replicate = 2 · end 50 %, length 50 %>"
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ([{"finish_reason": "tired"}], "tired"),
        ([{"log_p": [-0.1]}], "one log_p for each token"),
        ([{}, {}], "uniqueness"),
        ([{"extra": 1}], "extra"),
        ([{"prompt_tokens": 0}], "prompt_tokens"),
    ],
)
def test_frame_that_breaks_the_schema(changes, told):
    with pytest.raises(ResponsesError, match=told):
        Completions(frame(*changes), {})
