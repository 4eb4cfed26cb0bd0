"""The one rule for rows that hang together, in every verb that takes a table."""

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.analysis.clusters import account, effective_n

SCALES = {"s": ["i0", "i1", "i2"], "t": ["i3", "i4", "i5"]}
COLUMNS = {"i0": ("a", "m"), "i1": ("b", "m"), "i3": ("a", "n"), "i4": ("b", "n")}
VERBS = {
    "alpha": lambda t: pm.alpha(t.scale("s"), n_resamples=300),
    "omega": lambda t: pm.omega(t.scale("s"), n_resamples=300),
    "composite": lambda t: pm.composite_reliability(t.scale("s"), n_resamples=300),
    "extracted": lambda t: pm.average_variance_extracted(t.scale("s"), n_resamples=300),
    "correlations": lambda t: pm.correlations(t, n_resamples=300)["i0", "i3"],
    "htmt": lambda t: pm.htmt(t, n_resamples=300)[0],
    "disattenuated": lambda t: pm.disattenuated_correlation(t, "s", "t", n_resamples=300),
    "multitrait": lambda t: pm.multitrait_multimethod(t, COLUMNS, n_resamples=300)[0],
    "bootstrap": lambda t: pm.bootstrap(t, lambda r: r.mean(axis=None), n_resamples=300),
}
NOT_RESAMPLED = {
    "icc": lambda t: pm.icc(t.scale("s"))["ICC(3,1)"],
    "split half": lambda t: pm.split_half(t.scale("s")),
}


def table(n_models):
    """Ninety people of two correlated traits; trait means differ among the models."""
    rng = np.random.default_rng(4)
    model = np.arange(90) % n_models
    traits = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 90)
    traits += 1.5 * rng.normal(size=(n_models, 2))[model]
    x = pd.DataFrame(traits[:, [0, 0, 0, 1, 1, 1]] + rng.normal(size=(90, 6))).add_prefix("i")
    return pm.item_table(x.assign(model=model), cluster="model", scales=SCALES)


@pytest.mark.parametrize("name", VERBS)
def test_resampled_from_five_clusters_on(name):
    many = VERBS[name](table(15))
    assert many.n == 90 and "15 clusters, effective n" in many.note
    assert many.ci_low < many.value < many.ci_high
    assert "clusters" in many.method


@pytest.mark.parametrize("name", VERBS)
def test_no_interval_from_fewer(name):
    few = VERBS[name](table(3))
    assert np.isnan(few.ci_low) and np.isnan(few.ci_high) and few.n == 90
    assert "fewer than 5 clusters" in few.note


@pytest.mark.parametrize("name", {**VERBS, **NOT_RESAMPLED})
def test_of_one_model_the_interval_speaks_of_personas(name):
    one = {**VERBS, **NOT_RESAMPLED}[name](table(1))
    assert not np.isnan(one.ci_low) and "not of models" in one.note


@pytest.mark.parametrize("name", NOT_RESAMPLED)
def test_what_cannot_be_resampled_has_none(name):
    assert "would take rows for independent" in NOT_RESAMPLED[name](table(15)).note
    assert np.isnan(NOT_RESAMPLED[name](table(15)).ci_low)


@pytest.mark.parametrize("name", {**VERBS, **NOT_RESAMPLED})
def test_rows_that_stand_for_themselves_have_no_account(name):
    alone = pm.item_table(table(15).frame, scales=SCALES)
    assert "cluster" not in {**VERBS, **NOT_RESAMPLED}[name](alone).note


def test_effective_n_between_clusters_and_rows():
    same = pm.item_table(
        pd.DataFrame({"a": np.repeat([1.0, 2, 3], 4)}).assign(m=np.repeat(range(3), 4)), cluster="m"
    )
    assert effective_n(same) == pytest.approx(3)
    rng = np.random.default_rng(0)
    free = pm.item_table(
        pd.DataFrame({"a": rng.normal(size=400)}).assign(m=np.arange(400) % 40), cluster="m"
    )
    assert 200 < effective_n(free) <= 400
    assert account(same) == "12 respondents in 3 clusters, effective n 3.0"
