"""Responses: one row an observation, with everything that is needed to score it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args, overload

import numpy as np
import pandas as pd

from psychometrics._types import FloatArray, IntArray, Outcome
from psychometrics.analysis.numerical_error import NumericalError, numerical_error
from psychometrics.analysis.order_effects import OrderEffects, order_effects
from psychometrics.analysis.response_checks import ResponseChecks, check_responses
from psychometrics.citations import cite
from psychometrics.errors import ResponsesError
from psychometrics.instruments.instrument import Instrument
from psychometrics.instruments.recall import recall_instrument
from psychometrics.people_responses import PeopleResponses, read_people
from psychometrics.run_files import manifest_of, read_frame, validate, write_frame
from psychometrics.scoring.scores import Scores, score_responses

CONDITIONS = ["option_order", "labels", "wording"]
RESPONSES_FILE, INSTRUMENT_FILE = "responses.parquet", "instrument.toml"


@dataclass(frozen=True)
class Responses:
    """Answers of one or several respondents to one instrument.

    Parameters
    ----------
    frame : DataFrame
        One row an observation. ``respondent``, ``model``, ``instrument``, ``item``; the condition
        (``option_order``, ``labels``, ``wording``); for each canonical option k from 1:
        ``position_k`` where it was shown (from 1) and ``log_p_k``, the log-probability (nats, over
        the full vocabulary) of its label; ``option_mass``, the sum of their probabilities;
        ``expected``, Σ value·p / mass, missing if the mass is low; ``choice``, the canonical number
        of the most probable option, missing if tied; ``n_tied``, options that share the first
        place; ``outcome``; ``entropy`` (nats) and ``top`` (JSON) of the first answer token;
        ``prompt_tokens``; ``numerics``, how it was computed; ``cell``, the hash of all that can
        change the answer.
    instrument : Instrument
    manifest : mapping
        Of the run that made them; empty if they come from elsewhere.

    Raises
    ------
    ResponsesError
        The frame breaks its schema.

    Examples
    --------
    >>> import psychometrics as pm
    >>> people = pm.respondents(pm.scripted_model(4.0))
    >>> pm.administer(pm.load_instrument("big-five-60"), people, quiet=True).responses
    <Responses: 1 respondent × 60 items × 10 conditions = 600 · mass 1.00 (min 1.00) · missing 0 %>
    """

    frame: pd.DataFrame
    instrument: Instrument
    manifest: Mapping[str, Any]

    def __post_init__(self) -> None:
        _validate(self.frame, self.instrument)

    def __len__(self) -> int:
        return len(self.frame)

    def __repr__(self) -> str:
        n, n_items = (self.frame[column].nunique() for column in ("respondent", "item"))
        mass, missing = self.frame["option_mass"], self.frame["expected"].isna().mean()
        return (
            f"<Responses: {n} respondent{'s' if n != 1 else ''} × {n_items} items × "
            f"{len(self.frame[CONDITIONS].drop_duplicates())} conditions = {len(self):,} · "
            f"mass {mass.mean():.2f} (min {mass.min():.2f}) · missing {100 * missing:.3g} %>"
        )

    @property
    def log_p(self) -> FloatArray:
        """Log-probabilities of the options, shape (n_rows, n_options), canonical order."""
        return _by_option(self.frame, "log_p", len(self.instrument.response_scale)).astype(
            np.float64
        )

    @property
    def positions(self) -> IntArray:
        """Where each option was shown (from 1), shape (n_rows, n_options), canonical order."""
        return _by_option(self.frame, "position", len(self.instrument.response_scale)).astype(
            np.int64
        )

    def to_wide(
        self, values: Literal["expected", "choice", "option_mass"] = "expected"
    ) -> pd.DataFrame:
        """One row a respondent and condition, one column an item.

        Parameters
        ----------
        values : {"expected", "choice", "option_mass"}
            What stands in the cells; not keyed.

        Examples
        --------
        >>> import psychometrics as pm
        >>> people = pm.respondents(pm.scripted_model(4.0))
        >>> run = pm.administer(pm.load_instrument("big-five-60"), people, quiet=True)
        >>> run.responses.to_wide().shape
        (10, 60)
        """
        items = [item.id for item in self.instrument.items]
        wide = self.frame.pivot(index=["respondent", *CONDITIONS], columns="item", values=values)
        return wide.reindex(columns=[item for item in items if item in wide.columns])

    def score(self, *, min_valid: float = 0.8, conf_level: float = 0.95) -> Scores:
        """Score every scale; see :func:`psychometrics.scoring.scores.score_responses`."""
        found = score_responses(
            self.frame, self.instrument, min_valid=min_valid, conf_level=conf_level
        )
        return replace(found, manifest=self.manifest)

    def check(self, *, conf_level: float = 0.95) -> ResponseChecks:
        """Look at option mass, position effect, flips and ties of each respondent."""
        return check_responses(self.frame, self.log_p, self.positions, conf_level=conf_level)

    def order_effects(self, *, min_valid: float = 0.8, conf_level: float = 0.95) -> OrderEffects:
        """Score each option order by itself and compare it with all orders together."""
        return order_effects(
            self.frame, self.instrument, min_valid=min_valid, conf_level=conf_level
        )

    def numerical_error(self, *, conf_level: float = 0.95) -> NumericalError:
        """What the arithmetic of the run adds to its answers.

        At the end of a run some of each model's prompts are scored again, one at a time, in
        float32 or the highest precision that fits; ``rescore`` of
        :func:`psychometrics.administer` says how many.

        Raises
        ------
        ResponsesError
            No prompt was scored again.

        Examples
        --------
        >>> import psychometrics as pm
        >>> people = pm.respondents(pm.scripted_model(4.0))
        >>> run = pm.administer(pm.load_instrument("big-five-60"), people, quiet=True)
        >>> run.responses.numerical_error().largest
        0.0
        """
        rescored = self.manifest.get("rescored") or []
        if not rescored:
            raise ResponsesError(
                "No prompt of these responses was scored again.",
                "Administer with rescore=8 or more; a finished run is completed by its own call.",
            )
        cells = [cell for model in rescored for cell in model["cells"]]
        reference = np.array([row for model in rescored for row in model["log_p"]])
        first = np.flatnonzero(~self.frame["cell"].duplicated())
        at = pd.Index(self.frame["cell"].iloc[first]).get_indexer(pd.Index(cells))
        rows = first[at[at >= 0]]  # a part of the responses may have been taken
        if not len(rows):
            raise ResponsesError(
                "None of the prompts that were scored again is among these responses.",
                "Ask the whole run: pm.read_responses(folder).numerical_error().",
            )
        run = tuple(self.frame["numerics"].iloc[rows].unique())
        again = tuple(sorted({model["numerics"] for model in rescored}))
        values = self.instrument.response_scale.values
        return numerical_error(
            self.log_p[rows], reference[at >= 0], values, (run, again), conf_level
        )

    def of(self, respondent: str) -> "Responses":
        """Return the responses of one respondent.

        Raises
        ------
        ResponsesError
            There is no such respondent.

        Examples
        --------
        >>> import psychometrics as pm
        >>> models = [pm.scripted_model(t, name=str(t)) for t in (2.0, 4.0)]
        >>> people = pm.respondents(models)
        >>> run = pm.administer(pm.load_instrument("big-five-60"), people, quiet=True)
        >>> len(run.responses.of("2.0"))
        600
        """
        own = self.frame["respondent"] == respondent
        if not own.any():
            known = ", ".join(self.frame["respondent"].unique()[:12])
            raise ResponsesError(
                f"There is no respondent {respondent!r}.", f"Choose among: {known}."
            )
        return Responses(self.frame[own].reset_index(drop=True), self.instrument, self.manifest)

    def cite(self, path: str | Path | None = None, *more: object) -> str:
        """Write BibTeX for instrument, models and software; see :func:`psychometrics.cite`.

        Examples
        --------
        >>> import psychometrics as pm
        >>> people = pm.respondents(pm.scripted_model(4.0))
        >>> run = pm.administer(pm.load_instrument("big-five-60"), people, quiet=True)
        >>> "numpy" in run.responses.cite().lower()
        True
        """
        return cite(self, *more, path=path)

    def write(self, path: Path) -> None:
        """Write the frame as Parquet."""
        write_frame(self.frame, path)


@overload
def read_responses(path: str | Path, instrument: None = None) -> Responses: ...
@overload
def read_responses(
    path: str | Path,
    instrument: Instrument,
    *,
    missing: float | Sequence[float] | None = None,
    keyed: bool | None = None,
    columns: Mapping[str, str] | None = None,
    numbering: str | None = None,
    respondent: str | None = None,
    data_set: str | None = None,
) -> Responses | PeopleResponses: ...
def read_responses(
    path: str | Path,
    instrument: Instrument | None = None,
    *,
    missing: float | Sequence[float] | None = None,
    keyed: bool | None = None,
    columns: Mapping[str, str] | None = None,
    numbering: str | None = None,
    respondent: str | None = None,
    data_set: str | None = None,
) -> Responses | PeopleResponses:
    """Read responses: those of a run, or people's from a table of answers.

    Parameters
    ----------
    path : str or Path
        A run folder (it carries its instrument and manifest), a Parquet file of the same form; or
        people's answers, one row a person: ``.csv``, ``.parquet`` or ``.sav``.
    instrument : Instrument, optional
        What was answered; needed for a file outside a run folder.
    missing : float or sequence of float, optional
        Numbers that stand for a missing answer. They are never taken for answers unless you say so:
        a number that is no option is an error.
    keyed : bool, optional
        Whether the file has the answers to reversed items turned round. They are turned back: what
        is kept is what people answered. Default: False, or what the data set says.
    columns : mapping of str to str, optional
        Column by item. Without it columns are found by the id, code or number of the item.
    numbering : str, optional
        Order of the items that numbers in the names of columns follow: ``"own"`` or one that the
        definition knows. Needed where several could be meant.
    respondent : str, optional
        Column that names the person; rows are numbered without it.
    data_set : str, optional
        A published data set that the definition knows (``instrument.data_sets``): sets ``missing``,
        ``keyed`` and ``numbering`` as that data set needs them.

    Returns
    -------
    Responses or PeopleResponses

    Raises
    ------
    ResponsesError
        Nothing readable is there, it breaks the schema, an answer is no option, or columns cannot
        be told apart.
    DataError
        A table of answers cannot be read.

    Examples
    --------
    >>> import psychometrics as pm
    >>> pm.read_responses("runs/demo").score()  # doctest: +SKIP
    >>> bfi = pm.load_instrument("bfi-44")
    >>> people = pm.read_responses("people.csv", bfi, missing=0)  # doctest: +SKIP
    >>> pm.alpha(people, by="scale")  # doctest: +SKIP
    """
    people = {
        "missing": missing, "keyed": keyed, "columns": columns, "numbering": numbering,
        "respondent": respondent, "data_set": data_set,
    }  # fmt: skip
    asked = [name for name, value in people.items() if value is not None]
    if not isinstance(instrument, Instrument | None):
        raise ResponsesError(
            f"instrument={instrument!r} is a {type(instrument).__name__}.",
            "Give pm.load_instrument(...).",
        )
    if asked and Path(path).is_dir():
        raise ResponsesError(
            f"{path} is the folder of a run, and {asked[0]} is for people's answers.",
            "Leave it out.",
        )
    if instrument is not None and (asked or not _is_of_a_run(Path(path))):
        return read_people(path, instrument, **people)  # type: ignore[arg-type]
    if asked:
        raise ResponsesError(
            f"{asked[0]} is for people's answers, and no instrument is named.",
            "Give it: instrument=…",
        )
    return _read_run(Path(path), instrument)


def _is_of_a_run(path: Path) -> bool:
    """Whether a path is a run's folder, or a file with the columns of its responses."""
    if path.suffix.lower() != ".parquet":
        return path.is_dir() or not path.suffix
    import pyarrow.parquet as pq

    try:
        return {"option_mass", "cell"} <= set(pq.read_schema(path).names)
    except (OSError, ValueError):
        return True  # reading it says what is wrong


