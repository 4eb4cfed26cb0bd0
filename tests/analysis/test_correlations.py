import numpy as np
import pandas as pd
import pytest
from scipy import stats

import psychometrics as pm
from psychometrics.errors import DataError, UnitError


def test_pairs_are_those_of_scipy(rng):
    x = pd.DataFrame(rng.normal(size=(40, 3)) + rng.normal(size=(40, 1)), columns=list("abc"))
    x.iloc[3, 0] = np.nan
    found = pm.correlations(x)
    both = x[["a", "b"]].dropna()
    theirs = stats.pearsonr(both["a"], both["b"])
    low, high = theirs.confidence_interval()
    pair = found["a", "b"]
    assert pair.value == pytest.approx(theirs.statistic, abs=1e-12)
    assert (pair.ci_low, pair.ci_high) == pytest.approx((low, high), abs=1e-12)
    assert pair.n == 39 and found["b", "c"].n == 40
    assert [e.of for e in found.to_estimates()] == ["a with b", "a with c", "b with c"]
    assert found.to_frame().loc["a", "b"] == pair.value
    assert "n = 39 to 40" in repr(found)


@pytest.mark.second_opinion
@pytest.mark.parametrize("kind", ["pearson", "spearman"])
def test_second_opinion(rng, kind):
    x = pd.DataFrame(rng.normal(size=(40, 2)), columns=list("ab"))
    opinion = pm.second_opinion(pm.correlations(x, kind=kind)["a", "b"])
    assert abs(opinion.difference) < 1e-12


def test_models_with_several_personas_are_resampled_by_model(rng):
    model = np.repeat(np.arange(20), 10)
    true = rng.normal(size=(20, 2))[model]
    frame = pd.DataFrame(true + 0.3 * rng.normal(size=(200, 2)), columns=list("ab"))
    naive = pm.correlations(frame)["a", "b"]
    found = pm.correlations(pm.item_table(frame.assign(model=model), cluster="model"))
    pair = found["a", "b"]
    assert pair.value == pytest.approx(naive.value)
    assert pair.ci_high - pair.ci_low > 1.5 * (naive.ci_high - naive.ci_low)
    assert "clusters" in pair.method and "effective n" in pair.note
    few = frame.assign(model=model % 3)
    assert "fewer than 5" in pm.correlations(pm.item_table(few, cluster="model"))["a", "b"].note


def test_misuse_is_named(rng):
    with pytest.raises(DataError, match="kendall"):
        pm.correlations(rng.normal(size=(9, 2)), kind="kendall")
    with pytest.raises(UnitError):
        pm.correlations(rng.normal(size=(1, 2)))
    with pytest.raises(DataError, match="'z'"):
        pm.correlations(rng.normal(size=(9, 2)))["item_1", "z"]


def test_a_constant_column_says_so(rng):
    x = np.column_stack([rng.normal(size=9), np.ones(9)])
    found = pm.correlations(x)["item_1", "item_2"]
    assert np.isnan(found.value) and "constant" in found.note
