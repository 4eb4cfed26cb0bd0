"""Populations whose coefficients are known, and how a sample of each is drawn.

Every true value follows from the parameters below, never from a sample. They were written down
before anything was run, and nothing here depends on a result.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from psychometrics.stats.facet_design import FacetDesign, parse_design

# Cumulative shares of the skewed five-point items: 42, 27, 17, 10 and 4 %.
SKEWED_CUTS = (-0.2, 0.5, 1.1, 1.7)


@dataclass(frozen=True)
class Population:
    """A population.

    Parameters
    ----------
    name : str
    about : str
        Its parameters in words.
    kind : str
        ``items``, ``pair``, ``groups``, ``ratings``, ``categories`` or ``design``.
    draw : callable
        Takes a generator and a number of units; returns arrays.
    truth : mapping of str to float
        The coefficients of the population.
    design : FacetDesign, optional
        Of kind ``design``.
    """

    name: str
    about: str
    kind: str
    draw: Callable[[np.random.Generator, int], object]
    truth: Mapping[str, float]
    design: FacetDesign | None = None


def of_covariance(covariance: np.ndarray, loadings: np.ndarray) -> dict[str, float]:
    """Coefficients of a scale from the covariances and the loadings on one factor.

    Parameters
    ----------
    covariance : ndarray, shape (k, k)
    loadings : ndarray, shape (k,)
        Not standardised.
    """
    k, total = len(covariance), covariance.sum()
    spread = np.sqrt(np.diag(covariance))
    sum_r = (covariance / np.outer(spread, spread)).sum()
    psi = np.diag(covariance) - loadings**2
    common = loadings.sum() ** 2
    found = {
        "alpha": k / (k - 1) * (1 - np.trace(covariance) / total),
        "standardised alpha": k / (k - 1) * (1 - k / sum_r),
        "omega": 1 - psi.sum() / total,
        "composite reliability": common / (common + psi.sum()),
        "average variance extracted": np.mean((loadings / spread) ** 2),
    }
    return {name: float(value) for name, value in found.items()}


def normal_items(
    name: str, loadings: Sequence[float], spread: Sequence[float] | None = None
) -> Population:
    """Items with one normal factor; loadings are standardised, spread is standard deviations."""
    on, s = np.array(loadings), np.ones(len(loadings)) if spread is None else np.array(spread)
    own = np.sqrt(1 - on**2)
    correlation = np.outer(on, on)
    np.fill_diagonal(correlation, 1)

    def draw(rng: np.random.Generator, n: int) -> np.ndarray:
        return s * (rng.normal(size=(n, 1)) * on + rng.normal(size=(n, len(on))) * own)

    sizes = "" if spread is None else f", standard deviations {' '.join(f'{v:.3g}' for v in s)}"
    about = f"normal, one factor, loadings {' '.join(f'{v:.3g}' for v in on)}{sizes}"
    truth = of_covariance(correlation * np.outer(s, s), on * s)
    return Population(name, about, "items", draw, truth)


def five_point_items(name: str, loadings: Sequence[float], cuts: Sequence[float]) -> Population:
    """Items of one normal factor cut into five categories, 1 to 5.

    Given the factor the answers are independent, so that the covariances are integrals over it:
    by Gauss–Hermite quadrature with 200 points, whose error is far below what matters here
    (100 points differ by less than 1e-12). Omega is that of one minres factor of the population's
    correlations.
    """
    on, edges = np.array(loadings), np.array(cuts)
    own = np.sqrt(1 - on**2)

    def draw(rng: np.random.Generator, n: int) -> np.ndarray:
        y = rng.normal(size=(n, 1)) * on + rng.normal(size=(n, len(on))) * own
        return np.digitize(y, edges) + 1.0

    covariance = five_point_covariance(on, edges)
    spread = np.sqrt(np.diag(covariance))
    standardised = principal_axis(covariance / np.outer(spread, spread))
    shares = " ".join(f"{v:.2f}" for v in np.diff(special.ndtr([-np.inf, *cuts, np.inf])))
    about = (
        f"five points, shares {shares}, of a normal factor with loadings "
        f"{' '.join(f'{v:.3g}' for v in on)}"
    )
    truth = of_covariance(covariance, standardised * spread)
    return Population(name, about, "items", draw, truth)


def five_point_covariance(loadings: np.ndarray, cuts: np.ndarray, points: int = 200) -> np.ndarray:
    """Covariances of items that are a cut normal factor."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(points)
    weights = weights / weights.sum()
    above = special.ndtr(
        (loadings[:, None] * nodes - cuts[:, None, None]) / np.sqrt(1 - loadings**2)[:, None]
    )
    given = above.sum(axis=0)
    second = (2 * np.arange(len(cuts)) + 1) @ special.ndtr(-cuts)
    mean = given @ weights
    covariance = (given * weights) @ given.T - np.outer(mean, mean)
    np.fill_diagonal(covariance, second - mean**2)
    return covariance


