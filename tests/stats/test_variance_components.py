"""The hub: estimates, shares, intervals, and what it says of thin or odd data."""

import pickle

import numpy as np
import pytest

from psychometrics.stats.mean_squares import mean_squares
from psychometrics.stats.variance_components import VarianceComponents, variance_components


def long(*sizes: int) -> list[np.ndarray]:
    return [axis.ravel() for axis in np.indices(sizes)]


@pytest.fixture
def study(rng) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    p, i, o = long(30, 6, 3)
    y = rng.normal(size=30)[p] + rng.normal(size=6)[i] + rng.normal(size=180)[6 * p + i]
    return y + rng.normal(size=540), {"person": p, "item": i, "occasion": o}


def estimated(study, text="person x item x occasion", **options) -> VarianceComponents:
    y, codes = study
    return variance_components(y, codes, text, **options)


def test_terms_values_and_shares_fit_together(study):
    found = estimated(study)
    assert found.terms[-1] == "residual" and len(found.terms) == 7
    assert found.shares.sum() == pytest.approx(1, abs=1e-12)
    np.testing.assert_array_equal(found.values, np.maximum(found.raw, 0))
    np.testing.assert_allclose(found.expected @ found.raw, found.mean_squares, rtol=1e-12)
    assert found["person x item"] == found.values[3]
    assert found.n == 540 and found.n_levels == {"person": 30, "item": 6, "occasion": 3}
    with pytest.raises(KeyError, match="'persons' is not a term; there are person, item"):
        found["persons"]


def test_intervals_enclose_their_component_and_name_their_levels(study):
    found = estimated(study)
    for term, value, c in zip(found.terms, found.values, found.intervals, strict=True):
        assert c.variant == term and c.value == value
        assert 0 <= c.low <= value <= c.high
    occasion = found.intervals[found.terms.index("occasion")]
    assert occasion.n == 3 and "occasion 3" in occasion.method


def test_negative_estimates_are_kept_raw_and_named(rng):
    p, i = long(20, 5)
    y = rng.normal(size=100)
    y -= y.reshape(20, 5).mean(axis=1)[p]  # all persons alike: the component is −MS/5
    found = variance_components(y, {"p": p, "i": i}, "p x i")
    assert found.raw[0] == pytest.approx(-found.mean_squares[2] / 5, rel=1e-10)
    assert found.values[0] == 0 and "negative, set to zero: p" in found.note
    assert found.intervals[0].low == 0


def test_two_levels_are_called_of_no_use():
    rng = np.random.default_rng(3)
    p, i, o = long(20, 5, 2)
    found = variance_components(rng.normal(size=200), {"p": p, "i": i, "o": o}, "p x i x o")
    notes = dict(zip(found.terms, (c.note for c in found.intervals), strict=True))
    assert notes["o"] == "rests on fewer than 3 levels of o: the interval is of no use"
    assert notes["p x o"] == "rests on fewer than 3 levels of o"
    assert notes["p x i"] == ""


def test_reml_of_a_balanced_design_agrees_with_mean_squares(study):
    exact, fit = estimated(study), estimated(study, method="reml")
    if exact.raw.min() >= 0:
        np.testing.assert_allclose(fit.values, exact.values, rtol=1e-5)
    above = [c for c in exact.intervals if c.value > 0.05]
    assert above
    for c in above:
        other = next(o for o in fit.intervals if o.variant == c.variant)
        assert other.value == pytest.approx(
            c.value, rel=0.05
        )  # a negative component moves the rest


def test_missing_cells_go_to_reml_and_are_counted(study, rng):
    y, codes = study
    y = np.where(rng.random(len(y)) < 0.2, np.nan, y)
    found = variance_components(y, codes, "person x item x occasion")
    assert found.method.startswith("REML")
    assert found.n + found.n_missing == 540
    assert f"{found.n_missing} missing observations left out" in found.note
    complete = estimated(study)
    np.testing.assert_allclose(found.values[[0, 3, 6]], complete.values[[0, 3, 6]], rtol=0.3)
    with pytest.raises(ValueError, match="not balanced; choose method='reml'"):
        variance_components(y, codes, "person x item x occasion", method="mean squares")


def test_equivalent_mean_squares_of_complete_data_are_the_mean_squares(study):
    exact, fit = estimated(study), estimated(study, method="reml")
    np.testing.assert_allclose(fit.expected, exact.expected, rtol=1e-12)
    np.testing.assert_array_equal(fit.df, exact.df)


