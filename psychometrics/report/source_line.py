"""Where the numbers of a table come from."""

import importlib.metadata
from collections.abc import Iterable

from psychometrics.analysis.source import Source
from psychometrics.citations import LIBRARY


def source_line(sources: Iterable[Source]) -> str:
    """Instruments, runs and the version of this library.

    Examples
    --------
    >>> source_line([Source("big-five-60 1.0", "0123456789ab")]).split(";")[0]
    'big-five-60 1.0, run 0123456789ab'
    """
    try:
        library = f"{LIBRARY} {importlib.metadata.version(LIBRARY)}"
    except importlib.metadata.PackageNotFoundError:
        library = LIBRARY
    named = dict.fromkeys(map(str, sources))
    return f"{'; '.join(filter(None, [*named, library]))}."
