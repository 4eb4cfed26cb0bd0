"""Out of memory: the batch is halved and redone; nothing else is caught."""

import numpy as np
import pytest
import torch
from tiny import save_tiny

import psychometrics as pm
from psychometrics.backends.transformers_model import TransformersModel
from psychometrics.errors import ModelMemoryError

real_forward = TransformersModel._forward


def limited_to(rows):
    """A forward pass that runs out of memory above some rows."""

    def forward(self, ids, positions):
        if len(ids) > rows:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return real_forward(self, ids, positions)

    return forward


def test_batch_is_halved_and_rows_are_marked(tmp_path, small, monkeypatch):
    folder = str(save_tiny(tmp_path))
    people = pm.respondents(pm.load_model(folder, batch_size=16))
    undisturbed = pm.administer(small, people, quiet=True).responses
    model = pm.load_model(folder, batch_size=16)
    monkeypatch.setattr(TransformersModel, "_forward", limited_to(5))
    halved = pm.administer(small, pm.respondents(model), quiet=True).responses
    np.testing.assert_allclose(halved.log_p, undisturbed.log_p, atol=1e-4)
    assert set(halved.frame["numerics"]) == {
        "padded sdpa float32 cpu batch 4 (halved from 16: out of memory)"
    }
    assert set(undisturbed.frame["numerics"]) == {"padded sdpa float32 cpu batch 16"}


def test_memory_that_holds_not_even_one_prompt(tmp_path, small, monkeypatch):
    model = pm.load_model(str(save_tiny(tmp_path)))
    monkeypatch.setattr(TransformersModel, "_forward", limited_to(0))
    with pytest.raises(ModelMemoryError, match="with a single prompt"):
        pm.administer(small, pm.respondents(model), quiet=True)


def test_other_errors_are_not_swallowed(tmp_path, small, monkeypatch):
    model = pm.load_model(str(save_tiny(tmp_path)))

    def fails(self, ids, positions):
        raise RuntimeError("shape mismatch")

    monkeypatch.setattr(TransformersModel, "_forward", fails)
    with pytest.raises(RuntimeError, match="shape mismatch"):
        pm.administer(small, pm.respondents(model), quiet=True)
