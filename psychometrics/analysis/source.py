"""Where the answers behind an estimate come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Source:
    """Instrument and run behind a result, empty where they are unknown.

    Parameters
    ----------
    instrument : str
        Name and version.
    run : str
        Id of the manifest: the beginning of the hash of the run's plan.

    Examples
    --------
    >>> print(Source("big-five-60 1.0", "0123456789ab"))
    big-five-60 1.0, run 0123456789ab
    """

    instrument: str = ""
    run: str = ""

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.instrument, f"run {self.run}" if self.run else ""]))


UNKNOWN = Source()


def source_of(manifest: Mapping[str, Any], instrument: str = "") -> Source:
    """Name the run that a manifest describes.

    Examples
    --------
    >>> source_of({"plan": {"sha256": "0123456789abcdef"}}, "big-five-60 1.0").run
    '0123456789ab'
    """
    plan = manifest.get("plan")
    run = str(plan.get("sha256", "")) if isinstance(plan, Mapping) else ""
    return Source(instrument, run[:_SHOWN])
