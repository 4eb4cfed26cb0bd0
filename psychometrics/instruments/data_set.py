"""How answers of people to an instrument are stored in a published data set."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DataSet:
    """Conventions of a published data set.

    Parameters
    ----------
    name : str
        Unique within the instrument.
    about : str
        Where it comes from.
    values_are_keyed : bool
        Whether answers to reversed items are stored turned round.
    missing : tuple of float
        Numbers that stand for a missing answer.
    numbering : str
        Order of items that the numbers in its column names follow; empty for the instrument's own.
    """

    name: str
    about: str
    values_are_keyed: bool
    missing: tuple[float, ...]
    numbering: str
