"""Responses of people to an instrument: one row a respondent, one column an item."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from psychometrics._types import FloatArray
from psychometrics.analysis.item_files import read_items
from psychometrics.analysis.item_table import ItemTable
from psychometrics.analysis.source import Source
from psychometrics.citations import cite
from psychometrics.errors import ResponsesError
from psychometrics.instruments.check import InstrumentCheck, check_instrument
from psychometrics.instruments.columns import item_columns
from psychometrics.instruments.data_set import DataSet
from psychometrics.instruments.instrument import Instrument
from psychometrics.scoring.scores import Scores, score_answers


@dataclass(frozen=True)
class PeopleResponses:
    """Answers of people to one instrument.

    Parameters
    ----------
    raw : DataFrame
        One row a respondent (the index names them), one column an item: the value of the option
        chosen, before any key; NaN where missing.
    instrument : Instrument
    about : DataFrame
        Other columns of the file, such as age and sex.
    manifest : mapping
        File, its hash, and how it was read.

    Raises
    ------
    ResponsesError
        An answer is no option of the instrument, or a respondent stands twice.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> import psychometrics as pm
    >>> big5 = pm.load_instrument("big-five-60")
    >>> answers = pd.DataFrame(np.full((3, 60), 4.0), columns=[item.id for item in big5.items])
    >>> pm.PeopleResponses(answers, big5)
    <PeopleResponses: 3 respondents × 60 items of big-five-60 1.0 · missing 0 %>
    """

    raw: pd.DataFrame
    instrument: Instrument
    about: pd.DataFrame = field(default_factory=pd.DataFrame)
    manifest: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _refuse(self.raw, self.instrument)

    def __len__(self) -> int:
        return len(self.raw)

    def __repr__(self) -> str:
        n, k = self.raw.shape
        missing = 100 * float(self.raw.isna().to_numpy().mean()) if n else 0.0
        return (
            f"<PeopleResponses: {n:,} respondents × {k:,} items of {self.instrument.label} · "
            f"missing {missing:.3g} %>"
        )

    @property
    def keyed(self) -> FloatArray:
        """Answers with reversed items turned round, shape (n_respondents, n_items)."""
        return self.instrument.keyed(self.raw.to_numpy(dtype=np.float64))

    def score(self, *, min_valid: float = 0.8, conf_level: float = 0.95) -> Scores:
        """Score every scale of every respondent by the rule of the instrument.

        Parameters
        ----------
        min_valid : float
            Share of a scale's items that must be answered, from 0 to 1.
        conf_level : float
            Between 0 and 1.

        Examples
        --------
        >>> import numpy as np, pandas as pd
        >>> import psychometrics as pm
        >>> big5 = pm.load_instrument("big-five-60")
        >>> answers = pd.DataFrame(np.full((3, 60), 4.0), columns=[item.id for item in big5.items])
        >>> pm.PeopleResponses(answers, big5).score()
        <Scores: 3 respondents × 35 scales, 95% intervals over items, 0 missing>
        """
        who = [str(name) for name in self.raw.index]
        return score_answers(
            self.keyed, who, self.instrument,
            min_valid=min_valid, conf_level=conf_level, manifest=self.manifest,
        )  # fmt: skip

    def as_item_table(self) -> ItemTable:
        """Lay the keyed answers out for the coefficients."""
        ids, ends = list(self.raw.columns), self.instrument.response_scale.values[[0, -1]]
        return ItemTable(
            pd.DataFrame(self.keyed, index=self.raw.index.map(str), columns=self.raw.columns),
            {
                scale.name: tuple(np.array(ids)[own].tolist())
                for scale, own in zip(
                    self.instrument.scales, self.instrument.membership(), strict=True
                )
            },
            (float(ends[0]), float(ends[1])),
            tuple(item.id for item in self.instrument.items if item.key < 0),
            source=Source(self.instrument.label, str(self.manifest.get("file", ""))),
        )

    def check(self) -> InstrumentCheck:
        """Look whether the answers fit key, columns and response scale of the instrument."""
        return check_instrument(self.instrument, answers=self.raw)

    def cite(self, path: str | Path | None = None, *more: object) -> str:
        """Write BibTeX for instrument and software; see :func:`psychometrics.cite`."""
        return cite(self, *more, path=path)


def read_people(
    path: str | Path,
    instrument: Instrument,
    *,
    missing: float | Sequence[float] | None = None,
    keyed: bool | None = None,
    columns: Mapping[str, str] | None = None,
    numbering: str | None = None,
    respondent: str | None = None,
    data_set: str | None = None,
) -> PeopleResponses:
    """Read people's answers; see :func:`psychometrics.read_responses`."""
    if keyed is not None and not isinstance(keyed, bool):
        raise ResponsesError(f"keyed={keyed!r} is neither True nor False.", "Give one of them.")
    known = _data_set(instrument, data_set)
    codes = _codes(missing, known)
    turned = keyed if keyed is not None else bool(known and known.values_are_keyed)
    order = numbering or (known.numbering or "own" if known else None)
    frame = read_items(path).rename(columns=str)
    found = _columns(frame, instrument, columns, order)
    stored, n_missing = _numbers(frame, found, codes)
    values = stored.to_numpy(dtype=np.float64)
    raw = pd.DataFrame(
        instrument.keyed(values) if turned else values,  # turning round twice gives the answer
        index=_respondents(frame, respondent),
        columns=[item.id for item in instrument.items],
    )
    rest = [name for name in frame.columns if name not in set(found.values())]
    about = frame[rest].set_axis(raw.index)
    digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    how = {
        "file": Path(path).name,
        "sha256": digest,
        "missing": list(codes),
        "values_are_keyed": turned,
        "numbering": order or "names",
        "n_missing": n_missing,
        "instrument": {"name": instrument.name, "version": instrument.version,
                       "sha256": instrument.sha256},
    }  # fmt: skip
    return PeopleResponses(raw, instrument, about, how)


