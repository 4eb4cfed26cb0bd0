"""Sentences of the page on how far the option order moves the answers."""

from collections.abc import Iterator

import pandas as pd

from psychometrics.analysis.order_effects import OrderEffects
from psychometrics.report.page_text import balanced_keys, people_of
from psychometrics.report.text import number, scale_titles
from psychometrics.responses import Responses


def order_sentences(responses: Responses, effects: OrderEffects) -> list[str]:
    """Say how far the option order moved scores, and what the key hides of it."""
    levels = effects.frame.drop_duplicates("scale").set_index("scale")["level"]
    spread = effects.spread.dropna()
    sentences = []
    for level in ("domain", "facet"):
        own = spread[spread["scale"].map(levels) == level]
        if len(own):
            sentences.append(_largest(own.nlargest(1, "spread").iloc[0], level, responses, effects))
    if sentences:
        sentences.extend(_before_key(effects))
    return sentences


def _largest(row: pd.Series, level: str, responses: Responses, effects: OrderEffects) -> str:
    if number(row["spread"]) == number(0):
        return f"No option order alone moves a {level} score by as much as 0.01."
    frame = effects.frame
    own = frame[(frame["respondent"] == row["respondent"]) & (frame["scale"] == row["scale"])]
    low, high = (own.loc[i, "option_order"] for i in (own["score"].idxmin(), own["score"].idxmax()))
    title = scale_titles([row["scale"]], responses.instrument)[0]
    of = f" of {row['respondent']}" if len(people_of(responses)) > 1 else ""
    unit = "" if effects.instrument.rule == "mean" else " as the mean of its items"
    return (
        f"Among the {level}s the order moves {title}{of} most: order {low} alone would have "
        f"reported {number(row['min'])}{unit}, order {high} alone {number(row['max'])}, a spread "
        f"of {number(row['spread'])}."
    )


def _before_key(effects: OrderEffects) -> Iterator[str]:
    """Mean answers by order: what reversed items make cancel out in a scale score."""
    means = effects.answers.set_index(["respondent", "option_order"])["answer"].dropna()
    spread = means.groupby("respondent").max() - means.groupby("respondent").min()
    if spread.empty or number(spread.max()) == number(0):
        return
    person = str(spread.idxmax())
    own = means.xs(person, level="respondent")
    of = f" of {person}" if len(spread) > 1 else ""
    yield (
        f"Before the key is applied, the mean answer{of} to all items goes from "
        f"{number(float(own.min()))} (order {own.idxmin()}) to {number(float(own.max()))} (order "
        f"{own.idxmax()})."
    )
    if balanced_keys(effects.instrument):
        yield (
            "As half of the items of each domain are reversed, such a shift cancels out in the "
            "domain scores: a small spread there does not mean that the order leaves the answers "
            "alone."
        )
