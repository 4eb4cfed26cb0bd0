"""Read a model's weights, whole or in 8 or 4 bits."""

import importlib.util
import logging
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from psychometrics.backends.find import ModelFiles
from psychometrics.backends.float32_head import put_float32_head
from psychometrics.backends.quiet import quiet_transformers
from psychometrics.errors import DependencyError, ModelError
from psychometrics.respondent.reference import ModelReference

if TYPE_CHECKING:
    import torch
    from transformers import BitsAndBytesConfig, PreTrainedModel

QUANTIZATIONS = (None, "8bit", "4bit")


def read_weights(
    files: ModelFiles,
    reference: ModelReference,
    device: "torch.device",
    dtype: "torch.dtype",
    *,
    quantized: bool,
) -> "PreTrainedModel":
    """Read the weights onto the device, ready to score.

    Parameters
    ----------
    files : ModelFiles
    reference : ModelReference
        Says whether they are quantized, and whether code of the model's own may run.
    device : torch.device
    dtype : torch.dtype
        What is computed in.
    quantized : bool
        Whether the weights are, on disk or as they are read.

    Raises
    ------
    ModelError
        Parameters are missing.
    Exception
        Whatever transformers raises at files it cannot read.
    """
    from transformers import AutoModelForCausalLM

    options: dict[str, Any] = {"device_map": {"": str(device)}} if quantized else {}
    if reference.quantization:
        options["quantization_config"] = _rounding(reference.quantization, dtype)
    with quiet_transformers():
        model, loading = AutoModelForCausalLM.from_pretrained(
            files.folder,
            dtype=dtype,
            use_safetensors=True,
            local_files_only=True,
            trust_remote_code=reference.trust_remote_code,
            output_loading_info=True,
            **options,
        )
        if not quantized:
            model = model.to(device)
    loaded: PreTrainedModel = model.eval()
    put_float32_head(loaded)
    _refuse_incomplete(files, loading)
    return loaded


def end_tokens(model: "PreTrainedModel") -> frozenset[int]:
    """Tokens that end an answer, by the model's own files."""
    stated = model.generation_config.eos_token_id if model.generation_config else None
    stated = model.config.get_text_config().eos_token_id if stated is None else stated
    ends = stated if isinstance(stated, list) else [stated]
    return frozenset(int(token) for token in ends if token is not None)


def refuse_unquantizable(reference: ModelReference) -> None:
    """Refuse a quantization that is not known, or whose package is not installed.

    Raises
    ------
    ModelError, DependencyError
    """
    if reference.quantization not in QUANTIZATIONS:
        raise ModelError(
            f"quantization={reference.quantization!r} is not known.", "Use '8bit', '4bit' or None."
        )
    if reference.quantization and importlib.util.find_spec("bitsandbytes") is None:
        raise DependencyError(
            f"A model in {reference.quantization} needs bitsandbytes, which is not installed.",
            "pip install 'lm-psychometrics[quantized]'",
        )


def refuse_quantized_twice(reference: ModelReference, stored: str | None) -> None:
    """Refuse to round weights that are rounded on disk.

    Raises
    ------
    ModelError
    """
    if reference.quantization and stored:
        raise ModelError(
            f"The weights of {reference.name} are quantized on disk ({stored}); "
            f"quantization={reference.quantization!r} cannot be put on top.",
            "Leave quantization out, or give the model's unquantized weights.",
        )


def _rounding(quantization: str, dtype: "torch.dtype") -> "BitsAndBytesConfig":
    from transformers import BitsAndBytesConfig

    # 8-bit layers say at every call that they cast their input
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
    if quantization == "8bit":
        return BitsAndBytesConfig(load_in_8bit=True)
    return BitsAndBytesConfig(
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=dtype
    )


def _refuse_incomplete(files: ModelFiles, loading: Mapping[str, Collection[object]]) -> None:
    """Refuse weights with holes: they would be filled with random numbers."""
    holes = {k: loading.get(k) or () for k in ("missing_keys", "mismatched_keys")}
    found = [str(key) for keys in holes.values() for key in keys]
    if found:
        raise ModelError(
            f"The weights of {files.folder} do not fit its config: {len(found)} parameters are "
            f"missing or of another shape ({', '.join(sorted(found)[:3])}, …).",
            "Save model and config together again; nothing is filled in.",
        )
