"""Every number of R's files that belongs here: reproduced, or excluded with a reason."""

import extract_moments
import numpy as np
import pytest
from reference_comparison import CLOSED, LME4, printed
from reference_exclusions import EXCLUSIONS
from reference_sources import SHARED, Moments, Rows
from reference_table import (
    Row,
    all_leaves,
    as_text,
    comparisons,
    count,
    exclusion_matches,
    kept_values,
    leaves,
    rows,
)

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")


@pytest.fixture(scope="module")
def r() -> dict[str, float]:
    return all_leaves()


@pytest.fixture(scope="module")
def table(r) -> list[Row]:
    return rows(comparisons(Rows()), r)


def differing(table: list[Row]) -> str:
    found = [row for row in table if not row.reproduced]
    return as_text(found) if found else ""


def test_moments_reproduce_r():
    kept = kept_values()
    found = comparisons(Moments())
    assert {c.path for c in found} == set(kept)
    table = rows(found, kept)
    print(as_text(table), f"{len(table)} comparisons from moments", sep="\n")
    assert not differing(table), differing(table)


@needs_shared
def test_rows_reproduce_r(table, r):
    print(as_text(table), *count(table, r), sep="\n")
    assert not differing(table), differing(table)


@needs_shared
def test_no_number_is_forgotten(table, r):
    compared = {row.path for row in table}
    excluded = {path for found in exclusion_matches(r).values() for path in found}
    assert not set(r) - compared - excluded
    assert not compared & excluded


@needs_shared
def test_each_exclusion_leaves_something_out(r):
    assert not [pattern for pattern, found in exclusion_matches(r).items() if not found]


@needs_shared
def test_no_number_is_excluded_twice(r):
    found = [path for paths in exclusion_matches(r).values() for path in paths]
    assert len(found) == len(set(found))


def test_no_pattern_stands_twice():
    patterns = [pattern for group in EXCLUSIONS.values() for pattern in group]
    assert len(patterns) == len(set(patterns))


@needs_shared
def test_what_is_kept_here_is_what_shared_holds(r):
    kept = kept_values()
    assert kept == {path: r[path] for path in kept}
    assert set(kept) == set(extract_moments.r_values())
    ours, theirs = (dict(leaves(x)) for x in (Moments().kept, extract_moments.moments()))
    assert set(ours) == set(theirs)
    # Sums of 2,800 products in another order.
    np.testing.assert_allclose([ours[p] for p in theirs], list(theirs.values()), rtol=1e-11)


def test_leaves_are_numbers_with_their_paths():
    found = dict(leaves({"a": [1, None, {"b": 2.5}], "c": "text", "d": True}))
    assert found == {"a/0": 1, "a/2/b": 2.5}


@pytest.mark.parametrize(
    ("tolerance", "r", "near", "far"),
    [
        (CLOSED, 0.7, 0.7 + 9e-11, 0.7 + 2e-10),
        (LME4, 200.0, 200.01, 200.03),
        (printed(3), 0.43, 0.4304, 0.4306),
    ],
)
def test_a_difference_beyond_the_tolerance_is_noticed(tolerance, r, near, far):
    assert Row("file/x", "x", near, r, tolerance).reproduced
    assert not Row("file/x", "x", far, r, tolerance).reproduced
    assert not Row("file/x", "x", float("nan"), r, tolerance).reproduced


def test_counts_of_a_file_add_up():
    paths = [f"misc/mardia/{name}" for name in ("skew", "kurtosis")] + ["misc/spearman"]
    (counted,) = (
        c for c in count([Row("misc/spearman", "rho", 0.5, 0.5, CLOSED)], paths) if c.leaves
    )
    assert (counted.file, counted.leaves, counted.compared, counted.reproduced) == ("misc", 3, 1, 1)
    assert sum(counted.excluded.values()) == 2
    assert str(counted).startswith("misc.json: 1/1 reproduced, 2 excluded of 3 numbers")
