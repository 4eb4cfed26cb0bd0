"""Identity: two models never share one; the same model keeps its own."""

import json
import os
import shutil

from tiny import save_tiny

import psychometrics as pm
from psychometrics.backends import cache
from psychometrics.backends.cache import file_sha256
from psychometrics.backends.identity import tokenizer_hash, weights_hash


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
    with monkeypatch.context() as unread:
        unread.setattr(cache, "_digest", lambda path: 1 / 0)
        assert file_sha256(file) == first
    status = file.stat()
    file.write_bytes(b"two")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))  # as cp -p and tar do
    assert file_sha256(file) != first
    file.write_bytes(b"one")
    assert file_sha256(file) == first
    (tmp_path / "cache" / "hashes.json").write_text("not json")
    assert file_sha256(file) == first


def test_identity_is_that_of_the_weights_in_memory(tmp_path):
    """A training loop that saves over the folder does not change what was loaded."""
    model = pm.load_model(str(save_tiny(tmp_path)))
    loaded = dict(model.identity)
    save_tiny(tmp_path, num_hidden_layers=1)
    assert model.identity == loaded
    assert pm.load_model(str(tmp_path)).identity["weights"] != loaded["weights"]


def test_tokenizer_files_count_and_others_do_not(tmp_path):
    before = tokenizer_hash(save_tiny(tmp_path))
    (tmp_path / "README.txt").write_text("about")
    assert tokenizer_hash(tmp_path) == before
    (tmp_path / "vocab.json").write_text("{}")
    assert tokenizer_hash(tmp_path) != before
