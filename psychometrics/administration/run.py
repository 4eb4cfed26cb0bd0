"""Administer an instrument: plan, ask, journal, assemble."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psychometrics.administration.ask import Effort, ask
from psychometrics.administration.assemble import assemble
from psychometrics.administration.folder import write_whole
from psychometrics.administration.journal import Journal
from psychometrics.administration.manifest import (
    Manifest,
    make_environment,
    make_manifest,
    refuse_other_environment,
)
from psychometrics.administration.open import open_backends
from psychometrics.administration.plan import make_plan
from psychometrics.administration.progress import working
from psychometrics.administration.run_folder import (
    JOURNAL_FILE,
    begin,
    run_folder,
    write_manifest,
)
from psychometrics.backends.base import PromptScore
from psychometrics.designs.design import Design
from psychometrics.designs.design import design as make_design
from psychometrics.errors import DesignError
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.load import refuse_altered
from psychometrics.respondent.respondents import Respondents
from psychometrics.responses import INSTRUMENT_FILE, RESPONSES_FILE, Responses


@dataclass(frozen=True)
class Run:
    """A finished administration.

    Parameters
    ----------
    responses : Responses
    manifest : dict
        Which model, prompt, order, seed and version made it.
    folder : Path or None
        Where it is kept.
    """

    responses: Responses
    manifest: Manifest
    folder: Path | None

    def __repr__(self) -> str:
        return f"<Run in {self.folder or 'memory'}: {len(self.responses):,} responses>"

    def cite(self, path: str | Path | None = None, *more: object) -> str:
        """Write BibTeX for instrument, models and software; see :func:`psychometrics.cite`."""
        return self.responses.cite(path, *more)


def administer(
    instrument: Instrument,
    respondents: Respondents,
    design: Design | None = None,
    *,
    out: str | Path | None = None,
    seed: int = 0,
    min_mass: float = 0.1,
    workers: int = 1,
    rescore: int = 8,
    quiet: bool = False,
) -> Run:
    """Ask every respondent every item under every condition.

    The same call into the same folder resumes: what was answered is not asked again, and the
    result is the one an undisturbed run would have had.

    Parameters
    ----------
    instrument : Instrument
    respondents : Respondents
    design : Design, optional
        Default: ``psychometrics.design()``, which permutes the options.
    out : str or Path, optional
        Folder of the run; without it nothing is kept on disk.
    seed : int
        For the random draws of the design that name no seed.
    min_mass : float
        From 0 to 1. An answer whose labels together hold less probability than this is missing
        with the reason ``low_mass``; its log-probabilities are kept.
    workers : int
        Processes that share the prompts, each with the model and its part of the threads; with
        several cards each takes one. On a CPU two of one thread are faster than one of two. One
        that dies is replaced.
    rescore : int
        Prompts of each model that are scored again at the end, one at a time and in float32, for
        :meth:`Responses.numerical_error`.
    quiet : bool
        Show no progress.

    Returns
    -------
    Run

    Raises
    ------
    ModelError, TemplateError, DesignError
        Something cannot be presented as asked; raised before anything is paid for.
    RunFolderError
        The folder is in use, holds another run, or cannot be written.

    Examples
    --------
    >>> import psychometrics as pm
    >>> run = pm.administer(
    ...     pm.load_instrument("big-five-60"),
    ...     pm.respondents(pm.scripted_model({"extraversion": 4.5, "agreeableness": 3.0,
    ...         "conscientiousness": 3.5, "neuroticism": 1.5, "openness": 4.0})),
    ...     pm.design(option_order="balanced"),
    ...     quiet=True,
    ... )
    >>> run
    <Run in memory: 600 responses>
    """
    _check_call(instrument, respondents, design, seed, min_mass)
    refuse_no_count(workers=(workers, 1), rescore=(rescore, 0))
    design = design or make_design()
    with working("Finding models (a GGUF file is converted once: half a minute)", quiet=quiet):
        backends = open_backends(respondents)
    with working("Writing and tokenizing the prompts", quiet=quiet):
        plan = make_plan(instrument, respondents, design, seed, backends)
        manifest = make_manifest(plan, design, seed, min_mass, backends, workers)
    with run_folder(out) as folder:
        manifest = begin(folder, manifest)
        _keep_definition(folder, instrument)
        journal = Journal(folder / JOURNAL_FILE, plan.keys, PromptScore)
        if len(journal.done) < plan.n_batches:  # a finished run may be read with any version
            now = make_environment(plan.models, backends, workers)
            refuse_other_environment(folder, manifest, now)
        effort = Effort(workers, rescore, quiet)
        before = manifest.get("rescored", [])
        engines, rescored = ask(
            plan, journal, backends, respondents.opened, effort, [m["model"] for m in before]
        )
        manifest = _noted(folder, manifest, engines, rescored)
        frame = assemble(plan, journal.answers, min_mass)
        responses = Responses(frame, instrument, manifest)
        if out is not None:
            write_whole(folder / RESPONSES_FILE, responses.write)
    return Run(responses, manifest, Path(out) if out is not None else None)


def _noted(
    folder: Path, manifest: Manifest, engines: dict[str, Any], rescored: list[dict[str, Any]]
) -> Manifest:
    """Note in the manifest which engines served, and what was scored again."""
    if not engines and not rescored:
        return manifest
    before = manifest.get("engines", {})
    for name, engine in engines.items():
        engine["tokens_computed"] += before.get(name, {}).get("tokens_computed", 0)
    manifest = manifest | {
        "engines": before | engines,
        "rescored": [*manifest.get("rescored", []), *rescored],
    }
    write_manifest(folder, manifest)
    return manifest


def refuse_no_count(**counts: tuple[object, int]) -> None:
    """Refuse what is no whole number, or is below the least that is possible.

    Raises
    ------
    DesignError
    """
    for name, (value, least) in counts.items():
        if not isinstance(value, int) or value < least:
            raise DesignError(
                f"{name}={value!r} is not possible.", f"Give a whole number from {least}."
            )


def _check_call(
    instrument: object, respondents: object, design: object, seed: object, min_mass: object
) -> None:
    """Refuse arguments that are of another kind than asked for."""
    kinds = (
        ("instrument", instrument, Instrument, "pm.load_instrument(...)"),
        ("respondents", respondents, Respondents, "pm.respondents(...)"),
        ("design", design, Design | None, "pm.design(...)"),
        ("seed", seed, int, "a whole number"),
        ("min_mass", min_mass, int | float, "a number from 0 to 1"),
    )
    for name, value, kind, wanted in kinds:
        if not isinstance(value, kind):
            raise DesignError(f"{name}={value!r} is a {type(value).__name__}.", f"Give {wanted}.")
    if isinstance(seed, int) and seed < 0:
        raise DesignError(f"seed={seed} is negative.", "Give 0 or more.")
    if isinstance(min_mass, int | float) and not 0 <= min_mass <= 1:
        raise DesignError(f"min_mass={min_mass} is no probability.", "Give a number from 0 to 1.")
    if isinstance(instrument, Instrument):
        refuse_altered(instrument)


def _keep_definition(folder: Path, instrument: Instrument) -> None:
    definition = folder / INSTRUMENT_FILE
    if not definition.is_file() or definition.read_bytes() != instrument.definition:
        write_whole(definition, lambda path: path.write_bytes(instrument.definition))
