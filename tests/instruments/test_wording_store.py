"""Wordings in the data folder, and runs whose wording is, or is no longer, installed."""

import hashlib
import json
import shutil

import pytest
from wordings import GERMAN, STEMS, VARIANT, definition, npm_entry, npm_files, tgz

import psychometrics as pm
from psychometrics.errors import StorageError, WordingError
from psychometrics.instruments.wording_store import data_folder, wording_path

AGAIN = "Mend: Install it again. Run `psychometrics inventories install care-4"
OWN = STEMS | {"c-2": "I like loose ends."}
THETAS = (1.2, 1.9, 2.5, 2.8)


@pytest.fixture(autouse=True)
def _data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def care(tmp_path):
    """The path of a definition with a package of two languages, and that package."""
    archive = tgz(tmp_path / "care-1.0.0.tgz", npm_files())
    return definition(tmp_path, packages=npm_entry(archive)), archive


def install(path, stems=STEMS, **more):
    file = path.parent / "mine.json"
    file.write_text(json.dumps(stems), encoding="utf-8")
    return pm.install_wording(path, file, **more)


def stems_of(instrument):
    return {item.id: item.stem for item in instrument.items}


def administer(instrument, out=None):
    people = pm.respondents([pm.scripted_model(t, name=str(t), noise=0.4, seed=5) for t in THETAS])
    return pm.administer(instrument, people, out=out, quiet=True)


def test_the_wording_is_kept_under_the_users_data_folder(tmp_path, care):
    path, _ = care
    found = install(path)
    assert data_folder() == tmp_path / "data" / "psychometrics" / "wordings"
    assert found.path == wording_path("care-4", "en") == data_folder() / "care-4.en.json"
    assert [file.name for file in data_folder().iterdir()] == ["care-4.en.json"]
    stored = json.loads(found.path.read_text(encoding="utf-8"))["wording"]
    assert stored["source"].startswith("mine.json (SHA-256 ") and stored["modified"] == []
    assert {item: text["stem"] for item, text in stored["texts"].items()} == STEMS


def test_what_is_installed_is_what_is_read(care):
    path, _ = care
    found = install(path, OWN | {"c-3": VARIANT}, allow_modified=True)
    assert pm.load_instrument(path).wording == found.wording
    assert found.wording.modified == ("c-2",) and found.wording.variants == {"c-3": "american"}
    assert repr(found).startswith("<WordingInstall care-4: 4 items in en, 1 of unknown wording, ")


def test_a_wording_that_is_known_says_nothing_of_unknown_ones(care):
    path, _ = care
    found = install(path)
    assert repr(found) == f"<WordingInstall care-4: 4 items in en, from {found.wording.source}>"


def test_a_definition_with_its_texts_needs_no_stored_wording(care):
    path, _ = care
    install(path, OWN, allow_modified=True)
    text = path.read_text(encoding="utf-8")
    for item, stem in STEMS.items():
        text = text.replace(f'id = "{item}"', f'id = "{item}"\nstem = "{stem}"')
    path.write_text(text, encoding="utf-8")
    for language in (None, "en"):
        found = pm.load_instrument(path, language=language)
        assert stems_of(found) == STEMS and found.wording is None
    with pytest.raises(WordingError, match="care-4 brings its own wording"):
        install(path)


def test_an_instrument_with_its_texts_has_no_other_language(big_five):
    with pytest.raises(WordingError) as caught:
        pm.load_instrument("big-five-60", language="de")
    assert "The wording of big-five-60 in 'de' is not installed.\n" in str(caught.value)


def test_a_second_wording_takes_the_place_of_the_first(care):
    path, archive = care
    install(path, OWN, allow_modified=True)
    assert pm.load_instrument(path).label == "care-4 1.0 (1 item of unknown wording)"
    pm.install_wording(path, archive)
    assert pm.load_instrument(path).label == "care-4 1.0"
    assert stems_of(pm.load_instrument(path)) == STEMS


def test_a_refused_wording_leaves_the_one_that_is_there(care):
    path, _ = care
    before = install(path).path.read_bytes()
    with pytest.raises(WordingError, match="1 of 4 items"):
        install(path, OWN)
    assert wording_path("care-4", "en").read_bytes() == before


def test_languages_stand_side_by_side(care):
    path, archive = care
    install(path)
    pm.install_wording(path, archive, language="de")
    assert stems_of(pm.load_instrument(path)) == stems_of(pm.load_instrument(path, language="en"))
    assert stems_of(pm.load_instrument(path, language="de")) == GERMAN
    wording_path("care-4", "en").unlink()
    assert not pm.load_instrument(path).has_wording
    assert pm.load_instrument(path, language="de").has_wording


def test_the_names_of_files_are_those_of_instruments(care):
    path, _ = care
    install(path)
    other = definition(path.parent, name="care-5")
    assert pm.load_instrument(path).has_wording and not pm.load_instrument(other).has_wording


