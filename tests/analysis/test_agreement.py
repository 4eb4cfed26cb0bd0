import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.errors import DataError

SHARED = Path(__file__).resolve().parents[3] / "shared"


def reference():
    if not SHARED.is_dir():
        pytest.skip("../shared is absent")
    return json.loads((SHARED / "reference/agreement.json").read_text())


def pairs_of(table):
    rows, columns = np.indices(np.shape(table))
    counts = np.ravel(table)
    return np.repeat(rows.ravel(), counts), np.repeat(columns.ravel(), counts)


def test_kappa_of_a_table_agrees_with_r():
    r = reference()["counts_3x3"]
    first, second = pairs_of(r["table"])
    for weights, name in (("identity", "kappa"), ("linear", "linear"), ("quadratic", "quadratic")):
        found = pm.cohens_kappa(first, second, weights=weights)
        assert found.value == pytest.approx(r[name], abs=1e-10)
        assert found.n == 100 and found.n_unit == "units" and found.ci_low < found.value


def test_krippendorff_agrees_with_irr():
    r = reference()["krippendorff_4x12"]
    ratings = pd.DataFrame(np.array(r["ratings"], dtype=float).T)
    for metric, value in r["irr"].items():
        assert pm.krippendorffs_alpha(ratings, metric=metric).value == pytest.approx(
            value, abs=1e-10
        )


def test_gwet_and_fleiss():
    first, second = pairs_of(reference()["counts_3x3"]["table"])
    found = pm.gwet_ac(np.column_stack([first, second]))
    assert found.value == pytest.approx(0.5759717, abs=5e-8)  # printed with seven digits
    many = pm.fleiss_kappa(pd.DataFrame({"a": first, "b": second}))
    assert len(many) == 4 and many[0].p_value < 1e-6


def test_orders_of_one_respondent_as_raters(small):
    model = pm.scripted_model(3.0, position_bias=[3.0])
    run = pm.administer(small, pm.respondents(model), quiet=True)
    table = pm.rating_table(run.responses, "option_order")
    assert table.shape[0] == 4
    biased = pm.krippendorffs_alpha(table, metric="ordinal")
    assert biased.value < 0.5
    with pytest.raises(DataError, match="several ratings of item"):
        pm.rating_table(run.responses, "labels", unit="item")
    with pytest.raises(DataError, match="no column 'judge'"):
        pm.rating_table(run.responses, "judge")


def test_concordance_and_limits(rng):
    x = rng.normal(size=50)
    found = pm.concordance(x, x + 1)
    assert found[0].value < found[1].value == pytest.approx(1)
    limits = pm.bland_altman(x, x + 1 + rng.normal(0, 0.1, 50))
    assert limits.lower.value < limits.bias.value < limits.upper.value


def personas(rng, n=6, items=40):
    """Ratings by three raters who agree the more, the clearer a respondent is."""
    index = pd.MultiIndex.from_product(
        [[f"p{i}" for i in range(n)], range(items)], names=["respondent", "item"]
    )
    noise = np.repeat(np.linspace(0.1, 1.5, n), items)[:, None]
    true = np.repeat(rng.integers(1, 6, n), items)[:, None]
    ratings = np.clip(np.rint(true + noise * rng.normal(size=(n * items, 3))), 1, 5)
    return pd.DataFrame(ratings, index=index, columns=list("abc"))


VERBS = {
    "ac": pm.gwet_ac,
    "fleiss": lambda t, **k: pm.fleiss_kappa(t, **k)[0],
    "alpha": lambda t, **k: pm.krippendorffs_alpha(t, metric="ordinal", **k),
    "kappa": lambda t, **k: pm.cohens_kappa(t["a"], t["b"], **k),
    "concordance": lambda t, **k: pm.concordance(t["a"], t["b"], **k)[0],
    "bias": lambda t, **k: pm.bland_altman(t["a"], t["b"], **k).to_estimates()[0],
}


@pytest.mark.parametrize("name", VERBS)
def test_respondents_are_the_clusters_of_their_items(name, rng):
    table, verb = personas(rng), VERBS[name]
    found = verb(table)
    plain = verb(table.reset_index(drop=True))
    assert found.value == pytest.approx(plain.value) and found.n == 240
    assert "240 units in 6 clusters" in found.note and np.isnan(found.p_value)
    assert "jackknife over 6 clusters" in found.method
    if name != "bias":  # raters are not biased, so respondents do not differ in it
        assert found.ci_high - found.ci_low > 1.3 * (plain.ci_high - plain.ci_low)
    given = verb(table.reset_index(drop=True), cluster=list(table.index.get_level_values(0)))
    assert (given.ci_low, given.ci_high) == (found.ci_low, found.ci_high)
    by_item = verb(table, cluster="item")
    assert "40 clusters" in by_item.note
    few = verb(table.loc[["p1", "p4"]])
    assert np.isnan([few.ci_low, few.se, few.p_value]).all()
    assert "fewer than 5 clusters" in few.note and not np.isnan(few.value)
    one = verb(table.loc[["p4"]])
    assert "clusters" not in one.note and one.n == 40
    with pytest.raises(DataError, match="no level 'model'"):
        verb(table, cluster="model")


