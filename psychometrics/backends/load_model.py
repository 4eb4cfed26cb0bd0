"""Find a model by name and settings, and load it."""

import importlib.util
from os import PathLike, fspath

from psychometrics.backends.choose_engine import ENGINES
from psychometrics.backends.read_weights import refuse_unquantizable
from psychometrics.backends.transformers_model import TransformersModel
from psychometrics.backends.windows import SMALLEST
from psychometrics.errors import DependencyError, ModelError
from psychometrics.respondent.reference import EngineName, ModelReference, Quantization


def load_model(
    name: str | PathLike[str],
    *,
    revision: str | None = None,
    device: str = "auto",
    dtype: str = "auto",
    batch_size: int | None = None,
    trust_remote_code: bool = False,
    engine: EngineName = "auto",
    window: int = 512,
    quantization: Quantization | None = None,
) -> TransformersModel:
    """Find a model, load it, and check that its batches are sound.

    Parameters
    ----------
    name : str or PathLike
        ``"smollm2-135m"``, a hub id (``"owner/name"``), a folder, or a GGUF file.
    revision : str, optional
        Branch, tag or commit of a hub id.
    device : str
        ``"auto"``, ``"cpu"``, ``"cuda"``, ``"cuda:1"``, ``"mps"``.
    dtype : str
        ``"auto"`` (float32 on a CPU, bfloat16 on an accelerator), ``"float32"``, ``"bfloat16"``,
        ``"float16"``.
    batch_size : int, optional
        Sequences computed side by side, halved by itself when memory runs out: rows of the tree
        (default 1 on a CPU, 16 elsewhere), or prompts of a padded batch (default 16).
    trust_remote_code : bool
        Whether code that comes with the model may run on this machine.
    engine : {"auto", "tree", "padded"}
        ``tree`` computes each distinct token once; ``padded`` serves every architecture; ``auto``
        takes the tree where it passes the check at load.
    window : int
        Tokens of each row that the tree computes at once, 64 or more; halved when memory runs out.
    quantization : {"8bit", "4bit"}, optional
        Weights are rounded to 8 bits (Dettmers et al., 2022, arXiv:2208.07339) or to the 4 bits of
        NF4 (Dettmers et al., 2023, arXiv:2305.14314) as they are read; ``dtype`` is what is
        computed in. It is another model: its answers differ, and in 8 bits also a little with what
        is computed beside them. Needs the extra ``quantized``.

    Returns
    -------
    TransformersModel

    Raises
    ------
    ModelNotFoundError
        Nothing has that name; what was tried is listed.
    ModelError
        It cannot be read, or does not fit the device.
    SelfCheckError
        A batch disagrees with one prompt at a time.
    DependencyError
        A package is not installed.

    Examples
    --------
    >>> import psychometrics as pm
    >>> pm.load_model("smollm2-135m")  # doctest: +SKIP
    <TransformersModel smollm2-135m: float32, cpu, loaded>
    """
    model = open_model(
        ModelReference(
            fspath(name),
            revision,
            device,
            dtype,
            batch_size,
            trust_remote_code,
            engine,
            window,
            quantization,
        )
    )
    model.load()
    return model


def open_model(reference: ModelReference) -> TransformersModel:
    """Find a model and read its text side, leaving the weights where they are.

    Raises
    ------
    DependencyError
        PyTorch or transformers is not installed.
    ModelError
        The model cannot be found or read, or a setting is unusable.
    """
    for package in ("torch", "transformers"):
        if importlib.util.find_spec(package) is None:
            raise DependencyError(
                f"A model needs {package}, which is not installed.", f"pip install {package}"
            )
    _refuse_unusable(reference)
    try:
        return TransformersModel(reference)
    except OSError as error:
        raise ModelError(
            f"The files of {reference.name} cannot be read: {error}.", "Check their permissions."
        ) from error


def _refuse_unusable(reference: ModelReference) -> None:
    size, window = reference.batch_size, reference.window
    if size is not None and (not isinstance(size, int) or size < 1):
        raise ModelError(f"batch_size={size!r} is no batch.", "Use 1 or more, or leave it out.")
    if not isinstance(window, int) or window < SMALLEST:
        raise ModelError(f"window={window!r} is no window.", f"Use {SMALLEST} or more.")
    refuse_unquantizable(reference)
    if reference.engine not in ENGINES:
        raise ModelError(f"engine={reference.engine!r} is not known.", f"Use {', '.join(ENGINES)}.")
