"""REML against lme4, against a dense likelihood, and at the edges."""

import json
from pathlib import Path

import numpy as np
import pytest

from psychometrics.stats import reml_equations
from psychometrics.stats.facet_cells import FacetCells, gather_cells
from psychometrics.stats.facet_design import parse_design
from psychometrics.stats.mean_squares import mean_squares
from psychometrics.stats.reml import RemlFit, reml
from psychometrics.stats.reml_equations import BlockEquations

SHARED = Path(__file__).resolve().parents[3] / "shared"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")


def drawn(rng, text: str, sizes: dict[str, int], variances: list[float], missing=0.0, replicates=1):
    """Cells of a random-effects design; the last variance is that within cells, if there are replicates."""
    design = parse_design(text)
    y = np.zeros([sizes[f] for f in design.facets])
    for effect, variance in zip(design.effects, variances, strict=False):
        y = y + np.sqrt(variance) * rng.normal(
            size=[sizes[f] if f in effect else 1 for f in design.facets]
        )
    index = np.repeat(np.indices(y.shape).reshape(y.ndim, -1), replicates, axis=1)
    y = np.repeat(y.ravel(), replicates)
    if replicates > 1:
        y = y + np.sqrt(variances[-1]) * rng.normal(size=len(y))
    kept = rng.random(len(y)) >= missing
    return y[kept], dict(zip(design.facets, index[:, kept], strict=True)), design


def dense_criterion(y: np.ndarray, cells: FacetCells, fit: RemlFit, codes, design) -> float:
    """Minus twice the restricted log-likelihood from the covariance matrix written out."""
    n = len(y)
    v = fit.components[-1] * np.eye(n)
    for effect, variance in zip(fit.effects[:-1], fit.components[:-1], strict=True):
        same = np.ones((n, n), dtype=bool)
        for facet in effect:
            same &= np.equal.outer(codes[facet], codes[facet])
        v += variance * same
    lower = np.linalg.cholesky(v)
    one, z = np.linalg.solve(lower, np.ones(n)), np.linalg.solve(lower, y)
    rest = z - one * (one @ z) / (one @ one)
    log_det = 2 * np.log(np.diag(lower)).sum() + np.log(one @ one)
    return float(log_det + rest @ rest + (n - 1) * np.log(2 * np.pi))


