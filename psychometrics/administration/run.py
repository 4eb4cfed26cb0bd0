"""Administer an instrument: plan, ask, journal, assemble."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from psychometrics.administration.ask import Effort, ask
from psychometrics.administration.assemble import assemble
from psychometrics.administration.folder import held_folder, write_whole
from psychometrics.administration.journal import Journal
from psychometrics.administration.manifest import (
    Manifest,
    make_environment,
    make_manifest,
    read_manifest,
    refuse_other_call,
    refuse_other_environment,
)
from psychometrics.administration.open import open_backends
from psychometrics.administration.plan import make_plan
from psychometrics.administration.progress import working
from psychometrics.designs.design import Design
from psychometrics.designs.design import design as make_design
from psychometrics.errors import DesignError, JournalError
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.load import refuse_altered
from psychometrics.respondent.respondents import Respondents
from psychometrics.responses import INSTRUMENT_FILE, MANIFEST_FILE, RESPONSES_FILE, Responses

JOURNAL_FILE = "journal.log"


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
    _check_effort(workers, rescore)
    design = design or make_design()
    with working("Finding models (a GGUF file is converted once: half a minute)", quiet=quiet):
        backends = open_backends(respondents)
    with working("Writing and tokenizing the prompts", quiet=quiet):
        plan = make_plan(instrument, respondents, design, seed, backends)
        manifest = make_manifest(plan, design, seed, min_mass, backends, workers)
    with _folder(out) as folder:
        manifest = _begin(folder, manifest, instrument)
        journal = Journal(folder / JOURNAL_FILE, plan)
        if len(journal.done) < plan.n_batches:  # a finished run may be read with any version
            refuse_other_environment(folder, manifest, make_environment(plan, backends, workers))
        effort = Effort(workers, rescore, quiet)
        before = manifest.get("rescored", [])
        engines, rescored = ask(
            plan, journal, backends, respondents.opened, effort, [m["model"] for m in before]
        )
        if engines or rescored:
            engines = manifest.get("engines", {}) | engines
            manifest |= {"engines": engines, "rescored": [*before, *rescored]}
            write_whole(folder / MANIFEST_FILE, _writes(manifest))
        frame = assemble(plan, journal.answers, min_mass)
        responses = Responses(frame, instrument, manifest)
        if out is not None:
            write_whole(folder / RESPONSES_FILE, responses.write)
    return Run(responses, manifest, Path(out) if out is not None else None)


def _check_effort(workers: object, rescore: object) -> None:
    for name, value, least in (("workers", workers, 1), ("rescore", rescore, 0)):
        if not isinstance(value, int) or value < least:
            raise DesignError(
                f"{name}={value!r} is not possible.", f"Give a whole number from {least}."
            )


@contextmanager
def _folder(out: str | Path | None) -> Iterator[Path]:
    if out is None:
        with TemporaryDirectory(prefix="psychometrics-") as temporary:
            yield Path(temporary)
    else:
        with held_folder(Path(out)):
            yield Path(out)


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


def _begin(folder: Path, manifest: Manifest, instrument: Instrument) -> Manifest:
    """Write the manifest, or find that the folder's own describes the same call."""
    file, definition = folder / MANIFEST_FILE, folder / INSTRUMENT_FILE
    if file.exists():
        there = read_manifest(file)
        refuse_other_call(folder, there, manifest)
        manifest = there
    elif (folder / JOURNAL_FILE).exists():
        raise JournalError(
            f"{folder} holds a journal and no manifest: nobody knows what was asked.",
            "Give another folder with --out (out=), or move the journal away.",
        )
    else:
        write_whole(file, _writes(manifest))
    if not definition.is_file() or definition.read_bytes() != instrument.definition:
        write_whole(definition, lambda path: path.write_bytes(instrument.definition))
    return manifest


def _writes(manifest: Manifest) -> Callable[[Path], object]:
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    return lambda path: path.write_text(text, encoding="utf-8")
