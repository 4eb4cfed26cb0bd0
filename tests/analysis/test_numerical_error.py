"""Numerical error: known differences, and a real model in half precision."""

import numpy as np
import pytest
from tiny import save_tiny

import psychometrics as pm
from psychometrics.analysis.numerical_error import numerical_error
from psychometrics.errors import ResponsesError

VALUES = np.array([1.0, 2.0, 3.0])
SIDES = (("run",), ("reference",))


def test_known_noise_is_found(rng):
    reference = np.log(rng.dirichlet(np.ones(3), size=4000))
    run = reference + rng.normal(0, 0.03, size=reference.shape)
    found = numerical_error(run, reference, VALUES, SIDES, 0.95)
    assert found.log_p.value == pytest.approx(0.03, rel=0.03)
    assert found.log_p.ci_low < 0.03 < found.log_p.ci_high and found.log_p.n == 4000
    points = [np.exp(x) @ VALUES / np.exp(x).sum(axis=1) for x in (run, reference)]
    assert found.expected.value == pytest.approx(np.sqrt(np.mean((points[0] - points[1]) ** 2)))
    assert found.flips == (run.argmax(axis=1) != reference.argmax(axis=1)).sum() > 0
    assert len(found.to_frame()) == 2


def test_impossible_on_both_sides_is_no_difference():
    log_p = np.log(np.array([[0.5, 0.5, 1e-300]]))
    log_p[0, 2] = -np.inf
    assert numerical_error(log_p, log_p, VALUES, SIDES, 0.95).largest == 0


def test_half_precision_has_more_of_it_than_float32(tmp_path, small):
    folder = str(save_tiny(tmp_path))
    found = {}
    for dtype in ("float32", "bfloat16"):
        people = pm.respondents(pm.load_model(folder, dtype=dtype))
        found[dtype] = pm.administer(
            small, people, rescore=12, quiet=True
        ).responses.numerical_error()
        assert found[dtype].log_p.n == 12
        assert found[dtype].reference_numerics == ("padded batch 1 sdpa float32 cpu",)
        assert f"tree window 512 rows 1 sdpa {dtype} cpu" in found[dtype].run_numerics
    assert found["float32"].log_p.value < 1e-5 < 1e-3 < found["bfloat16"].log_p.value
    assert "nats" in repr(found["bfloat16"])


def test_scripts_have_none(small):
    responses = pm.administer(small, pm.respondents(pm.scripted_model(4.0)), quiet=True).responses
    assert responses.numerical_error().largest == 0


def test_survives_writing_and_reading(tmp_path, small):
    people = pm.respondents(pm.load_model(str(save_tiny(tmp_path / "model"))))
    run = pm.administer(small, people, out=tmp_path / "run", quiet=True)
    read = pm.read_responses(tmp_path / "run").numerical_error()
    assert read == run.responses.numerical_error() and read.log_p.n == 8


def test_run_without_it_says_so_and_is_completed_by_its_own_call(tmp_path, small):
    people = pm.respondents(pm.scripted_model(4.0))
    run = pm.administer(small, people, out=tmp_path, rescore=0, quiet=True)
    with pytest.raises(ResponsesError, match="scored again[\\s\\S]*completed by its own call"):
        run.responses.numerical_error()
    again = pm.administer(small, people, out=tmp_path, rescore=4, quiet=True)
    assert again.responses.numerical_error().log_p.n == 4
