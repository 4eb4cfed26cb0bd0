"""Coefficients against Brennan, alpha, Shrout & Lane, hand calculation and simulation."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from psychometrics.stats.generalizability import Generalizability, generalizability
from psychometrics.stats.variance_components import VarianceComponents, variance_components

SHARED = Path(__file__).resolve().parents[3] / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")


def reference(key: str) -> dict:
    return json.loads((SHARED / "reference" / "gtheory.json").read_text(encoding="utf-8"))[key]


def columns(name: str) -> dict[str, np.ndarray]:
    with (SHARED / "reference" / "data" / name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {k: np.array([float(row[k] or "nan") for row in rows]) for k in rows[0]}


def long(*sizes: int) -> list[np.ndarray]:
    return [axis.ravel() for axis in np.indices(sizes)]


def brennan() -> VarianceComponents:
    data = columns("brennan_2001_synthetic3_pxixo.csv")
    codes = {f: data[f].astype(int) for f in ("person", "item", "occasion")}
    return variance_components(data["score"], codes, "person x item x occasion")


@pytest.fixture
def crossed(rng) -> VarianceComponents:
    p, i, o = long(40, 6, 3)
    y = rng.normal(size=40)[p] + rng.normal(size=6)[i] + 0.5 * rng.normal(size=120)[3 * p + o]
    y = y + 0.3 * rng.normal(size=18)[3 * i + o] + rng.normal(size=720)
    return variance_components(y, {"p": p, "i": i, "o": o}, "p x i x o")


@needs_shared
def test_coefficients_of_brennan():
    components, known = brennan(), reference("brennan3_pxixo")["dstudy_from_anova"]
    rows = zip(known["n_item"], known["n_occasion"], known["Erho2"], known["Phi"], strict=True)
    for item, occasion, relative, absolute in rows:
        found = generalizability(components, "person", {"item": item, "occasion": occasion})
        # closed form; the reference has 14 digits
        assert found.relative.value == pytest.approx(relative, abs=1e-12)
        assert found.absolute.value == pytest.approx(absolute, abs=1e-12)


@needs_shared
def test_persons_by_items_is_alpha_with_the_interval_of_feldt():
    data = columns("bfi.csv")
    items = [name for name in data if name[0] in "ACENO" and name[1:].isdigit()]
    table = np.column_stack([data[name] for name in items])
    y = table[~np.isnan(table).any(axis=1)][:500][:, [items.index(f"N{k}") for k in range(1, 6)]]
    p, i = long(*y.shape)
    found = generalizability(
        variance_components(y.ravel(), {"p": p, "i": i}, "p x i"), "p"
    ).relative
    alpha = reference("bfi_neuroticism_pxi_first500")["alpha_same_rows"]
    assert found.value == pytest.approx(alpha, abs=1e-12)  # closed form
    feldt = 1 - (1 - alpha) * stats.f.ppf([0.975, 0.025], 499, 4 * 499)
    np.testing.assert_allclose([found.low, found.high], feldt, atol=1e-8)  # root finding


@needs_shared
def test_coefficients_of_shrout_and_lane():
    """Their sums of components: RkF, RkR and R1R leave out parts that Brennan's count as error."""
    data, known = columns("shrout_lane_2012.csv"), reference("shrout_lane")["anova"]
    y = np.concatenate([data[f"Item{k}"] for k in (1, 2, 3)])
    codes = {
        "person": np.tile(data["Person"], 3).astype(int),
        "time": np.tile(data["Time"], 3).astype(int), "item": np.repeat([1, 2, 3], 20),
    }  # fmt: skip
    v = variance_components(y, codes, "person x time x item")
    k, m = 4, 3
    universe = v["person"] + v["person x item"] / m
    error = v["residual"]
    occasion = v["time"] + v["person x time"]
    theirs = {
        "RkF": universe / (universe + error / (k * m)),
        "R1R": universe / (universe + occasion + error / m),
        "RkR": universe / (universe + occasion / k + error / (k * m)),
        "Rc": v["person x time"] / (v["person x time"] + error / m),
    }
    for name, value in theirs.items():
        # psych takes the components from lme4, whose optimiser stops
        assert value == pytest.approx(known[name], abs=1e-4)
    fixed = generalizability(v, "person", {"time": 1}, fixed=["item"])
    assert fixed.universe_variance == pytest.approx(universe, rel=1e-12)
    assert fixed.relative_error == pytest.approx(v["person x time"] + error / m, rel=1e-12)


def test_a_fixed_facet_moves_into_the_universe_score(crossed):
    found = generalizability(crossed, "p", {"i": 4}, fixed=["o"])
    v = crossed
    universe = v["p"] + v["p x o"] / 3
    relative = v["p x i"] / 4 + v["residual"] / 12
    absolute = relative + v["i"] / 4 + v["i x o"] / 12
    assert found.universe_variance == pytest.approx(universe, rel=1e-12)
    assert found.relative_error == pytest.approx(relative, rel=1e-12)
    assert found.absolute_error == pytest.approx(absolute, rel=1e-12)
    assert "fixed: o" in found.relative.method
    assert found.relative.value > generalizability(crossed, "p", {"i": 4}).relative.value


