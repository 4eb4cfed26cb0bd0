"""What a model is: hashes of everything on disk that can change an answer."""

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path

from psychometrics.backends.cache import file_sha256

_TOKENIZER = re.compile(
    r"tokenizer.*|.*tokens?(_map)?\.json|vocab\..*|merges\.txt|tekken\.json|.*\.(model|jinja|tiktoken)"
)


def weights_hash(folder: Path) -> str:
    """Hash weights, code and settings, less the version of the library that wrote the settings.

    Parameters
    ----------
    folder : Path
        Of a saved model.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    settings = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    settings.pop("transformers_version", None)
    files = [p for p in _files(folder) if p.suffix in (".safetensors", ".py")]
    return _hash(files, json.dumps(settings, sort_keys=True))


def tokenizer_hash(folder: Path) -> str:
    """Hash tokenizer and chat template."""
    return _hash([p for p in _files(folder) if _TOKENIZER.fullmatch(p.name)], "")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file())


def _hash(files: Sequence[Path], rest: str) -> str:
    listed = "\n".join(f"{path.name} {file_sha256(path)}" for path in files)
    return hashlib.sha256(f"{listed}\n{rest}".encode()).hexdigest()
