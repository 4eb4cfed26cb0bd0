import numpy as np
import pandas as pd
import pytest
from scipy import stats

import psychometrics as pm
from psychometrics.errors import DataError, UnitError

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
    assert found.n == 19 and "equivalent at 0.05" in found.note


def test_pairwise_between_has_the_interval_of_the_t_test(rng):
    data = pd.DataFrame({"g": np.repeat(list("abc"), 12), "y": rng.normal(size=36)})
    found = pm.pairwise_tests(data, "y", between="g")
    a, b = (data.loc[data["g"] == g, "y"] for g in "ab")
    low, high = stats.ttest_ind(a, b, equal_var=False).confidence_interval()
    assert (found[0].ci_low, found[0].ci_high) == pytest.approx((low, high))
    assert [e.of for e in found] == ["a − b", "a − c", "b − c"]
    raw = [
        stats.ttest_ind(data.y[data.g == i], data.y[data.g == j], equal_var=False).pvalue
        for i, j in ("ab", "ac", "bc")
    ]
    assert min(e.p_value for e in found) == pytest.approx(min(1, 3 * min(raw)))  # Holm's first step
    assert "Welch" in found[0].method and not found[0].note  # both routes give one p


def test_welch_whatever_the_sizes_of_levels(rng):
    data = pd.DataFrame({"g": list("a" * 8 + "b" * 20), "y": rng.normal(size=28)})
    for rows in (data, data.groupby("g").head(8)):
        (found,) = pm.pairwise_tests(rows, "y", between="g", adjust="none")
        a, b = (rows.y[rows.g == g] for g in "ab")
        theirs = stats.ttest_ind(a, b, equal_var=False)
        assert found.p_value == pytest.approx(theirs.pvalue)
        assert (found.ci_low, found.ci_high) == pytest.approx(tuple(theirs.confidence_interval()))


def test_rows_of_a_subject_between_levels_are_averaged_first(rng):
    data = pd.DataFrame({"s": np.repeat(np.arange(12), 5), "y": rng.normal(size=60)})
    data["g"] = np.where(data.s < 6, "a", "b")
    (found,) = pm.pairwise_tests(data, "y", between="g", subject="s")
    means = data.groupby("s").y.mean()
    assert found.n == 12 and "averaged first" in found.method
    assert found.p_value == pytest.approx(
        stats.ttest_ind(means[:6], means[6:], equal_var=False).pvalue
    )
    with pytest.raises(DataError, match="stands at 2 levels"):
        pm.pairwise_tests(data.assign(s=0), "y", between="g", subject="s")
    with pytest.raises(UnitError, match="60 answers of 12 respondents"):
        pm.pairwise_tests(data.assign(respondent=data.s, item=1), "y", between="g")


def test_degenerate_levels_have_reasons(rng):
    data = pd.DataFrame({"g": np.repeat(list("abc"), 6), "y": rng.normal(size=18)})
    same = pm.pairwise_tests(data.assign(y=1.0), "y", between="g")
    assert all("no variance" in e.note and np.isnan(e.p_value) for e in same)
    equal = pm.pairwise_tests(data.assign(y=[1, 2, 3] * 6), "y", between="g")
    assert all(e.value == 0 and e.p_value == 1 and e.ci_low < 0 < e.ci_high for e in equal)
    empty = pm.pairwise_tests(data.assign(y=data.y.mask(data.g == "c")), "y", between="g")
    assert empty[1].note == empty[2].note == "a group is empty"
    # One test is left, and is adjusted for one.
    raw = stats.ttest_ind(data.y[:6], data.y[6:12], equal_var=False).pvalue
    assert empty[0].p_value == pytest.approx(raw)
    single = pm.pairwise_tests(data[:13], "y", between="g")
    assert "one unit" in single[1].note and np.isnan(single[1].ci_low)
    wide = data.assign(s=np.tile(np.arange(6), 3))
    lacking = wide.assign(y=wide.y.mask(wide.g == "b"))
    within = pm.pairwise_tests(lacking, "y", within="g", subject="s")
    assert "no complete pair" in within[0].note and within[1].n == 6


