"""Agreement with items whatever they say: forward against reversed items."""

import numpy as np
from scipy import stats

from psychometrics._types import FloatArray
from psychometrics.analysis.estimate import Estimate, not_estimated
from psychometrics.instruments.instrument import Instrument

_METHOD = (
    "mean of forward and reversed items, halves of each scale weighing alike, minus the midpoint; "
    "Student's t interval over items within halves, Satterthwaite's degrees of freedom"
)
_REFERENCE = "10.1509/jmkr.38.2.143.18840; 10.2307/3002019"


def acquiescence(raw: FloatArray, instrument: Instrument, conf_level: float) -> Estimate:
    """Estimate how far the answers lie on the agreeing side once content is balanced.

    Half of the difference between the score from the forward items of a scale and the score from
    its reversed items, averaged over the domains that have at least two items of either kind.

    Parameters
    ----------
    raw : ndarray, shape (n_items,)
        Answers before the key, NaN where missing.
    instrument : Instrument
    conf_level : float
    """
    halves = _halves(raw, instrument)
    if not halves:
        reason = "no domain has two answered items of either key"
        return not_estimated("acquiescence", conf_level, reason)
    middle = instrument.response_scale.values[[0, -1]].mean()
    means = np.array([half.mean() for half in halves])
    parts = np.array([half.var(ddof=1) / len(half) for half in halves]) / len(halves) ** 2
    value, variance = float(means.mean() - middle), float(parts.sum())
    n = sum(map(len, halves))
    if variance == 0:
        low = high = value
    else:
        df = variance**2 / (parts**2 / np.array([len(half) - 1 for half in halves])).sum()
        reach = float(stats.t.ppf((1 + conf_level) / 2, df)) * np.sqrt(variance)
        low, high = value - reach, value + reach
    return Estimate(
        "acquiescence", value, low, high, conf_level, n, "items", _METHOD, _REFERENCE,
        variant=f"{len(halves) // 2} scales", se=float(np.sqrt(variance)),
    )  # fmt: skip


def _halves(raw: FloatArray, instrument: Instrument) -> list[FloatArray]:
    """Answers to the forward and to the reversed items of each domain that has two of both."""
    domains = [s.level == "domain" for s in instrument.scales]
    halves: list[FloatArray] = []
    for own in instrument.membership()[domains]:
        pair = [raw[own & (instrument.keys == key) & ~np.isnan(raw)] for key in (1, -1)]
        if min(map(len, pair)) >= 2:
            halves.extend(pair)
    return halves
