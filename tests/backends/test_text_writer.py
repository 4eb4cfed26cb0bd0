"""Writing with a loaded model: memory that runs out, padding that is seen, batching that fails."""

import pytest
import torch
from test_generate import requests, same
from tiny import save_tiny

import psychometrics as pm
from psychometrics.backends import text_writer
from psychometrics.errors import DesignError, ModelError, ModelMemoryError

GREEDY = pm.Sampling(max_new_tokens=5)


@pytest.fixture
def model(tmp_path):
    return pm.load_model(save_tiny(tmp_path))


def limited(monkeypatch, model, rows):
    """Let the forward pass run out of memory above some rows."""
    real = model._model.forward

    def forward(*args, **kwargs):
        if kwargs["input_ids"].shape[0] > rows:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return real(*args, **kwargs)

    monkeypatch.setattr(model._model, "forward", forward)


def test_memory_that_runs_out_halves_the_batch(model, monkeypatch):
    asked = requests(GREEDY, [9] * 7)
    whole = model.write(asked)
    limited(monkeypatch, model, 3)
    halved = model.write(asked)
    for one, other in zip(halved, whole, strict=True):
        same(one, other)
    assert {a.numerics for a in halved} == {
        "generate batch 2 (halved from 16: out of memory) left-padded sdpa float32 cpu"
    }
    again = model.write(asked[:1])[0]  # what fits is remembered
    assert again.numerics == halved[0].numerics


def test_no_memory_for_one_prompt(model, monkeypatch):
    model.write(requests(GREEDY, [4]))
    limited(monkeypatch, model, 0)
    with pytest.raises(ModelMemoryError, match="runs out of memory with one prompt"):
        model.write(requests(GREEDY, [4, 5]))


def test_no_memory_for_the_check(model, monkeypatch):
    limited(monkeypatch, model, 0)
    with pytest.raises(ModelMemoryError):
        model.write(requests(GREEDY, [4]))


def test_another_failure_is_not_taken_for_memory(model, monkeypatch):
    def forward(*args, **kwargs):
        raise RuntimeError("shape mismatch")

    monkeypatch.setattr(model._model, "forward", forward)
    with pytest.raises(RuntimeError, match="shape mismatch"):
        model.write(requests(GREEDY, [4]))


def test_a_model_that_sees_padding_on_its_left_gets_prompts_of_one_length(model, monkeypatch):
    """The mask is dropped, as by a model that ignores it."""
    asked = requests(GREEDY)
    alone = [model.write([request])[0] for request in asked]
    model._writer = None
    real = model._model.forward

    def forward(*args, attention_mask=None, position_ids=None, **kwargs):
        return real(*args, **kwargs)

    monkeypatch.setattr(model._model, "forward", forward)
    answers = model.write(asked)
    assert answers[0].numerics == "generate batch 16 of one length sdpa float32 cpu"
    for one, other in zip(answers, alone, strict=True):
        same(one, other)


def test_probabilities_that_are_no_numbers(model, monkeypatch):
    model.write(requests(GREEDY, [4]))
    with torch.no_grad():
        model._model.lm_head.weight[3] = torch.nan
    with pytest.raises(ModelError, match="not numbers"):
        model.write(requests(GREEDY, [4]))


def test_continuous_batching_that_fails_is_said_and_replaced(model, monkeypatch):
    asked = requests(GREEDY)
    plain = model.write(asked)

    def fails(**_):
        model._model.set_attn_implementation("paged|eager")
        raise ValueError("no page is free")

    monkeypatch.setattr(text_writer, "takes", lambda requests, device: True)
    with monkeypatch.context() as broken:
        broken.setattr(model._model, "generate_batch", fails)
        with pytest.warns(UserWarning, match=r"no page is free.*padded batches"):
            assert model.write(asked) == plain
    continuous = model.write(asked)
    assert {a.numerics for a in continuous} == {"generate continuously sdpa float32 cpu"}
    for one, other in zip(continuous, plain, strict=True):
        same(one, other)


def test_several_samplings_at_once(model):
    long, short = requests(GREEDY), requests(pm.Sampling(max_new_tokens=2))
    answers = model.write([r for pair in zip(long, short, strict=True) for r in pair])
    assert [len(a.ids) for a in answers] == [5, 2] * 5
    for one, other in zip(answers[::2], answers[1::2], strict=True):
        assert one.ids[:2] == other.ids


def test_a_script_writes_nothing():
    with pytest.raises(DesignError, match="writes no text"):
        pm.scripted_model(3.0, name="script").write([])
