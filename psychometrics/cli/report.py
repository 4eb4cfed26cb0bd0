"""``psychometrics report``."""

from functools import partial
from pathlib import Path

from psychometrics.administration.folder import write_whole
from psychometrics.report.page import write_page
from psychometrics.report.tables import print_summary
from psychometrics.responses import Responses, read_responses


def report(run: Path) -> None:
    """Score and report a finished run again; needs no model.

    Parameters
    ----------
    run
        Folder of the run.
    """
    responses = read_responses(run)
    folder = run if run.is_dir() else run.parent
    page = write_report(responses, folder)
    print_summary(responses)
    print(f"Scores: {folder / 'scores.csv'}\nReport: {page}")


def write_report(responses: Responses, folder: Path) -> Path:
    """Write ``scores.csv`` and ``report.html`` into a folder; return the page."""
    page = folder / "report.html"
    write_whole(folder / "scores.csv", responses.score().to_csv)
    write_whole(page, partial(write_page, responses))
    return page
