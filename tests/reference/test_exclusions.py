"""What the exclusions say of R, shown: hand computations that reproduce R's number, or refute it."""

import numpy as np
import pytest
from reference_layout import LAYOUTS
from reference_sources import SHARED, Moments, Rows, reference
from scipy import stats

from psychometrics.stats.cohens_kappa import cohens_kappa_of_table
from psychometrics.stats.correlation import correlation_matrix
from psychometrics.stats.heterotrait import heterotrait_matrix
from psychometrics.stats.intraclass_correlation import intraclass_correlation
from psychometrics.stats.krippendorff import METRICS, krippendorffs_alpha
from psychometrics.stats.minres import minres
from psychometrics.stats.variance_components import variance_components

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")
DISTANCE = np.abs(np.subtract.outer(range(3), range(3)))


def coincidence_alpha(ratings: np.ndarray, metric: str, divisor: float) -> float:
    """Krippendorff's alpha of complete ratings, pairs within a unit divided by ``divisor``."""
    values = np.unique(ratings)
    counts = np.stack([(ratings == value).sum(axis=1) for value in values], axis=1)
    pairs = (counts.T @ counts - np.diag(counts.sum(axis=0))) / divisor
    n = pairs.sum(axis=1)
    a, b = np.meshgrid(values.astype(float), values.astype(float))
    middle = np.cumsum(n) - n / 2
    distance = {
        "nominal": a != b,
        "ordinal": np.subtract.outer(middle, middle) ** 2,
        "interval": (a - b) ** 2,
        "ratio": ((a - b) / np.maximum(a + b, 1)) ** 2,
    }[metric]
    expected = (np.outer(n, n) * distance).sum()
    return float(1 - (n.sum() - 1) * (pairs * distance).sum() / expected)


@needs_shared
@pytest.mark.parametrize("metric", METRICS)
def test_irr_does_not_divide_coincidences(metric):
    ratings = Rows().table("shrout_fleiss")
    ours = krippendorffs_alpha(ratings, metric=metric, interval="none").value
    r = reference("agreement")["sf_kripp"][metric]
    # Closed forms.
    assert coincidence_alpha(ratings, metric, divisor=1) == pytest.approx(r, abs=1e-10)
    assert coincidence_alpha(ratings, metric, divisor=3) == pytest.approx(ours, abs=1e-10)
    assert abs(ours - r) > 0.01


@needs_shared
def test_categories_were_numbered_by_each_rater_apart():
    labels = Rows().frame("fleiss_1971_diagnoses").to_numpy(dtype=str)
    apart = np.stack([np.unique(rater, return_inverse=True)[1] for rater in labels.T], axis=1)
    r = reference("agreement")["fleiss_1971_diagnoses"]["kripp_nominal"]
    assert coincidence_alpha(apart, "nominal", divisor=1) == pytest.approx(r, abs=1e-10)
    assert abs(krippendorffs_alpha(labels, interval="none").value - r) > 0.1


def delta_variance(table: np.ndarray, disagreement: np.ndarray) -> float:
    """Variance of weighted kappa, with its slopes by central differences."""

    def kappa(p: np.ndarray) -> float:
        chance = p.sum(axis=1) @ disagreement @ p.sum(axis=0)
        return float(1 - (disagreement * p).sum() / chance)

    p, step = table / table.sum(), 1e-6
    unit = np.eye(p.size).reshape(-1, *p.shape) * step
    slopes = np.array([(kappa(p + d) - kappa(p - d)) / (2 * step) for d in unit])
    return float((slopes**2 @ p.ravel() - (slopes @ p.ravel()) ** 2) / table.sum())


@pytest.mark.parametrize(
    ("name", "disagreement", "r"),
    [
        ("cohen_1968", np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]]), 0.12379000698276),
        # From the width of the interval that psych prints.
        ("counts_3x3", DISTANCE**2, ((0.6483136691168 - 0.45454545454545) / 1.959964) ** 2),
    ],
)
def test_variance_of_weighted_kappa_is_that_of_the_delta_method(name, disagreement, r):
    table = Moments().counts(name)
    weights = 1 - disagreement / disagreement.max()
    ours = cohens_kappa_of_table(table, weights=weights).se ** 2
    # Slopes by differences of 1e-6 are good to about 1e-9.
    assert ours == pytest.approx(delta_variance(table, disagreement), rel=1e-6)
    drawn = np.random.default_rng(4).multinomial(table.sum(), (table / table.sum()).ravel(), 40_000)
    drawn = drawn.reshape(-1, 3, 3) / table.sum()
    chance = np.einsum("bi,ij,bj->b", drawn.sum(axis=2), disagreement, drawn.sum(axis=1))
    simulated = float(np.var(1 - (drawn * disagreement).sum(axis=(1, 2)) / chance))
    # Standard error of a simulated variance √(2 / 40,000) = 0.7 %, bias at n = 100 below 1 %.
    assert ours == pytest.approx(simulated, rel=0.03)
    assert abs(r / ours - 1) > 0.05


