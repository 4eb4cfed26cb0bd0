"""The page: one self-contained HTML file that reports a run."""

import re
from pathlib import Path
from typing import Any

from psychometrics.errors import StorageError
from psychometrics.report.numerical_error_text import numerical_error_text
from psychometrics.report.order_text import order_sentences
from psychometrics.report.page_figures import page_figures, why_no_order_figure
from psychometrics.report.page_tables import (
    item_table,
    missing_table,
    order_table,
    process_table,
    score_table,
)
from psychometrics.report.page_text import reading, who
from psychometrics.report.provenance import option_order, pretty, provenance, respondents, wordings
from psychometrics.report.score_rows import sizes
from psychometrics.responses import Responses

_TEMPLATE = "page.html.j2"
_ORDER = re.compile(r"\b\d{1,2}(-\d{1,2}){1,9}\b")


def write_page(responses: Responses, path: str | Path) -> Path:
    """Write the report of responses as one HTML page.

    The page needs no network and no scripts; the same responses give the same bytes.

    Parameters
    ----------
    responses : Responses
    path : str or Path
        The file to write.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    StorageError
        It cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> import psychometrics as pm
    >>> model = pm.scripted_model(4.0)
    >>> run = pm.administer(pm.load_instrument("big-five-60"), pm.respondents(model), quiet=True)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pm.write_page(run.responses, f"{folder}/report.html").name
    'report.html'
    """
    path = Path(path)
    # Half a surrogate pair, which JSON may hold and UTF-8 cannot, becomes a character reference.
    page = render_page(responses).encode("utf-8", errors="xmlcharrefreplace")
    try:
        path.write_bytes(page)
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written: {error.strerror or error}.",
            "Give a file in a folder that exists and may be written to.",
        ) from error
    return path


def render_page(responses: Responses) -> str:
    """Return the page as text; see :func:`write_page`."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("psychometrics", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["whole_orders"] = _whole_orders
    return environment.get_template(_TEMPLATE).render(_content(responses))


def _whole_orders(text: str) -> str:
    """Escape a text and keep the names of orders from being broken at their hyphens."""
    from markupsafe import Markup, escape

    return Markup(_ORDER.sub(r'<span class="order">\g<0></span>', str(escape(text))))


def _content(responses: Responses) -> dict[str, Any]:
    scores, checks, effects = responses.score(), responses.check(), responses.order_effects()
    no_orders = why_no_order_figure(effects)
    return {
        "instrument": responses.instrument,
        "who": who(responses),
        "reading": reading(responses, scores, checks),
        "warnings": checks.warnings,
        "sizes": sizes(scores),
        "conf_level": f"{scores.conf_level:.0%}",
        "figures": page_figures(responses, scores, checks, effects),
        "domains": score_table(responses, scores, facets=False),
        "facets": score_table(responses, scores, facets=True),
        "no_orders": no_orders,
        "order_sentences": order_sentences(responses, effects),
        "orders": None if no_orders else order_table(responses, effects),
        "no_positions": next((e.note for c in checks.values() for e in c.positions if e.note), ""),
        "process": process_table(responses, checks),
        "items": item_table(responses),
        "missing": missing_table(responses),
        "incomplete": checks.n_rows > checks.outcomes.get("chosen", 0),
        "numerical_error": numerical_error_text(responses),
        "option_order": option_order(responses.manifest),
        "min_mass": responses.manifest.get("min_mass"),
        "manifest": pretty(responses.manifest) if responses.manifest else "",
        "provenance": provenance(responses.manifest),
        "respondents": respondents(responses.manifest),
        "wordings": wordings(responses.manifest),
    }
