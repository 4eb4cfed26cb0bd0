import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.errors import DataError

SHARED = Path(__file__).resolve().parents[3] / "shared"
with_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")
SCALES = {d: [f"{d}{n}" for n in range(1, 6)] for d in "ACENO"}


@pytest.fixture(scope="module")
def people():
    frame = pd.read_csv(SHARED / "reference/data/bfi.csv")
    items = [item for scale in SCALES.values() for item in scale]
    return pm.item_table(
        frame[items].dropna(), reverse=["A1", "C4", "C5", "E1", "E2", "O2", "O5"], limits=(1, 6),
        scales=SCALES,
    )  # fmt: skip


@with_shared
def test_htmt_agrees_with_semtools(people):
    r = json.loads((SHARED / "reference/validity.json").read_text())["htmt"]
    theirs = pd.DataFrame(r["values"], index=r["rows"], columns=r["cols"])
    # What semTools calls htmt by default are geometric means.
    for estimate in pm.htmt(people, variant="htmt2", n_resamples=100):
        a, b = estimate.of.split(" with ")
        # Closed form.
        assert estimate.value == pytest.approx(theirs.loc[a, b], abs=1e-8)
        assert estimate.ci_low < estimate.value < estimate.ci_high


@with_shared
def test_fornell_larcker_tells_the_same_pairs_apart_as_a_factor_model(people):
    """R's table is that of a factor model; ours comes without one, and finds the same pairs."""
    reference = json.loads((SHARED / "reference/validity.json").read_text())
    found = pm.fornell_larcker(people)
    latent, roots = reference["latent_cor"], reference["fornell_larcker_sqrt_ave"]
    theirs = {
        (a, b)
        for i, a in enumerate(latent["rows"])
        for j, b in enumerate(latent["cols"])
        if i < j and abs(latent["values"][i][j]) > min(roots[a], roots[b])
    }
    assert set(found.violations) == theirs == {("A", "E")}
    # Minres against maximum likelihood loadings of these items: .007 at most.
    assert np.diag(found.to_frame()) == pytest.approx(list(roots.values()), abs=0.02)
    assert "1 of 10 pairs not told apart" in repr(found)


def test_scales_that_share_items_are_refused(rng):
    frame = pd.DataFrame(rng.normal(size=(30, 4))).add_prefix("i")
    table = pm.item_table(frame, scales={"a": ["i0", "i1"], "b": ["i1", "i2"], "c": ["i3"]})
    with pytest.raises(DataError, match="'i1' counts in 'a' and in 'b'"):
        pm.htmt(table)
    with pytest.raises(DataError, match="There are 1 scales"):
        pm.htmt(table, scales=["a"])
    with pytest.raises(DataError, match="no scale 'z'"):
        pm.htmt(table, scales=["a", "z"])


def test_clusters_are_resampled(rng):
    model = np.repeat(np.arange(20), 10)
    traits = rng.normal(size=(20, 2))[model]
    frame = pd.DataFrame(traits[:, [0, 0, 1, 1]] + rng.normal(size=(200, 4))).add_prefix("i")
    scales = {"a": ["i0", "i1"], "b": ["i2", "i3"]}
    whole = pm.htmt(pm.item_table(frame.assign(m=model), cluster="m", scales=scales))[0]
    naive = pm.htmt(pm.item_table(frame, scales=scales))[0]
    assert whole.value == naive.value and "effective n" in whole.note
    assert whole.ci_high - whole.ci_low > naive.ci_high - naive.ci_low
