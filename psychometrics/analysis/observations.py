"""Observations of a G study: numbers, and the level of every facet that each was made at."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from psychometrics._types import FloatArray, IntArray
from psychometrics.analysis.as_item_table import Answers, Tabular, item_table
from psychometrics.analysis.by_scale import respondents_table
from psychometrics.analysis.clusters import account
from psychometrics.analysis.source import UNKNOWN, Source, source_of
from psychometrics.errors import DataError, DesignError
from psychometrics.instruments.instrument import Instrument
from psychometrics.stats.facet_design import FacetDesign, parse_design

CONDITIONS = ("option_order", "labels", "wording")
# All levels that there are; a complete set of option orders joins them.
FIXED = ("labels", "language", "placement")


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
    """

    values: FloatArray
    codes: Mapping[str, IntArray]
    design: FacetDesign
    fixed: tuple[str, ...]
    note: str = ""
    source: Source = UNKNOWN


def from_answers(
    data: Answers, scale: str | None, object: str, facets: Sequence[str] | None
) -> Observations:
    """Lay out responses by respondent, item and condition.

    Parameters
    ----------
    data : Responses
    scale : str or None
        Whose items; all if None.
    object : str
        What is measured; if it is the item, the answers are taken before the key.
    facets : sequence of str or None
        Conditions that are told apart, ``item`` among them; the answers are averaged over the
        others. All that have two levels or more if None.
    """
    instrument = data.instrument
    frame = data.frame
    if scale is not None:
        items = [
            i.id for i in instrument.items if instrument.scale(scale).name in instrument.lineage(i)
        ]
        frame = frame[frame["item"].isin(items)]
    known = [name for name in ("respondent", "item", *CONDITIONS) if frame[name].nunique() > 1]
    wanted = known if facets is None else [object, *(f for f in facets if f != object)]
    for name in wanted:
        if name not in ("respondent", "model", "item", *CONDITIONS):
            raise DataError(
                f"Responses have no facet {name!r}.",
                f"Choose among: respondent, item, {', '.join(CONDITIONS)}.",
            )
    values = _answers(frame, instrument, keyed=object != "item")
    left_out = [name for name in known if name not in wanted]
    found, note = _averaged(frame.assign(_value=values), wanted, left_out)
    order = frame["option_order"].unique()
    complete = len(order) == math.factorial(len(instrument.response_scale))
    fixed = tuple(name for name in wanted if name in FIXED or (name == "option_order" and complete))
    if object == "respondent":
        note = "; ".join(filter(None, [note, account(item_table(data))]))
    source = source_of(data.manifest, f"{instrument.name} {instrument.version}")
    design = parse_design(" x ".join(wanted))
    return Observations(
        found["_value"].to_numpy(dtype=np.float64),
        _codes(found, wanted),
        design,
        fixed,
        note,
        source,
    )


def from_long(frame: pd.DataFrame, design: str, value: str) -> Observations:
    """Take a data frame of one row an observation.

    Raises
    ------
    DataError
        A facet or the value is no column, or the value holds no numbers.
    DesignError
        The design string cannot be read.
    """
    try:
        parsed = parse_design(design)
    except ValueError as error:
        raise DesignError(f"{error}.", "Write it as in 'person x (rater:task)'.") from error
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
    """
    table = respondents_table(data, "A G study")
    n, k = table.frame.shape
    codes = {"respondent": np.repeat(np.arange(n), k), "item": np.tile(np.arange(k), n)}
    design = parse_design("respondent x item")
    return Observations(table.values.ravel(), codes, design, (), account(table), table.source)


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
