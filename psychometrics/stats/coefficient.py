"""One coefficient with its interval and the account of how it was computed."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient as the functions of this folder return it.

    Parameters
    ----------
    name : str
        ``alpha``.
    value, low, high : float
        NaN where they do not exist; ``note`` says why.
    conf_level : float
        Of the interval, between 0 and 1.
    n : int
        Independent units that it rests on.
    method : str
        How value and interval were computed, the treatment of missing values included.
    reference : str
        DOIs (``10.1007/BF02289499``) or short citations, with a semicolon between them.
    variant : str
        Which of its forms: ``raw``, ``ICC(2,1)``, ``quadratic weights``.
    se : float
        Standard error; NaN where the method has none.
    note : str
        Why something is missing, or what a reader has to know; empty if there is nothing.
    p_value : float
        Of the test that ``method`` names; NaN where there is none.

    Examples
    --------
    >>> Coefficient("r", 0.5, 0.2, 0.7, 0.95, 40, "Fisher's z", "10.2307/2331838")
    r = 0.500 [0.200, 0.700], n = 40
    """

    name: str
    value: float
    low: float
    high: float
    conf_level: float
    n: int
    method: str
    reference: str
    variant: str = ""
    se: float = np.nan
    note: str = ""
    p_value: float = np.nan

    def __repr__(self) -> str:
        label = f"{self.name} ({self.variant})" if self.variant else self.name
        if np.isnan(self.value):
            return f"{label}: not estimated ({self.note})"
        interval = (
            f"[{self.low:.3f}, {self.high:.3f}]"
            if not np.isnan(self.low)
            else f"no interval ({self.note})"
        )
        return f"{label} = {self.value:.3f} {interval}, n = {self.n}"


def undefined(
    name: str,
    reason: str,
    *,
    n: int = 0,
    conf_level: float = 0.95,
    method: str = "none",
    reference: str = "",
    variant: str = "",
) -> Coefficient:
    """A coefficient that does not exist for these data, with the reason.

    Examples
    --------
    >>> undefined("alpha", "one item", n=20)
    alpha: not estimated (one item)
    """
    nan = float("nan")
    return Coefficient(
        name, nan, nan, nan, conf_level, n, method, reference, variant=variant, note=reason
    )
