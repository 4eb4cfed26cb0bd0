"""Mean squares against R's anova, Brennan's tables, and an explicit regression."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from psychometrics.stats.facet_cells import gather_cells
from psychometrics.stats.facet_design import parse_design
from psychometrics.stats.mean_squares import mean_squares

SHARED = Path(__file__).resolve().parents[3] / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")


def reference() -> dict:
    return json.loads((SHARED / "reference" / "gtheory.json").read_text(encoding="utf-8"))


def columns(name: str) -> dict[str, np.ndarray]:
    with (SHARED / "reference" / "data" / name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}


def codes_of(data: dict[str, np.ndarray], *facets: str) -> dict[str, np.ndarray]:
    return {facet: data[facet].astype(int) for facet in facets}


def long(*sizes: int) -> list[np.ndarray]:
    return [axis.ravel() for axis in np.indices(sizes)]


@needs_shared
def test_person_by_item_by_occasion_of_brennan():
    known = reference()["brennan3_pxixo"]
    data = columns(known["data"])
    cells = gather_cells(
        data["score"],
        codes_of(data, "person", "item", "occasion"),
        parse_design("person x item x occasion"),
    )
    found = mean_squares(cells)
    squares = dict(zip(found.names, found.mean_squares, strict=True))
    squares["person x item x occasion"] = squares.pop("residual")
    for name, value in known["anova_ms"].items():
        assert squares[name.replace(":", " x ")] == pytest.approx(value, rel=1e-12)  # 14 digits
    for name, component in zip(found.names, found.components, strict=True):
        key = name.replace(" x ", "_")
        assert component == pytest.approx(known["anova_components"][key], abs=1e-12)
        assert component == pytest.approx(known["published"][key], abs=5e-5)  # printed to 4 places


@needs_shared
def test_raters_nested_in_tasks_of_brennan():
    known = reference()["brennan4_p_rt"]
    data = columns(known["data"])
    design = parse_design("Person x (Rater:Task)")
    found = mean_squares(
        gather_cells(data["Score"], codes_of(data, "Person", "Task", "Rater"), design)
    )
    names = {"Person x Task": "Person:Task", "residual": "Residual"}
    for name, component in zip(found.names, found.components, strict=True):
        # printed to 4 places, the last of them rounded from rounded mean squares
        assert component == pytest.approx(known["published"][names.get(name, name)], abs=2e-4)
    assert dict(zip(found.names, found.df, strict=True)) == {
        "Person": 9, "Task": 2, "Rater:Task": 9, "Person x Task": 18, "residual": 81,
    }  # fmt: skip


@needs_shared
def test_persons_by_times_by_items_of_shrout_and_lane():
    known = reference()["shrout_lane"]["components"]
    data = columns("shrout_lane_2012.csv")
    y = np.concatenate([data[f"Item{i}"] for i in (1, 2, 3)])
    codes = {
        "id": np.tile(data["Person"], 3).astype(int),
        "time": np.tile(data["Time"], 3).astype(int),
        "item": np.repeat([1, 2, 3], len(data["Time"])),
    }
    found = mean_squares(gather_cells(y, codes, parse_design("id x time x item")))
    # the reference is lme4's, whose optimiser stopped 1.2e-4 away in the smallest component
    labels = dict(zip(known["row"][:7], known["variance"][:7], strict=True))
    theirs = [
        labels[k]
        for k in ("ID", "Time", "Items", "ID x time", "ID x items", "time x items", "Residual")
    ]
    np.testing.assert_allclose(found.components, theirs, rtol=2e-4)


def test_sums_of_squares_are_those_of_a_regression_on_dummies(rng):
    """i:h x p: every effect against the drop in residual sum of squares of nested models."""
    h, i, p = long(3, 4, 5)
    y = rng.normal(size=60)
    found = mean_squares(gather_cells(y, {"p": p, "i": i, "h": h}, parse_design("p x (i:h)")))

    def rss(*groups: np.ndarray) -> tuple[float, int]:
        design = np.column_stack([np.ones(60), *(np.equal.outer(g, np.unique(g)) for g in groups)])
        fit, _, rank, _ = np.linalg.lstsq(design, y, rcond=None)
        return float(((y - design @ fit) ** 2).sum()), int(rank)

    models = {
        "p": ([], [p]), "h": ([], [h]), "i:h": ([h], [h, 4 * h + i]),
        "p x h": ([p, h], [p, h, 3 * p + h]), "residual": ([p, 4 * h + i, 3 * p + h], [20 * h + 5 * i + p]),
    }  # fmt: skip
    for name, square, df in zip(found.names, found.mean_squares, found.df, strict=True):
        (before, rank0), (after, rank1) = rss(*models[name][0]), rss(*models[name][1])
        assert df == rank1 - rank0
        assert square * df == pytest.approx(before - after, rel=1e-9)  # least squares


def test_replicates_split_the_residual(rng):
    p, i, _ = long(6, 4, 3)
    y = rng.normal(size=72)
    found = mean_squares(gather_cells(y, {"p": p, "i": i}, parse_design("p x i")))
    cell_means = y.reshape(24, 3).mean(axis=1)
    within = ((y.reshape(24, 3) - cell_means[:, None]) ** 2).sum() / 48
    assert found.names == ("p", "i", "p x i", "residual")
    assert found.mean_squares[-1] == pytest.approx(within, rel=1e-12)
    assert found.components[2] == pytest.approx((found.mean_squares[2] - within) / 3, rel=1e-12)
    assert found.df.sum() == 71


def test_means_of_many_samples_are_the_components(rng):
    """Unbiased: the mean of 2,000 raw estimates lies within four standard errors."""
    design = parse_design("p x (r:t)")
    p, r, t = long(12, 3, 4)
    truth = np.array([0.5, 0.3, 0.2, 0.0, 0.4])
    estimates = []
    for _ in range(2000):
        y = sum(
            np.sqrt(v) * rng.normal(size=shape)
            for v, shape in zip(
                truth, [(12, 1, 1), (1, 1, 4), (1, 3, 4), (12, 1, 4), (12, 3, 4)], strict=True
            )
        )
        cells = gather_cells(y.ravel(), {"p": p, "r": r, "t": t}, design)
        estimates.append(mean_squares(cells).components)
    error = np.std(estimates, axis=0) / np.sqrt(2000)
    assert (np.abs(np.mean(estimates, axis=0) - truth) < 4 * error).all()


def test_a_large_mean_does_not_cost_digits(rng):
    p, i = long(20, 5)
    y = rng.normal(size=100)
    design, codes = parse_design("p x i"), {"p": p, "i": i}
    plain = mean_squares(gather_cells(y, codes, design)).components
    moved = mean_squares(gather_cells(y + 1e6, codes, design)).components
    np.testing.assert_allclose(moved, plain, rtol=1e-7)  # y itself keeps 10 digits beside 1e6


def test_designs_that_have_no_mean_squares_are_refused():
    design = parse_design("p x i")
    with pytest.raises(ValueError, match="not balanced"):
        mean_squares(gather_cells([1.0, 2.0, 3.0], {"p": [0, 0, 1], "i": [0, 1, 0]}, design))
    with pytest.raises(ValueError, match="'i' has one level"):
        mean_squares(gather_cells([1.0, 2.0], {"p": [0, 1], "i": [0, 0]}, design))
    named = parse_design("p x replicate")
    with pytest.raises(ValueError, match="several observations, although there is a facet"):
        mean_squares(
            gather_cells(
                [1.0, 2.0] * 4,
                {"p": [0, 0, 1, 1] * 2, "replicate": [0, 0, 0, 0, 1, 1, 1, 1]},
                named,
            )
        )
