"""The account of where the tree's time goes: complete, and gone afterwards."""

import sys
import time
from pathlib import Path

import pytest
from test_tree import branching
from tiny import save_tiny

import psychometrics as pm
from psychometrics.backends import engines, tree

FOLDER = Path(__file__).parents[2] / "benchmarks" / "engine"


@pytest.fixture
def phases(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    import phases

    yield phases
    sys.modules.pop("phases", None)


def test_every_phase_is_seen_and_nothing_stays(phases, tmp_path, rng):
    model = pm.load_model(str(save_tiny(tmp_path)), window=64)
    prompts, before = branching(model, rng), (engines.tree_rows, tree._after, tree.read_logits)
    plain = model.score(prompts)
    timed = []
    shares = phases.where_time_goes(model._model, lambda: timed.extend(model.score(prompts)))
    assert timed == plain
    named = {phase for _, _, phase in phases.ENGINE} | set(phases.MODULES.values())
    assert set(shares) == named | {"cpu_s", phases.LINEAR, phases.HEAD, phases.OTHER}
    shares.pop("cpu_s")
    assert sum(shares.values()) == pytest.approx(1, abs=1e-3)  # each is rounded to 1e-4
    assert (engines.tree_rows, tree._after, tree.read_logits) == before
    assert not any(module._forward_hooks for module in model._model.modules())


def test_an_inner_phase_is_not_counted_for_the_outer(phases, monkeypatch):
    clock = iter([0, 1, 3, 7, 15])
    monkeypatch.setattr(time, "process_time", lambda: next(clock))
    found = phases.Phases()
    inner = found.of_function("inner", lambda: None)
    found.of_function("outer", inner)()
    assert found.seconds == {phases.OTHER: 1, "outer": 2 + 8, "inner": 4}
