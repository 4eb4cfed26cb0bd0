"""Tests that pingouin does well, with their results as estimates."""

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from psychometrics.analysis.estimate import Estimate
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.packages import named, package, quiet
from psychometrics.errors import DataError

TOST = "10.1007/BF01068419"
HOLM = "Holm (1979), Scandinavian Journal of Statistics 6(2), 65-70"
RM_CORR = "10.3389/fpsyg.2017.00456"
MEDIATION = "10.3758/BRM.40.3.879"


def tost(x: ArrayLike, y: ArrayLike, bound: float, *, paired: bool = False) -> Estimate:
    """Test whether two means are equivalent by two one-sided t tests.

    Parameters
    ----------
    x, y : array_like, shape (n,)
        NaN is missing; of a pair both are left out.
    bound : float
        Largest difference that counts as none, in the units of x; above 0.
    paired : bool
        Whether the two hold the same units.

    Returns
    -------
    Estimate
        Mean difference x − y with the 90 % interval that belongs to the test at .05, and its p: the
        means are equivalent at that level if the interval lies within ±bound.

    Raises
    ------
    DataError
        The bound is not above 0, or there are too few values.

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
    if not bound > 0:
        raise DataError(f"bound={bound} is not above 0.", "Give the largest difference to ignore.")
    first, second = _samples(x, y, paired)
    found = stats.ttest_rel(first, second) if paired else stats.ttest_ind(first, second)
    low, high = found.confidence_interval(0.9)
    with quiet():
        p = package("pingouin").tost(first, second, bound=bound, paired=paired)["pval"].iloc[0]
    within = "equivalent" if p < 0.05 else "not shown to be equivalent"
    return Estimate(
        "mean difference", float(first.mean() - second.mean()), float(low), float(high), 0.9,
        len(first) if paired else len(first) + len(second), "pairs" if paired else "units",
        f"two one-sided t tests ({named('pingouin')})", TOST,
        note=f"bounds ±{bound:g}: {within} at .05", variant="paired" if paired else "independent",
        p_value=float(p),
    )  # fmt: skip


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
        Column that names the unit; needed with ``within``.
    adjust : {"holm", "bonf", "sidak", "fdr_bh", "fdr_by", "none"}
    conf_level : float

    Returns
    -------
    Estimates
        Mean differences; their intervals are not adjusted, their p is.

    Raises
    ------
    DataError
        Neither or both factors, or a column that is not there.

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame({"model": ["a", "a", "a", "b", "b", "b"], "x": [1, 2, 3, 7, 8, 9.0]})
    >>> pairwise_tests(data, "x", between="model")[0]
    mean difference of a − b = -6.000 [-8.267, -3.733], n = 6 units
    """
    factor = between or within
    if factor is None or (between is not None) == (within is not None):
        raise DataError("Neither or both of between and within are given.", "Give one of them.")
    if within is not None and subject is None:
        raise DataError("A factor within units needs to know the units.", "Give subject='…'.")
    _refuse_missing_columns(data, [value, factor, *([subject] if subject else [])])
    with quiet():
        table = package("pingouin").pairwise_tests(
            data, dv=value, between=between, within=within, subject=subject, padjust=adjust
        )
    return Estimates(tuple(_pairs(data, table, value, factor, subject, adjust, conf_level)))


def repeated_measures_correlation(
    data: pd.DataFrame, x: str, y: str, subject: str, *, conf_level: float = 0.95
) -> Estimate:
    """Correlate two variables within units that were measured several times.

    Parameters
    ----------
    data : DataFrame
        One row an observation.
    x, y, subject : str
        Columns.
    conf_level : float

    Returns
    -------
    Estimate
        Common correlation within units; Fisher's z interval with its degrees of freedom.

    Raises
    ------
    DataError
        A column is not there, or fewer than three units.

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
    _refuse_missing_columns(data, [x, y, subject])
    n = data[subject].nunique()
    if n < 3:
        raise DataError(f"{n} units.", "Give at least 3; with fewer use a plain correlation.")
    with quiet():
        row = package("pingouin").rm_corr(data, x=x, y=y, subject=subject).iloc[0]
    r, df = float(row["r"]), int(row["dof"])
    low, high = np.tanh(
        np.arctanh(r) + np.array([-1, 1]) * stats.norm.ppf((1 + conf_level) / 2) / np.sqrt(df - 1)
    )
    return Estimate(
        "repeated-measures correlation", r, float(low), float(high), conf_level, n, "units",
        f"{named('pingouin')}; Fisher's z interval, {df} degrees of freedom", RM_CORR,
        of=f"{x}, {y}", p_value=float(row["pval"]),
    )  # fmt: skip


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
        One row a unit.
    x, mediator, y : str
        Columns.
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
        A column is not there.

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
    _refuse_missing_columns(data, [x, mediator, y])
    with quiet():
        table = package("pingouin").mediation_analysis(
            data, x=x, m=mediator, y=y, alpha=1 - conf_level, n_boot=n_resamples, seed=seed
        )
    low, high = (str(name) for name in table if str(name).startswith("CI"))
    n = int(data[[x, mediator, y]].dropna().shape[0])
    drawn = f"{named('pingouin')}; {{}} ({n_resamples} resamples, seed {seed})"
    return Estimates(
        tuple(
            Estimate(
                "effect", float(row["coef"]), float(row[low]), float(row[high]), conf_level, n,
                "units",
                drawn.format("bootstrap interval") if row["path"] == "Indirect"
                else f"{named('pingouin')}; least squares, Student's t interval",
                MEDIATION, of=str(row["path"]), se=float(row["se"]), p_value=float(row["pval"]),
            )
            for _, row in table.iterrows()
        )
    )  # fmt: skip


def _samples(x: ArrayLike, y: ArrayLike, paired: bool) -> tuple[np.ndarray, np.ndarray]:
    first, second = (np.asarray(z, dtype=np.float64).ravel() for z in (x, y))
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


def _pairs(
    data: pd.DataFrame,
    table: pd.DataFrame,
    value: str,
    factor: str,
    subject: str | None,
    adjust: str,
    conf_level: float,
) -> Iterator[Estimate]:
    if subject is None:
        by_level, counts = (data.groupby(factor)[value].agg(how) for how in ("mean", "count"))
    else:  # units that lack a level are left out, as the package does
        wide = data.pivot_table(index=subject, columns=factor, values=value).dropna()
        by_level, counts = wide.mean(), wide.count()
    p_column = "p_corr" if "p_corr" in table else "p_unc"
    for _, row in table.iterrows():
        difference = float(by_level[row["A"]] - by_level[row["B"]])
        reach = abs(difference / row["T"]) * stats.t.ppf((1 + conf_level) / 2, row["dof"])
        n = int(counts[row["A"]]) if row["Paired"] else int(counts[row["A"]] + counts[row["B"]])
        yield Estimate(
            "mean difference", difference, difference - reach, difference + reach, conf_level, n,
            "pairs" if row["Paired"] else "units",
            f"t test, p adjusted for {len(table)} pairs by {adjust}, interval not "
            f"({named('pingouin')})",
            HOLM if adjust == "holm" else "", of=f"{row['A']} − {row['B']}",
            p_value=float(row[p_column]),
        )  # fmt: skip


def _refuse_missing_columns(data: pd.DataFrame, names: list[str]) -> None:
    for name in names:
        if name not in data.columns:
            known = ", ".join(map(str, list(data.columns)[:12]))
            raise DataError(f"There is no column {name!r}.", f"Choose among: {known}.")
