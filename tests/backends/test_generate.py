"""Written answers: the same in a batch as alone, in every family; ended where they end."""

import numpy as np
import pytest
import torch
from tiny import ARCHITECTURES, save_tiny
from transformers import AutoModelForCausalLM, GenerationConfig

import psychometrics as pm
from psychometrics.backends.completion import Completion, TextRequest
from psychometrics.backends.generate import StopTexts, by_length, complete, generate
from psychometrics.backends.generate_continuously import generate_continuously, takes

# float32 sums in another order: 2e-6 nats seen on models of this size
TOLERANCE = 1e-4
LENGTHS = (40, 3, 17, 17, 25)


def requests(sampling, lengths=LENGTHS, vocabulary=400):
    random = np.random.default_rng(3)
    return [
        TextRequest(str(n), tuple(random.integers(5, vocabulary, length).tolist()), sampling, n)
        for n, length in enumerate(lengths)
    ]


def tiny(tmp_path, family="llama", **options):
    return pm.load_model(save_tiny(tmp_path, family, **options))


def same(one, other):
    assert one.ids == other.ids and one.text == other.text
    assert one.finish_reason == other.finish_reason
    assert np.allclose(one.log_p, other.log_p, atol=TOLERANCE)


@pytest.mark.parametrize("temperature", [0.0, 1.0])
@pytest.mark.parametrize("family", ARCHITECTURES)
def test_a_batch_writes_what_each_prompt_writes_alone(tmp_path, family, temperature):
    model = tiny(tmp_path, family)
    asked = requests(pm.Sampling(max_new_tokens=6, temperature=temperature))
    together = model.write(asked)
    for request, answer in zip(asked, together, strict=True):
        same(answer, model.write([request])[0])


def test_log_p_is_what_scoring_gives(tmp_path):
    model = tiny(tmp_path)
    request = requests(pm.Sampling(max_new_tokens=5, temperature=0.7, top_p=0.9))[0]
    answer = model.write([request])[0]
    with torch.inference_mode():
        logits = model._model(torch.tensor([request.ids + answer.ids])).logits[0].double()
    at = logits.log_softmax(-1)[len(request.ids) - 1 : -1]
    expected = at.gather(-1, torch.tensor(answer.ids)[:, None])[:, 0].numpy()
    assert np.allclose(answer.log_p, expected, atol=TOLERANCE)


def test_what_a_models_files_suggest_does_not_act(tmp_path):
    folder = save_tiny(tmp_path)
    asked = requests(pm.Sampling(max_new_tokens=8))
    plain = pm.load_model(folder).write(asked)
    GenerationConfig(
        repetition_penalty=5.0, do_sample=True, temperature=3.0, min_new_tokens=20, top_k=1
    ).save_pretrained(folder)
    assert [a.ids for a in pm.load_model(folder).write(asked)] == [a.ids for a in plain]


def test_every_end_that_a_models_files_name_ends_an_answer(tmp_path):
    folder = save_tiny(tmp_path)
    asked = requests(pm.Sampling(max_new_tokens=8))
    plain = pm.load_model(folder).write(asked)
    third = plain[0].ids[2]
    GenerationConfig(eos_token_id=[third, 399]).save_pretrained(folder)
    ended = pm.load_model(folder).write(asked)[0]
    n = plain[0].ids.index(third) + 1
    assert ended.ids == plain[0].ids[:n] and ended.finish_reason == "end"
    assert len(ended.log_p) == n


def test_stop_text_ends_an_answer_and_is_cut_off(smol):
    ids = smol.encode([smol.render_chat([{"role": "user", "content": "Describe yourself."}])])[0]
    whole = smol.write([TextRequest("", ids, pm.Sampling(max_new_tokens=30), 0)])[0]
    word = whole.text.split()[4]
    stopped = smol.write([TextRequest("", ids, pm.Sampling(30, stop=(word, "§")), 0)])[0]
    assert stopped.finish_reason == "stop" and stopped.text == whole.text.partition(word)[0]
    assert stopped.ids == whole.ids[: len(stopped.ids)] and len(stopped.ids) < len(whole.ids)
    assert len(stopped.log_p) == len(stopped.ids)
    assert word in smol.decode(stopped.ids) and word not in smol.decode(stopped.ids[:-1])


