"""Disattenuated correlations by hand, against known latent correlations, and their coverage."""

import numpy as np
import pytest

from psychometrics.stats.correlation import fisher_limits
from psychometrics.stats.disattenuation import disattenuated, disattenuated_from_items


def answers(rng, n, correlation, k=5):
    traits = rng.multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], size=n)
    return [traits[:, [i]] * 0.7 + 0.71 * rng.normal(size=(n, k)) for i in range(2)]


def alpha(x):
    c = np.cov(x.T)
    return len(c) / (len(c) - 1) * (1 - np.trace(c) / c.sum())


def test_known_reliabilities_divide_the_limits():
    found = disattenuated(0.42, 0.7, 0.8, 200, 0.9)
    root = np.sqrt(0.56)
    low, high = fisher_limits(0.42, 200, 0.9)
    np.testing.assert_allclose(
        [found.value, found.low, found.high], [0.42 / root, low / root, high / root], rtol=1e-12
    )


def test_uncertain_reliabilities_widen_the_interval():
    known = disattenuated(0.42, 0.7, 0.8, 200)
    unsure = disattenuated(0.42, 0.7, 0.8, 200, se_x=0.1, se_y=0.05)
    assert unsure.low < known.low < known.value == unsure.value < known.high < unsure.high
    # At zero the reliabilities cannot matter to the sign.
    zero = disattenuated(0.0, 0.7, 0.8, 200, se_x=0.1, se_y=0.05)
    assert zero.low == pytest.approx(-zero.high, rel=1e-12)


def test_a_correlation_reversed_reverses_the_interval():
    there = disattenuated(0.3, 0.7, 0.8, 90, se_x=0.1)
    back = disattenuated(-0.3, 0.7, 0.8, 90, se_x=0.1)
    np.testing.assert_allclose([back.low, back.high], [-there.high, -there.low], rtol=1e-10)


def test_independent_reliabilities_are_covered(rng):
    """Latent .6, reliabilities .7 and .8 from elsewhere, each with a standard error of .06."""
    observed = 0.6 * np.sqrt(0.56)
    hits = []
    for _ in range(1000):
        z = rng.normal(size=(60, 2))
        r = np.corrcoef(z[:, 0], observed * z[:, 0] + np.sqrt(1 - observed**2) * z[:, 1])[0, 1]
        rx, ry = np.clip(rng.normal([0.7, 0.8], 0.06), 0.3, 1)
        found = disattenuated(r, rx, ry, 60, se_x=0.06, se_y=0.06)
        hits.append(found.low <= 0.6 <= found.high)
    assert abs(np.mean(hits) - 0.95) < 0.021  # three standard errors of 1,000


def test_from_items_is_the_correction_by_alpha(rng):
    x, y = answers(rng, 120, 0.5)
    r = np.corrcoef(x.sum(axis=1), y.sum(axis=1))[0, 1]
    expected = r / np.sqrt(alpha(x) * alpha(y))
    found = disattenuated_from_items(x + 1e4, y, n_resamples=100)
    assert found.value == pytest.approx(expected, rel=1e-9)
    x[0, 0] = np.nan
    without = disattenuated_from_items(x, y, n_resamples=100)
    assert without.n == 119 and without.value == pytest.approx(
        disattenuated_from_items(x[1:], y[1:], n_resamples=100).value, rel=1e-9
    )


def test_intervals_from_items_cover(rng):
    hits = []
    for seed in range(200):
        found = disattenuated_from_items(*answers(rng, 80, 0.5), n_resamples=500, seed=seed)
        hits.append(found.low <= 0.5 <= found.high)
    assert abs(np.mean(hits) - 0.95) < 0.046  # three standard errors of 200


def test_clusters_are_the_units(rng):
    x, y = (np.repeat(part, 4, axis=0) for part in answers(rng, 60, 0.5))
    models = np.repeat(np.arange(60), 4)
    by_row = disattenuated_from_items(x, y, n_resamples=300)
    by_model = disattenuated_from_items(x, y, n_resamples=300, clusters=models)
    assert by_model.n == 60
    assert by_model.high - by_model.low > 1.5 * (by_row.high - by_row.low)


def test_above_one_is_reported_as_it_is():
    found = disattenuated(0.8, 0.5, 0.6, 100)
    assert found.value > 1 and found.note.startswith("above 1")


def test_no_interval_without_a_reason(rng):
    few = disattenuated(0.4, 0.7, 0.8, 3)
    assert few.value > 0 and np.isnan(few.low) and few.note == "3 units: no interval"
    perfect = disattenuated(1.0, 1.0, 1.0, 50)
    assert perfect.value == 1 and "perfect" in perfect.note
    unsure = disattenuated(0.4, 0.2, 0.8, 50, se_x=0.2)
    assert np.isnan(unsure.low) and "too uncertain" in unsure.note
    x, y = answers(rng, 40, 0.5)
    assert "two items" in disattenuated_from_items(x[:, :1], y).note
    assert "3 are needed" in disattenuated_from_items(x[:2], y[:2]).note
    opposed = np.column_stack([x[:, 0], -x[:, 0] + 0.1 * x[:, 1]])
    assert "not positive" in disattenuated_from_items(opposed, y, n_resamples=20).note
    assert "does not vary" in disattenuated_from_items(np.ones((40, 3)), y, n_resamples=20).note


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: disattenuated(1.1, 0.7, 0.8, 50), "between -1 and 1"),
        (lambda: disattenuated(0.5, 0.0, 0.8, 50), "above 0"),
        (lambda: disattenuated(0.5, 0.7, np.nan, 50), "above 0"),
        (lambda: disattenuated(0.5, 0.7, 0.8, 50, se_x=-1), "from 0 on"),
        (lambda: disattenuated_from_items(np.ones((3, 2)), np.ones((4, 2))), "same units"),
        (lambda: disattenuated_from_items(np.eye(5), np.eye(5), clusters=[1]), "one a row"),
    ],
)
def test_misuse_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
