"""Sentences of the page: what was done, what came out, and what moved it."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from psychometrics.analysis.response_checks import ResponseChecks
from psychometrics.instruments.instrument import Instrument
from psychometrics.report.score_rows import sizes
from psychometrics.report.text import (
    count,
    enumeration,
    number,
    percent,
    scale_titles,
    with_interval,
)
from psychometrics.responses import CONDITIONS, Responses
from psychometrics.scoring.scores import Scores

_MAX_NAMED = 6


def people_of(responses: Responses) -> list[str]:
    """Respondents, in the order of the responses."""
    return list(dict.fromkeys(responses.frame["respondent"]))


def who(responses: Responses) -> str:
    """Name the respondents, or count them if they are many.

    Examples
    --------
    >>> import psychometrics as pm
    >>> models = [pm.scripted_model(4, name="a"), pm.scripted_model(2, name="b")]
    >>> big5 = pm.load_instrument("big-five-60")
    >>> who(pm.administer(big5, pm.respondents(models), quiet=True).responses)
    'a and b'
    """
    people = people_of(responses)
    return enumeration(people) if len(people) <= _MAX_NAMED else count(len(people), "respondent")


def reading(responses: Responses, scores: Scores, checks: ResponseChecks) -> list[str]:
    """Say in plain words who answered what, on how much the numbers rest, and what they are.

    Examples
    --------
    >>> import psychometrics as pm
    >>> model = pm.scripted_model(4.0)
    >>> run = pm.administer(pm.load_instrument("big-five-60"), pm.respondents(model), quiet=True)
    >>> reading(run.responses, run.responses.score(), run.responses.check())[0]
    'scripted answered the 60 items of Big Five 60 (version 1.0). Each item was presented 10 ...'
    """
    instrument = responses.instrument
    paragraphs = [
        f"{_done(responses)} {_valid(responses)}",
        f"{scores.conf_level:.0%} intervals: {sizes(scores)}. The items are the n: "
        "presenting an item again makes its value more certain but adds no item.",
        " ".join(_result(responses, scores)),
        " ".join(_process(responses, checks)),
    ]
    if not instrument.norms:
        paragraphs.append(
            "This instrument has no norms: a score says where the answers lie on the scale, not"
            " whether that is high or low among respondents."
        )
    return [paragraph for paragraph in paragraphs if paragraph]


def favourite_position(responses: Responses, respondent: str) -> tuple[int, float]:
    """Position in which the most probable option stood most often, and its share of the answers.

    Answers without a single most probable option do not count; with none left the share is NaN.
    """
    frame = responses.frame
    keep = (
        (frame["respondent"] == respondent)
        & (frame["outcome"] == "chosen")
        & frame["choice"].notna()
    ).to_numpy()
    if not keep.any():
        return 1, float("nan")
    choice = frame["choice"].to_numpy(dtype=np.int64, na_value=1)[keep]
    chosen = np.take_along_axis(responses.positions[keep], choice[:, None] - 1, axis=1)
    counts = np.bincount(chosen[:, 0])
    return int(counts.argmax()), float(counts.max() / counts.sum())


def balanced_keys(instrument: Instrument) -> bool:
    """Whether every domain has as many reversed items as others."""
    domains = [scale.level == "domain" for scale in instrument.scales]
    members = instrument.membership()[domains]
    return bool(len(members) and not (members @ instrument.keys).any())


def _done(responses: Responses) -> str:
    frame, instrument = responses.frame, responses.instrument
    n = len(frame[CONDITIONS].drop_duplicates())
    nouns = ("option order", "set of labels", "wording")
    levels = [frame[condition].nunique() for condition in CONDITIONS]
    counted = " × ".join(
        count(k, noun).replace("set of labelss", "sets of labels")
        for k, noun in zip(levels, nouns, strict=True)
    )
    unknown = instrument.unknown_items
    modified = f"; {count(len(unknown), 'item')} of unknown wording" if unknown else ""
    each = " each" if len(people_of(responses)) > 1 else ""
    return (
        f"{who(responses)}{each} answered the {frame['item'].nunique()} items of "
        f"{instrument.title} (version {instrument.version}{modified}). Each item was presented "
        f"{count(n, 'time')}: {counted}."
    )


def _valid(responses: Responses) -> str:
    valid = int((responses.frame["outcome"] == "chosen").sum())
    return f"Of {count(len(responses), 'presentation')}, {valid:,} gave a valid answer."


def _result(responses: Responses, scores: Scores) -> Iterator[str]:
    table = scores.to_frame("log", "expected").dropna(subset=["score"])
    table = table[table["level"] == "domain"]
    if table.empty:
        yield "No domain could be scored."
        return
    most, least = (best(1, "score").iloc[0] for best in (table.nlargest, table.nsmallest))
    low, high = responses.instrument.score_range(table["scale"])
    middle = (low + high) / 2
    where = f"on the scale from {low:g} to {high:g}"
    if len(table) == 1:
        yield f"The domain score is {_one_score(most, responses)}, {where}."
    elif number(most["score"]) == number(least["score"]):
        yield f"Every domain score is {number(most['score'])} {where}."
    else:
        yield (
            f"The highest domain score is {_one_score(most, responses)}, the lowest "
            f"{_one_score(least, responses)}, {where}."
        )
    farthest = (table["score"] - middle).abs().max()
    if farthest < 0.05 * (high - low) and balanced_keys(responses.instrument):
        yield (
            f"No domain score is farther than {number(max(np.ceil(100 * farthest), 1) / 100)} "
            f"from the middle of the scale, {middle:g}. As half of the items of each domain are "
            "reversed, that is where a respondent ends up who does not tell the statements apart."
        )


def _one_score(row: pd.Series, responses: Responses) -> str:
    title = scale_titles([row["scale"]], responses.instrument)[0]
    of = f" of {row['respondent']}" if len(people_of(responses)) > 1 else ""
    return f"{title}{of}, {with_interval(row['score'], row['ci_low'], row['ci_high'])}"


def _process(responses: Responses, checks: ResponseChecks) -> Iterator[str]:
    flips = {person: check.flips.value for person, check in checks.items()}
    flips = {person: rate for person, rate in flips.items() if not np.isnan(rate)}
    several = len(checks) > 1
    if flips:
        rates = _from_to(flips, named=several)
        yield f"The most probable option changed in {rates} of the pairs of option orders."
    shares = {
        person: favourite_position(responses, person)
        for person, check in checks.items()
        if check.positions[0].n
    }
    if shares:
        person = max(shares, key=lambda p: np.nan_to_num(shares[p][1]))
        position, share = shares[person]
        of = f" of {person}" if several else ""
        yield (
            f"In {percent(share)} of the answers{of} the most probable option was the one shown in "
            f"position {position}; an even share is "
            f"{percent(1 / len(responses.instrument.response_scale))}."
        )


def _from_to(rates: Mapping[str, float], *, named: bool) -> str:
    low, high = min(rates, key=rates.__getitem__), max(rates, key=rates.__getitem__)
    if not named or low == high:
        return percent(rates[low])
    return f"{percent(rates[low])} ({low}) to {percent(rates[high])} ({high})"
