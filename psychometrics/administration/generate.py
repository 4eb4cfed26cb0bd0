"""Let respondents answer prompts in words: plan, ask, journal, assemble."""

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from psychometrics.administration.ask import keeper, left_of
from psychometrics.administration.askers import askers, hand_out
from psychometrics.administration.folder import write_whole
from psychometrics.administration.journal import Journal
from psychometrics.administration.manifest import (
    FORMAT,
    Manifest,
    describe_model,
    describe_respondent,
    make_environment,
    refuse_other_environment,
)
from psychometrics.administration.open import open_backends
from psychometrics.administration.plan import Backends
from psychometrics.administration.progress import progress, working
from psychometrics.administration.run import refuse_no_count
from psychometrics.administration.run_folder import JOURNAL_FILE, begin, run_folder
from psychometrics.administration.text_plan import TextPlan, make_text_plan
from psychometrics.backends.completion import Completion
from psychometrics.completions import COMPLETIONS_FILE, Completions
from psychometrics.designs.sampling import Sampling
from psychometrics.errors import DesignError
from psychometrics.respondent.respondents import Respondents


def generate(
    prompts: Sequence[str] | Mapping[str, str],
    respondents: Respondents,
    sampling: Sampling | None = None,
    *,
    replicates: int = 1,
    seed: int = 0,
    out: str | Path | None = None,
    workers: int = 1,
    quiet: bool = False,
) -> Completions:
    """Let every respondent answer every prompt in words.

    The same call into the same folder resumes. Each answer has a seed of its own, drawn from
    ``seed`` and the names of respondent, prompt and replicate: it is the same whatever is computed
    beside it.

    Parameters
    ----------
    prompts : sequence of str, or mapping of id to str
        The user's turns; those of a sequence are named "1", "2", ….
    respondents : Respondents
    sampling : Sampling, optional
        Default: the most probable tokens, 256 at most.
    replicates : int
        Answers to each prompt; more than one needs a temperature above 0.
    seed : int
        0 or more.
    out : str or Path, optional
        Folder of the run; without it nothing is kept on disk.
    workers : int
        Processes that share the prompts; see :func:`psychometrics.administer`.
    quiet : bool
        Show no progress.

    Returns
    -------
    Completions

    Raises
    ------
    DesignError, ModelError, TemplateError
        Something cannot be asked; raised before anything is paid for.
    RunFolderError
        The folder is in use, holds another run, or cannot be written.

    Examples
    --------
    >>> import psychometrics as pm
    >>> people = pm.respondents("smollm2-135m", personas={"shy": "You are shy."})
    >>> pm.generate(["What do you do at parties?"], people, quiet=True)  # doctest: +SKIP
    <Completions: 1 respondent × 1 prompts × 1 replicate = 1 · end 100 %>
    """
    sampling = sampling or Sampling()
    refuse_no_count(workers=(workers, 1), replicates=(replicates, 1), seed=(seed, 0))
    texts = _texts(prompts)
    _refuse_identical(sampling, replicates)
    with working("Finding models (a GGUF file is converted once: half a minute)", quiet=quiet):
        backends = open_backends(respondents)
    with working("Writing and tokenizing the prompts", quiet=quiet):
        plan = make_text_plan(
            texts, respondents, sampling, range(1, replicates + 1), seed, backends
        )
        manifest = {
            **_call(texts, sampling, replicates, seed, plan, backends),
            "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
            "environment": make_environment(plan.models, backends, workers),
        }
    with run_folder(out) as folder:
        now = manifest["environment"]
        manifest = begin(folder, manifest)
        journal = Journal(folder / JOURNAL_FILE, plan.keys, Completion)
        if len(journal.done) < journal.n_batches:
            refuse_other_environment(folder, manifest, now)
        _ask(plan, journal, backends, respondents, workers, quiet=quiet)
        completions = Completions(_assemble(plan, journal.answers), manifest)
        if out is not None:
            write_whole(folder / COMPLETIONS_FILE, completions.write)
    return completions


def _texts(prompts: Sequence[str] | Mapping[str, str]) -> dict[str, str]:
    if isinstance(prompts, str) or not isinstance(prompts, Sequence | Mapping):
        raise DesignError(f"prompts={prompts!r} is no list of prompts.", "Give [text, …].")
    named = (
        dict(prompts)
        if isinstance(prompts, Mapping)
        else {str(n): text for n, text in enumerate(prompts, start=1)}
    )
    if not named:
        raise DesignError("There is no prompt.", "Give at least one.")
    for name, text in named.items():
        if not isinstance(name, str) or not isinstance(text, str) or not name or not text.strip():
            raise DesignError(f"Prompt {name!r} has no id or no text.", "Give it both.")
    return named


def _refuse_identical(sampling: Sampling, replicates: int) -> None:
    if replicates > 1 and sampling.temperature == 0:
        raise DesignError(
            f"{replicates} replicates at temperature 0 would be {replicates} times the same.",
            "Give a temperature: sampling=Sampling(temperature=1.0).",
        )


def _call(
    texts: Mapping[str, str],
    sampling: Sampling,
    replicates: int,
    seed: int,
    plan: TextPlan,
    backends: Backends,
) -> Manifest:
    cells = [[row.request.key for row in plan.rows], plan.keys]
    return {
        "format": FORMAT,
        "prompts": dict(texts),
        "sampling": {**asdict(sampling), "stop": list(sampling.stop)},
        "replicates": replicates,
        "seed": seed,
        "respondents": [describe_respondent(*pair) for pair in plan.renderings],
        "models": [describe_model(model.reference, backends) for model in plan.models],
        "plan": {
            "rows": len(plan.rows),
            "sha256": hashlib.sha256(json.dumps(cells).encode()).hexdigest(),
        },
    }


def _ask(
    plan: TextPlan,
    journal: Journal[Completion],
    backends: Backends,
    respondents: Respondents,
    workers: int,
    *,
    quiet: bool,
) -> None:
    total = sum(len(model.prompts) for model in plan.models)
    with progress(total, journal.n_done, quiet=quiet) as meter:
        for m, model in enumerate(plan.models):
            left = left_of(model, m, journal)
            if not left:
                continue
            backend = backends[model.reference]
            meter.say(f"writing · {model.reference.name}")
            with askers(backend, workers, len(left)) as among:
                hand_out(left, among, lambda a, batch: a.write(batch), keeper(m, journal, meter))
            if model.reference not in respondents.opened:
                backend.unload()


def _assemble(plan: TextPlan, answers: Mapping[str, Completion]) -> pd.DataFrame:
    """One row an answer, in the order respondents × prompts × replicates."""
    found = [answers[row.request.key] for row in plan.rows]
    return pd.DataFrame(
        {
            "respondent": [row.respondent.id for row in plan.rows],
            "model": [row.respondent.model.name for row in plan.rows],
            "prompt": [row.prompt for row in plan.rows],
            "replicate": [row.replicate for row in plan.rows],
            "text": [answer.text for answer in found],
            "finish_reason": [answer.finish_reason for answer in found],
            "tokens": [list(answer.ids) for answer in found],
            "log_p": [list(answer.log_p) for answer in found],
            "prompt_tokens": [len(row.request.ids) for row in plan.rows],
            "seed": pd.array([row.request.seed for row in plan.rows], dtype="uint64"),
            "numerics": [answer.numerics for answer in found],
            "cell": [row.request.key for row in plan.rows],
        }
    )
