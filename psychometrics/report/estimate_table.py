"""From estimates, frames and other results to a table."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

import pandas as pd

from psychometrics.analysis.correlations import Correlations
from psychometrics.analysis.estimate import Estimate
from psychometrics.analysis.numerical_error import NumericalError
from psychometrics.analysis.response_check import ResponseCheck
from psychometrics.errors import DataError
from psychometrics.report.correlation_table import correlation_table, fits_a_triangle
from psychometrics.report.estimate_layout import Group, Layout, Style, lay_out
from psychometrics.report.frame_table import frame_table
from psychometrics.report.result_table import result_table
from psychometrics.report.source_line import source_line
from psychometrics.report.table import Table

_MEND = "Give an estimate, estimates, a result, a data frame, or a mapping from headings to these."


def table(
    *parts: object,
    stars: bool = False,
    digits: int = 2,
    leading_zero: bool | None = None,
    layout: Layout = "auto",
    title: str = "",
) -> Table:
    """Make a table of estimates.

    Parameters
    ----------
    *parts
        An Estimate, Estimates, any other result of this library, a DataFrame, or a mapping from the
        heading of a group to one of these. Each part is a group of rows; without
        a heading of its own it is called by what its estimates share.
    stars : bool
        Put a star at each value whose interval excludes zero. Value and interval then share a
        cell, so that neither is shown without the other (in a triangle of correlations the
        interval stands below); a value without an interval has no star.
    digits : int
        After the point.
    leading_zero : bool, optional
        Print 0.81 or .81. Default: .81 where the coefficient cannot exceed one, as the American
        Psychological Association has it.
    layout : {"auto", "long", "wide"}
        One row an estimate; or one row a scale, one column a coefficient, "value [interval]" in the
        cells. By itself it is wide if at least 3 scales have the same 2 to 5 coefficients of the
        same units. Correlations of up to 6 columns are a triangle unless it is long.
    title : str

    Returns
    -------
    Table
        Confidence levels, methods, reasons for what is missing, instrument and run stand below it.

    Raises
    ------
    DataError
        A part is none of these, or the parts do not fit into one table.

    Examples
    --------
    >>> feldt = "10.1007/BF02289499"
    >>> trust = Estimate("alpha", 0.81, 0.74, 0.87, 0.95, 64, "respondents", "Feldt's F interval",
    ...     feldt, variant="raw", of="trust")
    >>> nan = float("nan")
    >>> order = Estimate("alpha", nan, nan, nan, 0.95, 64, "respondents", "Feldt's F interval",
    ...     feldt, note="one item", variant="raw", of="order")
    >>> print(table([trust, order]).drop("n").with_source("").to_text())
    ───────────────────────────────────────────
           Cronbach's alpha (raw)      95% CI
    ───────────────────────────────────────────
    trust                     .81   [.74, .87]
    order                       —ᵃ           —ᵃ
    ───────────────────────────────────────────
    Note. n counts respondents. Feldt's F interval (Feldt, 1965).
    ᵃ One item.
    """
    if layout not in ("auto", "long", "wide"):
        raise DataError(f"There is no layout {layout!r}.", "Choose 'auto', 'long' or 'wide'.")
    style = Style(digits, leading_zero, stars)
    if len(parts) == 1 and isinstance(parts[0], Correlations) and layout != "long":
        parts = _square(parts[0], style, layout)
    taken = [(label, _taken(part, style)) for given in parts for label, part in _named(given)]
    made = [(label, part) for label, part in taken if isinstance(part, Table)]
    groups = [Group(label, part) for label, part in taken if not isinstance(part, Table) and part]
    if made and groups:
        raise DataError(
            "Estimates and other tables do not fit into one table.", "Make one of each."
        )
    if not made and not groups:
        raise DataError("There is nothing to put into a table.", "Give at least one estimate.")
    if made:
        found = _stacked(made)
    else:
        found = lay_out(groups, style, layout)
        found = found.with_source(source_note(e for group in groups for e in group.estimates))
    return found.with_title(title) if title else found


def _named(part: object) -> Iterator[tuple[str, object]]:
    if isinstance(part, Mapping) and not hasattr(part, "to_estimates"):
        yield from ((str(label), content) for label, content in part.items())
    else:
        yield "", part


def _square(part: Correlations, style: Style, layout: Layout) -> tuple[object, ...]:
    """A triangle of correlations where it is asked for or not too wide."""
    wanted = layout == "wide" or fits_a_triangle(part)
    return (correlation_table(part, style) if wanted else part,)


def _taken(part: object, style: Style) -> tuple[Estimate, ...] | Table:
    """Estimates of a part, or the table that it is."""
    if isinstance(part, Estimate):
        return (part,)
    if isinstance(part, Table):
        return part
    if isinstance(part, pd.DataFrame):
        return frame_table(part, style.digits)
    if (opened := _opened(part)) is not None:
        return _taken(opened, style)
    if isinstance(part, Iterable) and not isinstance(part, str | bytes | Mapping):
        flat = [_taken(one, style) for one in part]
        found = [estimates for estimates in flat if not isinstance(estimates, Table)]
        if len(found) == len(flat):
            return tuple(estimate for estimates in found for estimate in estimates)
        if not found:
            return _stacked([("", made) for made in flat if isinstance(made, Table)])
    if (laid_out := result_table(part, style)) is not None:
        return laid_out
    raise DataError(f"{type(part).__name__} cannot be put into a table.", _MEND)


def _opened(part: object) -> object | None:
    """Estimates of a result, or a table that it makes of itself; None if it has neither."""
    if isinstance(part, ResponseCheck):
        return (*part.positions, part.flips)
    if isinstance(part, NumericalError):
        return (part.log_p, part.expected)
    for name in ("to_estimates", "to_table"):
        made: Callable[[], object] | None = getattr(part, name, None)
        if callable(made):
            return made()
    return None


def _stacked(made: list[tuple[str, Table]]) -> Table:
    """Put tables with the same columns one under the other."""
    (label, first), *others = made
    found = first.with_group(label) if label else first
    for heading, other in others:
        if other.columns != first.columns or other.spanners != first.spanners:
            raise DataError(
                f"Tables with the columns {', '.join(first.names)} and {', '.join(other.names)} do "
                "not fit into one.",
                "Make one of each.",
            )
        below = other.with_group(heading or other.title)
        found = replace(
            found.with_group(label or first.title),
            title="",
            rows=(*found.rows, *below.rows),
            notes=(*found.notes, *other.notes),
            source=" ".join(dict.fromkeys(filter(None, [found.source, other.source]))),
        )
    return found


def source_note(estimates: Iterable[Estimate]) -> str:
    """Instruments, runs and the version of this library."""
    return source_line(estimate.source for estimate in estimates)
