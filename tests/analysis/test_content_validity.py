"""Content validity: sorting by judges and by models, hand-worked indices, what is refused."""

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.errors import DataError, InstrumentError


@pytest.fixture(scope="module")
def triad():
    return pm.load_instrument("dark-triad-27")


def sorted_by(triad, judge, wrong=0):
    constructs = [item.scale for item in triad.items]
    other = {"machiavellianism": "narcissism", "narcissism": "psychopathy", "psychopathy": "none"}
    changed = [other[c] if n < wrong else c for n, c in enumerate(constructs)]
    return pd.DataFrame({"item": [i.id for i in triad.items], "construct": changed, "judge": judge})


def test_indices_by_hand(triad):
    """Of three judges two chose the intended construct, one another: p_sa 2/3, c_sv 1/3."""
    ratings = pd.concat([sorted_by(triad, "a"), sorted_by(triad, "b"), sorted_by(triad, "c", 5)])
    found = pm.content_validity(triad, ratings)
    first, last = found.table.iloc[0], found.table.iloc[-1]
    assert first["p_sa"] == pytest.approx(2 / 3) and first["c_sv"] == pytest.approx(1 / 3)
    assert last["p_sa"] == last["c_sv"] == 1
    assert found.judges == ("a", "b", "c") and found.misplaced.empty


def test_kappa_is_that_of_the_verb_with_its_interval(triad):
    ratings = sorted_by(triad, "a", wrong=6)
    found = pm.content_validity(triad, ratings).kappa[0]
    own = pm.cohens_kappa(
        [i.scale for i in triad.items], ratings["construct"].to_numpy(),
        categories=[s.name for s in triad.scales] + ["none"],
    )  # fmt: skip
    assert (found.value, found.ci_low, found.ci_high) == (own.value, own.ci_low, own.ci_high)
    assert found.n == 27 and found.n_unit == "items" and found.of == "a"


def test_perfect_agreement_has_an_exact_lower_limit(triad):
    """27 of 27: Clopper and Pearson's limit is .025^(1/27) = .8723, chance 1/3: kappa .8084."""
    found = pm.content_validity(triad, sorted_by(triad, "a")).kappa[0]
    low = 0.025 ** (1 / 27)
    assert found.value == found.ci_high == 1
    assert found.ci_low == pytest.approx((low - 1 / 3) / (2 / 3)) == pytest.approx(0.8084, abs=5e-5)
    assert "exact binomial" in found.method


def test_from_a_file(triad, tmp_path):
    path = tmp_path / "ratings.csv"
    sorted_by(triad, "a").to_csv(path, index=False)
    assert pm.content_validity(triad, path).kappa[0].value == 1


def test_facets_of_one_domain(rng):
    instrument = pm.load_instrument("self-regulation-21")
    ratings = pd.DataFrame(
        {"item": [i.id for i in instrument.items], "construct": [i.scale for i in instrument.items]}
    )
    assert pm.content_validity(instrument, ratings, level="facet").kappa[0].value == 1
    with pytest.raises(InstrumentError, match=r"1 scales of level 'domain'[\s\S]*other level"):
        pm.content_validity(instrument, ratings)


@pytest.mark.parametrize("name", ["dark-triad-27", "jungian-32", "trait-scenarios"])
def test_a_model_sorts_through_the_engine(name):
    """A script that knows the constructs sorts every item home; the key is not in the prompt."""
    instrument = pm.load_instrument(name)
    task = pm.sorting_task(instrument)
    assert all(item.scale not in (item.stem or "") for item in task.items)
    truth = {
        item.id: 1.0 + [s.name for s in instrument.scales].index(own.scale)
        for item, own in zip(task.items, instrument.items, strict=True)
    }
    run = pm.administer(
        task, pm.respondents(pm.scripted_model(truth)), pm.design(option_order="latin"), quiet=True
    )
    found = pm.content_validity(instrument, run.responses)
    assert found.kappa[0].value == 1 and (found.table["p_sa"] == 1).all()


def test_responses_to_something_else_are_refused(big_five, triad):
    run = pm.administer(big_five, pm.respondents(pm.scripted_model(4.0)), quiet=True)
    with pytest.raises(DataError, match="a sorting of dark-triad-27 into 3 constructs is needed"):
        pm.content_validity(triad, run.responses)


REFUSED = {
    "no construct": (lambda r: r.drop(columns="construct"), "no column construct"),
    "unknown item": (lambda r: r.assign(item="x"), "name item 'x'"),
    "unknown construct": (lambda r: r.assign(construct="kindness"), "name construct 'kindness'"),
    "twice": (lambda r: pd.concat([r, r]), "sorted item 'dt27-01' twice"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_ratings_that_cannot_be_used(triad, case):
    change, told = REFUSED[case]
    with pytest.raises(DataError, match=told):
        pm.content_validity(triad, change(sorted_by(triad, "a")))


def test_an_item_that_nobody_sorted_has_no_index(triad):
    found = pm.content_validity(triad, sorted_by(triad, "a").iloc[1:])
    assert np.isnan(found.table["p_sa"].iloc[0]) and found.table["judges"].iloc[0] == 0
