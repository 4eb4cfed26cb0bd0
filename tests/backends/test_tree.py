"""The tree engine against a plain softmax: the architecture matrix, windows, rows, long prompts."""

import itertools

import numpy as np
import pytest
import torch
from test_padded import TOLERANCE, by_hand
from tiny import PADDED, TREE, save_tiny

import psychometrics as pm
from psychometrics.backends.attention import attention_of
from psychometrics.backends.base import Prompt
from psychometrics.backends.engines import TreeEngine
from psychometrics.backends.padded import rows_of
from psychometrics.backends.self_check import _NO_PRESENTATION
from psychometrics.backends.tree import TreeForward, tree_rows
from psychometrics.backends.trie import n_distinct


def branching(model, rng, n=14, shared=20, labels=("A", "B", " strongly agree", "1", "10")):
    """Prompts that share beginnings of several lengths; one is there under two label sets."""
    one = tuple((ids,) for ids in model.encode(labels))
    stem = rng.integers(3, 400, size=shared).tolist()
    middle = [rng.integers(3, 400, size=9).tolist() for _ in range(3)]
    tails = [rng.integers(3, 400, size=rng.integers(1, 12)).tolist() for _ in range(n)]
    ids = [tuple(stem + middle[i % 3] + tail) for i, tail in enumerate(tails)]
    ids += [tuple(stem), tuple(rng.integers(3, 400, size=30).tolist())]
    prompts = [Prompt(str(i), sequence, one, _NO_PRESENTATION) for i, sequence in enumerate(ids)]
    other = tuple((ids,) for ids in model.encode(("C", " strongly disagree")))
    return [*prompts, Prompt("again", ids[0], other, _NO_PRESENTATION)]


def flat(score):
    return [log_p for option in score.path_log_p for log_p in option]


def scores_by_hand(model, prompts):
    return [by_hand(model, prompt) for prompt in prompts]


@pytest.mark.parametrize("architecture", TREE)
def test_matrix(architecture, tmp_path, rng):
    """Each family, with the attention it comes with and with eager, in three window sizes."""
    model = pm.load_model(str(save_tiny(tmp_path, architecture)))
    assert model.engine.name == "tree", model.engine
    prompts = branching(model, rng)
    expected = scores_by_hand(model, prompts)
    for implementation in dict.fromkeys([model._model.config._attn_implementation, "eager"]):
        model._model.set_attn_implementation(implementation)
        attention = attention_of(model._model.config)
        forward = TreeForward(
            model._model, model._device, model._dtype, attention.sliding, attention.by_layer_type
        )
        for rows, window in ((1, 16), (3, 16), (1, 512)):
            scores = model._score_with(TreeEngine(forward, rows, window), prompts)
            for score, values in zip(scores, expected, strict=True):
                np.testing.assert_allclose(flat(score), values, atol=TOLERANCE)


@pytest.mark.parametrize("architecture", PADDED)
def test_matrix_of_those_that_take_no_tree(architecture, tmp_path, rng):
    model = pm.load_model(str(save_tiny(tmp_path, architecture)))
    assert model.engine.name == "padded" and model.engine.reason != "asked for"
    prompts = branching(model, rng)
    for score, values in zip(model.score(prompts), scores_by_hand(model, prompts), strict=True):
        np.testing.assert_allclose(flat(score), values, atol=TOLERANCE)


def test_order_of_the_prompts_changes_no_bit(tmp_path, rng):
    model = pm.load_model(str(save_tiny(tmp_path)), window=64)
    prompts = branching(model, rng, n=60)
    straight = {p.key: s for p, s in zip(prompts, model.score(prompts), strict=True)}
    shuffled = [prompts[i] for i in rng.permutation(len(prompts))]
    assert {p.key: s for p, s in zip(shuffled, model.score(shuffled), strict=True)} == straight


def test_each_distinct_token_is_computed_once(tmp_path, rng):
    model = pm.load_model(str(save_tiny(tmp_path)), window=64)
    prompts = branching(model, rng, n=60)
    seen = []
    model._model.register_forward_pre_hook(
        lambda module, args, kwargs: seen.append(kwargs["input_ids"].numel()), with_kwargs=True
    )
    rows = []
    head = model._model.get_output_embeddings()
    head.register_forward_pre_hook(lambda module, args: rows.append(args[0].shape[-2]))
    model.score(prompts)
    distinct = n_distinct([ids for prompt in prompts for ids in prompt.sequences])
    assert sum(seen) == distinct == model.tokens_computed
    paths = {p.ids + path[:n] for p in prompts for (path,) in p.paths for n in range(len(path))}
    assert len(paths) <= sum(rows) <= len(paths) + len(seen)  # a window without any reads one
    assert max(seen) <= 64 and distinct < sum(len(prompt.ids) for prompt in prompts) / 2


