"""Decision studies against Brennan's grid and exhaustive search."""

import csv
import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from psychometrics.stats.decision_study import cheapest_design, decision_grid
from psychometrics.stats.generalizability import generalizability
from psychometrics.stats.variance_components import VarianceComponents, variance_components

SHARED = Path(__file__).resolve().parents[3] / "shared"


def long(*sizes: int) -> list[np.ndarray]:
    return [axis.ravel() for axis in np.indices(sizes)]


@pytest.fixture
def crossed() -> VarianceComponents:
    rng = np.random.default_rng(4)
    p, i, o = long(40, 6, 3)
    y = rng.normal(size=40)[p] + rng.normal(size=6)[i] + 0.5 * rng.normal(size=120)[3 * p + o]
    y = y + 0.4 * rng.normal(size=3)[o] + rng.normal(size=720)
    return variance_components(y, {"p": p, "i": i, "o": o}, "p x i x o")


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")
def test_grid_of_brennan():
    file = SHARED / "reference" / "gtheory.json"
    known = json.loads(file.read_text(encoding="utf-8"))["brennan3_pxixo"]
    with (SHARED / "reference" / "data" / known["data"]).open(encoding="utf-8") as rows:
        data = list(csv.DictReader(rows))
    codes = {f: [int(row[f]) for row in data] for f in ("person", "item", "occasion")}
    v = variance_components([float(r["score"]) for r in data], codes, "person x item x occasion")
    grid = decision_grid(v, "person", {"occasion": [1, 2, 3], "item": [1, 2, 4, 8]})
    study = known["dstudy_from_anova"]
    assert grid.numbers[:, 1].tolist() == study["n_item"]
    np.testing.assert_allclose(grid.relative, study["Erho2"], atol=1e-12)  # closed form
    np.testing.assert_allclose(grid.absolute, study["Phi"], atol=1e-12)


def test_grid_agrees_with_one_at_a_time(crossed):
    grid = decision_grid(crossed, "p", {"i": [1, 5, 30]}, fixed=["o"])
    for numbers, g, phi, sem in zip(
        grid.numbers, grid.relative, grid.absolute, grid.sem_absolute, strict=True
    ):
        one = generalizability(crossed, "p", {"i": numbers[0]}, fixed=["o"])
        np.testing.assert_allclose(
            [g, phi, sem],
            [one.relative.value, one.absolute.value, one.sem_absolute.value], rtol=1e-12,
        )  # fmt: skip


@pytest.mark.parametrize("coefficient", ["relative", "absolute"])
@pytest.mark.parametrize("target", [0.5, 0.8, 0.9])
@pytest.mark.parametrize("costs", [None, {"i": 3.0}, {"i": 1.0, "o": 20.0}])
def test_the_cheapest_is_that_of_exhaustive_search(crossed, coefficient, target, costs):
    found = cheapest_design(crossed, "p", target, coefficient=coefficient, costs=costs, maximum=40)
    grid = decision_grid(crossed, "p", {"i": range(1, 41), "o": range(1, 41)})
    enough = getattr(grid, coefficient) >= target
    prices = costs or {}
    cost = grid.numbers.prod(axis=1) + grid.numbers @ [prices.get("i", 0), prices.get("o", 0)]
    assert found.reached == enough.any()
    assert found.cost == cost[enough].min()
    assert found.coefficient.value >= target - 1e-12  # rounding
    ties = enough & (cost == found.cost)
    assert found.coefficient.value == pytest.approx(
        getattr(grid, coefficient)[ties].max(), rel=1e-12
    )


def test_raters_in_tasks_cost_for_every_task(rng):
    p, t, r = long(40, 4, 3)
    y = rng.normal(size=40)[p] + rng.normal(size=160)[4 * p + t] + rng.normal(size=480)
    v = variance_components(y, {"p": p, "t": t, "r": 3 * t + r}, "p x (r:t)")
    found = cheapest_design(v, "p", 0.8, costs={"r": 10.0, "t": 1.0}, maximum=12)
    best = min(
        (nt * nr + 10 * nt * nr + nt, nt, nr)
        for nt, nr in product(range(1, 13), repeat=2)
        if generalizability(v, "p", {"t": nt, "r": nr}).absolute.value >= 0.8
    )
    assert (found.cost, found.n_conditions["t"], found.n_conditions["r"]) == best


