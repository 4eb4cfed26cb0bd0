"""Which device and number format a model gets, and which card a worker."""

import pytest
import torch

import psychometrics as pm
from psychometrics.backends.device import choose_dtype
from psychometrics.backends.worker_process import _on_card


@pytest.mark.parametrize(("device", "dtype"), [("cpu", "float32"), ("cuda", "bfloat16")])
def test_number_format_by_itself_and_when_asked(device, dtype):
    assert choose_dtype("auto", torch.device(device)) == getattr(torch, dtype)
    assert choose_dtype("float16", torch.device(device)) == torch.float16


@pytest.mark.parametrize(
    ("asked", "cards", "given"),
    [
        ("auto", 2, ["cuda:0", "cuda:1", "cuda:0"]),
        ("cuda", 3, ["cuda:0", "cuda:1", "cuda:2"]),
        ("auto", 1, ["auto"] * 3),
        ("auto", 0, ["auto"] * 3),
        ("cpu", 2, ["cpu"] * 3),
        ("cuda:1", 2, ["cuda:1"] * 3),
    ],
)
def test_each_worker_takes_a_card(monkeypatch, asked, cards, given):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: cards)
    reference = pm.ModelReference("model", device=asked)
    assert [_on_card(reference, worker).device for worker in range(3)] == given