def rewritten(text, change, version=1):
    """The stored text with another content and the hash of that."""
    content = json.dumps(change(json.loads(text)["wording"]))
    digest = hashlib.sha256(content.encode()).hexdigest()
    return f'{{"format": {version}, "sha256": "{digest}", "wording":\n{content}\n}}\n'


ALTERED = {
    "a text": (lambda text: text.replace("Loose ends", "Tied ends"), "was altered after"),
    "a hash of an item": (lambda text: text.replace('"c-2": "', '"c-2": "0'), "was altered after"),
    "the hash of the whole": (lambda text: text.replace('"sha256": "', '"sha256": "0'), "was altered"),
    "a space": (lambda text: text.replace('"modified": []', '"modified":  []'), "was altered after"),
    "the end": (lambda text: text[:-20], "cannot be read as a stored wording"),
    "all of it": (lambda text: "", "cannot be read as a stored wording"),
    "a list": (lambda text: "[1, 2]", "cannot be read as a stored wording"),
    "one line": (lambda text: json.dumps(json.loads(text)), "cannot be read as a stored wording"),
    "no end": (lambda text: "[" * 100_000, "cannot be read as a stored wording"),
    "no hash": (lambda text: text.replace('"sha256"', '"sha1"'), "stored wording: 'sha256'"),
    "a later format": (
        lambda text: rewritten(text, lambda w: {"items": w["texts"]}, 2), "has format 2; this version",
    ),
    "an item less": (
        lambda text: rewritten(text, lambda w: w | {"texts": {i: t for i, t in w["texts"].items() if i != "c-3"}}),
        "lacks item 'c-3': it was installed for another version of care-4",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ALTERED)
def test_a_stored_file_that_is_not_as_it_was_written(care, case):
    path, _ = care
    file = install(path).path
    change, told = ALTERED[case]
    text = file.read_text(encoding="utf-8")
    assert change(text) != text
    file.write_text(change(text), encoding="utf-8")
    with pytest.raises(WordingError) as caught:
        pm.load_instrument(path)
    for part in (str(file), told, AGAIN):
        assert part in str(caught.value)
    install(path)
    assert stems_of(pm.load_instrument(path)) == STEMS


def test_a_stored_file_that_is_no_text(care):
    path, _ = care
    file = install(path).path
    file.write_bytes(file.read_bytes().replace(b"Loose", b"L\xe9ose"))
    with pytest.raises(WordingError, match="cannot be read as a stored wording"):
        pm.load_instrument(path)


def test_a_definition_that_has_another_item_since(care):
    path, _ = care
    install(path)
    text = path.read_text(encoding="utf-8")
    more = (
        '[[items]]\nid = "c-5"\nscale = "care"\nkey = 1\nsha256 = "'
        + "5" * 64
        + '"\n\n[[packages]]'
    )
    path.write_text(text.replace("[[packages]]", more), encoding="utf-8")
    with pytest.raises(WordingError, match=r"lacks item 'c-5'[\s\S]*Mend: Install it again"):
        pm.load_instrument(path)


def test_a_definition_that_has_another_option_since(care):
    path, archive = care
    pm.install_wording(path, archive, language="de")
    text = path.read_text(encoding="utf-8")
    option = '{ value = 2, text = "Perhaps" },'
    assert option in text
    path.write_text(text.replace(option, option + ' { value = 2.5, text = "Rather" },'), "utf-8")
    assert len(pm.load_instrument(path).response_scale) == 4
    with pytest.raises(
        WordingError, match=r"has texts for 3 options, not 4[\s\S]*Install it again"
    ):
        pm.load_instrument(path, language="de")


def test_folders_that_refuse(tmp_path, care):
    path, _ = care
    wording_path("care-4", "en").mkdir(parents=True)
    with pytest.raises(
        StorageError, match=r"care-4.en.json cannot be written: Is a directory[\s\S]*Mend"
    ):
        install(path)
    shutil.rmtree(tmp_path / "data")
    (tmp_path / "data").write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match=r"cannot be written: [\s\S]*Mend: Make room there"):
        install(path)


def test_without_its_wording_an_instrument_scores_but_is_not_administered(care):
    path, _ = care
    bare = pm.load_instrument(path)
    assert "wording not installed" in repr(bare) and bare.to_frame()["stem"].isna().all()
    with pytest.raises(WordingError) as caught:
        administer(bare)
    for part in (
        "The wording of care-4 is not installed (4 of 4 items, c-1 first)",
        "Run `psychometrics inventories install care-4` (from care@1.0.0)",
        "or `psychometrics inventories install care-4 --from FILE` with a file of your own",
        "The author offers the form nowhere.",
    ):
        assert part in str(caught.value)


