"""Attention in parts: the same sums over fewer keys, and only where it is meant to act."""

from contextlib import nullcontext

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_padded import TOLERANCE
from test_tree import branching, flat
from tiny import save_tiny
from torch.nn.functional import scaled_dot_product_attention

import psychometrics as pm
from psychometrics.backends import attend_in_parts, tree
from psychometrics.backends.attend_in_parts import AttendInParts
from psychometrics.backends.trie import make_trie
from psychometrics.backends.windows import next_window, visible

SEQUENCES = st.lists(
    st.lists(st.integers(0, 3), min_size=1, max_size=8).map(tuple), min_size=8, max_size=40
)


def tensors(window, sliding=None):
    """Query, key, value and mask of one layer with two heads."""
    random = torch.Generator().manual_seed(1)
    n, n_keys = len(window), len(window.keys)
    query, key, value = (
        torch.randn(1, 2, size, 4, generator=random, dtype=torch.float64)
        for size in (n, n_keys, n_keys)
    )
    mask = torch.zeros(1, 1, n, n_keys, dtype=torch.float64)
    seen = torch.from_numpy(visible([window], sliding))[:, None]
    return query, key, value, mask.masked_fill(~seen, torch.finfo(mask.dtype).min)


@settings(max_examples=60)
@given(SEQUENCES, st.integers(0, 12), st.sampled_from([None, 2]))
def test_parts_are_the_whole(sequences, start, sliding):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(attend_in_parts, "_PART", 3)
        patch.setattr(attend_in_parts, "_PAYS", 1)
        trie = make_trie(sequences)
        window = next_window(trie, min(start, len(trie) - 1), 30)
        query, key, value, mask = tensors(window, sliding)
        whole = scaled_dot_product_attention(query, key, value, attn_mask=mask)
        with AttendInParts(window):
            parts = scaled_dot_product_attention(query, key, value, attn_mask=mask)
        np.testing.assert_allclose(parts, whole, atol=1e-12)


def test_without_a_mask_of_this_window_nothing_is_done(monkeypatch):
    monkeypatch.setattr(attend_in_parts, "_PART", 3)
    trie = make_trie([(a, b, c) for a in range(3) for b in range(3) for c in range(3)])
    window = next_window(trie, 0, len(trie))
    query, key, value, mask = tensors(window)
    with AttendInParts(window):
        for options in ({}, {"is_causal": True}, {"attn_mask": mask[..., :1]}):
            found = scaled_dot_product_attention(query, key, value, **options)
            assert found.shape == query.shape
    np.testing.assert_array_equal(found, scaled_dot_product_attention(query, key, value, **options))


def test_the_tree_attends_in_parts_and_answers_alike(tmp_path, rng, monkeypatch):
    model = pm.load_model(str(save_tiny(tmp_path)))
    prompts = branching(model, rng, n=60)
    shares = []
    real = AttendInParts.__init__

    def noted(self, window):
        real(self, window)
        products = sum((q.stop - q.start) * len(keys) for q, keys in self._parts)
        shares.append(products / len(window) / len(window.keys))

    monkeypatch.setattr(AttendInParts, "__init__", noted)
    parts = model.score(prompts)
    assert shares and all(0 < share <= 0.5 for share in shares)
    monkeypatch.setattr(tree.TreeForward, "_attention", lambda *_: nullcontext())
    for one, other in zip(parts, model.score(prompts), strict=True):
        np.testing.assert_allclose(flat(one), flat(other), atol=TOLERANCE)


def test_a_long_path_is_not_copied_for_every_part():
    branches = [(a, b) for a in range(20) for b in range(20)]
    persona = tuple(range(2000))
    long = make_trie([(*persona, *branch) for branch in branches])
    assert not AttendInParts(next_window(long, 2000, 420))._parts
    assert AttendInParts(next_window(make_trie(branches), 0, 420))._parts
