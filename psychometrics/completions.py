"""Completions: one row a written answer, with its tokens and their probabilities."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import pandas as pd

from psychometrics._types import FinishReason
from psychometrics.run_files import manifest_of, read_frame, validate, write_frame

COMPLETIONS_FILE = "completions.parquet"


@dataclass(frozen=True)
class Completions:
    """Answers in words of one or several respondents to some prompts.

    Parameters
    ----------
    frame : DataFrame
        One row an answer. ``respondent``, ``model``, ``prompt``, ``replicate`` (from 1); ``text``,
        without what ended it; ``finish_reason``: ``end`` (the model ended it), ``stop`` (a text of
        ``Sampling.stop``), ``length`` (it was cut off); ``tokens``, the ids that were chosen;
        ``log_p``, the logarithm (nats) of the probability of each, in the model's own distribution;
        ``prompt_tokens``; ``seed``; ``numerics``, how it was computed; ``cell``, the hash of all
        that can change the answer.
    manifest : mapping
        Of the run that made them; empty if they come from elsewhere.

    Raises
    ------
    ResponsesError
        The frame breaks its schema.
    """

    frame: pd.DataFrame
    manifest: Mapping[str, Any]

    def __post_init__(self) -> None:
        """Refuse a frame of another form."""
        _validate(self.frame)

    def __len__(self) -> int:
        return len(self.frame)

    def __repr__(self) -> str:
        n, n_prompts, times = (
            self.frame[column].nunique() for column in ("respondent", "prompt", "replicate")
        )
        shares = self.frame["finish_reason"].value_counts(normalize=True)
        ended = ", ".join(f"{reason} {100 * share:.3g} %" for reason, share in shares.items())
        return (
            f"<Completions: {n} respondent{'s' if n != 1 else ''} × {n_prompts} prompts × "
            f"{times} replicate{'s' if times != 1 else ''} = {len(self):,} · {ended}>"
        )

    def write(self, path: Path) -> None:
        """Write the frame as Parquet."""
        write_frame(self.frame, path)


def read_completions(folder: str | Path) -> Completions:
    """Read completions from the folder of a run.

    Parameters
    ----------
    folder : str or Path
        That :func:`psychometrics.generate` wrote.

    Raises
    ------
    ResponsesError
        Nothing readable is there, or it breaks the schema.

    Examples
    --------
    >>> import psychometrics as pm
    >>> pm.read_completions("runs/stories")  # doctest: +SKIP
    """
    frame, found = read_frame(Path(folder), COMPLETIONS_FILE, "completions")
    return Completions(frame, manifest_of(found))


def _validate(frame: pd.DataFrame) -> None:
    import pandera.pandas as pa

    columns = {
        name: pa.Column(str)
        for name in ("respondent", "model", "prompt", "text", "numerics", "cell")
    }
    columns |= {
        "finish_reason": pa.Column(str, pa.Check.isin(get_args(FinishReason))),
        "replicate": pa.Column(int, pa.Check.ge(1)),
        "prompt_tokens": pa.Column(int, pa.Check.ge(1)),
        "seed": pa.Column("uint64"),
        "tokens": pa.Column(object),
        "log_p": pa.Column(object),
    }
    schema = pa.DataFrameSchema(
        columns,
        pa.Check(
            lambda f: f["tokens"].map(len) == f["log_p"].map(len), name="one log_p for each token"
        ),
        strict=True,
        unique=["respondent", "prompt", "replicate"],
    )
    validate(frame, schema, "completions", "Give the file as it was written.")
