"""mixed.json: mixed models and ordinal regression through statsmodels; rows are needed."""

import math
from collections.abc import Iterator

import pandas as pd
from reference_comparison import LME4, ORDINAL, Comparison, listed, named
from reference_sources import Moments, Rows

import psychometrics as pm


def comparisons(source: Rows | Moments) -> Iterator[Comparison]:
    """Yield the comparisons that the data allow."""
    if not isinstance(source, Rows):
        return
    data = source.frame("sleepstudy")
    for name, slopes, reml in (
        ("slope_reml", "~ Days", True),
        ("slope_ml", "~ Days", False),
        ("intercept_reml", None, True),
    ):
        yield from _sleep(data, name, slopes, reml)
    yield from _wine(source.frame("wine_randall_1989"))


def _sleep(data: pd.DataFrame, name: str, slopes: str | None, reml: bool) -> Iterator[Comparison]:
    base, label = f"mixed/sleepstudy/{name}", f"sleepstudy, {name}"
    found = pm.mixed_model(data, "Reaction ~ Days", "Subject", slopes=slopes, reml=reml)
    fixed = {"(Intercept)": found["Intercept"], "Days": found["Days"]}
    values = {key: estimate.value for key, estimate in fixed.items()}
    errors = {key: estimate.se for key, estimate in fixed.items()}
    yield from named(f"{base}/fixef", f"{label}: fixed", values, LME4, needs_rows=True)
    yield from named(f"{base}/se", f"{label}: se", errors, LME4, needs_rows=True)
    parts = {estimate.of: estimate.value for estimate in found}
    intercept, residual = parts.get("Subject", math.nan), parts["residual"]
    variances, labels = [intercept, residual], ["intercept", "residual"]
    spread = [math.sqrt(v) for v in variances]
    if slopes:
        first, slope, both = (
            parts[key]
            for key in ("Subject: Intercept", "Subject: Days", "Subject: Days with Intercept")
        )
        variances, labels = [first, slope, both, residual], ["intercept", "slope", "both", "rest"]
        spread = [math.sqrt(v) for v in (first, slope)]
        spread += [both / math.sqrt(first * slope), math.sqrt(residual)]
    path = f"{base}/varcorr"
    yield from listed(
        f"{path}/vcov", f"{label}: variance", variances, LME4, of=labels, needs_rows=True
    )
    yield from listed(
        f"{path}/sdcor", f"{label}: sd or r", spread, LME4, of=labels, needs_rows=True
    )
    if name == "slope_reml":
        for i, (key, estimate) in enumerate(fixed.items()):
            path, what = f"mixed/sleepstudy/lmertest_satterthwaite/values/{i}", f"{label}, {key}"
            numbers = {"estimate": estimate.value, "se": estimate.se}
            numbers["t"] = estimate.value / estimate.se
            for place, (of, value) in zip((0, 1, 3), numbers.items(), strict=True):
                where = f"{path}/{place}"
                yield Comparison(where, f"{what}: {of} by lmerTest", value, LME4, needs_rows=True)


def _wine(data: pd.DataFrame) -> Iterator[Comparison]:
    found = pm.regress(data, "rating ~ temp + contact", family="ordinal")
    names = {"1|2": "1/2", "2|3": "2/3", "3|4": "3/4", "4|5": "4/5",
             "tempwarm": "temp[T.warm]", "contactyes": "contact[T.yes]"}  # fmt: skip
    values = {r: found[ours].value for r, ours in names.items()}
    label = "wine, proportional odds"
    yield from named("mixed/wine_clm/coef", label, values, ORDINAL, needs_rows=True)
