"""Choose device and number format."""

from typing import TYPE_CHECKING

from psychometrics.errors import ModelError

if TYPE_CHECKING:
    import torch

DTYPES = ("float32", "bfloat16", "float16")


def choose_device(name: str) -> "torch.device":
    """Return the device asked for; ``auto`` takes an accelerator where there is one."""
    import torch

    if name == "auto":
        if torch.cuda.is_available():
            name = "cuda"
        else:
            name = "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        device = torch.device(name)
        torch.ones(1, device=device).tolist()
    except (RuntimeError, AssertionError, TypeError, NotImplementedError) as error:
        raise ModelError(
            f"Device {name!r} cannot be used here: {str(error).splitlines()[0]}",
            "Use device='cpu' or 'auto'; `psychometrics doctor` shows what is there.",
        ) from error
    return device


def choose_dtype(name: str, device: "torch.device") -> "torch.dtype":
    """Return the number format; ``auto`` is float32 on a CPU and bfloat16 on an accelerator."""
    import torch

    if name == "auto":
        name = "float32" if device.type == "cpu" else "bfloat16"
    if name not in DTYPES:
        raise ModelError(f"dtype {name!r} is not known.", f"Use auto, {', '.join(DTYPES)}.")
    dtype: torch.dtype = getattr(torch, name)
    return dtype
