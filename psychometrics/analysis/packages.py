"""Packages that give second opinions and generic tests: imported when asked for, kept quiet."""

import importlib
import importlib.metadata
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

from psychometrics.errors import DataError, DependencyError, PsychometricsError


def package(name: str) -> ModuleType:
    """Import a package, or say how to install it.

    Raises
    ------
    DependencyError
        It is not installed.

    Examples
    --------
    >>> package("statsmodels").__name__
    'statsmodels'
    """
    try:
        with quiet():
            return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise DependencyError(
            f"This is computed by {name}, which is not installed.", f"pip install {name}"
        ) from error


def named(name: str) -> str:
    """Name and version of an installed package."""
    return f"{name} {importlib.metadata.version(name)}"


@contextmanager
def quiet() -> Iterator[None]:
    """Silence what a package warns of within itself, such as names that pandas will drop."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def asking(name: str, mend: str) -> Iterator[None]:
    """Keep a package quiet, and tell as our own error what it cannot compute.

    Examples
    --------
    >>> with asking("statsmodels", "Give more rows."):
    ...     raise AssertionError("too few")
    Traceback (most recent call last):
    psychometrics.errors.DataError: statsmodels cannot compute this: too few.
    Mend: Give more rows.
    """
    try:
        with quiet():
            yield
    except PsychometricsError:
        raise
    except Exception as error:  # packages have errors of their own
        told = str(error).strip().rstrip(".") or type(error).__name__
        raise DataError(f"{name} cannot compute this: {told}.", mend) from error
