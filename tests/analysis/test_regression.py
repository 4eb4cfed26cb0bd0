import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.errors import DataError

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


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"formula": "y ~ x", "family": "gamma"}, "family='gamma'"),
        ({"formula": "y ~ x", "cluster": "q"}, "no column 'q'"),
        ({"formula": "y ~ absent"}, "cannot be fitted"),
        ({"formula": "y ~"}, "cannot be fitted"),
        ({"formula": "y ~ empty"}, "No row"),
    ],
)
def test_misuse_is_named(arguments, told, rng):
    data = clustered(rng, 5, 3).assign(empty=np.nan)
    with pytest.raises(DataError, match=told):
        pm.regress(data, **arguments)
