"""Ratio of heterotrait to monotrait correlations of items, which tells scales apart."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from psychometrics.stats.arrays import FloatArray, IntArray, as_matrix, check_level
from psychometrics.stats.bootstrap import bootstrap_many
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.resampled_covariances import resampled_covariances
from psychometrics.stats.resampling import complete_units

REFERENCES = {"htmt": "10.1007/s11747-014-0403-8", "htmt2": "10.1108/IMDS-02-2021-0082"}
MEANS = {"htmt": "arithmetic means", "htmt2": "geometric means"}


@dataclass(frozen=True, slots=True, eq=False)
class HeterotraitRatios:
    """Ratios of all pairs of scales.

    Parameters
    ----------
    names : tuple of str
        Scales, in the order in which they first appear.
    matrix : ndarray, shape (k, k)
        Ratios; 1 on the diagonal, NaN where ``pairs`` says why.
    pairs : dict
        The same as coefficients with intervals, by the names of the two scales.
    """

    names: tuple[str, ...]
    matrix: FloatArray
    pairs: dict[tuple[str, str], Coefficient]


def heterotrait_ratios(
    x: ArrayLike,
    scales: Sequence[str],
    conf_level: float = 0.95,
    *,
    variant: str = "htmt",
    absolute: bool = True,
    n_resamples: int = 2000,
    seed: int = 0,
    clusters: ArrayLike | None = None,
    kind: str = "bca",
) -> HeterotraitRatios:
    """Heterotrait–monotrait ratios of all pairs of scales, with bootstrap intervals.

    The mean correlation of items of different scales, divided by the root of the product of the
    mean correlations within the two scales: an estimate of the correlation of what they measure.

    Parameters
    ----------
    x : array-like, shape (n, n_items)
        Items, reverse-keyed ones turned. Rows with a NaN are left out.
    scales : sequence of str, length n_items
        Scale of each item.
    conf_level : float
        Between 0 and 1.
    variant : {"htmt", "htmt2"}
        Arithmetic means, right for items of equal loadings; geometric means, right for any.
    absolute : bool
        Take the sizes of correlations, as is usual: ratios of scales that have nothing in common
        are then above zero. With false the ratio keeps its sign ("htmt" only).
    n_resamples, seed : int
    clusters : array-like, shape (n,), optional
        Labels of the independent units that rows belong to.
    kind : {"bca", "percentile"}

    Returns
    -------
    HeterotraitRatios

    Raises
    ------
    ValueError
        Labels do not fit, an option is unknown, or "htmt2" without absolute.

    References
    ----------
    Henseler, J., Ringle, C. M., & Sarstedt, M. (2015). A new criterion for assessing discriminant
    validity in variance-based structural equation modeling. Journal of the Academy of Marketing
    Science, 43(1), 115–135. doi:10.1007/s11747-014-0403-8

    Roemer, E., Schuberth, F., & Henseler, J. (2021). HTMT2: an improved criterion for assessing
    discriminant validity in structural equation modeling. Industrial Management & Data Systems,
    121(12), 2637–2650. doi:10.1108/IMDS-02-2021-0082

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> traits = rng.normal(size=(200, 1)) + rng.normal(size=(200, 2))
    >>> items = traits[:, [0, 0, 0, 1, 1, 1]] + rng.normal(size=(200, 6))
    >>> heterotrait_ratios(items, list("aaabbb"), n_resamples=500).pairs["a", "b"]
    HTMT = 0.550 [0.435, 0.642], n = 200
    """
    check_level(conf_level)
    _check_variant(variant, absolute)
    matrix = as_matrix(x)
    codes, names = _scale_codes(scales, matrix.shape[1])
    rows, labels = complete_units(matrix, clusters)
    labels_of = {
        "method": f"{MEANS[variant]}; complete rows",
        "reference": REFERENCES[variant],
        "variant": "" if absolute else "signed",
    }
    name = variant.upper()
    if len(rows) < 3:
        why = f"{len(rows)} complete rows; 3 are needed"
        nothing = undefined(name, why, n=len(rows), conf_level=conf_level, **labels_of)
        return _assemble(names, [nothing] * len(_pairs(names)))
    found = bootstrap_many(
        lambda w: _ratios(resampled_covariances(rows, w), codes, variant, absolute),
        len(rows),
        n_resamples,
        seed,
        clusters=labels,
        bca=kind == "bca",
    )
    coefficients = [
        d.coefficient(name, kind=kind, conf_level=conf_level, **labels_of) for d in found
    ]
    return _assemble(names, _explain(coefficients, rows, codes))


def heterotrait_matrix(
    correlations: ArrayLike,
    scales: Sequence[str],
    *,
    variant: str = "htmt",
    absolute: bool = True,
) -> FloatArray:
    """Ratios of all pairs of scales from the correlations of their items, without intervals.

    Parameters
    ----------
    correlations : array-like, shape (n_items, n_items)
    scales, variant, absolute
        As in :func:`heterotrait_ratios`.

    Returns
    -------
    ndarray, shape (k, k)
        Scales in the order in which they first appear; NaN with a scale of one item, or without a
        positive mean correlation within both scales.

    Raises
    ------
    ValueError
        As :func:`heterotrait_ratios`, or not a square matrix.

    Examples
    --------
    >>> r = np.full((4, 4), 0.2)
    >>> r[:2, :2] = 0.5
    >>> r[2:, 2:] = 0.4
    >>> heterotrait_matrix(r, list("aabb")).round(3)
    array([[1.   , 0.447],
           [0.447, 1.   ]])
    """
    _check_variant(variant, absolute)
    matrix = as_matrix(correlations, "correlations")
    if matrix.shape[0] != matrix.shape[1]:
        raise ValueError(f"correlations has shape {matrix.shape}; give a square matrix")
    codes, names = _scale_codes(scales, len(matrix))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = _ratios(matrix[None], codes, variant, absolute)[0]
    return _square(len(names), np.where(np.isfinite(ratios), ratios, np.nan))


def _ratios(covariances: FloatArray, codes: IntArray, variant: str, absolute: bool) -> FloatArray:
    """Ratios of all pairs of scales for each covariance matrix, shape (b, n_pairs)."""
    spread = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
    r = covariances / (spread[:, :, None] * spread[:, None, :])
    if absolute:
        r = np.abs(r)
    members = [np.flatnonzero(codes == k) for k in range(int(codes.max()) + 1)]
    within = [_mean(r[:, m][:, :, m][:, *np.triu_indices(len(m), 1)], variant) for m in members]
    ratios = []
    for i, j in _pairs(members):
        between = _mean(r[:, members[i]][:, :, members[j]].reshape(len(r), -1), variant)
        ratios.append(between / np.sqrt(within[i] * within[j]))
        # Two negative means would make a positive product.
        ratios[-1][(within[i] <= 0) | (within[j] <= 0)] = np.nan
    return np.stack(ratios, axis=1) if ratios else np.empty((len(r), 0))


def _mean(r: FloatArray, variant: str) -> FloatArray:
    if r.shape[1] == 0:
        return np.full(len(r), np.nan)
    mean: FloatArray = np.exp(np.log(r).mean(axis=1)) if variant == "htmt2" else r.mean(axis=1)
    return mean


def _pairs(scales: Sequence[object]) -> list[tuple[int, int]]:
    return list(itertools.combinations(range(len(scales)), 2))


def _assemble(names: tuple[str, ...], coefficients: Sequence[Coefficient]) -> HeterotraitRatios:
    matrix = _square(len(names), np.array([c.value for c in coefficients]))
    by_names = {
        (names[i], names[j]): c for (i, j), c in zip(_pairs(names), coefficients, strict=True)
    }
    return HeterotraitRatios(names, matrix, by_names)


def _square(k: int, ratios: FloatArray) -> FloatArray:
    matrix = np.eye(k)
    matrix[np.triu_indices(k, 1)] = ratios
    matrix.T[np.triu_indices(k, 1)] = ratios
    return matrix


def _explain(
    coefficients: Sequence[Coefficient], rows: FloatArray, codes: IntArray
) -> list[Coefficient]:
    """Say in place of "no value in the data" what is wrong with them."""
    single = np.bincount(codes) == 1
    constant = np.bincount(codes, weights=np.ptp(rows, axis=0) == 0) > 0
    explained = []
    for (i, j), c in zip(_pairs(single), coefficients, strict=True):
        if not np.isnan(c.value):
            explained.append(c)
        elif single[i] or single[j]:
            explained.append(replace(c, note="a scale has one item"))
        elif constant[i] or constant[j]:
            explained.append(replace(c, note="an item is constant"))
        else:
            explained.append(replace(c, note="no positive mean correlation within a scale"))
    return explained


def _check_variant(variant: str, absolute: bool) -> None:
    if variant not in MEANS:
        raise ValueError(f"variant={variant!r} is neither 'htmt' nor 'htmt2'")
    if variant == "htmt2" and not absolute:
        raise ValueError("geometric means need absolute=True; for signed ratios take 'htmt'")


def _scale_codes(scales: Sequence[str], n_items: int) -> tuple[IntArray, tuple[str, ...]]:
    if len(scales) != n_items:
        raise ValueError(f"{len(scales)} scales for {n_items} items; give one an item")
    names = tuple(dict.fromkeys(scales))
    if len(names) < 2:
        raise ValueError("one scale; give items of at least two")
    return np.array([names.index(scale) for scale in scales], dtype=np.int64), names
