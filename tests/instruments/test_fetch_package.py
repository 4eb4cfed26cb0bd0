"""Packages: fetched by the real npm and pip from this machine alone, and read as data."""

import http.server
import json
import os
import shutil
import socket
import tarfile
import tempfile
import threading
import zipfile

import pytest
from definitions import SMALL
from wordings import (
    CHOICES,
    GERMAN,
    STEMS,
    definition,
    json_rows,
    npm_entry,
    npm_files,
    pip_entry,
    sha256,
    tgz,
    wheel,
)

import psychometrics as pm
from psychometrics.errors import WordingError
from psychometrics.instruments.fetch_package import option_texts, rows_of_member
from psychometrics.instruments.stem_hash import stem_hash
from psychometrics.instruments.wording_store import data_folder

ON = "Mend: Fetch {0} with {1} on another machine, copy the file, and run the command with --from FILE."
ANEW = "Mend: Fetch {} anew from a source that you trust."


@pytest.fixture(autouse=True)
def _data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")


@pytest.fixture
def archive(tmp_path):
    return tgz(tmp_path / "care-1.0.0.tgz", npm_files())


def whl(folder, files, name="care_wording-1.0-py3-none-any.whl"):
    folder.mkdir(exist_ok=True)
    return wheel(folder / name, files, "care_wording", "1.0")


def refused(path, source=None, *parts, **more):
    """Nothing is installed, and the error says why."""
    with pytest.raises(WordingError) as caught:
        pm.install_wording(path, source, **more)
    for part in parts:
        assert part in str(caught.value)
    assert not data_folder().exists()


def stems_of(path, language=None):
    return {item.id: item.stem for item in pm.load_instrument(path, language=language).items}


def test_a_wheel_that_was_fetched_before(tmp_path):
    content = json_rows(STEMS)
    file = whl(tmp_path, {"care/items.json": content})
    path = definition(tmp_path, packages=pip_entry(file, content))
    found = pm.install_wording(path, file)
    assert found.wording.source == f"care-wording==1.0 (SHA-256 {sha256(file.read_bytes())[:12]}…)"
    assert found.left_out == 0 and stems_of(path) == STEMS


