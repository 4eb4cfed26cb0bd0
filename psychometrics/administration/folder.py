"""The folder of a run: who holds it, and writing a file whole or not at all."""

import errno
import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from psychometrics.errors import RunFolderError, RunInUseError, StorageError


@contextmanager
def held_folder(folder: Path) -> Iterator[None]:
    """Make the folder and hold it; a second process is told who holds it.

    Raises
    ------
    RunInUseError
        Another process holds it.
    StorageError
        It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The folder {folder} cannot be made: {error.strerror}.",
            "Choose another with --out (out=).",
        ) from error
    lock, holder = FileLock(folder / "run.lock"), folder / "run.holder"
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise RunInUseError(
            f"{folder} is being written by {_holder(holder)}.",
            "Wait for it, stop it, or choose another folder.",
        ) from error
    except OSError as error:
        raise RunFolderError(
            f"{folder} cannot be locked: {error.strerror}.", "Choose a folder that can be written."
        ) from error
    try:
        write_whole(
            holder,
            lambda path: path.write_text(
                json.dumps({"pid": os.getpid(), "host": socket.gethostname()}), encoding="utf-8"
            ),
        )
        yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file beside its place and move it there when it is complete.

    Parameters
    ----------
    path : Path
    write : callable
        Writes to the path it is given.

    Raises
    ------
    StorageError
        The disk refuses; what was at ``path`` before is still there.
    """
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        write(unfinished)
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise StorageError(
            f"{path} cannot be written: {error.strerror or error}.", storage_mend(error)
        ) from error


def storage_mend(error: OSError) -> str:
    """Say what to do about a disk that refuses."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error)
    first = "Free some space" if full else "Check the folder and its permissions"
    return f"{first}, then give the same command again; what was answered is kept."


def _sync_folder(folder: Path) -> None:
    """Let the new name survive a loss of power, where folders can be synced."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _holder(path: Path) -> str:
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        return f"process {held['pid']} on {held['host']}"
    except (OSError, ValueError, KeyError):
        return "another process"
