"""Out of memory: less at a time, the same piece redone, nothing else caught."""

import numpy as np
import pytest
import torch
from tiny import save_tiny

import psychometrics as pm
from psychometrics.errors import ModelMemoryError, ResponsesError


def limit(monkeypatch, model, tokens):
    """Let the forward pass of a loaded model run out of memory above some tokens."""
    real, calls = model._model.forward, []

    def forward(*args, input_ids, **kwargs):
        calls.append(tuple(input_ids.shape))
        if input_ids.numel() > tokens:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return real(*args, input_ids=input_ids, **kwargs)

    monkeypatch.setattr(model._model, "forward", forward)
    return calls


def answers(small, model):
    return pm.administer(small, pm.respondents(model), rescore=0, quiet=True).responses


@pytest.mark.parametrize(
    ("settings", "tokens", "numerics"),
    [
        (
            {"engine": "padded", "batch_size": 16},
            500,
            "padded batch 4 (halved from 16: out of memory) sdpa float32 cpu",
        ),
        (
            {"batch_size": 4, "window": 256},
            300,
            "tree window 256 rows 1 (halved from 4: out of memory) sdpa float32 cpu",
        ),
        (
            {"window": 512},
            100,
            "tree window 64 (halved from 512: out of memory) rows 1 sdpa float32 cpu",
        ),
    ],
)
def test_less_at_a_time_gives_the_same_answers(
    tmp_path, small, monkeypatch, settings, tokens, numerics
):
    folder = str(save_tiny(tmp_path))
    undisturbed = answers(small, pm.load_model(folder))
    model = pm.load_model(folder, **settings)
    limit(monkeypatch, model, tokens)
    limited = answers(small, model)
    np.testing.assert_allclose(limited.log_p, undisturbed.log_p, atol=1e-4)
    assert set(limited.frame["numerics"]) == {numerics}


def test_memory_that_shrinks_in_the_middle_of_a_run(tmp_path, small, monkeypatch):
    """Half of the rows of a forward pass have a path by then; the window is redone from it."""
    folder = str(save_tiny(tmp_path))
    undisturbed = answers(small, pm.load_model(folder))
    model = pm.load_model(folder, batch_size=2, window=64)
    real, calls = model._model.forward, []

    def forward(*args, input_ids, **kwargs):
        calls.append(tuple(input_ids.shape))
        if len(calls) >= 4 and len(input_ids) > 1:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried")
        return real(*args, input_ids=input_ids, **kwargs)

    monkeypatch.setattr(model._model, "forward", forward)
    limited = answers(small, model)
    np.testing.assert_allclose(limited.log_p, undisturbed.log_p, atol=1e-4)
    assert [rows for rows, _ in calls[:6]] == [2, 2, 2, 2, 1, 1]
    assert limited.frame["numerics"].nunique() > 1


def test_what_fits_is_remembered(tmp_path, small, monkeypatch):
    model = pm.load_model(str(save_tiny(tmp_path)), batch_size=4, window=64)
    calls = limit(monkeypatch, model, 64)
    answers(small, model)
    refused = [shape for shape in calls if shape[0] > 1]
    assert len(refused) == 2  # 4 rows, 2 rows, and never again


def test_run_is_kept_where_one_prompt_at_a_time_does_not_fit(tmp_path, small, monkeypatch):
    """The tree fits in windows of 64; a whole prompt, to measure numerical error, does not."""
    model = pm.load_model(str(save_tiny(tmp_path)), window=64)
    limit(monkeypatch, model, 64)
    with pytest.warns(UserWarning, match="numerical error of .* is not measured"):
        responses = pm.administer(small, pm.respondents(model), quiet=True).responses
    assert len(responses) == 40
    with pytest.raises(ResponsesError, match="No prompt of these responses was scored again"):
        responses.numerical_error()


@pytest.mark.parametrize("engine", ["tree", "padded"])
def test_memory_that_holds_not_even_the_smallest_piece(tmp_path, small, monkeypatch, engine):
    model = pm.load_model(str(save_tiny(tmp_path)), engine=engine)
    limit(monkeypatch, model, 0)
    with pytest.raises(ModelMemoryError, match="with the smallest piece of work"):
        answers(small, model)


@pytest.mark.parametrize("engine", ["tree", "padded"])
def test_other_errors_are_not_swallowed(tmp_path, small, monkeypatch, engine):
    model = pm.load_model(str(save_tiny(tmp_path)), engine=engine)

    def fails(*args, **kwargs):
        raise RuntimeError("shape mismatch")

    monkeypatch.setattr(model._model, "forward", fails)
    with pytest.raises(RuntimeError, match="shape mismatch"):
        answers(small, model)
