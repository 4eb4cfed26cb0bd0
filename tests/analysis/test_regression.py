import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import psychometrics as pm
from psychometrics.errors import DataError, UnitError

SHARED = Path(__file__).resolve().parents[3] / "shared"
with_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")


def reference(name):
    return json.loads((SHARED / "reference/mixed.json").read_text())[name]


@with_shared
@pytest.mark.parametrize(
    ("name", "slopes", "reml"),
    [("slope_reml", "~ Days", True), ("slope_ml", "~ Days", False), ("intercept_reml", None, True)],
)
def test_mixed_model_agrees_with_lme4(name, slopes, reml):
    data = pd.read_csv(SHARED / "reference/data/sleepstudy.csv")
    found = pm.mixed_model(data, "Reaction ~ Days", "Subject", slopes=slopes, reml=reml)
    r = reference("sleepstudy")[name]
    fixed = [e for e in found if e.name == "fixed effect"]
    # Section 4.8 of the notes: small designs 1e-4 relative; both optimisers stop early.
    assert [e.value for e in fixed] == pytest.approx(list(r["fixef"].values()), rel=1e-4)
    assert [e.se for e in fixed] == pytest.approx(list(r["se"].values()), rel=2e-4)
    parts = {e.of: e.value for e in found if e.name != "fixed effect"}
    order = (
        ["Subject: Intercept", "Subject: Days", "Subject: Days with Intercept"]
        if slopes
        else ["Subject"]
    )
    theirs = [*r["varcorr"]["vcov"]]
    if slopes:
        theirs = [theirs[0], theirs[1], theirs[2]]
    assert [parts[k] for k in order] == pytest.approx(theirs[: len(order)], rel=1e-3)
    assert all(e.note for e in found if np.isnan(e.ci_low))
    assert fixed[0].n == 18 and fixed[0].n_unit == "groups (180 rows)"


@with_shared
def test_ordinal_agrees_with_clm():
    data = pd.read_csv(SHARED / "reference/data/wine_randall_1989.csv")
    found = pm.regress(data, "rating ~ C(temp) + C(contact)", family="ordinal")
    r = reference("wine_clm")["coef"]
    ours = {e.name: [] for e in found}
    for e in found:
        ours[e.name].append(e.value)
    # bfgs stops at a gradient of 1e-5: 1e-3 in the parameters.
    assert ours["threshold"] == pytest.approx(
        [r[k] for k in ("1|2", "2|3", "3|4", "4|5")], abs=1e-3
    )
    assert ours["coefficient"] == pytest.approx([r["tempwarm"], r["contactyes"]], abs=1e-3)


def clustered(rng, n_clusters, n_each):
    group = np.repeat(np.arange(n_clusters), n_each)
    x = np.repeat(rng.normal(size=n_clusters), n_each)
    y = x + rng.normal(size=n_clusters)[group] + rng.normal(size=len(group))
    return pd.DataFrame({"model": group, "x": x, "y": y})


def test_cluster_robust_interval_is_wider_and_covers():
    """400 runs of 50 clusters of 10 rows, the predictor constant within clusters."""
    rng = np.random.default_rng(8)
    hits = naive = 0
    for _ in range(400):
        data = clustered(rng, 50, 10)
        robust = pm.regress(data, "y ~ x", cluster="model")["x"]
        plain = pm.regress(data, "y ~ x")["x"]
        hits += robust.ci_low <= 1 <= robust.ci_high
        naive += plain.ci_low <= 1 <= plain.ci_high
    assert (
        hits / 400 > 0.91
    )  # 95 % less three Monte Carlo errors of 1.1 % and some small-sample loss
    assert naive / 400 < 0.75


def test_few_clusters_are_told(rng):
    found = pm.regress(clustered(rng, 8, 5), "y ~ x", cluster="model")
    assert "8 clusters" in found["x"].note


def test_missing_rows_are_counted(rng):
    data = clustered(rng, 10, 4)
    data.loc[[0, 7], "y"] = np.nan
    found = pm.regress(data.assign(unused=np.nan), "y ~ x")["x"]
    assert found.n == 38 and "2 rows left out" in found.note


def test_logistic_is_its_maximum(rng):
    data = pd.DataFrame(
        {"x": np.repeat([0, 1], 50), "y": [1] * 10 + [0] * 40 + [1] * 30 + [0] * 20}
    )
    found = pm.regress(data, "y ~ x", family="binomial")
    assert found["x"].value == pytest.approx(np.log(30 / 20) - np.log(10 / 40), abs=1e-6)
    assert found["x"].se == pytest.approx(np.sqrt(1 / 10 + 1 / 40 + 1 / 30 + 1 / 20), abs=1e-6)


def test_below_five_clusters_there_is_no_interval(rng):
    found = pm.regress(clustered(rng, 4, 9), "y ~ x", cluster="model")["x"]
    assert np.isnan([found.ci_low, found.se, found.p_value]).all()
    assert "fewer than 5 clusters" in found.note


@pytest.mark.parametrize("family", ["gaussian", "binomial", "poisson", "ordinal"])
def test_a_column_that_follows_from_others_is_named(family, rng):
    data = pd.DataFrame({"x": rng.normal(size=60), "y": rng.integers(0, 2, 60)})
    with pytest.raises(DataError, match="'twice' follows from"):
        pm.regress(data.assign(twice=2 * data.x + 1), "y ~ x + twice", family=family)
    with pytest.raises(DataError, match="'z' follows from"):
        pm.regress(data.assign(z=1.0), "y ~ x + z", family=family)


