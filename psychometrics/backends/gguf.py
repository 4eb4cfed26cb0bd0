"""Read a GGUF file once and keep it as float32 safetensors in the cache."""

import contextlib
import importlib.metadata
import io
import shutil
import tempfile
from pathlib import Path

from filelock import FileLock

from psychometrics.backends.cache import cache_folder, file_sha256
from psychometrics.backends.quiet import quiet_transformers
from psychometrics.errors import ModelError, StorageError


def converted_folder(path: Path) -> Path:
    """Return the cached folder of a GGUF file, converting it on first use.

    Parameters
    ----------
    path : Path
        The GGUF file.

    Returns
    -------
    Path
        A folder with ``model.safetensors``, config and tokenizer; its name holds the SHA-256 of
        the GGUF file, so that a changed file is converted anew.

    Raises
    ------
    ModelError
        The file cannot be read as GGUF.
    StorageError
        The cache cannot be written.
    """
    from safetensors import SafetensorError

    models = cache_folder() / "models"
    models.mkdir(exist_ok=True)
    reader = importlib.metadata.version("transformers")
    folder = models / f"{path.stem}-{file_sha256(path)[:16]}-transformers-{reader}"
    with FileLock(f"{folder}.lock"):
        if folder.is_dir():
            return folder
        unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=models))
        try:
            _convert(path, unfinished)
            unfinished.rename(folder)
        except (OSError, SafetensorError) as error:
            raise StorageError(
                f"The converted model cannot be written to {models}: {error}.",
                "Free eight times the size of the GGUF file, or set PSYCHOMETRICS_CACHE to another "
                "disk.",
            ) from error
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _convert(path: Path, folder: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    try:
        with quiet_transformers(), contextlib.redirect_stderr(io.StringIO()):  # its own bar
            tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
            model = AutoModelForCausalLM.from_pretrained(
                path.parent, gguf_file=path.name, dtype=torch.float32
            )
    except Exception as error:
        raise ModelError(
            f"{path} cannot be read as GGUF: {error}.",
            "Check that the file is whole, or give a safetensors folder instead.",
        ) from error
    # The weights are dense already; the loader's marks of quantisation only block saving.
    model.hf_quantizer = None
    model.is_quantized = False
    del model.config.quantization_config
    with quiet_transformers():
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
