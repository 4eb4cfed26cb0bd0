"""The append-only journal: one line a batch, each with its checksum."""

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Generic, Protocol, Self, TypeVar

from psychometrics.administration.folder import storage_mend
from psychometrics.errors import JournalError, StorageError

Place = tuple[int, int]


class Answer(Protocol):
    """What a journal can keep."""

    def to_json(self) -> list[Any]:
        """Plain lists and numbers."""
        ...

    @classmethod
    def from_json(cls, fields: Sequence[Any]) -> Self:
        """Read what :meth:`to_json` wrote."""
        ...


A = TypeVar("A", bound=Answer)
Keys = Sequence[Sequence[Sequence[str]]]


class Journal(Generic[A]):
    """Answers as they come in, batch by batch, of a plan that is known.

    A batch is one line, written in one piece. A line without its end (the process was killed while
    writing) is cut off when the journal is opened, and its batch is asked again.

    Parameters
    ----------
    path : Path
    keys : nested sequences of str
        ``keys[model][batch]``: keys of what is asked together, in order.
    kind : type
        Of the answers.

    Raises
    ------
    JournalError
        A whole line was altered, or does not belong to the plan.
    """

    def __init__(self, path: Path, keys: Keys, kind: type[A]) -> None:
        self._path = path
        self._keys = [[list(batch) for batch in model] for model in keys]
        self._kind = kind
        self.answers: dict[str, A] = {}
        self.done: set[Place] = set()
        if path.exists():
            self._recover()

    @property
    def n_batches(self) -> int:
        """Batches of the plan."""
        return sum(map(len, self._keys))

    @property
    def n_done(self) -> int:
        """Answers that are safe."""
        return sum(len(self._keys[m][b]) for m, b in self.done)

    def append(self, place: Place, answers: Sequence[A]) -> None:
        """Write one batch.

        Parameters
        ----------
        place : tuple of int
            Number of the model and of its batch in the plan.
        answers : sequence
            One for each key of the batch.

        Raises
        ------
        StorageError
            The disk refuses; what was written before stays whole.
        """
        model, batch = place
        keys = self._keys[model][batch]
        cells = [[key, *answer.to_json()] for key, answer in zip(keys, answers, strict=True)]
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
                f"Batch {batch + 1} cannot be written to {self._path}: {error.strerror}. "
                f"{len(self.done)} of {self.n_batches} batches are safe.",
                storage_mend(error),
            ) from error
        self.done.add(place)
        self.answers.update(zip(keys, answers, strict=True))

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
            self.done.add((model, batch))
            self.answers.update((key, self._kind.from_json(fields)) for key, *fields in cells)

    def _check(self, number: int, place: Place, keys: list[str]) -> None:
        model, batch = place
        known = model < len(self._keys) and batch < len(self._keys[model])
        if not known or keys != self._keys[model][batch]:
            raise JournalError(
                f"{self._path}: line {number} holds answers that are not of this plan.",
                "Give another folder with --out (out=).",
            )
        if place in self.done:
            raise JournalError(
                f"{self._path}: line {number} holds batch {batch + 1} a second time.",
                f"Delete that line: sed -i {number}d '{self._path}'.",
            )


def _checksum(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]
