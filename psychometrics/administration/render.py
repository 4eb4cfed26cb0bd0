"""From an item and a condition to the text of a prompt. Pure: no tokenizer, no model."""

from psychometrics.designs.design import Condition
from psychometrics.designs.labels import NOUNS, presented_labels
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.item import Item
from psychometrics.instruments.response_scale import ResponseScale


def render(item: Item, instrument: Instrument, condition: Condition) -> str:
    """Write the user's turn: the wording with instructions, statement and options filled in.

    Parameters
    ----------
    item : Item
        Its stem is shown unchanged.
    instrument : Instrument
        Gives instructions and options.
    condition : Condition

    Returns
    -------
    str

    Examples
    --------
    >>> import psychometrics as pm
    >>> big_five = pm.load_instrument("big-five-60")
    >>> condition = pm.design(option_order="reversed").conditions(5)[0]
    >>> print(render(big_five.items[0], big_five, condition).splitlines()[4])
    A. Strongly agree
    """
    texts = [instrument.response_scale.texts[option] for option in condition.order]
    labels = presented_labels(condition.labels, texts)
    if condition.labels == "text":
        lines = [f"- {text}" for text in texts]
    else:
        lines = [f"{label}. {text}" for label, text in zip(labels, texts, strict=True)]
    return condition.wording.template.format(
        instructions=instrument.instructions,
        statement=item.stem,
        options="\n".join(lines),
        label=NOUNS[condition.labels],
    )


def canonical_labels(response_scale: ResponseScale, condition: Condition) -> tuple[str, ...]:
    """Labels by canonical option: what each option is answered with in this condition."""
    presented = presented_labels(
        condition.labels, [response_scale.texts[option] for option in condition.order]
    )
    by_option = dict(zip(condition.order, presented, strict=True))
    return tuple(by_option[option] for option in range(len(response_scale)))
