"""From responses, scores or a bare data frame to a table of keyed answers."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd

from psychometrics._types import FloatArray
from psychometrics.analysis.item_table import ItemTable
from psychometrics.analysis.source import source_of
from psychometrics.analysis.verb import verb
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


@runtime_checkable
class PersonTable(Protocol):
    """Answers that are a table already: those of people."""

    def as_item_table(self) -> ItemTable:
        """One row a respondent, keyed."""


Tabular = ItemTable | Answers | PersonTable | Scores | pd.DataFrame | FloatArray


@verb
def item_table(
    data: Tabular,
    *,
    items: Sequence[str] | None = None,
    scales: Mapping[str, Sequence[str]] | None = None,
    reverse: Sequence[str] = (),
    limits: tuple[float, float] | None = None,
    missing: float | Sequence[float] = (),
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
    missing : float or sequence of float
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
    columns = None if items is None else _names(items, "items")
    asked = _Asked(
        _names(reverse, "reverse"), _limits(limits), _codes(missing), respondent, cluster
    )
    if isinstance(data, pd.DataFrame | np.ndarray):
        table = _from_frame(_frame(data), columns, asked)
    elif given := asked.given():
        raise DataError(
            f"{given} is for a bare data frame; {type(data).__name__} know their key and units.",
            "Leave it out, or give a data frame.",
        )
    else:
        table = _from_ours(data)
        table = table if columns is None else table.take(columns)
    return table if scales is None else _with_scales(table, scales)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the caller says of a bare data frame."""

    reverse: tuple[str, ...]
    limits: tuple[float, float] | None
    missing: tuple[float, ...]
    respondent: str | None
    cluster: str | None

    def given(self) -> str:
        """Names of what was said."""
        return ", ".join(name for name in self.__dataclass_fields__ if getattr(self, name))

    def apart(self) -> list[str]:
        """Columns that are no answers."""
        named = {"respondent": self.respondent, "cluster": self.cluster}
        for name, value in named.items():
            if value is not None and not isinstance(value, str | int):
                raise DataError(f"{name}={value!r} is no name of a column.", "Give one name.")
        return [str(value) for value in named.values() if value is not None]


def _names(given: Sequence[str] | str, what: str) -> tuple[str, ...]:
    found = (given,) if isinstance(given, str) else tuple(map(str, given))
    twice = [name for name, n in Counter(found).items() if n > 1]
    if twice:
        raise DataError(f"{what} names {twice[0]!r} twice.", "Name each column once.")
    return found


def _limits(limits: tuple[float, float] | None) -> tuple[float, float] | None:
    if limits is None:
        return None
    try:
        low, high = limits
    except (TypeError, ValueError):
        low = high = np.nan
    if not low < high:
        raise DataError(
            f"limits={limits!r} are no lowest and highest answer.", "Give them as in limits=(1, 5)."
        )
    return float(low), float(high)


def _codes(missing: float | Sequence[float]) -> tuple[float, ...]:
    return tuple(np.atleast_1d(np.asarray(missing, dtype=np.float64)).tolist())


def _frame(data: pd.DataFrame | FloatArray) -> pd.DataFrame:
    if isinstance(data, pd.DataFrame):
        if all(isinstance(name, str) for name in data.columns):
            return data
        return data.set_axis([str(name) for name in data.columns], axis=1)
    if data.ndim != 2:
        raise DataError(f"The array has {data.ndim} axes.", "Give respondents × items.")
    return pd.DataFrame(data, columns=[f"item_{n + 1}" for n in range(data.shape[1])])


def _from_ours(data: ItemTable | Answers | PersonTable | Scores) -> ItemTable:
    if isinstance(data, ItemTable):
        return data
    if isinstance(data, PersonTable):
        return data.as_item_table()
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
        source=source_of(data.manifest, instrument.label),
    )


def _from_scores(scores: Scores) -> ItemTable:
    rows = scores.to_frame("log", "expected")
    wide = rows.pivot(index="respondent", columns="scale", values="score")
    names = [scale.name for scale in scores.instrument.scales]
    frame = wide.reindex(index=rows["respondent"].unique(), columns=names)
    instrument = scores.instrument
    models = tuple(scores.models.get(str(who), str(who)) for who in frame.index)
    source = source_of(scores.manifest, instrument.label)
    return ItemTable(frame, clusters=models, source=source, kind="scores")


def _from_frame(data: pd.DataFrame, items: tuple[str, ...] | None, asked: _Asked) -> ItemTable:
    apart = asked.apart()
    chosen = list(items) if items is not None else [c for c in data.columns if c not in apart]
    _refuse_columns(data, [*chosen, *apart], asked.reverse, chosen)
    frame = _all_numbers(data if chosen == list(data.columns) else data[chosen])
    frame = frame.mask(frame.isin(asked.missing)) if asked.missing else frame
    if asked.respondent is not None:
        who = _labels(data[str(asked.respondent)])
        frame.index = pd.Index(_once(who), name=asked.respondent)
    if asked.limits is not None:
        _refuse_beyond(frame, asked.limits)
    turned = list(asked.reverse)
    if turned:
        if asked.limits is None:
            raise DataError(
                "Columns are to be turned round and the ends of the response scale are unknown.",
                "Give limits=(lowest, highest).",
            )
        frame[turned] = sum(asked.limits) - frame[turned]
    labels = None if asked.cluster is None else tuple(_labels(data[str(asked.cluster)]))
    return ItemTable(frame, {}, asked.limits, asked.reverse, labels)


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


def _all_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    if all(isinstance(dtype, np.dtype) and dtype.kind in "fiub" for dtype in frame.dtypes):
        numbers = frame.to_numpy(dtype=np.float64)
        if not np.isinf(numbers).any():
            return pd.DataFrame(numbers, index=frame.index, columns=frame.columns, copy=True)
    return pd.DataFrame({name: _numbers(frame[name]) for name in frame}, index=frame.index)


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


def _labels(column: "pd.Series[Any]") -> list[str]:
    lacking = np.flatnonzero(column.isna().to_numpy())
    if len(lacking):
        raise DataError(
            f"Column {column.name!r} has no label in {len(lacking)} rows, the first being row "
            f"{lacking[0]}.",
            "Name them, or leave these rows out.",
        )
    return column.astype(str).tolist()


def _once(names: list[str]) -> list[str]:
    name, n = Counter(names).most_common(1)[0] if names else ("", 0)
    if n > 1:
        raise UnitError(
            f"Respondent {name!r} stands in {n} rows: repetitions of one respondent are "
            "conditions, and no further respondents.",
            "Average them first, or give them to gstudy() as a facet "
            '(design="respondent x item x occasion").',
        )
    return names


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
    named = {str(name): _names(items, f"scale {name!r}") for name, items in scales.items()}
    table.take([item for items in named.values() for item in items])
    return replace(table, scales=named, kind="items")
