"""Writing a text file whole or not at all."""

import errno
import os
from contextlib import suppress
from pathlib import Path

from psychometrics.errors import StorageError


def write_text(path: str | Path, text: str) -> None:
    """Write text in UTF-8 beside its place and move it there when it is complete.

    Parameters
    ----------
    path : str or Path
    text : str

    Raises
    ------
    StorageError
        The disk refuses; what was at ``path`` before is still there.

    Examples
    --------
    >>> write_text("no-such-folder/table.tex", "")
    Traceback (most recent call last):
        ...
    psychometrics.errors.StorageError: no-such-folder/table.tex cannot be written: No such file or directory.
    Mend: Make the folder no-such-folder first, or give another path.
    """  # noqa: E501
    place = Path(path)
    unfinished = place.with_name(f"{place.name}.unfinished") if place.name else place
    try:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
        unfinished.replace(place)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise StorageError(
            f"{place} cannot be written: {os.strerror(error.errno) if error.errno else error}.",
            _mend(error, place),
        ) from error


def _mend(error: OSError, place: Path) -> str:
    if not place.parent.is_dir():
        return f"Make the folder {place.parent} first, or give another path."
    if place.is_dir():
        return "It is a folder: give the name of a file."
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "Free some space, then give the same command again."
    return "Check the permissions of the folder, or give another path."
