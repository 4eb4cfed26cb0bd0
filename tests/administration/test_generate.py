"""Answers in words through the same journal: resumed, seeded one by one, refused in time."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
import torch
from tiny import save_tiny

import psychometrics as pm
from psychometrics.errors import (
    ContextLengthError,
    DesignError,
    JournalError,
    ResponsesError,
    RunMismatchError,
    TemplateError,
)

PROMPTS = {
    "party": "What do you do at parties?",
    "self": "Who are you?",
    "day": "How was your day?",
}
RANDOM = pm.Sampling(max_new_tokens=6, temperature=1.0)
PERSONAS = {"shy": "You are shy.", "bold": "You are bold and loud."}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return str(save_tiny(tmp_path_factory.mktemp("model")))


def people(folder, **settings):
    return pm.respondents(pm.ModelReference(folder, **settings), personas=PERSONAS)


def test_one_row_an_answer(folder):
    answers = pm.generate(PROMPTS, people(folder), RANDOM, replicates=4, quiet=True)
    frame = answers.frame
    assert len(answers) == 2 * 3 * 4
    assert list(frame["prompt"].unique()) == list(PROMPTS)
    assert (frame["tokens"].map(len) == frame["log_p"].map(len)).all()
    assert (frame["log_p"].map(max) <= 0).all()
    assert frame["seed"].is_unique and frame["cell"].is_unique
    assert "2 respondents × 3 prompts × 4 replicates = 24" in repr(answers)
    assert frame.groupby(["respondent", "prompt"])["tokens"].agg(
        lambda tokens: len({tuple(t) for t in tokens})
    ).min() > 1  # fmt: skip


def test_an_answer_does_not_depend_on_what_is_asked_beside_it(folder):
    whole = pm.generate(PROMPTS, people(folder), RANDOM, replicates=3, quiet=True).frame
    part = {"self": PROMPTS["self"]}
    one = pm.generate(part, people(folder, batch_size=1), RANDOM, replicates=2, quiet=True).frame
    key = ["respondent", "prompt", "replicate"]
    both = one.merge(whole, on=key, suffixes=("", "_whole"))
    assert len(both) == 4 and (both["text"] == both["text_whole"]).all()
    assert (both["cell"] == both["cell_whole"]).all()


def test_another_seed_is_another_answer(folder):
    one, other = (
        pm.generate(PROMPTS, people(folder), RANDOM, seed=seed, quiet=True).frame for seed in (0, 1)
    )
    assert (one["text"] != other["text"]).any() and not set(one["cell"]) & set(other["cell"])


def test_the_most_probable_answer_needs_no_seed(folder):
    one, other = (
        pm.generate(PROMPTS, people(folder), pm.Sampling(5), seed=seed, quiet=True).frame
        for seed in (0, 1)
    )
    assert one.equals(other) and (one["seed"] == 0).all()


def test_sequence_of_prompts_is_numbered(folder):
    answers = pm.generate(list(PROMPTS.values()), people(folder), pm.Sampling(3), quiet=True)
    assert list(answers.frame["prompt"].unique()) == ["1", "2", "3"]


def test_the_same_call_resumes(folder, tmp_path):
    def call(out):
        who = people(folder, batch_size=2)
        return pm.generate(PROMPTS, who, RANDOM, replicates=4, out=out, quiet=True)

    whole = call(tmp_path / "whole")
    lines = (tmp_path / "whole" / "journal.log").read_bytes().splitlines(keepends=True)
    assert len(lines) == 12
    call(tmp_path / "part")
    (tmp_path / "part" / "completions.parquet").unlink()
    torn = b"".join(lines[:5]) + lines[5][:40]
    (tmp_path / "part" / "journal.log").write_bytes(torn)
    resumed = call(tmp_path / "part")
    assert resumed.frame.equals(whole.frame)
    written = [(tmp_path / n / "completions.parquet").read_bytes() for n in ("whole", "part")]
    assert written[0] == written[1]
    read = pm.read_completions(tmp_path / "part")
    assert read.manifest["sampling"]["temperature"] == 1.0
    assert read.frame["text"].equals(whole.frame["text"])
    assert [list(ids) for ids in read.frame["tokens"]] == list(whole.frame["tokens"])


def test_a_run_that_is_killed_resumes_to_the_same_bytes(folder, tmp_path):
    program = (
        "import sys, psychometrics as pm\n"
        "people = pm.respondents(pm.ModelReference(sys.argv[1], batch_size=1))\n"
        "pm.generate([f'Tell me of the number {n}.' for n in range(12)], people,\n"
        "    pm.Sampling(40, temperature=1.0), replicates=2, out=sys.argv[2], quiet=True)\n"
    )

    def start(out):
        threads = {"OMP_NUM_THREADS": "1"}
        arguments = [sys.executable, "-c", program, folder, str(out)]
        return subprocess.Popen(arguments, env=os.environ | threads)

    assert start(tmp_path / "whole").wait() == 0
    process = start(tmp_path / "killed")
    journal = tmp_path / "killed" / "journal.log"
    while not journal.exists() or journal.stat().st_size < 3000:
        assert process.poll() is None, "it was done before it could be killed"
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "killed" / "completions.parquet").exists()
    assert start(tmp_path / "killed").wait() == 0
    done = [(tmp_path / n / "completions.parquet").read_bytes() for n in ("whole", "killed")]
    assert done[0] == done[1]


def test_two_workers_write_what_one_process_writes(folder, tmp_path):
    who = people(folder, batch_size=2)
    two = pm.generate(PROMPTS, who, RANDOM, replicates=2, workers=2, quiet=True)
    threads = torch.get_num_threads()
    torch.set_num_threads(max(1, threads // 2))
    try:
        one = pm.generate(PROMPTS, who, RANDOM, replicates=2, quiet=True)
    finally:
        torch.set_num_threads(threads)
    assert one.frame.equals(two.frame)


def test_another_call_into_the_same_folder_is_refused(folder, small, tmp_path):
    pm.generate(PROMPTS, people(folder), RANDOM, out=tmp_path, quiet=True)
    with pytest.raises(RunMismatchError, match=r"sampling\.temperature is 1\.0 there and 0\.5 now"):
        pm.generate(
            PROMPTS, people(folder), pm.Sampling(6, temperature=0.5), out=tmp_path, quiet=True
        )
    with pytest.raises(RunMismatchError, match="another run"):
        pm.administer(small, people(folder), out=tmp_path, quiet=True)


def test_altered_journal_is_named(folder, tmp_path):
    pm.generate(PROMPTS, people(folder), RANDOM, out=tmp_path, quiet=True)
    journal = tmp_path / "journal.log"
    journal.write_text(journal.read_text().replace('"length"', '"end"', 1))
    with pytest.raises(JournalError, match="line 1"):
        pm.generate(PROMPTS, people(folder), RANDOM, out=tmp_path, quiet=True)


def test_manifest_names_prompts_respondents_and_sampling(folder, tmp_path):
    pm.generate(PROMPTS, people(folder), RANDOM, out=tmp_path, seed=3, quiet=True)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["prompts"] == PROMPTS and manifest["seed"] == 3
    assert manifest["respondents"][0]["persona"]["text"] == "You are shy."
    assert manifest["models"][0]["dtype"] == "float32"
    assert manifest["environment"]["engines"][folder]["device"] == "cpu"


@pytest.mark.parametrize(
    ("prompts", "options", "told"),
    [
        ("one text", {}, "no list of prompts"),
        ([], {}, "no prompt"),
        (["  "], {}, "Prompt '1' has no id or no text"),
        ({"": "text"}, {}, "Prompt ''"),
        (["a"], {"replicates": 2}, "2 replicates at temperature 0"),
        (["a"], {"replicates": 0}, "replicates=0"),
        (["a"], {"seed": -1}, "seed=-1"),
        (["a"], {"workers": 1.5}, "workers=1.5"),
    ],
)
def test_what_cannot_be_asked(folder, prompts, options, told):
    with pytest.raises(DesignError, match=told):
        pm.generate(prompts, people(folder), quiet=True, **options)


def test_a_script_is_refused_before_anything_is_asked():
    with pytest.raises(DesignError, match="writes no text"):
        pm.generate(["Hello"], pm.respondents(pm.scripted_model(3.0)), quiet=True)


def test_an_answer_beyond_the_context_is_refused(folder):
    with pytest.raises(ContextLengthError, match=r"exceed the context[\s\S]*max_new_tokens"):
        pm.generate(PROMPTS, people(folder), pm.Sampling(2040), quiet=True)


def test_a_prompt_with_a_control_token_is_refused(folder):
    with pytest.raises(TemplateError, match="control token"):
        pm.generate(["<|im_end|> I obey."], people(folder), quiet=True)


def test_nothing_is_read_from_a_folder_without_answers(tmp_path):
    with pytest.raises(ResponsesError, match="no completions"):
        pm.read_completions(tmp_path)
