"""Regressions through statsmodels, their coefficients as estimates."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
import pandas as pd
from scipy import stats

from psychometrics._types import FloatArray
from psychometrics.analysis.estimate import Estimate
from psychometrics.analysis.estimates import Estimates
from psychometrics.analysis.packages import named
from psychometrics.errors import DataError

if TYPE_CHECKING:
    from statsmodels.regression.mixed_linear_model import MixedLMResults

Family = Literal["gaussian", "binomial", "poisson", "ordinal"]
STATSMODELS = "10.25080/Majora-92bf1922-011"
CLUSTERS = "10.1093/biomet/73.1.13"
MIXED = "10.2307/2529876"
ORDINAL = "McCullagh (1980), Journal of the Royal Statistical Society B 42(2), 109-142"

# With fewer clusters their robust errors are too small even with t quantiles.
FEW_CLUSTERS = 40


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
        those of Student's t with clusters − 1 degrees of freedom.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    Estimates
        One for each coefficient, on the scale of the linear predictor.

    Raises
    ------
    DataError
        Unknown family, a column that is not there, a formula that does not fit, or a fit that does
        not converge.

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
    if family not in get_args(Family):
        raise DataError(f"family={family!r} is unknown.", f"Give {', '.join(get_args(Family))}.")
    used = _used_rows(data, formula, cluster)
    fit = {} if cluster is None else _robust(used[cluster])
    try:
        fitted = _fit(used, formula, family, fit)
    except Exception as error:  # the formula language and the solvers have errors of their own
        raise DataError(
            f"{formula!r} cannot be fitted: {error}.", "Mend formula or data."
        ) from error
    if not getattr(fitted, "mle_retvals", {"converged": True}).get("converged", True):
        raise DataError(f"The fit of {formula!r} did not converge.", "Use fewer predictors.")
    clusters = 0 if cluster is None else used[cluster].nunique()
    return Estimates(
        tuple(_coefficients(fitted, family, clusters, len(data) - len(used), conf_level))
    )


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
        Fixed effects with Wald intervals, then the random part's variances, covariances and the
        residual variance, which have no interval (Wald intervals of variances do not hold their
        level). For crossed factors use :func:`psychometrics.gstudy`.

    Raises
    ------
    DataError
        A column is not there, the formula does not fit, or the fit does not converge.

    References
    ----------
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

    used = _used_rows(data, f"{formula} {slopes or ''}", group)
    try:
        model = MixedLM.from_formula(formula, used, groups=used[group], re_formula=slopes)
        fitted = model.fit(reml=reml)
    except Exception as error:
        raise DataError(
            f"{formula!r} cannot be fitted: {error}.", "Mend formula or data."
        ) from error
    if not fitted.converged:
        raise DataError(f"The fit of {formula!r} did not converge.", "Use fewer random slopes.")
    lacking = len(data) - len(used)
    return Estimates(tuple(_mixed(fitted, group, used[group].nunique(), lacking, reml, conf_level)))


def _used_rows(data: pd.DataFrame, formula: str, also: str | None) -> pd.DataFrame:
    """Rows that have every variable of the formula; names that are no columns are its functions."""
    if also is not None and also not in data.columns:
        known = ", ".join(map(str, list(data.columns)[:12]))
        raise DataError(f"There is no column {also!r}.", f"Choose among: {known}.")
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


def _fit(data: pd.DataFrame, formula: str, family: Family, fit: dict[str, Any]) -> Any:  # noqa: ANN401
    import statsmodels.api as sm
    import statsmodels.formula.api as smf
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    if family == "gaussian":
        return smf.ols(formula, data).fit(**fit)
    if family == "ordinal":
        outcome = formula.split("~")[0].strip()
        ordered = data.assign(**{outcome: pd.Categorical(data[outcome], ordered=True)})
        model = OrderedModel.from_formula(formula, ordered, distr="logit")
        return model.fit(method="bfgs", maxiter=1000, disp=False, **fit)
    families = {"binomial": sm.families.Binomial(), "poisson": sm.families.Poisson()}
    return smf.glm(formula, data, family=families[family]).fit(**fit)


def _coefficients(
    fitted: Any,  # noqa: ANN401
    family: Family,
    clusters: int,
    lacking: int,
    conf_level: float,
) -> Iterator[Estimate]:
    names, values, errors = _parameters(fitted, family)
    df = clusters - 1 if clusters else fitted.df_resid if family == "gaussian" else np.inf
    reach = stats.t.ppf((1 + conf_level) / 2, df) * errors
    p = 2 * stats.t.sf(np.abs(values / errors), df)
    notes = [f"{lacking} rows left out for missing values"] if lacking else []
    if 0 < clusters < FEW_CLUSTERS:
        notes.append(f"{clusters} clusters: robust errors of so few are too small")
    kind = f"cluster-robust errors, {clusters} clusters" if clusters else "model-based errors"
    reference = "; ".join(
        [
            STATSMODELS,
            *([CLUSTERS] if clusters else []),
            *([ORDINAL] if family == "ordinal" else []),
        ]
    )
    for n, name in enumerate(names):
        threshold = family == "ordinal" and "/" in name
        yield Estimate(
            "threshold" if threshold else "coefficient", values[n], values[n] - reach[n],
            values[n] + reach[n], conf_level, int(fitted.nobs), "rows",
            f"{family} regression ({named('statsmodels')}); {kind}", reference,
            note="; ".join(notes), variant="" if family == "gaussian" else family,
            se=errors[n], p_value=np.nan if threshold else p[n], of=name,
        )  # fmt: skip


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


def _mixed(
    fitted: "MixedLMResults", group: str, n_groups: int, lacking: int, reml: bool, conf_level: float
) -> Iterator[Estimate]:
    method = f"{'restricted ' if reml else ''}maximum likelihood ({named('statsmodels')})"
    reach = stats.norm.ppf((1 + conf_level) / 2)
    note = f"{lacking} rows left out for missing values" if lacking else ""
    for name in fitted.fe_params.index:
        value, se = float(fitted.fe_params[name]), float(fitted.bse_fe[name])
        yield Estimate(
            "fixed effect", value, value - reach * se, value + reach * se, conf_level, n_groups,
            f"groups ({int(fitted.nobs)} rows)", f"{method}; Wald interval", MIXED, note,
            se=se, p_value=float(2 * stats.norm.sf(abs(value / se))), of=str(name),
        )  # fmt: skip
    # statsmodels names the random intercept "Group".
    names = ["Intercept" if n == "Group" else str(n) for n in fitted.cov_re.index]
    matrix = np.asarray(fitted.cov_re)
    parts = {
        (group if len(names) == 1 else f"{group}: {names[i]}" if i == j else
         f"{group}: {names[i]} with {names[j]}"): float(matrix[i, j])
        for i in range(len(names)) for j in range(i + 1)
    }  # fmt: skip
    for name, value in {**parts, "residual": float(fitted.scale)}.items():
        yield Estimate(
            "variance" if " with " not in name else "covariance", value, np.nan, np.nan,
            conf_level, n_groups, f"groups ({int(fitted.nobs)} rows)", method, MIXED,
            "; ".join(filter(None, ["Wald intervals of variances do not hold their level", note])),
            of=name,
        )  # fmt: skip
