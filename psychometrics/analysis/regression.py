"""Regressions through statsmodels, their coefficients as estimates."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd
from scipy import stats

from psychometrics._types import FloatArray
from psychometrics.analysis.clusters import FEWEST
from psychometrics.analysis.columns import refuse_absent, refuse_repetitions
from psychometrics.analysis.estimate import Estimate
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.model_checks import refuse_dependent_columns, refuse_separation
from psychometrics.analysis.packages import named, quiet
from psychometrics.analysis.verb import verb
from psychometrics.errors import DataError, PsychometricsError
from psychometrics.stats.arrays import check_level

if TYPE_CHECKING:
    from statsmodels.regression.mixed_linear_model import MixedLMResults

Family = Literal["gaussian", "binomial", "poisson", "ordinal"]
STATSMODELS = "10.25080/Majora-92bf1922-011"
CLUSTERS = "10.1093/biomet/73.1.13"
MIXED = "10.2307/2529876"
ORDINAL = "McCullagh (1980), Journal of the Royal Statistical Society B 42(2), 109-142"

# With fewer clusters their robust errors are too small even with t quantiles.
FEW_CLUSTERS = 40
# With fewer groups a variance between them, and what is tested against it, is hardly known.
FEW_GROUPS = 10
# Variances below this share of the residual one are at their limit of zero.
BOUNDARY = 1e-5
# Residuals below this share of the outcome are rounding.
PERFECT = 1e-12


@verb
def regress(
    data: pd.DataFrame,
    formula: str,
    *,
    family: Family = "gaussian",
    cluster: str | None = None,
    conf_level: float = 0.95,
) -> Estimates:
    """Fit a regression; errors are robust to rows that hang together if told which do.

    Parameters
    ----------
    data : DataFrame
        One row an observation. Rows that lack a variable of the formula are left out, and counted
        in the note.
    formula : str
        Such as ``"score ~ size + C(family)"``.
    family : {"gaussian", "binomial", "poisson", "ordinal"}
        Least squares, logistic, log-linear, or proportional odds of an ordered outcome.
    cluster : str, optional
        Column that says which rows hang together (the model): errors are cluster-robust, quantiles
        those of Student's t with clusters − 1 degrees of freedom; no interval below five clusters.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    Estimates
        One for each coefficient, on the scale of the linear predictor.

    Raises
    ------
    DataError
        Unknown family, a column that is not there, a formula that does not fit, a column of the
        design that follows from others, an outcome that is separated, or a fit that does not
        converge.
    UnitError
        Answers of responses without ``cluster``.

    References
    ----------
    Seabold, S., & Perktold, J. (2010). statsmodels: Econometric and statistical modeling with
    Python. Proceedings of the 9th Python in Science Conference. doi:10.25080/Majora-92bf1922-011

    Liang, K.-Y., & Zeger, S. L. (1986). Longitudinal data analysis using generalized linear models.
    Biometrika, 73(1), 13–22. doi:10.1093/biomet/73.1.13

    Examples
    --------
    >>> import pandas as pd
    >>> data = pd.DataFrame({"x": [1, 2, 3, 4, 5.0], "y": [2, 4, 6, 8, 11.0]})
    >>> regress(data, "y ~ x")["x"]
    coefficient of x = 2.200 [1.833, 2.567], n = 5 rows
    """
    check_level(conf_level)
    if family not in get_args(Family):
        raise DataError(f"family={family!r} is unknown.", f"Give {', '.join(get_args(Family))}.")
    used = _used_rows(data, formula, cluster)
    if cluster is None:
        refuse_repetitions(data, "Say which answers hang together: cluster='respondent'.")
    fit = {} if cluster is None else _robust(used[cluster])
    with _fitting(formula):
        model = _model(used, formula, family)
        fitted = _fit(model, family, fit)
        _check_fit(fitted, formula, family)
    clusters = 0 if cluster is None else used[cluster].nunique()
    return Estimates(
        tuple(_coefficients(fitted, family, clusters, len(data) - len(used), conf_level))
    )


@verb
def mixed_model(
    data: pd.DataFrame,
    formula: str,
    group: str,
    *,
    slopes: str | None = None,
    reml: bool = True,
    conf_level: float = 0.95,
) -> Estimates:
    """Fit a linear mixed model with one grouping factor.

    Parameters
    ----------
    data : DataFrame
        One row an observation; rows that lack a variable are left out, and counted in the note.
    formula : str
        Of the fixed part.
    group : str
        Column of the grouping factor, such as the model or the persona.
    slopes : str, optional
        Formula of the random part, such as ``"~ days"``; a random intercept if not given.
    reml : bool
        Restricted maximum likelihood, or maximum likelihood.
    conf_level : float

    Returns
    -------
    Estimates
        Fixed effects with Wald intervals by Student's t, then the random part's variances,
        covariances and the residual variance, which have no interval (Wald intervals of variances
        do not hold their level); a note says where one is at its limit. Degrees of freedom follow
        the inner-outer rule: groups less effects for an effect that is constant within groups, or
        whose slope is random; rows less groups less effects for the others. For crossed factors
        use :func:`psychometrics.gstudy`.

    Raises
    ------
    DataError
        A column is not there, the formula does not fit, a column of the design follows from others,
        groups have no replication, or the fit does not converge.

    References
    ----------
    Pinheiro, J. C., & Bates, D. M. (2000). Mixed-Effects Models in S and S-PLUS. Springer.
    doi:10.1007/b98882

    Laird, N. M., & Ware, J. H. (1982). Random-effects models for longitudinal data. Biometrics,
    38(4), 963–974. doi:10.2307/2529876

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> rng = np.random.default_rng(0)
    >>> data = pd.DataFrame({"m": np.repeat(list("abcdefgh"), 6), "x": rng.normal(size=48)})
    >>> data["y"] = data["x"] + np.repeat(rng.normal(size=8), 6) + rng.normal(size=48)
    >>> [e.of for e in mixed_model(data, "y ~ x", "m")]
    ['Intercept', 'x', 'm', 'residual']
    """
    from statsmodels.regression.mixed_linear_model import MixedLM

    check_level(conf_level)
    used = _used_rows(data, f"{formula} {slopes or ''}", group)
    with _fitting(formula):
        model = MixedLM.from_formula(formula, used, groups=used[group], re_formula=slopes)
        _check_groups(model, formula, group)
        fitted = _fit_groups(model, reml)
    if not fitted.converged:
        raise DataError(f"The fit of {formula!r} did not converge.", "Use fewer random slopes.")
    lacking = len(data) - len(used)
    told = f"{lacking} rows left out for missing values" if lacking else ""
    return Estimates(
        (
            *_fixed_effects(fitted, reml, told, conf_level),
            *_random_part(fitted, group, reml, told, conf_level),
        )
    )


@contextmanager
def _fitting(formula: str) -> Iterator[None]:
    """Keep statsmodels quiet; its errors, and those of the formula language, are told as ours."""
    try:
        with quiet():
            yield
    except PsychometricsError:
        raise
    except Exception as error:
        raise DataError(
            f"{formula!r} cannot be fitted: {error}.", "Mend formula or data."
        ) from error


def _used_rows(data: pd.DataFrame, formula: str, also: str | None) -> pd.DataFrame:
    """Rows that have every variable of the formula; names that are no columns are its functions."""
    if not isinstance(data, pd.DataFrame):
        raise DataError(f"{type(data).__name__} is no data frame.", "Give one with a row a unit.")
    refuse_absent(data, [] if also is None else [also])
    needed = [c for c in data.columns if c == also or _mentions(formula, str(c))]
    used = data.dropna(subset=needed)
    if used.empty:
        raise DataError("No row has every variable of the formula.", "Look at what is missing.")
    return used


def _mentions(formula: str, name: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", formula) is not None


def _robust(clusters: "pd.Series[Any]") -> dict[str, Any]:
    codes = pd.factorize(clusters)[0]
    return {"cov_type": "cluster", "cov_kwds": {"groups": codes}}


def _model(data: pd.DataFrame, formula: str, family: Family) -> Any:  # noqa: ANN401
    import statsmodels.api as sm
    import statsmodels.formula.api as smf
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    if family == "ordinal":
        outcome = formula.split("~")[0].strip()
        refuse_absent(data, [outcome])
        ordered = pd.Categorical(data[outcome], ordered=True)
        _check(smf.ols(formula, data.assign(**{outcome: ordered.codes})), formula, family)
        ranked = data.assign(**{outcome: ordered})
        return OrderedModel.from_formula(formula, ranked, distr="logit")
    families = {"binomial": sm.families.Binomial(), "poisson": sm.families.Poisson()}
    if family == "gaussian":
        model = smf.ols(formula, data)
    else:
        model = smf.glm(formula, data, family=families[family])
    _check(model, formula, family)
    return model


def _check(model: Any, formula: str, family: Family) -> None:  # noqa: ANN401
    """Refuse outcomes that do not fit the family, and designs that cannot be solved."""
    outcome = np.asarray(model.endog, dtype=np.float64)
    name = formula.split("~")[0].strip()
    if not isinstance(model.endog_names, str):
        raise DataError(f"The outcome {name!r} is text.", "Turn it into numbers first.")
    if family == "binomial" and (outcome.min() < 0 or outcome.max() > 1):
        raise DataError(
            f"The outcome {name!r} lies between {outcome.min():g} and {outcome.max():g}.",
            "Code it as 0 and 1.",
        )
    if family == "poisson" and outcome.min() < 0:
        raise DataError(f"The outcome {name!r} is negative in places.", "Give counts.")
    if np.ptp(outcome) == 0:
        raise DataError(f"The outcome {name!r} does not vary.", "Give one that does.")
    refuse_dependent_columns(np.asarray(model.exog), model.exog_names, formula)


def _fit(model: Any, family: Family, fit: dict[str, Any]) -> Any:  # noqa: ANN401
    if family == "ordinal":
        return model.fit(method="bfgs", maxiter=1000, disp=False, **fit)
    return model.fit(**fit)


def _check_fit(fitted: Any, formula: str, family: Family) -> None:  # noqa: ANN401
    if family == "gaussian":
        return
    model = fitted.model
    design, outcome = np.asarray(model.exog), np.asarray(model.endog, dtype=np.float64)
    linear = design @ np.asarray(fitted.params)[: design.shape[1]]
    names = [str(n) for n in fitted.params.index[: design.shape[1]]]
    refuse_separation(linear, outcome, design, names, family)
    details = getattr(fitted, "mle_retvals", None) or {"converged": fitted.converged}
    if not details.get("converged", True):
        raise DataError(f"The fit of {formula!r} did not converge.", "Use fewer predictors.")


def _coefficients(
    fitted: Any,  # noqa: ANN401
    family: Family,
    clusters: int,
    lacking: int,
    conf_level: float,
) -> Iterator[Estimate]:
    names, values, errors = _parameters(fitted, family)
    df = clusters - 1 if clusters else fitted.df_resid if family == "gaussian" else np.inf
    notes = [f"{lacking} rows left out for missing values"] if lacking else []
    if 0 < clusters < FEWEST:
        errors = np.full_like(errors, np.nan)
        notes.append(f"{clusters} clusters; no interval: fewer than {FEWEST} clusters")
    elif 0 < clusters < FEW_CLUSTERS:
        notes.append(f"{clusters} clusters: robust errors of so few are too small")
    if family == "gaussian" and _is_perfect(fitted):
        errors = np.full_like(errors, np.nan)
        notes.append("no interval: the fit is perfect")
    reach = stats.t.ppf((1 + conf_level) / 2, df) * errors
    p = 2 * stats.t.sf(np.abs(values / errors), df)
    kind = f"cluster-robust errors, {clusters} clusters" if clusters else "model-based errors"
    also = [*([CLUSTERS] if clusters else []), *([ORDINAL] if family == "ordinal" else [])]
    for n, name in enumerate(names):
        threshold = family == "ordinal" and "/" in name
        yield Estimate(
            "threshold" if threshold else "coefficient", values[n], values[n] - reach[n],
            values[n] + reach[n], conf_level, int(fitted.nobs), "rows",
            f"{family} regression ({named('statsmodels')}); {kind}",
            "; ".join([STATSMODELS, *also]), note="; ".join(notes),
            variant="" if family == "gaussian" else family, se=errors[n],
            p_value=np.nan if threshold else p[n], of=name,
        )  # fmt: skip


def _is_perfect(fitted: Any) -> bool:  # noqa: ANN401
    outcome = np.asarray(fitted.model.endog)
    return bool(fitted.ssr <= PERFECT**2 * float(outcome @ outcome))


def _parameters(fitted: Any, family: Family) -> tuple[list[str], FloatArray, FloatArray]:  # noqa: ANN401
    """Names, values and standard errors; thresholds as such, not as logarithms of their steps."""
    names = [str(name) for name in fitted.params.index]
    values = np.asarray(fitted.params, dtype=np.float64)
    covariance = np.asarray(fitted.cov_params(), dtype=np.float64)
    if family == "ordinal":
        first = names.index(next(name for name in names if "/" in name))
        steps = np.exp(values[first + 1 :])
        jacobian = np.eye(len(values))
        jacobian[first:, first:] = np.tril(np.ones((len(steps) + 1,) * 2)) * [1.0, *steps]
        values = values.copy()
        values[first:] = values[first] + np.concatenate([[0.0], np.cumsum(steps)])
        covariance = jacobian @ covariance @ jacobian.T
    return names, values, np.sqrt(np.diag(covariance))


def _check_groups(model: Any, formula: str, group: str) -> None:  # noqa: ANN401
    """Refuse designs in which the variance between groups cannot be told from the residual one."""
    refuse_dependent_columns(np.asarray(model.exog), model.exog_names, formula)
    rows, groups = len(model.endog), model.n_groups
    effects = 1 if model.exog_re is None else model.exog_re.shape[1]
    if groups < 2:
        raise DataError(
            f"Column {group!r} names {groups} group; a variance between groups needs two.",
            "Give more groups, or use pm.regress.",
        )
    if rows <= groups * effects:
        raise DataError(
            f"{rows} rows for {groups} groups with {effects} random "
            f"effect{'s' * (effects > 1)} each: their variance cannot be told from the residual "
            "one.",
            "Give several rows a group, fewer slopes, or use pm.regress.",
        )
    if np.ptp(model.endog) == 0:
        raise DataError(f"The outcome of {formula!r} does not vary.", "Give one that does.")
    design, outcome = np.asarray(model.exog), np.asarray(model.endog)
    rest = outcome - design @ np.linalg.lstsq(design, outcome)[0]
    if float(rest @ rest) <= PERFECT**2 * float(outcome @ outcome):
        raise DataError(f"{formula!r} fits perfectly.", "No variance is left to be estimated.")


def _fit_groups(model: Any, reml: bool) -> "MixedLMResults":  # noqa: ANN401
    """Fit by gradients; where a variance is at its limit these end badly, and Powell's does not."""
    try:
        fitted = model.fit(reml=reml)
    except np.linalg.LinAlgError:
        return model.fit(reml=reml, method=["powell"])
    return fitted if fitted.converged else model.fit(reml=reml, method=["powell"])


