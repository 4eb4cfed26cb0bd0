"""Rules about answers: what the data say of key, order of columns and response scale."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from psychometrics._types import BoolArray, FloatArray
from psychometrics.errors import InstrumentError
from psychometrics.instruments.check_statements import ALPHA
from psychometrics.instruments.instrument import Instrument

MIN_PEOPLE = 20
# Median of the strongest correlations, in units of 1/√n, that answers without order do not reach.
_SIGNAL = 4.0
_SHOWN = 6
_Found = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """Answers with what is needed to look at them.

    Parameters
    ----------
    instrument : Instrument
    stored : ndarray, shape (n_respondents, n_items)
        As they stand in the file; NaN where missing.
    order : tuple of str
        Items in the order of the file's columns.
    keyed : bool
        Whether reversed items are said to be turned round.
    """

    instrument: Instrument
    stored: FloatArray
    order: tuple[str, ...]
    keyed: bool

    @property
    def oriented(self) -> FloatArray:
        """Answers in the direction of the construct, if what is said of them is true."""
        return self.stored if self.keyed else self.instrument.keyed(self.stored)

    @property
    def names(self) -> list[str]:
        """Items in the order of the instrument."""
        return [item.id for item in self.instrument.items]


def answer_table(instrument: Instrument, answers: pd.DataFrame, *, keyed: bool) -> AnswerTable:
    """Lay answers out by item.

    Parameters
    ----------
    instrument : Instrument
    answers : DataFrame
        One column an item, by its id.
    keyed : bool

    Raises
    ------
    InstrumentError
        No column is an item, or an answer is no number.
    """
    names = [item.id for item in instrument.items]
    own = [name for name in answers.columns if name in set(names)]
    if not own:
        raise InstrumentError(
            f"The answers have no column of an item of {instrument.name}.",
            f"Name the columns by item ({names[0]!r}, …).",
        )
    try:
        stored = answers.reindex(columns=names).to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise InstrumentError(
            f"The answers are no numbers: {error}.", "Give the values of the options."
        ) from error
    return AnswerTable(instrument, stored, tuple(own), keyed)


def not_in_the_file(table: AnswerTable) -> _Found:
    """Find items without a column or without any answer."""
    empty: BoolArray = np.logical_and.reduce(np.isnan(table.stored), axis=0)
    if empty.any():
        yield _named(table, empty), f"{int(empty.sum())} items without an answer"


def offered_labels(table: AnswerTable) -> _Found:
    """Find answers that no option stands for."""
    values = table.instrument.response_scale.values
    outside = ~np.isnan(table.stored) & ~np.isin(table.stored, values)
    for value in np.unique(table.stored[outside]):
        items = _named(table, (table.stored == value).any(axis=0))
        n = int((table.stored == value).sum())
        yield items, f"{n:,} answers are {value:g}, which is not offered"


def option_missing(table: AnswerTable) -> _Found:
    """Find options that nobody chose in any item."""
    for option in table.instrument.response_scale.options:
        if not (table.stored == option.value).any():
            yield "response scale", f"nobody chose {option.value:g} ({option.text}): is it missing?"


def number_of_options(table: AnswerTable) -> _Found:
    """Find scales whose answers reach less far than those of the others."""
    ends = {
        scale.name: (answered.min(), answered.max())
        for scale, own in zip(table.instrument.scales, table.instrument.membership(), strict=True)
        if scale.parent is None
        and len(answered := table.stored[:, own][~np.isnan(table.stored[:, own])])
    }
    if not ends:
        return
    most = (min(low for low, _ in ends.values()), max(high for _, high in ends.values()))
    for scale, found in ends.items():
        if found != most:
            yield (
                scale,
                f"answers run from {found[0]:g} to {found[1]:g}, elsewhere from {most[0]:g} to "
                f"{most[1]:g}: another number of options?",
            )


def reversed_twice(table: AnswerTable) -> _Found:
    """Find out whether reversed items were turned round before, or never.

    The columns have to be right. The answers are looked at both ways: as they are said to be, and
    the other way round. The other way is the right one if it leaves few items against their scale
    where this one leaves many.
    """
    reversed_items = table.instrument.keys < 0
    if not reversed_items.any():
        return
    other = replace(table, keyed=not table.keyed)
    now, otherwise = (float((_rest_correlations(t) < 0).mean()) for t in (table, other))
    if otherwise < now / 3:
        told = f"{now:.0%} of the items run against their scale, {otherwise:.0%} if "
        before = "the reversed ones were turned round before: read the answers with keyed=True"
        never = "the reversed ones were not turned round: read the answers with keyed=False"
        yield _named(table, reversed_items), told + (never if table.keyed else before)


def key(table: AnswerTable) -> _Found:
    """Find items that run against their scale, where columns and direction are right."""
    found = _rest_correlations(table)
    n_items, n_people = len(found), len(table.stored)
    limit = stats.norm.ppf(ALPHA / n_items) / np.sqrt(n_people - 3)  # on Fisher's scale
    against = np.arctanh(np.clip(found, -0.999999, 0.999999)) < limit
    if against.any():
        n = int(against.sum())
        told = f"{n} items correlate" if n > 1 else "1 item correlates"
        told += " negatively with the rest of the scale "
        lowest = f"(lowest {np.nanmin(found):.2f})"
        yield _named(table, against), f"{told}{lowest}: is the key joined by row, not by item?"


def row_order(table: AnswerTable) -> _Found:
    """Find out whether items go with their own domain, and which order would mend it."""
    domains = [scale.level == "domain" for scale in table.instrument.scales]
    members = table.instrument.membership()[domains]
    if len(members) < 2:
        return
    own = _share_at_home(table.stored, members)
    if own >= 0.5 or np.isnan(own):
        return
    better = {
        name: share
        for name, stored in _other_orders(table).items()
        if (share := _share_at_home(stored, members)) > own + 0.2
    }
    mend = ""
    if better:
        best = max(better, key=lambda name: better[name])
        mend = f"; by {best} it would be {better[best]:.0%}"
    told = f"only {own:.0%} of the items go with their own domain more than with any other: "
    yield "all items", f"{told}the order of rows or columns is not that of the items{mend}"


def _other_orders(table: AnswerTable) -> dict[str, FloatArray]:
    """The same columns given to the items in other orders."""
    names = table.names
    place = {name: n for n, name in enumerate(names)}
    found = {}
    in_file = [place[name] for name in table.order]
    if len(in_file) == len(names):
        found["the order of the columns"] = table.stored[:, in_file]
    for order in table.instrument.items[0].numbers:
        ranks = np.argsort(np.argsort([item.numbers[order] for item in table.instrument.items]))
        found[f"the order {order!r}"] = table.stored[:, ranks]
        found[f"the order {order!r} turned back"] = table.stored[:, np.argsort(ranks)]
    return found


def _share_at_home(values: FloatArray, members: BoolArray) -> float:
    """Share of items whose strongest correlation, whatever its sign, is with their own domain.

    NaN where the items hang together with no domain more than chance would have it.
    """
    filled = _filled(values)
    signs = _signs(filled, members)
    sums = filled @ signs.T
    strength = np.empty(members.shape)
    for at, weights in enumerate(signs):
        rest = sums[:, [at]] - filled * weights  # an item is taken out of its own sum
        strength[at] = np.abs(_correlate(filled, rest))
    home, answered = members.argmax(axis=0), filled.any(axis=0)
    if not answered.any() or np.median(strength.max(axis=0)[answered]) < _SIGNAL / np.sqrt(
        len(filled)
    ):
        return float("nan")
    return float((strength.argmax(axis=0) == home)[answered].mean())


def _signs(filled: FloatArray, members: BoolArray) -> FloatArray:
    """Weights of the items in each domain: the sign of their loading on its first component."""
    weights = np.zeros(members.shape)
    for at, own in enumerate(members):
        _, axes = np.linalg.eigh(filled[:, own].T @ filled[:, own])
        weights[at, own] = np.sign(axes[:, -1])
    return weights


def _filled(values: FloatArray) -> FloatArray:
    """Standard scores, zero where missing or without variance."""
    with np.errstate(invalid="ignore", divide="ignore"):
        there = ~np.isnan(values)
        n = there.sum(axis=0)
        mean = np.where(there, values, 0.0).sum(axis=0) / n
        centred = np.where(there, values - mean, 0.0)
        sd = np.sqrt((centred**2).sum(axis=0) / n)
        filled: FloatArray = np.nan_to_num(centred / sd, nan=0.0, posinf=0.0, neginf=0.0)
        return filled


def _correlate(one: FloatArray, other: FloatArray) -> FloatArray:
    """Correlation of each column with the same column of another array; 0 without variance."""
    one, other = one - one.mean(axis=0), other - other.mean(axis=0)
    scale = np.sqrt((one**2).sum(axis=0) * (other**2).sum(axis=0))
    product = (one * other).sum(axis=0)
    found: FloatArray = np.divide(product, scale, out=np.zeros_like(product), where=scale > 0)
    return found


def _rest_correlations(table: AnswerTable) -> FloatArray:
    """Correlation of each item with the rest of its narrowest scale that has three items."""
    filled = _filled(table.oriented)
    found = np.full(filled.shape[1], np.nan)
    members = table.instrument.membership()
    for own in members[np.argsort(-members.sum(axis=1), kind="stable")]:
        if own.sum() >= 3:  # narrower scales come last
            part = filled[:, own]
            found[own] = _correlate(part, part.sum(axis=1, keepdims=True) - part)
    return found


def _named(table: AnswerTable, chosen: BoolArray) -> str:
    names = [name for name, yes in zip(table.names, chosen, strict=True) if yes]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


_Rule = Callable[[AnswerTable], _Found]
ANSWER_RULES: dict[str, _Rule] = {
    "answered items": not_in_the_file,
    "offered labels": offered_labels,
}
PEOPLE_RULES: dict[str, _Rule] = {
    "option missing": option_missing,
    "number of options": number_of_options,
}
# Each is about answers that pass the one before it.
KEY_RULES: dict[str, _Rule] = {
    "row order": row_order,
    "reversed twice": reversed_twice,
    "key": key,
}


def check_answers(table: AnswerTable) -> tuple[dict[str, list[tuple[str, str]]], dict[str, str]]:
    """Apply every rule that can be applied.

    Returns
    -------
    findings : dict of str to list of tuple of str
        Where and what, by rule; empty for a rule that nothing breaks.
    skipped : dict of str to str
        Why a rule was not applied.
    """
    found = {name: list(rule(table)) for name, rule in ANSWER_RULES.items()}
    n = len(table.stored)
    if n < MIN_PEOPLE:
        reason = f"needs {MIN_PEOPLE} respondents, there are {n}"
        return found, dict.fromkeys([*PEOPLE_RULES, *KEY_RULES], reason)
    found |= {name: list(rule(table)) for name, rule in PEOPLE_RULES.items()}
    skipped: dict[str, str] = {}
    broken = ""
    for name, rule in KEY_RULES.items():
        if broken:
            skipped[name] = f"{broken} has to be mended first"
            continue
        found[name] = list(rule(table))
        broken = name if found[name] else ""
    return found, skipped