def test_any_facet_can_be_the_object(crossed):
    found = generalizability(crossed, "i")
    v = crossed
    assert found.universe_variance == v["i"] and found.relative.n == 6
    relative = v["p x i"] / 40 + v["i x o"] / 3 + v["residual"] / 120
    assert found.relative_error == pytest.approx(relative, rel=1e-12)


def test_a_nested_object_is_compared_across_what_it_is_nested_in(rng):
    c, p, i = long(6, 8, 5)
    y = rng.normal(size=6)[c] + rng.normal(size=48)[8 * c + p] + rng.normal(size=240)
    v = variance_components(y, {"c": c, "p": p, "i": i}, "p:c x i")
    found = generalizability(v, "p")
    assert found.relative.n == 48
    assert found.universe_variance == pytest.approx(v["c"] + v["p:c"], rel=1e-12)
    assert found.relative_error == pytest.approx((v["c x i"] + v["residual"]) / 5, rel=1e-12)
    classes = generalizability(v, "c")
    assert classes.universe_variance == v["c"]
    expected = v["p:c"] / 8 + v["c x i"] / 5 + v["residual"] / 40
    assert classes.relative_error == pytest.approx(expected, rel=1e-12)


def test_replicates_are_a_random_facet(rng):
    p, i, _ = long(20, 5, 2)
    y = rng.normal(size=20)[p] + rng.normal(size=200)
    v = variance_components(y, {"p": p, "i": i}, "p x i")
    found = generalizability(v, "p", {"replicate": 4}, fixed=["i"])
    assert found.universe_variance == pytest.approx(v["p"] + v["p x i"] / 5, rel=1e-12)
    assert found.relative_error == pytest.approx(v["residual"] / 20, rel=1e-12)


def test_without_a_random_facet_the_residual_is_still_error(rng):
    p, i = long(20, 5)
    v = variance_components(
        rng.normal(size=20)[p] + rng.normal(size=100), {"p": p, "i": i}, "p x i"
    )
    fixed, random = generalizability(v, "p", fixed=["i"]), generalizability(v, "p")
    assert fixed.relative.value == random.relative.value
    assert fixed.absolute_error == fixed.relative_error


def test_the_standard_error_is_the_root_of_error_with_its_chi_square_interval(rng):
    p, i = long(30, 5)
    v = variance_components(
        rng.normal(size=30)[p] + rng.normal(size=150), {"p": p, "i": i}, "p x i"
    )
    found = generalizability(v, "p").sem_relative
    assert found.value == pytest.approx(np.sqrt(v["residual"] / 5), rel=1e-12)
    df = 29 * 4
    exact = np.sqrt(v["residual"] / 5 * df / stats.chi2.ppf([0.975, 0.025], df))
    np.testing.assert_allclose([found.low, found.high], exact, rtol=1e-9)  # quantile routines


def test_intervals_hold_their_value_and_narrow_with_the_level(crossed):
    wide, narrow = (generalizability(crossed, "p", conf_level=level) for level in (0.99, 0.8))
    for name in ("relative", "absolute", "sem_relative", "sem_absolute"):
        a, b = getattr(wide, name), getattr(narrow, name)
        assert a.low <= b.low <= b.value <= b.high <= a.high
        assert a.value == b.value and a.se > 0


def test_the_standard_error_of_g_is_that_of_many_samples(rng):
    """Delta method: the mean estimated error against the spread of 500 estimates, to a tenth."""
    p, i = long(100, 10)
    values, errors = [], []
    for _ in range(500):
        y = rng.normal(size=100)[p] + rng.normal(size=1000)
        c = generalizability(variance_components(y, {"p": p, "i": i}, "p x i"), "p").relative
        values.append(c.value)
        errors.append(c.se)
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.1)  # 500 draws: 3 % error


def undefined_reasons(found: Generalizability) -> set[str]:
    return {found.relative.note, found.absolute.note}


def test_degenerate_data_have_a_stated_reason(rng):
    p, i = long(12, 4)
    y = rng.normal(size=48)
    one_item = variance_components(y[i == 0], {"p": p[i == 0], "i": i[i == 0]}, "p x i")
    assert undefined_reasons(generalizability(one_item, "p")) == {"i has one level"}
    one_person = variance_components(y[p == 0], {"p": p[p == 0], "i": i[p == 0]}, "p x i")
    assert undefined_reasons(generalizability(one_person, "p")) == {"p has one level"}
    constant = variance_components(np.ones(48), {"p": p, "i": i}, "p x i")
    assert undefined_reasons(generalizability(constant, "p")) == {"no variance"}
    assert generalizability(constant, "p").sem_absolute.value == 0
    alike = variance_components(y - y.reshape(12, 4).mean(axis=1)[p], {"p": p, "i": i}, "p x i")
    zero = generalizability(alike, "p").relative
    assert (zero.value, zero.low) == (0.0, 0.0)
    assert zero.note == "universe-score variance is estimated at zero"
    perfect = generalizability(variance_components(1.0 * p, {"p": p, "i": i}, "p x i"), "p")
    assert (perfect.relative.value, perfect.relative.low, perfect.relative.high) == (1, 1, 1)


