"""Write moments.json and r_values.json from ../shared: what the table needs where it is absent.

    python tests/reference/extract_moments.py

Covariances, means, sums of squares and counts only, no rows; numbers in full precision.
"""

import json
from typing import Any

import numpy as np
from reference_layout import LAYOUTS
from reference_sources import COUNTS, GIVEN, HERE, Rows
from reference_table import all_leaves, comparisons

PATTERNS = ("fleiss_10x14", "krippendorff_4x12", "fleiss_1971_diagnoses")


def moments() -> dict[str, Any]:
    """Moments and counts of the data behind R's files."""
    rows = Rows()
    return {
        "covariances": {
            "bfi complete": _covariance(rows.bfi(complete=True)),
            "bfi pairwise": _covariance(rows.bfi(complete=False)),
            "ability16": _covariance(rows.ability()),
        },
        "sums of squares": {name: _squares(rows, name) for name in LAYOUTS},
        "counts": {
            **{name: _counts(rows, name) for name in COUNTS},
            "pairs of raters of the diagnoses": rows.pairs_of_raters().astype(int).tolist(),
        },
        "given": {path: rows.given(path) for path in GIVEN},
    }


def r_values() -> dict[str, float]:
    """R's numbers that these suffice to compare."""
    found = {c.path for c in comparisons(Rows()) if not c.needs_rows}
    return {path: value for path, value in all_leaves().items() if path in found}


def write() -> None:
    (HERE / "moments.json").write_text(_text(moments()), encoding="utf-8")
    (HERE / "r_values.json").write_text(_text(r_values()), encoding="utf-8")


def _covariance(x: np.ndarray) -> dict[str, Any]:
    """Divisor n - 1; of each pair over the rows that have both (about their means there)."""
    k = x.shape[1]
    upper = []
    for i, j in zip(*np.triu_indices(k), strict=True):
        both = x[:, [i, j]][~np.isnan(x[:, [i, j]]).any(axis=1)]
        upper.append(float(np.cov(both.T)[0, 1]))
    means = [float(column[~np.isnan(column)].mean()) for column in x.T]
    return {"n": len(x), "mean": means, "upper triangle": upper}


def _squares(rows: Rows, name: str) -> dict[str, Any]:
    table = rows.table(name)
    return {"mean": float(table.mean()), "squares": LAYOUTS[name].sums_of_squares(table)}


def _counts(rows: Rows, name: str) -> Any:
    counts = rows.counts(name).astype(int)
    if name not in PATTERNS:
        return counts.tolist()
    found, times = np.unique(counts, axis=0, return_counts=True)
    return {"patterns": found.tolist(), "units": times.tolist()}


def _text(value: dict[str, Any]) -> str:
    parts = [f"{json.dumps(key)}: {json.dumps(below)}" for key, below in value.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    write()
