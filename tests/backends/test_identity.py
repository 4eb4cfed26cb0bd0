"""Identity: two models never share one; the same model keeps its own."""

import json
import os
import shutil

from tiny import save_tiny

import psychometrics as pm
from psychometrics.backends.cache import file_sha256
from psychometrics.backends.identity import weights_hash


def test_two_weights_never_share_an_identity(tmp_path):
    one = pm.load_model(str(save_tiny(tmp_path / "one")))
    other_folder = shutil.copytree(tmp_path / "one", tmp_path / "other")
    same = pm.load_model(str(other_folder))
    assert one.identity["weights"] == same.identity["weights"]
    save_tiny(other_folder, num_hidden_layers=1)
    assert pm.load_model(str(other_folder)).identity["weights"] != one.identity["weights"]


def test_version_that_wrote_the_settings_is_no_part_of_it(tmp_path):
    before = weights_hash(save_tiny(tmp_path))
    settings = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(settings | {"transformers_version": "9.9"}))
    assert weights_hash(tmp_path) == before
    (tmp_path / "config.json").write_text(json.dumps(settings | {"rms_norm_eps": 0.1}))
    assert weights_hash(tmp_path) != before


def test_hash_is_remembered_until_the_file_changes(tmp_path, monkeypatch):
    monkeypatch.setenv("PSYCHOMETRICS_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "weights"
    file.write_bytes(b"one")
    first = file_sha256(file)
    status = file.stat()
    file.write_bytes(b"two")
    assert file_sha256(file) != first
    file.write_bytes(b"one")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert file_sha256(file) == first
    (tmp_path / "cache" / "hashes.json").write_text("not json")
    assert file_sha256(file) == first
