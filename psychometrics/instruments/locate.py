"""Find the folder of inventory definitions: the repository's first, the installed copy second."""

from pathlib import Path

from psychometrics.errors import InstrumentError

_PACKAGE = Path(__file__).resolve().parents[1]


def inventories_folder() -> Path:
    """Return the folder that holds ``<family>/<instrument>.toml``.

    Raises
    ------
    InstrumentError
        Neither the repository's folder nor the installed copy is there.

    Examples
    --------
    >>> (inventories_folder() / "big_five" / "big-five-60.toml").is_file()
    True
    """
    repository = _PACKAGE.parent
    in_repository = repository / "inventories"
    if in_repository.is_dir() and (repository / "pyproject.toml").is_file():
        return in_repository
    installed = _PACKAGE / "_inventories"
    if installed.is_dir():
        return installed
    raise InstrumentError(
        f"No inventories were found, neither in {in_repository} nor in {installed}.",
        "Install the library again: pip install --force-reinstall lm-psychometrics",
    )
