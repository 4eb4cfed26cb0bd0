"""Public verbs tell what is wrong with their arguments as the library's own error."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from psychometrics.errors import DataError

P = ParamSpec("P")
R = TypeVar("R")


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """Turn a ValueError of the statistics into a :class:`DataError` with cause and mend.

    Their messages name the cause and, behind the last semicolon, what to give instead.

    Examples
    --------
    >>> @verb
    ... def half(x: int) -> int:
    ...     raise ValueError(f"x={x} is odd; give an even number")
    >>> half(3)
    Traceback (most recent call last):
    psychometrics.errors.DataError: x=3 is odd.
    Mend: Give an even number.
    """

    @functools.wraps(function)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except DataError:
            raise
        except ValueError as error:
            cause, _, mend = str(error).rpartition("; ")
            if not cause:
                cause, mend = mend, "mend the argument"
            raise DataError(f"{cause}.", f"{mend[:1].upper()}{mend[1:]}.") from error

    return told
