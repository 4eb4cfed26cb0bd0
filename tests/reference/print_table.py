"""Print the table against R, and write it where the rows of ../shared are there.

    python tests/reference/print_table.py

Writes benchmarks/results/reference.json. Without ../shared, what moments suffice for is printed
and nothing is written.
"""

import json
from importlib.metadata import version

from reference_sources import HERE, SHARED, Moments, Rows
from reference_table import FileCount, Row, all_leaves, as_text, comparisons, count, kept_values
from reference_table import rows as beside

RESULT = HERE.parents[1] / "benchmarks" / "results" / "reference.json"


def result(table: list[Row], counts: list[FileCount]) -> dict[str, object]:
    """What is written: versions, tolerances with their reasons, counts, and the rows."""
    notes = json.loads((SHARED / "data_notes.json").read_text(encoding="utf-8"))
    used = ("psych", "semTools", "lme4", "lmerTest", "ordinal", "irr")
    tolerances = {row.tolerance.name: row.tolerance for row in table}
    return {
        "versions": {
            "R": notes["R"],
            **{name: notes["versions"][name] for name in used},
            **{name: version(name) for name in ("numpy", "scipy", "statsmodels")},
        },
        "tolerances": {
            name: {"size": t.size, "relative": t.relative, "reason": t.reason}
            for name, t in tolerances.items()
        },
        "files": {
            c.file: {
                "numbers": c.leaves,
                "compared": c.compared,
                "reproduced": c.reproduced,
                "excluded": c.excluded,
            }
            for c in counts
        },
        "rows": [
            {
                "file": row.file,
                "quantity": row.quantity,
                "ours": row.ours,
                "R": row.r,
                "difference": float(f"{row.difference:.2e}"),
                "tolerance": float(f"{row.allowed:.2e}"),
                "kind": row.tolerance.name,
            }
            for row in table
        ],
    }


def text(found: dict[str, object]) -> str:
    """JSON with a line for each row."""
    head = {key: value for key, value in found.items() if key != "rows"}
    lines = ",\n  ".join(json.dumps(row) for row in found["rows"])
    return f'{json.dumps(head, indent=1)[:-2]},\n "rows": [\n  {lines}\n ]\n}}\n'


def main() -> None:
    """Print, and write."""
    if not SHARED.is_dir():
        table = beside(comparisons(Moments()), kept_values())
        print(as_text(table))
        print("../shared is absent: what moments suffice for; nothing is written")
        return
    leaves = all_leaves()
    table = beside(comparisons(Rows()), leaves)
    counts = count(table, leaves)
    print(as_text(table), *counts, sep="\n")
    RESULT.write_text(text(result(table, counts)), encoding="utf-8")


if __name__ == "__main__":
    main()
