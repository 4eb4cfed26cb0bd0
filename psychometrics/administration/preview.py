"""See exactly what would be asked, and how much of it, before anything is paid for."""

from dataclasses import dataclass

from psychometrics._types import TokenIds
from psychometrics.administration.label_paths import LabelPathFinder, LabelPaths
from psychometrics.administration.open import open_backends
from psychometrics.administration.plan import make_plan
from psychometrics.administration.render import canonical_labels, render
from psychometrics.administration.template import PromptWriter
from psychometrics.designs.design import Design
from psychometrics.designs.design import design as make_design
from psychometrics.errors import DesignError
from psychometrics.instruments.instrument import Instrument
from psychometrics.respondent.respondents import Respondents


@dataclass(frozen=True, slots=True)
class Preview:
    """One cell as it would be asked, and the size of the whole.

    Parameters
    ----------
    n_cells : int
        Observations.
    n_prompts : int
        Distinct prompts to be run.
    n_tokens : int
        Their tokens, with the labels of several tokens appended for reading.
    n_distinct_tokens : int
        The same, beginnings that prompts share counted once.
    respondent, item, condition : str
        The cell shown.
    text : str
        The exact prompt.
    ids : tuple of int
        Its tokens.
    tokens : tuple of str
        Text of each token.
    labels : tuple of str
        By canonical option.
    label_paths : LabelPaths
        Tokens of every spelling of every label, and the spellings that cannot be scored.
    persona_at : str
        Where the persona stands: ``none``, ``system`` or ``user``.
    """

    n_cells: int
    n_prompts: int
    n_tokens: int
    n_distinct_tokens: int
    respondent: str
    item: str
    condition: str
    text: str
    ids: TokenIds
    tokens: tuple[str, ...]
    labels: tuple[str, ...]
    label_paths: LabelPaths
    persona_at: str

    def __repr__(self) -> str:
        return (
            f"<Preview: {self.n_cells:,} cells, {self.n_prompts:,} prompts, "
            f"{self.n_tokens:,} tokens; shown: {self.respondent}, {self.item}, {self.condition}>"
        )


def preview(
    instrument: Instrument,
    respondents: Respondents,
    design: Design | None = None,
    *,
    cell: int = 0,
    seed: int = 0,
) -> Preview:
    """Show any cell of a design exactly as it would be asked, and count the whole.

    No weights are read.

    Parameters
    ----------
    instrument : Instrument
    respondents : Respondents
    design : Design, optional
    cell : int
        Number of the row, from 0, in the order respondents × items × conditions.
    seed : int
        That of the administration.

    Returns
    -------
    Preview

    Raises
    ------
    DesignError
        There is no such cell.

    Examples
    --------
    >>> import psychometrics as pm
    >>> people = pm.respondents(pm.scripted_model(3.0))
    >>> shown = pm.preview(pm.load_instrument("big-five-60"), people)
    >>> shown.n_cells, shown.labels
    (600, ('A', 'B', 'D', 'E', 'C'))
    >>> print(shown.text.splitlines()[-1])
    Answer:
    """
    backends = open_backends(respondents)
    plan = make_plan(instrument, respondents, design or make_design(), seed, backends)
    if not 0 <= cell < plan.n_rows:
        raise DesignError(f"There is no cell {cell}.", f"Cells run from 0 to {plan.n_rows - 1}.")
    r, inner = divmod(cell, len(instrument.items) * len(plan.conditions))
    i, c = divmod(inner, len(plan.conditions))
    respondent, item, condition = respondents[r], instrument.items[i], plan.conditions[c]
    backend = backends[respondent.model]
    writer = PromptWriter(backend, respondent.persona, respondent.system_role)
    text = writer.text(render(item, instrument, condition))
    ids = writer.encode([text])[0]
    labels = canonical_labels(item, instrument, condition)
    counts = plan.tokens()
    return Preview(
        plan.n_rows, plan.n_prompts, counts.presented, counts.distinct,
        respondent.id, item.id, condition.name, text, ids,
        tuple(backend.decode([token]) for token in ids),
        labels, LabelPathFinder(writer.encode).find(text, ids, labels), writer.rendering.persona_at,
    )  # fmt: skip
