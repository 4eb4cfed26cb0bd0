"""Audit an instrument before it is used, and answers before they are scored."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd

from psychometrics.instruments.check_answers import answer_table, check_answers
from psychometrics.instruments.check_english import ENGLISH_RULES
from psychometrics.instruments.check_scenarios import SCENARIO_RULES, check_ratings
from psychometrics.instruments.check_statements import ALL_RULES, KEYED_RULES
from psychometrics.instruments.instrument import Instrument

_Found = Iterator[tuple[str, str]]


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


def check_instrument(
    instrument: Instrument,
    *,
    answers: pd.DataFrame | None = None,
    keyed: bool = False,
    ratings: pd.DataFrame | None = None,
) -> InstrumentCheck:
    """Audit keys, balance and wording cues of an instrument, and answers against its key.

    Parameters
    ----------
    instrument : Instrument
    answers : DataFrame, optional
        One row a respondent, one column an item, NaN where missing: as they stand in the file,
        before any key.
    keyed : bool
        Whether the answers to reversed items are said to be stored turned round.
    ratings : DataFrame, optional
        Of scenarios: columns ``item``, ``option`` (``low_1``, ``high_2``, …) and ``rating``, by
        somebody who saw neither the key nor which options are called high.

    Returns
    -------
    InstrumentCheck
        For every instrument: ``even steps`` of the response scale, ``reachable ends`` (no stem
        keyed both ways), ``duplicates`` (no stem twice). For statements and pairs: ``balanced
        keying`` (forward and reversed items of a scale differ by at most one), ``position cue``
        and ``length cue`` (neither the place of an item nor its length tells its key;
        Mann–Whitney and, for the place, runs test at .05). In English also ``length`` (at most 12
        words), ``negation`` (no negating word, and no word that is another item's with un-, in-,
        dis- or non- before it) and ``shared words`` (no content word in two items). For scenarios:
        ``gold option longest`` and ``option length`` (length does not give the high options away;
        exact binomial and Wilcoxon test at .05) and, with ratings, ``options against ratings``.
        With answers: ``answered items`` (none is without any), ``offered labels`` (no answer
        outside the response scale), ``option missing`` (no option that nobody chose), ``number of
        options`` (all scales are answered on the same options), ``reversed twice``, ``key`` (no
        item runs against its scale beyond chance) and ``row order`` (items go with their own domain
        rather than with another).

    Examples
    --------
    >>> import psychometrics as pm
    >>> pm.check_instrument(pm.load_instrument("big-five-60"))
    <InstrumentCheck big-five-60 1.0: passes (9 rules)>
    """
    rules, skipped = _wording_rules(instrument)
    findings = [
        Finding(rule, where, message)
        for rule, check in rules.items()
        for where, message in check(instrument)
    ]
    names = list(rules)
    if ratings is not None:
        names.append("options against ratings")
        findings += [Finding(names[-1], *found) for found in check_ratings(instrument, ratings)]
    elif instrument.form == "scenario":
        skipped.append(_UNRATED if not _recorded(instrument) else _RECORDED)
    if answers is not None:
        found, passed_over = check_answers(answer_table(instrument, answers, keyed=keyed))
        names += found
        skipped += [f"{rule}: {reason}" for rule, reason in passed_over.items()]
        findings += [Finding(rule, *told) for rule, all_ in found.items() for told in all_]
    return InstrumentCheck(instrument.label, tuple(names), tuple(skipped), tuple(findings))


_UNRATED = (
    "high and low options swapped: invisible without a recorded hash of the items or a file of "
    "independent ratings"
)
_RECORDED = (
    "options against ratings: no ratings given (that high and low are as recorded is seen by the "
    "hash of each item)"
)


def _wording_rules(
    instrument: Instrument,
) -> tuple[dict[str, Callable[[Instrument], _Found]], list[str]]:
    """Rules that apply, and why others do not."""
    rules: dict[str, Callable[[Instrument], _Found]] = dict(ALL_RULES)
    skipped = []
    if instrument.form == "scenario":
        rules |= SCENARIO_RULES
        others = {**KEYED_RULES, **ENGLISH_RULES}
        skipped += [f"{rule}: the items are scenarios" for rule in others]
    else:
        rules |= KEYED_RULES
        if instrument.language.split("-")[0] == "en":
            rules |= ENGLISH_RULES
        else:
            reason = f"needs English, this is {instrument.language}"
            skipped += [f"{rule}: {reason}" for rule in ENGLISH_RULES]
    if not instrument.has_wording:
        unworded = {"even steps", "balanced keying", "position cue"}
        skipped += [
            f"{rule}: the wording is not installed" for rule in rules if rule not in unworded
        ]
        rules = {rule: check for rule, check in rules.items() if rule in unworded}
    return rules, skipped


def _recorded(instrument: Instrument) -> bool:
    return all(item.hashes for item in instrument.items)
