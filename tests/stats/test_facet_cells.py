"""Cells out of long observations, however their levels are numbered."""

import numpy as np
import pytest

from psychometrics.stats.facet_cells import gather_cells, number_levels
from psychometrics.stats.facet_design import parse_design

CROSSED = parse_design("person x item")
NESTED = parse_design("person x (rater:task)")


def long(*sizes: int) -> list[np.ndarray]:
    return [axis.ravel() for axis in np.indices(sizes)]


def test_levels_may_have_any_numbers_and_any_order(rng):
    person, item = long(4, 3)
    y = rng.normal(size=12)
    plain = gather_cells(y, {"person": person, "item": item}, CROSSED)
    order = rng.permutation(12)
    odd = gather_cells(
        y[order], {"person": person[order] * 10**12 - 5, "item": item[order] * 7}, CROSSED
    )
    assert odd.balanced and odd.shape == (4, 3)
    np.testing.assert_allclose(odd.table(), plain.table(), atol=1e-14)  # rounding of the mean


def test_nested_levels_numbered_anew_or_through_are_the_same(rng):
    person, task, rater = long(5, 3, 4)
    y = rng.normal(size=60)
    anew = gather_cells(y, {"person": person, "task": task, "rater": rater}, NESTED)
    through = gather_cells(
        y, {"person": person, "task": task, "rater": 100 + 4 * task + rater}, NESTED
    )
    assert anew.shape == through.shape == (5, 4, 3)
    assert anew.levels == through.levels == {"person": 5, "rater": 12, "task": 3}
    np.testing.assert_array_equal(anew.table(), through.table())


def test_unequal_numbers_are_counted_by_their_harmonic_mean():
    person, task, rater = long(2, 2, 6)
    kept = (task == 0) | (rater < 2)
    codes = {"person": person[kept], "task": task[kept], "rater": rater[kept]}
    cells = gather_cells(np.zeros(kept.sum()), codes, NESTED)
    assert not cells.balanced
    assert cells.conditions("rater") == pytest.approx(2 / (1 / 6 + 1 / 2), rel=1e-14)
    assert cells.conditions("person") == 2


def test_missing_observations_are_left_out_and_counted():
    person, item = long(3, 2)
    y = np.array([1.0, np.nan, 2.0, 3.0, 4.0, 5.0])
    cells = gather_cells(y, {"person": person, "item": item}, CROSSED)
    assert (cells.n, cells.n_missing, cells.balanced) == (5, 1, False)
    assert np.isnan(cells.table()[0, 1])


def test_replicates_are_averaged_with_their_spread_kept():
    codes = {"person": [0, 0, 1, 1], "item": [0, 0, 0, 0]}
    cells = gather_cells([1.0, 3.0, 5.0, 5.0], codes, CROSSED)
    assert cells.replicated and cells.balanced
    assert cells.within == pytest.approx(2.0, abs=1e-14)  # (1 − 2)² + (3 − 2)²
    np.testing.assert_allclose(cells.mean + 3.5, [2.0, 5.0], atol=1e-14)


@pytest.mark.parametrize(
    ("y", "codes", "message"),
    [
        ([1.0], {"person": [0]}, "codes are given for person; the design has person, item"),
        ([1.0], {"person": [0], "item": [0], "x": [0]}, "codes are given for item, person, x"),
        ([1.0, 2.0], {"person": [0], "item": [0, 1]}, r"'person' have shape \(1,\)"),
        ([1.0], {"person": ["a"], "item": [0]}, "'person' are <U1, not whole numbers; number the"),
        ([1.0], {"person": [0.5], "item": [0]}, "'person' are float64, not whole numbers"),
        ([[1.0]], {"person": [0], "item": [0]}, "y has 2 axes"),
        ([np.inf], {"person": [0], "item": [0]}, "infinite"),
        ([np.nan], {"person": [0], "item": [0]}, "no observation: all are missing"),
        ([], {"person": [], "item": []}, "there is no observation$"),
    ],
)
def test_faults_are_named(y, codes, message):
    with pytest.raises(ValueError, match=message):
        gather_cells(y, codes, CROSSED)


def test_numbers_far_apart_are_renumbered_like_near_ones():
    for codes in ([5, 3, 5, 9], [5, 3, 5, 10**15]):
        found, n = number_levels(np.array(codes))
        assert n == 3 and found.tolist() == [1, 0, 1, 2]
