"""The check at load: sound engines pass, broken masks and wrong rows do not."""

import pytest
import torch
from tiny import save_tiny

import psychometrics as pm
from psychometrics.backends import tree, windows
from psychometrics.backends.load_model import open_model
from psychometrics.backends.self_check import check_prompts
from psychometrics.backends.transformers_model import TransformersModel
from psychometrics.errors import ModelError, SelfCheckError


def test_sound_model_passes_with_room_to_spare(tmp_path):
    engine = pm.load_model(str(save_tiny(tmp_path))).engine
    assert engine.name == "tree"
    assert engine.padded_difference < 1e-4 and engine.tree_difference < 1e-4


def see_everything_before(rows, sliding=None):
    """A mask that is causal in the packed order: branches see each other."""
    seen = windows.visible(rows)
    for r, window in enumerate(rows):
        n_path = seen.shape[2] - seen.shape[1]
        for q in range(len(window)):
            seen[r, q, n_path : n_path + q] = True
    return seen


def see_no_path(rows, sliding=None):
    """A mask that forgets what was carried from earlier windows."""
    seen = windows.visible(rows, sliding)
    seen[:, :, : seen.shape[2] - seen.shape[1]] = False
    return seen


@pytest.mark.parametrize("broken", [see_everything_before, see_no_path])
def test_broken_tree_mask_is_caught_and_the_padded_engine_serves(tmp_path, monkeypatch, broken):
    monkeypatch.setattr(tree, "visible", broken)
    folder = str(save_tiny(tmp_path))
    engine = pm.load_model(folder).engine
    assert engine.name == "padded" and engine.tree_difference > 1e-2
    assert "differs by" in engine.reason
    with pytest.raises(SelfCheckError, match="tree engine cannot serve"):
        pm.load_model(folder, engine="tree")


def test_broken_tree_mask_is_caught_in_half_precision(tmp_path, monkeypatch):
    monkeypatch.setattr(tree, "visible", see_everything_before)
    assert pm.load_model(str(save_tiny(tmp_path)), dtype="bfloat16").engine.name == "padded"


def test_ignored_sliding_window_is_caught(tmp_path, monkeypatch):
    """Sliding layers that see everything: only a prompt longer than the window can tell."""
    monkeypatch.setattr(tree, "visible", lambda rows, sliding=None: windows.visible(rows))
    for architecture, window in (("mistral", 12), ("gemma3_text", 200)):
        folder = save_tiny(tmp_path / architecture, architecture, sliding_window=window)
        assert pm.load_model(folder).engine.name == "padded"


def test_check_prompts_reach_beyond_a_sliding_window(tmp_path):
    model = pm.load_model(str(save_tiny(tmp_path)))
    longest = max(len(prompt.ids) for prompt in check_prompts(model.encode, None, 500))
    assert 500 < longest < 800
    assert max(len(p.longest * "x") for p in check_prompts(model.encode, 64, 500)) <= 64


def test_padding_that_is_seen_is_caught(tmp_path, monkeypatch):
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


def last_column(self, ids, positions):
    """Read the last column instead of the last token of each row."""
    last = torch.full_like(positions, ids.shape[1] - 1)
    return self._model(input_ids=ids, logits_to_keep=last, use_cache=False).logits


def test_answer_row_off_by_one_is_caught(tmp_path, monkeypatch):
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
    monkeypatch.setattr(TransformersModel, "_forward", last_column)
    for _ in range(2):
        with pytest.raises(SelfCheckError):
            pm.administer(small, pm.respondents(model), quiet=True)


def test_the_manifest_names_the_engine_and_why(tmp_path, small):
    folder = str(save_tiny(tmp_path, "bloom"))
    run = pm.administer(small, pm.respondents(pm.load_model(folder)), quiet=True)
    told = run.manifest["engines"][folder]
    assert told["name"] == "padded" and "ValueError" in told["reason"], told
    assert told["padded_difference"] < 1e-4 and told["tree_difference"] is None
