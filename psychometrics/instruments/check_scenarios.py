"""Rules about the options of scenarios: what gives the high ones away, and whether they are."""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from scipy import stats

from psychometrics._types import BoolArray, IntArray
from psychometrics.errors import InstrumentError
from psychometrics.instruments.check_statements import ALPHA
from psychometrics.instruments.content_words import words
from psychometrics.instruments.instrument import Instrument

_Found = Iterator[tuple[str, str]]


def gold_option_longest(instrument: Instrument) -> _Found:
    """Find scales whose longest option is a high one, or a low one, too often."""
    lengths, high = _lengths(instrument), instrument.response_scale.values == 1
    for name, own in _groups(instrument):
        longest = lengths[own] == lengths[own].max(axis=1, keepdims=True)
        alone = longest.sum(axis=1) == 1  # a tie tells nothing
        n, k = int(alone.sum()), int(longest[alone][:, high].sum())
        if n and (p := stats.binomtest(k, n).pvalue) < ALPHA:
            yield name, f"the longest option is a high one in {k} of {n} items (p = {p:.3f})"


def option_length(instrument: Instrument) -> _Found:
    """Find scales whose high options are longer or shorter than the low ones."""
    lengths, high = _lengths(instrument), instrument.response_scale.values == 1
    for name, own in _groups(instrument):
        more = lengths[own][:, high].mean(axis=1) - lengths[own][:, ~high].mean(axis=1)
        if len(more) > 1 and more.any() and (p := stats.wilcoxon(more).pvalue) < ALPHA:
            sign = "longer" if more.mean() > 0 else "shorter"
            yield name, f"high options are {abs(more.mean()):.1f} words {sign} (p = {p:.3f})"


def _groups(instrument: Instrument) -> Iterator[tuple[str, BoolArray]]:
    for scale, own in zip(instrument.scales, instrument.membership(), strict=True):
        yield scale.name, own
    if len(instrument.scales) > 1:
        yield "all items", np.ones(len(instrument.items), dtype=bool)


def _lengths(instrument: Instrument) -> IntArray:
    """Words of each option, shape (n_items, n_options)."""
    texts = [instrument.option_texts(item) for item in instrument.items]
    return np.array([[len(words(option)) for option in options] for options in texts])


def check_ratings(instrument: Instrument, ratings: pd.DataFrame) -> _Found:
    """Find items whose low options are rated as high as, or higher than, their high options.

    Raises
    ------
    InstrumentError
        A column, item or option is missing or unknown, or a rating is no number.
    """
    if instrument.form != "scenario":
        raise InstrumentError(
            f"Ratings are of the options of scenarios; {instrument.name} has {instrument.form}s.",
            "Leave them out.",
        )
    names = [text.replace(" ", "_") for text in instrument.response_scale.texts]
    known = {"item": [item.id for item in instrument.items], "option": names}
    numbers = _rated(instrument, ratings, known)
    high = ratings["option"].map(dict(zip(names, instrument.response_scale.values, strict=True)))
    sides = [
        numbers[high == side].groupby(ratings["item"]).mean().reindex(known["item"]).to_numpy()
        for side in (0.0, 1.0)
    ]
    for item, low_mean, high_mean in zip(known["item"], *sides, strict=True):
        if np.isnan(low_mean) or np.isnan(high_mean):
            yield item, "not rated on both sides: whether high and low are swapped is not seen"
        elif high_mean <= low_mean:
            yield (
                item,
                f"low options are rated {low_mean:g}, high ones {high_mean:g}: they may be swapped",
            )


def _rated(
    instrument: Instrument, ratings: pd.DataFrame, known: dict[str, list[str]]
) -> "pd.Series[float]":
    """Ratings as numbers; refuses what cannot be used."""
    wanted = {"item", "option", "rating"}
    if lacking := wanted - set(ratings.columns):
        raise InstrumentError(
            f"The ratings have no column {', '.join(sorted(lacking))}.",
            "Give columns item, option and rating.",
        )
    for column, values in known.items():
        unknown = ratings.loc[~ratings[column].isin(values), column]
        if len(unknown):
            raise InstrumentError(
                f"The ratings name {column} {unknown.iloc[0]!r}, which {instrument.name} lacks.",
                f"Use names such as {values[0]!r}.",
            )
    numbers = pd.to_numeric(ratings["rating"], errors="coerce")
    broken = ~np.isfinite(numbers.to_numpy(dtype=np.float64))
    if broken.any():
        row = int(broken.argmax())
        raise InstrumentError(
            f"Row {row + 1} of the ratings: {ratings['rating'].iloc[row]!r} is no number.",
            "Mend or remove the row.",
        )
    return numbers


SCENARIO_RULES: dict[str, Callable[[Instrument], _Found]] = {
    "gold option longest": gold_option_longest,
    "option length": option_length,
}