@pytest.mark.parametrize("kind", ["tgz", "whl"])
def test_one_other_byte_and_it_is_not_the_package(tmp_path, archive, kind):
    if kind == "tgz":
        path, title = definition(tmp_path, packages=npm_entry(archive)), "care@1.0.0"
    else:
        content = json_rows(STEMS)
        archive = whl(tmp_path, {"care/items.json": content})
        path = definition(tmp_path, packages=pip_entry(archive, content))
        title = "care-wording==1.0"
    original = archive.read_bytes()
    for at in (0, len(original) // 2, len(original) - 1):
        archive.write_bytes(original[:at] + bytes([original[at] ^ 1]) + original[at + 1 :])
        refused(path, archive, f"{archive} is not {title}: its SHA-256 begins",
                f"and {sha256(original)[:12]} is known", ANEW.format(title))  # fmt: skip
    archive.write_bytes(original)
    pm.install_wording(path, archive)


def test_a_package_that_is_not_there(tmp_path, archive):
    path = definition(tmp_path, packages=npm_entry(archive))
    gone = tmp_path / "gone.tgz"
    refused(path, gone, f"{gone} cannot be read: No such file or directory", "Mend: Mend the path.")


def broken_tgz(files):
    def make(folder):
        return tgz(folder / "care.tgz", files)

    return make


def a_folder(folder):
    path = folder / "care.tgz"
    with tarfile.open(path, "w:gz") as tar:
        entry = tarfile.TarInfo("package/en.json")
        entry.type = tarfile.DIRTYPE
        tar.addfile(entry)
    return path


def a_link(folder):
    """A link out of the package, to a file that holds what is looked for."""
    (folder / "en.json").write_bytes(json_rows(STEMS))
    path = folder / "care.tgz"
    with tarfile.open(path, "w:gz") as tar:
        entry = tarfile.TarInfo("package/en.json")
        entry.type, entry.linkname = tarfile.SYMTYPE, str(folder / "en.json")
        tar.addfile(entry)
    return path


def cut_short(folder):
    path = tgz(folder / "care.tgz", npm_files())
    path.write_bytes(path.read_bytes()[:-60])
    return path


def no_archive(folder):
    path = folder / "care.tgz"
    path.write_bytes(json_rows(STEMS))
    return path


BROKEN = {
    "no such file in it": (broken_tgz({"package/package.json": b"{}"}), "has no readable file"),
    "a folder in its place": (a_folder, "it is no file"),
    "a link in its place": (a_link, "has no readable file"),
    "cut short": (cut_short, "has no readable file"),
    "no archive": (no_archive, "has no readable file"),
    "another text": (broken_tgz({"package/en.json": json_rows(GERMAN)}), "is not the file that is known"),
    "nothing in the file": (broken_tgz({"package/en.json": b""}), "is not the file that is known"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_package_whose_own_hash_is_known_but_not_its_file(tmp_path, case):
    make, told = BROKEN[case]
    file = make(tmp_path)
    path = definition(tmp_path, packages=npm_entry(file))
    refused(path, file, str(file), "package/en.json", told, ANEW.format("care@1.0.0"))


def test_wheels_that_cannot_be_read(tmp_path):
    content = json_rows(STEMS)
    file = tmp_path / "care.whl"
    huge = b" " * 20_000_001
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("care/items.json", content)
        made.writestr("care/huge.json", huge)
    for entry, told in (
        (pip_entry(file, content, "care/other.json"), "has no readable file care/other.json"),
        (pip_entry(file, huge, "care/huge.json"), "the file is too large"),
    ):
        refused(definition(tmp_path, packages=entry), file, told, ANEW.format("care-wording==1.0"))
    whole = file.read_bytes()
    at = whole.index(b"care/items.json") + len("care/items.json")
    file.write_bytes(whole[:at] + b"\xff" * 20 + whole[at + 20 :])
    path = definition(tmp_path, packages=pip_entry(file, content))
    refused(path, file, "has no readable file care/items.json", ANEW.format("care-wording==1.0"))
    file.write_bytes(b"PK")
    path = definition(tmp_path, packages=pip_entry(file, content))
    refused(path, file, "has no readable file", "not a zip file")


def test_no_file_of_a_package_is_written_anywhere(tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.chdir(tmp_path)
    file = tgz(tmp_path / "care.tgz", npm_files() | {"../outside.txt": b"x"})
    pm.install_wording(definition(tmp_path, packages=npm_entry(file)), file)
    assert not (tmp_path.parent / "outside.txt").exists() and not list(temporary.iterdir())
    here = {"care.tgz", "care-4.toml", "data", "temporary"}
    assert {path.name for path in tmp_path.iterdir()} == here
    assert [path.name for path in data_folder().iterdir()] == ["care-4.en.json"]


def test_texts_are_literals_of_python_wherever_they_stand():
    source = b"""
import os
os.abort()
class Items:
    '''A form about care.'''
    first = ("talks", "listens")
    second = {"stem": ["sings", "hums"], "n": [1, 2]}
    more = [os, "hops"], ["skips", 3, "jumps"], ("walks", "runs", "rests")
    def third(self):
        return f"I {self} sing." + "I dance."
"""
    found = [text for row in rows_of_member(source, "care/items.py") for text in row.texts]
    for text in ("A form about care.", "talks | listens", "sings | hums", "talks", "I dance."):
        assert text in found
    assert [text for text in found if "|" in text] == ["talks | listens", "sings | hums"]
    assert len(found) == len(set(found)) and {"hops", "skips", "runs"} < set(found)


def test_pairs_of_a_module(tmp_path):
    halves = [(f"likes {n} lamps", f"likes {n} suns") for n in ("two", "three", "four", "five")]
    text = SMALL.replace("origin =", 'form = "pair"\norigin =')
    lines = iter([f'sha256 = "{stem_hash(" | ".join(pair))}"' for pair in halves])
    text = "\n".join(
        next(lines) if line.startswith("stem =") else line for line in text.splitlines()
    )
    content = f"QUESTIONS = {halves!r}".encode()
    file = whl(tmp_path, {"care/items.py": content})
    path = tmp_path / "pairs.toml"
    path.write_text(text + pip_entry(file, content, "care/items.py"), encoding="utf-8")
    pm.install_wording(path, file)
    assert [item.poles for item in pm.load_instrument(path).items] == halves


def test_a_language_whose_choices_are_not_named_keeps_the_options(tmp_path, archive):
    entry = npm_entry(archive)
    lines = [line for line in entry.splitlines() if not line.startswith("option")]
    path = definition(tmp_path, packages="\n".join(lines))
    pm.install_wording(path, archive, language="de")
    german = pm.load_instrument(path, language="de")
    assert stems_of(path, "de") == GERMAN
    assert german.response_scale.texts == ("No", "Perhaps", "Yes")


def test_a_language_that_is_not_whole_is_refused(tmp_path):
    short = json_rows({item: text for item, text in GERMAN.items() if item != "c-3"})
    file = tgz(tmp_path / "care.tgz", npm_files() | {"package/de.json": short})
    entry = npm_entry(file).replace(sha256(json_rows(GERMAN)), sha256(short))
    path = definition(tmp_path, packages=entry)
    refused(path, file, "package/de.json has no text for item 'c-3'", "Mend: Choose another language",
            language="de")  # fmt: skip
    pm.install_wording(path, file)


def test_rows_without_an_id_are_not_joined(tmp_path):
    """Which German text belongs to which English one, nothing says."""
    files = {f"package/{tag}.json": json.dumps(list(stems.values())).encode()
             for tag, stems in (("en", STEMS), ("de", GERMAN))}  # fmt: skip
    file = tgz(tmp_path / "care.tgz", files)
    entry = npm_entry(file)
    for tag, stems in (("en", STEMS), ("de", GERMAN)):
        entry = entry.replace(sha256(json_rows(stems)), sha256(files[f"package/{tag}.json"]))
    path = definition(tmp_path, packages=entry)
    refused(path, file, "package/de.json has no text for item 'c-1'", language="de")
    pm.install_wording(path, file)
    assert stems_of(path) == STEMS


def test_a_language_is_only_as_good_as_the_checked_one(tmp_path):
    """Translations are joined to English rows by id, so that the English ones have to be known."""
    other = json_rows(STEMS | {"c-2": "I like loose ends."})
    file = tgz(tmp_path / "care.tgz", npm_files() | {"package/en.json": other})
    entry = npm_entry(file).replace(sha256(json_rows(STEMS)), sha256(other))
    path = definition(tmp_path, packages=entry)
    refused(path, file, "1 of 4 items of care-4", "'I like loose ends.'", language="de")


def test_options_of_a_language():
    assert option_texts(CHOICES, 3) == ("Nein", "Viel'leicht", "Ja")
    turned = b'exports.plus = [{text: "b", score: 2}, {text: "a, b", score: 1}]; minus = [9]'
    assert option_texts(turned, 2) == ("a, b", "b")
    for content, n in ((CHOICES, 5), (CHOICES, 2), (b"", 3), (b"module.exports = {}", 3)):
        with pytest.raises(WordingError, match=rf"1 to {n} are needed[\s\S]*Mend: Report this"):
            option_texts(content, n)


def test_without_npm_a_package_of_pip_is_still_fetched(tmp_path, monkeypatch):
    content = json_rows(STEMS)
    file = whl(tmp_path / "index", {"care/items.json": content})
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(file.parent))
    monkeypatch.setenv("PATH", str(tmp_path))
    path = definition(tmp_path, packages=pip_entry(file, content))
    pm.install_wording(path)
    assert stems_of(path) == STEMS


def test_without_npm_there_is_the_way_of_a_file(tmp_path, archive, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    path = definition(tmp_path, packages=npm_entry(archive))
    refused(path, None, "care@1.0.0 is fetched by npm, which is not installed",
            ON.format("care@1.0.0", "npm"))  # fmt: skip
    pm.install_wording(path, archive)
    assert stems_of(path) == STEMS


def test_pip_that_fetches_another_wheel_is_noticed(tmp_path, monkeypatch):
    content = json_rows(STEMS)
    good = whl(tmp_path, {"care/items.json": content})
    whl(tmp_path / "index", {"care/items.json": content, "care/more.json": b"[]"})
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    path = definition(tmp_path, packages=pip_entry(good, content))
    refused(path, None, "is not care-wording==1.0", ANEW.format("care-wording==1.0"))


def test_a_package_that_would_have_to_be_built_is_not_fetched(tmp_path, monkeypatch):
    """Building it would run its code; only wheels are taken."""
    mark = tmp_path / "it-ran"
    setup = f"open({str(mark)!r}, 'w')\nfrom setuptools import setup\nsetup()\n".encode()
    (tmp_path / "index").mkdir()
    file = tgz(
        tmp_path / "index" / "care_wording-1.0.tar.gz",
        {"care_wording-1.0/setup.py": setup,
         "care_wording-1.0/PKG-INFO": b"Metadata-Version: 2.1\nName: care-wording\nVersion: 1.0\n"},
    )  # fmt: skip
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    path = definition(tmp_path, packages=pip_entry(file, json_rows(STEMS)))
    refused(path, None, "care-wording==1.0 could not be fetched: ERROR: No matching distribution",
            ON.format("care-wording==1.0", "pip"))  # fmt: skip
    assert not mark.exists()


@pytest.fixture
def closed():
    """A port of this machine at which nobody answers."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def test_an_index_out_of_reach(tmp_path, archive, monkeypatch, closed):
    content = json_rows(STEMS)
    file = whl(tmp_path, {"care/items.json": content})
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{closed}/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.delenv("PIP_NO_INDEX", raising=False)
    path = definition(tmp_path, packages=pip_entry(file, content))
    refused(path, None, "care-wording==1.0 could not be fetched: ERROR: No matching distribution",
            ON.format("care-wording==1.0", "pip"))  # fmt: skip
    pm.install_wording(path, file)


needs_npm = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")


@pytest.fixture
def npm(tmp_path, monkeypatch, closed):
    monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{closed}/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    return monkeypatch


@needs_npm
def test_a_registry_out_of_reach(tmp_path, archive, npm):
    path = definition(tmp_path, packages=npm_entry(archive))
    refused(path, None, "care@1.0.0 could not be fetched: npm ", "ECONNREFUSED",
            ON.format("care@1.0.0", "npm"))  # fmt: skip
    pm.install_wording(path, archive)


class Empty(http.server.BaseHTTPRequestHandler):
    """A registry that has no package."""

    def do_GET(self):
        body = json.dumps({"error": "not found"}).encode()
        self.send_response(404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@needs_npm
def test_a_registry_without_the_package(tmp_path, archive, npm):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Empty)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    npm.setenv("npm_config_registry", f"http://127.0.0.1:{server.server_port}/")
    path = definition(tmp_path, packages=npm_entry(archive))
    refused(path, None, "care@1.0.0 could not be fetched: npm ", "E404",
            ON.format("care@1.0.0", "npm"))  # fmt: skip
    server.shutdown()
    server.server_close()
