"""How a model is asked for, before it is found and loaded."""

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

EngineName = Literal["auto", "tree", "padded"]
Quantization = Literal["8bit", "4bit"]


@dataclass(frozen=True, slots=True)
class ModelReference:
    """A model by name and the settings it is to be loaded with.

    Parameters
    ----------
    name : str
        ``"smollm2-135m"``, a hub id, a folder, or a GGUF file.
    revision : str or None
        Branch, tag or commit of a hub id.
    device : str
        ``"auto"``, ``"cpu"``, ``"cuda"``, ``"cuda:1"``, ``"mps"``.
    dtype : str
        ``"auto"`` (float32 on a CPU, bfloat16 on an accelerator), ``"float32"``, ``"bfloat16"``,
        ``"float16"``.
    batch_size : int or None
        Sequences computed side by side; by default what suits engine and device.
    trust_remote_code : bool
        Whether code that comes with the model may run.
    engine : {"auto", "tree", "padded"}
        ``tree`` computes each distinct token once, ``padded`` serves every architecture, ``auto``
        takes the tree where it is sound.
    window : int
        Tokens of each row that the tree computes at once.
    quantization : {"8bit", "4bit"} or None
        Weights rounded as they are read.

    Examples
    --------
    >>> ModelReference("smollm2-135m")
    <ModelReference smollm2-135m>
    """

    name: str
    revision: str | None = None
    device: str = "auto"
    dtype: str = "auto"
    batch_size: int | None = None
    trust_remote_code: bool = False
    engine: EngineName = "auto"
    window: int = 512
    quantization: Quantization | None = None

    def __repr__(self) -> str:
        return f"<ModelReference {self.name}{'@' + self.revision if self.revision else ''}>"


@runtime_checkable
class Referable(Protocol):
    """Something that stands for a model: a loaded one, or a scripted one."""

    @property
    def reference(self) -> ModelReference:
        """The reference it answers to."""
        ...
