"""The simulation of coverage in small: true values, the rule, and the main intervals."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from psychometrics.stats.alpha import alpha
from psychometrics.stats.score_variance import numbers_of_conditions, score_variance
from psychometrics.stats.variance_components import variance_components

FOLDER = Path(__file__).parents[2] / "benchmarks" / "coverage"
# Beyond these an interval that covers 93 to 97 % comes once in a million seeds.
ONCE_IN = 1e-6


@pytest.fixture(scope="module")
def coverage():
    # Under another name: a package called coverage is often installed.
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
            patch.setenv(threads, "1")
        before = set(sys.modules)
        spec = importlib.util.spec_from_file_location("coverage_benchmark", FOLDER / "coverage.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        patch.setattr(module, "BOOTSTRAP_UP_TO", 0)
        yield module
        for name in {"coverage_benchmark", "populations", "machine"} - before:
            sys.modules.pop(name, None)


def named(coverage, name):
    return next(p for p in coverage.POPULATIONS if p.name == name)


def test_names_are_unique_and_levels_at_least_three(coverage):
    names = [p.name for p in coverage.POPULATIONS]
    assert len(set(names)) == len(names)
    rng = np.random.default_rng(0)
    for population in coverage.POPULATIONS:
        if population.kind == "design":
            _, codes = population.draw(rng, 50)
            assert min(len(np.unique(code)) for code in codes.values()) >= 3


def test_true_values_are_those_of_large_samples(coverage):
    """A sample of 20,000; the formulas of the standard errors suppose normal items."""
    rng = np.random.default_rng(1)
    checked = 0
    for population in coverage.POPULATIONS:
        if population.kind in ("design", "ratings"):
            continue
        n = 2_000 if population.kind == "categories" else 20_000
        sample = population.draw(rng, n)
        for label, key, found in coverage.ESTIMATES[population.kind](sample, population, 0):
            se = found.se
            if np.isnan(se):
                se = (found.high - found.low) / 4
            # 6 rather than 4 standard errors: those of skewed data are up to half as large again.
            assert abs(found.value - population.truth[key]) < 6 * se, (population.name, label)
            checked += 1
    assert checked >= 40


def test_true_values_of_few_conditions_are_free_of_bias_in_the_mean(coverage):
    """With few levels no sample is large: the estimates of τ − G (τ + δ) average to zero."""
    rng = np.random.default_rng(2)
    for population in coverage.POPULATIONS:
        if population.kind not in ("design", "ratings") or "gaps" in population.name:
            continue
        apart = [departures(population, rng) for _ in range(100)]
        error = np.std(apart, axis=0, ddof=1) / np.sqrt(len(apart))
        # Five standard errors of the mean of 100.
        assert (np.abs(np.mean(apart, axis=0)) < 5 * error).all(), population.name


def departures(population, rng):
    if population.kind == "ratings":
        x = population.draw(rng, 50)
        codes = dict(zip("pi", np.indices(x.shape).reshape(2, -1), strict=True))
        raw = variance_components(x.ravel(), codes, "p x i").raw
        return [raw[0] - population.truth["ICC(2,1)"] * raw.sum()]
    found = variance_components(*population.draw(rng, 50), population.design)
    parts = score_variance(found, "p", numbers_of_conditions(found, "p"))
    tau, relative, absolute = (
        w @ found.raw for w in (parts.universe, parts.relative, parts.absolute)
    )
    truth = population.truth
    return [tau - truth["G"] * (tau + relative), tau - truth["Phi"] * (tau + absolute)]


def test_quadrature_has_converged(coverage):
    from populations import SKEWED_CUTS, five_point_covariance

    loadings, cuts = np.array([0.8, 0.65, 0.5]), np.array(SKEWED_CUTS)
    fine, rough = (five_point_covariance(loadings, cuts, points) for points in (200, 100))
    # The integrand is smooth; what is left is rounding.
    assert np.abs(fine - rough).max() < 1e-10


@pytest.mark.parametrize(
    ("population", "n", "replications", "intervals"),
    [
        # 1,000 where it takes no time: 200 can only be too few, since all 200 may cover.
        ("pair, r = .3", 50, 1000, {"Pearson r", "Lin concordance"}),
        ("groups, d = 0.8", 50, 1000, {"Cohen d"}),
        ("3 raters who differ", 500, 1000, {"ICC(2,1), large sample"}),
        ("3 raters, 5 categories", 50, 1000, {"Krippendorff, ordinal"}),
        ("parallel items", 50, 200, {"alpha, Feldt", "omega, delta method"}),
        ("congeneric items", 500, 200, {"alpha, Feldt", "omega, delta method"}),
        ("p x i, 10 items", 50, 200, {"G (Eρ²)", "Φ"}),
        ("p x i x o", 500, 200, {"G (Eρ²)", "Φ"}),
    ],
)
def test_main_intervals_cover(coverage, population, n, replications, intervals):
    rows = coverage.coverage(named(coverage, population), n, replications)
    found = {r.interval: round(r.coverage * replications) for r in rows if r.withheld == 0}
    least = stats.binom.ppf(ONCE_IN, replications, coverage.LEAST)
    most = stats.binom.isf(ONCE_IN, replications, coverage.MOST)
    for interval in intervals:
        assert least <= found[interval] <= most, interval


def test_what_misses_is_shown_missing(coverage):
    population = named(coverage, "3 raters who differ")
    rows = {r.interval: r for r in coverage.coverage(population, 500, 1000)}
    f = rows["ICC(2,1), F as in R"]
    assert f.verdict == "misses: too short" and f.coverage < 0.85
    assert f.reason.startswith("the F interval takes")
    assert f.reason in coverage.table(list(rows.values()))
    population = named(coverage, "very unequal congeneric items")
    rng = np.random.default_rng(3)
    found = [alpha(population.draw(rng, 50)) for _ in range(1000)]
    limits = np.array([(c.low, c.high) for c in found])
    feldt = coverage.row("alpha, Feldt", population, 50, population.truth["alpha"], limits)
    assert feldt.verdict == "misses: too wide" and "parallel items" in feldt.reason


def test_the_rule(coverage):
    told = [coverage.verdict(hits, 1000) for hits in (930, 970, 929, 971, 913, 982)]
    assert told[:2] == ["covers"] * 2
    assert told[2:4] == ["at the bound"] * 2
    assert told[4:] == ["misses: too short", "misses: too wide"]
    assert coverage.verdict(0, 0) == "no interval"


def test_what_is_withheld_does_not_count(coverage):
    population = named(coverage, "pair, r = .3")
    limits = np.array([[0.2, 0.4], [0.35, 0.4], [np.nan, np.nan], [0.1, 0.2]])
    found = coverage.row("r", population, 50, 0.3, limits)
    assert found.withheld == 0.25 and found.coverage == pytest.approx(1 / 3)
    assert found.missed_below == found.missed_above == pytest.approx(1 / 3)
    nothing = coverage.row("r", population, 50, 0.3, np.full((3, 2), np.nan))
    assert nothing.verdict == "no interval" and nothing.withheld == 1


def test_replications_are_the_first_of_more(coverage):
    population = named(coverage, "groups, d = 0.2")
    assert coverage.coverage(population, 50, 30) == coverage.coverage(population, 50, 30)
    few, more = (coverage.coverage(population, 50, r)[0].coverage * r for r in (30, 31))
    assert round(more) - round(few) in (0, 1)
