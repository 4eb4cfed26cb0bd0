"""What a paper has to cite: methods, instruments, models and software, as BibTeX."""

import importlib.metadata
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from psychometrics.errors import DataError
from psychometrics.latex import escape_bibtex
from psychometrics.write_text import write_text

LIBRARY = "lm-psychometrics"
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_SHORT = re.compile(r"(?P<authors>[^()]+?) \((?P<year>\d{4})\)")
_VERSION = re.compile(r"\d+\.\d+\S*")
_SMALL_WORDS = {"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "the", "to", "with"}
# What a mapping has at least one of if it is a manifest, and not results by name.
_MANIFEST = {"instrument", "models", "environment"}
_PLAIN = ("year", "volume", "number", "doi", "url", "key")


@dataclass(frozen=True, slots=True)
class Reference:
    """A publication, as it stands in ``references.toml``.

    Parameters
    ----------
    id : str
        Its DOI, or a name of ours where it has none.
    type : str
        Of the BibTeX entry.
    authors : tuple of str
        ``Family, Given``; an organisation without a comma.
    year : int
    title : str
    fields : mapping of str to str
        Journal, volume, number, pages, publisher and the like.
    cited_as : tuple of str
        How short citations of it begin, where methods name it without a DOI.
    software : str
        The Python package that asks to be cited by it.

    Examples
    --------
    >>> find_reference("10.1007/BF02289499").short
    'Feldt, 1965'
    """

    id: str
    type: str
    authors: tuple[str, ...]
    year: int
    title: str
    fields: Mapping[str, str] = field(default_factory=dict)
    cited_as: tuple[str, ...] = ()
    software: str = ""

    @property
    def doi(self) -> str:
        """Its DOI; empty without one."""
        return self.id if _DOI.fullmatch(self.id) else ""

    @property
    def short(self) -> str:
        """Author and year, as in a text."""
        families = [author.split(",")[0] for author in self.authors]
        names = f"{families[0]} et al." if len(families) > 2 else " & ".join(families)
        return f"{names}, {self.year}"

    @property
    def key(self) -> str:
        """Author, year and first word of the title, by which LaTeX cites it."""
        words = (_ascii(word) for word in re.split(r"[\s:–-]+", self.title))
        word = next((w for w in words if w and w not in _SMALL_WORDS), "")
        family = self.authors[0].split(",")[0].removeprefix("The ")
        return f"{_ascii(family)}{self.year}{word}"


@dataclass(frozen=True)
class _Entry:
    key: str
    type: str
    fields: Mapping[str, str]

    def __str__(self) -> str:
        lines = [f"  {name} = {{{text}}}," for name, text in self.fields.items() if text]
        return "\n".join([f"@{self.type}{{{self.key},", *lines, "}"])


def cite(*things: object, path: str | Path | None = None) -> str:
    """Write BibTeX entries for everything that results rest on.

    Parameters
    ----------
    *things
        Estimates and other results (the methods they name), instruments, runs, responses and their
        manifests (instrument, models, software), DOIs, and sequences and mappings of these.
    path : str or Path, optional
        File to write.

    Returns
    -------
    str
        Each entry once, in the order of the keys; this library is always among them. Of a DOI that
        is not known here the entry holds the DOI alone.

    Raises
    ------
    DataError
        A thing cannot be cited.
    StorageError
        The file cannot be written.

    Examples
    --------
    >>> print(cite("10.1007/BF02289499").split("@")[1].strip())
    article{feldt1965approximate,
      author = {Feldt, L. S.},
      title = {{The approximate sampling distribution of Kuder-Richardson reliability coefficient twenty}},
      year = {1965},
      journal = {Psychometrika},
      volume = {30},
      number = {3},
      pages = {357--370},
      doi = {10.1007/BF02289499},
    }
    """  # noqa: E501
    found: dict[str, _Entry] = {}
    versions: dict[str, list[str]] = {LIBRARY: [_installed()]}
    for thing in things:
        for entry in _entries(thing, versions):
            known = found.get(entry.key, entry)
            found[entry.key] = max(known, entry, key=lambda e: len(e.fields))
    for package, numbers in versions.items():
        entry = _software_entry(package, numbers)
        found[entry.key] = entry
    text = "\n\n".join(str(found[key]) for key in sorted(found)) + "\n"
    if path is not None:
        write_text(path, text)
    return text


def split_references(text: str) -> list[str]:
    """Separate the references of a coefficient.

    Examples
    --------
    >>> split_references("10.1007/BF02310555; Feldt (1965), Psychometrika 30(3)")
    ['10.1007/BF02310555', 'Feldt (1965), Psychometrika 30(3)']
    """
    parts = (part.strip().removesuffix(".") for part in text.split("; "))
    return [part.removeprefix("https://doi.org/").removeprefix("doi:") for part in parts if part]


def find_reference(text: str) -> Reference | None:
    """Find a publication by its DOI or by the beginning of a short citation.

    Examples
    --------
    >>> find_reference("10.1000/nothing") is None
    True
    """
    if _DOI.fullmatch(text):
        return references().get(text.lower())
    starts = ((start, known) for known in references().values() for start in known.cited_as)
    return next((known for start, known in starts if text.startswith(start)), None)


def author_year(text: str) -> list[str]:
    """Name the references of a coefficient as a text does.

    Parameters
    ----------
    text : str
        DOIs and short citations, separated by ``; ``.

    Examples
    --------
    >>> author_year("10.1007/BF02289499; 10.1000/nothing; Doe & Roe (1999), Journal 1")
    ['Feldt, 1965', 'doi:10.1000/nothing', 'Doe & Roe, 1999']
    """
    return list(dict.fromkeys(_short(part) for part in split_references(text)))


@cache
def references() -> Mapping[str, Reference]:
    """Every publication that is known here, by its DOI in small letters or its name."""
    text = Path(__file__).with_name("references.toml").read_text(encoding="utf-8")
    return {name.lower(): _reference(name, entry) for name, entry in tomllib.loads(text).items()}


def _reference(name: str, entry: dict[str, Any]) -> Reference:
    special = {"type", "authors", "year", "title", "cited_as", "software"}
    return Reference(
        name,
        entry["type"],
        tuple(entry["authors"]),
        entry["year"],
        entry["title"],
        {k: str(v) for k, v in entry.items() if k not in special},
        tuple(entry.get("cited_as", ())),
        entry.get("software", ""),
    )


def _short(text: str) -> str:
    known = find_reference(text)
    if known:
        return known.short
    if _DOI.fullmatch(text):
        return f"doi:{text}"
    short = _SHORT.match(text)
    return f"{short['authors']}, {short['year']}" if short else text


def _entries(thing: object, versions: dict[str, list[str]]) -> Iterator[_Entry]:
    """Entries of a thing; what it says of versions is added to them."""
    if isinstance(package := getattr(thing, "package", None), str):
        name, _, version = package.partition(" ")
        versions.setdefault(name, []).append(version)
    thing = _opened(thing)
    if isinstance(thing, str):
        yield from map(_reference_entry, split_references(thing))
    elif isinstance(thing, Mapping):
        yield from _manifest_entries(thing, versions)
    elif isinstance(getattr(thing, "manifest", None), Mapping):
        if (instrument := getattr(thing, "instrument", None)) is not None:
            yield from _entries(instrument, versions)
        yield from _manifest_entries(thing.manifest, versions)  # type: ignore[attr-defined]
    elif isinstance(reference := getattr(thing, "reference", None), str):
        yield from map(_reference_entry, split_references(reference))
    elif isinstance(getattr(thing, "citation", None), str):
        described = ("name", "title", "version", "citation")
        yield _instrument_entry({k: str(getattr(thing, k, "")) for k in described})
    elif isinstance(thing, Iterable) and not hasattr(thing, "columns"):
        for part in thing:
            yield from _entries(part, versions)
    else:
        raise DataError(
            f"{type(thing).__name__} says nothing that can be cited.",
            "Give estimates, an instrument, a run, responses, a manifest or a DOI.",
        )


def _opened(thing: object) -> object:
    """Responses of a run, estimates of a result, results by name; other things as they are."""
    listed = getattr(thing, "to_estimates", None)
    if callable(listed):
        return listed()
    if isinstance(thing, Mapping):
        return thing if thing.keys() & _MANIFEST else list(thing.values())
    if "reference" in getattr(thing, "frame", ()):
        return "; ".join(dict.fromkeys(thing.frame["reference"]))  # type: ignore[attr-defined]
    for name in ("responses", "estimate", "expected", "result", "flips"):
        if hasattr(thing, name):
            return _opened(getattr(thing, name))
    return thing


def _manifest_entries(
    manifest: Mapping[str, Any], versions: dict[str, list[str]]
) -> Iterator[_Entry]:
    instrument = manifest.get("instrument")
    if isinstance(instrument, Mapping) and instrument.get("name"):
        yield _instrument_entry({k: str(v) for k, v in instrument.items()})
    for model in manifest.get("models") or []:
        yield _model_entry({k: str(v) for k, v in model.items() if v is not None})
    environment = manifest.get("environment") or {}
    engines = (environment.get("engines") or {}).values()
    for libraries in [environment.get("libraries") or {}, *engines]:
        for package, version in libraries.items():
            if _VERSION.fullmatch(str(version)):
                versions.setdefault(package, []).append(str(version))


def _reference_entry(text: str) -> _Entry:
    known = find_reference(text)
    if known:
        return _published(known)
    doi = text if _DOI.fullmatch(text) else ""
    note = f"doi:{text}; authors and title are to be added" if doi else text
    name = text if doi else " ".join(_short(text).split()[:4])
    return _Entry(_slug(name), "misc", _fields(key=_slug(name), doi=doi, note=note))


def _published(known: Reference, **more: str) -> _Entry:
    authors = " and ".join(
        escape_bibtex(author)
        if "," in author or author == "others"
        else f"{{{escape_bibtex(author)}}}"
        for author in known.authors
    )
    written = _fields(title=known.title, year=str(known.year), **known.fields, doi=known.doi)
    return _Entry(known.key, known.type, {"author": authors, **written, **_fields(**more)})


def _instrument_entry(instrument: Mapping[str, str]) -> _Entry:
    citation = instrument.get("citation", "")
    doi = _DOI.search(citation)
    known = find_reference(doi.group().rstrip(".,;)")) if doi else None
    if known:
        return _published(known)
    name = instrument["name"]
    return _Entry(
        _slug(f"{name}-{instrument.get('version', '')}".rstrip("-")),
        "misc",
        _fields(
            key=_slug(name),
            title=instrument.get("title") or name,
            note="; ".join(
                filter(None, [_versioned("Instrument", name, instrument.get("version")), citation])
            ),
            doi=doi.group().rstrip(".,;)") if doi else "",
        ),
    )


def _model_entry(model: Mapping[str, str]) -> _Entry:
    name, state = model.get("name", "model"), model.get("revision") or model.get("weights", "")
    said = {
        "Revision": model.get("revision"),
        "weights SHA-256": model.get("weights"),
        "tokenizer SHA-256": model.get("tokenizer"),
        "number format": model.get("dtype"),
        "source": model.get("source"),
    }
    details = [f"{what} {value}" for what, value in said.items() if value]
    return _Entry(
        _slug(f"{name}-{state[:7]}".rstrip("-")),
        "misc",
        _fields(key=_slug(name), title=name, note="; ".join(["Language model", *details])),
    )


def _software_entry(package: str, numbers: list[str]) -> _Entry:
    known = next((r for r in references().values() if r.software == package), None)
    note = _versioned("Python package", package, ", ".join(dict.fromkeys(filter(None, numbers))))
    if known:
        return _published(known, note=note)
    key = f"software-{_slug(package)}"
    return _Entry(key, "misc", _fields(key=package, title=package, note=note))


def _fields(**texts: str) -> dict[str, str]:
    """Fields as they are written; titles keep their capitals whatever the style."""
    return {name: _field(name, text) for name, text in texts.items() if text}


def _field(name: str, text: str) -> str:
    if name in _PLAIN:
        return re.sub(r"[{}\\]", "", text)
    if name == "pages":
        return text.replace("–", "--")
    return f"{{{escape_bibtex(text)}}}" if name == "title" else escape_bibtex(text)


def _versioned(what: str, name: str, version: str | None) -> str:
    return f"{what} {name}, version {version}" if version else f"{what} {name}"


def _installed() -> str:
    try:
        return importlib.metadata.version(LIBRARY)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_FOLDED)).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]", "", plain.decode().lower())


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(_FOLDED)).encode("ascii", "ignore")
    return re.sub(r"[^A-Za-z0-9./_:]+", "-", plain.decode()).strip("-") or "unnamed"


_FOLDED = str.maketrans({"ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"})
