"""Load an instrument: its definition, and its wording from the user's data folder."""

import difflib
from pathlib import Path

from psychometrics.errors import DefinitionError, InstrumentError, UnknownInstrumentError
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.locate import inventories_folder
from psychometrics.instruments.parse import parse_definition
from psychometrics.instruments.with_wording import with_wording
from psychometrics.instruments.wording_store import installed_wording


def list_instruments() -> list[str]:
    """Names of the instruments that are defined, sorted.

    Examples
    --------
    >>> import psychometrics as pm
    >>> "big-five-60" in pm.list_instruments()
    True
    """
    return sorted(path.stem for path in inventories_folder().glob("*/*.toml"))


def load_instrument(name: str | Path, *, language: str | None = None) -> Instrument:
    """Load an instrument by name, or from a definition file of your own.

    Parameters
    ----------
    name : str or Path
        A name from :func:`list_instruments`, or the path of a ``.toml`` file.
    language : str, optional
        BCP 47 tag; default: that of the definition.

    Returns
    -------
    Instrument
        Where neither the definition nor your data folder has the wording, its items have no stem:
        it scores answers, and says how to install the wording when it is to be administered.

    Raises
    ------
    UnknownInstrumentError
        No instrument has that name; the nearest names are given.
    DefinitionError
        The file breaks the format; file, item and field are named.
    WordingError
        The wording in that language is not installed, or the installed one was altered.

    Examples
    --------
    >>> import psychometrics as pm
    >>> pm.load_instrument("big-five-60").response_scale
    <ResponseScale agreement-5: 1 Strongly disagree … 5 Strongly agree>
    """
    path = find_definition(name)
    defined = parse_definition(read_definition(path), path)
    return with_wording(defined, installed_wording(defined, language))


def find_definition(name: str | Path) -> Path:
    """Return the definition file of that name.

    Raises
    ------
    UnknownInstrumentError
        No instrument has that name; the nearest names are given.
    """
    path = Path(name)
    if path.suffix == ".toml":
        return path
    found = {p.stem: p for p in inventories_folder().glob("*/*.toml")}
    if str(name) in found:
        return found[str(name)]
    near = difflib.get_close_matches(str(name), found, n=3) or sorted(found)
    raise UnknownInstrumentError(
        f"No instrument is called {str(name)!r}.",
        f"Did you mean {' or '.join(near)}? `psychometrics inventories list` shows all; "
        "a file of your own is loaded by its path (ending in .toml).",
    )


def read_definition(path: Path) -> bytes:
    """Read a definition file.

    Raises
    ------
    DefinitionError
        It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise DefinitionError(
            f"{path} cannot be read: {error.strerror}.", "Check the path."
        ) from error


def refuse_altered(instrument: Instrument) -> None:
    """Refuse an instrument that is not what its definition and its wording say.

    Raises
    ------
    InstrumentError
        It was altered in memory.
    """
    defined = parse_definition(instrument.definition, instrument.path)
    if instrument != with_wording(defined, instrument.wording):
        raise InstrumentError(
            f"{instrument.name} was altered after it was read from {instrument.path}.",
            "Write the altered instrument into a definition file of its own, with a name of its "
            "own, and load that: a run keeps the definition that it was scored by.",
        )
