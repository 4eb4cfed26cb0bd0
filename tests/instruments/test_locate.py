"""The inventories are found from the repository and from a wheel."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import psychometrics as pm
from psychometrics.errors import InstrumentError
from psychometrics.instruments import locate

ROOT = Path(__file__).resolve().parents[2]


def test_repository_comes_first():
    assert locate.inventories_folder() == ROOT / "inventories"


def test_wheel_carries_them_and_finds_them(tmp_path):
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("lm_psychometrics-*.whl")
    installed = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    code = (
        f"import sys; sys.path.insert(0, {str(installed)!r}); import psychometrics as pm; "
        "print(pm.load_instrument('big-five-60').path); print(pm.__file__)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=tmp_path
    )
    expected = installed / "psychometrics" / "_inventories" / "big_five" / "big-five-60.toml"
    assert done.stdout.splitlines() == [
        str(expected),
        str(installed / "psychometrics" / "__init__.py"),
    ]
    assert (installed / "psychometrics" / "py.typed").is_file()
    assert (installed / "psychometrics" / "report" / "page.html.j2").is_file()


def test_neither_place(monkeypatch, tmp_path):
    monkeypatch.setattr(locate, "_PACKAGE", tmp_path / "psychometrics")
    with pytest.raises(InstrumentError, match=r"No inventories were found[\s\S]*pip install"):
        pm.list_instruments()
