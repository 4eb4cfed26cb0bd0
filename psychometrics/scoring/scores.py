"""Scale scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from psychometrics._types import Average, FloatArray, IntArray, Statistic
from psychometrics.errors import ResponsesError
from psychometrics.instruments.instrument import Instrument
from psychometrics.scoring.item_values import ItemValues, item_values
from psychometrics.scoring.scale_scores import scale_scores

REFERENCE = "doi:10.1093/biomet/6.1.1"
ANY = "any"
UNKNOWN_WORDING = "{n} items of unknown wording"
StrArray = NDArray[np.object_]


@dataclass(frozen=True)
class Scores:
    """Scale scores of respondents.

    Parameters
    ----------
    frame : DataFrame
        One row a respondent, scale, average and statistic. ``score`` is what the instrument's rule
        makes of the items: their mean, their sum, or the percentage of high options; ``se`` and
        ``ci_low``, ``ci_high`` state how far it would move with other items of the same kind: their
        n is ``n_items``, whatever the number of presentations. ``n_items_planned``,
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
        """Return the table, or the rows of one average and statistic.

        A person's one answer has no orders to average over: those rows are ``any`` in both columns,
        and are returned whatever is asked for.
        """
        keep = np.ones(len(self.frame), dtype=bool)
        if average is not None:
            keep &= self.frame["average"].isin([average, ANY]).to_numpy()
        if statistic is not None:
            keep &= self.frame["statistic"].isin([statistic, ANY]).to_numpy()
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
    _refuse_levels(min_valid, conf_level)
    found = [
        _rows(
            item_values(
                frame, instrument, average=average, statistic=statistic, min_valid=min_valid
            ),
            instrument,
            min_valid,
            conf_level,
        ).assign(average=average, statistic=statistic)
        for average in get_args(Average)
        for statistic in get_args(Statistic)
    ]
    table = pd.concat(found, ignore_index=True)
    models = frame.groupby("respondent", sort=False)["model"].first()
    return Scores(
        table[_in_order(table)],
        instrument,
        conf_level,
        {str(who): str(model) for who, model in models.items()},
    )


def score_answers(
    keyed: FloatArray,
    respondents: Sequence[str],
    instrument: Instrument,
    *,
    min_valid: float = 0.8,
    conf_level: float = 0.95,
    manifest: Mapping[str, Any] | None = None,
) -> Scores:
    """Score answers of people, who chose one option each: all averages of one answer are itself.

    Parameters
    ----------
    keyed : ndarray, shape (n_respondents, n_items)
        With reversed items turned round; NaN where missing.
    respondents : sequence of str
    instrument : Instrument
    min_valid, conf_level : float
        See :func:`score_responses`.
    manifest : mapping, optional
        How the answers were read.

    Returns
    -------
    Scores
        Its rows stand under every average and statistic.

    Raises
    ------
    ResponsesError
        A share or level is out of range.
    """
    _refuse_levels(min_valid, conf_level)
    there = (~np.isnan(keyed)).astype(np.int64)
    values = ItemValues(tuple(respondents), keyed, keyed, there, np.ones_like(there), ())
    table = _rows(values, instrument, min_valid, conf_level)
    table = table.assign(average=ANY, statistic=ANY)
    people = dict(zip(respondents, respondents, strict=True))
    return Scores(table[_in_order(table)], instrument, conf_level, people, manifest or {})


def _refuse_levels(min_valid: float, conf_level: float) -> None:
    if not 0 <= min_valid <= 1 or not 0 < conf_level < 1:
        raise ResponsesError(
            f"min_valid={min_valid} or conf_level={conf_level} is out of range.",
            "Give min_valid from 0 to 1 and conf_level between 0 and 1.",
        )


def _in_order(table: pd.DataFrame) -> list[str]:
    first = ["respondent", "scale", "level", "average", "statistic"]
    return [*first, *(str(c) for c in table if c not in first)]


def _rows(
    values: ItemValues, instrument: Instrument, min_valid: float, conf_level: float
) -> pd.DataFrame:
    """One row a respondent and scale, respondents outermost."""
    members = instrument.membership()
    found = scale_scores(values.keyed, instrument, min_valid=min_valid, conf_level=conf_level)
    notes = found.notes
    of_unknown_wording = instrument.unknown_items
    unknown = np.array([[item.id in of_unknown_wording for item in instrument.items]])
    told = (UNKNOWN_WORDING, np.repeat(unknown.astype(np.int64), len(values.respondents), axis=0))
    for sentence, counts in (*values.notes, told):
        n = counts @ members.T
        notes = np.where(n > 0, _join(notes, _filled(sentence, n)), notes)
    who, scales = values.respondents, instrument.scales
    return pd.DataFrame(
        {
            "respondent": np.repeat(np.array(who, dtype=object), len(scales)),
            "scale": np.tile([s.name for s in scales], len(who)),
            "level": np.tile([s.level for s in scales], len(who)),
            "score": found.score.ravel(),
            "se": found.standard_error.ravel(),
            "ci_low": found.low.ravel(),
            "ci_high": found.high.ravel(),
            "conf_level": conf_level,
            "n_items": found.n_items.ravel(),
            "n_items_planned": np.tile(members.sum(axis=1), len(who)),
            "n_presentations": (values.n_used @ members.T).ravel(),
            "n_presentations_planned": (values.n_planned @ members.T).ravel(),
            "method": found.method,
            "reference": REFERENCE,
            "note": notes.ravel(),
        }
    ).astype({"respondent": "str", "note": "str"})


def _filled(sentence: str, counts: IntArray) -> StrArray:
    known = {n: sentence.format(n=n) for n in np.unique(counts).tolist()}
    return np.array([known[n] for n in counts.ravel().tolist()], dtype=object).reshape(counts.shape)


def _join(notes: StrArray, more: StrArray) -> StrArray:
    return np.where(notes == "", more, notes + "; " + more)
