"""The user's cache: converted models and hashes of weights."""

import hashlib
import json
import os
from pathlib import Path

import platformdirs
from filelock import FileLock

from psychometrics.errors import StorageError

VARIABLE = "PSYCHOMETRICS_CACHE"


def cache_folder() -> Path:
    """Folder of the cache: ``$PSYCHOMETRICS_CACHE``, else the platform's place for caches."""
    chosen = os.environ.get(VARIABLE)
    folder = Path(chosen) if chosen else platformdirs.user_cache_path("lm-psychometrics")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The cache folder {folder} cannot be made: {error.strerror}.",
            f"Set {VARIABLE} to a folder that can be written.",
        ) from error
    return folder


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, hashed once and remembered until the file changes.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    path = path.resolve()
    status = path.stat()
    stamp = f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"
    store = cache_folder() / "hashes.json"
    try:
        with FileLock(store.with_suffix(".lock")):
            known = _read(store)
            entry = known.get(str(path), "")
            if entry.startswith(f"{stamp} "):
                return entry.rsplit(" ", 1)[1]
            digest = _digest(path)
            known[str(path)] = f"{stamp} {digest}"
            temporary = store.with_suffix(".tmp")
            temporary.write_text(json.dumps(known, indent=1), encoding="utf-8")
            temporary.replace(store)
    except OSError as error:
        raise StorageError(
            f"{error.filename or store} cannot be used: {error.strerror or error}.",
            f"Check its permissions, or set {VARIABLE} to a folder that can be written.",
        ) from error
    return digest


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(store: Path) -> dict[str, str]:
    try:
        content = json.loads(store.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # an unreadable cache only costs hashing again
    return content if isinstance(content, dict) else {}
