"""Find out which text of a file belongs to which item, by hash alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psychometrics.errors import WordingError
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.item import PAIR, Item
from psychometrics.instruments.parse_items import PUBLISHED
from psychometrics.instruments.stem_hash import stem_hash
from psychometrics.instruments.text_rows import TextRow

_SHOWN = 8


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
        digest: (item, variant)
        for item in instrument.items
        for variant, digest in item.hashes.items()
    }
    found: dict[str, tuple[str, str, TextRow]] = {}
    unknown = []
    for row in rows:
        hit = next(
            ((text, known[h]) for text in row.texts if (h := stem_hash(text)) in known), None
        )
        if hit is None:
            unknown.append(row)
            continue
        text, (item, variant) = hit
        _refuse_two(found, item, variant, row, where)
        found.setdefault(item.id, (text, variant, row))
    lacking = [item for item in instrument.items if item.id not in found]
    stems = {item: text for item, (text, _, _) in found.items()}
    modified: dict[str, str] = {}
    if lacking and allow_modified:
        modified = _by_label(instrument, lacking, unknown, found, where)
    still = [item.id for item in lacking if item.id not in modified]
    if still:
        raise _refusal(instrument, still, unknown, where, allow_modified=allow_modified)
    return Matched(
        {item.id: (stems | modified)[item.id] for item in instrument.items},
        {item: variant for item, (_, variant, _) in found.items() if variant != PUBLISHED},
        tuple(item.id for item in instrument.items if item.id in modified),
        len(unknown) - len(modified),
        {item: row.key for item, (_, _, row) in found.items()},
    )


def _refuse_two(
    found: Mapping[str, tuple[str, str, TextRow]],
    item: Item,
    variant: str,
    row: TextRow,
    where: str,
) -> None:
    there = found.get(item.id)
    if there is not None and there[1] != variant:
        raise WordingError(
            f"{where}: item {item.id!r} stands in two wordings: {there[1]} ({there[2].place}) and "
            f"{variant} ({row.place}).",
            "Leave one of them.",
        )


def _by_label(
    instrument: Instrument,
    lacking: Sequence[Item],
    unknown: Sequence[TextRow],
    found: Mapping[str, tuple[str, str, TextRow]],
    where: str,
) -> dict[str, str]:
    names = {name.lower(): i.id for i in instrument.items for name in (i.id, i.code) if name}
    numbers = _numbering(instrument, found, where)
    wanted = {item.id for item in lacking}
    stems: dict[str, str] = {}
    for row in unknown:
        item = names.get(row.label.lower()) or numbers.get(row.label.lstrip("0"))
        if item not in wanted:
            continue
        if item in stems:
            raise WordingError(
                f"{where}: item {item!r} has two unknown texts ({row.place} is the second).",
                "Leave one of them.",
            )
        if fitting := _fitting(row, instrument):
            stems[item] = fitting[0]
    return stems


def _fitting(row: TextRow, instrument: Instrument) -> list[str]:
    """Texts of a row that have the form of the instrument's items, the likeliest stem first."""
    pair = instrument.form == "pair"
    texts = [text for text in row.texts if (PAIR in text) == pair and text != row.label]
    labelled = [text for text in texts if row.label and text.startswith(row.label)]
    return sorted((text for text in texts if text not in labelled), key=len, reverse=not pair)


def _numbering(
    instrument: Instrument, found: Mapping[str, tuple[str, str, TextRow]], where: str
) -> dict[str, str]:
    """Which item a number means: by the order that the known items of the file follow."""
    own = {str(n): item.id for n, item in enumerate(instrument.items, start=1)}
    orders = {"": own}
    for item in instrument.items:
        for order, number in item.numbers.items():
            orders.setdefault(order, {})[str(number)] = item.id
    said = {item: row.label.lstrip("0") for item, (_, _, row) in found.items() if row.label}
    fitting = [
        order for order in orders.values() if all(order.get(n) == i for i, n in said.items())
    ]
    if len(fitting) > 1 and any(order != fitting[0] for order in fitting):
        names = ", ".join(name or "its own" for name in orders)
        raise WordingError(
            f"{where}: the numbers of the items may follow several orders ({names}).",
            "Label the items by id instead of number.",
        )
    return fitting[0] if fitting else {}


def _refusal(
    instrument: Instrument,
    lacking: Sequence[str],
    unknown: Sequence[TextRow],
    where: str,
    *,
    allow_modified: bool,
) -> WordingError:
    texts = [
        f"{row.place}: {fitting[0]!r}" for row in unknown if (fitting := _fitting(row, instrument))
    ]
    told = _listed(texts, "; ") if texts else "none"
    cause = (
        f"{where}: {len(lacking)} of {len(instrument.items)} items of {instrument.name} have no "
        f"known text ({_listed(list(lacking), ', ')}). Texts that are no known wording: {told}."
    )
    if not any(item.hashes for item in instrument.items):
        cause += " No wording of this instrument has been recorded, so none can be checked."
    mend = "Give the published wording"
    if allow_modified:
        mend += ", or label each text with the id, code or number of its item"
    else:
        mend += ", or allow the modified one (--allow-modified), which every result then says"
    return WordingError(cause, mend + ".")


def _listed(texts: list[str], mark: str) -> str:
    more = f" and {len(texts) - _SHOWN} more" if len(texts) > _SHOWN else ""
    return mark.join(texts[:_SHOWN]) + more
