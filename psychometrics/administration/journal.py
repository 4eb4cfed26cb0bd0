"""The append-only journal: one line a batch, each with its checksum."""

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from psychometrics.administration.folder import storage_mend
from psychometrics.administration.plan import Plan
from psychometrics.backends.base import Prompt, PromptScore
from psychometrics.errors import JournalError, StorageError

Place = tuple[int, int]


class Journal:
    """Answers as they come in, batch by batch, of a plan that is known.

    A batch is one line, written in one piece. A line without its end (the process was killed while
    writing) is cut off when the journal is opened, and its batch is asked again.

    Parameters
    ----------
    path : Path
    plan : Plan

    Raises
    ------
    JournalError
        A whole line was altered, or does not belong to the plan.
    """

    def __init__(self, path: Path, plan: Plan) -> None:
        self._path = path
        self._plan = plan
        self.answers: dict[str, PromptScore] = {}
        self.done: set[Place] = set()
        if path.exists():
            self._recover()

    def append(
        self, place: Place, prompts: Sequence[Prompt], scores: Sequence[PromptScore]
    ) -> None:
        """Write one batch.

        Parameters
        ----------
        place : tuple of int
            Number of the model and of its batch in the plan.
        prompts, scores : sequences of equal length

        Raises
        ------
        StorageError
            The disk refuses; what was written before stays whole.
        """
        cells = [
            [prompt.key, score.path_log_p, score.entropy, score.top, score.numerics]
            for prompt, score in zip(prompts, scores, strict=True)
        ]
        body = json.dumps([*place, cells], ensure_ascii=True)
        line = f"{_checksum(body)} {body}\n".encode()
        whole = self._path.stat().st_size if self._path.exists() else 0
        try:
            with self._path.open("ab") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            with suppress(OSError):  # what is left of a torn line is cut off at the next opening
                os.truncate(self._path, whole)
            raise StorageError(
                f"Batch {place[1] + 1} cannot be written to {self._path}: {error.strerror}. "
                f"{len(self.done)} of {self._plan.n_batches} batches are safe.",
                storage_mend(error),
            ) from error
        self._take(place, cells)

    def _recover(self) -> None:
        try:
            raw = self._path.read_bytes()
            end = raw.rfind(b"\n") + 1
            if end < len(raw):
                os.truncate(self._path, end)
        except OSError as error:
            raise StorageError(
                f"{self._path} cannot be read: {error.strerror}.", storage_mend(error)
            ) from error
        for number, line in enumerate(raw[:end].splitlines(), start=1):
            checksum, _, body = line.partition(b" ")
            if checksum.decode(errors="replace") != _checksum(body.decode(errors="replace")):
                raise JournalError(
                    f"{self._path}: line {number} does not match its checksum.",
                    f"Delete that line (sed -i {number}d '{self._path}') and give the same command "
                    "again; its batch is asked anew.",
                )
            model, batch, cells = json.loads(body)
            self._check(number, (model, batch), [cell[0] for cell in cells])
            self._take((model, batch), cells)

    def _check(self, number: int, place: Place, keys: list[str]) -> None:
        model, batch = place
        models = self._plan.models
        known = model < len(models) and batch < len(models[model].batches)
        if not known or keys != [prompt.key for prompt in models[model].batches[batch]]:
            raise JournalError(
                f"{self._path}: line {number} holds answers that are not of this plan.",
                "Give another folder with --out (out=).",
            )
        if place in self.done:
            raise JournalError(
                f"{self._path}: line {number} holds batch {batch + 1} a second time.",
                f"Delete that line: sed -i {number}d '{self._path}'.",
            )

    def _take(self, place: Place, cells: Sequence[Sequence[Any]]) -> None:
        self.done.add(place)
        for key, path_log_p, entropy, top, numerics in cells:
            self.answers[key] = PromptScore(
                tuple(map(tuple, path_log_p)), entropy, tuple(map(tuple, top)), numerics
            )


def _checksum(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]
