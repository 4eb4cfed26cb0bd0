"""The check at load: sound models pass, a broken mask does not."""

import pytest
import torch
from tiny import save_tiny

import psychometrics as pm
from psychometrics.backends.self_check import self_check
from psychometrics.backends.transformers_model import TransformersModel, open_model
from psychometrics.errors import ModelError, SelfCheckError


def test_sound_model_passes_with_room_to_spare(tmp_path):
    model = pm.load_model(str(save_tiny(tmp_path)))
    assert self_check(model.encode, model.score, "float32") < 1e-4


def test_mask_that_shows_the_padding_is_caught(tmp_path, monkeypatch):
    """Every token sees every other one, padding included: a batch then differs from one alone."""

    def see_everything(self, ids, positions):
        n, length = ids.shape
        everything = torch.zeros(n, 1, length, length)
        return self._model(
            input_ids=ids, logits_to_keep=positions, use_cache=False, attention_mask=everything
        ).logits

    monkeypatch.setattr(TransformersModel, "_forward", see_everything)
    with pytest.raises(SelfCheckError, match=r"sees padding on its right[\s\S]*Mend:"):
        pm.load_model(str(save_tiny(tmp_path)))


def test_answer_row_off_by_one_is_caught(tmp_path, monkeypatch):
    """Reading the last column instead of the last token of each row."""

    def last_column(self, ids, positions):
        last = torch.full_like(positions, ids.shape[1] - 1)
        return self._model(input_ids=ids, logits_to_keep=last, use_cache=False).logits

    monkeypatch.setattr(TransformersModel, "_forward", last_column)
    with pytest.raises(SelfCheckError):
        pm.load_model(str(save_tiny(tmp_path)))


def test_not_a_number_is_caught(tmp_path, monkeypatch):
    def broken(self, ids, positions):
        return torch.full((*positions.shape, 512), float("nan"))

    monkeypatch.setattr(TransformersModel, "_forward", broken)
    with pytest.raises(ModelError, match="not numbers"):
        pm.load_model(str(save_tiny(tmp_path)))


def test_second_call_is_checked_again(tmp_path, small, monkeypatch):
    model = open_model(pm.ModelReference(str(save_tiny(tmp_path))))

    def last_column(self, ids, positions):
        last = torch.full_like(positions, ids.shape[1] - 1)
        return self._model(input_ids=ids, logits_to_keep=last, use_cache=False).logits

    monkeypatch.setattr(TransformersModel, "_forward", last_column)
    for _ in range(2):
        with pytest.raises(SelfCheckError):
            pm.administer(small, pm.respondents(model), quiet=True)
