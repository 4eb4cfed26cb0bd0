"""Tests that pingouin does well, with their results as estimates."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from psychometrics._types import FloatArray
from psychometrics.analysis.adjusted import ADJUSTED
from psychometrics.analysis.columns import columns, refuse_repetitions
from psychometrics.analysis.estimate import Estimate, estimate_from
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.level_groups import LevelGroups, groups_between, groups_within
from psychometrics.analysis.model_checks import refuse_separation
from psychometrics.analysis.packages import asking, named, package
from psychometrics.analysis.verb import verb
from psychometrics.errors import DataError
from psychometrics.stats.arrays import check_level
from psychometrics.stats.coefficient import Coefficient, undefined
from psychometrics.stats.mean_contrast import mean_contrast
from psychometrics.stats.multiple_testing import REFERENCES
from psychometrics.stats.paired_contrast import paired_contrast

TOST = "10.1007/BF01068419"
RM_CORR = "10.3389/fpsyg.2017.00456"
MEDIATION = "10.3758/BRM.40.3.879"
ADJUSTMENTS = {
    "holm": REFERENCES["holm"], "bonf": "", "sidak": "", "fdr_bh": REFERENCES["bh"], "fdr_by": "",
    "none": "",
}  # fmt: skip
LINEAR = "least squares, Student's t interval"
FEWEST_ROWS = 6

# Variation below this share of the values is rounding.
ROUNDING = 1e-13
# Correlations nearer to 1 than this are perfect.
PERFECT = 1e-10
# Two routes to one p differ by rounding only.
SAME_P = 1e-6


@verb
def tost(
    x: ArrayLike, y: ArrayLike, bound: float, *, paired: bool = False, alpha: float = 0.05
) -> Estimate:
    """Test whether two means are equivalent by two one-sided t tests.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Values of independent units; NaN is missing; of a pair both are left out. Average the rows
        of one unit first.
    bound : float
        Symmetric margin: the largest difference that counts as none, in the units of x; above 0.
    paired : bool
        Whether the two hold the same units.
    alpha : float
        Of each of the two tests, between 0 and .5.

    Returns
    -------
    Estimate
        Mean difference x − y with the interval at 1 − 2 alpha that belongs to the test, and its p:
        the means are equivalent at alpha if the interval lies within ±bound. Variances of
        independent samples are pooled.

    Raises
    ------
    DataError
        The bound is not above 0, alpha is out of range, or there are too few values.

    References
    ----------
    Schuirmann, D. J. (1987). A comparison of the two one-sided tests procedure and the power
    approach for assessing the equivalence of average bioavailability. Journal of Pharmacokinetics
    and Biopharmaceutics, 15(6), 657–680. doi:10.1007/BF01068419

    Examples
    --------
    >>> tost([1, 2, 3, 4], [1.1, 2.1, 2.9, 3.9], bound=0.5, paired=True).p_value < 0.05
    True
    """
    if not 0 < bound < np.inf:
        raise DataError(f"bound={bound} is not above 0.", "Give the largest difference to ignore.")
    if not 0 < alpha < 0.5:
        raise DataError(f"alpha={alpha} is not between 0 and 0.5.", "Give 0.05 for tests at 5 %.")
    first, second = _samples(x, y, paired)
    n, unit = (len(first), "pairs") if paired else (len(first) + len(second), "units")
    level, variant = 1 - 2 * alpha, "paired" if paired else "independent"
    kind = "of pairs" if paired else "variances pooled"
    found = Estimate(
        "mean difference", float(first.mean() - second.mean()), np.nan, np.nan, level, n, unit,
        f"two one-sided t tests, {kind} ({named('pingouin')})", TOST, variant=variant,
    )  # fmt: skip
    if _constant(first - second) if paired else _constant(first) and _constant(second):
        why = "the differences do" if paired else "the values within both samples do"
        return replace(found, note=f"{why} not vary: no interval and no test")
    test = stats.ttest_rel(first, second) if paired else stats.ttest_ind(first, second)
    low, high = test.confidence_interval(level)
    with asking("pingouin", "Give at least two different values of each."):
        row = package("pingouin").tost(first, second, bound=float(bound), paired=paired).iloc[0]
    p = float(row["pval"])
    verdict = "equivalent" if p < alpha else "not shown to be equivalent"
    se = float(high - low) / 2 / float(stats.t.ppf(1 - alpha, test.df))
    ours = stats.t.sf((bound - abs(found.value)) / se, test.df)
    note = f"bounds ±{bound:g}: {verdict} at {alpha:g}"
    return replace(
        found, ci_low=float(low), ci_high=float(high), se=se, p_value=p,
        note="; ".join(filter(None, [note, _disagreement(p, float(ours))])),
    )  # fmt: skip


@verb
def pairwise_tests(
    data: pd.DataFrame,
    value: str,
    *,
    between: str | None = None,
    within: str | None = None,
    subject: str | None = None,
    adjust: str = "holm",
    conf_level: float = 0.95,
) -> Estimates:
    """Compare every two levels of one factor by t tests, their p adjusted for their number.

    Parameters
    ----------
    data : DataFrame
        One row an observation.
    value : str
        Column with the numbers.
    between, within : str
        Column with the factor, of different units or within ``subject``; give one.
    subject : str, optional
        Column that names the unit, whose rows at a level are averaged first; needed with
        ``within``.
    adjust : {"holm", "bonf", "sidak", "fdr_bh", "fdr_by", "none"}
    conf_level : float

    Returns
    -------
    Estimates
        Mean differences: Welch's test between units whether or not the levels are of one size,
        Student's of pairs within them. Their intervals are not adjusted, their p is.

    Raises
    ------
    DataError
        Neither or both factors, a column that is not there, fewer than two levels, or an unknown
        adjustment.
    UnitError
        Answers of responses compared between levels as if each were a unit.

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame({"model": ["a", "a", "a", "b", "b", "b"], "x": [1, 2, 3, 7, 8, 9.0]})
    >>> pairwise_tests(data, "x", between="model")[0]
    mean difference (Welch) of a − b = -6.000 [-8.267, -3.733], n = 6 units
    """
    check_level(conf_level)
    if adjust not in ADJUSTMENTS:
        raise DataError(f"adjust={adjust!r} is unknown.", f"Give one of {', '.join(ADJUSTMENTS)}.")
    factor = between or within
    if factor is None or (between is not None and within is not None):
        raise DataError("Neither or both of between and within are given.", "Give one of them.")
    if within is not None and subject is None:
        raise DataError("A factor within units needs to know the units.", "Give subject='…'.")
    taken = columns(data, [value], [factor, *([subject] if subject else [])])
    if within is not None and subject is not None:
        groups = groups_within(taken, value, factor, subject)
    else:
        if subject is None:
            refuse_repetitions(data, "Name what they are answers of: subject='respondent'.")
        groups = groups_between(taken, value, factor, subject)
    if len(groups.values) < 2:
        raise DataError(
            f"Column {factor!r} has {len(groups.values)} levels with rows.", "Give two or more."
        )
    return Estimates(tuple(_pairs(groups, adjust, conf_level)))


@verb
def repeated_measures_correlation(
    data: pd.DataFrame, x: str, y: str, subject: str, *, conf_level: float = 0.95
) -> Estimate:
    """Correlate two variables within units that were measured several times.

    Parameters
    ----------
    data : DataFrame
        One row an observation; rows that lack a value are left out, and counted in the note.
    x, y, subject : str
        Columns.
    conf_level : float

    Returns
    -------
    Estimate
        Common correlation within units; Fisher's z interval with its degrees of freedom. n counts
        units with two rows or more.

    Raises
    ------
    DataError
        A column is not there or holds no numbers, or fewer than three units.

    References
    ----------
    Bakdash, J. Z., & Marusich, L. R. (2017). Repeated measures correlation. Frontiers in
    Psychology, 8, 456. doi:10.3389/fpsyg.2017.00456

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame(
    ...     {"m": list("aaabbbccc"), "x": [1, 2, 3] * 3, "y": [5, 6, 7, 1, 3, 2, 8, 8, 9.0]}
    ... )
    >>> repeated_measures_correlation(data, "x", "y", "m").value.__round__(3)
    0.756
    """
    check_level(conf_level)
    taken = columns(data, [x, y], [subject])
    used = taken.dropna()
    used = used[used.groupby(subject, observed=True)[x].transform("size") > 1]
    n, lacking = used[subject].nunique(), len(taken) - len(used)
    if n < 3:
        raise DataError(
            f"{n} units with two rows or more.",
            "Give at least 3; with fewer use a plain correlation.",
        )
    found = undefined(
        "repeated-measures correlation", _unvarying(used, [x, y], subject), n=n,
        conf_level=conf_level, method=named("pingouin"), reference=RM_CORR,
    )  # fmt: skip
    if not found.note:
        renamed = used.set_axis(["x", "y", "unit"], axis=1).astype({"unit": str})
        with asking("pingouin", "Give more rows of each unit."):
            row = package("pingouin").rm_corr(renamed, x="x", y="y", subject="unit").iloc[0]
        found = _within(found, float(row["r"]), float(row["pval"]), int(row["dof"]))
    note = f"{lacking} rows left out for missing values or as the only one of their unit"
    return estimate_from(found, n_unit="units", of=f"{x}, {y}", note=note if lacking else "")


@verb
def mediation(
    data: pd.DataFrame,
    x: str,
    mediator: str,
    y: str,
    *,
    conf_level: float = 0.95,
    n_resamples: int = 2000,
    seed: int = 0,
) -> Estimates:
    """Split the effect of x on y into a part through a mediator and the rest.

    Parameters
    ----------
    data : DataFrame
        One row an independent unit; rows that lack a value are left out, and counted in the note.
    x, mediator, y : str
        Columns. A mediator with two values is predicted by logistic regression.
    conf_level : float
    n_resamples, seed : int
        Of the bootstrap of the indirect effect.

    Returns
    -------
    Estimates
        Paths, total, direct and indirect effect. A mediation in data that were not randomised
        rests on no confounding, which no interval covers.

    Raises
    ------
    DataError
        A column is not there or holds no numbers, there are too few rows, or a column does not
        vary or follows from another.
    UnitError
        Answers of responses given as if each were a unit.

    References
    ----------
    Preacher, K. J., & Hayes, A. F. (2008). Asymptotic and resampling strategies for assessing and
    comparing indirect effects in multiple mediator models. Behavior Research Methods, 40(3),
    879–891. doi:10.3758/BRM.40.3.879

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(0)
    >>> data = pd.DataFrame(rng.normal(size=(60, 3)), columns=["x", "m", "y"])
    >>> [e.of for e in mediation(data, "x", "m", "y", n_resamples=200)]
    ['m ~ X', 'Y ~ m', 'Total', 'Direct', 'Indirect']
    """
    check_level(conf_level)
    if n_resamples < 2:
        raise DataError(f"n_resamples={n_resamples} are too few.", "Give 2000.")
    taken = columns(data, [x, mediator, y])
    refuse_repetitions(data, "Average the rows of each unit first.")
    used = taken.dropna()
    _refuse_degenerate(used, [x, mediator])
    with asking("pingouin", "Look for columns that hardly vary or follow from another."):
        table = package("pingouin").mediation_analysis(
            used, x=x, m=mediator, y=y, alpha=1 - conf_level, n_boot=n_resamples, seed=seed
        )
    limits = [name for name in table if str(name).startswith("CI")]
    drawn = f"{named('pingouin')}; bootstrap interval ({n_resamples} resamples, seed {seed})"
    binary, lacking = used[mediator].nunique() == 2, len(taken) - len(used)
    notes = [f"{lacking} rows left out for missing values"] if lacking else []
    if binary:
        notes.append("the mediator has two values: effects do not add up to the total")
    kinds = ["logistic regression, normal interval" if binary else LINEAR, *[LINEAR] * 3]
    methods = [*(f"{named('pingouin')}; {kind}" for kind in kinds), drawn]
    return Estimates(
        tuple(
            Estimate(
                "effect", float(row["coef"]), float(row[limits[0]]), float(row[limits[-1]]),
                conf_level, len(used), "units", method, MEDIATION, note="; ".join(notes),
                of=str(row["path"]), se=float(row["se"]), p_value=float(row["pval"]),
            )
            for (_, row), method in zip(table.iterrows(), methods, strict=True)
        )
    )  # fmt: skip


def _samples(x: ArrayLike, y: ArrayLike, paired: bool) -> tuple[FloatArray, FloatArray]:
    try:
        first, second = (np.asarray(z, dtype=np.float64) for z in (x, y))
    except (TypeError, ValueError) as error:
        raise DataError(f"x or y holds no numbers ({error}).", "Give numbers.") from error
    if first.ndim != 1 or second.ndim != 1:
        raise DataError(f"x and y have {first.ndim} and {second.ndim} axes.", "Give two lists.")
    if np.isinf(first).any() or np.isinf(second).any():
        raise DataError("x or y holds an infinite number.", "Make it missing, or mend it.")
    if paired:
        if len(first) != len(second):
            raise DataError(
                f"{len(first)} and {len(second)} values are no pairs.", "Give as many of each."
            )
        both = ~np.isnan(first) & ~np.isnan(second)
        first, second = first[both], second[both]
    first, second = first[~np.isnan(first)], second[~np.isnan(second)]
    if min(len(first), len(second)) < 2:
        raise DataError("Fewer than two values of one kind.", "Give at least two of each.")
    return first, second


def _constant(x: FloatArray) -> bool:
    return bool(np.ptp(x) <= ROUNDING * np.abs(x).max())


def _disagreement(theirs: float, ours: float) -> str:
    """Say so where the package and our own formula differ; they are two routes to one p."""
    if abs(theirs - ours) <= SAME_P:
        return ""
    return f"pingouin's p is {theirs:.4g}, by scipy it is {ours:.4g}"


def _pairs(groups: LevelGroups, adjust: str, conf_level: float) -> Iterator[Estimate]:
    found = {
        (a, b): _contrast(groups.values[a], groups.values[b], groups.paired, conf_level)
        for a, b in combinations(groups.values, 2)
    }
    tested = [pair for pair, one in found.items() if not np.isnan(one.p_value)]
    adjusted = dict(zip(tested, _adjusted([found[p].p_value for p in tested], adjust), strict=True))
    told = "p not adjusted" if adjust == "none" else (
        f"{ADJUSTED} for {len(tested)} pairs by {adjust}, interval not"
    )  # fmt: skip
    averaged = ["rows of a unit averaged first"] if groups.averaged else []
    for (a, b), one in found.items():
        method = "; ".join([*one.method.split("; "), *averaged, told, named("pingouin")])
        whole = replace(
            one, method=method, p_value=adjusted.get((a, b), np.nan),
            reference="; ".join(filter(None, [one.reference, ADJUSTMENTS[adjust]])),
        )  # fmt: skip
        unit = "pairs" if groups.paired else "units"
        yield estimate_from(whole, n_unit=unit, of=f"{a} − {b}", note=groups.note)


def _contrast(x: FloatArray, y: FloatArray, paired: bool, conf_level: float) -> Coefficient:
    """Our difference and interval, and the package's p of the same test."""
    own = paired_contrast(x, y, conf_level) if paired else mean_contrast(x, y, conf_level)
    if np.isnan(own.difference.low):
        return own.difference
    with asking("pingouin", "Give at least two different values of each."):
        row = package("pingouin").ttest(x, y, paired=paired, correction=not paired).iloc[0]
    p = float(row["p_val"])
    notes = [own.difference.note, _disagreement(p, own.p)]
    return replace(own.difference, p_value=p, note="; ".join(filter(None, notes)))