def read_answers(
    path: Path, instrument: Instrument, missing: Sequence[float], numbering: str | None
) -> pd.DataFrame:
    """Read answers as they stand in a file, by item in the order of the file's columns.

    Nothing is refused but what is no number: the audit says what does not fit.
    """
    frame = read_items(path).rename(columns=str)
    found = item_columns(list(frame.columns), instrument, numbering)
    by_column = {column: item for item, column in found.items()}
    stored, _ = _numbers(frame, found, tuple(missing))
    in_file = [by_column[name] for name in map(str, frame.columns) if name in by_column]
    return stored[in_file]


def _data_set(instrument: Instrument, name: str | None) -> DataSet | None:
    if name is None:
        return None
    for known in instrument.data_sets:
        if known.name == name:
            return known
    names = ", ".join(known.name for known in instrument.data_sets) or "none"
    raise ResponsesError(
        f"{instrument.name} knows no data set {name!r}.", f"Known are: {names}; or leave it out."
    )


def _codes(missing: float | Sequence[float] | None, known: DataSet | None) -> tuple[float, ...]:
    if missing is None:
        return known.missing if known else ()
    try:
        return tuple(np.atleast_1d(np.asarray(missing, dtype=np.float64)).tolist())
    except (TypeError, ValueError) as error:
        raise ResponsesError(
            f"missing={missing!r} are no numbers.", "Give the numbers that stand for missing."
        ) from error


def _columns(
    frame: pd.DataFrame,
    instrument: Instrument,
    columns: Mapping[str, str] | None,
    numbering: str | None,
) -> dict[str, str]:
    names = [str(name) for name in frame.columns]
    if columns is None:
        found = item_columns(names, instrument, numbering)
        twice = [column for column in found.values() if f"{column}.1" in names]
        if twice:
            raise ResponsesError(
                f"Column {twice[0]!r} stands twice in the file.", "Take one of the two out."
            )
        return found
    wanted = [item.id for item in instrument.items]
    unknown = [item for item in columns if item not in wanted]
    lacking = [item for item in wanted if item not in columns]
    absent = [column for column in columns.values() if column not in names]
    shared = [c for c in columns.values() if list(columns.values()).count(c) > 1]
    if shared:
        raise ResponsesError(
            f"columns names column {shared[0]!r} for several items.", "Give each item its own."
        )
    if unknown or lacking or absent:
        what = (
            f"names item {unknown[0]!r}, which {instrument.name} lacks" if unknown
            else f"lacks item {lacking[0]!r}" if lacking
            else f"names column {absent[0]!r}, which the file lacks"
        )  # fmt: skip
        raise ResponsesError(f"columns {what}.", "Give one column for every item.")
    return {item: columns[item] for item in wanted}


