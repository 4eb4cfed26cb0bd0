"""A response scale: the ordered options a respondent chooses from."""

from dataclasses import dataclass

import numpy as np

from psychometrics._types import FloatArray


@dataclass(frozen=True, slots=True)
class ResponseOption:
    """One option: the value it is scored with and the text that is shown."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class ResponseScale:
    """Ordered options, from the lowest value to the highest.

    The position of an option here (1, 2, …) is its *canonical* number: however the options are
    presented, responses are stored in this order.

    Parameters
    ----------
    name : str
    options : tuple of ResponseOption
    by_item : bool
        Whether each item words its own options; the texts here then only name their places, and
        several options may have the same value.

    Examples
    --------
    >>> options = (ResponseOption(0, "No"), ResponseOption(1, "Yes"))
    >>> ResponseScale("yes-no", options).values
    array([0., 1.])
    """

    name: str
    options: tuple[ResponseOption, ...]
    by_item: bool = False

    def __len__(self) -> int:
        return len(self.options)

    @property
    def values(self) -> FloatArray:
        """Scored values in canonical order, shape (n_options,)."""
        return np.array([option.value for option in self.options], dtype=np.float64)

    @property
    def texts(self) -> tuple[str, ...]:
        """Option texts in canonical order."""
        return tuple(option.text for option in self.options)

    @property
    def is_two_valued(self) -> bool:
        """Whether half of the options have a low value and half a high one."""
        low, high = self.values[[0, -1]]
        n_low, n_high = ((self.values == value).sum() for value in (low, high))
        return bool(len(self) > 2 and n_low == n_high == len(self) / 2)

    def __repr__(self) -> str:
        low, high = self.options[0], self.options[-1]
        return f"<ResponseScale {self.name}: {low.value:g} {low.text} … {high.value:g} {high.text}>"
