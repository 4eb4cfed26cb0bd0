"""The output layer in float32 inside a half-precision model."""

import numpy as np
import pytest
import torch
from test_tree import branching, flat
from tiny import save_tiny

import psychometrics as pm
from psychometrics.backends import read_weights


@pytest.mark.parametrize("engine", ["tree", "padded"])
@pytest.mark.parametrize("architecture", ["llama", "gpt_neox", "gemma2", "cohere"])
def test_answer_rows_are_those_of_a_float32_product(architecture, engine, tmp_path, rng):
    """Body in bfloat16, head by hand in float64 on its output: only the body rounds."""
    folder = str(save_tiny(tmp_path, architecture))
    model = pm.load_model(folder, dtype="bfloat16", engine=engine, batch_size=1)
    (prompt,) = branching(model, rng)[:1]
    head, seen = model._model.get_output_embeddings(), []
    head.register_forward_hook(lambda module, args, out: seen.append((args[0], out)))
    model.score([prompt])
    for hidden, logits in seen:
        assert hidden.dtype == torch.bfloat16 and logits.dtype == torch.float32
        expected = hidden.double() @ head.weight.detach().double().T
        np.testing.assert_allclose(logits.double(), expected, atol=1e-4)


def test_it_is_nearer_to_float32_than_a_half_precision_head(tmp_path, rng, monkeypatch):
    folder = str(save_tiny(tmp_path))
    exact = pm.load_model(folder)
    prompts = branching(exact, rng, n=40)
    expected = np.array([flat(s)[:2] for s in exact.score(prompts)[:40]])

    def error():
        scores = pm.load_model(folder, dtype="bfloat16").score(prompts)[:40]
        return np.sqrt(np.mean((np.array([flat(s)[:2] for s in scores]) - expected) ** 2))

    with_head = error()
    monkeypatch.setattr(read_weights, "put_float32_head", lambda model: False)
    assert with_head < error()


def test_float32_models_are_left_alone(tmp_path):
    model = pm.load_model(str(save_tiny(tmp_path)))
    assert "forward" not in vars(model._model.get_output_embeddings())
