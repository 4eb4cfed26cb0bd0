"""Weights in 8 and 4 bits: another model by its identity, checked like any other."""

import importlib.util

import numpy as np
import pytest
from test_generate import requests
from tiny import CHATML, byte_bpe, save_tiny, save_tokenizer

import psychometrics as pm
from psychometrics.errors import DependencyError, ModelError

WIDE = {"hidden_size": 64, "intermediate_size": 128}  # NF4 rounds in blocks of 64


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return str(save_tiny(tmp_path_factory.mktemp("model"), **WIDE))


@pytest.mark.parametrize("quantization", ["8bit", "4bit"])
def test_quantized_weights(folder, small, quantization):
    plain = pm.load_model(folder)
    rounded = pm.load_model(folder, quantization=quantization)
    assert f"float32 {quantization}, cpu" in repr(rounded)
    assert rounded.identity["weights"] == plain.identity["weights"]
    assert rounded.identity["dtype"] == f"float32 {quantization}"
    assert "bitsandbytes" in rounded.environment
    layer = rounded._model.model.layers[0].mlp.up_proj.weight
    assert str(layer.dtype) in ("torch.int8", "torch.uint8")
    one, other = (
        pm.administer(small, pm.respondents(model), rescore=0, quiet=True).responses
        for model in (plain, rounded)
    )
    assert not set(one.frame["cell"]) & set(other.frame["cell"])
    assert set(other.frame["numerics"]) == {
        f"tree window 512 rows 1 sdpa float32 {quantization} cpu"
    }
    assert 0.001 < np.abs(one.log_p - other.log_p).mean() < 2  # rounded, and not broken


def test_quantized_model_is_rescored_and_writes(folder, small):
    model = pm.load_model(folder, quantization="4bit")
    responses = pm.administer(small, pm.respondents(model), quiet=True).responses
    assert responses.numerical_error().largest < 1  # limits of the check at load
    answer = model.write(requests(pm.Sampling(max_new_tokens=3)))[0]
    assert answer.numerics == "generate batch 16 left-padded sdpa float32 4bit cpu"


def test_half_precision_in_4_bits_is_rescored_in_the_same_4_bits(folder, small):
    model = pm.load_model(folder, quantization="4bit", dtype="bfloat16")
    run = pm.administer(small, pm.respondents(model), quiet=True)
    assert run.manifest["rescored"][0]["numerics"] == "padded batch 1 sdpa float32 4bit cpu"


@pytest.mark.parametrize("quantization", ["8bit", "4bit"])
def test_weights_quantized_on_disk(folder, tmp_path, small, quantization):
    rounded = pm.load_model(folder, quantization=quantization)
    rounded._model.save_pretrained(tmp_path)
    save_tokenizer(tmp_path, byte_bpe(), CHATML)
    stored = pm.load_model(tmp_path)
    assert stored.identity["dtype"] == "float32 bitsandbytes"
    one, other = (
        pm.administer(small, pm.respondents(model), rescore=0, quiet=True).responses.log_p
        for model in (rounded, stored)
    )
    assert np.abs(one - other).max() < 1e-4  # the same bits; float32 rounding
    with pytest.raises(ModelError, match=r"quantized on disk \(bitsandbytes\)[\s\S]*Leave"):
        pm.load_model(tmp_path, quantization="8bit")


def test_unknown_quantization(folder):
    with pytest.raises(ModelError, match=r"'3bit' is not known[\s\S]*8bit"):
        pm.load_model(folder, quantization="3bit")


def test_package_that_is_not_installed(folder, monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == "bitsandbytes" else real(name)
    )
    with pytest.raises(DependencyError, match=r"pip install 'lm-psychometrics\[quantized\]'"):
        pm.load_model(folder, quantization="8bit")
