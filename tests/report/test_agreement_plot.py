"""Points, bias and limits stand where they belong, and so do their numbers."""

import numpy as np
import pytest
from drawn import outside, overlaps, settings, words
from matplotlib.figure import Figure

import psychometrics as pm
from psychometrics.errors import DataError
from psychometrics.stats.bland_altman import bland_altman


def measured(n=60, shift=0.1, sd=0.3):
    rng = np.random.default_rng(5)
    x = rng.normal(3, 1, n)
    return bland_altman(x, x + rng.normal(shift, sd, n))


def level_lines(ax):
    """Height by style, of the lines that cross the axes."""
    found = {}
    for line in ax.lines:
        if line.get_marker() == "None" and line.get_linewidth() > 1:
            found.setdefault(line.get_linestyle(), []).append(float(line.get_ydata()[0]))
    return found


def bands(ax):
    return sorted((patch.get_y(), patch.get_y() + patch.get_height()) for patch in ax.patches)


def test_points_lines_and_bands_are_those_of_the_result():
    found = measured()
    ax = pm.plot.bland_altman(found, names=("digits", "letters"))
    (points,) = (line for line in ax.lines if line.get_marker() == "o")
    assert points.get_xdata().tolist() == found.means.tolist()
    assert points.get_ydata().tolist() == found.differences.tolist()
    assert level_lines(ax) == {
        "-": [found.bias.value],
        "--": [found.upper.value, found.lower.value],
    }
    expected = [(c.low, c.high) for c in (found.lower, found.bias, found.upper)]
    assert np.ravel(bands(ax)) == pytest.approx(np.ravel(expected))
    assert ax.get_ylabel() == "digits − letters"
    assert "60 pairs; bands are 95% CI" in ax.get_xlabel()
    text = " ".join(words(ax)).replace("−", "-")
    assert f"Bias {found.bias.value:.2f} [{found.bias.low:.2f}, {found.bias.high:.2f}]" in text


def test_everything_is_within_the_axes():
    for found in (measured(), measured(3), measured(40, shift=9.0), measured(40, sd=0.0)):
        ax = pm.plot.bland_altman(found)
        low, high = ax.get_ylim()
        parts = [found.upper, found.bias, found.lower]
        drawn = [x for c in parts for x in (c.value, c.low, c.high)] + found.differences.tolist()
        assert low < min(drawn) <= max(drawn) < high


def test_zero_is_shown_unless_it_is_far():
    near, far = (pm.plot.bland_altman(measured(shift=shift)).get_ylim() for shift in (0.5, 50.0))
    assert near[0] < 0 < near[1]
    assert not far[0] < 0 < far[1]


def test_many_points_are_paler():
    few, many = (
        next(line for line in pm.plot.bland_altman(measured(n)).lines if line.get_marker() == "o")
        for n in (20, 20_000)
    )
    assert few.get_alpha() > 5 * many.get_alpha() and few.get_markersize() > many.get_markersize()
    assert many.get_rasterized() and not few.get_rasterized()


@pytest.mark.parametrize("case", [{}, {"sd": 0.0}, {"sd": 1e-4}, {"shift": 500.0, "sd": 0.01}])
def test_no_text_covers_another(case):
    ax = pm.plot.bland_altman(measured(**case), names=("a" * 60, "$x$ of digits"))
    assert not overlaps(ax) and not outside(ax)


def test_texts_of_lines_that_lie_together_are_moved_apart():
    rng = np.random.default_rng(1)
    y = rng.normal(0, 0.01, 200)
    y[0] = 30.0  # stretches the axis
    ax = pm.plot.bland_altman(bland_altman(np.zeros(200), y))
    assert not overlaps(ax) and len(ax.texts) == 3


def test_one_pair_has_a_point_and_the_reason_for_no_limits():
    ax = pm.plot.bland_altman(bland_altman([1.0], [1.5]))
    assert len(words(ax)) == 1 and words(ax)[0].endswith("(no interval)")
    assert "limits of agreement need two" in ax.get_xlabel().replace("\n", " ")


def test_no_pair_is_an_error_with_its_mend():
    with pytest.raises(DataError, match="no pair to draw") as error:
        pm.plot.bland_altman(bland_altman([np.nan, 1.0], [1.0, np.nan]))
    assert "two measurements" in error.value.mend


def test_given_axes_are_used_and_no_setting_is_changed():
    before = settings()
    ax = Figure().add_subplot()
    assert pm.plot.bland_altman(measured(), ax=ax) is ax
    assert settings() == before
