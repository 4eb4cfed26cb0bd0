"""Which column of a table of answers belongs to which item: by name, code or number."""

import re
from collections.abc import Mapping, Sequence

from psychometrics.errors import ResponsesError
from psychometrics.instruments.instrument import OWN_ORDER, Instrument

_NUMBERED = re.compile(r"(?P<prefix>.*?)(?P<number>\d+)$")


def item_columns(
    names: Sequence[str], instrument: Instrument, numbering: str | None = None
) -> dict[str, str]:
    """Find the column of every item; never by position.

    Parameters
    ----------
    names : sequence of str
        Columns of the table.
    instrument : Instrument
    numbering : str, optional
        Order that numbers in the names follow: ``"own"``, or one in which the definition numbers
        its items. Needed where several could be meant.

    Returns
    -------
    dict of str to str
        Column by item.

    Raises
    ------
    ResponsesError
        Items have no column, or numbers could follow several orders.
    """
    orders = instrument.orders()
    if numbering is not None and numbering not in orders:
        raise ResponsesError(
            f"{instrument.name} has no order {numbering!r}.", f"Choose among: {', '.join(orders)}."
        )
    by_name = {name.lower(): name for name in names}
    if len(by_name) < len(names):
        lower = [name.lower() for name in names]
        twice = next(name for name in names if lower.count(name.lower()) > 1)
        raise ResponsesError(
            f"Column {twice!r} stands twice, but for its case.", "Take one of the two out."
        )
    for wanted in ([i.id for i in instrument.items], [i.code for i in instrument.items]):
        if all(name and name.lower() in by_name for name in wanted):
            found = [by_name[name.lower()] for name in wanted]
            return {i.id: name for i, name in zip(instrument.items, found, strict=True)}
    return _by_number(names, instrument, orders, numbering)


def _by_number(
    names: Sequence[str],
    instrument: Instrument,
    orders: Mapping[str, Mapping[str, int]],
    numbering: str | None,
) -> dict[str, str]:
    fitting = [
        (order, prefix, numbers, group)
        for order, numbers in orders.items()
        for prefix, group in _groups(names).items()
        if set(numbers.values()) <= set(group) and numbering in (None, order)
    ]
    if numbering is None and len({order for order, *_ in fitting}) > 1:
        raise ResponsesError(
            f"The numbers of the columns may follow {' or '.join(o for o, *_ in fitting)}: these "
            f"orders of {instrument.name} key different items.",
            f"Say which: numbering={fitting[0][0]!r}, or name the columns by item.",
        )
    if len(fitting) > 1:
        prefixes = " and ".join(repr(prefix) for _, prefix, *_ in fitting)
        raise ResponsesError(
            f"Columns beginning with {prefixes} both could be the items.",
            "Take the others out, or name the columns by item.",
        )
    if not fitting:
        raise _none_found(names, instrument)
    _, prefix, numbers, group = fitting[0]
    if numbering is None and len(group) > len(numbers):
        raise ResponsesError(
            f"Columns {prefix}1 to {prefix}{max(group)} are more than the {len(numbers)} items of "
            f"{instrument.name}: they may be another form's.",
            f"If the first are meant, say numbering={OWN_ORDER!r}; else name the instrument they "
            "are of.",
        )
    return {item: group[number] for item, number in numbers.items()}


def _none_found(names: Sequence[str], instrument: Instrument) -> ResponsesError:
    mark = next((m for m in (";", "\t") if len(names) == 1 and m in names[0]), None)
    if mark is not None:
        return ResponsesError(
            f"The file has one column: it is divided by {mark!r}.", "Save it with commas."
        )
    shown = ", ".join(map(str, names[:8]))
    return ResponsesError(
        f"No columns for the {len(instrument.items):,} items of {instrument.name} were found "
        f"among {shown}{' …' if len(names) > 8 else ''}.",
        f"Name them by item ({instrument.items[0].id!r}, …), by code or by number, or give "
        "columns={item: column}.",
    )


def _groups(names: Sequence[str]) -> dict[str, dict[int, str]]:
    """Columns by what stands before their number."""
    groups: dict[str, dict[int, str]] = {}
    for name in names:
        if found := _NUMBERED.fullmatch(str(name)):
            group = groups.setdefault(found["prefix"].rstrip("0"), {})
            if int(found["number"]) in group:
                raise ResponsesError(
                    f"Columns {group[int(found['number'])]!r} and {name!r} have the same number.",
                    "Take one of the two out, or give columns={item: column}.",
                )
            group[int(found["number"])] = str(name)
    return groups
