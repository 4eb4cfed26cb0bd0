"""GGUF files: read once, kept as safetensors; what is none is refused."""

import pytest

import psychometrics as pm
from psychometrics.backends.find import embedded_file
from psychometrics.backends.load_model import open_model
from psychometrics.errors import ModelError


def test_gguf_that_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("PSYCHOMETRICS_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "broken.gguf"
    file.write_bytes(b"GGUF but not really")
    with pytest.raises(ModelError, match="cannot be read as GGUF"):
        pm.load_model(str(file))
    assert not list((tmp_path / "cache" / "models").glob("unfinished*"))


def test_gguf_file_by_its_path_is_the_embedded_model(smol):
    file = embedded_file("smollm2-135m")
    assert open_model(pm.ModelReference(str(file))).identity["weights"] == smol.identity["weights"]
