import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.errors import DataError

SHARED = Path(__file__).resolve().parents[3] / "shared"


def reference():
    if not SHARED.is_dir():
        pytest.skip("../shared is absent")
    return json.loads((SHARED / "reference/agreement.json").read_text())


def pairs_of(table):
    rows, columns = np.indices(np.shape(table))
    counts = np.ravel(table)
    return np.repeat(rows.ravel(), counts), np.repeat(columns.ravel(), counts)


def test_kappa_of_a_table_agrees_with_r():
    r = reference()["counts_3x3"]
    first, second = pairs_of(r["table"])
    for weights, name in (("identity", "kappa"), ("linear", "linear"), ("quadratic", "quadratic")):
        found = pm.cohens_kappa(first, second, weights=weights)
        assert found.value == pytest.approx(r[name], abs=1e-10)
        assert found.n == 100 and found.n_unit == "units" and found.ci_low < found.value


def test_krippendorff_agrees_with_irr():
    r = reference()["krippendorff_4x12"]
    ratings = pd.DataFrame(np.array(r["ratings"], dtype=float).T)
    for metric, value in r["irr"].items():
        assert pm.krippendorffs_alpha(ratings, metric=metric).value == pytest.approx(
            value, abs=1e-10
        )


def test_gwet_and_fleiss():
    first, second = pairs_of(reference()["counts_3x3"]["table"])
    found = pm.gwet_ac(np.column_stack([first, second]))
    assert found.value == pytest.approx(0.5759717, abs=5e-8)  # printed with seven digits
    many = pm.fleiss_kappa(pd.DataFrame({"a": first, "b": second}))
    assert len(many) == 4 and many[0].p_value < 1e-6


def test_orders_of_one_respondent_as_raters(small):
    model = pm.scripted_model(3.0, position_bias=[3.0])
    run = pm.administer(small, pm.respondents(model), quiet=True)
    table = pm.rating_table(run.responses, "option_order")
    assert table.shape[0] == 4
    biased = pm.krippendorffs_alpha(table, metric="ordinal")
    assert biased.value < 0.5
    with pytest.raises(DataError, match="several ratings of item"):
        pm.rating_table(run.responses, "labels", unit="item")
    with pytest.raises(DataError, match="no column 'judge'"):
        pm.rating_table(run.responses, "judge")


def test_concordance_and_limits(rng):
    x = rng.normal(size=50)
    found = pm.concordance(x, x + 1)
    assert found[0].value < found[1].value == pytest.approx(1)
    limits = pm.bland_altman(x, x + 1 + rng.normal(0, 0.1, 50))
    assert limits.lower.value < limits.bias.value < limits.upper.value