def _fixed_effects(
    fitted: "MixedLMResults", reml: bool, told: str, conf_level: float
) -> Iterator[Estimate]:
    groups, rows = fitted.model.n_groups, int(fitted.nobs)
    with quiet():  # a perfect fit has negative variances by rounding
        values, errors = np.asarray(fitted.fe_params), np.asarray(fitted.bse_fe)
    degrees = _degrees(fitted)
    for name, value, se, df in zip(fitted.fe_params.index, values, errors, degrees, strict=True):
        notes = [told]
        reach = p = np.nan
        if df < 1:
            notes.append("no interval: as many effects between groups as groups")
        elif not se > 0:
            notes.append("no interval: the standard error is 0")
        else:
            reach = float(stats.t.ppf((1 + conf_level) / 2, df)) * se
            p = float(2 * stats.t.sf(abs(value / se), df))
        if groups < FEW_GROUPS:
            notes.append(f"{groups} groups: the interval rests on few")
        yield Estimate(
            "fixed effect", value, value - reach, value + reach, conf_level, groups,
            f"groups ({rows} rows)", f"{_method(reml)}; Wald interval, t with {df} degrees of "
            "freedom (inner-outer rule)", MIXED, "; ".join(filter(None, notes)),
            se=se, p_value=p, of=str(name),
        )  # fmt: skip


