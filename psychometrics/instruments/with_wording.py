"""Put an installed wording into an instrument."""

from dataclasses import replace

from psychometrics.errors import WordingError
from psychometrics.instruments.installed_wording import InstalledWording
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.response_scale import ResponseOption, ResponseScale


def with_wording(instrument: Instrument, wording: InstalledWording | None) -> Instrument:
    """Return the instrument with the texts of a wording in its items; those it lacks stay.

    Parameters
    ----------
    instrument : Instrument
        As its definition says.
    wording : InstalledWording or None
        None leaves the instrument as it is.
    """
    if wording is None:
        return instrument
    source = wording.source
    items = tuple(
        replace(
            item, stem=text.stem, question=text.question, options=text.options,
            language=wording.language, source=source,
        )
        if (text := wording.texts.get(item.id)) is not None
        else item
        for item in instrument.items
    )  # fmt: skip
    scale = instrument.response_scale
    if wording.option_texts:
        options = zip(scale.options, wording.option_texts, strict=True)
        worded = tuple(ResponseOption(option.value, text) for option, text in options)
        scale = ResponseScale(scale.name, worded, scale.by_item)
    return replace(
        instrument, items=items, response_scale=scale, language=wording.language, wording=wording
    )


def refuse_without_wording(instrument: Instrument) -> None:
    """Refuse to show items whose text is not there.

    Raises
    ------
    WordingError
        Names the items, where the wording can be had, and the command that installs it.
    """
    lacking = [item.id for item in instrument.items if item.stem is None]
    if lacking:
        raise WordingError(
            f"The wording of {instrument.name} is not installed ({len(lacking):,} of "
            f"{len(instrument.items):,} items, {lacking[0]} first).",
            how_to_install(instrument),
        )


def how_to_install(instrument: Instrument, language: str | None = None) -> str:
    """Say how the wording of an instrument comes onto this machine."""
    command = f"psychometrics inventories install {instrument.name}"
    wanted = language or instrument.language
    packages = [p.title for p in instrument.packages if wanted in p.languages]
    if wanted != instrument.language:
        command += f" --language {wanted}"
    routes = [f"`{command}` (from {' or '.join(packages)})"] if packages else []
    if wanted == instrument.language:
        routes.append(f"`{command} --from FILE` with a file of your own")
    offered = f" {instrument.offered}" if instrument.offered else ""
    return f"Run {', or '.join(routes)}.{offered}"
