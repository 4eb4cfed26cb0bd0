"""How far each option order, taken alone, moves each scale score."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from psychometrics._types import FloatArray
from psychometrics.analysis.estimate import mean_over_items
from psychometrics.instruments.instrument import Instrument


@dataclass(frozen=True)
class OrderEffects:
    """Scores by option order.

    Parameters
    ----------
    frame : DataFrame
        One row a respondent, scale and order: ``score``, the mean of the keyed items that this
        order alone would have given, on the response scale whatever the instrument's rule;
        ``shift``, its difference from the score over all orders, with ``ci_low`` and ``ci_high``
        over ``n_items`` items.
    answers : DataFrame
        One row a respondent and order, over all items and before the key is applied: ``answer``,
        the mean expected value, and its ``shift`` with interval. Where half of the items are
        reversed, what an order does to the answers cancels out in the scores and shows here.
    instrument : Instrument
    conf_level : float
    """

    frame: pd.DataFrame
    answers: pd.DataFrame
    instrument: Instrument
    conf_level: float

    @property
    def spread(self) -> pd.DataFrame:
        """Lowest and highest score over orders, by respondent and scale."""
        scores = self.frame.groupby(["respondent", "scale"], sort=False)["score"]
        table = scores.agg(["min", "max"])
        return table.assign(spread=table["max"] - table["min"]).reset_index()

    def to_frame(self) -> pd.DataFrame:
        """Return the table."""
        return self.frame

    def __repr__(self) -> str:
        n, largest = self.frame["option_order"].nunique(), self.spread["spread"].max()
        return f"<OrderEffects: {n} orders, largest spread of a score {largest:.2f}>"


def order_effects(
    frame: pd.DataFrame,
    instrument: Instrument,
    *,
    min_valid: float = 0.8,
    conf_level: float = 0.95,
) -> OrderEffects:
    """Score each option order by itself and compare it with all orders together.

    Parameters
    ----------
    frame : DataFrame
        Responses; their expected values are used.
    instrument : Instrument
    min_valid : float
        Share of a scale's items that must be valid in an order for it to have a score.
    conf_level : float

    Returns
    -------
    OrderEffects

    Examples
    --------
    >>> import psychometrics as pm
    >>> model = pm.scripted_model(4.0, position_bias=[2.0])
    >>> run = pm.administer(pm.load_instrument("big-five-60"), pm.respondents(model), quiet=True)
    >>> run.responses.order_effects()
    <OrderEffects: 10 orders, largest spread of a score 0...>
    """
    by_order = frame.groupby(["respondent", "option_order", "item"], sort=False)["expected"].mean()
    wide = by_order.unstack("item").reindex(columns=[item.id for item in instrument.items])
    raw = wide.to_numpy(dtype=np.float64)
    keyed = instrument.keyed(raw)
    who = wide.index.get_level_values("respondent").to_numpy()
    shift, raw_shift = keyed - _mean_by(keyed, who), raw - _mean_by(raw, who)
    members = list(zip(instrument.scales, instrument.membership(), strict=True))
    rows = [
        {"respondent": respondent, "scale": scale.name, "level": scale.level, "option_order": order}
        | _effect("score", keyed[n, own], shift[n, own], min_valid, conf_level)
        for n, (respondent, order) in enumerate(wide.index)
        for scale, own in members
    ]
    answers = [
        {"respondent": respondent, "option_order": order}
        | _effect("answer", raw[n], raw_shift[n], min_valid, conf_level)
        for n, (respondent, order) in enumerate(wide.index)
    ]
    return OrderEffects(pd.DataFrame(rows), pd.DataFrame(answers), instrument, conf_level)


def _mean_by(values: FloatArray, groups: np.ndarray) -> FloatArray:
    means: FloatArray = (
        pd.DataFrame(values).groupby(groups, sort=False).transform("mean").to_numpy()
    )
    return means


def _effect(
    name: str, values: FloatArray, shift: FloatArray, min_valid: float, conf_level: float
) -> dict[str, object]:
    if (~np.isnan(values)).mean() < min_valid:
        values, shift = np.full_like(values, np.nan), np.full_like(shift, np.nan)
    level = mean_over_items(name, values, conf_level)
    moved = mean_over_items("shift", shift, conf_level)
    return {
        name: level.value,
        "shift": moved.value,
        "ci_low": moved.ci_low,
        "ci_high": moved.ci_high,
        "conf_level": conf_level,
        "n_items": moved.n,
        "method": moved.method,
        "reference": moved.reference,
    }
