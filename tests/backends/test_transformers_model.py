"""The embedded model through the back end: the real thing, end to end."""

import numpy as np
import pytest
import torch
from tiny import save_tiny

import psychometrics as pm
from psychometrics.errors import ContextLengthError

# 16 prompts at a time against one: a few 1e-5 nats in float32 on this model (reach: 1e-4)
TOLERANCE = 1e-4


def test_embedded_model_loads(smol):
    assert repr(smol) == "<TransformersModel smollm2-135m: float32, cpu, loaded>"
    assert smol.context_length == 8192 and smol.bos is None and smol.has_chat_template
    assert next(smol._model.parameters()).dtype == torch.float32


@pytest.mark.parametrize("labels", ["letters", "digits", "text"])
def test_batches_agree_with_one_prompt_at_a_time(smol, small, labels):
    people = pm.respondents(smol)
    one = pm.respondents(pm.load_model("smollm2-135m", engine="padded", batch_size=1))
    design = pm.design(option_order="random(2, 1)", labels=labels)
    batch = pm.administer(small, people, design, quiet=True).responses
    single = pm.administer(small, one, design, quiet=True).responses
    assert np.abs(batch.log_p - single.log_p).max() < TOLERANCE


def test_letters_carry_most_of_the_mass(smol, small):
    responses = pm.administer(small, pm.respondents(smol), quiet=True).responses
    assert responses.frame["option_mass"].mean() > 0.5
    assert (responses.frame["option_mass"] < 1).all()
    assert (responses.frame["outcome"] == "chosen").all()


def test_prompt_longer_than_the_context_is_refused_not_cut(tmp_path, small):
    model = pm.load_model(str(save_tiny(tmp_path, max_position_embeddings=64)))
    with pytest.raises(
        ContextLengthError, match=r"exceeds the context of .* \(64\)[\s\S]*nothing is cut"
    ):
        pm.administer(small, pm.respondents(model), quiet=True)


def test_half_precision_is_scored_in_float32(tmp_path, small):
    folder = str(save_tiny(tmp_path))
    half = pm.administer(small, pm.respondents(pm.load_model(folder, dtype="bfloat16")), quiet=True)
    assert set(half.responses.frame["numerics"]) == {"tree window 512 rows 1 sdpa bfloat16 cpu"}
    assert (half.responses.frame["option_mass"] <= 1 + 1e-6).all()


def test_engine_and_window_stand_in_the_numerics_and_not_in_the_cells(tmp_path, small):
    folder, frames = str(save_tiny(tmp_path)), []
    for settings in ({}, {"window": 64}, {"engine": "padded"}, {"batch_size": 2}):
        people = pm.respondents(pm.load_model(folder, **settings))
        frames.append(pm.administer(small, people, rescore=0, quiet=True).responses.frame)
    assert all(list(frame["cell"]) == list(frames[0]["cell"]) for frame in frames)
    assert len({frame["numerics"].iloc[0] for frame in frames}) == 4
