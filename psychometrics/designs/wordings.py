"""Wordings: the sentences around a statement. The statement itself is never changed."""

from dataclasses import dataclass

from psychometrics.errors import DesignError


@dataclass(frozen=True, slots=True)
class Wording:
    """A prompt text with places for ``{statement}``, ``{options}`` and ``{label}``.

    ``{label}`` is the noun of the label set: number, letter, or exact words.
    """

    name: str
    template: str


WORDINGS = (
    Wording(
        "plain",
        "Here is a statement that someone might make about themselves.\n\n"
        "Statement: {statement}\n\n"
        "How well does it fit you? Pick one option.\n\n"
        "{options}\n\n"
        "Answer with the {label} of that option only.",
    ),
    Wording(
        "reflective",
        "Think about how you usually feel, think and act. Then choose the option that says best "
        "whether the following sentence describes you.\n\n"
        "“{statement}”\n\n"
        "{options}\n\n"
        "Give just the {label} of the option you choose.",
    ),
    Wording(
        "options_first",
        "You will read a sentence and rate it with one of these options:\n\n"
        "{options}\n\n"
        "The sentence is: {statement}\n\n"
        "Which option is right for you? Reply with its {label} and say no more.",
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
    names = (selection,) if isinstance(selection, str) else selection
    unknown = [name for name in names if name not in known]
    if unknown or not names:
        raise DesignError(f"There is no wording {', '.join(map(repr, unknown))}.", mend)
    return tuple(known[name] for name in dict.fromkeys(names))
