"""From an item and a condition to the text of a prompt. Pure: no tokenizer, no model."""

from psychometrics.designs.design import Condition
from psychometrics.designs.labels import NOUNS, presented_labels
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.item import Item


def render(item: Item, instrument: Instrument, condition: Condition) -> str:
    """Write the user's turn: the wording with instructions, item and options filled in.

    Parameters
    ----------
    item : Item
        Its text is shown unchanged.
    instrument : Instrument
        Gives instructions and options.
    condition : Condition

    Returns
    -------
    str

    Raises
    ------
    DesignError
        The wording is for items of another form.

    Examples
    --------
    >>> import psychometrics as pm
    >>> big_five = pm.load_instrument("big-five-60")
    >>> condition = pm.design(option_order="reversed").conditions(5)[0]
    >>> print(render(big_five.items[0], big_five, condition).splitlines()[4])
    A. Strongly agree
    """
    written = instrument.option_texts(item)
    texts = [written[option] for option in condition.order]
    labels = presented_labels(condition.labels, texts)
    if condition.labels == "text":
        lines = [f"- {text}" for text in texts]
    else:
        line = condition.wording.option
        lines = [
            line.format(label=label, text=text) for label, text in zip(labels, texts, strict=True)
        ]
    return condition.wording.of(instrument.form).format(
        instructions=instrument.instructions,
        options="\n".join(lines),
        label=NOUNS[condition.labels],
        **_parts(item, instrument),
    )


def canonical_labels(item: Item, instrument: Instrument, condition: Condition) -> tuple[str, ...]:
    """Labels by canonical option: what each option is answered with in this condition."""
    written = instrument.option_texts(item)
    presented = presented_labels(condition.labels, [written[option] for option in condition.order])
    by_option = dict(zip(condition.order, presented, strict=True))
    return tuple(by_option[option] for option in range(len(written)))


def _parts(item: Item, instrument: Instrument) -> dict[str, str]:
    stem = item.stem or ""
    if instrument.form == "statement":
        return {"stem": stem}
    if instrument.form == "pair":
        first, second = item.poles
        return {"first": first, "second": second}
    return {"situation": stem, "question": item.question}