def _adjusted(p: list[float], adjust: str) -> list[float]:
    if not p or adjust == "none":
        return p
    with asking("pingouin", "Give another adjustment."):
        found = package("pingouin").multicomp(p, method=adjust)[1]
    return [float(x) for x in found]


def _unvarying(data: pd.DataFrame, names: list[str], subject: str) -> str:
    """Name a column that is constant within every unit; empty if both vary."""
    spread = data[names] - data.groupby(subject, observed=True)[names].transform("mean")
    flat = [c for c in names if (spread[c].abs() <= ROUNDING * data[c].abs().max()).all()]
    return f"{' and '.join(flat)} does not vary within units" if flat else ""


def _within(found: Coefficient, r: float, p: float, df: int) -> Coefficient:
    method = f"{found.method}; Fisher's z interval, {df} degrees of freedom"
    found = replace(found, value=r, p_value=p, method=method)
    if abs(r) > 1 - ROUNDING or df < 2:
        why = "the correlation is perfect" if df > 1 else "too few rows"
        return replace(found, p_value=np.nan, note=f"no interval: {why}")
    reach = stats.norm.ppf((1 + found.conf_level) / 2) / np.sqrt(df - 1)
    low, high = np.tanh(np.arctanh(r) + np.array([-reach, reach]))
    return replace(found, low=float(low), high=float(high))


def _refuse_degenerate(used: pd.DataFrame, predictors: list[str]) -> None:
    if len(used) < FEWEST_ROWS:
        raise DataError(f"{len(used)} complete rows.", f"Give at least {FEWEST_ROWS}.")
    for name in used:
        if _constant(used[name].to_numpy()):
            raise DataError(f"Column {name!r} does not vary.", "Give one that does.")
    r = np.corrcoef(used[predictors].to_numpy().T)[0, 1]
    if abs(r) > 1 - PERFECT:
        raise DataError(
            f"{predictors[0]!r} and {predictors[1]!r} correlate perfectly, so their effects "
            "cannot be told apart.",
            "Give a mediator that varies beside x.",
        )
    x, mediator = (used[name].to_numpy() for name in predictors)
    if len(np.unique(mediator)) == 2:
        design = np.column_stack([np.ones(len(x)), x])
        outcome = (mediator == mediator.max()).astype(np.float64)
        refuse_separation(np.array([np.inf]), outcome, design, ["1", predictors[0]], "binomial")