def test_replicates_are_a_term_of_their_own(rng):
    p, i, _ = long(20, 5, 3)
    found = variance_components(rng.normal(size=300), {"p": p, "i": i}, "p x i")
    assert found.terms == ("p", "i", "p x i", "residual")
    assert found.n_levels["replicate"] == 3
    assert "cannot be told apart" not in found.note


def test_a_facet_with_one_level_is_left_out_and_said(study):
    y, codes = study
    kept = codes["occasion"] == 0
    one = variance_components(
        y[kept], {f: c[kept] for f, c in codes.items()}, "person x item x occasion"
    )
    two = variance_components(
        y[kept], {f: codes[f][kept] for f in ("person", "item")}, "person x item"
    )
    assert "one level of occasion" in one.note
    assert one["person"] == two["person"] and one["residual"] == two["residual"]
    assert np.isnan(one["occasion"]) and np.isnan(one["person x item"])
    assert "a facet has one level" in one.intervals[one.terms.index("occasion")].note
    assert np.nansum(one.shares) == pytest.approx(1, abs=1e-12)


def test_persons_of_the_one_class_are_persons(study):
    y, codes = study
    nested = variance_components(
        y, {**codes, "class_": np.zeros(540, dtype=int)}, "person:class_ x item x occasion"
    )
    assert nested["person:class_"] == pytest.approx(estimated(study)["person"], rel=1e-12)


@pytest.mark.parametrize("n", [12, 11])
def test_constant_observations_have_no_variance(n):
    p, i = long(4, 3)
    found = variance_components(np.full(n, 3.0), {"p": p[:n], "i": i[:n]}, "p x i")
    assert (found.values == 0).all() and (found.shares == 0).all()
    assert "all observations are equal" in found.note


def test_one_cell_has_no_components():
    with pytest.raises(ValueError, match="every facet has one level"):
        variance_components([1.0, 2.0], {"p": [0, 0], "i": [0, 0]}, "p x i")


def test_thin_data_have_no_interval_and_say_why():
    """Ten of 25 cells: as many levels of p × i as observations above the main effects."""
    cells = [(p, i) for p in range(5) for i in (p, (p + 1) % 5)][:9]
    p, i = np.array(cells).T
    found = variance_components(np.arange(9.0) ** 1.5, {"p": p, "i": i}, "p x i")
    assert found.df[-1] < 1
    assert "too few observations" in found.intervals[-1].note
    assert np.isnan(found.intervals[-1].low)


def test_misuse_is_named(study):
    with pytest.raises(ValueError, match="method='anova' is none of auto, mean squares, reml"):
        estimated(study, method="anova")
    with pytest.raises(ValueError, match="conf_level=95"):
        estimated(study, conf_level=95)


def test_the_result_can_be_pickled_and_is_printed(study):
    found = pickle.loads(pickle.dumps(estimated(study)))
    assert "person x item: " in repr(found) and "n = 540" in repr(found)


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_components_are_covered_as_often_as_said(rng, missing):
    """p × (r:t), 40 persons, 4 tasks of 3 raters; the full study is in benchmarks/coverage."""
    p, r, t = long(40, 3, 4)
    truth = np.array([0.4, 0.2, 0.2, 0.2, 0.5])
    shapes = [(40, 1, 1), (1, 1, 4), (1, 3, 4), (40, 1, 4), (40, 3, 4)]
    hits = []
    for _ in range(300):
        y = sum(np.sqrt(v) * rng.normal(size=s) for v, s in zip(truth, shapes, strict=True)).ravel()
        kept = rng.random(480) >= missing
        found = variance_components(
            y[kept], {"p": p[kept], "r": r[kept], "t": t[kept]}, "p x (r:t)"
        )
        hits.append([c.low <= v <= c.high for c, v in zip(found.intervals, truth, strict=True)])
    covered = np.mean(hits, axis=0)
    assert (covered > 0.91).all() and (covered < 0.99).all()  # .95 ± 3 standard errors of 300


def test_the_public_estimate_is_that_of_mean_squares(study):
    from psychometrics.stats.facet_cells import gather_cells
    from psychometrics.stats.facet_design import parse_design

    y, codes = study
    plain = mean_squares(gather_cells(y, codes, parse_design("person x item x occasion")))
    np.testing.assert_array_equal(estimated(study).raw, plain.components)
