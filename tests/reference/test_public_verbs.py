"""The public verbs return the numbers of R, not only the functions under them."""

import itertools

import numpy as np
import pandas as pd
import pytest
from reference_comparison import CLOSED, MINRES
from reference_layout import LAYOUTS
from reference_sources import SCALES, SHARED, Moments, Rows, items, keys
from reference_table import kept_values

import psychometrics as pm

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is absent")
# As in the table: closed forms, except where minres is named.
EXACT = CLOSED.size


@pytest.fixture(scope="module")
def r() -> dict[str, float]:
    return kept_values()


@pytest.fixture(scope="module")
def bfi() -> pm.ItemTable:
    """The answers as printed, keyed by the table itself."""
    frame = Rows().frame("bfi")[items(*SCALES)]
    reverse = [key[1:] for scale in SCALES for key in keys()[scale] if key.startswith("-")]
    scales = {scale: items(scale) for scale in SCALES}
    return pm.item_table(frame, scales=scales, reverse=reverse, limits=(1, 6))


def test_consistency(r):
    x = pd.DataFrame(Moments().scale("agree", complete=True), columns=items("agree"))
    base = "reliability/agree"
    raw, standardised = pm.alpha(x), pm.alpha(x, variant="standardised")
    assert raw.value == pytest.approx(r[f"{base}/complete/total/raw_alpha"], abs=EXACT)
    assert raw.ci_low == pytest.approx(r[f"{base}/complete/feldt_exact_F/lower"], abs=EXACT)
    assert raw.ci_high == pytest.approx(r[f"{base}/complete/feldt_exact_F/upper"], abs=EXACT)
    assert raw.se == pytest.approx(r[f"{base}/complete/total/ase"], abs=EXACT)
    assert standardised.value == pytest.approx(r[f"{base}/complete/total/std.alpha"], abs=EXACT)
    omega = pm.omega(x, variant="standardised", interval="none").value
    assert omega == pytest.approx(r[f"{base}/omega_psych_1f/omega_tot"], abs=MINRES.size)
    bounds = pm.guttman_lambdas(x, on="correlation")
    for i in (1, 2, 3, 5, 6):
        expected = r[f"{base}/guttman/lambda{i}"]
        assert bounds[f"lambda-{i}"].value == pytest.approx(expected, abs=EXACT)


@needs_shared
def test_reverse_keyed_items_with_gaps(bfi, r):
    found = pm.alpha(bfi, by="scale")
    for scale in SCALES:
        expected = r[f"reliability/{scale}/pairwise/total/raw_alpha"]
        assert found[scale].value == pytest.approx(expected, abs=EXACT)
        assert found[scale].n == r[f"reliability/{scale}/pairwise/n"]
    frame = pm.item_analysis(bfi).to_frame()
    for column, name in (("item_rest", "r.drop"), ("alpha_if_dropped", "raw_alpha")):
        part = "item_stats" if name == "r.drop" else "alpha_drop"
        expected = [
            r[f"reliability/{s}/pairwise/{part}/{name}/{i}"] for s in SCALES for i in range(5)
        ]
        np.testing.assert_allclose(frame[column], expected, atol=EXACT)


@needs_shared
def test_discriminant_validity(bfi, r):
    found = pm.htmt(bfi, variant="htmt2", n_resamples=50)
    for (i, a), (j, b) in itertools.combinations(enumerate(SCALES), 2):
        (value,) = (e.value for e in found if a in e.of and b in e.of)
        assert value == pytest.approx(r[f"validity/htmt2/values/{i}/{j}"], abs=EXACT)


def test_intraclass_correlations(r):
    found = pm.icc(pd.DataFrame(Moments().table("shrout_fleiss")), interval="f")
    base = "icc/shrout_fleiss/icc/anova"
    for i, estimate in enumerate(found):
        expected = [r[f"{base}/{column}/{i}"] for column in ("ICC", "lower bound", "upper bound")]
        got = [estimate.value, estimate.ci_low, estimate.ci_high]
        assert got == pytest.approx(expected, abs=EXACT)


def test_agreement(r):
    counts = Moments().counts("counts_3x3").astype(int)
    first, second = (np.repeat(axis.ravel(), counts.ravel()) for axis in np.indices((3, 3)))
    for weights, name in (("identity", "kappa"), ("linear", "linear"), ("quadratic", "quadratic")):
        value = pm.cohens_kappa(first, second, weights=weights).value
        assert value == pytest.approx(r[f"agreement/counts_3x3/{name}"], abs=EXACT)
    counts = Moments().counts("fleiss_10x14").astype(int)
    ratings = np.array([np.repeat(np.arange(5), unit) for unit in counts])
    value = pm.fleiss_kappa(ratings)[0].value
    assert value == pytest.approx(r["agreement/fleiss_10x14/kappa"], abs=EXACT)


def test_generalizability(r):
    table = Moments().table("brennan3_pxixo")
    index = (axis.ravel() for axis in np.indices(table.shape))
    long = pd.DataFrame(dict(zip(LAYOUTS["brennan3_pxixo"].axes, index, strict=True)))
    study = pm.gstudy(
        long.assign(value=table.ravel()), "person x item x occasion", object="person",
        random=["item", "occasion"],
    )  # fmt: skip
    base = "gtheory/brennan3_pxixo/dstudy_from_anova"
    # Four items and two occasions: number 6 of the designs, from 0.
    assert study.relative.value == pytest.approx(r[f"{base}/Erho2/6"], abs=EXACT)
    assert study.absolute.value == pytest.approx(r[f"{base}/Phi/6"], abs=EXACT)


def test_correlation(r):
    x = pd.DataFrame(Moments().scale("neuroticism", complete=True), columns=items("neuroticism"))
    found = pm.correlations(x)["N1", "N2"]
    assert found.value == pytest.approx(r["misc/fisher_ci_N1_N2/r"], abs=EXACT)
    limits = [r[f"misc/fisher_ci_N1_N2/ci/{i}"] for i in (0, 1)]
    assert [found.ci_low, found.ci_high] == pytest.approx(limits, abs=EXACT)
