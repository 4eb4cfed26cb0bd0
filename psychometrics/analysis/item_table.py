"""Keyed answers as a table: units in rows, items or scale scores in columns."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from psychometrics._types import FloatArray
from psychometrics.analysis.source import UNKNOWN, Source
from psychometrics.errors import DataError


@dataclass(frozen=True)
class ItemTable:
    """What every coefficient over units starts from.

    Make one with :func:`psychometrics.item_table`.

    Parameters
    ----------
    frame : DataFrame
        One row a unit (its index names them), one column a variable; keyed, NaN where missing.
    scales : mapping of str to tuple of str
        Columns of each scale.
    limits : tuple of float or None
        Lowest and highest possible answer.
    reversed : tuple of str
        Columns that were turned round.
    clusters : tuple of str or None
        What each row belongs to (its model), if rows hang together.
    unit : str
        What the rows are.
    kind : str
        What the columns are: ``items``, or ``scores`` of scales that may overlap.
    source : Source

    Examples
    --------
    >>> import pandas as pd
    >>> ItemTable(pd.DataFrame({"a": [1.0, 2.0], "b": [2.0, 3.0]}))
    <ItemTable: 2 respondents × 2 columns, 0 scales, missing 0 %>
    """

    frame: pd.DataFrame
    scales: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    limits: tuple[float, float] | None = None
    reversed: tuple[str, ...] = ()
    clusters: tuple[str, ...] | None = None
    unit: str = "respondents"
    kind: str = "items"
    source: Source = UNKNOWN

    def __repr__(self) -> str:
        n, k = self.frame.shape
        missing = float(self.frame.isna().to_numpy().mean()) if n and k else 0.0
        return (
            f"<ItemTable: {n} {self.unit} × {k} columns, {len(self.scales)} scales, "
            f"missing {100 * missing:.3g} %>"
        )

    @property
    def values(self) -> FloatArray:
        """Answers, shape (n_units, n_columns)."""
        return self.frame.to_numpy(dtype=np.float64)

    @property
    def n_clusters(self) -> int:
        """Clusters with rows, or rows if none hang together."""
        return len(self.frame) if self.clusters is None else len(set(self.clusters))

    @property
    def is_clustered(self) -> bool:
        """Whether several rows belong to one cluster."""
        return self.clusters is not None and self.n_clusters < len(self.frame)

    def take(self, columns: list[str] | tuple[str, ...]) -> "ItemTable":
        """Return the table of some columns, without scales.

        Raises
        ------
        DataError
            There is no such column.
        """
        lacking = [c for c in columns if c not in self.frame.columns]
        if lacking:
            raise DataError(
                f"There is no column {', '.join(map(repr, lacking))}.",
                f"Choose among: {_listed(self.frame.columns)}.",
            )
        turned = tuple(c for c in self.reversed if c in columns)
        return replace(
            self, frame=self.frame[list(columns)], scales={}, reversed=turned, kind="items"
        )

    def scale(self, name: str) -> "ItemTable":
        """Return the table of one scale's columns.

        Raises
        ------
        DataError
            There is no such scale.
        """
        if name not in self.scales:
            mend = f"Choose among: {_listed(self.scales)}." if self.scales else "Give scales={…}."
            raise DataError(f"There is no scale {name!r}.", mend)
        return self.take(self.scales[name])

    def named(self, note: str) -> str:
        """Put the names of columns where a note of the statistics numbers them: ``#0``.

        Examples
        --------
        >>> import pandas as pd
        >>> ItemTable(pd.DataFrame({"a": [1.0], "b": [2.0]})).named("without variance: #1")
        'without variance: b'
        """
        names = self.frame.columns
        return re.sub(r"#(\d+)", lambda found: str(names[int(found.group(1))]), note)

    def scale_means(self) -> pd.DataFrame:
        """Mean of the answers to each scale, by unit; the answered items count alike."""
        return pd.DataFrame(
            {name: self.frame[list(items)].mean(axis=1) for name, items in self.scales.items()}
        )

    def to_frame(self) -> pd.DataFrame:
        """Return the keyed answers."""
        return self.frame


def _listed(names: object, limit: int = 12) -> str:
    found = list(map(str, names))  # type: ignore[call-overload]
    more = f" and {len(found) - limit} more" if len(found) > limit else ""
    return ", ".join(found[:limit]) + more
