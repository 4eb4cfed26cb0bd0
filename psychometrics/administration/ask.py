"""Ask what is not in the journal, in this process or in several."""

import warnings
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from psychometrics.administration.askers import Asker, askers, hand_out
from psychometrics.administration.distribution import option_log_p
from psychometrics.administration.journal import Answer, Journal
from psychometrics.administration.plan import Backends, ModelPlan, Plan
from psychometrics.administration.progress import Meter, progress
from psychometrics.backends.base import Prompt, PromptScore
from psychometrics.errors import ModelMemoryError
from psychometrics.respondent.reference import ModelReference

T = TypeVar("T")
A = TypeVar("A", bound=Answer)


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
    journal: Journal[PromptScore],
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
        By name of the models that were asked: the engine that served, why, and how many tokens it
        computed.
    rescored : list of dict
        Of the models whose sample was scored now: cells, log-probabilities, numerics.
    """
    engines: dict[str, Any] = {}
    samples = []
    with progress(plan.n_prompts, journal.n_done, quiet=effort.quiet) as meter:
        for m, model in enumerate(plan.models):
            name = model.reference.name
            left = left_of(model, m, journal)
            again = _sample(model, effort.rescore if name not in rescored else 0)
            if not left and not again:
                continue
            meter.say(f"loading {name}")
            backend = backends[model.reference]
            with askers(backend, effort.workers, len(left)) as among:
                meter.say(f"{plan.instrument.name} · {name}")
                before = sum(asker.tokens_computed for asker in among)
                hand_out(left, among, lambda a, batch: a.score(batch), keeper(m, journal, meter))
                computed = sum(asker.tokens_computed for asker in among) - before
                if again:
                    meter.say(f"{name}: {len(again)} prompts once more, one at a time")
                    samples += _rescored(name, again, among[0])
                if among[0].engine is not None:
                    engines[name] = {**asdict(among[0].engine), "tokens_computed": computed}
            if model.reference not in kept:
                backend.unload()
    return engines, samples


def left_of(model: ModelPlan[T], m: int, journal: Journal[A]) -> list[tuple[int, tuple[T, ...]]]:
    """Number and content of a model's batches that are not in the journal."""
    return [(b, batch) for b, batch in enumerate(model.batches) if (m, b) not in journal.done]


def keeper(m: int, journal: Journal[A], meter: Meter) -> Callable[[int, list[A]], None]:
    """Journal the answers of a model's batches as they come."""

    def keep(b: int, answers: list[A]) -> None:
        journal.append((m, b), answers)
        meter.advance(len(answers))

    return keep


def _sample(model: ModelPlan[Prompt], n: int) -> list[Prompt]:
    """Prompts spread over the plan; their keys are hashes, so that their order is random."""
    prompts = sorted(model.prompts, key=lambda prompt: prompt.key)
    return prompts[:n]


def _rescored(name: str, prompts: Sequence[Prompt], asker: Asker) -> list[dict[str, Any]]:
    """Score prompts one at a time; nothing, with a warning, where memory does not allow it."""
    try:
        scores = asker.score_exactly(prompts)
    except ModelMemoryError as error:
        warnings.warn(f"The numerical error of {name} is not measured: {error.cause}", stacklevel=2)
        return []
    pairs = zip(prompts, scores, strict=True)
    log_p = [option_log_p(p.paths, s.path_log_p).tolist() for p, s in pairs]
    cells = [prompt.key for prompt in prompts]
    return [{"model": name, "numerics": scores[0].numerics, "cells": cells, "log_p": log_p}]
