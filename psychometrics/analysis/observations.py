"""Observations of a G study: numbers, and the level of every facet that each was made at."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from psychometrics._types import FloatArray, IntArray
from psychometrics.analysis.as_item_table import Answers, Tabular, item_table
from psychometrics.analysis.by_scale import one_set, respondents_table
from psychometrics.analysis.clusters import account, settle
from psychometrics.analysis.item_table import ItemTable
from psychometrics.analysis.source import UNKNOWN, Source, source_of
from psychometrics.errors import DataError, DesignError, UnitError
from psychometrics.instruments.instrument import Instrument
from psychometrics.stats.coefficient import Coefficient
from psychometrics.stats.facet_design import FacetDesign, parse_design

CONDITIONS = ("option_order", "labels", "wording")
FACETS = ("respondent", "model", "item", *CONDITIONS)
# All levels that there are; a complete set of option orders joins them.
FIXED = ("labels", "language", "placement")
# Said of an interval, and nothing to say where it is withheld.
OF_NO_USE = ": the interval is of no use"


@dataclass(frozen=True, eq=False)
class Observations:
    """One number an observation, and where it stands in the design.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
    codes : mapping of str to ndarray of int, shape (n,)
        Level of each facet.
    design : FacetDesign
    fixed : tuple of str
        Facets whose levels are all there are.
    note : str
        What was averaged over, left out, or hangs together.
    source : Source
    table : ItemTable or None
        The respondents, if they are a facet that is not nested in what they hang together in.
    object : str
        What is measured if nothing else is said.
    """

    values: FloatArray
    codes: Mapping[str, IntArray]
    design: FacetDesign
    fixed: tuple[str, ...]
    note: str = ""
    source: Source = UNKNOWN
    table: ItemTable | None = None
    object: str = ""


def from_answers(
    data: Answers,
    scale: str | None,
    design: str | None = None,
    object: str | None = None,
    facets: Sequence[str] | None = None,
) -> Observations:
    """Lay responses out by respondent, model, item and condition.

    Parameters
    ----------
    data : Responses
    scale : str or None
        Whose items; all if None.
    design : str or None
        Facets that are told apart, crossed and nested; the answers are averaged over the others.
    object : str or None
        What is measured: respondents if None and the design has them. If it is the item, the
        answers are taken before the key.
    facets : sequence of str or None
        In place of a design: crossed facets beside the object. All that have two levels or more
        if None.

    Raises
    ------
    UnitError
        There is one respondent, and respondents are measured.
    DataError
        Responses have no such facet.
    DesignError
        The design cannot be read, or crosses respondents with their models.
    """
    frame = _rows(data, scale)
    known = [name for name in ("respondent", "item", *CONDITIONS) if frame[name].nunique() > 1]
    layout = _crossed(known, object, facets) if design is None else _parsed(design)
    _refuse_facets(layout)
    target = object or ("respondent" if "respondent" in layout.facets else layout.facets[0])
    _refuse_one_respondent(frame, target)
    values = _answers(frame, data.instrument, keyed=target != "item")
    left_out = [name for name in known if name not in layout.facets]
    found, note = _averaged(frame.assign(_value=values), layout.facets, left_out)
    complete = frame["option_order"].nunique() == math.factorial(
        len(data.instrument.response_scale)
    )
    fixed = [f for f in layout.facets if f in FIXED or (f == "option_order" and complete)]
    laid_out = Observations(
        found["_value"].to_numpy(dtype=np.float64),
        _codes(found, layout.facets),
        layout,
        tuple(fixed),
        note,
        source_of(data.manifest, data.instrument.label),
        object=target,
    )
    if "respondent" not in layout.facets:
        return laid_out
    table = item_table(data)
    return _with_respondents(laid_out, table if scale is None else table.scale(scale))


def from_long(frame: pd.DataFrame, design: str, value: str) -> Observations:
    """Take a data frame of one row an observation.

    Raises
    ------
    DataError
        A facet or the value is no column, or the value holds no numbers.
    DesignError
        The design string cannot be read.
    """
    parsed = _parsed(design)
    for name in parsed.facets:
        if name not in frame.columns:
            known = ", ".join(map(str, list(frame.columns)[:12]))
            raise DataError(f"There is no column {name!r}.", f"Choose among: {known}.")
    values = item_table(frame, items=[value]).values[:, 0]
    fixed = tuple(name for name in parsed.facets if name in FIXED)
    return Observations(values, _codes(frame, parsed.facets), parsed, fixed)


def from_wide(data: Tabular) -> Observations:
    """Take a table of one row a respondent and one column an item.

    Raises
    ------
    UnitError
        There are not two respondents.
    DataError
        The columns are scores of scales that may overlap.
    """
    table = one_set(respondents_table(data, "A G study"), "a G study")
    n, k = table.frame.shape
    codes = {"respondent": np.repeat(np.arange(n), k), "item": np.tile(np.arange(k), n)}
    design = parse_design("respondent x item")
    laid_out = Observations(table.values.ravel(), codes, design, (), source=table.source)
    return _with_respondents(laid_out, table)


def standing(table: ItemTable | None, coefficient: Coefficient) -> Coefficient:
    """Withhold an interval that takes respondents for independent where they hang together.

    Parameters
    ----------
    table : ItemTable or None
        None where the design knows what hangs together.
    coefficient : Coefficient
        Its n stays; how many respondents hang together is told once, in the note of the study.
    """
    if table is None or np.isnan(coefficient.low):
        return coefficient
    found = settle(table, replace(coefficient, note=""))
    why = found.note.removeprefix(account(table)).removeprefix("; ")
    own = coefficient.note.removesuffix(OF_NO_USE) if np.isnan(found.low) else coefficient.note
    note = "; ".join(filter(None, [own, why]))
    return replace(found, n=coefficient.n, note=note)


def _rows(data: Answers, scale: str | None) -> pd.DataFrame:
    if scale is None:
        return data.frame
    instrument = data.instrument
    name = instrument.scale(scale).name
    items = [item.id for item in instrument.items if name in instrument.lineage(item)]
    return data.frame[data.frame["item"].isin(items)]


def _crossed(known: Sequence[str], object: str | None, facets: Sequence[str] | None) -> FacetDesign:
    target = object or "respondent"
    if facets is not None:
        wanted = [target, *(name for name in facets if name != target)]
    else:
        wanted = [*known] if target in known or target not in FACETS else [target, *known]
    unknown = [name for name in wanted if name not in FACETS]
    if unknown:
        raise _no_facet(unknown[0])
    return _parsed(" x ".join(wanted))


def _parsed(design: str) -> FacetDesign:
    try:
        return parse_design(design)
    except ValueError as error:
        raise DesignError(f"{error}.", "Write it as in 'person x (rater:task)'.") from error


def _refuse_facets(layout: FacetDesign) -> None:
    for name in layout.facets:
        if name not in FACETS:
            raise _no_facet(name)
    both = {"respondent", "model"} <= set(layout.facets)
    if both and "model" not in layout.nesting["respondent"]:
        raise DesignError(
            f"Each respondent is of one model: they are not crossed, as {layout} has them.",
            "Nest respondents in models, as in '(respondent:model) x item'.",
        )


def _no_facet(name: str) -> DataError:
    return DataError(f"Responses have no facet {name!r}.", f"Choose among: {', '.join(FACETS)}.")


def _refuse_one_respondent(frame: pd.DataFrame, target: str) -> None:
    people = frame["respondent"].unique()
    if target == "respondent" and len(people) < 2:
        who = f"one respondent ({people[0]})" if len(people) else "no respondent"
        raise UnitError(
            f"There is {who}; repetitions under other orders, labels or wordings are conditions, "
            "not people.",
            "Ask what its own answers depend on: object='item'.",
        )


def _with_respondents(found: Observations, table: ItemTable) -> Observations:
    """Say whether respondents hang together, and keep them if the design does not know it."""
    if not table.is_clustered:
        return found
    nested = "model" in found.design.nesting["respondent"]
    note = "; ".join(filter(None, [found.note, account(table)]))
    return replace(found, note=note, table=None if nested else table)


def _answers(frame: pd.DataFrame, instrument: Instrument, *, keyed: bool) -> FloatArray:
    values: FloatArray = frame["expected"].to_numpy(dtype=np.float64)
    if not keyed:
        return values
    keys = dict(zip([item.id for item in instrument.items], instrument.keys, strict=True))
    ends = float(instrument.response_scale.values[[0, -1]].sum())
    return np.where((frame["item"].map(keys) < 0).to_numpy(), ends - values, values)


def _averaged(
    frame: pd.DataFrame, wanted: Sequence[str], left_out: Sequence[str]
) -> tuple[pd.DataFrame, str]:
    if not left_out:
        return frame, ""
    means = frame.groupby(list(wanted), sort=False)["_value"].mean().reset_index()
    return means, f"averaged over {', '.join(left_out)}"


def _codes(frame: pd.DataFrame, names: Sequence[str]) -> dict[str, IntArray]:
    codes = {}
    for name in names:
        found = pd.factorize(frame[name])[0]
        if (found < 0).any():
            raise DataError(
                f"Column {name!r} lacks a level in {int((found < 0).sum())} rows.",
                "Name the level, or leave the rows out.",
            )
        codes[name] = found.astype(np.int64)
    return codes
