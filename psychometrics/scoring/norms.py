"""Scores against a reference group: T-scores and percentiles."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import pandas as pd
from scipy import stats

from psychometrics._types import Average, BoolArray, Statistic
from psychometrics.errors import NormsError
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.norm_group import NormGroup
from psychometrics.instruments.scale import Scale
from psychometrics.scoring.scores import Scores

METHOD = (
    "T = 50 + 10 (score - mean) / sd of the reference group; percentile by the normal "
    "distribution; intervals are those of the score, the group's figures taken as exact"
)
REFERENCE = "10.1016/S0028-3932(01)00154-X"


@dataclass(frozen=True)
class NormedScores:
    """Scale scores beside those of a reference group.

    Parameters
    ----------
    frame : DataFrame
        One row a respondent and scale: ``score`` in the unit of the instrument, ``t`` with
        ``t_low`` and ``t_high``, ``percentile`` (0 to 100) with ``percentile_low`` and
        ``percentile_high``; ``n``, people behind the group's figures; ``method``, ``reference``,
        and a ``note`` where something is missing or unchecked.
    group : NormGroup
    instrument : Instrument
    conf_level : float

    Notes
    -----
    The groups are of people. A T-score of a language model says where its answers would lie among
    theirs; it does not make the model one of them.
    """

    frame: pd.DataFrame
    group: NormGroup
    instrument: Instrument
    conf_level: float

    def to_frame(self) -> pd.DataFrame:
        """Return the table."""
        return self.frame

    def __repr__(self) -> str:
        n = self.frame["respondent"].nunique()
        return (
            f"<NormedScores: {n:,} respondent{'s' if n != 1 else ''} × "
            f"{self.frame['scale'].nunique()} scales against {self.group.name} "
            f"({self.group.sample})>"
        )

    def _repr_html_(self) -> str:
        return self.frame.to_html(escape=True, index=False)


def norms(
    scores: Scores,
    group: str | None = None,
    *,
    average: Average = "log",
    statistic: Statistic = "expected",
) -> NormedScores:
    """Put scores beside a reference group.

    Parameters
    ----------
    scores : Scores
    group : str, optional
        Name of a group of the instrument's norms; needed if there are several.
    average : {"log", "mean"}
        Of the option orders.
    statistic : {"expected", "modal"}

    Returns
    -------
    NormedScores

    Raises
    ------
    NormsError
        The instrument has no norms, none of that name, or several and none is named.

    References
    ----------
    Crawford, J. R., & Garthwaite, P. H. (2002). Investigation of the single case in
    neuropsychology. Neuropsychologia, 40(8), 1196–1208. doi:10.1016/S0028-3932(01)00154-X

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> import psychometrics as pm
    >>> sd3 = pm.load_instrument("sd3")
    >>> answers = pd.DataFrame(np.full((1, 27), 3.0), columns=[item.id for item in sd3.items])
    >>> found = pm.norms(pm.PeopleResponses(answers, sd3).score())
    >>> found.to_frame()[["scale", "t"]].round(1).values.tolist()
    [['machiavellianism', 41.0], ['narcissism', 49.1], ['psychopathy', 52.3]]
    """
    if not isinstance(scores, Scores):
        raise NormsError(
            f"Norms are of scores, and this is a {type(scores).__name__}.",
            "Give responses.score().",
        )
    instrument = scores.instrument
    chosen = _group(instrument, group)
    if average not in get_args(Average) or statistic not in get_args(Statistic):
        raise NormsError(
            f"average={average!r} or statistic={statistic!r} is unknown.",
            "Give 'log' or 'mean', and 'expected' or 'modal'.",
        )
    table = scores.to_frame(average, statistic)
    rows = [row for found in table.to_dict("records") for row in _row(found, chosen, instrument)]
    return NormedScores(pd.DataFrame(rows), chosen, instrument, scores.conf_level)


def _group(instrument: Instrument, name: str | None) -> NormGroup:
    known = {group.name: group for group in instrument.norms}
    if not known:
        note = f" {instrument.norms_note}" if instrument.norms_note else ""
        raise NormsError(
            f"{instrument.name} has no norms.{note}",
            "A score says where the answers lie on the scale, not whether that is high among "
            "people.",
        )
    mend = f"Choose among: {', '.join(known)}."
    if name is None and len(known) > 1:
        raise NormsError(f"{instrument.name} has norms of {len(known)} groups.", mend)
    if name is not None and name not in known:
        raise NormsError(f"{instrument.name} has no norms of {name!r}.", mend)
    return known[name] if name is not None else next(iter(known.values()))


def _row(
    found: dict[Any, Any], group: NormGroup, instrument: Instrument
) -> Iterator[dict[str, object]]:
    if found["scale"] not in group.figures:
        return
    mean, sd = group.figures[found["scale"]]
    scale = instrument.scale(found["scale"])
    own = instrument.membership()[instrument.scales.index(scale)]
    z = {
        name: (_in_unit(found[column], group, instrument, scale, own) - mean) / sd
        for name, column in (("", "score"), ("_low", "ci_low"), ("_high", "ci_high"))
    }
    notes = [found["note"]]
    if not group.checked:
        notes.append("figures of the group not checked in their source")
    n = group.counts.get(scale.name, group.n)
    if n is None:
        notes.append("the source does not say how many people")
    yield {
        "respondent": found["respondent"],
        "scale": scale.name,
        "level": scale.level,
        "score": found["score"],
        **{f"t{name}": 50 + 10 * value for name, value in z.items()},
        **{f"percentile{name}": 100 * stats.norm.cdf(value) for name, value in z.items()},
        "conf_level": found["conf_level"],
        "group": group.name,
        "n": np.nan if n is None else n,
        "method": METHOD,
        "reference": REFERENCE,
        "note": "; ".join(filter(None, notes)),
    }


def _in_unit(
    score: float, group: NormGroup, instrument: Instrument, scale: Scale, own: BoolArray
) -> float:
    """Put a score into the unit of the group's figures."""
    if instrument.rule == group.unit:
        return score
    zero, one = instrument.score_of(own, scale)(np.array([0.0, 1.0]))
    mean = float((score - zero) / (one - zero))  # of the keyed items, whatever the rule
    return mean * int(own.sum()) if group.unit == "sum" else mean
