"""The padded engine against one prompt at a time and against a plain softmax, by architecture."""

import numpy as np
import pytest
import torch
from tiny import ARCHITECTURES, save_tiny

import psychometrics as pm
from psychometrics.backends.base import Prompt
from psychometrics.backends.self_check import _NO_PRESENTATION
from psychometrics.errors import ModelError

# float32 sums in another order move log-probabilities of these models by a few 1e-6
TOLERANCE = 5e-5


def prompts_of(model, n, rng, labels=("A", "B", " strongly agree", "1", "10")):
    paths = tuple((ids,) for ids in model.encode(labels))
    lengths = rng.integers(5, 60, size=n)
    ids = [tuple(rng.integers(3, 400, size=length).tolist()) for length in lengths]
    return [Prompt(str(i), sequence, paths, _NO_PRESENTATION) for i, sequence in enumerate(ids)]


def by_hand(model, prompt):
    """Log-probability of each path from a full softmax in float64 over every position."""
    found = []
    for option in prompt.paths:
        for path in option:
            ids = torch.tensor([prompt.ids + path])
            with torch.inference_mode():
                logits = model._model(input_ids=ids, use_cache=False).logits[0].double()
            log_p = torch.log_softmax(logits, dim=-1)
            start = len(prompt.ids) - 1
            found.append(sum(log_p[start + i, token].item() for i, token in enumerate(path)))
    return found


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_batches_agree_with_a_full_softmax(architecture, tmp_path, rng):
    model = pm.load_model(str(save_tiny(tmp_path, architecture)), batch_size=5, engine="padded")
    prompts = prompts_of(model, 12, rng)
    for prompt, score in zip(prompts, model.score(prompts), strict=True):
        flat = [log_p for option in score.path_log_p for log_p in option]
        np.testing.assert_allclose(flat, by_hand(model, prompt), atol=TOLERANCE)


def test_result_does_not_depend_on_the_order_of_prompts(tmp_path, rng):
    model = pm.load_model(str(save_tiny(tmp_path)), batch_size=4, engine="padded")
    prompts = prompts_of(model, 9, rng)
    forward = {p.key: s for p, s in zip(prompts, model.score(prompts), strict=True)}
    backward = {p.key: s for p, s in zip(prompts[::-1], model.score(prompts[::-1]), strict=True)}
    for key, score in forward.items():
        np.testing.assert_allclose(
            np.concatenate(score.path_log_p),
            np.concatenate(backward[key].path_log_p),
            atol=TOLERANCE,
        )


def test_entropy_and_top_alternatives(tmp_path, rng):
    model = pm.load_model(str(save_tiny(tmp_path)), engine="padded")
    (prompt,) = prompts_of(model, 1, rng)
    (score,) = model.score([prompt])
    with torch.inference_mode():
        logits = model._model(input_ids=torch.tensor([prompt.ids]), use_cache=False).logits[0, -1]
    p = torch.softmax(logits.double(), dim=-1)
    assert score.entropy == pytest.approx(-(p * p.log()).sum().item(), abs=1e-4)
    best = torch.topk(p, 5)
    assert [text for text, _ in score.top] == [model.decode([i]) for i in best.indices.tolist()]
    np.testing.assert_allclose([log_p for _, log_p in score.top], best.values.log(), atol=TOLERANCE)


def test_not_a_number_stops_before_anything_is_kept(tmp_path, small, monkeypatch):
    model = pm.load_model(str(save_tiny(tmp_path / "model")), engine="padded")

    def overflows(ids, positions):
        return torch.full((*positions.shape, 512), float("nan"))

    monkeypatch.setattr(model._engine, "_forward", overflows)
    with pytest.raises(ModelError, match="not numbers[\\s\\S]*float32"):
        pm.administer(small, pm.respondents(model), out=tmp_path / "run", quiet=True)
    assert not (tmp_path / "run" / "journal.log").exists()


def test_logits_that_hold_all_the_mass_stay_probabilities(tmp_path, small, monkeypatch):
    """Large logits on two spellings: float32 sums end just above 1, and are no error."""
    model = pm.load_model(str(save_tiny(tmp_path)), engine="padded")
    spellings = [model.encode([text])[0][0] for text in ("A", " ")]

    def certain(ids, positions):
        logits = torch.zeros((*positions.shape, 512))
        logits[..., spellings] = 60.0
        return logits

    monkeypatch.setattr(model._engine, "_forward", certain)
    responses = pm.administer(small, pm.respondents(model), quiet=True).responses
    assert (responses.log_p <= 0).all() and (responses.frame["option_mass"] <= 1 + 1e-5).all()
