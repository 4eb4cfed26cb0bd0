import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.errors import DataError, UnitError


def median_of_all(rows):
    return np.nanmedian(rows.to_numpy())


def test_it_is_that_of_scipy_in_kind(rng):
    from scipy import stats

    x = rng.exponential(size=(80, 1))
    ours = pm.bootstrap(x, lambda rows: rows.mean(axis=None), n_resamples=4000)
    theirs = stats.bootstrap((x[:, 0],), np.mean, n_resamples=4000, rng=1).confidence_interval
    # Two draws of 4,000: their limits differ by some hundredths of the standard error (.11).
    assert (ours.ci_low, ours.ci_high) == pytest.approx((theirs.low, theirs.high), abs=0.02)
    assert ours.n == 80 and "seed 0" in ours.method


def test_clusters_and_strata(rng):
    model = np.repeat(np.arange(20), 5)
    x = pd.DataFrame({"a": rng.normal(size=20)[model] + 0.1 * rng.normal(size=100)})
    plain = pm.bootstrap(x, median_of_all, n_resamples=300)
    whole = pm.bootstrap(
        pm.item_table(x.assign(m=model), cluster="m"), median_of_all, n_resamples=300
    )
    assert whole.n == 100 and "20 clusters, effective n" in whole.note
    assert whole.ci_high - whole.ci_low > plain.ci_high - plain.ci_low
    halves = pm.bootstrap(x, lambda r: r["a"].mean(), strata=[0] * 50 + [1] * 50, n_resamples=200)
    assert np.isfinite(halves.ci_low)


def test_misuse_is_named(rng):
    x = rng.normal(size=(9, 2))
    with pytest.raises(DataError, match="kind='basic'"):
        pm.bootstrap(x, median_of_all, kind="basic")
    with pytest.raises(DataError, match="labels of units for 9 rows"):
        pm.bootstrap(x, median_of_all, strata=[1, 2])
    with pytest.raises(UnitError):
        pm.bootstrap(x[:1], median_of_all)
