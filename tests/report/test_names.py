"""The printer knows every name that a coefficient is given in stats and analysis."""

import ast
import importlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import psychometrics as pm
from psychometrics.report.estimate_text import known_name

ROOT = Path(__file__).resolve().parents[2] / "psychometrics"
MAKERS = ("Coefficient", "undefined", "Estimate", "mean_over_items", "not_estimated")
# Names that are columns of a frame, and never those of a coefficient that is handed out.
FRAMED = {"score", "answer"}


def called(node):
    return getattr(node.func, "id", getattr(node.func, "attr", ""))


def makers(tree):
    """Functions of a module that pass a parameter on as a name, and its place."""
    found = dict.fromkeys(MAKERS, 0)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in [*functions, *functions]:
        parameters = [a.arg for a in function.args.args if a.arg not in ("self", "cls")]
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and len(node.args) > found.get(called(node), 99):
                name = getattr(node.args[found[called(node)]], "id", None)
                if name in parameters:
                    found.setdefault(function.name, parameters.index(name))
    return found


def texts(node, module, tree, deep=3):
    """Strings that an expression can stand for: itself, a constant, or what a loop goes over."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Name):
        yield from strings(getattr(module, node.id, ()))
        for value in bound(node.id, tree) if deep else ():
            yield from texts(value, module, tree, deep - 1)
    elif isinstance(node, ast.IfExp | ast.Tuple):
        parts = node.elts[:1] if isinstance(node, ast.Tuple) else [node.body, node.orelse]
        for part in parts:
            yield from texts(part, module, tree, deep)


def bound(name, tree):
    """What a name is bound to by loops and assignments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.comprehension):
            first = getattr(node.target, "elts", [node.target])[0]
            over = (getattr(node.iter, "args", None) or [node.iter])[0]
            if getattr(first, "id", None) == name:
                yield from getattr(over, "elts", [over])
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            yield node.value


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        yield from (x if isinstance(x, str) else x[0] for x in value if isinstance(x, str | tuple))


def names_given():
    for path in sorted([*(ROOT / "stats").glob("*.py"), *(ROOT / "analysis").glob("*.py")]):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        module = importlib.import_module(f"psychometrics.{path.parent.name}.{path.stem}")
        places = makers(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            given = [k.value for k in node.keywords if k.arg == "name"]
            if called(node) in places:
                given += node.args[places[called(node)] : places[called(node)] + 1]
            elif called(node) != "replace":
                continue
            for name in given:
                yield from ((path.name, text) for text in texts(name, module, tree) if text)


NAMES = sorted(set(names_given()) - {("order_effects.py", name) for name in FRAMED})


@pytest.mark.parametrize(("file", "name"), NAMES)
def test_every_name_is_known_to_the_printer(file, name):
    assert known_name(name), f"{file} makes {name!r}: add it to report/estimate_text.py"


def test_names_are_found_however_they_are_given():
    found = {name for _, name in NAMES}
    assert {
        "alpha", "lambda-6", "mu-3", "greatest lower bound", "split-half", "Cohen's kappa", "bias",
        "Gwet's AC1", "Gwet's AC2", "precision", "Φ", "SEM", "disattenuated r", "change of R²",
        "criterion validity", "validity diagonal", "d_z", "g_av", "threshold", "numerical noise",
    } <= found  # fmt: skip


def test_names_that_are_put_together_are_known_too(big_five):
    rng = np.random.default_rng(1)
    x = pd.DataFrame(rng.normal(size=(60, 1)) + rng.normal(size=(60, 6))).add_prefix("i")
    t = pm.item_table(x, scales={"s": ["i0", "i1", "i2"], "t": ["i3", "i4", "i5"]})
    groups = pm.known_groups(pd.DataFrame({"g": ["a", "b"] * 30, "y": x["i0"]}), "y", "g")
    models = [pm.scripted_model(v, name=str(v), noise=0.3) for v in (2.0, 4.0)]
    run = pm.administer(big_five, pm.respondents(models), quiet=True)
    made = [
        groups, pm.omega(t.scale("s")), pm.composite_reliability(t.scale("s")),
        pm.average_variance_extracted(t.scale("s")), pm.response_process(run.responses),
        *(pm.htmt(t, variant=v, n_resamples=20) for v in ("htmt", "htmt2")),
    ]  # fmt: skip
    names = {e.name for part in made for e in ([part] if isinstance(part, pm.Estimate) else part)}
    assert {"d", "g", "delta", "omega total", "HTMT2", "position 1", "extreme responding"} <= names
    assert not [name for name in names if not known_name(name)]
