import numpy as np
import pandas as pd
import pytest
from bfi_scales import REFERENCE, SCALES, keyed, needs_reference, reliability
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from psychometrics.stats.alpha import alpha
from psychometrics.stats.item_statistics import ItemStatistics, item_statistics

# Closed forms; R prints 14 digits.
CLOSED_FORM = 1e-10
ARRAYS = [
    *("n", "missing", "mean", "sd", "item_rest", "item_rest_low", "item_rest_high"),
    *("item_total", "item_total_corrected", "alpha_if_dropped", "floor", "ceiling"),
    *("difficulty", "discrimination", "suspected_reversed"),
]


@needs_reference
@pytest.mark.parametrize("rows", ["pairwise", "complete"])
@pytest.mark.parametrize("scale", SCALES)
def test_values_of_psych(scale: str, rows: str) -> None:
    expected = reliability(scale)[rows]
    found = item_statistics(keyed(scale, complete=rows == "complete"), scale_range=(1, 6))
    for ours, theirs in [
        ("n", "n"),
        ("mean", "mean"),
        ("sd", "sd"),
        ("item_rest", "r.drop"),
        ("item_total", "raw.r"),
        ("item_total_corrected", "r.cor"),
    ]:
        values = getattr(found, ours)
        assert values == pytest.approx(expected["item_stats"][theirs], abs=CLOSED_FORM), ours
    dropped = expected["alpha_drop"]["raw_alpha"]
    assert found.alpha_if_dropped == pytest.approx(dropped, abs=CLOSED_FORM)
    assert found.n_units == expected["n"]
    assert not found.suspected_reversed.any()


@needs_reference
def test_dichotomous_items() -> None:
    expected = reliability("ability16")
    x = np.genfromtxt(REFERENCE / "data" / "ability16.csv", delimiter=",", skip_header=1)
    found = item_statistics(x, scale_range=(0, 1), missing="listwise")
    assert found.item_rest == pytest.approx(expected["item_rest"], abs=CLOSED_FORM)
    assert found.difficulty == pytest.approx([*expected["p"].values()], abs=CLOSED_FORM)
    assert found.ceiling == pytest.approx(found.difficulty)
    assert found.floor + found.ceiling == pytest.approx(1)


@needs_reference
def test_keying_diagnostic_finds_the_reversed_items() -> None:
    """Scales as printed, of which one or two of five items are reversed; two spoil all the rest."""
    for scale, reversed_items in [
        ("agree", [0]),
        ("conscientious", [3, 4]),
        ("extraversion", [0, 1]),
    ]:
        x = keyed(scale)
        x[:, reversed_items] = 7 - x[:, reversed_items]
        found = item_statistics(x)
        assert np.flatnonzero(found.suspected_reversed).tolist() == reversed_items
    assert (found.item_rest_high < 0).sum() > 2


def test_by_the_scores(rng: np.random.Generator) -> None:
    x = rng.integers(1, 6, size=(50, 4)).astype(float)
    found = item_statistics(x, scale_range=(1, 5))
    for i in range(4):
        rest = stats.pearsonr(x[:, i], np.delete(x, i, axis=1).sum(axis=1))
        assert found.item_rest[i] == pytest.approx(rest.statistic)
        limits = rest.confidence_interval(0.95)
        assert found.item_rest_low[i] == pytest.approx(limits.low)
        assert found.item_rest_high[i] == pytest.approx(limits.high)
        assert found.item_total[i] == pytest.approx(np.corrcoef(x[:, i], x.sum(axis=1))[0, 1])
        assert found.alpha_if_dropped[i] == pytest.approx(alpha(np.delete(x, i, axis=1)).value)
        assert found.floor[i] == np.mean(x[:, i] == 1)
        assert found.ceiling[i] == np.mean(x[:, i] == 5)


def test_discrimination_by_hand() -> None:
    """100 units with totals 1 to 100: the groups are the 27 highest and the 27 lowest."""
    total = np.arange(1.0, 101)
    x = np.column_stack([total, total, np.zeros(100)])
    found = item_statistics(x, scale_range=(0, 100))
    assert found.discrimination == pytest.approx([0.73, 0.73, 0])
    assert found.difficulty == pytest.approx([0.505, 0.505, 0])


def test_ties_count_in_equal_parts() -> None:
    """Ten units; 2.7 in each group. Totals 4, 2 (four of them), 0 (five): 1 + 1.7 / 4 of each."""
    x = np.array([[2, 2]] + [[2, 0], [0, 2]] * 2 + [[0, 0]] * 5, dtype=float)
    found = item_statistics(x, scale_range=(0, 2))
    upper = (2 + 1.7 * 1) / 2.7
    assert found.discrimination == pytest.approx([upper / 2, upper / 2])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 40), st.integers(2, 6))
