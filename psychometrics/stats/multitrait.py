"""Multitrait–multimethod matrix: convergent and discriminant validity after Campbell and Fiske."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from psychometrics.stats.arrays import BoolArray, FloatArray, as_matrix, check_level
from psychometrics.stats.bootstrap import bootstrap_many
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.resampled_covariances import resampled_covariances
from psychometrics.stats.resampling import complete_units

REFERENCE = "10.1037/h0046016"
METHOD = "means of Pearson's correlations; complete rows"
NAMES = (
    "validity diagonal",
    "heterotrait–monomethod",
    "heterotrait–heteromethod",
    "validity minus heterotrait–monomethod",
    "validity minus heterotrait–heteromethod",
)


@dataclass(frozen=True, slots=True)
class Validity:
    """One trait measured by two methods, and the correlations that should be below it.

    Parameters
    ----------
    trait, first_method, second_method : str
    r : float
    heteromethod, monomethod : int
        Correlations with other traits across these two methods, and within either of them.
    above_heteromethod, above_monomethod : int
        How many of those are not smaller than ``r``.
    """

    trait: str
    first_method: str
    second_method: str
    r: float
    heteromethod: int
    above_heteromethod: int
    monomethod: int
    above_monomethod: int


@dataclass(frozen=True, slots=True)
class MultitraitMultimethod:
    """Summary of a multitrait–multimethod matrix.

    Parameters
    ----------
    convergent : Coefficient
        Mean correlation of the same trait by different methods (validity diagonal).
    heterotrait_monomethod, heterotrait_heteromethod : Coefficient
        Mean correlation of different traits by the same method, and by different ones.
    over_monomethod, over_heteromethod : Coefficient
        ``convergent`` minus these two: discriminant validity is supported above zero.
    validities : tuple of Validity
        Campbell and Fiske's comparisons one by one.
    """

    convergent: Coefficient
    heterotrait_monomethod: Coefficient
    heterotrait_heteromethod: Coefficient
    over_monomethod: Coefficient
    over_heteromethod: Coefficient
    validities: tuple[Validity, ...]

    @property
    def violations(self) -> tuple[int, int]:
        """Comparisons in which a validity is not the larger, of how many."""
        above = sum(v.above_heteromethod + v.above_monomethod for v in self.validities)
        return above, sum(v.heteromethod + v.monomethod for v in self.validities)


def multitrait_matrix(
    correlations: ArrayLike,
    traits: Sequence[str],
    methods: Sequence[str],
    *,
    n: int = 0,
    absolute: bool = True,
) -> MultitraitMultimethod:
    """Summarise a multitrait–multimethod matrix of correlations; there are no intervals.

    Parameters
    ----------
    correlations : array-like, shape (k, k)
    traits, methods : sequence of str, length k
        Trait and method of each variable; each combination at most once.
    n : int
        Units that the correlations rest on, where it is known.
    absolute : bool
        Compare validities with the sizes of the correlations between traits. With false signs
        are kept, as Campbell and Fiske did, and a strong negative correlation between two traits
        does not count against them.

    Returns
    -------
    MultitraitMultimethod

    Raises
    ------
    ValueError
        Labels do not fit, a combination occurs twice, or the matrix is not square.

    References
    ----------
    Campbell, D. T., & Fiske, D. W. (1959). Convergent and discriminant validation by the
    multitrait-multimethod matrix. Psychological Bulletin, 56(2), 81–105. doi:10.1037/h0046016

    Examples
    --------
    >>> r = [[1, 0.3, 0.6, 0.2], [0.3, 1, 0.1, 0.5], [0.6, 0.1, 1, 0.55], [0.2, 0.5, 0.55, 1]]
    >>> found = multitrait_matrix(r, ["E", "N", "E", "N"], ["self", "self", "peer", "peer"])
    >>> round(found.convergent.value, 3), found.violations
    (0.55, (1, 8))
    """
    matrix = as_matrix(correlations, "correlations")
    masks = _masks(traits, methods, matrix.shape)
    values = _means(matrix[None], masks, absolute)[0]
    coefficients = [
        _without_interval(name, value, n) for name, value in zip(NAMES, values, strict=True)
    ]
    return _summary(coefficients, _validities(matrix, traits, methods, absolute))


def multitrait_multimethod(
    x: ArrayLike,
    traits: Sequence[str],
    methods: Sequence[str],
    conf_level: float = 0.95,
    *,
    absolute: bool = True,
    n_resamples: int = 2000,
    seed: int = 0,
    clusters: ArrayLike | None = None,
    kind: str = "bca",
) -> MultitraitMultimethod:
    """Summarise scores of several traits by several methods, with bootstrap intervals.

    Parameters
    ----------
    x : array-like, shape (n, k)
        Scores; rows with a NaN are left out.
    traits, methods, absolute
        As in :func:`multitrait_matrix`.
    conf_level : float
        Between 0 and 1.
    n_resamples, seed : int
    clusters : array-like, shape (n,), optional
        Labels of the independent units that rows belong to.
    kind : {"bca", "percentile"}

    Returns
    -------
    MultitraitMultimethod

    Raises
    ------
    ValueError
        As :func:`multitrait_matrix`, or the level is out of range.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> traits = rng.normal(size=(120, 2))
    >>> x = traits[:, [0, 1, 0, 1]] + 0.7 * rng.normal(size=(120, 4))
    >>> found = multitrait_multimethod(x, list("ENEN"), ["s", "s", "p", "p"], n_resamples=500)
    >>> found.convergent
    validity diagonal = 0.637 [0.552, 0.712], n = 120
    """
    check_level(conf_level)
    matrix = as_matrix(x)
    k = matrix.shape[1]
    masks = _masks(traits, methods, (k, k))
    rows, labels = complete_units(matrix, clusters)
    if len(rows) < 3 or (np.ptp(rows, axis=0) == 0).any():
        few = f"{len(rows)} complete rows; 3 are needed"
        reason = few if len(rows) < 3 else "a variable is constant"
        nothing = [undefined(name, reason, n=len(rows), conf_level=conf_level) for name in NAMES]
        return _summary(nothing, ())
    found = bootstrap_many(
        lambda w: _means(_correlations(resampled_covariances(rows, w)), masks, absolute),
        len(rows),
        n_resamples,
        seed,
        clusters=labels,
        bca=kind == "bca",
    )
    coefficients = [
        d.coefficient(name, kind=kind, conf_level=conf_level, method=METHOD, reference=REFERENCE)
        for name, d in zip(NAMES, found, strict=True)
    ]
    whole = _correlations(np.cov(rows.T)[None])[0]
    return _summary(coefficients, _validities(whole, traits, methods, absolute))


def _correlations(covariances: FloatArray) -> FloatArray:
    spread = np.sqrt(np.diagonal(covariances, axis1=1, axis2=2))
    r: FloatArray = covariances / (spread[:, :, None] * spread[:, None, :])
    return r


def _masks(
    traits: Sequence[str], methods: Sequence[str], shape: tuple[int, ...]
) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Validity diagonal, heterotrait–monomethod, heterotrait–heteromethod; each pair once."""
    k = len(traits)
    if shape != (k, k) or len(methods) != k:
        raise ValueError(f"{k} traits and {len(methods)} methods for variables of shape {shape}")
    if len(set(zip(traits, methods, strict=True))) < k:
        raise ValueError("a trait is measured twice by one method; give each combination once")
    if len(set(traits)) < 2 or len(set(methods)) < 2:
        raise ValueError("give at least two traits and two methods")
    trait = np.equal.outer(np.asarray(traits, object), np.asarray(traits, object)).astype(bool)
    method = np.equal.outer(np.asarray(methods, object), np.asarray(methods, object)).astype(bool)
    once = np.triu(np.ones((k, k), dtype=np.bool_), 1)
    return trait & ~method & once, ~trait & method & once, ~trait & ~method & once


