"""Responses of scripted respondents, made once."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm

SCRIPT = "<script>document.title = 'hacked'</script>"
TRUE = {
    "extraversion": 4.5,
    "agreeableness": 3.0,
    "conscientiousness": 3.5,
    "neuroticism": 1.5,
    "openness": 4.0,
}


def answer(instrument, *models, order="balanced", personas=None):
    people = pm.respondents(list(models), personas=personas)
    return pm.administer(instrument, people, pm.design(option_order=order), quiet=True).responses


@pytest.fixture(scope="session")
def one(big_five):
    """One respondent who favours the first position."""
    return answer(big_five, pm.scripted_model(TRUE, position_bias=[1.5], noise=0.5, name="first"))


@pytest.fixture(scope="session")
def two(big_five):
    """Two respondents who favour opposite positions, with names made to do harm."""
    return answer(
        big_five,
        pm.scripted_model(TRUE, position_bias=[1.5], noise=0.5, name=f"_a$x$ {SCRIPT}"),
        pm.scripted_model(2.5, position_bias=[0, 0, 0, 0, 1.5], noise=0.8, name="[red]b"),
        personas={f"p {SCRIPT}": f"You are {SCRIPT}"},
    )


@pytest.fixture(scope="session")
def as_written(big_five):
    return answer(big_five, pm.scripted_model(4.0, option_mass=0.7), order="as_written")


@pytest.fixture(scope="session")
def all_missing(big_five):
    """300 rows of low mass."""
    return answer(big_five, pm.scripted_model(4.0, option_mass=0.05), order="random(5)")


@pytest.fixture(scope="session")
def partly_missing(one):
    """Two items of one domain are missing altogether."""
    frame = one.frame.copy()
    gone = frame["item"].isin(["bf60-01", "bf60-06"])
    frame.loc[gone, "outcome"] = "low_mass"
    frame.loc[gone, "expected"] = np.nan
    return pm.Responses(frame, one.instrument, one.manifest)


@pytest.fixture(scope="session")
def crowd(small):
    """More respondents than there are colours."""
    models = [pm.scripted_model(1 + i / 3, name=f"model-{i}", noise=0.2) for i in range(9)]
    return answer(small, *models)


@pytest.fixture(scope="session")
def long(as_written):
    """The same items five times over: 300 of them."""
    instrument = as_written.instrument
    items = tuple(
        dataclasses.replace(item, id=f"{item.id}-{n}")
        for n in range(5)
        for item in instrument.items
    )
    frames = [as_written.frame.assign(item=as_written.frame["item"] + f"-{n}") for n in range(5)]
    return pm.Responses(
        pd.concat(frames, ignore_index=True), dataclasses.replace(instrument, items=items), {}
    )