def _degrees(fitted: "MixedLMResults") -> list[int]:
    """Of each fixed effect: those of groups if it is constant in them or its slope is random."""
    model = fitted.model
    design, codes = np.asarray(model.exog), pd.factorize(np.asarray(model.groups))[0]
    first = np.array([np.flatnonzero(codes == code)[0] for code in range(model.n_groups)])
    varies = (design != design[first[codes]]).any(axis=0)
    slopes = set(map(str, fitted.cov_re.index))
    inner = [bool(v) and n not in slopes for v, n in zip(varies, model.exog_names, strict=True)]
    outer_df = model.n_groups - inner.count(False)
    inner_df = len(design) - model.n_groups - inner.count(True)
    return [inner_df if within else outer_df for within in inner]


def _random_part(
    fitted: "MixedLMResults", group: str, reml: bool, told: str, conf_level: float
) -> Iterator[Estimate]:
    # statsmodels names the random intercept "Group".
    names = ["Intercept" if n == "Group" else str(n) for n in fitted.cov_re.index]
    matrix, residual = np.asarray(fitted.cov_re), float(fitted.scale)
    parts = {
        (group if len(names) == 1 else f"{group}: {names[i]}" if i == j else
         f"{group}: {names[i]} with {names[j]}"): float(matrix[i, j])
        for i in range(len(names)) for j in range(i + 1)
    }  # fmt: skip
    whole = _whole_note(fitted, matrix)
    for name, value in {**parts, "residual": residual}.items():
        together = " with " in name
        scale = _slope_scale(fitted, names, name)
        at_limit = name != "residual" and not together and value * scale < BOUNDARY * residual
        notes = [
            "Wald intervals of variances do not hold their level",
            "at its limit: no variance between groups was found" if at_limit else whole,
            told,
        ]
        yield Estimate(
            "covariance" if together else "variance", value, np.nan, np.nan,
            conf_level, fitted.model.n_groups, f"groups ({int(fitted.nobs)} rows)", _method(reml),
            MIXED, "; ".join(filter(None, notes)), of=name,
        )  # fmt: skip


def _slope_scale(fitted: "MixedLMResults", names: list[str], name: str) -> float:
    """Mean square of what the random effect multiplies, which its variance is in units of."""
    place = next((n for n, own in enumerate(names) if name.endswith(f": {own}")), 0)
    return float(np.mean(np.asarray(fitted.model.exog_re)[:, place] ** 2))


def _whole_note(fitted: "MixedLMResults", matrix: FloatArray) -> str:
    """Say if random effects that vary are told from each other perfectly."""
    if len(matrix) == 1:
        return ""
    spread = np.sqrt(np.diag(matrix))
    if (spread == 0).any():
        return ""
    least = np.linalg.eigvalsh(matrix / np.outer(spread, spread)).min()
    return "" if least > BOUNDARY else "at its limit: random effects correlate perfectly"


def _method(reml: bool) -> str:
    return f"{'restricted ' if reml else ''}maximum likelihood ({named('statsmodels')})"
