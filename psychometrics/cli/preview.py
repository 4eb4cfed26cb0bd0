"""``psychometrics preview``."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from psychometrics.administration.preview import Preview
from psychometrics.administration.preview import preview as make_preview
from psychometrics.cli.options import DEFAULT_DESIGN, DesignOptions, WhoOptions
from psychometrics.instruments.load import load_instrument


def preview(
    who: WhoOptions, how: DesignOptions = DEFAULT_DESIGN, *, inventory: str, cell: int = 0
) -> None:
    """Show exactly what would be asked and how much of it; reads no weights.

    Parameters
    ----------
    who
        Who answers.
    how
        How the items are presented.
    inventory
        Name of the inventory, or path of a definition file.
    cell
        Number of the cell to show, from 0.
    """
    shown = make_preview(
        load_instrument(inventory), who.respondents(), how.design(), cell=cell, seed=how.seed
    )
    console = Console(highlight=False, emoji=False)
    console.print(
        f"{shown.n_cells:,} cells, {shown.n_prompts:,} distinct prompts, {shown.n_tokens:,} tokens "
        f"({shown.n_distinct_tokens:,} distinct)"
    )
    console.print(
        f"\n[bold]Cell {cell}[/bold]: {escape(shown.respondent)}, {escape(shown.item)}, "
        f"{escape(shown.condition)}; persona: {shown.persona_at}"
    )
    console.rule("the exact prompt")
    print(shown.text)
    console.rule(f"its {len(shown.ids)} tokens")
    console.print(
        escape(" ".join(f"{i}:{t!r}" for i, t in zip(shown.ids, shown.tokens, strict=True)))
    )
    console.print(_labels(shown))
    if shown.label_paths.dropped:
        console.print(
            f"Not scored, as they merge with the prompt: {escape(repr(shown.label_paths.dropped))}"
        )


def _labels(shown: Preview) -> Table:
    table = Table("option", "label", "spelling", "tokens", title="labels")
    for n, (label, paths, spellings) in enumerate(
        zip(shown.labels, shown.label_paths.paths, shown.label_paths.spellings, strict=True),
        start=1,
    ):
        for path, spelling in zip(paths, spellings, strict=True):
            table.add_row(str(n), escape(label), escape(repr(spelling)), " ".join(map(str, path)))
    return table
