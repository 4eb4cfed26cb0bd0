import numpy as np
import pandas as pd
import pytest
from scipy import stats

import psychometrics as pm
from psychometrics.analysis.criterion import robust_p
from psychometrics.errors import DataError, ResponsesError, UnitError


@pytest.fixture(scope="module")
def two(small):
    models = [pm.scripted_model(t, name=n) for n, t in (("low", 2.0), ("high", 4.0))]
    return pm.administer(small, pm.respondents(models), quiet=True).responses


def test_two_respondents_over_the_same_items(two):
    difference, d_z, d_av, g_av, detectable = pm.paired_contrast(two.of("high"), two.of("low"))
    assert difference.value == pytest.approx(2, abs=0.1)  # scripted truth
    assert difference.n == 4 and difference.n_unit == "items"
    assert difference.of == "high − low"
    # The script answers every item alike, so that the differences have no spread.
    assert np.isnan(difference.ci_low) and "the same in all units" in difference.note
    assert d_z.name == "d_z" and d_av.name == "d_av" and g_av.name == "g_av"
    assert detectable.name == "detectable difference"
    assert pm.paired_contrast(two.of("high"), two.of("low"), by="scale")[0].of.startswith("calm: ")


def test_contrast_is_the_paired_t_test(rng):
    x, y = (pd.DataFrame([rng.normal(size=30)], index=[name]) for name in "ab")
    found = pm.paired_contrast(x, y)[0]
    theirs = stats.ttest_rel(x.iloc[0], y.iloc[0])
    assert found.p_value == pytest.approx(theirs.pvalue)
    low, high = theirs.confidence_interval()
    assert (found.ci_low, found.ci_high) == pytest.approx((low, high))
    detectable = pm.paired_contrast(x, y)["detectable difference"]
    assert "property of the design" in detectable.note and detectable.value > 0
    d_av, g_av = (pm.paired_contrast(x, y)[name] for name in ("d_av", "g_av"))
    # Hedges' factor of 29 degrees of freedom, exact: 0.97386...
    assert g_av.value / d_av.value == pytest.approx(1 - 3 / (4 * 29 - 1), abs=1e-4)
    assert g_av.ci_low == d_av.ci_low


def test_one_respondent_each(two):
    with pytest.raises(DataError, match="2 respondents"):
        pm.paired_contrast(two, two.of("low"))
    with pytest.raises(ResponsesError, match="no respondent 'mid'"):
        two.of("mid")
    with pytest.raises(DataError, match="no item in common"):
        pm.paired_contrast(two.of("low"), pd.DataFrame({"x": [1.0]}))


def test_items_and_scales_are_checked(two):
    x = pd.DataFrame([[1.0, 2.0, 4.0]])
    with pytest.raises(DataError, match="by='item'"):
        pm.paired_contrast(two.of("high"), two.of("low"), by="item")
    with pytest.raises(DataError, match="needs scales"):
        pm.paired_contrast(x, x + 1, by="scale")
    with pytest.raises(DataError, match="Scores of scales are no items"):
        pm.paired_contrast(two.of("high").score(), two.of("low").score())


def test_answers_are_no_units(two):
    frame = two.frame
    for call in (
        lambda: pm.known_groups(frame, "expected", "model"),
        lambda: pm.criterion_validity(frame, "expected", "entropy"),
        lambda: pm.incremental_validity(frame, "expected", ["entropy"], ["option_mass"]),
    ):
        with pytest.raises(UnitError, match=f"{len(frame)} answers of 2 respondents"):
            call()
    found = pm.known_groups(frame, "expected", "model", cluster="respondent")
    assert found[0].n == 2 and found[0].n_unit == "clusters" and np.isnan(found[0].p_value)
    assert "one unit" in found[0].note
    with pytest.raises(DataError, match="Scores is no data frame"):
        pm.known_groups(two.score(), "calm", "model")


