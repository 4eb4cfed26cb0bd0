"""What a model is: hashes of everything on disk that can change an answer."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from psychometrics.backends.cache import file_sha256


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
    files = [
        p for p in _files(folder) if "token" in p.name or p.suffix in (".model", ".txt", ".jinja")
    ]
    return _hash(files, "")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file())


def _hash(files: Sequence[Path], rest: str) -> str:
    listed = "\n".join(f"{path.name} {file_sha256(path)}" for path in files)
    return hashlib.sha256(f"{listed}\n{rest}".encode()).hexdigest()
