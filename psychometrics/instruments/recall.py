"""The instrument of a run as it was administered."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from psychometrics.errors import WordingError
from psychometrics.instruments.installed_wording import InstalledWording
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.load import read_definition
from psychometrics.instruments.parse import parse_definition
from psychometrics.instruments.with_wording import with_wording
from psychometrics.instruments.wording_store import installed_wording


def recall_instrument(path: Path, record: Mapping[str, Any]) -> Instrument:
    """Load the definition that a run kept, with the wording that it was given with.

    A run keeps the hashes of its items and not their texts. Where the texts that are installed here
    are others, or none are, its items have no stem; what the run's record says of them stays.

    Parameters
    ----------
    path : Path
        The definition in the run's folder.
    record : mapping
        ``instrument.wording`` of its manifest; empty if there is none.
    """
    defined = parse_definition(read_definition(path), path)
    if defined.has_wording or not record:
        return defined
    hashes = dict(record["items"])
    recorded = InstalledWording(
        defined.name, record["language"], record["source"], {}, hashes, record["variants"],
        tuple(record["unknown"]),
    )  # fmt: skip
    try:
        here = installed_wording(defined, record["language"])
    except WordingError:
        here = None
    same = here is not None and dict(here.hashes) == hashes
    return with_wording(defined, here if same else recorded)
