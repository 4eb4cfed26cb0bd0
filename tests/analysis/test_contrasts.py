import numpy as np
import pandas as pd
import pytest
from scipy import stats

import psychometrics as pm
from psychometrics.errors import DataError, ResponsesError


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
