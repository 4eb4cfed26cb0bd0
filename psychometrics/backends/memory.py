"""Running out of memory: recognised on any device, and survived."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

T = TypeVar("T")
P = ParamSpec("P")

_SIGNS = (
    "out of memory",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "can't allocate memory",
    "not enough memory",
)


class OutOfMemoryError(Exception):
    """Memory runs out with the smallest piece of work."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error means that memory ran out.

    Examples
    --------
    >>> is_out_of_memory(RuntimeError("DefaultCPUAllocator: can't allocate memory: 9 bytes"))
    True
    >>> is_out_of_memory(RuntimeError("shape mismatch"))
    False
    """
    if isinstance(error, MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(sign in str(error) for sign in _SIGNS)


def attempt(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T | None:
    """Do some work without gradients; None if memory ran out, with what it held let go."""
    import torch

    try:
        with torch.inference_mode():
            return work(*arguments, **named)
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    return None


def halved(now: int, asked: int) -> str:
    """A size as it stands in the numerics."""
    return str(now) if now == asked else f"{now} (halved from {asked}: out of memory)"