def test_irr_puts_the_average_into_the_degrees_of_freedom_of_the_single_form():
    x = Moments().table("shrout_fleiss")
    squares, df = (
        getattr(LAYOUTS["shrout_fleiss"], what)(*given)
        for what, given in (("sums_of_squares", (x,)), ("degrees_of_freedom", ()))
    )
    units, raters, rest = (squares[e] / df[e] for e in ("unit", "rater", "unit:rater"))
    (n, k), found = x.shape, intraclass_correlation(x, form="ICC(2,k)", interval="f")

    def limits(factor: int) -> tuple[float, float]:
        """McGraw and Wong (1996, table 7), with ``factor`` 1; ICC(A,1) has k there."""
        a = factor * found.value / (n * (1 - found.value))
        b = 1 + factor * found.value * (n - 1) / (n * (1 - found.value))
        v = (a * raters + b * rest) ** 2
        v /= (a * raters) ** 2 / (k - 1) + (b * rest) ** 2 / ((n - 1) * (k - 1))
        f, g = stats.f.ppf(0.975, n - 1, v), stats.f.ppf(0.975, v, n - 1)
        low = n * (units - f * rest) / (f * (raters - rest) + n * units)
        return low, n * (g * units - rest) / (raters - rest + n * g * units)

    # Closed forms.
    assert (found.low, found.high) == pytest.approx(limits(1), abs=1e-10)
    assert limits(k) == pytest.approx((0.039440179921391, 0.92857318337717), abs=1e-10)


def restricted_criterion(table: np.ndarray, components: dict[str, float]) -> float:
    """Minus twice the restricted log-likelihood, from the covariance matrix of all observations."""
    n, index = table.size, [axis.ravel() for axis in np.indices(table.shape)]
    covariance = np.zeros((n, n))
    for facets, component in components.items():
        shared = [index[int(axis)][:, None] == index[int(axis)] for axis in facets]
        covariance += component * np.all(shared, axis=0)
    inverse = np.linalg.inv(covariance)
    weight = inverse.sum()
    rest = table.ravel() - inverse.sum(axis=0) @ table.ravel() / weight
    logs = np.linalg.slogdet(covariance)[1] + np.log(weight)
    return float(logs + rest @ inverse @ rest + (n - 1) * np.log(2 * np.pi))


# Components of lme4 by the axes that they belong to, and ours.
STOPPED = {
    "brennan4_p_rt": (
        "person x (rater:task)",
        {"0": ("person", 0.47302280670053), "1": ("task", 0.32532228984327),
         "12": ("rater:task", 0.64748898394734), "01": ("person x task", 0.55955009788293),
         "012": ("residual", 2.3802861013554)},
    ),
    "shrout_lane": (
        "person x time x item",
        {"0": ("person", 2.3431778214764), "1": ("time", 0.38056708634166),
         "2": ("item", 0.60693627028428), "01": ("person x time", 0.91945193785973),
         "02": ("person x item", 0.12084629841961), "12": ("time x item", 0.047221743919395),
         "012": ("residual", 0.9583185560898)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STOPPED)
def test_lme4_stopped_before_the_optimum(name):
    design, lme4 = STOPPED[name]
    table = Moments().table(name)
    index = (axis.ravel() for axis in np.indices(table.shape))
    codes = dict(zip(LAYOUTS[name].axes, index, strict=True))
    found = variance_components(table.ravel(), codes, design, method="reml")
    ours = restricted_criterion(table, {axes: found[term] for axes, (term, _) in lme4.items()})
    theirs = restricted_criterion(table, {axes: value for axes, (_, value) in lme4.items()})
    # Rounding of the criterion is near 1e-12.
    assert ours < theirs - 1e-9
    exact = variance_components(table.ravel(), codes, design, method="mean squares")
    np.testing.assert_allclose(found.values, exact.values, rtol=1e-8)


@needs_shared
def test_residual_mean_square_of_brennan_4_by_hand():
    table = Rows().table("brennan4_p_rt")
    person_task = table.mean(axis=2, keepdims=True)
    rater_task, task = table.mean(axis=0, keepdims=True), table.mean(axis=(0, 2), keepdims=True)
    squares = ((table - person_task - rater_task + task) ** 2).sum()
    # Means of whole numbers: rounding only.
    assert squares == pytest.approx(192.8, abs=1e-10)
    assert round(squares / (9 * 3 * 3), 4) == 2.3802


def test_signed_ratios_are_negative_where_scales_correlate_negatively():
    r = correlation_matrix(Moments().bfi(complete=True)).r
    signed = heterotrait_matrix(r, [s for s in "ACENO" for _ in range(5)], absolute=False)
    assert (signed[3, [0, 1, 2, 4]] < 0).all()


def test_three_factors_of_five_items_are_refused():
    r = correlation_matrix(Moments().scale("agree", complete=True)).r
    with pytest.raises(ValueError, match="n_factors=3 cannot be had from 5 items"):
        minres(r, 3)