def _read_run(path: Path, instrument: Instrument | None) -> Responses:
    frame, folder = read_frame(path, RESPONSES_FILE, "responses")
    manifest = manifest_of(folder)
    if instrument is None:
        if not (folder / INSTRUMENT_FILE).is_file():
            raise ResponsesError(
                f"{path} does not say which instrument it answers.", "Give it: instrument=…"
            )
        record = manifest.get("instrument", {}).get("wording", {})
        instrument = recall_instrument(folder / INSTRUMENT_FILE, record)
    stated = manifest.get("instrument", {}).get("sha256", instrument.sha256)
    if stated != instrument.sha256:
        raise ResponsesError(
            f"{instrument.path} is not the instrument that was administered in {folder}: its hash "
            "is not the one in the manifest.",
            "Repeat the run's own command, which puts it back, or give the original: instrument=…",
        )
    return Responses(frame, instrument, manifest)


def _by_option(frame: pd.DataFrame, name: str, n_options: int) -> np.ndarray:
    return frame[[f"{name}_{k}" for k in range(1, n_options + 1)]].to_numpy()


def _validate(frame: pd.DataFrame, instrument: Instrument) -> None:
    import pandera.pandas as pa

    n = len(instrument.response_scale)
    values = instrument.response_scale.values
    text = pa.Column(str, coerce=False)
    key = ["respondent", "item", *CONDITIONS]
    columns = dict.fromkeys(
        ("respondent", "model", "instrument", *CONDITIONS, "top", "numerics", "cell"), text
    )
    columns["instrument"] = pa.Column(str, pa.Check.isin([instrument.name]))
    columns |= {"item": pa.Column(str, pa.Check.isin([item.id for item in instrument.items]))}
    columns |= {f"position_{k}": pa.Column(int, pa.Check.in_range(1, n)) for k in range(1, n + 1)}
    columns |= {f"log_p_{k}": pa.Column(float, pa.Check.le(0)) for k in range(1, n + 1)}
    columns |= {
        "option_mass": pa.Column(float, pa.Check.in_range(0, 1 + 1e-5)),
        "expected": pa.Column(float, pa.Check.in_range(values[0], values[-1]), nullable=True),
        "choice": pa.Column("Int64", pa.Check.in_range(1, n), nullable=True),
        "n_tied": pa.Column(int, pa.Check.in_range(1, n)),
        "outcome": pa.Column(str, pa.Check.isin(get_args(Outcome))),
        "entropy": pa.Column(float, pa.Check.ge(0)),
        "prompt_tokens": pa.Column(int, pa.Check.ge(1)),
    }
    schema = pa.DataFrameSchema(columns, strict=True, unique=key)
    validate(
        frame,
        schema,
        "responses",
        "Give the file as it was written, with the instrument it was made with.",
    )
    shown = np.sort(_by_option(frame, "position", n), axis=1)
    if not (shown == np.arange(1, n + 1)).all():
        row = int((shown != np.arange(1, n + 1)).any(axis=1).argmax())
        raise ResponsesError(
            f"Row {row}: the options' positions are no order of 1 to {n}.",
            "Give the file as written.",
        )