def clustered(rng, m=12, each=6):
    data = pd.DataFrame({"k": np.repeat(np.arange(m), each), "row": np.arange(m * each)})
    data["g"] = np.where(data.k < m / 2, "a", "b")
    data["trait"] = rng.normal(size=m)[data.k]
    return data.assign(y=data.trait + rng.normal(size=m)[data.k] + rng.normal(0, 0.2, m * each))


def test_groups_of_clusters_are_contrasted_by_their_means(rng):
    data = clustered(rng)
    found = pm.known_groups(data, "y", "g", cluster="k")
    means = data.groupby("k").y.mean()
    theirs = stats.ttest_ind(means[:6], means[6:], equal_var=False)
    assert found[0].n == 12 and found[0].p_value == pytest.approx(theirs.pvalue)
    across = pm.known_groups(data.assign(g=data.row % 2), "y", "g", cluster="k")
    assert all(np.isnan([e.ci_low, e.se, e.p_value]).all() for e in across)
    assert all(e.note for e in across) and not np.isnan(across["d"].value)
    assert np.isnan(across["detectable difference"].value)


def test_criterion_of_clusters(rng):
    data = clustered(rng)
    # The criterion is a property of clusters: their means count.
    found = pm.criterion_validity(data, "y", "trait", cluster="k")
    means = data.groupby("k")[["y", "trait"]].mean()
    assert found.n == 12 and found.value == pytest.approx(means.corr().iloc[0, 1])
    data["z"] = data.y + rng.normal(size=len(data))
    resampled = pm.criterion_validity(data, "y", "z", cluster="k", n_resamples=200)
    plain = pm.criterion_validity(data, "y", "z")
    assert resampled.n == 72 and "bootstrap of clusters" in resampled.method
    assert resampled.ci_high - resampled.ci_low > 1.2 * (plain.ci_high - plain.ci_low)
    few = pm.criterion_validity(data[data.k < 3], "y", "z", cluster="k")
    assert np.isnan(few.ci_low) and "fewer than 5 clusters" in few.note
    with pytest.raises(DataError, match="both 'y'"):
        pm.criterion_validity(data, "y", "y")


def test_criterion_among_scores(small):
    """Scores know which model each respondent belongs to."""
    models = [pm.scripted_model(t, name=str(t)) for t in (2.0, 3.0, 4.0)]
    scores = pm.administer(small, pm.respondents(models), quiet=True).responses.score()
    name = scores.instrument.scales[0].name
    with pytest.raises(DataError, match="no column 'sleep'"):
        pm.criterion_validity(scores, name, "sleep")
    with pytest.raises(DataError, match="for a bare data frame"):
        pm.criterion_validity(scores, name, "sleep", cluster="model")
    table = pm.item_table(pd.DataFrame({"calm": [1.0, 2, 4, 3], "kind": [2.0, 1, 3, 4]}))
    assert pm.criterion_validity(table, "calm", "kind").value == pytest.approx(0.6)


def test_increment_of_clusters(rng):
    data = clustered(rng)
    data["z"] = data.y + rng.normal(0, 0.3, len(data))
    two = pm.incremental_validity(data[data.k < 2], "y", ["row"], ["z"], cluster="k")
    assert np.isnan([two.ci_low, two.se, two.p_value]).all() and two.value > 0
    assert "fewer than 5 clusters" in two.note
    many = pm.incremental_validity(data, "y", ["row"], ["z"], cluster="k", n_resamples=200)
    assert many.ci_low > 0 and np.isnan(many.p_value) and "no p" in many.note
    # A predictor of clusters without effect: the F test of rows rejects too often.
    rejected = by_rows = 0
    for seed in range(20):
        drawn = clustered(np.random.default_rng(seed)).assign(
            noise=lambda d: np.random.default_rng(99).normal(size=12)[d.k]
        )
        found = pm.incremental_validity(drawn, "y", ["row"], ["noise"], cluster="k", n_resamples=50)
        rejected += found.ci_low > 0
        by_rows += pm.incremental_validity(drawn, "y", ["row"], ["noise"], n_resamples=2).ci_low > 0
    # Of 20 at .05 one is expected; the robust test of 12 clusters is somewhat liberal.
    assert rejected <= 4 < by_rows


