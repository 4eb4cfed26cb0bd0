import dataclasses

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import psychometrics as pm
from psychometrics.errors import DataError


def difference(rng, shift, conf_level=0.9):
    data = pd.DataFrame({"g": ["a"] * 60 + ["b"] * 60, "y": rng.normal(size=120)})
    data.loc[:59, "y"] += shift
    return data, pm.known_groups(data, "y", "g", conf_level=conf_level)[0]


def test_verdict_is_that_of_two_one_sided_tests(rng):
    for shift in np.linspace(-1, 1, 21):
        data, estimate = difference(rng, shift)
        found = pm.equivalence(estimate, 0.4)
        x, y = data.y[:60], data.y[60:]
        p = max(
            stats.ttest_ind(x + 0.4, y, equal_var=False, alternative="greater").pvalue,
            stats.ttest_ind(x - 0.4, y, equal_var=False, alternative="less").pvalue,
        )
        assert (found.verdict in ("equivalent", "both")) == (p < 0.05)
        assert found.alpha == pytest.approx(0.05)


def test_the_four_verdicts(rng):
    _, estimate = difference(rng, 0.0)
    cut = {
        (-0.1, 0.1): "equivalent",
        (0.05, 0.2): "both",
        (0.3, 0.9): "different",
        (-0.1, 0.9): "inconclusive",
    }
    for (low, high), verdict in cut.items():
        found = pm.equivalence(dataclasses.replace(estimate, ci_low=low, ci_high=high), (-0.4, 0.4))
        assert found.verdict == verdict and verdict in repr(found)
    assert found.to_frame()["margin_high"][0] == 0.4


def test_what_has_no_margins_or_interval(rng):
    _, estimate = difference(rng, 0.0)
    with pytest.raises(DataError, match="Zero does not lie"):
        pm.equivalence(estimate, (0.1, 0.4))
    with pytest.raises(DataError, match="has no interval"):
        pm.equivalence(dataclasses.replace(estimate, ci_low=np.nan, note="one unit"), 0.1)


@pytest.mark.parametrize(
    "margins", [np.float32(0.5), np.int64(1), np.array(0.5), (np.float64(-0.5), 1), [-1, 1]]
)
def test_margins_are_numbers_of_any_kind(margins, rng):
    _, estimate = difference(rng, 0.0)
    low, high = pm.equivalence(estimate, margins).margins
    assert low < 0 < high and type(low) is float


def test_one_estimate_and_margins_are_needed(rng):
    data, estimate = difference(rng, 0.0)
    for margins in ("a", (1, 2, 3), None, np.nan, [[1]]):
        with pytest.raises(DataError):
            pm.equivalence(estimate, margins)
    several = pm.known_groups(data, "y", "g")
    with pytest.raises(DataError, match="5 estimates, and one is needed"):
        pm.equivalence(several, 0.5)
    assert pm.equivalence(several[:1], 0.5).estimate is several[0]


def test_p_is_not_adjusted_twice(rng):
    _, one = difference(rng, 0.5)
    once = pm.adjust_p([one, one])
    with pytest.raises(DataError, match="adjusted already"):
        pm.adjust_p(once)
    assert pm.adjust_p(one)[0].p_value == one.p_value
    with pytest.raises(DataError, match="int is no estimate"):
        pm.adjust_p([1])


@pytest.mark.second_opinion
def test_p_of_pairs_is_not_adjusted_twice(rng):
    data = pd.DataFrame({"g": list("abc") * 10, "y": rng.normal(size=30)})
    with pytest.raises(DataError, match="adjusted already"):
        pm.adjust_p(pm.pairwise_tests(data, "y", between="g"))
    plain = pm.pairwise_tests(data, "y", between="g", adjust="none")
    ours = [e.p_value for e in pm.adjust_p(plain)]
    theirs = [e.p_value for e in pm.pairwise_tests(data, "y", between="g")]
    assert ours == pytest.approx(theirs)


def test_p_is_adjusted_and_intervals_are_not(rng):
    _, one = difference(rng, 0.5)
    parts = [dataclasses.replace(one, p_value=p) for p in (0.01, 0.02, 0.03, np.nan)]
    holm, bh = pm.adjust_p(parts), pm.adjust_p(parts, "bh")
    assert [e.p_value for e in holm[:3]] == pytest.approx([0.03, 0.04, 0.04])
    assert [e.p_value for e in bh[:3]] == pytest.approx([0.03, 0.03, 0.03])
    assert np.isnan(holm[3].p_value) and holm[3] is parts[3]
    assert holm[0].ci_low == one.ci_low and "3 tests (Holm)" in holm[0].method
    with pytest.raises(DataError, match="'sidak'"):
        pm.adjust_p(parts, "sidak")
    with pytest.raises(DataError, match="has a p"):
        pm.adjust_p(parts[3:])


def test_disattenuated_correlation_recovers_the_latent_one(rng):
    latent = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 2000)
    x = pd.DataFrame(latent[:, [0, 0, 0, 1, 1, 1]] + rng.normal(size=(2000, 6))).add_prefix("i")
    table = pm.item_table(x, scales={"a": ["i0", "i1", "i2"], "b": ["i3", "i4", "i5"], "c": ["i2"]})
    found = pm.disattenuated_correlation(table, "a", "b", n_resamples=300)
    observed = table.scale_means().corr().loc["a", "b"]
    assert found.ci_low < 0.5 < found.ci_high and found.value > observed
    with pytest.raises(DataError, match="share the item 'i2'"):
        pm.disattenuated_correlation(table, "a", "c")
    clustered = pm.item_table(
        x.assign(m=np.arange(2000) // 100),
        cluster="m",
        scales={"a": ["i0", "i1"], "b": ["i3", "i4"]},
    )
    assert "effective n" in pm.disattenuated_correlation(clustered, "a", "b", n_resamples=100).note


def test_notes_name_the_items():
    x = pd.DataFrame({"calm": [1.0, 2, 3, 4], "tense": [2.0, 2, 2, 2], "kind": [1.0, 3, 2, 4]})
    assert "without variance: tense" in pm.alpha(x).note
    assert "tense" in pm.item_analysis(x).note
