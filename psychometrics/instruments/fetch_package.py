"""Fetch a package as a file, and read files in it as data; nothing of it is imported or run."""

import ast
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from psychometrics.errors import WordingError
from psychometrics.instruments.item import PAIR
from psychometrics.instruments.text_rows import TextRow, rows_of_json
from psychometrics.instruments.wording_package import WordingPackage

_LIMIT_S, _LIMIT_BYTES = 120, 20_000_000
_CHOICE = re.compile(r"text:\s*(['\"])((?:\\.|(?!\1).)*)\1\s*,\s*score:\s*(\d+)", re.DOTALL)


def fetch_package(package: WordingPackage, folder: Path) -> Path:
    """Let npm or pip fetch a package into a folder.

    Raises
    ------
    WordingError
        The program is not there, or the package cannot be had.
    """
    name, version, out = package.name, package.version, str(folder)
    if package.index == "npm":
        program = shutil.which("npm")
        command = [program, "pack", f"{name}@{version}", "--loglevel=error",
                   "--ignore-scripts", "--pack-destination", out]  # fmt: skip
    else:
        program = sys.executable
        command = [program, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
                   "--disable-pip-version-check", "--dest", out, f"{name}=={version}"]  # fmt: skip
    mend = (
        f"Fetch {package.title} with {package.index} on another machine, copy the file, and run "
        "the command with --from FILE."
    )
    if program is None:
        raise WordingError(f"{package.title} is fetched by npm, which is not installed.", mend)
    try:
        done = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, timeout=_LIMIT_S,
            check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        told = _told(done.stderr or done.stdout)
    except subprocess.TimeoutExpired:
        told = f"no answer within {_LIMIT_S} s"
    files = [file for file in folder.iterdir() if file.suffix in (".tgz", ".whl")]
    if len(files) != 1:
        raise WordingError(f"{package.title} could not be fetched: {told}.", mend)
    return files[0]


def _told(output: str) -> str:
    """The line that says why: npm's has a code, pip's is the last."""
    lines = output.strip().splitlines()
    codes = [line for line in lines if re.match(r"npm \S+ code ", line)]
    return next(iter([*codes, *lines[-1:]]), "it left no file")


def read_member(archive: Path, package: WordingPackage, member: str, sha256: str) -> bytes:
    """Read one file of a package, checking the hashes of both.

    Parameters
    ----------
    archive : Path
        ``.tgz`` or ``.whl``; nothing of it is written to disk.
    package : WordingPackage
    member : str
        Path of the file inside.
    sha256 : str
        Of that file.

    Raises
    ------
    WordingError
        The archive or the file is not the one that is known.
    """
    try:
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    except OSError as error:
        raise WordingError(
            f"{archive} cannot be read: {error.strerror}.", "Mend the path."
        ) from error
    again = f"Fetch {package.title} anew from a source that you trust."
    if digest != package.sha256:
        raise WordingError(
            f"{archive} is not {package.title}: its SHA-256 begins {digest[:12]}, and "
            f"{package.sha256[:12]} is known.",
            again,
        )
    try:
        content = _unpack(archive, member)
    except (OSError, EOFError, KeyError, tarfile.TarError, zipfile.BadZipFile, zlib.error) as error:
        raise WordingError(f"{archive} has no readable file {member}: {error}.", again) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise WordingError(f"{archive}: {member} is not the file that is known.", again)
    return content


def _unpack(archive: Path, member: str) -> bytes:
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            if wheel.getinfo(member).file_size > _LIMIT_BYTES:
                raise KeyError("the file is too large")
            return wheel.read(member)
    with tarfile.open(archive) as tar:
        found = tar.extractfile(member)
        if found is None:
            raise KeyError("it is no file")
        return found.read(_LIMIT_BYTES)


def rows_of_member(content: bytes, member: str) -> list[TextRow]:
    """All texts in a file of a package: values of JSON, literals of Python."""
    text = content.decode("utf-8")
    if member.endswith(".json"):
        return list(rows_of_json(json.loads(text)))
    return list(_literals(text))


def _literals(source: str) -> Iterator[TextRow]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield TextRow(f"line {node.lineno}", (node.value,))
        elif isinstance(node, ast.List | ast.Tuple) and len(node.elts) == 2:
            parts = [e.value for e in node.elts if isinstance(e, ast.Constant)]
            if len(parts) == 2 and all(isinstance(part, str) for part in parts):
                yield TextRow(f"line {node.lineno}", (PAIR.join(map(str, parts)),))


def option_texts(content: bytes, n: int) -> tuple[str, ...]:
    """Texts of the options of forward items, lowest first, from a file of choices.

    Raises
    ------
    WordingError
        There are not n of them.
    """
    forward = content.decode("utf-8").partition("plus")[2].partition("]")[0]
    found = {int(score): text for _, text, score in _CHOICE.findall(forward)}
    if sorted(found) != list(range(1, n + 1)):
        raise WordingError(
            f"The file of choices has options {sorted(found)}; 1 to {n} are needed.",
            "Report this: the package is not what it was.",
        )
    return tuple(re.sub(r"\\(.)", r"\1", found[score]) for score in range(1, n + 1))