def _numbers(
    frame: pd.DataFrame, found: Mapping[str, str], codes: tuple[float, ...]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Answers as numbers, and how many are missing for which reason."""
    numbers = pd.DataFrame(
        {item: _column(frame[column], item) for item, column in found.items()}, index=frame.index
    )
    empty = int(numbers.isna().to_numpy().sum())
    by_code = {f"code {code:g}": int((numbers == code).to_numpy().sum()) for code in codes}
    return numbers.mask(numbers.isin(codes)) if codes else numbers, {"empty": empty, **by_code}


def _column(column: "pd.Series[Any]", item: str) -> FloatArray:
    """Answers to one item; a text that writes a number counts as that number."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.cat.categories.dtype)
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    text = pd.api.types.is_object_dtype(column) or pd.api.types.is_string_dtype(column)
    if text:
        column = column.mask(column.map(lambda cell: isinstance(cell, str) and not cell.strip()))
    values = pd.to_numeric(column, errors="coerce") if numeric or text else column
    broken = (values.isna() & column.notna()) if numeric or text else column.notna()
    if broken.any():
        row = int(broken.to_numpy().argmax())
        raise ResponsesError(
            f"Row {row + 1}, item {item!r} (column {column.name!r}): {column.iloc[row]!r} is no "
            "number.",
            "Give answers as the values of the options; leave a missing one empty.",
        )
    if not (numeric or text):
        return np.full(len(column), np.nan)
    return values.to_numpy(dtype=np.float64, na_value=np.nan)


def _respondents(frame: pd.DataFrame, column: str | None) -> pd.Index:
    if column is None:
        return pd.Index([str(n + 1) for n in range(len(frame))], name="respondent")
    if column not in frame.columns:
        raise ResponsesError(
            f"There is no column {column!r}.",
            f"Choose among: {', '.join(list(map(str, frame))[:12])}.",
        )
    if frame[column].isna().any():
        row = int(frame[column].isna().to_numpy().argmax())
        raise ResponsesError(
            f"Row {row + 1} has no name in column {column!r}.", "Name every respondent."
        )
    return pd.Index(frame[column].map(str), name="respondent")


def _refuse(raw: pd.DataFrame, instrument: Instrument) -> None:
    if raw.empty:
        raise ResponsesError("There are no respondents.", "Give at least one row of answers.")
    wanted = [item.id for item in instrument.items]
    if list(raw.columns) != wanted:
        raise ResponsesError(
            f"The columns are not the items of {instrument.name} in their order.",
            "Read the file with pm.read_responses(path, instrument).",
        )
    twice = raw.index[raw.index.duplicated()]
    if len(twice):
        raise ResponsesError(
            f"Respondent {twice[0]!r} stands in several rows.",
            "Give one row a person; an occasion of measurement is a file of its own.",
        )
    try:
        values = raw.to_numpy(dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ResponsesError(
            f"The answers are no numbers: {error}.", "Give the values of the options."
        ) from error
    offered = instrument.response_scale.values
    outside = ~np.isnan(values) & ~np.isin(values, offered)
    if outside.any():
        row, column = (int(n) for n in np.argwhere(outside)[0])
        raise ResponsesError(
            f"Respondent {raw.index[row]!r}, item {wanted[column]!r}: {values[row, column]:g} is "
            f"none of the options ({', '.join(f'{v:g}' for v in np.unique(offered))}); "
            f"{int(outside.sum()):,} answers are like that.",
            "If it stands for a missing answer, say so: missing=0. If the form had other options, "
            "it needs a definition of its own.",
        )