CASES = {
    "crossed": ("p x i x o", {"p": 12, "i": 5, "o": 4}, [0.5, 0.2, 0.1, 0.3, 0.2, 0.1, 0.8], 1),
    "replicated": ("p x i", {"p": 15, "i": 5}, [0.5, 0.2, 0.3, 0.8], 2),
    "three-way replicated": ("p x i x o", {"p": 8, "i": 4, "o": 3}, [0.5, 0.2, 0.1, 0.3, 0.2, 0.1, 0.3, 0.8], 2),
    "nested": ("p x (r:t)", {"p": 12, "t": 4, "r": 3}, [0.5, 0.2, 0.3, 0.2, 0.8], 1),
    "objects nested": ("p:c x i", {"p": 5, "c": 8, "i": 5}, [0.5, 0.2, 0.4, 0.1, 0.6], 1),
    "no such occasion": ("p x i x o", {"p": 12, "i": 5, "o": 4}, [0.5, 0.2, 0.0, 0.3, 0.0, 0.0, 0.8], 1),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_criterion_is_that_of_the_dense_likelihood_and_at_its_minimum(rng, name):
    text, sizes, variances, replicates = CASES[name]
    y, codes, design = drawn(rng, text, sizes, variances, 0.2, replicates)
    cells = gather_cells(y, codes, design)
    fit = reml(cells)
    assert fit.converged
    assert fit.criterion == pytest.approx(dense_criterion(y, cells, fit, codes, design), abs=1e-8)
    equations = BlockEquations(cells, fit.effects[:-1])
    ratios = fit.components[:-1] / fit.components[-1]
    for i in range(len(ratios)):
        for factor in (0.97, 1.03):
            near = ratios.copy()
            near[i] = near[i] * factor if near[i] > 0 else 1e-4
            assert equations.criterion(near) > fit.criterion - 1e-9  # rounding


@pytest.mark.parametrize("name", CASES)
def test_gradient_is_that_of_differences(rng, name):
    text, sizes, variances, replicates = CASES[name]
    y, codes, design = drawn(rng, text, sizes, variances, 0.2, replicates)
    cells = gather_cells(y, codes, design)
    effects = design.effects if replicates > 1 else design.effects[:-1]
    equations = BlockEquations(cells, effects)
    gamma = rng.uniform(0.1, 0.6, size=len(effects))
    at = equations.solve(gamma)
    error = at.quadratic / (cells.n - 1)
    analytic = at.traces - equations.squared_sums(at.residuals)[:-1] / error
    step = 1e-5
    for i in range(len(gamma)):
        move = step * np.eye(len(gamma))[i]
        numeric = (equations.criterion(gamma + move) - equations.criterion(gamma - move)) / (
            2 * step
        )
        assert analytic[i] == pytest.approx(numeric, rel=1e-5, abs=1e-4)  # central differences


@needs_shared
@pytest.mark.parametrize("key", ["brennan3_pxixo", "brennan4_p_rt"])
def test_small_designs_of_lme4(key):
    known = json.loads((SHARED / "reference" / "gtheory.json").read_text(encoding="utf-8"))[key]
    rows = np.genfromtxt(
        SHARED / "reference" / "data" / known["data"],
        delimiter=",",
        names=True,
        dtype=None,
        encoding="utf-8",
    )
    facets = [name for name in rows.dtype.names if name.lower() != "score"]
    text = "person x item x occasion" if "item" in facets else "Person x (Rater:Task)"
    codes = {f: np.array([int(str(value).strip('"')) for value in rows[f]]) for f in facets}
    score = next(name for name in rows.dtype.names if name.lower() == "score")
    cells = gather_cells(rows[score].astype(float), codes, parse_design(text))
    fit = reml(cells)
    there = {name.replace(":", " x "): value for name, value in known["lmer_reml"].items()}
    names = [name.replace(":", " x ") for name in fit.names[:-1]]
    theirs = np.array([there[name] for name in names]) / there["Residual"]
    at_theirs = BlockEquations(cells, fit.effects[:-1]).criterion(theirs)
    assert fit.criterion <= at_theirs
    assert fit.criterion == pytest.approx(at_theirs, abs=1e-5)
    # lme4's default optimiser stopped 5e-4 away in brennan4 (criterion 6e-7 above), 3e-7 in brennan3
    np.testing.assert_allclose(fit.components[:-1] / fit.components[-1], theirs, rtol=6e-4)


@needs_shared
def test_bfi_neuroticism_of_lme4():
    known = json.loads((SHARED / "reference" / "gtheory.json").read_text(encoding="utf-8"))
    rows = np.genfromtxt(SHARED / "reference" / "data" / "bfi.csv", delimiter=",", names=True)
    items = [name for name in rows.dtype.names if name[0] in "ACENO" and name[1:].isdigit()]
    table = np.column_stack([rows[name] for name in items])
    kept = table[~np.isnan(table).any(axis=1)][:500]
    y = kept[:, [items.index(f"N{i}") for i in range(1, 6)]]
    person, item = (axis.ravel() for axis in np.indices(y.shape))
    fit = reml(
        gather_cells(y.ravel(), {"person": person, "item": item}, parse_design("person x item"))
    )
    theirs = known["bfi_neuroticism_pxi_first500"]["lmer_reml"]
    np.testing.assert_allclose(  # lme4's optimiser stops
        fit.components, [theirs["person"], theirs["item"], theirs["Residual"]], rtol=1e-4
    )


def test_balanced_designs_give_the_mean_squares_estimates(rng):
    y, codes, design = drawn(rng, "p x (r:t)", {"p": 30, "t": 6, "r": 4}, [0.5, 0.4, 0.4, 0.4, 0.8])
    cells = gather_cells(y, codes, design)
    exact = mean_squares(cells).components
    assert exact.min() > 0
    np.testing.assert_allclose(
        reml(cells).components, exact, rtol=1e-6
    )  # stops at 1e-9 of −2 log L


def test_a_component_at_zero_is_reported_as_such(rng):
    y, codes, design = drawn(
        rng, "p x i x o", {"p": 15, "i": 5, "o": 4}, [0.5, 0.3, 0, 0, 0, 0, 0.8], 0.2
    )
    fit = reml(gather_cells(y, codes, design))
    assert fit.boundary.any() and fit.converged
    assert (fit.components[fit.boundary] == 0).all()
    assert (np.diag(fit.covariance)[fit.boundary] == 0).all()


def test_rows_in_any_order_and_any_pivot_give_the_same(rng):
    y, codes, design = drawn(
        rng, "p x i x o", {"p": 10, "i": 6, "o": 4}, [0.5, 0.2, 0.1, 0.3, 0.2, 0.1, 0.8], 0.2
    )
    one = reml(gather_cells(y, codes, design))
    swapped = parse_design("o x p x i")
    order = rng.permutation(len(y))
    other = reml(gather_cells(y[order], {f: c[order] for f, c in codes.items()}, swapped))
    assert other.criterion == pytest.approx(one.criterion, abs=1e-7)  # tolerance of the search


def test_terms_that_cannot_be_told_apart_are_named():
    p, i = (axis.ravel() for axis in np.indices((6, 4)))
    y = np.arange(24.0) % 7
    with pytest.raises(ValueError, match=r"'item' and 'residual' cannot be told apart.*nested"):
        reml(gather_cells(y, {"person": p, "item": 4 * p + i}, parse_design("person x item")))


def test_data_without_residual_variance_are_refused():
    p, i = (axis.ravel()[1:] for axis in np.indices((6, 4)))
    design = parse_design("p x i")
    with pytest.raises(ValueError, match="fit the observations exactly"):
        reml(gather_cells(1.0 * p + i, {"p": p, "i": i}, design))
    with pytest.raises(ValueError, match="all observations are equal"):
        reml(gather_cells(np.ones(23), {"p": p, "i": i}, design))


def test_designs_too_large_for_a_dense_border_are_refused_with_the_limit(rng, monkeypatch):
    y, codes, design = drawn(rng, "p x i x o", {"p": 10, "i": 6, "o": 4}, [1.0] * 7, 0.2)
    monkeypatch.setattr(reml_equations, "LARGEST_BORDER", 20)
    with pytest.raises(ValueError, match="the limits are 20 and"):
        reml(gather_cells(y, codes, design))


def test_an_unfinished_search_says_so(rng):
    y, codes, design = drawn(rng, "p x i x o", {"p": 10, "i": 6, "o": 4}, [1.0] * 7, 0.3)
    fit = reml(gather_cells(y, codes, design), max_iterations=1)
    assert not fit.converged and fit.iterations == 1


def test_eighty_thousand_rows_recover_their_components(rng):
    components = [0.5, 0.2, 0.01, 0.3, 0.1, 0.05, 0.8]
    y, codes, design = drawn(
        rng, "person x item x occasion", {"person": 500, "item": 20, "occasion": 10}, components, 0.2
    )  # fmt: skip
    fit = reml(gather_cells(y, codes, design))
    assert fit.converged
    # Of those with hundreds of levels, within four standard errors of a variance: √(2 / 500) is .063.
    assert fit.components[[0, 3, 4, 6]] == pytest.approx([0.5, 0.3, 0.1, 0.8], rel=0.25)
