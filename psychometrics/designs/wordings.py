"""Wordings: what stands around instructions and statement, which are never changed."""

from dataclasses import dataclass

from psychometrics.errors import DesignError


@dataclass(frozen=True, slots=True)
class Wording:
    """A prompt text with places for instructions, statement, options and label.

    ``{instructions}`` are the instrument's own; ``{label}`` is the noun of the label set: number,
    letter, or exact words.
    """

    name: str
    template: str


# What differs from prompt to prompt stands last: everything before it is computed once.
WORDINGS = (
    Wording(
        "plain",
        "{instructions} Answer with the {label} of one option only.\n\n"
        "Statement: {statement}\n\n"
        "{options}",
    ),
    Wording(
        "reflective",
        "{instructions} Take a moment to think, then give just the {label} of the option you "
        "choose.\n\n"
        "“{statement}”\n\n"
        "Your options are:\n\n"
        "{options}",
    ),
    Wording(
        "options_first",
        "{instructions} Reply with the {label} of one of these options and say no more:\n\n"
        "{options}\n\n"
        "The statement is: {statement}",
    ),
)


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
    mend = f"Use 1 to {len(WORDINGS)}, or names from: {', '.join(known)}."
    if isinstance(selection, int):
        if not 1 <= selection <= len(WORDINGS):
            raise DesignError(f"wording={selection} is not available.", mend)
        return WORDINGS[:selection]
    if not isinstance(selection, str | tuple):
        raise DesignError(f"wording={selection!r} names no wording.", mend)
    names = (selection,) if isinstance(selection, str) else selection
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise DesignError(f"There is no wording {', '.join(map(repr, unknown))}.", mend)
    return tuple(known[name] for name in dict.fromkeys(names))
