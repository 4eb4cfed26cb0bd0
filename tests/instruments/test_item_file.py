"""Items from a data set: every kind of file, every fault, and items that stay what they were."""

import json

import pytest

import psychometrics as pm
from psychometrics.errors import WordingError
from psychometrics.instruments.item_file import read_item_file
from psychometrics.instruments.wording_store import wording_path

PER_SCALE = 3
AS_PUBLISHED = "Mend: Give the data set as it was published."


@pytest.fixture(autouse=True)
def _data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def trait(tmp_path):
    """The definition, with three items a scale."""
    text = pm.load_instrument("trait").path.read_text(encoding="utf-8")
    assert "items_per_scale = 1000" in text
    path = tmp_path / "trait.toml"
    path.write_text(text.replace("= 1000", f"= {PER_SCALE}"), encoding="utf-8")
    return path


def title(number, scale):
    return f"Case {number} of {scale}."


@pytest.fixture
def rows(trait):
    """Items of our own with the fields of the data set, numbered from 0 across the scales."""
    return [
        {
            "idx": PER_SCALE * at + n, "split": scale.title, "personality": scale.title,
            "statement": "not used", "situation": title(n + 1, scale.title),
            "query": f"What now, case {n + 1}?",
            "response_high1": "I go up.", "response_high2": "I climb.",
            "response_low1": "I go down.", "response_low2": "I sink.",
        }
        for at, scale in enumerate(pm.load_instrument(trait).scales)
        for n in range(PER_SCALE)
    ]  # fmt: skip


def by_split(rows):
    found = {}
    for row in rows:
        found.setdefault(row["split"], []).append(row)
    return found


def as_list(rows, folder):
    path = folder / "all.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def as_list_with_mark(rows, folder):
    path = folder / "all.json"
    path.write_text(json.dumps(rows, indent=2), encoding="utf-8-sig")
    return path


def as_splits(rows, folder):
    path = folder / "all.json"
    path.write_text(json.dumps(by_split(rows)), encoding="utf-8")
    return path


def as_lines(rows, folder):
    path = folder / "all.jsonl"
    path.write_text("\n\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    return path


def as_parquet(rows, folder):
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = folder / "all.parquet"
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def stream(rows, path):
    import pyarrow as pa

    table = pa.Table.from_pylist(rows)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)


def as_arrow(rows, folder):
    stream(rows, folder / "all.arrow")
    return folder / "all.arrow"


def as_saved_data_set(rows, folder):
    """A folder for every split, with files beside the data that hold no items."""
    whole = folder / "saved"
    whole.mkdir()
    (whole / "dataset_dict.json").write_text('{"splits": []}', encoding="utf-8")
    for split, part in by_split(rows).items():
        (whole / split).mkdir()
        stream(part, whole / split / "data-00000-of-00001.arrow")
        for name in ("dataset_info.json", "state.json"):
            (whole / split / name).write_text('{"builder_name": "json"}', encoding="utf-8")
        (whole / split / "README.md").write_text("Items.", encoding="utf-8")
    return whole


def as_mixed_folder(rows, folder):
    whole = folder / "mixed"
    whole.mkdir()
    as_parquet(rows[:5], whole)
    as_lines(rows[5:9], whole)
    as_list(rows[9:], whole)
    return whole