def test_a_fixed_facet_with_one_level_costs_nothing(rng):
    p, i, o = long(12, 4, 1)
    y = rng.normal(size=12)[p] + rng.normal(size=48)
    with_it = variance_components(y, {"p": p, "i": i, "o": o}, "p x i x o")
    without = variance_components(y, {"p": p, "i": i}, "p x i")
    found = generalizability(with_it, "p", fixed=["o"])
    assert found.relative.value == pytest.approx(
        generalizability(without, "p").relative.value, rel=1e-12
    )
    assert undefined_reasons(generalizability(with_it, "p")) == {"o has one level"}


def test_two_facets_of_two_levels_give_no_interval_of_phi(rng):
    p, i, o = long(30, 2, 2)
    y = rng.normal(size=30)[p] + rng.normal(size=120)
    found = generalizability(variance_components(y, {"p": p, "i": i, "o": o}, "p x i x o"), "p")
    for c in (found.absolute, found.sem_absolute):
        assert np.isnan(c.low) and c.note == "fewer than 3 levels of i and of o: no interval"
    assert not np.isnan(found.relative.low)
    assert "rests on fewer than 3 levels" in found.relative.note


def test_misuse_is_named(crossed):
    with pytest.raises(ValueError, match="object='model' is not a facet; there are p, i, o"):
        generalizability(crossed, "model")
    with pytest.raises(ValueError, match="'p' is not a facet of conditions; there are i, o"):
        generalizability(crossed, "p", {"p": 4})
    with pytest.raises(ValueError, match="0 of 'i' is not a number above zero"):
        generalizability(crossed, "p", {"i": 0})
    with pytest.raises(ValueError, match="'i' is fixed at its 6 levels"):
        generalizability(crossed, "p", {"i": 8}, fixed=["i"])
    with pytest.raises(ValueError, match="fixed='p' is not a facet of conditions"):
        generalizability(crossed, "p", fixed=["p"])
    with pytest.raises(ValueError, match="conf_level"):
        generalizability(crossed, "p", conf_level=1.5)


def test_a_facet_in_a_random_one_cannot_be_fixed(rng):
    p, t, r = long(10, 3, 3)
    v = variance_components(rng.normal(size=90), {"p": p, "t": t, "r": r}, "p x (r:t)")
    with pytest.raises(ValueError, match="'r' cannot be fixed: it is nested in t"):
        generalizability(v, "p", fixed=["r"])
    assert generalizability(v, "p", fixed=["r", "t"]).fixed == ("r", "t")


def test_missing_cells_leave_the_coefficient_where_it_was(rng):
    p, i = long(200, 10)
    y = rng.normal(size=200)[p] + rng.normal(size=10)[i] + rng.normal(size=2000)
    kept = rng.random(2000) > 0.2
    full = generalizability(variance_components(y, {"p": p, "i": i}, "p x i"), "p")
    thin = generalizability(
        variance_components(y[kept], {"p": p[kept], "i": i[kept]}, "p x i"), "p"
    )
    assert thin.relative.value == pytest.approx(full.relative.value, abs=0.02)
    assert thin.relative.low < full.relative.value < thin.relative.high


@pytest.mark.parametrize("fixed", [(), ("o",)])
def test_intervals_cover_as_often_as_they_say(rng, fixed):
    """p × i (5) × o (3) with 50 persons; the full study is in benchmarks/coverage."""
    p, i, o = long(50, 5, 3)
    v = np.array([0.35, 0.10, 0.02, 0.15, 0.08, 0.02, 0.28])
    shapes = [(50, 1, 1), (1, 5, 1), (1, 1, 3), (50, 5, 1), (50, 1, 3), (1, 5, 3), (50, 5, 3)]
    universe = v[0] + (v[4] / 3 if fixed else 0)
    relative = v[3] / 5 + v[6] / 15 + (0 if fixed else v[4] / 3)
    absolute = relative + v[1] / 5 + v[5] / 15 + (0 if fixed else v[2] / 3)
    truth = [universe / (universe + relative), universe / (universe + absolute)]
    hits = []
    for _ in range(400):
        y = sum(np.sqrt(c) * rng.normal(size=s) for c, s in zip(v, shapes, strict=True)).ravel()
        components = variance_components(y, {"p": p, "i": i, "o": o}, "p x i x o")
        found = generalizability(components, "p", fixed=fixed)
        hits.append(
            [
                c.low <= t <= c.high
                for c, t in zip((found.relative, found.absolute), truth, strict=True)
            ]
        )
    covered = np.mean(hits, axis=0)
    assert (covered > 0.92).all() and (covered < 0.99).all()  # .95–.97 ± 3 standard errors of 400
