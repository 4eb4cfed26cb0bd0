"""The criterion against R's roots, and what it refuses."""

import json
from pathlib import Path

import numpy as np
import pytest

from psychometrics.stats.fornell_larcker import fornell_larcker

SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")
def test_reproduces_r():
    expected = json.loads((SHARED / "reference/validity.json").read_text(encoding="utf-8"))
    names = list(expected["AVE_std"])
    found = fornell_larcker(
        list(expected["AVE_std"].values()), expected["latent_cor"]["values"], names
    )
    roots = list(expected["fornell_larcker_sqrt_ave"].values())
    np.testing.assert_allclose(np.diag(found.table), roots, rtol=1e-12)  # a square root
    assert found.violations == (("A", "E"),)  # .683 over roots of .605 and .633
    assert found.margins[0, 2] == pytest.approx(min(roots[0], roots[2]) - 0.68253791636446)


def test_the_sign_of_a_correlation_does_not_matter():
    found = fornell_larcker([0.5, 0.5], [[1, -0.8], [-0.8, 1]])
    assert found.violations == (("1", "2"),)
    assert found.table[0, 1] == -0.8


def test_an_unknown_correlation_does_not_pass():
    found = fornell_larcker([0.5, 0.5], [[1, np.nan], [np.nan, 1]])
    assert found.violations == (("1", "2"),)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: fornell_larcker([0.5], np.eye(2)), "do not fit"),
        (lambda: fornell_larcker([0.5, 1.5], np.eye(2)), "between 0 and 1"),
        (lambda: fornell_larcker([0.5, np.nan], np.eye(2)), "between 0 and 1"),
        (lambda: fornell_larcker([0.5, 0.5], 2 * np.eye(2)), "ones on the diagonal"),
        (lambda: fornell_larcker([0.5, 0.5], np.eye(2), ["a"]), "1 names for 2"),
    ],
)
def test_misuse_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
