"""A worker as its parent sees it: started, asked, replaced when it dies."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from psychometrics import errors
from psychometrics.backends.base import EngineChoice, Prompt, PromptScore
from psychometrics.backends.completion import Completion, TextRequest
from psychometrics.backends.worker import work_to_json
from psychometrics.errors import PsychometricsError, WorkerError
from psychometrics.respondent.reference import ModelReference

_ATTEMPTS = 3


class WorkerProcess:
    """A process of its own with a model in it.

    Parameters
    ----------
    reference : ModelReference
    index : int
        Number of the worker, from 0; on a machine with several cards it takes the card of that
        number.
    threads : int
        Threads it computes with.
    """

    def __init__(self, reference: ModelReference, index: int, threads: int) -> None:
        self._reference = _on_card(reference, index)
        self._threads = threads
        self._process: subprocess.Popen[str] | None = None
        self._closed = False
        self.engine: EngineChoice | None = None
        self._computed_before = self._computed = 0

    @property
    def pid(self) -> int | None:
        """Its process id, once started."""
        return self._process.pid if self._process else None

    @property
    def tokens_computed(self) -> int:
        """Tokens that went through the model for answers that came back."""
        return self._computed_before + self._computed

    def score(self, prompts: Sequence[Prompt]) -> list[PromptScore]:
        """Let it score a batch; if it dies of it, a new one tries, three in all.

        Raises
        ------
        WorkerError
            Three workers died of the same batch, or one failed in a way that nobody foresaw.
        PsychometricsError
            What the model itself raises.
        """
        return [PromptScore.from_json(fields) for fields in self._answers("score", prompts)]

    def score_exactly(self, prompts: Sequence[Prompt]) -> list[PromptScore]:
        """Let it score prompts one at a time; raises what :meth:`score` does."""
        return [PromptScore.from_json(fields) for fields in self._answers("score_exactly", prompts)]

    def write(self, requests: Sequence[TextRequest]) -> list[Completion]:
        """Let it answer prompts in words; raises what :meth:`score` does."""
        return [Completion.from_json(fields) for fields in self._answers("write", requests)]

    def _answers(self, verb: str, work: Sequence[Prompt | TextRequest]) -> list[Any]:
        call = {"verb": verb, "work": [work_to_json(piece) for piece in work]}
        for _ in range(_ATTEMPTS):
            answer = self._ask(call)
            if self._closed:
                raise WorkerError("The worker was stopped.", "Give the same command again.")
            if answer is not None:
                self._computed = answer["tokens_computed"]
                answers: list[Any] = answer["answers"]
                return answers
        raise WorkerError(
            f"{_ATTEMPTS} workers for {self._reference.name} died of the same batch of "
            f"{len(work)} prompts (the last with exit status {self._status()}).",
            "If memory ran out, use fewer workers or dtype='bfloat16'; what was answered is kept.",
        )

    def close(self) -> None:
        """Stop the process for good."""
        self._closed = True
        self._stop()

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    pipe.close()
            self._process = None

    def _ask(self, call: dict[str, Any]) -> dict[str, Any] | None:
        """Send one call; None if the worker is dead."""
        if self._process is None or self._process.poll() is not None:
            self._stop()
            started = self._start()
            if started is None:
                return None
            self.engine = EngineChoice(**started["engine"])
            self._computed_before, self._computed = self.tokens_computed, 0
        return self._exchange(call)

    def _start(self) -> dict[str, Any] | None:
        environment = os.environ | {"OMP_NUM_THREADS": str(self._threads)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "psychometrics.backends.worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env=environment,
            start_new_session=True,  # Ctrl-C is for the parent, which stops its workers
        )  # fmt: skip
        return self._exchange({"reference": asdict(self._reference), "threads": self._threads})

    def _exchange(self, call: dict[str, Any]) -> dict[str, Any] | None:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            return None
        try:
            process.stdin.write(json.dumps(call) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            return None
        if not line.endswith("\n"):
            process.wait()
            return None
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise _error(*answer["error"])
        return answer

    def _status(self) -> int | None:
        return self._process.poll() if self._process else None


def _on_card(reference: ModelReference, index: int) -> ModelReference:
    if reference.device not in ("auto", "cuda"):
        return reference
    import torch

    cards = torch.cuda.device_count()
    return replace(reference, device=f"cuda:{index % cards}") if cards > 1 else reference


def _error(name: str, cause: str, mend: str) -> PsychometricsError:
    kind = getattr(errors, name, None) if name else None
    if isinstance(kind, type) and issubclass(kind, PsychometricsError):
        return kind(cause, mend)
    return WorkerError(
        f"A worker failed: {cause}", "Run with workers=1 to see it in place; please report it."
    )
