"""Audit an instrument before it is used."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from psychometrics._types import IntArray
from psychometrics.instruments.content_words import content_stems, negations, words
from psychometrics.instruments.instrument import Instrument

MAX_WORDS = 12
_ALPHA = 0.05
_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the audit found: the rule, where, and what."""

    rule: str
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class InstrumentCheck:
    """Result of :func:`check_instrument`.

    Parameters
    ----------
    instrument : str
        Name and version of the instrument.
    rules : tuple of str
        The rules that were applied.
    skipped : tuple of str
        Rules that could not be applied, each with the reason.
    findings : tuple of Finding
        What breaks a rule; empty when the instrument passes.
    """

    instrument: str
    rules: tuple[str, ...]
    skipped: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether no rule is broken."""
        return not self.findings

    def to_frame(self) -> pd.DataFrame:
        """One row a finding: rule, where, message."""
        rows = [(f.rule, f.where, f.message) for f in self.findings]
        return pd.DataFrame(rows, columns=["rule", "where", "message"])

    def __repr__(self) -> str:
        verdict = "passes" if self.passed else f"{len(self.findings)} findings"
        return f"<InstrumentCheck {self.instrument}: {verdict} ({len(self.rules)} rules)>"


def check_instrument(instrument: Instrument) -> InstrumentCheck:
    """Audit keys, balance and wording cues of an instrument.

    Parameters
    ----------
    instrument : Instrument

    Returns
    -------
    InstrumentCheck
        Rules: ``reachable ends`` (answering every item in the keyed direction reaches the stated
        range of each scale, and so does the opposite), ``balanced keying`` (forward and reversed
        items of a scale differ by at most one), ``duplicates`` (no stem twice), ``position cue``
        and ``length cue`` (neither the place of an item nor its length tells its key;
        Mann–Whitney and, for the
        place, runs test at .05), and for English ``length`` (at most 12 words), ``negation``
        (no negating word, and no word that is another item's with un-, in-, dis- or non- before
        it) and ``shared words`` (no content word in two items).

    Examples
    --------
    >>> import psychometrics as pm
    >>> pm.check_instrument(pm.load_instrument("big-five-60"))
    <InstrumentCheck big-five-60 1.0: passes (8 rules)>
    """
    rules = dict(_RULES)
    skipped: tuple[str, ...] = ()
    if instrument.language.split("-")[0] == "en":
        rules |= _ENGLISH_RULES
    else:
        reason = f"needs English, this is {instrument.language}"
        skipped = tuple(f"{rule}: {reason}" for rule in _ENGLISH_RULES)
    findings = tuple(
        Finding(rule, where, message)
        for rule, check in rules.items()
        for where, message in check(instrument)
    )
    name = f"{instrument.name} {instrument.version}"
    return InstrumentCheck(name, tuple(rules), skipped, findings)


def _reachable_ends(instrument: Instrument) -> Iterator[tuple[str, str]]:
    values = instrument.response_scale.values
    low, high = values.min(), values.max()
    for scale, members in zip(instrument.scales, instrument.membership(), strict=True):
        texts = np.array([" ".join(words(item.stem)) for item in instrument.items])[members]
        keys = instrument.keys[members]
        conflicting = {t for t in texts if len(set(keys[texts == t])) > 1}
        if conflicting:
            yield (
                scale.name,
                f"{len(conflicting)} stem(s) keyed both ways: neither end can be reached",
            )
        elif scale.range != (low, high):
            reached = f"scores reach {low:g} to {high:g}"
            yield scale.name, f"range is {scale.range[0]:g} to {scale.range[1]:g}, but {reached}"


def _balanced_keying(instrument: Instrument) -> Iterator[tuple[str, str]]:
    for scale, members in zip(instrument.scales, instrument.membership(), strict=True):
        keys = instrument.keys[members]
        if abs(int(keys.sum())) > 1:
            yield scale.name, f"{(keys > 0).sum()} forward and {(keys < 0).sum()} reversed items"


def _duplicates(instrument: Instrument) -> Iterator[tuple[str, str]]:
    seen: dict[str, str] = {}
    for item in instrument.items:
        text = " ".join(words(item.stem))
        if text in seen:
            yield item.id, f"same stem as {seen[text]}"
        seen.setdefault(text, item.id)


def _position_cue(instrument: Instrument) -> Iterator[tuple[str, str]]:
    yield from _cue(instrument, np.arange(len(instrument.items)), "place in the list")
    runs = 1 + int((np.diff(instrument.keys) != 0).sum())
    p = _runs_test(instrument.keys, runs)
    if p < _ALPHA:
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


def _length_cue(instrument: Instrument) -> Iterator[tuple[str, str]]:
    lengths = np.array([len(words(item.stem)) for item in instrument.items])
    yield from _cue(instrument, lengths, "number of words")


def _cue(instrument: Instrument, feature: np.ndarray, name: str) -> Iterator[tuple[str, str]]:
    forward, reverse = feature[instrument.keys > 0], feature[instrument.keys < 0]
    if len(forward) and len(reverse):
        p = stats.mannwhitneyu(forward, reverse).pvalue
        if p < _ALPHA:
            medians = f"median {np.median(forward):g} forward, {np.median(reverse):g} reversed"
            yield "all items", f"the {name} tells the key ({medians}; p = {p:.3f})"


def _length(instrument: Instrument) -> Iterator[tuple[str, str]]:
    for item in instrument.items:
        n = len(item.stem.split())
        if n > MAX_WORDS:
            yield item.id, f"{n} words, at most {MAX_WORDS}"


def _negation(instrument: Instrument) -> Iterator[tuple[str, str]]:
    stems = {item.id: content_stems(item.stem) for item in instrument.items}
    for item in instrument.items:
        found = negations(item.stem)
        if found:
            yield item.id, f"negation: {', '.join(found)}"
        for other, others in stems.items():
            for prefix in _PREFIXES:
                turned = {prefix + stem for stem in others} & stems[item.id]
                if turned and other != item.id:
                    yield item.id, f"'{turned.pop()}' is a mere negation of {other}"


def _shared_words(instrument: Instrument) -> Iterator[tuple[str, str]]:
    seen: dict[str, str] = {}
    for item in instrument.items:
        for stem in sorted(content_stems(item.stem)):
            if stem in seen:
                yield item.id, f"shares '{stem}' with {seen[stem]}"
            seen.setdefault(stem, item.id)


_Rule = Callable[[Instrument], Iterator[tuple[str, str]]]
_RULES: dict[str, _Rule] = {
    "reachable ends": _reachable_ends,
    "balanced keying": _balanced_keying,
    "duplicates": _duplicates,
    "position cue": _position_cue,
    "length cue": _length_cue,
}
_ENGLISH_RULES: dict[str, _Rule] = {
    "length": _length,
    "negation": _negation,
    "shared words": _shared_words,
}
