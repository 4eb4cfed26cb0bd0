"""``psychometrics administer``."""

import json
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from psychometrics.administration.run import administer as run_administration
from psychometrics.cli.options import DEFAULT_DESIGN, DesignOptions, WhoOptions
from psychometrics.cli.report import write_report
from psychometrics.errors import DesignError
from psychometrics.instruments.load import load_instrument
from psychometrics.report.tables import print_summary, summary

Flag = Annotated[bool, Parameter(negative="")]


def administer(
    who: WhoOptions,
    how: DesignOptions = DEFAULT_DESIGN,
    *,
    inventory: str,
    out: Path,
    min_mass: float = 0.1,
    workers: int = 1,
    rescore: int = 8,
    quiet: Flag = False,
    as_json: Annotated[bool, Parameter(name="--json", negative="")] = False,
) -> None:
    """Administer an inventory to one model or several; score and report it.

    The same command again resumes.

    Parameters
    ----------
    who
        Who answers.
    how
        How the items are presented.
    inventory
        Name of the inventory, or path of a definition file.
    out
        Folder of the run: manifest, journal, responses, scores.csv, report.html.
    min_mass
        An answer whose labels hold less probability than this is missing.
    workers
        Processes that share the prompts; each loads the model.
    rescore
        Prompts of each model that are scored again in float32, to measure numerical error.
    quiet
        No progress and no table.
    as_json
        Print a summary as JSON instead of the table.
    """
    if not out.name:
        raise DesignError("--out names no folder.", "Give one, as in --out runs/x.")
    run = run_administration(
        load_instrument(inventory), who.respondents(), how.design(),
        out=out, seed=how.seed, min_mass=min_mass,
        workers=workers, rescore=rescore, quiet=quiet,
    )  # fmt: skip
    page = write_report(run.responses, out)
    if as_json:
        print(json.dumps(summary(run.responses), indent=1, ensure_ascii=False))
    elif not quiet:
        print_summary(run.responses)
        print(f"Scores: {out / 'scores.csv'}\nReport: {page}")
