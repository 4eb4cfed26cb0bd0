"""Turn an instrument into a sorting task: judges say which construct each item measures."""

import json
from pathlib import Path
from typing import Literal

from psychometrics.errors import InstrumentError
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.item import Item
from psychometrics.instruments.parse import FORMAT, parse_definition
from psychometrics.instruments.scale import Scale
from psychometrics.instruments.with_wording import refuse_without_wording

Level = Literal["domain", "facet"]
_INSTRUCTIONS = {
    "statement": "A questionnaire holds the statement below. Decide which construct an answer to "
    "it speaks for or against.",
    "pair": "A questionnaire asks which of two descriptions fits better. Decide which construct "
    "the choice between them speaks for or against.",
    "scenario": "Somebody tells how they act in a situation. Decide which construct these actions "
    "are a sign of.",
}


def sorting_scales(instrument: Instrument, level: Level) -> tuple[Scale, ...]:
    """Return the constructs that the items are sorted into.

    Raises
    ------
    InstrumentError
        There are fewer than two.
    """
    scales = tuple(scale for scale in instrument.scales if scale.level == level)
    if len(scales) < 2:
        raise InstrumentError(
            f"{instrument.name} has {len(scales)} scales of level {level!r}: nothing to sort into.",
            "Choose the other level.",
        )
    return scales


def sorting_task(instrument: Instrument, level: Level = "domain") -> Instrument:
    """Make an instrument whose items are those of another, and whose options are its constructs.

    Administer it to a second model, or print it for experts; neither key nor scale of an item is
    shown. :func:`psychometrics.content_validity` reads the answers.

    Parameters
    ----------
    instrument : Instrument
    level : {"domain", "facet"}
        The constructs that are offered, with their definitions.

    Returns
    -------
    Instrument
        Its option values only number the constructs: take the choices, not their mean.

    Raises
    ------
    InstrumentError
        There are not two constructs of that level, or the wording is not installed.

    Examples
    --------
    >>> import psychometrics as pm
    >>> pm.sorting_task(pm.load_instrument("dark-triad-27"))
    <Instrument dark-triad-27-sorting 1.0: 27 items (0 reversed), 1 domains, 3 options, en>
    """
    refuse_without_wording(instrument)
    scales = sorting_scales(instrument, level)
    name = f"{instrument.name}-sorting"
    options = [f"{scale.title}: {scale.definition}" for scale in scales]
    lines = [
        f"format = {FORMAT}",
        "[instrument]",
        *_fields(
            name=name, title=f"{instrument.title}, sorting",
            version=instrument.label.removeprefix(f"{instrument.name} "),
            language=instrument.language, licence=instrument.licence, origin=instrument.origin,
            citation=instrument.citation, instructions=_INSTRUCTIONS[instrument.form],
        ),
        "[scoring]",
        *_fields(rule="mean"),
        "[response_scale]",
        *_fields(name="constructs"),
        "options = [",
        *(f"{{ value = {n}, text = {_quoted(text)} }}," for n, text in enumerate(options, start=1)),
        "]",
        "[[scales]]",
        *_fields(name="construct", title="Construct", level="domain",
                 definition="The construct that the item is sorted to."),
        f"range = [1, {len(scales)}]",
    ]  # fmt: skip
    for item in instrument.items:
        lines += ["[[items]]", *_fields(id=item.id, stem=_shown(item, instrument),
                                        scale="construct"), "key = 1"]  # fmt: skip
    return parse_definition("\n".join(lines).encode(), Path(f"{name}.toml"))


def _shown(item: Item, instrument: Instrument) -> str:
    if instrument.form == "pair":
        return " – or – ".join(item.poles)
    if instrument.form == "scenario":
        high = item.options[len(item.options) // 2 :]
        return f"{item.stem} {item.question} {' / '.join(high)}"
    return item.stem or ""


def _fields(**texts: str) -> list[str]:
    return [f"{name} = {_quoted(text)}" for name, text in texts.items()]


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
