"""Permutation tests against counts by hand, and the level of sampled ones."""

import itertools

import numpy as np
import pytest

from psychometrics.stats.permutation import permute_groups, permute_pairings, permute_signs


def test_all_exchanges_of_two_groups_by_hand(rng):
    x, y = rng.normal(size=4), rng.normal(size=5) + 1
    both = np.concatenate([x, y])
    below = []
    for chosen in itertools.combinations(range(9), 4):
        rest = [i for i in range(9) if i not in chosen]
        below.append(both[list(chosen)].mean() - both[rest].mean() <= x.mean() - y.mean() + 1e-12)
    found = permute_groups(x, y, alternative="less")
    assert found.exact and found.n_permutations == 126 and found.n == 9
    assert found.p == pytest.approx(np.mean(below))


def test_all_signs_by_hand(rng):
    d = rng.normal(size=6) + 0.8
    signs = np.array(list(itertools.product([-1, 1], repeat=6)))
    above = np.mean((signs * d).mean(axis=1) >= d.mean() - 1e-12)
    found = permute_signs(d, np.zeros(6), alternative="greater")
    assert found.p == pytest.approx(above) and found.n_permutations == 64 and found.n == 6
    two = permute_signs(d, np.zeros(6))
    assert two.p == pytest.approx(min(2 * min(above, 1 - above + 1 / 64), 1))


def test_all_pairings_by_hand(rng):
    x, y = rng.normal(size=5), rng.normal(size=5)
    observed = np.corrcoef(x, y)[0, 1]
    all_r = [np.corrcoef(x, y[list(order)])[0, 1] for order in itertools.permutations(range(5))]
    found = permute_pairings(x, y, alternative="greater")
    assert found.statistic == pytest.approx(observed) and found.n_permutations == 120
    assert found.p == pytest.approx(np.mean(np.array(all_r) >= observed - 1e-12))


@pytest.mark.parametrize("test", [permute_groups, permute_signs, permute_pairings])
def test_a_sampled_p_is_never_zero_and_is_seeded(rng, test):
    x = np.sort(rng.normal(size=300)) + 100
    y = np.sort(rng.normal(size=300))
    found = test(x, y, n_permutations=199, seed=5)
    assert not found.exact and found.n_permutations == 199
    assert found.p == pytest.approx(2 / 200)  # the observed one alone, twice
    again = test(x, y, n_permutations=199, seed=5)
    assert again == found


@pytest.mark.parametrize("test", [permute_groups, permute_signs, permute_pairings])
def test_level_of_sampled_tests(rng, test):
    p = [
        test(rng.normal(size=20), rng.normal(size=20), n_permutations=99, seed=i).p
        for i in range(500)
    ]
    assert np.mean(np.array(p) <= 0.05) < 0.05 + 0.03  # three standard errors


def test_missing_values_leave_out_the_unit():
    pairs = permute_signs([1, 2, np.nan, 4], [0, np.nan, 1, 1])
    assert pairs.n == 2 and pairs.statistic == 2
    groups = permute_groups([1, 2, np.nan, 4], [0, np.nan, 1, 1])
    assert groups.n == 6


def test_what_cannot_be_tested_says_why():
    assert "empty" in permute_groups([], [1, 2, 3]).note
    assert "one unit" in permute_groups([1], [2]).note
    assert permute_signs([np.nan], [1]).note == "no complete pair"
    assert permute_pairings([1, 2], [1, 2]).note == "2 units; 3 are needed"
    constant = permute_pairings([1, 1, 1, 1], [1, 2, 3, 4])
    assert (
        constant.note == "a variable is constant"
        and np.isnan([constant.p, constant.statistic]).all()
    )
    assert permute_signs([1, 1, 1], [1, 1, 1]).p == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: permute_groups([1, 2], [3, 4], alternative="both"), "none of two-sided"),
        (lambda: permute_groups([[1, 2]], [3, 4]), "vector"),
        (lambda: permute_signs([1, 2], [3]), "two equal vectors"),
        (lambda: permute_pairings([1, 2, 3], [3, 4, 6], n_permutations=0), "at least 1"),
    ],
)
def test_misuse_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
