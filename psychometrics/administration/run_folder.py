"""The folder of a run from its first call on: what it says of itself, and going on with it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from psychometrics.administration.folder import held_folder, write_whole
from psychometrics.administration.manifest import Manifest, read_manifest, refuse_other_call
from psychometrics.errors import JournalError
from psychometrics.run_files import MANIFEST_FILE

JOURNAL_FILE = "journal.log"


@contextmanager
def run_folder(out: str | Path | None) -> Iterator[Path]:
    """Hold the folder of a run; without one, a temporary one."""
    if out is None:
        with TemporaryDirectory(prefix="psychometrics-") as temporary:
            yield Path(temporary)
    else:
        with held_folder(Path(out)):
            yield Path(out)


def begin(folder: Path, manifest: Manifest) -> Manifest:
    """Write the manifest, or find that the folder's own describes the same call.

    Returns
    -------
    dict
        The manifest that stands in the folder.

    Raises
    ------
    RunMismatchError
        Another call has begun this run.
    JournalError
        There is a journal and no manifest.
    """
    file = folder / MANIFEST_FILE
    if file.exists():
        there = read_manifest(file)
        refuse_other_call(folder, there, manifest)
        return there
    if (folder / JOURNAL_FILE).exists():
        raise JournalError(
            f"{folder} holds a journal and no manifest: nobody knows what was asked.",
            "Give another folder with --out (out=), or move the journal away.",
        )
    write_manifest(folder, manifest)
    return manifest


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest whole."""
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    write_whole(folder / MANIFEST_FILE, _writes(text))


def _writes(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text, encoding="utf-8")
