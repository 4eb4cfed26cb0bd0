"""Find out which text of a file belongs to which item, by hash alone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psychometrics.errors import WordingError
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.item import PAIR
from psychometrics.instruments.parse_items import PUBLISHED
from psychometrics.instruments.stem_hash import stem_hash
from psychometrics.instruments.text_rows import TextRow

_SHOWN = 8
Found = dict[str, tuple[str, str, TextRow]]  # text, variant and place, by item


@dataclass(frozen=True, slots=True)
class Matched:
    """Which text each item has.

    Parameters
    ----------
    stems : mapping of str to str
        By item.
    variants : mapping of str to str
        Which known wording, where it is not the published one.
    modified : tuple of str
        Items that were filled by their label with a text of unknown hash.
    left_out : int
        Texts that belong to no item.
    keys : mapping of str to str
        What else identified the row, by item.
    """

    stems: Mapping[str, str]
    variants: Mapping[str, str]
    modified: tuple[str, ...]
    left_out: int
    keys: Mapping[str, str]


def match_wording(
    instrument: Instrument, rows: Sequence[TextRow], where: str, *, allow_modified: bool = False
) -> Matched:
    """Give each item its text.

    Parameters
    ----------
    instrument : Instrument
    rows : sequence of TextRow
    where : str
        The file, for the errors.
    allow_modified : bool
        Whether a text of unknown hash may fill the item that its label names.

    Raises
    ------
    WordingError
        A text is unknown, an item has no text, or two; every such place is named.
    """
    known = {
        digest: (item.id, variant)
        for item in instrument.items
        for variant, digest in item.hashes.items()
    }
    found: Found = {}
    keys: dict[str, str] = {}
    unknown = []
    for row in rows:
        hits = _hits(row, known, instrument)
        if not hits:
            unknown.append(row)
        for item, (text, variant) in hits.items():
            _refuse_two(found, item, variant, row, where)
            found.setdefault(item, (text, variant, row))
            keys.setdefault(item, row.key if len(hits) == 1 else "")
    lacking = [item.id for item in instrument.items if item.id not in found]
    stems = {item: text for item, (text, _, _) in found.items()}
    modified: dict[str, str] = {}
    if lacking and allow_modified:
        modified = _by_label(instrument, lacking, unknown, found, where)
    still = [item for item in lacking if item not in modified]
    if still:
        raise _refusal(instrument, still, unknown, where, allow_modified=allow_modified)
    return Matched(
        {item.id: (stems | modified)[item.id] for item in instrument.items},
        {item: variant for item, (_, variant, _) in found.items() if variant != PUBLISHED},
        tuple(item.id for item in instrument.items if item.id in modified),
        len(unknown) - len(modified),
        keys,
    )


def _hits(
    row: TextRow, known: Mapping[str, tuple[str, str]], instrument: Instrument
) -> dict[str, tuple[str, str]]:
    """Text and variant of every item that a row has, the likeliest text of each."""
    hits: dict[str, tuple[str, str]] = {}
    for text in _of_form(row.texts, instrument):
        item, variant = known.get(stem_hash(text), ("", ""))
        if item:
            hits.setdefault(item, (text, variant))
    return hits


def _of_form(texts: Sequence[str], instrument: Instrument) -> list[str]:
    """Texts of the form of the items: the hash does not tell where a pair is divided."""
    divided = 1 if instrument.form == "pair" else 0
    return [text for text in texts if text.count(PAIR) == divided]


def _refuse_two(found: Found, item: str, variant: str, row: TextRow, where: str) -> None:
    there = found.get(item)
    if there is not None and there[1] != variant:
        raise WordingError(
            f"{where}: item {item!r} stands in two wordings: {there[1]} ({there[2].place}) and "
            f"{variant} ({row.place}).",
            "Leave one of them.",
        )


def _by_label(
    instrument: Instrument,
    lacking: Sequence[str],
    unknown: Sequence[TextRow],
    found: Found,
    where: str,
) -> dict[str, str]:
    names = {name.lower(): i.id for i in instrument.items for name in (i.id, i.code) if name}
    orders = _orders(instrument, found)
    usual = Counter(row.texts.index(text) for text, _, row in found.values()).most_common(1)
    stems: dict[str, str] = {}
    for row in unknown:
        item = names.get(row.label.lower()) or _numbered(row, orders, lacking, where)
        if item is None or item not in lacking:
            continue
        if item in stems:
            raise WordingError(
                f"{where}: item {item!r} has two unknown texts ({row.place} is the second).",
                "Leave one of them.",
            )
        fitting = _fitting(row, instrument)
        likely = [row.stem, *(row.texts[place] for place, _ in usual if place < len(row.texts))]
        if fitting:
            stems[item] = next((text for text in likely if text in fitting), fitting[0])
    return stems


def _fitting(row: TextRow, instrument: Instrument) -> list[str]:
    """Texts of a row that have the form of the instrument's items, the likeliest stem first."""
    texts = _of_form(row.texts, instrument)
    bare = [text for text in texts if not (row.label and text.startswith(row.label))]
    fitting = bare or [text for text in texts if text != row.label]
    return fitting if instrument.form == "pair" else sorted(fitting, key=len, reverse=True)


def _orders(instrument: Instrument, found: Found) -> dict[str, dict[str, str]]:
    """Item by number, in each order that the known items of the file may follow."""
    orders = {
        name: {str(number): item for item, number in numbers.items()}
        for name, numbers in instrument.orders().items()
    }
    said = {item: row.label.lstrip("0") for item, (_, _, row) in found.items() if row.label}
    return {
        name: order
        for name, order in orders.items()
        if all(order.get(number) == item for item, number in said.items())
    }


def _numbered(
    row: TextRow, orders: Mapping[str, Mapping[str, str]], lacking: Sequence[str], where: str
) -> str | None:
    """The item that a number means, which no other order may give to another item."""
    meant = {order.get(row.label.lstrip("0")) for order in orders.values()}
    if len(meant) > 1 and not meant.isdisjoint(lacking):
        raise WordingError(
            f"{where}: {row.place}: the numbers of the items may follow several orders "
            f"({', '.join(orders)}).",
            "Label the items by id instead of number.",
        )
    return next(iter(meant), None)


def _refusal(
    instrument: Instrument,
    lacking: Sequence[str],
    unknown: Sequence[TextRow],
    where: str,
    *,
    allow_modified: bool,
) -> WordingError:
    texts = [f"{row.place}: {[*_fitting(row, instrument), *row.texts][0]!r}" for row in unknown]
    told = _listed(texts, "; ") if texts else "none"
    cause = (
        f"{where}: {len(lacking)} of {len(instrument.items)} items of {instrument.name} have no "
        f"known text ({_listed(list(lacking), ', ')}). Texts that are no known wording: {told}."
    )
    if not any(item.hashes for item in instrument.items):
        cause += " No wording of this instrument has been recorded, so none can be checked."
    mend = "Give the published wording"
    if instrument.form == "pair":
        mend += f", its pairs in two columns or with {PAIR.strip()} between"
    if allow_modified:
        mend += ", or label each text with the id, code or number of its item"
    else:
        mend += ", or allow the modified one (--allow-modified), which every result then says"
    return WordingError(cause, mend + ".")


def _listed(texts: list[str], mark: str) -> str:
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return mark.join(texts[:_SHOWN]) + more
