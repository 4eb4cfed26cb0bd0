"""Campbell and Fiske's comparisons by hand, and intervals of their means."""

import numpy as np
import pytest

from psychometrics.stats.multitrait import multitrait_matrix, multitrait_multimethod

# Campbell & Fiske (1959), table 1: the made-up matrix of three traits by three methods.
ROWS = """
.51
.38 .37
.57 .22 .09
.22 .57 .10 .68
.11 .11 .46 .59 .58
.56 .22 .11 .67 .42 .33
.23 .58 .12 .43 .66 .34 .67
.11 .11 .45 .34 .32 .58 .58 .60
"""
TRAITS, METHODS = list("ABC") * 3, ["1"] * 3 + ["2"] * 3 + ["3"] * 3


def table():
    r = np.eye(9)
    for i, line in enumerate(ROWS.split("\n")[1:-1], start=1):
        r[i, :i] = r[:i, i] = [float(v) for v in line.split()]
    return r


def test_made_up_matrix_of_campbell_and_fiske():
    found = multitrait_matrix(table(), TRAITS, METHODS, n=100)
    diagonal = [0.57, 0.57, 0.46, 0.56, 0.58, 0.45, 0.67, 0.66, 0.58]
    assert found.convergent.value == pytest.approx(np.mean(diagonal))
    assert sorted(v.r for v in found.validities) == sorted(diagonal)
    mono = [0.51, 0.38, 0.37, 0.68, 0.59, 0.58, 0.67, 0.58, 0.60]
    assert found.heterotrait_monomethod.value == pytest.approx(np.mean(mono))
    assert found.over_monomethod.value == pytest.approx(np.mean(diagonal) - np.mean(mono))
    # All validities exceed their neighbours across methods, as the authors say of this table.
    assert sum(v.above_heteromethod for v in found.validities) == 0
    assert all(v.heteromethod == v.monomethod == 4 for v in found.validities)
    # A by methods 1 and 2, .57: .51 and .38 within 1, .68 and .59 within 2.
    first = next(v for v in found.validities if (v.trait, v.second_method) == ("A", "2"))
    assert first.above_monomethod == 2
    assert found.violations[1] == 72
    assert "no interval" in found.convergent.note and found.convergent.n == 100


def test_opposite_traits_are_not_told_apart_by_their_sign():
    r = np.array(
        [[1, -0.8, 0.6, -0.7], [-0.8, 1, -0.7, 0.6], [0.6, -0.7, 1, -0.8], [-0.7, 0.6, -0.8, 1]]
    )
    labels = (list("ENEN"), list("sspp"))
    assert multitrait_matrix(r, *labels).violations == (8, 8)
    assert multitrait_matrix(r, *labels, absolute=False).violations == (0, 8)


def test_a_design_with_holes():
    """Trait C was measured by one method only."""
    r = np.eye(5)
    r[0, 2] = r[2, 0] = 0.5
    found = multitrait_matrix(r, list("ABABC"), list("ssppp"))
    assert len(found.validities) == 2
    assert [v.heteromethod for v in found.validities] == [3, 3]
    alone = multitrait_matrix(np.eye(2), list("AB"), list("sp"))
    assert (
        np.isnan(alone.convergent.value)
        and alone.convergent.note == "there are no such correlations"
    )


def test_means_and_intervals_from_scores(rng):
    traits = rng.multivariate_normal([0, 0], [[1, 0.3], [0.3, 1]], size=300)
    x = traits[:, [0, 1, 0, 1]] + 0.6 * rng.normal(size=(300, 4))
    x[0, 0] = np.nan
    labels = (list("ENEN"), list("sspp"))
    found = multitrait_multimethod(x, *labels, n_resamples=500)
    plain = multitrait_matrix(np.corrcoef(x[1:].T), *labels)
    for name in ("convergent", "heterotrait_monomethod", "over_heteromethod"):
        ours = getattr(found, name)
        assert ours.value == pytest.approx(getattr(plain, name).value, rel=1e-9)
        assert ours.low < ours.value < ours.high and ours.n == 299
    assert found.validities == plain.validities or np.allclose(
        [v.r for v in found.validities], [v.r for v in plain.validities]
    )
    # Population: 1/1.36 on the diagonal, .3/1.36 between traits.
    assert found.convergent.low < 1 / 1.36 < found.convergent.high
    assert found.over_heteromethod.low < 0.7 / 1.36 < found.over_heteromethod.high


def test_degenerate_scores_have_a_reason(rng):
    x = rng.normal(size=(20, 4))
    labels = (list("ENEN"), list("sspp"))
    assert "3 are needed" in multitrait_multimethod(x[:2], *labels).convergent.note
    x[:, 1] = 0
    found = multitrait_multimethod(x, *labels)
    assert found.convergent.note == "a variable is constant" and found.violations == (0, 0)


@pytest.mark.parametrize(
    ("traits", "methods", "message"),
    [
        ("ENE", "sspp", "3 traits and 4 methods"),
        ("EEEN", "sspp", "measured twice"),
        ("ABCD", "ssss", "two traits and two methods"),
    ],
)
def test_misuse_is_named(traits, methods, message):
    with pytest.raises(ValueError, match=message):
        multitrait_matrix(np.eye(4), list(traits), list(methods))
