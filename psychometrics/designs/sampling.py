"""How the tokens of a written answer are drawn."""

from dataclasses import dataclass

from psychometrics.errors import DesignError


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a model's written answers are drawn from its probabilities.

    Nothing else acts on them: a temperature or penalty that the model's own files suggest is left
    out.

    Parameters
    ----------
    max_new_tokens : int
        Longest answer, 1 or more; one that is longer ends there with the reason ``length``.
    temperature : float
        0 takes the most probable token; 1 draws from the model's own distribution.
    top_p : float
        Above 0, up to 1. Draw from the most probable tokens that together hold this probability
        (Holtzman et al., 2020, arXiv:1904.09751).
    stop : tuple of str
        Texts that end an answer; they are cut off.

    Raises
    ------
    DesignError
        A value is out of range.

    Examples
    --------
    >>> Sampling(max_new_tokens=64, temperature=0.7)
    Sampling(max_new_tokens=64, temperature=0.7, top_p=1.0, stop=())
    """

    max_new_tokens: int = 256
    temperature: float = 0.0
    top_p: float = 1.0
    stop: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn from."""
        n, temperature, top_p, stop = self.max_new_tokens, self.temperature, self.top_p, self.stop
        if not isinstance(n, int) or isinstance(n, bool) or n < 1:
            raise DesignError(f"max_new_tokens={n!r} leaves no answer.", "Give 1 or more.")
        if not isinstance(temperature, int | float) or not 0 <= temperature < float("inf"):
            raise DesignError(f"temperature={temperature!r} is none.", "Give 0 or more.")
        if not isinstance(top_p, int | float) or not 0 < top_p <= 1:
            raise DesignError(
                f"top_p={top_p!r} is no share.", "Give a number above 0 and not above 1."
            )
        if not isinstance(stop, tuple) or not all(isinstance(s, str) and s for s in stop):
            raise DesignError(f"stop={stop!r} are no texts.", "Give a tuple: stop=('\\n',).")
        object.__setattr__(self, "temperature", float(temperature))
        object.__setattr__(self, "top_p", float(top_p))
