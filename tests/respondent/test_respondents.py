"""Naming who answers."""

import pytest

import psychometrics as pm
from psychometrics.errors import DesignError


def test_models_are_crossed_with_personas():
    people = pm.respondents(["a/b", "c/d"], personas={"x": "You are x.", "y": "You are y."})
    assert [p.id for p in people] == ["a/b|x", "a/b|y", "c/d|x", "c/d|y"]
    assert people[1].persona.text == "You are y."


def test_one_model_at_two_revisions_is_two_respondents():
    references = [pm.ModelReference("a/b", revision=r) for r in ("step1", "step2")]
    assert [p.id for p in pm.respondents(references)] == ["a/b@step1", "a/b@step2"]


def test_scripted_model_is_taken_as_it_is():
    model = pm.scripted_model(3.0, name="flat")
    people = pm.respondents(model)
    assert people.opened[model.reference] is model


def test_same_id_twice():
    with pytest.raises(DesignError, match="a/b stands twice"):
        pm.respondents(["a/b", "a/b"])


def test_nobody():
    with pytest.raises(DesignError, match="no respondent"):
        pm.respondents([])


@pytest.mark.parametrize("personas", [{}, ["shy"], {"": "Text."}, {"a": None}, {"a": " "}])
def test_personas_that_are_none(personas):
    with pytest.raises(DesignError, match="names nobody|no id or no text"):
        pm.respondents("a/b", personas=personas)


def test_unknown_system_role():
    with pytest.raises(DesignError, match="'drop' is not known"):
        pm.respondents("a/b", system_role="drop")


def test_folder_as_a_path(tmp_path):
    assert pm.respondents(tmp_path)[0].model.name == str(tmp_path)
