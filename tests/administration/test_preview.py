"""The preview shows what the run asks."""

import pytest

import psychometrics as pm
from psychometrics.administration.open import open_backends
from psychometrics.administration.plan import make_plan
from psychometrics.errors import DesignError


def test_any_cell_is_the_cell_of_the_run(smol, small):
    who = pm.respondents(smol, personas={"a": "You are calm.", "b": "You are tense."})
    design = pm.design(option_order="random(3, 5)", labels=["letters", "text"])
    plan = make_plan(small, who, design, 0, open_backends(who))
    by_key = {p.key: p for model in plan.models for p in model.prompts}
    cells = [cell for r in plan.respondents for cell in r.cells]
    for number in (0, 5, 17, 24, 47):
        shown = pm.preview(small, who, design, cell=number)
        prompt = by_key[cells[number]]
        assert shown.ids == prompt.ids and shown.label_paths.paths == prompt.paths
        assert smol.decode(shown.ids) == shown.text and "".join(shown.tokens) == shown.text
        assert shown.item == prompt.presentation.item.id


def test_counts(smol, small):
    shown = pm.preview(small, pm.respondents(smol), pm.design(labels="text"))
    assert shown.n_cells == shown.n_prompts == 40
    assert shown.n_tokens > 2 * shown.n_distinct_tokens > 40 * 50


def test_no_weights_are_read(smol, small, monkeypatch):
    from psychometrics.backends.transformers_model import TransformersModel

    monkeypatch.setattr(TransformersModel, "load", lambda self: pytest.fail("weights were read"))
    pm.preview(small, pm.respondents("smollm2-135m"))


def test_cell_that_is_not_there(small):
    with pytest.raises(DesignError, match="Cells run from 0 to 39"):
        pm.preview(small, pm.respondents(pm.scripted_model(3.0)), cell=40)
