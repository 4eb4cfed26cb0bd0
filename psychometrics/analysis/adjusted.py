"""Control of several tests at once."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from psychometrics.analysis.estimate import Estimate
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.verb import verb
from psychometrics.errors import DataError
from psychometrics.stats.multiple_testing import METHODS, adjust

# What the method of an estimate says if its p is adjusted.
ADJUSTED = "p adjusted"
_NAMES = {"holm": "Holm", "bh": "Benjamini and Hochberg"}


@verb
def adjust_p(estimates: Estimate | Iterable[Estimate], method: str = "holm") -> Estimates:
    """Adjust the p of several estimates for their number.

    Parameters
    ----------
    estimates : Estimates or Estimate
        Those with a p; the others are left as they are and do not count.
    method : {"holm", "bh"}
        Holm's procedure for the probability of any false rejection, or Benjamini and Hochberg's for
        the share of false ones among the rejections.

    Returns
    -------
    Estimates
        With adjusted ``p_value``; intervals are not adjusted.

    Raises
    ------
    DataError
        Unknown method, no estimate with a p, or a p that is adjusted already.

    References
    ----------
    Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate: A practical and
    powerful approach to multiple testing. Journal of the Royal Statistical Society B, 57(1),
    289–300. doi:10.1111/j.2517-6161.1995.tb02031.x

    Examples
    --------
    >>> def tested(p):
    ...     return Estimate("r", 0.3, 0.1, 0.5, 0.95, 50, "models", "", "", p_value=p)
    >>> [e.p_value for e in adjust_p([tested(0.01), tested(0.04)])]
    [0.02, 0.04]
    """
    parts = (estimates,) if isinstance(estimates, Estimate) else tuple(estimates)
    strange = [type(part).__name__ for part in parts if not isinstance(part, Estimate)]
    if strange:
        raise DataError(f"{strange[0]} is no estimate.", "Give estimates, such as pm.alpha's.")
    _refuse_adjusted(parts)
    p = np.array([part.p_value for part in parts])
    if method not in METHODS:
        raise DataError(f"method={method!r} is unknown.", f"Give one of {', '.join(METHODS)}.")
    if not len(p) or np.isnan(p).all():
        raise DataError("None of these estimates has a p.", "Give estimates of tests.")
    found = adjust(p, method)
    told = f"{ADJUSTED} for {found.n_tests} tests ({_NAMES[method]}), interval not"
    return Estimates(
        tuple(
            part if np.isnan(part.p_value) else replace(
                part, p_value=float(adjusted), method=f"{part.method}; {told}".lstrip("; "),
                reference="; ".join(filter(None, [part.reference, found.reference])),
            )
            for part, adjusted in zip(parts, found.adjusted, strict=True)
        )
    )  # fmt: skip


def _refuse_adjusted(parts: tuple[Estimate, ...]) -> None:
    for part in parts:
        if ADJUSTED in part.method and not np.isnan(part.p_value):
            raise DataError(
                f"The p of {part.label} is adjusted already ({part.method}).",
                "Ask for plain ones, such as pm.pairwise_tests(…, adjust='none'), and adjust "
                "all that belong together at once.",
            )
