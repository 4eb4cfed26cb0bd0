"""From responses, scores or a bare data frame to a table of keyed answers."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd

from psychometrics._types import FloatArray
from psychometrics.analysis.item_table import ItemTable
from psychometrics.analysis.source import Source, source_of
from psychometrics.errors import DataError, UnitError
from psychometrics.instruments.instrument import Instrument
from psychometrics.scoring.item_values import item_values
from psychometrics.scoring.scores import Scores

MIN_VALID = 0.8


@runtime_checkable
class Answers(Protocol):
    """What is needed of responses: their rows, what was asked, and the run's manifest."""

    @property
    def frame(self) -> pd.DataFrame:
        """One row an observation."""

    @property
    def instrument(self) -> Instrument:
        """What was asked."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Of the run."""


Tabular = ItemTable | Answers | Scores | pd.DataFrame | FloatArray


def item_table(
    data: Tabular,
    *,
    items: Sequence[str] | None = None,
    scales: Mapping[str, Sequence[str]] | None = None,
    reverse: Sequence[str] = (),
    limits: tuple[float, float] | None = None,
    missing: Sequence[float] = (),
    respondent: str | None = None,
    cluster: str | None = None,
) -> ItemTable:
    """Lay answers out as one row a respondent and one column an item, keyed.

    Parameters
    ----------
    data : Responses, Scores, DataFrame or ndarray
        Responses give the value of each item averaged over its presentations (``log`` average of
        the distributions, expected value), keyed by their instrument. Scores give one column a
        scale. A data frame has one row a respondent and one column an item.
    items : sequence of str, optional
        Columns to take; all but ``respondent`` and ``cluster`` if not given.
    scales : mapping of str to sequence of str, optional
        Columns of each scale; those of the instrument for responses.
    reverse : sequence of str
        Columns to turn round; needs ``limits``.
    limits : tuple of float, optional
        Lowest and highest possible answer; an answer beyond them is an error.
    missing : sequence of float
        Numbers that stand for a missing answer.
    respondent : str, optional
        Column that names the respondent. Each may stand in one row only.
    cluster : str, optional
        Column that says which rows hang together: the model behind several personas.

    Returns
    -------
    ItemTable

    Raises
    ------
    DataError
        A column is no number, stands twice, is not there, or holds an answer beyond the limits.
    UnitError
        A respondent stands in several rows.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"calm": [1, 2, 4], "tense": [5, 4, 1]})
    >>> item_table(people, reverse=["tense"], limits=(1, 5)).values
    array([[1., 1.],
           [2., 2.],
           [4., 5.]])
    """
    given = {"reverse": reverse, "limits": limits, "missing": missing, "respondent": respondent,
             "cluster": cluster}  # fmt: skip
    if isinstance(data, pd.DataFrame | np.ndarray):
        frame = pd.DataFrame(data)
        if isinstance(data, np.ndarray):
            frame.columns = pd.Index([f"item_{n + 1}" for n in range(frame.shape[1])])
        table = _from_frame(frame, items, reverse, limits, missing, respondent, cluster)
    elif any(given.values()):
        names = ", ".join(name for name, value in given.items() if value)
        raise DataError(
            f"{names} is for a bare data frame; {type(data).__name__} know their key and units.",
            "Leave it out, or give a data frame.",
        )
    else:
        table = _from_ours(data)
        table = table if items is None else table.take(list(items))
    return table if scales is None else _with_scales(table, scales)


def _from_ours(data: ItemTable | Answers | Scores) -> ItemTable:
    if isinstance(data, ItemTable):
        return data
    if isinstance(data, Scores):
        return _from_scores(data)
    if isinstance(data, Answers):
        return _from_answers(data)
    raise DataError(
        f"{type(data).__name__} is no table of answers.",
        "Give Responses, Scores, a data frame or an array.",
    )


def _from_answers(data: Answers) -> ItemTable:
    instrument = data.instrument
    values = item_values(
        data.frame, instrument, average="log", statistic="expected", min_valid=MIN_VALID
    )
    ids = [item.id for item in instrument.items]
    frame = pd.DataFrame(values.keyed, index=pd.Index(values.respondents), columns=pd.Index(ids))
    models = data.frame.groupby("respondent", sort=False)["model"].first()
    ends = instrument.response_scale.values[[0, -1]]
    return ItemTable(
        frame,
        {
            scale.name: tuple(np.array(ids)[own].tolist())
            for scale, own in zip(instrument.scales, instrument.membership(), strict=True)
        },
        (float(ends[0]), float(ends[1])),
        tuple(item.id for item in instrument.items if item.key < 0),
        tuple(map(str, models.reindex(frame.index))),
        source=source_of(data.manifest, f"{instrument.name} {instrument.version}"),
    )


