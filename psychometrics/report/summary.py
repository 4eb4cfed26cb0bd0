"""The result of a run as plain JSON."""

import math
from typing import Any

import pandas as pd

from psychometrics.report.score_rows import sizes
from psychometrics.responses import CONDITIONS, Responses

_SAME_IN_ALL_ROWS = ["conf_level", "method", "reference"]


def summary(responses: Responses) -> dict[str, Any]:
    """Sum up responses: counts, scores, the response check, order effects and warnings.

    Parameters
    ----------
    responses : Responses

    Returns
    -------
    dict
        Plain JSON; what is missing is None. ``n`` states both numbers: the items that the intervals
        rest on, and the presentations.

    Examples
    --------
    >>> import psychometrics as pm
    >>> from psychometrics.report.tables import summary
    >>> model = pm.scripted_model(4.0)
    >>> run = pm.administer(pm.load_instrument("big-five-60"), pm.respondents(model), quiet=True)
    >>> summary(run.responses)["n"]
    'n = 12 items a domain; 120 presentations'
    """
    frame, instrument = responses.frame, responses.instrument
    scores, checks = responses.score(), responses.check()
    mass = frame["option_mass"]
    return {
        "instrument": {
            "name": instrument.name,
            "version": instrument.version,
            "sha256": instrument.sha256,
            "items_of_unknown_wording": sorted(instrument.unknown_items),
        },
        "respondents": list(dict.fromkeys(frame["respondent"])),
        "counts": _counts(responses),
        "n": sizes(scores),
        "score_method": {c: scores.frame[c].iloc[0] for c in ("method", "reference")},
        "conf_level": scores.conf_level,
        "scores": records(scores.frame.drop(columns=_SAME_IN_ALL_ROWS)),
        "option_mass": {"mean": _plain(mass.mean()), "min": _plain(mass.min())},
        "n_tied": sum(check.n_tied for check in checks.values()),
        "check": records(checks.to_frame()),
        "order_spread": records(responses.order_effects().spread),
        "warnings": list(checks.warnings),
    }


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table as plain JSON, None where a number is missing.

    Examples
    --------
    >>> records(pd.DataFrame({"scale": ["a"], "score": [float("nan")]}))
    [{'scale': 'a', 'score': None}]
    """
    return [
        {str(name): _plain(value) for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _counts(responses: Responses) -> dict[str, Any]:
    frame = responses.frame
    outcomes = {str(k): int(n) for k, n in frame["outcome"].value_counts().items()}
    return {
        "respondents": int(frame["respondent"].nunique()),
        "items": int(frame["item"].nunique()),
        "conditions": len(frame[CONDITIONS].drop_duplicates()),
        "presentations": len(frame),
        "valid": outcomes.get("chosen", 0),
        "missing": len(frame) - outcomes.get("chosen", 0),
        "outcomes": outcomes,
    }


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a table holds
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value