def test_answer_is_cut_at_its_length(smol):
    ids = smol.encode([smol.render_chat([{"role": "user", "content": "Count to a hundred."}])])[0]
    answer = smol.write([TextRequest("", ids, pm.Sampling(max_new_tokens=4), 0)])[0]
    assert answer.finish_reason == "length" and len(answer.ids) == len(answer.log_p) == 4
    assert answer.numerics == "generate batch 16 left-padded sdpa float32 cpu"


def test_an_answer_that_ends_and_stops_is_one_that_stopped():
    request = TextRequest("", (1,), pm.Sampling(stop=("c",)), 0)
    letters = dict(enumerate("abcde"))
    decode = lambda ids: "".join(letters[i] for i in ids)  # noqa: E731
    answer = complete([0, 1, 2, 3, 0, 0], [-1.0] * 6, request, {3}, decode)
    assert answer == Completion("ab", (0, 1, 2, 3), (-1.0,) * 4, "stop", "")


def test_stop_text_over_several_tokens_and_rows():
    decode = lambda ids: "".join(chr(i) for i in ids)  # noqa: E731
    stopping = StopTexts(("end",), 2, 2, decode)
    text = torch.tensor([[ord(c) for c in "..an end!"], [ord(c) for c in "..endless"]])
    seen = [stopping(text[:, :n], None).tolist() for n in range(3, 10)]
    assert seen[2] == [False, True] and seen[5] == [True, True] == seen[6]
    assert stopping.lengths == [6, 3]


def test_batches_hold_prompts_of_similar_length_and_one_sampling():
    asked = requests(pm.Sampling()) + requests(pm.Sampling(max_new_tokens=9))
    mixed = by_length(asked, 3, mixed=True)
    assert sorted(place for batch in mixed for place in batch) == list(range(10))
    for batch in mixed:
        lengths = [len(asked[place].ids) for place in batch]
        assert lengths == sorted(lengths, reverse=True) and len(lengths) <= 3
        assert len({asked[place].sampling for place in batch}) == 1
    for batch in by_length(asked, 3, mixed=False):
        assert len({len(asked[place].ids) for place in batch}) == 1


def test_continuous_batching_writes_what_generate_writes(tmp_path):
    model = tiny(tmp_path)
    asked = requests(pm.Sampling(max_new_tokens=6))
    plain = model.write(asked)
    ends = model._ends | {plain[1].ids[3]}
    one = generate(model._model, asked, ends, model.decode)
    other = generate_continuously(model._model, asked, ends, model.decode)
    for a, b in zip(one, other, strict=True):
        same(a, b)
    assert "end" in {a.finish_reason for a in one}
    assert model._model.config._attn_implementation == "sdpa"  # as it was


def test_continuous_batching_is_for_many_greedy_prompts_on_a_card():
    greedy, random = pm.Sampling(), pm.Sampling(temperature=1.0)
    assert takes(requests(greedy, [5] * 32), "cuda")
    assert not takes(requests(greedy, [5] * 31), "cuda")
    assert not takes(requests(greedy, [5] * 32), "cpu")
    assert not takes(requests(random, [5] * 32), "cuda")
    assert not takes(requests(pm.Sampling(stop=(".",)), [5] * 32), "cuda")


def test_saved_weights_are_untouched_by_bare_settings(tmp_path):
    folder = save_tiny(tmp_path)
    asked = requests(pm.Sampling(max_new_tokens=4))
    ours = pm.load_model(folder).write(asked[:1])[0].ids
    plain = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    ids = torch.tensor([asked[0].ids])
    theirs = plain.generate(
        ids, attention_mask=torch.ones_like(ids), max_new_tokens=4, do_sample=False
    )
    assert tuple(theirs[0, ids.shape[1] :].tolist()) == ours