def test_entropy_and_top_alternatives_are_those_of_the_padded_engine(tmp_path, rng):
    folder = str(save_tiny(tmp_path))
    tree, padded = pm.load_model(folder, window=64), pm.load_model(folder, engine="padded")
    prompts = branching(tree, rng)
    for one, other in zip(tree.score(prompts), padded.score(prompts), strict=True):
        assert one.entropy == pytest.approx(other.entropy, abs=TOLERANCE)
        assert [text for text, _ in one.top] == [text for text, _ in other.top]
        np.testing.assert_allclose(
            [v for _, v in one.top], [v for _, v in other.top], atol=TOLERANCE
        )


def test_hooks_of_the_model_run_inside(tmp_path, rng):
    """A direction added to a layer's output moves the answers as it moves them one at a time."""
    model = pm.load_model(str(save_tiny(tmp_path)))
    prompts = branching(model, rng)
    before = model.score(prompts)
    direction = torch.linspace(-1, 1, 32)
    model._model.model.layers[0].register_forward_hook(lambda module, args, out: out + direction)
    after, expected = model.score(prompts), scores_by_hand(model, prompts)
    for score, old, values in zip(after, before, expected, strict=True):
        np.testing.assert_allclose(flat(score), values, atol=TOLERANCE)
        assert np.abs(np.subtract(flat(score), flat(old))).max() > 0.01


@pytest.mark.parametrize("architecture", ["llama", "gemma3_text"])
def test_personas_of_two_thousand_tokens(architecture, tmp_path, rng):
    folder = save_tiny(tmp_path, architecture, max_position_embeddings=4096)
    model = pm.load_model(str(folder), window=256, batch_size=2)
    prompts = branching(model, rng, n=8, shared=2000)
    for score, values in zip(model.score(prompts), scores_by_hand(model, prompts), strict=True):
        np.testing.assert_allclose(flat(score), values, atol=TOLERANCE)


def test_cumulative_contexts(tmp_path, rng):
    """Each prompt is the beginning of the next: a questionnaire answered in one conversation."""
    model = pm.load_model(str(save_tiny(tmp_path)), window=64)
    labels = tuple((ids,) for ids in model.encode(("A", "B")))
    whole = tuple(rng.integers(3, 400, size=1500).tolist())
    prompts = [Prompt(str(n), whole[:n], labels, _NO_PRESENTATION) for n in range(100, 1501, 100)]
    for score, values in zip(model.score(prompts), scores_by_hand(model, prompts), strict=True):
        np.testing.assert_allclose(flat(score), values, atol=TOLERANCE)
    assert model.tokens_computed == 1500


def test_memory_does_not_grow_with_the_prompts(tmp_path, rng):
    """What is held between windows is one path, however many prompts there are."""
    model = pm.load_model(str(save_tiny(tmp_path)), window=64)
    paths = []

    def note(module, args, kwargs):
        paths.append(kwargs["attention_mask"].shape[-1])

    model._model.register_forward_pre_hook(note, with_kwargs=True)
    few, many = branching(model, rng, n=20), branching(model, rng, n=400)
    longest = max(len(p.ids) for p in [*few, *many]) + 5
    model.score(few)
    n_few = len(paths)
    model.score(many)
    assert len(paths) > 5 * n_few and max(paths) <= 64 + longest


@pytest.mark.parametrize("n_rows", [1, 2, 5, 8, 16, 32])
def test_no_more_rows_than_asked_for(rng, n_rows):
    """Scenario prompts: 24 orders of four options; each row repeats the beginning it shares."""
    prompts = []
    for _ in range(40):
        start, *options = (rng.integers(3, 400, size=n).tolist() for n in (60, 20, 20, 20, 20))
        for order in itertools.permutations(options):
            ids = tuple(itertools.chain(range(40), start, *order, range(20)))
            prompts.append(Prompt(str(ids), ids, (((1,),), ((2,),)), _NO_PRESENTATION))
    rows = tree_rows(rows_of(prompts), n_rows)
    assert max(1, n_rows // 2) <= len(rows) <= n_rows
    assert sum(len(answers) for row in rows for answers in row.answers.values()) == len(prompts)