def principal_axis(correlation: np.ndarray) -> np.ndarray:
    """Loadings on one factor with the smallest squared residuals, by iteration to the end."""
    communality = 1 - 1 / np.diag(np.linalg.inv(correlation))
    for _ in range(10_000):
        reduced = correlation - np.eye(len(correlation)) + np.diag(communality)
        values, vectors = np.linalg.eigh(reduced)
        loadings = vectors[:, -1] * np.sqrt(values[-1])
        if np.abs(loadings**2 - communality).max() < 1e-14:
            break
        communality = loadings**2
    return np.abs(loadings)


def normal_pair(name: str, r: float, shift: float = 0.0, scale: float = 1.0) -> Population:
    """Two normal measurements, the second shifted and stretched."""

    def draw(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
        x, z = rng.normal(size=(2, n))
        return x, shift + scale * (r * x + np.sqrt(1 - r**2) * z)

    about = f"bivariate normal, correlation {r:g}, shift {shift:g}, scale {scale:g}"
    concordance = 2 * r * scale / (1 + scale**2 + shift**2)
    return Population(name, about, "pair", draw, {"r": r, "concordance": concordance})


def skewed_pair(name: str, shared: float, own: float) -> Population:
    """Two sums of gamma variables that have one of them in common."""

    def draw(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
        common = rng.gamma(shared, size=n)
        return common + rng.gamma(own, size=n), common + rng.gamma(own, size=n)

    r = shared / (shared + own)
    skew = skewness(shared + own)
    about = f"gamma sums, shape {shared:g} shared and {own:g} own, skewness {skew:.2f}"
    return Population(name, about, "pair", draw, {"r": r, "concordance": r})


def skewness(shape: float) -> float:
    """Of a gamma distribution."""
    return 2 / np.sqrt(shape)


def groups(name: str, d: float, share: float = 0.5, shape: float | None = None) -> Population:
    """Two groups with one standard deviation; n counts both, the first holds a share of it.

    Normal, or with ``shape`` gamma.
    """

    def noise(rng: np.random.Generator, n: int) -> np.ndarray:
        return rng.normal(size=n) if shape is None else rng.gamma(shape, size=n) / np.sqrt(shape)

    def draw(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
        first = round(share * n)
        return d + noise(rng, first), noise(rng, n - first)

    kind = "normal" if shape is None else f"gamma, skewness {skewness(shape):.2f}"
    about = f"{kind}, difference of {d:g} standard deviations, {share:.0%} in the first group"
    return Population(name, about, "groups", draw, {"d": d})


def ratings(name: str, raters: int, units: float, rater: float) -> Population:
    """Units × raters with normal effects; the rest up to a variance of 1 is error."""
    parts = np.sqrt([units, rater, 1 - units - rater])

    def draw(rng: np.random.Generator, n: int) -> np.ndarray:
        of_unit, of_rater = rng.normal(size=(n, 1)), rng.normal(size=raters)
        return parts[0] * of_unit + parts[1] * of_rater + parts[2] * rng.normal(size=(n, raters))

    about = f"normal, {raters} raters, variances {units:g} units, {rater:g} raters"
    return Population(name, about, "ratings", draw, {"ICC(2,1)": units})


def categories(
    name: str, shares: Sequence[float], right: float, raters: int, missing: float = 0.0
) -> Population:
    """Each unit has a category; each rater gives it, or else one drawn from the shares.

    Two raters then agree beyond chance with probability right², so that Krippendorff's alpha is
    right² for every metric.
    """
    p = np.array(shares)

    def draw(rng: np.random.Generator, n: int) -> np.ndarray:
        unit = rng.choice(len(p), size=(n, 1), p=p)
        other = rng.choice(len(p), size=(n, raters), p=p)
        x = 1.0 + np.where(rng.random((n, raters)) < right, unit, other)
        return np.where(rng.random((n, raters)) < missing, np.nan, x)

    about = (
        f"{len(p)} categories with shares {' '.join(f'{v:g}' for v in p)}, {raters} raters, each "
        f"right with probability {right:g} and else at random, {missing:.0%} missing"
    )
    return Population(name, about, "categories", draw, {"alpha": right**2})


def study(
    name: str,
    design: str,
    sizes: Mapping[str, int],
    components: Sequence[float],
    missing: float = 0.0,
) -> Population:
    """A random-effects design, ``p`` the object; components in the order of the design's terms."""
    parsed, variances = parse_design(design), np.array(components)

    def draw(rng: np.random.Generator, n: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        shape = [n if facet == "p" else sizes[facet] for facet in parsed.facets]
        y = np.zeros(shape)
        for effect, variance in zip(parsed.effects, variances, strict=True):
            levels = [k if f in effect else 1 for f, k in zip(parsed.facets, shape, strict=True)]
            y = y + np.sqrt(variance) * rng.normal(size=levels)
        kept = rng.random(y.size) >= missing
        codes = np.indices(y.shape).reshape(y.ndim, -1)[:, kept]
        return y.ravel()[kept], dict(zip(parsed.facets, codes, strict=True))

    tau = relative = absolute = 0.0
    for effect, variance in zip(parsed.effects, variances, strict=True):
        share = variance / np.prod([sizes[f] for f in effect - {"p"}])
        tau += share if effect == {"p"} else 0
        relative += share if "p" in effect and effect != {"p"} else 0
        absolute += share if effect != {"p"} else 0
    counts = ", ".join(f"{k} {facet}" for facet, k in sizes.items())
    gaps = f", {missing:.0%} missing at random" if missing else ""
    values = " ".join(f"{v:g}" for v in components)
    about = f"normal, {design}: {counts}; components {values}{gaps}"
    truth = {"G": float(tau / (tau + relative)), "Phi": float(tau / (tau + absolute))}
    return Population(name, about, "design", draw, truth, parsed)


THREE = (0.35, 0.10, 0.02, 0.15, 0.08, 0.02, 0.28)
FOUR = (0.30, 0.15, 0.01, 0.02, 0.15, 0.03, 0.04, 0.01, 0.02, 0.01, 0.05, 0.06, 0.01, 0.01, 0.25)
FIVE_SHARES = (0.1, 0.2, 0.4, 0.2, 0.1)

POPULATIONS = (
    normal_items("parallel items", [0.6] * 6),
    normal_items(
        "tau-equivalent items",
        [0.8, 0.72, 0.66, 0.62, 0.58, 0.54, 0.5, 0.47],
        [1 / v for v in (0.8, 0.72, 0.66, 0.62, 0.58, 0.54, 0.5, 0.47)],
    ),
    normal_items("congeneric items", [0.8, 0.75, 0.7, 0.65, 0.6, 0.5, 0.45, 0.4]),
    normal_items(
        "very unequal congeneric items", [0.8, 0.7, 0.6, 0.4, 0.3], [1.0, 2.0, 1.0, 0.5, 1.0]
    ),
    five_point_items("skewed five-point items", [0.8, 0.75, 0.7, 0.6, 0.55, 0.5], SKEWED_CUTS),
    normal_pair("pair, r = .3", 0.3),
    normal_pair("pair, r = .8", 0.8),
    normal_pair("pair, r = .9, shifted", 0.9, 0.3, 1.2),
    skewed_pair("skewed pair, r = .5", 2.0, 2.0),
    groups("groups, d = 0.2", 0.2),
    groups("groups, d = 0.8", 0.8),
    groups("groups 1 to 3, d = 0.5", 0.5, share=0.25),
    groups("skewed groups, d = 0.5", 0.5, shape=2.0),
    study("p x i, 10 items", "p x i", {"i": 10}, [0.30, 0.20, 0.50]),
    study("p x i, 3 items", "p x i", {"i": 3}, [0.30, 0.20, 0.50]),
    study("p x i x o", "p x i x o", {"i": 5, "o": 3}, THREE),
    study("p x i x o, gaps", "p x i x o", {"i": 5, "o": 3}, THREE, missing=0.2),
    study(
        "p x i x order x wording", "p x i x order x wording",
        {"i": 8, "order": 4, "wording": 3}, FOUR,
    ),
    study("p x (r:t)", "p x (r:t)", {"t": 3, "r": 3}, [0.40, 0.20, 0.10, 0.20, 0.50]),
    ratings("3 raters who differ", 3, 0.6, 0.3),
    ratings("3 raters alike", 3, 0.6, 0.02),
    ratings("10 raters who differ", 10, 0.3, 0.3),
    categories("3 raters, 5 categories", FIVE_SHARES, 0.8, 3),
    categories("4 raters, 5 categories, gaps", FIVE_SHARES, 0.8, 4, missing=0.2),
)  # fmt: skip
