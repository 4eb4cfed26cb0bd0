import builtins
import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.errors import DataError, DependencyError, StorageError


@pytest.fixture
def table(rng):
    frame = pd.DataFrame(
        np.clip(np.round(rng.normal(3, 1, (60, 1)) + rng.normal(0, 1, (60, 4))), 1, 5)
    )
    frame.columns = ["a-1", 'a "2"', "b 1", "b2"]
    frame["b2"] = 6 - frame["b2"]
    frame.iloc[3, 1] = np.nan
    return pm.item_table(
        frame,
        reverse=["b2"],
        limits=(1, 5),
        scales={"first\npart": ["a-1", 'a "2"'], "all": list(frame.columns)},
    )


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_round_trip(table, tmp_path, ending):
    file = pm.write_items(table, tmp_path / f"x{ending}")
    back = pm.item_table(pm.read_items(file.path), respondent="respondent")
    np.testing.assert_array_equal(back.values, table.values)
    assert back.frame.columns.tolist() == table.frame.columns.tolist()
    assert repr(file).startswith("<ItemFile") and (file.n_units, file.n_columns) == (60, 4)


def test_spss_round_trip_with_declared_missing_values(table, tmp_path, rng):
    import pyreadstat

    plain = pm.item_table(rng.normal(size=(5, 2)))
    file = pm.write_items(plain, tmp_path / "x.sav")
    back = pm.item_table(pm.read_items(file.path), respondent="respondent")
    np.testing.assert_array_equal(back.values, plain.values)
    declared = pd.DataFrame({"x": [1.0, 99.0]})
    pyreadstat.write_sav(
        declared, tmp_path / "missing.sav", missing_ranges={"x": [{"lo": 99, "hi": 99}]}
    )
    np.testing.assert_array_equal(pm.read_items(tmp_path / "missing.sav")["x"], [1.0, np.nan])


def test_r_comes_to_our_alpha(table, tmp_path):
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed")
    file = pm.write_items(table, tmp_path / "x.csv")
    code = file.r_code.replace("psych::alpha", "cat(sprintf('%.15f\\n', psych::alpha")
    code = code.replace("$raw_alpha", "$raw_alpha))")
    done = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True)
    if "no package called" in done.stderr:
        pytest.skip("R has no psych")
    ours = [estimate.value for estimate in pm.alpha(table, by="scale")]
    # Closed forms; sprintf prints 15 decimals.
    assert list(map(float, done.stdout.split())) == pytest.approx(ours, abs=1e-12)


def test_what_cannot_be_read_or_written_is_named(table, tmp_path):
    with pytest.raises(DataError, match=r"ends in '\.xls'"):
        pm.read_items(tmp_path / "x.xls")
    with pytest.raises(DataError, match=r"ends in '\.xls'"):
        pm.write_items(table, tmp_path / "x.xls")
    with pytest.raises(DataError, match="no file"):
        pm.read_items(tmp_path / "x.csv")
    (tmp_path / "bad.parquet").write_text("no parquet")
    with pytest.raises(DataError, match="cannot be read as parquet"):
        pm.read_items(tmp_path / "bad.parquet")
    with pytest.raises(StorageError, match="cannot be written"):
        pm.write_items(table, tmp_path / "absent" / "x.csv")


def test_spss_without_its_package(table, tmp_path, monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name == "pyreadstat":
            raise ModuleNotFoundError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    (tmp_path / "x.sav").write_bytes(b"")
    for act in (
        lambda: pm.read_items(tmp_path / "x.sav"),
        lambda: pm.write_items(table, tmp_path / "y.sav"),
    ):
        with pytest.raises(DependencyError, match="pyreadstat") as caught:
            act()
        assert caught.value.mend == "pip install 'lm-psychometrics[spss]'"


def test_rows_that_share_a_name_are_numbered(rng, tmp_path):
    frame = pd.DataFrame(
        rng.normal(size=(3, 2)), index=["a", "a", "b"], columns=["respondent", "x"]
    )
    file = pm.write_items(pm.item_table(frame), tmp_path / "x.csv")
    back = pm.read_items(file.path)
    assert back.columns.tolist() == ["row", "respondent", "x"]
    assert back["row"].tolist() == [1, 2, 3]
    pairs = frame.set_axis(pd.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)]))
    names = pm.read_items(pm.write_items(pairs, tmp_path / "y.csv").path)["row"]
    assert names.tolist() == ["a / 1", "a / 2", "b / 1"]
