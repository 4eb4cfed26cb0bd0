"""Scale scores."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd

from psychometrics._types import Average, BoolArray, Statistic
from psychometrics.errors import ResponsesError
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.scale import Scale
from psychometrics.scoring.item_values import ItemValues, item_values
from psychometrics.stats.mean_interval import mean_interval

METHOD = "mean of keyed items; Student's t interval over items"
REFERENCE = "doi:10.1093/biomet/6.1.1"


@dataclass(frozen=True)
class Scores:
    """Scale scores of respondents.

    Parameters
    ----------
    frame : DataFrame
        One row a respondent, scale, average and statistic. ``score`` lies on the response scale;
        ``se`` and ``ci_low``, ``ci_high`` state how far it would move with other items of the same
        kind: their n is ``n_items``, whatever the number of presentations. ``n_items_planned``,
        ``n_presentations`` and ``n_presentations_planned`` account for what is missing, ``note``
        says why a score or an interval is missing.
    instrument : Instrument
    conf_level : float
    models : mapping of str to str
        Model of each respondent: which of them hang together.
    manifest : mapping
        Of the run; empty if they come from elsewhere.

    Notes
    -----
    ``average`` names how the presentations of an item are averaged over option orders. ``mean``
    averages probabilities; a habit of favouring positions pulls it to the middle of the scale.
    ``log`` averages log-probabilities; over orders in which every option stands in every position
    equally often it removes any bias that adds to the logits, exactly.

    The standard error treats the items as a sample of all items of their kind. It is not a
    standard error of measurement, which needs a population of respondents.
    """

    frame: pd.DataFrame
    instrument: Instrument
    conf_level: float
    models: Mapping[str, str] = field(default_factory=dict)
    manifest: Mapping[str, Any] = field(default_factory=dict)

    def to_frame(
        self, average: Average | None = None, statistic: Statistic | None = None
    ) -> pd.DataFrame:
        """Return the table, or the rows of one average and statistic."""
        keep = np.ones(len(self.frame), dtype=bool)
        if average is not None:
            keep &= (self.frame["average"] == average).to_numpy()
        if statistic is not None:
            keep &= (self.frame["statistic"] == statistic).to_numpy()
        return self.frame[keep].reset_index(drop=True)

    def to_csv(self, path: str | Path) -> None:
        """Write the whole table as CSV."""
        self.frame.to_csv(path, index=False)

    def __repr__(self) -> str:
        n, scales = self.frame["respondent"].nunique(), self.frame["scale"].nunique()
        missing = int(self.frame["score"].isna().sum())
        return (
            f"<Scores: {n} respondent{'s' if n != 1 else ''} × {scales} scales, "
            f"{self.conf_level:.0%} intervals over items, {missing} missing>"
        )

    def _repr_html_(self) -> str:
        return self.to_frame("log", "expected").to_html(escape=True, index=False)


def score_responses(
    frame: pd.DataFrame, instrument: Instrument, *, min_valid: float = 0.8, conf_level: float = 0.95
) -> Scores:
    """Score every scale, by both averages over orders and by expected value and modal choice.

    Parameters
    ----------
    frame : DataFrame
        Responses.
    instrument : Instrument
        Its key is applied here and nowhere else.
    min_valid : float
        Share of an item's presentations, and of a scale's items, that must be valid; from 0 to 1.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    Scores

    Raises
    ------
    ResponsesError
        A share or level is out of range.

    Examples
    --------
    >>> import psychometrics as pm
    >>> run = pm.administer(
    ...     pm.load_instrument("big-five-60"), pm.respondents(pm.scripted_model(4.0)), quiet=True
    ... )
    >>> run.responses.score()
    <Scores: 1 respondent × 35 scales, 95% intervals over items, 0 missing>
    >>> run.responses.score().to_frame("log", "expected")["score"].iloc[0].round(2).item()
    4.0
    """
    if not 0 <= min_valid <= 1 or not 0 < conf_level < 1:
        raise ResponsesError(
            f"min_valid={min_valid} or conf_level={conf_level} is out of range.",
            "Give min_valid from 0 to 1 and conf_level between 0 and 1.",
        )
    rows = [
        {"average": average, "statistic": statistic} | row
        for average in get_args(Average)
        for statistic in get_args(Statistic)
        for row in _rows(
            item_values(
                frame, instrument, average=average, statistic=statistic, min_valid=min_valid
            ),
            instrument,
            min_valid,
            conf_level,
        )
    ]
    table = pd.DataFrame(rows)
    first = ["respondent", "scale", "level", "average", "statistic"]
    columns = [*first, *(c for c in table if c not in first)]
    models = frame.groupby("respondent", sort=False)["model"].first()
    return Scores(
        table[columns],
        instrument,
        conf_level,
        {str(who): str(model) for who, model in models.items()},
    )


def _rows(
    values: ItemValues, instrument: Instrument, min_valid: float, conf_level: float
) -> Iterator[dict[str, object]]:
    for r, respondent in enumerate(values.respondents):
        for scale, members in zip(instrument.scales, instrument.membership(), strict=True):
            yield {"respondent": respondent} | _row(
                values, r, scale, members, min_valid, conf_level
            )


def _row(
    values: ItemValues,
    r: int,
    scale: Scale,
    members: BoolArray,
    min_valid: float,
    conf_level: float,
) -> dict[str, object]:
    keyed = values.keyed[r, members]
    planned = int(members.sum())
    found = mean_interval(keyed, conf_level)
    notes = []
    if found.n == 0 or found.n < min_valid * planned:
        notes.append(f"{found.n} of {planned} items valid; at least {min_valid:.0%} are needed")
        found = mean_interval(np.array([]))
    elif found.n == 1:
        notes.append("one item: no interval")
    for sentence, counts in values.notes:
        n = int(counts[r, members].sum())
        if n:
            notes.append(sentence.format(n=n))
    return {
        "scale": scale.name,
        "level": scale.level,
        "score": found.mean,
        "se": found.standard_error,
        "ci_low": found.low,
        "ci_high": found.high,
        "conf_level": conf_level,
        "n_items": int((~np.isnan(keyed)).sum()),
        "n_items_planned": planned,
        "n_presentations": int(values.n_used[r, members].sum()),
        "n_presentations_planned": int(values.n_planned[r, members].sum()),
        "method": METHOD,
        "reference": REFERENCE,
        "note": "; ".join(notes),
    }