def _from_scores(scores: Scores) -> ItemTable:
    rows = scores.to_frame("log", "expected")
    wide = rows.pivot(index="respondent", columns="scale", values="score")
    names = [scale.name for scale in scores.instrument.scales]
    frame = wide.reindex(index=rows["respondent"].unique(), columns=names)
    instrument = scores.instrument
    return ItemTable(frame, source=Source(f"{instrument.name} {instrument.version}"))


def _from_frame(
    data: pd.DataFrame,
    items: Sequence[str] | None,
    reverse: Sequence[str],
    limits: tuple[float, float] | None,
    missing: Sequence[float],
    respondent: str | None,
    cluster: str | None,
) -> ItemTable:
    apart = [name for name in (respondent, cluster) if name is not None]
    chosen = list(items) if items is not None else [c for c in data.columns if c not in apart]
    _refuse_columns(data, [*chosen, *apart], reverse, chosen)
    frame = pd.DataFrame({name: _numbers(data[name]) for name in chosen})
    frame = frame.mask(frame.isin(list(missing))) if missing else frame
    frame.index = data.index
    if respondent is not None:
        frame.index = pd.Index(_once(data[respondent]), name=respondent)
    if limits is not None:
        _refuse_beyond(frame, limits)
    if reverse:
        if limits is None:
            raise DataError(
                "Columns are to be turned round and the ends of the response scale are unknown.",
                "Give limits=(lowest, highest).",
            )
        frame[list(reverse)] = sum(limits) - frame[list(reverse)]
    clusters = None if cluster is None else tuple(data[cluster].astype(str))
    return ItemTable(frame, {}, limits, tuple(reverse), clusters)


def _refuse_columns(
    data: pd.DataFrame, needed: list[str], reverse: Sequence[str], chosen: list[str]
) -> None:
    twice = data.columns[data.columns.duplicated()].unique().tolist()
    if twice:
        raise DataError(f"Column {twice[0]!r} stands twice.", "Give each column one name.")
    lacking = [name for name in needed if name not in data.columns]
    lacking += [name for name in reverse if name not in chosen]
    if lacking:
        raise DataError(
            f"There is no column {lacking[0]!r} among the answers.",
            f"Choose among: {', '.join(map(str, list(data.columns)[:12]))}.",
        )


def _numbers(column: "pd.Series[Any]") -> FloatArray:
    numeric = pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)
    if not numeric or pd.api.types.is_complex_dtype(column):
        texts = column.dropna()
        example = "" if texts.empty else f", such as {str(texts.iloc[0])[:30]!r}"
        raise DataError(
            f"Column {column.name!r} holds no numbers (it is {column.dtype}{example}).",
            "Turn it into numbers, or name the columns that are answers: items=[…].",
        )
    known = column.astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    numbers: FloatArray = np.asarray(known, dtype=np.float64)
    if np.isinf(numbers).any():
        raise DataError(
            f"Column {column.name!r} holds an infinite number.", "Make it missing, or mend it."
        )
    return numbers


def _once(names: "pd.Series[Any]") -> list[str]:
    counts = names.value_counts()
    if len(counts) and counts.iloc[0] > 1:
        raise UnitError(
            f"Respondent {counts.index[0]!r} stands in {counts.iloc[0]} rows: repetitions of one "
            "respondent are conditions, and no further respondents.",
            "Average them first, or give them to gstudy() as a facet "
            '(design="respondent x item x occasion").',
        )
    return names.astype(str).tolist()


def _refuse_beyond(frame: pd.DataFrame, limits: tuple[float, float]) -> None:
    beyond = (frame < limits[0]) | (frame > limits[1])
    if beyond.to_numpy().any():
        column = int(beyond.to_numpy().any(axis=0).argmax())
        name, value = frame.columns[column], frame.iloc[:, column][beyond.iloc[:, column]].iloc[0]
        raise DataError(
            f"Column {name!r} holds {value:g}, which is not between {limits[0]:g} and "
            f"{limits[1]:g}.",
            "Mend the answer or the limits, or say what stands for a missing answer: missing=(…).",
        )


def _with_scales(table: ItemTable, scales: Mapping[str, Sequence[str]]) -> ItemTable:
    named = {name: tuple(items) for name, items in scales.items()}
    table.take([item for items in named.values() for item in items])
    return ItemTable(
        table.frame, named, table.limits, table.reversed, table.clusters, table.unit, table.source
    )
