"""Sampling: what cannot be drawn from is refused."""

import pytest

import psychometrics as pm
from psychometrics.errors import DesignError


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"max_new_tokens": 0}, "leaves no answer"),
        ({"max_new_tokens": 2.5}, "leaves no answer"),
        ({"temperature": -1}, "temperature=-1"),
        ({"temperature": float("nan")}, "temperature=nan"),
        ({"temperature": float("inf")}, "temperature=inf"),
        ({"top_p": 0}, "top_p=0"),
        ({"top_p": 1.1}, "top_p=1.1"),
        ({"stop": "."}, "stop='.'"),
        ({"stop": ("",)}, "stop="),
    ],
)
def test_what_cannot_be_drawn_is_refused(wrong, told):
    with pytest.raises(DesignError, match=told):
        pm.Sampling(**wrong)


def test_whole_numbers_and_decimals_are_one_sampling():
    assert pm.Sampling(temperature=1, top_p=1) == pm.Sampling(temperature=1.0, top_p=1.0)
