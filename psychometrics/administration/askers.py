"""Who asks a model: this process, or several; and how batches are handed to them."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Protocol, TypeVar

from psychometrics.backends.base import Backend, EngineChoice, Prompt, PromptScore
from psychometrics.backends.completion import Completion, TextRequest
from psychometrics.backends.worker_process import WorkerProcess

T = TypeVar("T")
A = TypeVar("A")


class Asker(Protocol):
    """A model that is asked, in this process or in one of its own."""

    @property
    def engine(self) -> EngineChoice | None:
        """How it computes."""
        ...

    @property
    def tokens_computed(self) -> int:
        """Tokens that went through the model to score prompts."""
        ...

    def score(self, prompts: Sequence[Prompt]) -> list[PromptScore]:
        """Score one batch."""
        ...

    def score_exactly(self, prompts: Sequence[Prompt]) -> list[PromptScore]:
        """Score prompts one at a time in the highest precision that fits."""
        ...

    def write(self, requests: Sequence[TextRequest]) -> list[Completion]:
        """Answer prompts in words."""
        ...


@contextmanager
def askers(backend: Backend, workers: int, n_batches: int) -> Iterator[Sequence[Asker]]:
    """One asker, or as many as there are workers and batches for them; stopped at the end."""
    if workers == 1 or backend.identity["reads"] != "tokens":
        yield [backend]
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


def hand_out(
    left: Sequence[tuple[int, Sequence[T]]],
    among: Sequence[Asker],
    do: Callable[[Asker, Sequence[T]], list[A]],
    keep: Callable[[int, list[A]], None],
) -> None:
    """Hand batches to whoever is free, and keep the answers here as they come back.

    Parameters
    ----------
    left : sequence
        Number and content of each batch.
    among : sequence of Asker
    do : callable
        Lets an asker answer a batch.
    keep : callable
        Takes the number of a batch and its answers; called in this thread.
    """
    if len(among) == 1:
        for b, batch in left:
            keep(b, do(among[0], batch))
        return
    free: SimpleQueue[Asker] = SimpleQueue()
    for asker in among:
        free.put(asker)

    def answer(batch: Sequence[T]) -> list[A]:
        asker = free.get()
        try:
            return do(asker, batch)
        finally:
            free.put(asker)

    with ThreadPoolExecutor(len(among)) as pool:
        waiting: dict[Future[list[A]], int] = {pool.submit(answer, batch): b for b, batch in left}
        try:
            while waiting:
                for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                    keep(waiting.pop(future), future.result())
        except BaseException:
            _stop(waiting, among)
            raise


def _stop(waiting: dict[Future[list[A]], int], among: Sequence[Asker]) -> None:
    for future in waiting:
        future.cancel()
    for asker in among:
        if isinstance(asker, WorkerProcess):
            asker.close()
