import numpy as np
import pandas as pd
import pytest
from scipy import stats

import psychometrics as pm
from psychometrics.errors import DataError

pytestmark = pytest.mark.second_opinion


def test_tost_hand_worked(rng):
    x, y = rng.normal(0, 1, 40), rng.normal(0.1, 1, 40)
    found = pm.tost(x, y, 0.6)
    # The larger of the two one-sided p, by scipy.
    one_sided = max(
        stats.ttest_ind(x + 0.6, y, alternative="greater").pvalue,
        stats.ttest_ind(x - 0.6, y, alternative="less").pvalue,
    )
    assert found.p_value == pytest.approx(one_sided, rel=1e-9)
    assert found.n == 80 and found.n_unit == "units"
    # Duality: equivalent at .05 exactly if the 90 % interval lies within the bounds.
    assert (found.p_value < 0.05) == (found.ci_low > -0.6 and found.ci_high < 0.6)


def test_tost_of_pairs_leaves_out_half_pairs(rng):
    x = rng.normal(size=20)
    y = x + rng.normal(0, 0.1, 20)
    y[3] = np.nan
    found = pm.tost(x, y, 0.5, paired=True)
    assert found.n == 19 and "equivalent at .05" in found.note


def test_pairwise_between_has_the_interval_of_the_t_test(rng):
    data = pd.DataFrame({"g": np.repeat(list("abc"), 12), "y": rng.normal(size=36)})
    found = pm.pairwise_tests(data, "y", between="g")
    a, b = (data.loc[data["g"] == g, "y"] for g in "ab")
    low, high = stats.ttest_ind(a, b).confidence_interval()
    assert (found[0].ci_low, found[0].ci_high) == pytest.approx((low, high))
    assert [e.of for e in found] == ["a − b", "a − c", "b − c"]
    raw = [
        stats.ttest_ind(data.y[data.g == i], data.y[data.g == j]).pvalue
        for i, j in ("ab", "ac", "bc")
    ]
    assert min(e.p_value for e in found) == pytest.approx(min(1, 3 * min(raw)))  # Holm's first step


def test_pairwise_within_leaves_out_incomplete_units(rng):
    data = pd.DataFrame(
        {"s": np.repeat(np.arange(10), 3), "c": np.tile(list("abc"), 10), "y": rng.normal(size=30)}
    )
    data.loc[0, "y"] = np.nan
    found = pm.pairwise_tests(data, "y", within="c", subject="s")
    wide = data.pivot(index="s", columns="c", values="y").dropna()
    low, high = stats.ttest_rel(wide["a"], wide["b"]).confidence_interval()
    assert (found[0].ci_low, found[0].ci_high) == pytest.approx((low, high))
    assert found[0].n == 9 and found[0].n_unit == "pairs"


def test_repeated_measures_correlation_is_that_of_centred_values(rng):
    data = pd.DataFrame({"m": np.repeat(np.arange(8), 5), "x": rng.normal(size=40)})
    data["y"] = 0.7 * data["x"] + data["m"] * -3 + rng.normal(0, 0.5, 40)
    found = pm.repeated_measures_correlation(data, "x", "y", "m")
    centred = data[["x", "y"]] - data.groupby("m")[["x", "y"]].transform("mean")
    assert found.value == pytest.approx(centred.corr().iloc[0, 1])
    assert found.n == 8 and found.ci_low < found.value < found.ci_high
    # pingouin rounds its own interval to two digits; ours is not rounded.
    assert round(found.ci_low, 2) != found.ci_low


def test_mediation_adds_up(rng):
    data = pd.DataFrame({"x": rng.normal(size=80)})
    data["m"] = data["x"] + rng.normal(size=80)
    data["y"] = data["m"] + rng.normal(size=80)
    found = pm.mediation(data, "x", "m", "y", n_resamples=200, seed=3)
    effects = {e.of: e.value for e in found}
    assert effects["Total"] == pytest.approx(effects["Direct"] + effects["Indirect"])
    again = pm.mediation(data, "x", "m", "y", n_resamples=200, seed=3)
    assert found.to_frame().equals(again.to_frame())


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: pm.tost([1, 2], [1, 2], 0), "bound=0"),
        (lambda: pm.tost([1, 2], [1], 1, paired=True), "no pairs"),
        (lambda: pm.tost([1, np.nan], [1, 2], 1), "Fewer than two"),
        (lambda: pm.pairwise_tests(pd.DataFrame({"y": [1]}), "y"), "Neither or both"),
        (lambda: pm.pairwise_tests(pd.DataFrame({"y": [1]}), "y", within="c"), "to know the units"),
        (lambda: pm.pairwise_tests(pd.DataFrame({"y": [1]}), "y", between="c"), "no column 'c'"),
        (
            lambda: pm.repeated_measures_correlation(
                pd.DataFrame({"x": [1], "y": [1], "m": [1]}), "x", "y", "m"
            ),
            "1 units",
        ),
    ],
)
def test_misuse_is_named(call, told):
    with pytest.raises(DataError, match=told):
        call()
