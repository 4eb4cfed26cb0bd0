"""Limits from mean squares where they are exact, and where they are not, their coverage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from psychometrics.stats.mean_square_limits import MeanSquareLimits

positive = st.floats(0.1, 50)
degrees = st.integers(1, 500).map(float)


@given(positive, degrees, st.sampled_from([0.8, 0.95, 0.99]))
def test_one_mean_square_has_the_chi_square_interval(square, df, level):
    found = MeanSquareLimits(np.array([square]), np.array([df]), level).combination(np.array([2.0]))
    tails = stats.chi2.ppf([(1 + level) / 2, (1 - level) / 2], df)
    np.testing.assert_allclose(found, 2 * square * df / tails, rtol=1e-9)  # two quantile routines


@given(positive, degrees, st.integers(1, 50).map(float), st.floats(1.5, 50))
def test_a_ratio_of_two_mean_squares_has_the_f_interval(error, error_df, df, factor):
    limits = MeanSquareLimits(np.array([error, error * factor]), np.array([error_df, df]), 0.95)
    found = limits.ratio(np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    exact = np.clip(stats.f.ppf([0.025, 0.975], df, error_df) / factor, 0, 1)
    np.testing.assert_allclose(found, exact, rtol=1e-6, atol=1e-9)  # root finding


@given(st.lists(st.tuples(positive, degrees, st.floats(-3, 3)), min_size=1, max_size=6))
def test_limits_enclose_the_value_and_widen_with_the_level(rows):
    squares, df, c = (np.array(column) for column in zip(*rows, strict=True))
    value = c @ squares
    low, high = MeanSquareLimits(squares, df, 0.9).combination(c)
    wide_low, wide_high = MeanSquareLimits(squares, df, 0.99).combination(c)
    slack = 1e-9 * (1 + np.abs(c * squares).sum())  # rounding
    assert wide_low - slack <= low <= value + slack
    assert value - slack <= high <= wide_high + slack
    flipped = MeanSquareLimits(squares, df, 0.9).combination(-c)
    np.testing.assert_allclose(flipped, (-high, -low), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("expected", "df", "coefficients"),
    [
        ([2.0, 1.0], [49.0, 441.0], [0.1, -0.1]),
        ([3.0, 2.0, 1.0], [2.0, 4.0, 98.0], [1.0, 1.0, -1.0]),
        ([9.0, 2.0, 2.5, 1.0], [49.0, 196.0, 98.0, 392.0], [1.0, -1.0, -1.0, 1.0]),
    ],
)
def test_combinations_are_covered_as_often_as_said(rng, expected, df, coefficients):
    theta, df, c = np.array(expected), np.array(df), np.array(coefficients)
    draws = theta * rng.chisquare(df, size=(3000, len(df))) / df
    inside = []
    for squares in draws:
        low, high = MeanSquareLimits(squares, df, 0.95).combination(c)
        inside.append(low <= c @ theta <= high)
    # four standard errors are .016; sums on few degrees of freedom are covered too often (.978)
    assert 0.935 < np.mean(inside) < 0.985


def test_standard_error_is_that_of_the_draws(rng):
    theta, df, c = np.array([4.0, 1.0]), np.array([30.0, 60.0]), np.array([1.0, -2.0])
    draws = theta * rng.chisquare(df, size=(20_000, 2)) / df
    expected = MeanSquareLimits(theta, df, 0.95).standard_error(c)
    assert np.std(draws @ c) == pytest.approx(expected, rel=0.03)  # 20,000 draws: 0.5 % error