LAYOUTS = {
    "list": as_list, "list with a byte order mark": as_list_with_mark, "by split": as_splits,
    "lines": as_lines, "parquet": as_parquet, "arrow": as_arrow,
    "saved data set": as_saved_data_set, "mixed folder": as_mixed_folder,
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_items_are_the_same_from_any_file_in_any_order(tmp_path, trait, rows, rng, layout):
    shuffled = [rows[n] for n in rng.permutation(len(rows))]
    assert shuffled != rows
    found = pm.install_wording(trait, LAYOUTS[layout](shuffled, tmp_path))
    assert found.left_out == 0 and found.wording.modified == ()
    instrument = pm.load_instrument(trait)
    for scale in instrument.scales:
        own = [item for item in instrument.items if item.scale == scale.name]
        assert [item.id for item in own] == [f"{scale.name}-{n:04d}" for n in (1, 2, 3)]
        assert [item.stem for item in own] == [title(n, scale.title) for n in (1, 2, 3)]
        assert [item.question for item in own] == [f"What now, case {n}?" for n in (1, 2, 3)]
        for item in own:
            assert item.options == ("I go down.", "I sink.", "I go up.", "I climb.")
            assert item.source == found.wording.source


def test_a_scale_goes_by_its_name_or_its_title(tmp_path, trait, rows):
    for row in rows:
        row["personality"] = f" {row['personality'].upper()} "
    pm.install_wording(trait, as_list(rows, tmp_path))
    assert pm.load_instrument(trait).items[0].stem == "Case 1 of Openness."


def test_numbers_may_be_written_as_texts(tmp_path, trait, rows):
    for row in rows:
        row["idx"] = str(row["idx"] + 8)  # from 8 to 31: as texts they have another order
    pm.install_wording(trait, as_list(rows[::-1], tmp_path))
    stems = [item.stem for item in pm.load_instrument(trait).items[:3]]
    assert stems == [title(n, "Openness") for n in (1, 2, 3)]


def change(field, value, at=4):
    def changed(rows):
        rows[at][field] = value
        return rows

    return changed


def without(field, at=4):
    def changed(rows):
        del rows[at][field]
        return rows

    return changed


FAULTS = {
    "an item less": (lambda rows: rows[1:], ["scale 'openness' has 2 items; 3 are needed"]),
    "an item more": (lambda rows: [*rows, rows[-1]], ["scale 'psychopathy' has 4 items; 3 are needed"]),
    "an item of another scale": (change("personality", "Openness"), ["scale 'openness' has 4 items"]),
    "no items": (lambda rows: [], ["scale 'openness' has 0 items"]),
    "a scale less": (lambda rows: rows[3:], ["scale 'openness' has 0 items"]),
    "no situation": (without("situation"), ["row 5: field 'situation' is missing or empty"]),
    "no scale": (without("personality"), ["row 5: field 'personality' is missing or empty"]),
    "an empty question": (change("query", ""), ["row 5: field 'query' is missing or empty"]),
    "an option of spaces": (change("response_low2", " \n"), ["row 5: field 'response_low2' is missing"]),
    "an option that is null": (change("response_high1", None), ["row 5: field 'response_high1'"]),
    "a number for a text": (change("situation", 7, at=0), ["row 1: field 'situation' is missing"]),
    "an unknown scale": (
        change("personality", "Luck"), ["row 5: field 'personality' = 'Luck' names no scale of trait"],
    ),
    "a low option twice": (change("response_low2", "I go down."), ["row 5: an option stands twice"]),
    "high and low the same": (change("response_high1", "I sink."), ["row 5: an option stands twice"]),
    "no number": (without("idx"), ["scale 'conscientiousness' has an item of number None"]),
    "a number that is none": (change("idx", "five"), ["'conscientiousness' has an item of number 'five'"]),
    "a number twice": (change("idx", 5), ["scale 'conscientiousness' has the number 5 twice"]),
    "an item twice": (
        lambda rows: [rows[0] | {"idx": 1}, rows[0], *rows[2:]], ["scale 'openness' has an item twice"],
    ),
    "a text for an item": (lambda rows: [*rows[:2], "Case 3", *rows[3:]], ["row 3 is no object"]),
    "a list for an item": (lambda rows: [[], *rows[1:]], ["row 1 is no object"]),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_a_faulty_row_is_named_with_its_file_and_field(tmp_path, trait, rows, case):
    changed, named = FAULTS[case]
    file = as_list(changed(rows), tmp_path)
    with pytest.raises(WordingError) as caught:
        pm.install_wording(trait, file)
    for part in (str(file), AS_PUBLISHED, *named):
        assert part in str(caught.value)
    assert not pm.load_instrument(trait).has_wording


def test_a_fault_in_a_folder_is_named_with_its_own_file(tmp_path, trait, rows):
    folder = as_mixed_folder(change("query", " ", at=6)(rows), tmp_path)
    with pytest.raises(WordingError) as caught:
        pm.install_wording(trait, folder)
    assert f"{folder / 'all.jsonl'}: row 2: field 'query'" in str(caught.value)


UNREADABLE = {
    "half of JSON": ("all.json", b'[{"idx": 1}', "cannot be read: Expecting ',' delimiter"),
    "nothing": ("all.json", b"", "cannot be read: Expecting value"),
    "JSON without an end": ("all.json", b"[" * 100_000, "cannot be read: maximum recursion depth"),
    "one item alone": ("all.json", b'{"idx": 1}', "neither a list of items nor an object of lists"),
    "a number": ("all.json", b"12", "neither a list of items nor an object of lists"),
    "a broken line": ("all.jsonl", b'{"idx": 1}\n{"idx"', "cannot be read: Expecting ':' delimiter"),
    "no UTF-8": ("all.json", b'["\xe9"]', "cannot be read: 'utf-8' codec can't decode"),
    "no parquet": ("all.parquet", b"PAR1", "cannot be read: "),
    "no arrow": ("all.arrow", b"ARROW1\0\0", "cannot be read: "),
    "empty arrow": ("all.arrow", b"", "cannot be read: "),
}  # fmt: skip


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read(tmp_path, trait, case):
    name, content, told = UNREADABLE[case]
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(WordingError) as caught:
        pm.install_wording(trait, file)
    for part in (str(file), told, AS_PUBLISHED):
        assert part in str(caught.value)


def test_what_is_no_data(tmp_path, trait, rows):
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "README.md").write_text("Items.", encoding="utf-8")
    (tmp_path / "all.csv").write_text("idx,query", encoding="utf-8")
    for name in ("empty", "all.csv", "none.json", "none"):
        with pytest.raises(WordingError) as caught:
            pm.install_wording(trait, tmp_path / name)
        told = (
            f"There is no data in {tmp_path / name}.\nMend: Give a file or folder of .json, .jsonl"
        )
        assert told in str(caught.value)


def test_the_items_come_from_a_file_and_in_one_language(tmp_path, trait, rows):
    with pytest.raises(
        WordingError, match=r"trait has no package[\s\S]*Mend: Give it: --from FILE"
    ):
        pm.install_wording(trait)
    file = as_list(rows, tmp_path)
    with pytest.raises(
        WordingError, match=r"trait is known in its en wording[\s\S]*'de'[\s\S]*Mend"
    ):
        pm.install_wording(trait, file, language="de")
    assert not pm.load_instrument(trait).has_wording


def test_the_same_items_may_be_installed_again_from_another_file(tmp_path, trait, rows):
    pm.install_wording(trait, as_list(rows, tmp_path))
    found = pm.install_wording(trait, as_parquet(rows[::-1], tmp_path))
    assert found.wording.source.startswith("all.parquet (SHA-256 ")
    assert pm.load_instrument(trait).wording == found.wording


CHANGES = {
    "situation": "Another case.",
    "query": "What then?",
    "response_high2": "I fly.",
    "response_low1": "I fall.",
}


@pytest.mark.parametrize("field", CHANGES)
def test_items_do_not_change_after_the_first_load(tmp_path, trait, rows, field):
    first = pm.install_wording(trait, as_list(rows, tmp_path))
    file = as_list(change(field, CHANGES[field])(rows), tmp_path)
    with pytest.raises(WordingError) as caught:
        pm.install_wording(trait, file)
    kept = wording_path("trait", "en")
    for part in (str(file), "other texts for 1 items (conscientiousness-0002 first)",
                 f"Mend: Use the first copy. If you mean to change the items, remove {kept}."):  # fmt: skip
        assert part in str(caught.value)
    assert pm.load_instrument(trait).wording == first.wording
    kept.unlink()
    again = pm.install_wording(trait, file)
    assert CHANGES[field] in pm.load_instrument(trait).items[4].text
    changed = {i for i, digest in again.wording.hashes.items() if digest != first.wording.hashes[i]}
    assert changed == {"conscientiousness-0002"}


def test_swapped_options_are_another_text(tmp_path, trait, rows):
    pm.install_wording(trait, as_list(rows, tmp_path))
    rows[0]["response_low1"], rows[0]["response_high1"] = "I go up.", "I go down."
    with pytest.raises(WordingError, match=r"other texts for 1 items \(openness-0001"):
        pm.install_wording(trait, as_list(rows, tmp_path))


@pytest.mark.parametrize(("order", "n"), [("all", 24), ("paired", 2)])
def test_every_order_of_the_options_is_administered_and_scored_as_a_share(
    tmp_path, trait, rows, order, n
):
    pm.install_wording(trait, as_list(rows, tmp_path))
    instrument = pm.load_instrument(trait)
    people = pm.respondents(
        pm.scripted_model({s.name: at / 8 for at, s in enumerate(instrument.scales)})
    )
    design = pm.design(option_order=order, wording="trait_1")
    run = pm.administer(instrument, people, design, quiet=True)
    assert len(run.responses) == 8 * PER_SCALE * n
    scores = run.responses.score().to_frame("mean", "expected").set_index("scale")["score"]
    for at, scale in enumerate(instrument.scales):
        assert scores[scale.name] == pytest.approx(100 * at / 8, abs=0.1)
    assert run.manifest["instrument"]["wording"]["items"].keys() == {i.id for i in instrument.items}


def test_options_are_shown_as_they_stand_in_the_file(tmp_path, trait, rows):
    pm.install_wording(trait, as_list(rows, tmp_path))
    people = pm.respondents(pm.scripted_model(0.5))
    text = pm.preview(pm.load_instrument(trait), people, pm.design(wording="trait_1")).text
    for part in (
        "Case 1 of Openness.",
        "What now, case 1?",
        "I go down.",
        "I sink.",
        "I go up.",
        "I climb.",
    ):
        assert part in text
    assert "not used" not in text and "low 1" not in text


def test_read_item_file_keeps_the_order_of_the_definition(tmp_path, trait, rows):
    instrument = pm.load_instrument(trait)
    texts = read_item_file(instrument, as_list(rows[::-1], tmp_path))
    assert list(texts) == [item.id for item in instrument.items]
