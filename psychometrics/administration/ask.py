"""Ask what is not in the journal, in this process or in several."""

import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from queue import SimpleQueue
from typing import Any

from psychometrics.administration.distribution import option_log_p
from psychometrics.administration.journal import Journal
from psychometrics.administration.plan import Backends, ModelPlan, Plan
from psychometrics.administration.progress import Meter, progress
from psychometrics.backends.base import Backend, EngineChoice, Prompt, PromptScore
from psychometrics.backends.worker_process import WorkerProcess
from psychometrics.errors import ModelMemoryError
from psychometrics.respondent.reference import ModelReference

Batches = Sequence[tuple[int, Sequence[Prompt]]]


@dataclass(frozen=True, slots=True)
class Effort:
    """What a run may use, and how much of it is checked.

    Parameters
    ----------
    workers : int
        Processes.
    rescore : int
        Prompts of each model that are scored again, one at a time.
    quiet : bool
        Show no progress.
    """

    workers: int
    rescore: int
    quiet: bool


def ask(
    plan: Plan,
    journal: Journal,
    backends: Backends,
    kept: Collection[ModelReference],
    effort: Effort,
    rescored: Collection[str],
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Ask every model what it has not answered yet.

    Parameters
    ----------
    plan : Plan
    journal : Journal
        Answers are written to it as they come.
    backends : mapping
    kept : collection of ModelReference
        Models to be left in memory.
    effort : Effort
    rescored : collection of str
        Models whose sample was scored again before.

    Returns
    -------
    engines : dict
        By name of the models that were asked: the engine that served, and why.
    rescored : list of dict
        Of the models whose sample was scored now: cells, log-probabilities, numerics.
    """
    engines: dict[str, Any] = {}
    samples = []
    done = sum(len(plan.models[m].batches[b]) for m, b in journal.done)
    with progress(plan.n_prompts, done, quiet=effort.quiet) as meter:
        for m, model in enumerate(plan.models):
            name = model.reference.name
            left = [
                (b, batch) for b, batch in enumerate(model.batches) if (m, b) not in journal.done
            ]
            again = _sample(model, effort.rescore if name not in rescored else 0)
            if not left and not again:
                continue
            meter.say(f"loading {name}")
            backend = backends[model.reference]
            with _scorers(backend, effort.workers, len(left)) as scorers:
                _ask_model(m, left, scorers, journal, meter, f"{plan.instrument.name} · {name}")
                if again:
                    meter.say(f"{name}: {len(again)} prompts once more, one at a time")
                    samples += _rescored(name, again, scorers[0])
                if scorers[0].engine is not None:
                    engines[name] = asdict(scorers[0].engine)
            if model.reference not in kept:
                backend.unload()
    return engines, samples


class InPlace:
    """A back end of this process, asked as a worker is."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    @property
    def engine(self) -> EngineChoice | None:
        """How it computes."""
        return self._backend.engine

    def score(self, prompts: Sequence[Prompt], *, exactly: bool = False) -> list[PromptScore]:
        """Score one batch."""
        self._backend.load()
        return (self._backend.score_exactly if exactly else self._backend.score)(prompts)


Scorer = InPlace | WorkerProcess


@contextmanager
def _scorers(backend: Backend, workers: int, n_batches: int) -> Iterator[Sequence[Scorer]]:
    if workers == 1 or backend.identity["reads"] != "tokens":
        yield [InPlace(backend)]
        return
    threads = max(1, int(backend.environment["threads"]) // workers)
    processes = [
        WorkerProcess(backend.reference, n, threads) for n in range(max(1, min(workers, n_batches)))
    ]
    try:
        yield processes
    finally:
        for process in processes:
            process.close()


def _ask_model(
    m: int, left: Batches, scorers: Sequence[Scorer], journal: Journal, meter: Meter, text: str
) -> None:
    """Hand batches to whoever is free, and journal them here as they come back."""
    meter.say(text)

    def keep(b: int, batch: Sequence[Prompt], scores: list[PromptScore]) -> None:
        journal.append((m, b), batch, scores)
        meter.advance(len(batch))

    if len(scorers) == 1:
        for b, batch in left:
            keep(b, batch, scorers[0].score(batch))
    else:
        _share(left, scorers, keep)


def _share(
    left: Batches,
    scorers: Sequence[Scorer],
    keep: Callable[[int, Sequence[Prompt], list[PromptScore]], None],
) -> None:
    free: SimpleQueue[Scorer] = SimpleQueue()
    for scorer in scorers:
        free.put(scorer)

    def score(batch: Sequence[Prompt]) -> list[PromptScore]:
        scorer = free.get()
        try:
            return scorer.score(batch)
        finally:
            free.put(scorer)

    with ThreadPoolExecutor(len(scorers)) as pool:
        waiting: dict[Future[list[PromptScore]], tuple[int, Sequence[Prompt]]] = {
            pool.submit(score, batch): (b, batch) for b, batch in left
        }
        try:
            while waiting:
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    keep(*waiting.pop(future), future.result())
        except BaseException:
            for future in waiting:
                future.cancel()
            for scorer in scorers:
                if isinstance(scorer, WorkerProcess):
                    scorer.close()
            raise


def _sample(model: ModelPlan, n: int) -> list[Prompt]:
    """Prompts spread over the plan; their keys are hashes, so that their order is random."""
    prompts = sorted(model.prompts, key=lambda prompt: prompt.key)
    return prompts[:n]


def _rescored(name: str, prompts: Sequence[Prompt], scorer: Scorer) -> list[dict[str, Any]]:
    """Score prompts one at a time; nothing, with a warning, where memory does not allow it."""
    try:
        scores = scorer.score(prompts, exactly=True)
    except ModelMemoryError as error:
        warnings.warn(f"The numerical error of {name} is not measured: {error.cause}", stacklevel=2)
        return []
    pairs = zip(prompts, scores, strict=True)
    log_p = [option_log_p(p.paths, s.path_log_p).tolist() for p, s in pairs]
    cells = [prompt.key for prompt in prompts]
    return [{"model": name, "numerics": scores[0].numerics, "cells": cells, "log_p": log_p}]