def test_constant_within_units_is_not_estimated(rng):
    data = pd.DataFrame({"m": np.repeat(np.arange(8), 5), "x": rng.normal(size=40)})
    # Means of 0.1 × m have rounding errors, which once were correlated.
    data["y"] = 0.1 * data["m"]
    found = pm.repeated_measures_correlation(data, "x", "y", "m")
    assert np.isnan(found.value) and "y does not vary within units" in found.note
    perfect = pm.repeated_measures_correlation(data.assign(y=2 * data.x), "x", "y", "m")
    assert perfect.value == pytest.approx(1) and "perfect" in perfect.note
    assert np.isnan(perfect.ci_low)


def test_tost_at_another_alpha_says_what_it_pools(rng):
    x, y = rng.normal(0, 1, 30), rng.normal(0, 3, 12)
    found = pm.tost(x, y, np.float32(2), alpha=0.025)
    low, high = stats.ttest_ind(x, y).confidence_interval(0.95)
    assert found.conf_level == 0.95 and (found.ci_low, found.ci_high) == pytest.approx((low, high))
    assert "variances pooled" in found.method and "at 0.025" in found.note
    flat = pm.tost([1, 1], [2, 2], 3)
    assert flat.value == -1 and np.isnan(flat.ci_low) and "do not vary" in flat.note


def test_mediator_with_two_values_is_told(rng):
    data = pd.DataFrame({"x": rng.normal(size=60)})
    data["m"] = (data.x + rng.normal(size=60) > 0) * 1
    data["y"] = data.m + rng.normal(size=60)
    found = pm.mediation(data, "x", "m", "y", n_resamples=50)
    assert "logistic" in found[0].method and "least squares" in found[1].method
    with pytest.raises(DataError, match="separated by"):
        pm.mediation(data.assign(m=(data.x > 0) * 1), "x", "m", "y", n_resamples=50)


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


def rows():
    drawn = np.random.default_rng(0).normal(size=(8, 3))
    return pd.DataFrame(drawn, columns=list("xyz")).assign(g=list("aaaabbbb"))


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
            "0 units",
        ),
        (lambda: pm.tost([1, 2], ["a", 2], 1), "holds no numbers"),
        (lambda: pm.tost([1, 2, 3], [1, 2, 4], 1, alpha=0.5), "alpha=0.5"),
        (lambda: pm.pairwise_tests(rows(), "y", between="g", adjust="foo"), "adjust='foo'"),
        (lambda: pm.pairwise_tests(rows(), "y", between="g", conf_level=95), "conf_level=95"),
        (lambda: pm.pairwise_tests(rows(), "g", between="y"), "holds no numbers"),
        (lambda: pm.pairwise_tests(rows()[:3], "y", between="g"), "1 levels"),
        (lambda: pm.pairwise_tests([1], "y", between="g"), "list is no data frame"),
        (lambda: pm.repeated_measures_correlation(rows(), "y", "g", "x"), "holds no numbers"),
        (lambda: pm.repeated_measures_correlation(rows(), "y", "y", "g"), "named twice"),
        (lambda: pm.mediation(rows()[:5], "x", "y", "z"), "5 complete rows"),
        (lambda: pm.mediation(rows(), "x", "g", "z"), "holds no numbers"),
        (lambda: pm.mediation(rows(), "x", "y", "z", n_resamples=-3), "n_resamples=-3"),
        (lambda: pm.mediation(rows(), "x", "y", "z", conf_level=0), "conf_level=0"),
        (lambda: pm.mediation(rows().assign(y=1), "x", "y", "z"), "does not vary"),
        (lambda: pm.mediation(rows().assign(y=rows().x), "x", "y", "z"), "correlate perfectly"),
        (lambda: pm.mediation(rows(), "x", "y", "z", seed=-1), "pingouin cannot compute"),
    ],
)
def test_misuse_is_named(call, told):
    with pytest.raises(DataError, match=told):
        call()