def test_what_is_held_stays_and_sets_the_limit(crossed):
    found = cheapest_design(crossed, "p", 0.8, coefficient="relative", vary=["i"])
    assert found.n_conditions["o"] == 3
    limit = crossed["p"] / (crossed["p"] + crossed["p x o"] / 3)
    assert found.limit == pytest.approx(limit, rel=1e-12)
    above = cheapest_design(crossed, "p", (limit + 1) / 2, coefficient="relative", vary=["i"])
    assert not above.reached and above.n_conditions == {} and np.isnan(above.cost)
    assert f"it tends to {limit:.4g}" in above.note
    assert above.coefficient.value < limit  # at the largest number tried
    more = cheapest_design(
        crossed, "p", (limit + 1) / 2, coefficient="relative", vary=["i"], n_conditions={"o": 60}
    )
    assert more.reached and more.n_conditions["o"] == 60


def test_a_target_beyond_the_maximum_is_told_from_one_out_of_reach(crossed):
    found = cheapest_design(crossed, "p", 0.99, maximum=5)
    assert not found.reached and found.limit == 1
    assert found.note == "0.99 takes more than 5 conditions of a facet (i, o)"


def test_a_target_met_exactly_is_met():
    rng = np.random.default_rng(1)
    p, i = long(30, 5)
    v = variance_components(
        rng.normal(size=30)[p] + rng.normal(size=150), {"p": p, "i": i}, "p x i"
    )
    for n in (1, 7, 23):
        target = generalizability(v, "p", {"i": n}).relative.value
        found = cheapest_design(v, "p", target, coefficient="relative")
        assert found.n_conditions == {"i": n}


def test_without_universe_variance_nothing_is_reached(rng):
    p, i = long(20, 5)
    y = rng.normal(size=100)
    v = variance_components(y - y.reshape(20, 5).mean(axis=1)[p], {"p": p, "i": i}, "p x i")
    found = cheapest_design(v, "p", 0.8)
    assert not found.reached and "estimated at zero" in found.note


def test_fixed_facets_and_other_misuse_are_refused(crossed):
    with pytest.raises(ValueError, match="'o' is fixed: its levels are all there are"):
        cheapest_design(crossed, "p", 0.8, vary=["o"], fixed=["o"])
    with pytest.raises(ValueError, match="'o' is fixed at its 3 levels"):
        decision_grid(crossed, "p", {"o": [1, 2]}, fixed=["o"])
    with pytest.raises(ValueError, match="no facet can be varied"):
        cheapest_design(crossed, "p", 0.8, fixed=["i", "o"])
    with pytest.raises(ValueError, match="vary='p' is not a facet of conditions"):
        cheapest_design(crossed, "p", 0.8, vary=["p"])
    with pytest.raises(ValueError, match="target=90 is not between 0 and 1"):
        cheapest_design(crossed, "p", 90)
    with pytest.raises(ValueError, match="coefficient='phi' is none of relative, absolute"):
        cheapest_design(crossed, "p", 0.9, coefficient="phi")
    with pytest.raises(ValueError, match="'q' is not a facet of conditions"):
        cheapest_design(crossed, "p", 0.9, costs={"q": 1.0})
    with pytest.raises(ValueError, match="of 'i' is below zero"):
        cheapest_design(crossed, "p", 0.9, costs={"i": -1.0})
    with pytest.raises(ValueError, match="maximum=0 is below 1"):
        cheapest_design(crossed, "p", 0.9, maximum=0)
    with pytest.raises(ValueError, match="too many to try"):
        cheapest_design(crossed, "p", 0.9, maximum=10_000_000)
    with pytest.raises(ValueError, match="n_conditions of 'i' is empty"):
        decision_grid(crossed, "p", {"i": []})


def test_a_study_with_one_occasion_decides_nothing_over_occasions(rng):
    p, i, o = long(20, 5, 1)
    v = variance_components(rng.normal(size=100), {"p": p, "i": i, "o": o}, "p x i x o")
    with pytest.raises(ValueError, match="o has one level: no decision"):
        cheapest_design(v, "p", 0.8)
    assert cheapest_design(v, "p", 0.01, fixed=["o"]).n_conditions["o"] == 1