def _means(
    r: FloatArray, masks: tuple[BoolArray, BoolArray, BoolArray], absolute: bool
) -> FloatArray:
    """Values of NAMES for each matrix, shape (b, 5); NaN where there are no such pairs."""
    sizes = np.abs(r) if absolute else r
    parts = [r[:, masks[0]], sizes[:, masks[1]], sizes[:, masks[2]]]
    nothing = np.full(len(r), np.nan)
    valid, mono, hetero = (p.mean(axis=1) if p.shape[1] else nothing for p in parts)
    return np.column_stack([valid, mono, hetero, valid - mono, valid - hetero])


def _validities(
    r: FloatArray, traits: Sequence[str], methods: Sequence[str], absolute: bool
) -> tuple[Validity, ...]:
    sizes = np.abs(r) if absolute else r
    trait, method = np.asarray(traits, object), np.asarray(methods, object)
    found = []
    for i, j in zip(*np.nonzero(_masks(traits, methods, r.shape)[0]), strict=True):
        other = trait != trait[i]
        in_first, in_second = other & (method == method[i]), other & (method == method[j])
        hetero = np.concatenate([sizes[i, in_second], sizes[in_first, j]])
        mono = np.concatenate([sizes[i, in_first], sizes[in_second, j]])
        found.append(
            Validity(
                str(trait[i]),
                str(method[i]),
                str(method[j]),
                float(r[i, j]),
                len(hetero),
                int((hetero >= r[i, j]).sum()),
                len(mono),
                int((mono >= r[i, j]).sum()),
            )
        )
    return tuple(found)


def _summary(
    coefficients: Sequence[Coefficient], validities: tuple[Validity, ...]
) -> MultitraitMultimethod:
    valid, mono, hetero, over_mono, over_hetero = coefficients
    return MultitraitMultimethod(valid, mono, hetero, over_mono, over_hetero, validities)


def _without_interval(name: str, value: float, n: int) -> Coefficient:
    if np.isnan(value):
        return undefined(name, "there are no such correlations", n=n, reference=REFERENCE)
    nan = float("nan")
    note = "from correlations alone: no interval"
    return Coefficient(
        name, float(value), nan, nan, 0.95, n, "means of correlations", REFERENCE, note=note
    )
