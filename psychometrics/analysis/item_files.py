"""Tables of answers in files: CSV, Parquet and SPSS, and what R makes of them."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pandas as pd

from psychometrics.analysis.as_item_table import Tabular, item_table
from psychometrics.errors import DataError, DependencyError, StorageError

_READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    ".csv": lambda path: _read_csv(path),
    ".parquet": lambda path: pd.read_parquet(path),
    ".sav": lambda path: _pyreadstat().read_sav(path, user_missing=False)[0],
    ".zsav": lambda path: _pyreadstat().read_sav(path, user_missing=False)[0],
}


@dataclass(frozen=True)
class ItemFile:
    """A file of keyed answers that was written, and how R comes to our alpha with it.

    Parameters
    ----------
    path : Path
    r_code : str
        Lines of R that read the file and compute alpha of each scale with psych.
    n_units, n_columns : int
    """

    path: Path
    r_code: str
    n_units: int
    n_columns: int

    def __repr__(self) -> str:
        size = f"{self.n_units} rows × {self.n_columns} columns"
        return f"<ItemFile {self.path}: {size}>\n{self.r_code}"


def _read_csv(path: Path) -> pd.DataFrame:
    """Read a table whose rows are as long as its header: else columns would move by one."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)
        return pd.read_csv(path, index_col=False)


def read_items(path: str | Path) -> pd.DataFrame:
    """Read a table of answers; its ending says how.

    Parameters
    ----------
    path : str or Path
        ``.csv``, ``.parquet``, or ``.sav`` of SPSS, whose declared missing values become missing.

    Returns
    -------
    DataFrame
        As it stands in the file; :func:`psychometrics.item_table` keys it.

    Raises
    ------
    DataError
        The file is not there, cannot be read, or has another ending.
    DependencyError
        SPSS files need a package that is not installed.

    Examples
    --------
    >>> import psychometrics as pm
    >>> pm.item_table(pm.read_items("people.sav"), reverse=["E1"], limits=(1, 6))  # doctest: +SKIP
    """
    path = Path(path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise DataError(
            f"{path} ends in {path.suffix!r}.", f"Give a file of {', '.join(_READERS)}."
        )
    if not path.is_file():
        raise DataError(f"There is no file {path}.", "Mend the path.")
    try:
        return reader(path)
    except DependencyError:
        raise
    except Exception as error:  # each reader has errors of its own
        raise DataError(
            f"{path} cannot be read as {path.suffix.lstrip('.')}: {error}.",
            "Write it anew from the program that made it.",
        ) from error


def write_items(data: Tabular, path: str | Path) -> ItemFile:
    """Write keyed answers as one row a respondent, for R, SPSS or a spreadsheet.

    Parameters
    ----------
    data : Responses, Scores, ItemTable or DataFrame
        Reversed items are written turned round.
    path : str or Path
        ``.csv`` (a missing answer is ``NA``), ``.parquet`` or ``.sav``.

    Returns
    -------
    ItemFile
        Its ``r_code`` reproduces our alpha.

    Raises
    ------
    DataError
        Another ending, or a table that cannot be used.
    StorageError
        The file cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> import psychometrics as pm
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pm.write_items(pd.DataFrame({"a": [1, 2], "b": [2, 4]}), f"{folder}/x.csv")
    >>> print(file.r_code.splitlines()[-1])
    psych::alpha(x[, c("a", "b")], check.keys = FALSE)$total$raw_alpha
    """
    path, table = Path(path), item_table(data)
    frame = _with_names(table.frame)
    kind = path.suffix.lower()
    if kind not in _READERS:
        raise DataError(f"{path} ends in {kind!r}.", f"Give a file of {', '.join(_READERS)}.")
    try:
        if kind == ".csv":
            frame.to_csv(path, index=False, na_rep="NA")
        elif kind == ".parquet":
            frame.to_parquet(path, index=False)
        else:
            _pyreadstat().write_sav(frame, path)
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written: {error.strerror or error}.",
            "Give a file in a folder that exists and may be written to.",
        ) from error
    sets = dict(table.scales) or {"": tuple(map(str, table.frame.columns))}
    return ItemFile(path, "\n".join([_r_read(path), *_r_alpha(sets)]), *table.frame.shape)


def _with_names(frame: pd.DataFrame) -> pd.DataFrame:
    """Put the names of the rows into a first column; numbers where they are not unique."""
    names = [" / ".join(map(str, n)) if isinstance(n, tuple) else str(n) for n in frame.index]
    if len(set(names)) < len(names):
        names = [str(n + 1) for n in range(len(names))]
    column = next(name for name in ("respondent", "row", "row name") if name not in frame.columns)
    written = frame.reset_index(drop=True)
    written.insert(0, column, names)
    return written


def _r_read(path: Path) -> str:
    file = _r_string(path.as_posix())
    if path.suffix.lower() == ".csv":
        return f"x <- read.csv({file}, row.names = 1, check.names = FALSE)"
    reader = "arrow::read_parquet" if path.suffix.lower() == ".parquet" else "haven::read_sav"
    return f"x <- as.data.frame({reader}({file}))"


def _r_alpha(sets: dict[str, tuple[str, ...]]) -> list[str]:
    lines = []
    for name, columns in sets.items():
        chosen = ", ".join(map(_r_string, columns))
        call = f"psych::alpha(x[, c({chosen})], check.keys = FALSE)$total$raw_alpha"
        lines.append(f"{call}  # {' '.join(name.split())}" if name else call)
    return lines


def _r_string(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _pyreadstat() -> ModuleType:
    try:
        import pyreadstat
    except ModuleNotFoundError as error:
        raise DependencyError(
            "SPSS files are read and written by pyreadstat, which is not installed.",
            "pip install 'lm-psychometrics[spss]'",
        ) from error
    module: ModuleType = pyreadstat
    return module
