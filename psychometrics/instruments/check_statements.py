"""Rules about steps, keys and cues that need no language."""

from collections.abc import Callable, Iterator

import numpy as np
from scipy import stats

from psychometrics._types import IntArray
from psychometrics.instruments.content_words import words
from psychometrics.instruments.instrument import Instrument

ALPHA = 0.05
_Found = Iterator[tuple[str, str]]


def even_steps(instrument: Instrument) -> _Found:
    """Find a gap between the values of neighbouring options: one is missing."""
    values = np.unique(instrument.response_scale.values)
    steps = np.diff(values)
    for low, high, step in zip(values, values[1:], steps, strict=False):
        if step > 1.5 * steps.min():
            yield "response scale", f"no option between {low:g} and {high:g}: one is missing"


def reachable_ends(instrument: Instrument) -> _Found:
    """Find stems that are keyed both ways."""
    for scale, members in zip(instrument.scales, instrument.membership(), strict=True):
        texts = np.array([" ".join(words(item.text)) for item in instrument.items])[members]
        keys = instrument.keys[members]
        conflicting = {t for t in texts if len(set(keys[texts == t])) > 1}
        if conflicting:
            yield (
                scale.name,
                f"{len(conflicting)} stem(s) keyed both ways: neither end can be reached",
            )


def duplicates(instrument: Instrument) -> _Found:
    """Find stems that stand twice."""
    seen: dict[str, str] = {}
    for item in instrument.items:
        text = " ".join(words(item.text)) or item.text
        if text in seen:
            yield item.id, f"same stem as {seen[text]}"
        seen.setdefault(text, item.id)


def balanced_keying(instrument: Instrument) -> _Found:
    """Find scales with more items of one key than of the other."""
    for scale, members in zip(instrument.scales, instrument.membership(), strict=True):
        keys = instrument.keys[members]
        if abs(int(keys.sum())) > 1:
            yield scale.name, f"{(keys > 0).sum()} forward and {(keys < 0).sum()} reversed items"


def position_cue(instrument: Instrument) -> _Found:
    """Find out whether the place of an item tells its key."""
    yield from _cue(instrument, np.arange(len(instrument.items)), "place in the list")
    runs = 1 + int((np.diff(instrument.keys) != 0).sum())
    p = _runs_test(instrument.keys, runs)
    if p < ALPHA:
        yield "all items", f"{runs} runs of equal keys: the key follows a pattern (p = {p:.3f})"


def _runs_test(keys: IntArray, runs: int) -> float:
    """Wald and Wolfowitz's test, two-sided, in its normal approximation."""
    n1, n2 = float((keys > 0).sum()), float((keys < 0).sum())
    n = n1 + n2
    if n1 == 0 or n2 == 0 or n < 10:
        return 1.0  # too few items for the approximation
    mean = 1 + 2 * n1 * n2 / n
    variance = (mean - 1) * (mean - 2) / (n - 1)
    return float(2 * stats.norm.sf(abs(runs - mean) / np.sqrt(variance)))


def length_cue(instrument: Instrument) -> _Found:
    """Find out whether the length of an item tells its key."""
    if instrument.form == "pair":
        lengths = [[len(words(pole)) for pole in item.poles] for item in instrument.items]
        longer = np.array([right - left for left, right in lengths])
        yield from _cue(instrument, longer, "number of words right less left")
        return
    counts = np.array([len(words(item.text)) for item in instrument.items])
    yield from _cue(instrument, counts, "number of words")


def _cue(instrument: Instrument, feature: np.ndarray, name: str) -> _Found:
    forward, reverse = feature[instrument.keys > 0], feature[instrument.keys < 0]
    if len(forward) and len(reverse):
        p = stats.mannwhitneyu(forward, reverse).pvalue
        if p < ALPHA:
            medians = f"median {np.median(forward):g} forward, {np.median(reverse):g} reversed"
            yield "all items", f"the {name} tells the key ({medians}; p = {p:.3f})"


_Rule = Callable[[Instrument], _Found]
ALL_RULES: dict[str, _Rule] = {
    "even steps": even_steps,
    "reachable ends": reachable_ends,
    "duplicates": duplicates,
}
KEYED_RULES: dict[str, _Rule] = {
    "balanced keying": balanced_keying,
    "position cue": position_cue,
    "length cue": length_cue,
}
