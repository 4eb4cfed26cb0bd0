"""The user's data folder: wordings that were checked once and are read from then on."""

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import platformdirs

from psychometrics.errors import StorageError, WordingError
from psychometrics.instruments.installed_wording import InstalledWording, ItemText
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.with_wording import how_to_install
from psychometrics.write_text import write_text

FORMAT = 1


def data_folder() -> Path:
    """Return the folder in which wordings are kept; it need not exist."""
    return Path(platformdirs.user_data_dir("psychometrics", appauthor=False)) / "wordings"


def wording_path(instrument: str, language: str) -> Path:
    """Return the file of one wording."""
    return data_folder() / f"{instrument}.{language}.json"


def store_wording(wording: InstalledWording) -> Path:
    """Keep a wording; what stood there is replaced whole.

    Raises
    ------
    StorageError
        The data folder refuses.
    """
    path = wording_path(wording.instrument, wording.language)
    content = json.dumps(asdict(wording), ensure_ascii=False, indent=1)
    digest = hashlib.sha256(content.encode()).hexdigest()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written: {error.strerror or error}.",
            "Make room there, or let the folder be written to.",
        ) from error
    write_text(path, f'{{"format": {FORMAT}, "sha256": "{digest}", "wording":\n{content}\n}}\n')
    return path


def installed_wording(instrument: Instrument, language: str | None) -> InstalledWording | None:
    """Read the wording that is installed for an instrument.

    Parameters
    ----------
    instrument : Instrument
        As its definition says.
    language : str or None
        None for the definition's own.

    Returns
    -------
    InstalledWording or None
        None if the definition carries its texts, or nothing is installed and no language was asked
        for.

    Raises
    ------
    WordingError
        The language is not installed, or the stored file was altered or is of other items.
    """
    own = language is None or language == instrument.language
    if own and instrument.has_wording:
        return None
    path = wording_path(instrument.name, language or instrument.language)
    if not path.is_file():
        if own:
            return None
        raise _not_installed(instrument, str(language))
    return _read(path, instrument)


def _not_installed(instrument: Instrument, language: str) -> WordingError:
    known = sorted({known for package in instrument.packages for known in package.languages})
    if language in known:
        there, mend = f"; packages have {', '.join(known)}", how_to_install(instrument, language)
    else:
        there, mend = "", f"It is known in {', '.join(known or [instrument.language])} alone."
    return WordingError(
        f"The wording of {instrument.name} in {language!r} is not installed{there}.", mend
    )


def _read(path: Path, instrument: Instrument) -> InstalledWording:
    again = f"Install it again. {how_to_install(instrument)}"
    try:
        text = path.read_text(encoding="utf-8")
        stored = json.loads(text)
        version, digest, fields = stored["format"], stored["sha256"], stored["wording"]
        content = text.split("\n", 1)[1].removesuffix("\n}\n")
    except (OSError, ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        raise WordingError(f"{path} cannot be read as a stored wording: {error}.", again) from error
    if version != FORMAT:
        raise WordingError(
            f"{path} has format {version!r}; this version of the library reads {FORMAT}.", again
        )
    if hashlib.sha256(content.encode()).hexdigest() != digest:
        raise WordingError(f"{path} was altered after it was installed.", again)
    texts = {
        item: ItemText(text["stem"], text["question"], tuple(text["options"]))
        for item, text in fields.pop("texts").items()
    }
    modified, options = tuple(fields.pop("modified")), tuple(fields.pop("option_texts"))
    wording = InstalledWording(**fields, texts=texts, modified=modified, option_texts=options)
    _refuse_other_items(wording, instrument, path, again)
    return wording


def _refuse_other_items(
    wording: InstalledWording, instrument: Instrument, path: Path, again: str
) -> None:
    """The definition may have changed since."""
    lacking = [item.id for item in instrument.items if item.id not in wording.texts]
    other = [
        item.id
        for item in instrument.items
        if item.hashes
        and wording.language == instrument.language
        and item.id not in wording.modified
        and wording.hashes.get(item.id) not in item.hashes.values()
    ]
    n, n_options = len(wording.option_texts), len(instrument.response_scale)
    if lacking or other or n not in (0, n_options):
        what = (
            f"lacks item {lacking[0]!r}" if lacking
            else f"has another text for {other[0]!r}" if other
            else f"has texts for {n} options, not {n_options}"
        )  # fmt: skip
        raise WordingError(
            f"{path} {what}: it was installed for another version of {instrument.name}.", again
        )


def recorded_sha256(instrument: Instrument) -> dict[str, str]:
    """Hashes of the items as they were first installed; none if nothing is installed."""
    path = wording_path(instrument.name, instrument.language)
    return dict(_read(path, instrument).hashes) if path.is_file() else {}