def test_jackknife_over_clusters_is_that_of_values_without_each(rng):
    table = personas(rng)
    names = table.index.get_level_values(0)
    without = [pm.gwet_ac(table[names != n], categories=range(1, 6)).value for n in names.unique()]
    se = np.sqrt(5 / 6 * np.sum((np.array(without) - np.mean(without)) ** 2))
    assert pm.gwet_ac(table, categories=range(1, 6)).se == pytest.approx(se)


def test_clusters_of_text_and_of_resamples(rng):
    table = personas(rng)
    text = table.map(lambda x: f"{x:.0f}")
    for verb in (pm.gwet_ac, pm.krippendorffs_alpha, VERBS["kappa"]):
        assert verb(text).ci_low == pytest.approx(verb(table).ci_low)
    drawn = pm.krippendorffs_alpha(table, interval="bca", n_resamples=100, seed=1)
    assert "BCa bootstrap of clusters" in drawn.method and drawn.n == 240
    assert drawn.ci_low < drawn.value < drawn.ci_high
    few = pm.krippendorffs_alpha(table.loc[["p1", "p4"]], interval="bca", n_resamples=100)
    assert np.isnan(few.ci_low) and "fewer than 5 clusters" in few.note


def test_intervals_over_clusters_cover():
    """Bias of two measurements, 10 respondents of 20 rows who differ in it; 300 runs."""
    hits = naive = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        who = np.repeat(np.arange(10), 20)
        x = rng.normal(size=200)
        y = x + rng.normal(size=10)[who] + rng.normal(0, 0.5, 200)
        bias = pm.bland_altman(x, y, cluster=who).bias
        hits += bias.low <= 0 <= bias.high
        plain = pm.bland_altman(x, y).bias
        naive += plain.low <= 0 <= plain.high
    assert 0.912 <= hits / 300 <= 0.988  # .95 with three Monte Carlo errors of .0126
    assert naive / 300 < 0.6


def test_one_respondent_with_repeated_items_hangs_together_by_item(rng):
    table = personas(rng, n=1)
    again = pd.concat([table, table], keys=[1, 2], names=["occasion"])
    assert "80 units in 40 clusters" in pm.gwet_ac(again).note


def test_limits_of_agreement_are_a_result(rng):
    x = rng.normal(size=50)
    found = pm.bland_altman(x, x + rng.normal(0, 0.1, 50))
    assert "\n" not in repr(found) and len(repr(found)) < 120 and "n = 50 pairs" in repr(found)
    assert [e.name.split()[0] for e in found.to_estimates()] == ["bias", "lower", "upper", "slope"]
    assert found.to_frame()["n_unit"].tolist() == ["pairs"] * 4
    assert len(found.means) == len(found.differences) == 50 and found.coverage == 0.95
    assert pm.plot.bland_altman(found).get_ylabel()
    assert "not estimated" in repr(pm.bland_altman([], []))


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: pm.bland_altman([1, 2], [1]), "one length"),
        (lambda: pm.bland_altman(["a"], [1]), "could not convert"),
        (lambda: pm.bland_altman([1, 2], [1, 3], coverage=3), "coverage=3"),
        (lambda: pm.bland_altman([1, 2], [1, 3], conf_level=95), "conf_level=95"),
        (lambda: pm.concordance([1, 2], [1]), "one length"),
        (lambda: pm.cohens_kappa([1, 2], [1]), "one length"),
        (lambda: pm.gwet_ac([[1, 2]], weights="foo"), "weights='foo'"),
        (lambda: pm.gwet_ac([1, 2]), "1 axes"),
        (lambda: pm.gwet_ac([[1, 2], [2, 2]], cluster=[1]), "1 labels of clusters for 2 units"),
        (lambda: pm.fleiss_kappa([[1, 2]], categories=[1]), "not among the categories"),
        (lambda: pm.krippendorffs_alpha([[1, 2]], metric="foo"), "metric='foo'"),
        (lambda: pm.rating_table([1], "a"), "list holds no ratings"),
    ],
)
def test_misuse_is_named(call, told):
    with pytest.raises(DataError, match=told):
        call()