def separated(rng):
    data = pd.DataFrame({"x": rng.normal(size=60), "noise": rng.normal(size=60)})
    data["above"] = (data.x > 0) * 1
    # Complete separation; one arm without a 0; one arm without counts; ordered by x.
    data["complete"] = data.above
    data["quasi"] = np.where(data.above == 1, 1, data.noise > 0).astype(int)
    data["count"] = np.where(data.above == 1, rng.poisson(3, 60) + 1, 0)
    data["rank"] = pd.qcut(data.x, 3, labels=False)
    return data


@pytest.mark.parametrize(
    ("formula", "family"),
    [
        ("complete ~ x", "binomial"),
        ("quasi ~ above", "binomial"),
        ("count ~ above", "poisson"),
        ("rank ~ x", "ordinal"),
    ],
)
def test_separation_is_refused(formula, family, rng):
    predictor = formula.split()[-1]
    with pytest.raises(DataError, match=f"separated by .*'{predictor}'"):
        pm.regress(separated(rng), formula, family=family)


def test_large_effects_that_overlap_are_no_separation(rng):
    x = rng.normal(0, 6, 400)
    data = pd.DataFrame({"x": x, "y": (rng.random(400) < 1 / (1 + np.exp(-2 * x))) * 1})
    found = pm.regress(data, "y ~ x", family="binomial")["x"]
    # Linear predictors beyond the limit from which separation is looked for.
    assert np.abs(found.value * x).max() > 10
    assert found.ci_low < 2 < found.ci_high


def test_groups_without_replication_are_refused(rng):
    data = pd.DataFrame({"x": rng.normal(size=20), "y": rng.normal(size=20), "one": 1})
    with pytest.raises(DataError, match="20 rows for 20 groups"):
        pm.mixed_model(data.assign(g=np.arange(20)), "y ~ x", "g")
    with pytest.raises(DataError, match="1 group; a variance"):
        pm.mixed_model(data, "y ~ x", "one")


def test_variance_at_its_limit_and_few_groups_are_told(rng):
    data = pd.DataFrame({"g": np.repeat(np.arange(6), 10), "x": rng.normal(size=60)})
    data["between"] = data.g % 2
    noise = rng.normal(size=60)
    # Residuals without any difference between groups.
    data["y"] = data.x + noise - pd.Series(noise).groupby(data.g).transform("mean")
    found = pm.mixed_model(data, "y ~ x + between", "g")
    variance = found["g"]
    assert variance.value == pytest.approx(0, abs=1e-4) and "at its limit" in variance.note
    assert "6 groups" in found["x"].note
    # 6 groups less intercept and between; 60 rows less 6 groups less x.
    assert "t with 4 degrees" in found["between"].method
    assert "t with 53 degrees" in found["x"].method
    reach = (found["between"].ci_high - found["between"].ci_low) / 2
    assert reach == pytest.approx(stats.t.ppf(0.975, 4) * found["between"].se)


def test_few_groups_hold_their_level():
    """400 runs of 5 groups of 6 rows with an intercept of 0; by normal quantiles .91."""
    rng = np.random.default_rng(3)
    hits = 0
    for _ in range(400):
        data = pd.DataFrame({"g": np.repeat(np.arange(5), 6)})
        data["y"] = rng.normal(size=5)[data.g] + rng.normal(size=30)
        found = pm.mixed_model(data, "y ~ 1", "g")["Intercept"]
        hits += found.ci_low <= 0 <= found.ci_high
    assert hits / 400 >= 0.917  # .95 less three Monte Carlo errors of .011


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"formula": "y ~ x", "family": "gamma"}, "family='gamma'"),
        ({"formula": "y ~ x", "cluster": "q"}, "no column 'q'"),
        ({"formula": "y ~ absent"}, "cannot be fitted"),
        ({"formula": "y ~"}, "cannot be fitted"),
        ({"formula": "y ~ empty"}, "No row"),
        ({"formula": "y ~ x", "conf_level": 95}, "conf_level=95"),
        ({"formula": "text ~ x", "family": "binomial"}, "is text"),
        ({"formula": "y ~ x", "family": "binomial"}, "Code it as 0 and 1"),
        ({"formula": "y ~ x", "family": "poisson"}, "is negative"),
        ({"formula": "flat ~ x"}, "does not vary"),
    ],
)
def test_misuse_is_named(arguments, told, rng):
    data = clustered(rng, 5, 3).assign(empty=np.nan, flat=1.0, text=list("ab") * 7 + ["a"])
    with pytest.raises(DataError, match=told):
        pm.regress(data, **arguments)


def test_answers_need_their_clusters(rng):
    data = clustered(rng, 8, 5).assign(respondent=lambda d: d.model, item=1)
    with pytest.raises(UnitError, match="40 answers of 8 respondents"):
        pm.regress(data, "y ~ x")
    assert pm.regress(data, "y ~ x", cluster="respondent")["x"].n == 40


def test_perfect_fits_have_no_interval(rng):
    data = clustered(rng, 8, 5).assign(y=lambda d: 2 * d.x)
    found = pm.regress(data, "y ~ x")["x"]
    assert found.value == pytest.approx(2) and np.isnan(found.se) and "perfect" in found.note
    with pytest.raises(DataError, match="fits perfectly"):
        pm.mixed_model(data, "y ~ x", "model")
