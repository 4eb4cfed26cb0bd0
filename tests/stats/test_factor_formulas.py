import numpy as np
import pytest

from psychometrics.stats.factor_formulas import (
    COMPOSITE,
    EXTRACTED,
    OMEGA,
    FactorFormula,
    composite_from_loadings,
    factor_standard_error,
    omega_from_loadings,
    variance_extracted_from_loadings,
)
from psychometrics.stats.item_covariance import correlation_from_covariance
from psychometrics.stats.minres import minres


def test_worked_by_hand() -> None:
    """Σl = 3, Σl² = 3.5, Σψ = 3."""
    loadings, psi = np.array([0.5, 1.0, 1.5]), np.array([1.0, 1.5, 0.5])
    assert composite_from_loadings(loadings, psi) == pytest.approx(9 / 12)
    assert variance_extracted_from_loadings(loadings, psi) == pytest.approx(3.5 / 6.5)
    assert omega_from_loadings(loadings, psi, np.array(12.0)) == pytest.approx(9 / 12)
    assert omega_from_loadings(loadings, psi, np.array(10.0)) == pytest.approx(7 / 10)


@pytest.mark.parametrize("standardised", [False, True])
@pytest.mark.parametrize("formula", [OMEGA, COMPOSITE, EXTRACTED], ids=lambda f: f.name)
def test_standard_error_by_numerical_derivative(
    formula: FactorFormula, standardised: bool, rng: np.random.Generator
) -> None:
    x = rng.normal(size=(5, 60)) + rng.normal(size=60)
    covariance = np.cov(x * np.array([1, 2, 3, 0.5, 1])[:, None])

    def value(c: np.ndarray) -> float:
        matrix = correlation_from_covariance(c) if standardised else c
        found = minres(matrix)
        return float(formula.value(found.loadings[:, 0], found.uniquenesses, matrix.sum()))

    g, step = np.zeros((5, 5)), 1e-5
    for i, j in np.ndindex(5, 5):
        change = np.zeros((5, 5))
        change[i, j] += step / 2
        change[j, i] += step / 2
        g[i, j] = (value(covariance + change) - value(covariance - change)) / (2 * step)
    product = g @ covariance
    expected = np.sqrt(2 * np.trace(product @ product) / 59)
    matrix = correlation_from_covariance(covariance) if standardised else covariance
    loadings = minres(matrix).loadings[:, 0]
    found = factor_standard_error(formula, matrix, loadings, 60, standardised=standardised)
    # Central differences of a function that is exact to 1e-14: about 1e-9.
    assert found == pytest.approx(expected, rel=1e-7)
