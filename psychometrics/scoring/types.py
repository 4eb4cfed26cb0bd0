"""Types from scale scores: the letters of a type inventory, and how sure they are."""

import numpy as np
import pandas as pd
from scipy import stats

from psychometrics._types import Average, Statistic
from psychometrics.errors import InstrumentError
from psychometrics.scoring.scores import Scores


def types(
    scores: Scores, *, average: Average = "log", statistic: Statistic = "expected"
) -> pd.DataFrame:
    """Put the scores of a type inventory into letters.

    Parameters
    ----------
    scores : Scores
    average : {"log", "mean"}
    statistic : {"expected", "modal"}

    Returns
    -------
    DataFrame
        One row a respondent and scale with a cut: ``letter`` (the high one if the score lies above
        the cut, the low one if below; missing at the cut or without a score), ``type`` (all letters
        of the respondent; missing if one is), ``score``, ``cut``, and ``p_value``, one-sided,
        of Student's t test of the score against its cut over items; missing where the score has no
        standard error.

    Raises
    ------
    InstrumentError
        The instrument has no scale with a cut.

    Notes
    -----
    A type throws away how far a score lies from the cut. Where ``p_value`` is not small, other
    items of the same kind could well have given the other letter.

    Examples
    --------
    >>> import psychometrics as pm
    >>> inventory = pm.load_instrument("jungian-32")
    >>> run = pm.administer(inventory, pm.respondents(pm.scripted_model(4.0)), quiet=True)
    >>> pm.types(run.responses.score())["type"].iloc[0]
    'ENTP'
    """
    instrument = scores.instrument
    cuts = {scale.name: scale for scale in instrument.scales if scale.cut is not None}
    if not cuts:
        raise InstrumentError(
            f"{instrument.name} is no type inventory: none of its scales has a cut.",
            "Use its scores.",
        )
    table = scores.to_frame(average, statistic)
    table = table[table["scale"].isin(list(cuts))].reset_index(drop=True)
    cut = table["scale"].map({name: scale.cut for name, scale in cuts.items()}).astype(float)
    side = np.sign(table["score"] - cut)
    letters = [
        cuts[name].poles[int(s > 0)] if s and not np.isnan(s) else None  # type: ignore[index]
        for name, s in zip(table["scale"], side, strict=True)
    ]
    distance = (table["score"] - cut).abs() / table["se"].where(table["se"] > 0)
    p_value = stats.t.sf(distance, table["n_items"] - 1)
    found = table[["respondent", "scale", "score"]].assign(
        cut=cut, letter=pd.Series(letters, dtype="str"), p_value=p_value
    )
    whole = found.groupby("respondent", sort=False)["letter"].transform(
        lambda own: "".join(own) if own.notna().all() else np.nan
    )
    return found.assign(type=whole)
