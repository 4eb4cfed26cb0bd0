"""Progress with time left, on the terminal's error stream."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Meter:
    """What is being done, and how much of it; silent without a bar."""

    def __init__(self, bar: "Progress | None" = None, task: "TaskID | None" = None) -> None:
        self._bar, self._task = bar, task

    def say(self, text: str) -> None:
        """Name what is being done now."""
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=text, refresh=True)

    def advance(self, n: int) -> None:
        """Count ``n`` prompts as answered."""
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, n)


@contextmanager
def working(text: str, *, quiet: bool) -> Iterator[None]:
    """Say what is being done where it cannot be counted."""
    if quiet:
        yield
        return
    from rich.console import Console

    with Console(file=sys.stderr).status(text):
        yield


@contextmanager
def progress(total: int, done: int, *, quiet: bool) -> Iterator[Meter]:
    """Show how far a run is.

    Parameters
    ----------
    total, done : int
        Prompts in all, and those already answered.
    quiet : bool
        Show nothing.
    """
    if quiet:
        yield Meter()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("prompts"),
        TimeElapsedColumn(), TextColumn("· left"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(file=sys.stderr)) as bar:
        yield Meter(bar, bar.add_task("", total=total, completed=done))
