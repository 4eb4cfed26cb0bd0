"""``psychometrics inventories list | show | check``."""

from cyclopts import App
from rich.console import Console
from rich.table import Table

from psychometrics.instruments.check import check_instrument
from psychometrics.instruments.load import list_instruments, load_instrument

inventories = App(
    name="inventories", help="What is installed, what it says, whether it passes the checks."
)


@inventories.command(name="list")
def list_() -> None:
    """List the inventories with licence and size."""
    table = Table("name", "title", "items", "reversed", "options", "scales", "language", "licence")
    for name in list_instruments():
        found = load_instrument(name)
        reverse = sum(item.key < 0 for item in found.items)
        numbers = (len(found.items), reverse, len(found.response_scale), len(found.scales))
        table.add_row(name, found.title, *map(str, numbers), found.language, found.licence)
    Console().print(table)


@inventories.command
def show(name: str) -> None:
    """Show licence, origin, scales and keyed items of an inventory.

    Parameters
    ----------
    name
        Name, or path of a definition file.
    """
    found = load_instrument(name)
    console = Console(highlight=False, emoji=False)
    for field in ("title", "version", "language", "licence", "origin", "citation", "norms"):
        console.print(f"[bold]{field:9}[/bold] {_plain(getattr(found, field))}")
    options = " · ".join(f"{o.value:g} {o.text}" for o in found.response_scale.options)
    console.print(f"[bold]options  [/bold] {_plain(options)}")
    for domain in (s for s in found.scales if s.parent is None):
        table = Table(
            "item",
            "key",
            "scale",
            "stem",
            title=f"{_plain(domain.title)}: {_plain(domain.definition)}",
        )
        for item in found.items:
            if found.lineage(item)[-1] == domain.name:
                table.add_row(item.id, "+" if item.key > 0 else "−", item.scale, _plain(item.stem))
        console.print(table)


@inventories.command
def check(name: str) -> int:
    """Audit keys, balance and wording cues of an inventory; exit code 1 if something is found.

    Parameters
    ----------
    name
        Name, or path of a definition file.
    """
    found = check_instrument(load_instrument(name))
    console = Console(highlight=False, emoji=False)
    console.print(f"{_plain(found.instrument)}: {', '.join(found.rules)}")
    for line in found.skipped:
        console.print(f"not checked: {_plain(line)}")
    if found.passed:
        console.print("Passes.")
        return 0
    table = Table("rule", "where", "finding")
    for finding in found.findings:
        table.add_row(finding.rule, _plain(finding.where), _plain(finding.message))
    console.print(table)
    return 1


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)