def test_without_a_package_or_an_offer_only_a_file_is_asked_for(tmp_path):
    path = definition(tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(at for at in lines if not at.startswith("offered")), encoding="utf-8")
    with pytest.raises(WordingError) as caught:
        administer(pm.load_instrument(path))
    command = "psychometrics inventories install care-4"
    assert caught.value.mend == f"Run `{command} --from FILE` with a file of your own."
    with pytest.raises(WordingError) as caught:
        pm.install_wording(path)
    assert caught.value.mend == "Give a file of yours: --from FILE."


def test_a_run_records_where_its_wording_comes_from(care):
    path, archive = care
    pm.install_wording(path, archive)
    instrument = pm.load_instrument(path)
    record = administer(instrument).manifest["instrument"]["wording"]
    assert record["source"].startswith("care@1.0.0 (SHA-256 ") and record["language"] == "en"
    assert record["items"] == {item.id: item.hashes["published"] for item in instrument.items}
    assert record["unknown"] == [] and record["variants"] == {}
    install(path, OWN | {"c-3": VARIANT}, allow_modified=True)
    record = administer(pm.load_instrument(path)).manifest["instrument"]["wording"]
    assert record["unknown"] == ["c-2"] and record["variants"] == {"c-3": "american"}


def test_every_result_says_how_many_items_are_of_unknown_wording(tmp_path, care):
    path, _ = care
    install(path, OWN | {"c-4": "I eat crumbs."}, allow_modified=True)
    instrument = pm.load_instrument(path)
    told = "care-4 1.0 (2 items of unknown wording)"
    assert instrument.label == told and repr(instrument).startswith(f"<Instrument {told}: ")
    run = administer(instrument, tmp_path / "run")
    assert pm.alpha(run.responses).source.instrument == told
    shutil.rmtree(tmp_path / "data")
    again = pm.read_responses(tmp_path / "run")
    assert again.instrument.label == told
    assert pm.alpha(again).source.instrument == told
    assert pm.alpha(again).value == pm.alpha(run.responses).value


def gone(path, archive):
    shutil.rmtree(data_folder())


def altered(path, archive):
    file = wording_path("care-4", "en")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("my tools", "my pans"), encoding="utf-8")
    with pytest.raises(WordingError, match="was altered"):
        pm.load_instrument(path)


def another(path, archive):
    install(path, STEMS | {"c-3": VARIANT})


def published(path, archive):
    pm.install_wording(path, archive)


SINCE = {"gone": gone, "altered": altered, "another": another, "published": published}


@pytest.mark.parametrize("case", SINCE)
def test_a_run_is_read_without_stems_where_they_are_others_now(tmp_path, care, case):
    path, archive = care
    install(path, OWN, allow_modified=True)
    run = administer(pm.load_instrument(path), tmp_path / "run")
    SINCE[case](path, archive)
    again = pm.read_responses(tmp_path / "run")
    assert again.instrument.label == run.responses.instrument.label
    assert [item.stem for item in again.instrument.items] == [None] * 4
    assert again.instrument.wording.source == run.responses.instrument.wording.source
    assert again.score().frame.equals(run.responses.score().frame)
    with pytest.raises(WordingError, match="4 of 4 items"):
        administer(again.instrument)


def test_a_run_is_read_with_its_stems_where_they_still_are(tmp_path, care):
    path, archive = care
    install(path, OWN, allow_modified=True)
    administer(pm.load_instrument(path), tmp_path / "run")
    assert stems_of(pm.read_responses(tmp_path / "run").instrument) == OWN
    published(path, archive)
    install(path, OWN, allow_modified=True)
    assert stems_of(pm.read_responses(tmp_path / "run").instrument) == OWN


def test_a_run_without_a_record_of_its_wording_is_read_without_it(tmp_path, care):
    path, _ = care
    install(path)
    run = administer(pm.load_instrument(path), tmp_path / "run")
    file = tmp_path / "run" / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    del manifest["instrument"]["wording"]
    file.write_text(json.dumps(manifest), encoding="utf-8")
    again = pm.read_responses(tmp_path / "run")
    assert [item.stem for item in again.instrument.items] == [None] * 4
    assert again.score().frame.equals(run.responses.score().frame)


def test_a_run_in_another_language_is_read_in_it(tmp_path, care):
    path, archive = care
    pm.install_wording(path, archive, language="de")
    administer(pm.load_instrument(path, language="de"), tmp_path / "run")
    again = pm.read_responses(tmp_path / "run").instrument
    assert stems_of(again) == GERMAN and again.language == "de"
    assert again.response_scale.texts == ("Nein", "Viel'leicht", "Ja")
    shutil.rmtree(data_folder())
    again = pm.read_responses(tmp_path / "run").instrument
    assert again.language == "de" and [item.stem for item in again.items] == [None] * 4


def test_a_run_whose_definition_brings_its_texts_needs_no_record(tmp_path, small):
    run = administer(small, tmp_path / "run")
    assert run.manifest["instrument"]["wording"]["source"] == "definition"
    again = pm.read_responses(tmp_path / "run").instrument
    assert again.has_wording and again.wording is None
