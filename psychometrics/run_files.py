"""Read what a run leaves in its folder."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from psychometrics.errors import ResponsesError

if TYPE_CHECKING:
    import pandera.pandas as pa

MANIFEST_FILE = "manifest.json"


def read_frame(path: Path, name: str, what: str) -> tuple[pd.DataFrame, Path]:
    """Read a run's Parquet file.

    Parameters
    ----------
    path : Path
        The run's folder, or a file of the same form.
    name : str
        Of the file in the folder.
    what : str
        What it holds, for the error.

    Returns
    -------
    frame : DataFrame
    folder : Path
        Where the manifest may stand.

    Raises
    ------
    ResponsesError
        Nothing readable is there.
    """
    import pyarrow as pa

    file = path / name if path.is_dir() else path
    if not file.is_file():
        raise ResponsesError(
            f"There are no {what} in {path}.",
            "Give the folder of a finished run; an unfinished one is finished by its own command.",
        )
    try:
        return pd.read_parquet(file), file.parent
    except (OSError, pa.ArrowException) as error:
        raise ResponsesError(
            f"{file} cannot be read as Parquet: {error}.",
            "Make it again with the run's own command.",
        ) from error


def manifest_of(folder: Path) -> dict[str, Any]:
    """Read the manifest of a run; empty if there is none.

    Raises
    ------
    ResponsesError
        It cannot be read.
    """
    path = folder / MANIFEST_FILE
    if not path.is_file():
        return {}
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ResponsesError(
            f"{path} cannot be read: {error}.", "Put the run's own manifest back."
        ) from error
    return manifest


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as Parquet."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)


def validate(frame: pd.DataFrame, schema: "pa.DataFrameSchema", what: str, mend: str) -> None:
    """Refuse a frame that breaks its schema, with the first three cases.

    Raises
    ------
    ResponsesError
    """
    import pandera.pandas as pa

    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases.head(3)
        told = "; ".join(f"{c.column}: {c.check} ({c.failure_case})" for c in cases.itertuples())
        raise ResponsesError(f"The {what} break their schema: {told}.", mend) from error
