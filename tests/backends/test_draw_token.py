"""Drawing tokens: the distribution asked for, whatever is computed beside a row."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from psychometrics.backends.draw_token import DrawToken, draw, uniforms

LOGITS = torch.tensor([2.0, -1.0, 0.5, 1.5, -3.0])


def drawn(temperature, top_p, n=20_000):
    u = torch.from_numpy(np.random.default_rng(1).random(n))
    return draw(LOGITS.expand(n, -1), u, temperature, top_p).numpy()


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_shares_are_the_probabilities(temperature):
    counts = np.bincount(drawn(temperature, 1.0), minlength=5)
    expected = 20_000 * torch.softmax(LOGITS.double() / temperature, -1).numpy()
    assert stats.chisquare(counts, expected).pvalue > 1e-4  # fixed seed: no false alarm in CI


def test_top_p_keeps_the_fewest_tokens_that_reach_it():
    p = torch.softmax(LOGITS.double(), -1).numpy()  # .51, .03, .11, .31, .003
    assert set(drawn(1.0, 0.5)) == {0} and set(drawn(1.0, 0.8)) == {0, 3}
    counts = np.bincount(drawn(1.0, 0.9), minlength=5)
    kept = np.where(np.isin(np.arange(5), [0, 2, 3]), p, 0)
    assert (counts[[1, 4]] == 0).all()
    assert stats.chisquare(counts[[0, 2, 3]], 20_000 * kept[[0, 2, 3]] / kept.sum()).pvalue > 1e-4


def test_temperature_zero_takes_the_most_probable():
    assert set(drawn(0.0, 1.0, 50)) == {0}


@given(st.integers(0, 2**64 - 1), st.integers(1, 40), st.integers(1, 40))
def test_a_longer_answer_begins_with_the_same_numbers(seed, n, m):
    short, long = sorted((n, m))
    assert (uniforms(seed, short) == uniforms(seed, long)[:short]).all()
    assert uniforms(seed, 3).tolist() != uniforms(seed ^ 1, 3).tolist()


@given(st.floats(0, 1, exclude_max=True), st.floats(0.01, 1), st.floats(0.05, 5))
def test_no_token_without_probability_is_drawn(u, top_p, temperature):
    logits = torch.tensor([[-torch.inf, 1.0, 0.0, -torch.inf, -torch.inf]])
    token = draw(logits, torch.tensor([u], dtype=torch.float64), temperature, top_p)
    assert token.item() in (1, 2)


def test_log_p_is_of_the_models_own_distribution():
    drawing = DrawToken([7, 8], 3, temperature=0.3, top_p=0.5)
    logits = torch.stack([LOGITS, LOGITS.flip(0)])
    forced = drawing(torch.zeros(2, 1), logits)
    chosen = forced.argmax(-1)
    expected = torch.log_softmax(logits.double(), -1).gather(-1, chosen[:, None])[:, 0]
    assert torch.allclose(drawing.log_p[0].double(), expected, atol=1e-6)  # float32 rounding
    assert torch.isinf(forced).sum() == 8