def test_robust_test_is_that_of_statsmodels(rng):
    import statsmodels.api as sm

    data = clustered(rng).assign(z=lambda d: rng.normal(size=len(d)))
    x = data[["y", "row", "trait", "z"]].to_numpy()
    labels = data.k.astype(str).to_numpy()
    fitted = sm.OLS(x[:, 0], sm.add_constant(x[:, 1:])).fit(
        cov_type="cluster", cov_kwds={"groups": data.k}, use_t=True
    )
    test = fitted.f_test(np.eye(4)[2:])
    assert robust_p(x, 1, labels) == pytest.approx(float(test.pvalue), rel=1e-6)


def test_increment_without_rows():
    data = pd.DataFrame({"y": [np.nan] * 9, "a": np.arange(9.0), "b": np.arange(9.0) ** 2})
    for rows in (data, data[:0]):
        found = pm.incremental_validity(rows, "y", ["a"], ["b"])
        assert np.isnan(found.value) and "no complete row" in found.note
    with pytest.raises(DataError, match="named twice"):
        pm.incremental_validity(data, "y", ["a"], ["a"])


def test_known_groups_are_welch_and_hedges(rng):
    data = pd.DataFrame({"g": ["a"] * 30 + ["b"] * 40, "y": rng.normal(size=70)})
    data.loc[:29, "y"] += 1
    found = pm.known_groups(data, "y", "g")
    theirs = stats.ttest_ind(data.y[:30], data.y[30:], equal_var=False)
    assert found[0].p_value == pytest.approx(theirs.pvalue)
    assert [e.name for e in found] == [
        "mean difference", "d", "g", "delta", "detectable difference",
    ]  # fmt: skip
    assert found["g"].value < found["d"].value
    from statsmodels.stats.power import TTestIndPower

    pooled = np.sqrt((29 * data.y[:30].var() + 39 * data.y[30:].var()) / 68)
    d = TTestIndPower().solve_power(nobs1=30, ratio=40 / 30, alpha=0.05, power=0.8)
    # statsmodels' root search stops at about 1e-6.
    assert found["detectable difference"].value == pytest.approx(d * pooled, rel=1e-4)
    with pytest.raises(DataError, match="3 groups"):
        pm.known_groups(data.assign(g=list("abc") * 23 + ["a"]), "y", "g")
    with pytest.raises(DataError, match="no column 'z'"):
        pm.known_groups(data, "z", "g")


def test_criterion_and_increment(rng):
    data = pd.DataFrame(rng.normal(size=(80, 3)), columns=["y", "a", "b"])
    data["y"] += data["a"]
    data.loc[0, "b"] = np.nan
    criterion = pm.criterion_validity(data, "a", "y")
    assert criterion.value == pytest.approx(data["a"].corr(data["y"]))
    increment = pm.incremental_validity(data, "y", ["b"], ["a"], n_resamples=200)
    assert increment.n == 79 and "1 rows left out" in increment.note and increment.p_value < 0.01
    with pytest.raises(DataError, match="no column 'q'"):
        pm.incremental_validity(data, "y", ["q"], ["a"])


def test_traits_by_methods(rng):
    traits = rng.normal(size=(200, 2))
    x = pd.DataFrame(traits[:, [0, 1, 0, 1]] + rng.normal(size=(200, 4)), columns=list("abcd"))
    columns = {
        "a": ("calm", "self"),
        "b": ("trust", "self"),
        "c": ("calm", "task"),
        "d": ("trust", "task"),
    }
    found = pm.multitrait_multimethod(x, columns, n_resamples=200)
    r = x.corr()
    # Fisher's mean or the plain one: within .01 for two correlations near .5.
    assert found[0].value == pytest.approx((r.loc["a", "c"] + r.loc["b", "d"]) / 2, abs=0.01)
    assert len(found) == 5 and found[0].n == 200
