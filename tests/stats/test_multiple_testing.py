"""Adjusted p-values against scipy and by hand; tests that could not be made do not count."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from psychometrics.stats.multiple_testing import adjust

P = st.lists(st.floats(0, 1), min_size=1, max_size=20)


@given(P)
def test_benjamini_hochberg_agrees_with_scipy(p):
    found = adjust(p, "bh").adjusted
    np.testing.assert_allclose(found, stats.false_discovery_control(p), atol=1e-12)


@settings(max_examples=25)  # statsmodels takes 25 ms a call
@given(P)
def test_holm_by_its_definition(p):
    order = np.argsort(p, kind="stable")
    factors = len(p) - np.arange(len(p))
    expected = np.empty(len(p))
    expected[order] = np.minimum(np.maximum.accumulate(factors * np.array(p)[order]), 1)
    found = adjust(p)
    np.testing.assert_allclose(found.adjusted, expected, atol=1e-12)
    assert (found.adjusted >= found.p).all()


def test_tests_that_were_not_made_do_not_count():
    found, alone = adjust([0.02, np.nan, 0.03, np.nan], alpha=0.05), adjust([0.02, 0.03])
    assert found.n_tests == 2
    np.testing.assert_array_equal(found.adjusted[[0, 2]], alone.adjusted)
    assert np.isnan(found.adjusted[[1, 3]]).all()
    assert found.rejected.tolist() == [True, False, True, False]
    none = adjust([np.nan, np.nan], "bh")
    assert none.n_tests == 0 and np.isnan(none.adjusted).all() and not none.rejected.any()
    assert adjust([]).n_tests == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: adjust([1.2]), "between 0 and 1"),
        (lambda: adjust([[0.1]]), "vector"),
        (lambda: adjust([0.1], "bonferroni"), "neither"),
        (lambda: adjust([0.1], alpha=5), "alpha=5"),
    ],
)
def test_misuse_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
