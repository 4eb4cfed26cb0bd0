"""What holds for the whole project: layers, sizes, and life without torch."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import psychometrics as pm

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted((ROOT / "psychometrics").rglob("*.py"))
WITHOUT_ENGINE = """
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"torch", "transformers", "gguf", "accelerate", "huggingface_hub"}:
            raise ModuleNotFoundError(f"{name} is blocked")

sys.meta_path.insert(0, Blocked())
"""
RIGHT_OF_RESPONSES = """
import psychometrics as pm
responses = pm.read_responses(sys.argv[1])
scores = responses.score()
print(scores, responses.check(), responses.order_effects(), responses.to_wide().shape)
pm.check_instrument(responses.instrument)
pm.plot.scores(scores)
pm.write_page(responses, sys.argv[1] + "/page.html")
from psychometrics.cli.main import main
try:
    main(["report", sys.argv[1]])
except SystemExit as ended:
    assert ended.code == 0
for name in pm.__all__:
    getattr(pm, name)
"""


def test_everything_right_of_the_responses_works_without_torch(small, tmp_path):
    pm.administer(small, pm.respondents(pm.scripted_model(4.0)), out=tmp_path, quiet=True)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_ENGINE + RIGHT_OF_RESPONSES, str(tmp_path)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "<Scores: 1 respondent × 1 scales" in done.stdout


def test_import_is_light():
    code = (
        "import sys, psychometrics as pm; pm.load_instrument('big-five-60'); "
        "heavy = {'torch', 'transformers', 'matplotlib', 'pyarrow.parquet'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_analysis_imports_no_engine_and_no_second_opinion():
    code = (
        "import sys, numpy as np, psychometrics as pm; "
        "x = np.random.default_rng(0).normal(size=(60, 5)) + 1; "
        "pm.alpha(x), pm.omega(x), pm.icc(x), pm.gstudy(x), pm.correlations(x), pm.table(pm.alpha(x)); "
        "heavy = {'torch', 'transformers', 'matplotlib', 'pingouin', 'factor_analyzer', 'seaborn', "
        "'sklearn', 'statsmodels'} & set(sys.modules); assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_public_names_are_found_and_documented():
    for name in pm.__all__:
        assert getattr(pm, name).__doc__, name
    assert set(pm.__all__) < set(dir(pm))
    with pytest.raises(AttributeError, match="no attribute 'alhpa'"):
        _ = pm.alhpa


def test_no_function_is_called_as_a_top_level_module():
    modules = {path.stem for path in (ROOT / "psychometrics").iterdir()}
    assert not modules & (set(pm.__all__) - {"plot"})


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_small(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 500
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            doc = ast.get_docstring(node) or ""
            lines = node.end_lineno - node.lineno - doc.count("\n")
            assert lines <= 40, f"{node.name} has {lines} lines"
        assert not isinstance(node, ast.Assert)


def test_top_level_folders():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    folders = {line.split("/")[0] for line in tracked.stdout.splitlines() if "/" in line}
    assert folders - {".ci"} == {"psychometrics", "inventories", "docs", "tests", "benchmarks"}