def test_no_order_of_rows_matters(seed: int, n: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    x = rng.integers(1, 4, size=(n, k)).astype(float)
    x[rng.random(x.shape) < 0.15] = np.nan
    first = item_statistics(x, scale_range=(1, 3)).columns()
    second = item_statistics(x[rng.permutation(n)], scale_range=(1, 3)).columns()
    for name in ARRAYS:
        np.testing.assert_allclose(first[name], second[name], atol=1e-9, err_msg=name)
    assert (np.nan_to_num(np.abs(first["discrimination"])) <= 1).all()
    assert (np.nan_to_num(np.abs(first["item_rest"])) <= 1).all()


def test_reversing_all_items_turns_locations_only(rng: np.random.Generator) -> None:
    x = rng.integers(1, 6, size=(60, 5)).astype(float)
    first = item_statistics(x, scale_range=(1, 5))
    second = item_statistics(6 - x, scale_range=(1, 5))
    assert second.item_rest == pytest.approx(first.item_rest)
    assert second.discrimination == pytest.approx(first.discrimination)
    assert second.difficulty == pytest.approx(1 - first.difficulty)
    assert second.floor == pytest.approx(first.ceiling)


def test_suspicion_keeps_its_error_rate(rng: np.random.Generator) -> None:
    """Unrelated items: 2.5 % are suspected. 2,000 items: the standard error is .0035."""
    suspected = [item_statistics(rng.normal(size=(60, 4))).suspected_reversed for _ in range(500)]
    assert np.mean(suspected) == pytest.approx(0.025, abs=0.014)


def test_missing_answers() -> None:
    nan = np.nan
    x = np.array([[1, 2, 3], [2, nan, 3], [4, 4, nan], [nan, nan, nan], [5, 3, 1], [2, 1, 2.0]])
    found = item_statistics(x, scale_range=(1, 5))
    assert found.n.tolist() == [5, 4, 4] and found.missing.tolist() == [1, 2, 2]
    assert found.n_units == 5
    assert found.mean == pytest.approx([2.8, 2.5, 2.25])
    listwise = item_statistics(x, scale_range=(1, 5), missing="listwise")
    assert listwise.n.tolist() == [3, 3, 3] and listwise.missing.tolist() == [1, 2, 2]


def test_columns_make_a_frame(rng: np.random.Generator) -> None:
    found = item_statistics(rng.normal(size=(30, 4)))
    frame = pd.DataFrame(found.columns())
    assert list(frame.columns) == ARRAYS and len(frame) == 4
    assert "ends of the response scale" in found.note
    assert frame[["floor", "ceiling", "difficulty", "discrimination"]].isna().all(axis=None)


def every_array(found: ItemStatistics, k: int) -> bool:
    return all(values.shape == (k,) for values in found.columns().values())


@pytest.mark.parametrize("scale_range", [None, (1, 5)])
def test_degenerate_data(scale_range: tuple[float, float] | None) -> None:
    """Arrays of the right length, reasons, no warnings."""
    for x, reason in [
        (np.array([[1.0], [2.0], [4.0]]), "one item"),
        (np.array([[1.0, 2.0, 3.0]]), "one unit"),
        (np.full((4, 3), np.nan), "no unit"),
        (np.full((4, 3), 3.0), "without variance: #0, #1, #2"),
        (np.column_stack([np.arange(1, 5.0), np.arange(4, 0, -1.0)]), "no variance"),
        (np.empty((3, 0)), "no item"),
    ]:
        found = item_statistics(x, scale_range=scale_range)
        assert reason in found.note and every_array(found, x.shape[1])
        assert np.isnan(found.alpha_if_dropped).all()
    perfect = item_statistics(np.arange(1, 5.0)[:, None] * [1, 1, 1], scale_range=scale_range)
    assert perfect.item_rest == pytest.approx(1) and perfect.item_rest_low == pytest.approx(1)
    opposed = item_statistics(np.arange(1, 6.0)[:, None] * [1, 1, -1] + [0, 0, 6])
    assert opposed.item_rest[2] == pytest.approx(-1) and opposed.suspected_reversed[2]
    one = item_statistics(np.column_stack([np.arange(1, 5.0)] * 2 + [np.full(4, 0.1)]))
    assert np.isnan(one.item_rest[2]) and np.isnan(one.item_total[2]) and one.sd[2] == 0
    assert one.item_rest[:2] == pytest.approx(1)


def test_misuse_is_named() -> None:
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(ValueError, match="is no range"):
        item_statistics(x, scale_range=(5, 1))
    with pytest.raises(ValueError, match="lies beyond scale_range"):
        item_statistics(x, scale_range=(1, 3))
    with pytest.raises(ValueError, match="between 0 and 1"):
        item_statistics(x, conf_level=2)
    with pytest.raises(ValueError, match="missing="):
        item_statistics(x, missing="mean")  # type: ignore[arg-type]
