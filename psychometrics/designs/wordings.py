"""Wordings: what stands around instructions and item, which are never changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from psychometrics.errors import DesignError
from psychometrics.instruments.instrument import Form


@dataclass(frozen=True, slots=True)
class Wording:
    """A prompt text with places for instructions, item, options and label.

    ``{instructions}`` are the instrument's own; ``{label}`` is the noun of the label set: number,
    letter, or exact words. How an item is put depends on its form: ``{stem}`` of a statement,
    ``{first}`` and ``{second}`` of a pair, ``{situation}`` and ``{question}`` of a scenario.
    """

    name: str
    template: str
    items: Mapping[Form, str] = field(hash=False)
    option: str = "{label}. {text}"

    def of(self, form: Form) -> str:
        """Return the template for items of one form.

        Raises
        ------
        DesignError
            The wording is for items of another form.
        """
        if form not in self.items:
            raise DesignError(
                f"Wording {self.name!r} is for {' and '.join(self.items)} items, not {form} items.",
                f"Use one of: {', '.join(w.name for w in WORDINGS if form in w.items)}.",
            )
        return self.template.replace("{item}", self.items[form])


# What differs from prompt to prompt stands last: everything before it is computed once.
WORDINGS = (
    Wording(
        "plain",
        "{instructions} Answer with the {label} of one option only.\n\n{item}\n\n{options}",
        {
            "statement": "Statement: {stem}",
            "pair": "First description: {first}\nSecond description: {second}",
            "scenario": "{situation}\n\n{question}",
        },
    ),
    Wording(
        "reflective",
        "{instructions} Take a moment to think, then give just the {label} of the option you "
        "choose.\n\n{item}\n\nYour options are:\n\n{options}",
        {
            "statement": "“{stem}”",
            "pair": "“{first}” is the first description. “{second}” is the second one.",
            "scenario": "Picture this. {situation} {question}",
        },
    ),
    Wording(
        "options_first",
        "{instructions} Reply with the {label} of one of these options and say no more:\n\n"
        "{options}\n\n{item}",
        {
            "statement": "The statement is: {stem}",
            "pair": "The first description is: {first}\nThe second description is: {second}",
            "scenario": "The situation is: {situation}\nThe question is: {question}",
        },
    ),
    # The order of parts in the three prompts of Lee et al. (2024, arXiv:2406.14703), in our words.
    Wording(
        "trait_1",
        "{item}\n\n{instructions} Give the {label} of the one option that fits best.\n\n{options}"
        "\n\nAnswer:",
        {"scenario": "{situation}\n{question}"},
    ),
    Wording(
        "trait_2",
        "{instructions} Give the {label} of one option, even where you are unsure.\n\n{options}\n\n"
        "{item}\n\nResponse:",
        {"scenario": "{situation}\n{question}"},
        "{label} = {text}",
    ),
    Wording(
        "trait_3",
        "{item}\n\n{options}\n\nAnswer:",
        {"scenario": "{situation}\n{question}"},
        "{label}: {text}",
    ),
)
_GENERAL = 3


def wordings(selection: int | str | tuple[str, ...]) -> tuple[Wording, ...]:
    """Choose wordings: the first n, one by name, or several by name.

    Raises
    ------
    DesignError
        There is no such wording.

    Examples
    --------
    >>> [w.name for w in wordings(2)]
    ['plain', 'reflective']
    """
    known = {wording.name: wording for wording in WORDINGS}
    mend = f"Use 1 to {_GENERAL}, or names from: {', '.join(known)}."
    if isinstance(selection, int):
        if not 1 <= selection <= _GENERAL:
            raise DesignError(f"wording={selection} is not available.", mend)
        return WORDINGS[:selection]
    if not isinstance(selection, str | tuple):
        raise DesignError(f"wording={selection!r} names no wording.", mend)
    names = (selection,) if isinstance(selection, str) else selection
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise DesignError(f"There is no wording {', '.join(map(repr, unknown))}.", mend)
    return tuple(known[name] for name in dict.fromkeys(names))
