"""Every verb on tables from which little can be computed: a named error, or a reason."""

import warnings

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.errors import EstimateWarning, PsychometricsError

RNG = np.random.default_rng(6)
FACTOR = RNG.normal(size=(40, 1))
GOOD = pd.DataFrame(FACTOR + RNG.normal(size=(40, 6)), columns=list("abcdef"))


def altered(**columns):
    return GOOD.assign(**columns)


TABLES = {
    "one item": GOOD[["a"]],
    "two items": GOOD[["a", "b"]],
    "one person": GOOD[:1],
    "two persons": GOOD[:2],
    "fewer persons than items": GOOD[:4],
    "constant item": altered(c=3.0),
    "all constant": GOOD * 0 + 3,
    "all missing": GOOD * np.nan,
    "an item missing": altered(c=np.nan),
    "every row incomplete": GOOD.mask(np.eye(40, 6, dtype=bool) | (np.arange(40)[:, None] % 6 == np.arange(6))),
    "perfect correlation": pd.DataFrame({name: GOOD["a"] for name in GOOD}),
    "differ by constants": pd.DataFrame({name: GOOD["a"] + n for n, name in enumerate(GOOD)}),
    "opposed items": altered(b=-GOOD["a"]),
    "no common factor": pd.DataFrame(RNG.normal(size=(40, 6)), columns=list("abcdef")),
    "negative components": pd.DataFrame(
        GOOD.to_numpy() - GOOD.to_numpy().mean(axis=1, keepdims=True), columns=list("abcdef")
    ),
    "text": altered(c="often"),
    "no rows": GOOD[:0],
    "no columns": GOOD[[]],
    "same names": GOOD.set_axis(["r"] * 40),
}  # fmt: skip


def halves(frame):
    names = list(frame.columns)
    return pm.item_table(frame, scales={"s": names[:3], "t": names[3:]})


VERBS = {
    "alpha": pm.alpha,
    "standardised alpha": lambda f: pm.alpha(f, variant="standardised"),
    "bootstrap alpha": lambda f: pm.alpha(f, interval="bootstrap", n_resamples=50),
    "omega": pm.omega,
    "composite reliability": pm.composite_reliability,
    "variance extracted": pm.average_variance_extracted,
    "lambdas": lambda f: pm.guttman_lambdas(f, interval="bootstrap", n_resamples=50),
    "greatest lower bound": pm.greatest_lower_bound,
    "split half": pm.split_half,
    "reliability": pm.reliability,
    "icc": pm.icc,
    "retest": lambda f: pm.retest(f, f),
    "correlations": lambda f: pm.correlations(f).to_estimates(),
    "spearman": lambda f: pm.correlations(f, kind="spearman").to_estimates(),
    "gstudy": lambda f: pm.gstudy(f).to_estimates(),
    "htmt": lambda f: pm.htmt(halves(f), n_resamples=50),
    "fornell larcker": lambda f: pm.fornell_larcker(halves(f)),
    "disattenuated": lambda f: pm.disattenuated_correlation(halves(f), "s", "t", n_resamples=50),
    "multitrait": lambda f: pm.multitrait_multimethod(
        f, {"a": ("x", "m"), "b": ("y", "m"), "c": ("x", "n"), "d": ("y", "n")}, n_resamples=50
    ),
    "krippendorff": lambda f: pm.krippendorffs_alpha(f, metric="interval"),
    "gwet": lambda f: pm.gwet_ac(f.round() if "often" not in f.to_numpy() else f),
    "fleiss": lambda f: pm.fleiss_kappa(f.round() if "often" not in f.to_numpy() else f),
    "bootstrap": lambda f: pm.bootstrap(f, lambda r: r.iloc[:, 0].mean(), n_resamples=20),
    "incremental": lambda f: pm.incremental_validity(f, "a", ["b"], ["c"], n_resamples=50),
    "criterion": lambda f: pm.criterion_validity(f, "a", "b"),
    "contrast": lambda f: pm.paired_contrast(f.iloc[:1], f.iloc[1:2]),
    "bland altman": lambda f: pm.bland_altman(f.iloc[:, 0], f.iloc[:, -1]).to_estimates(),
    "concordance": lambda f: pm.concordance(f.iloc[:, 0], f.iloc[:, -1]),
    "items": lambda f: pm.item_analysis(f),
}  # fmt: skip
NO_COLUMN = {"incremental", "criterion", "multitrait", "bland altman", "concordance", "htmt",
             "fornell larcker", "disattenuated", "bootstrap"}  # fmt: skip


# Without columns these have nothing to name.
CASES = [(v, t) for v in VERBS for t in TABLES if t != "no columns" or v not in NO_COLUMN]


@pytest.mark.parametrize(("verb", "table"), CASES)
def test_a_named_error_or_a_reason(verb, table):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EstimateWarning)
        try:
            found = VERBS[verb](TABLES[table])
        except PsychometricsError as error:
            assert error.cause and error.mend
            return
    assert repr(found)
    parts = [found] if isinstance(found, pm.Estimate) else found
    if not isinstance(found, pm.Estimate | pm.Estimates):
        return
    for part in parts:
        if np.isnan(part.value) or np.isnan(part.ci_low):
            assert part.note, f"{part.label}: nothing says why"
        else:
            assert part.ci_low <= part.value + 1e-9
