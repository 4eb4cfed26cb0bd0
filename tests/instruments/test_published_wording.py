"""Published wordings, where they are at hand: every item of every form is known by its hash."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

import psychometrics as pm
from psychometrics.errors import WordingError
from psychometrics.instruments.stem_hash import normalise_stem, stem_hash

ROUTES = {
    "bfi-44": ("bfi44/items.txt", {}),
    "ipip-neo-300": ("ipip_neo/IPIP-NEO-ItemKey.csv", {}),
    "ipip-neo-120": ("ipip_neo/johnson120_en.json", {"neo120-058": "package"}),
    "ipip-neo-60": ("ipip_neo/IPIP-NEO-ItemKey.csv", {}),
    "ipip-50": ("ipip50/codebook.txt", "first_person"),
    "ipip-hexaco-240": ("hexaco_ipip/codebook.txt", "first_person"),
    "sd3": ("sd3/codebook.txt", {"sd3-m7": "poster_2011"}),
    "oejts": ("oejts/oejts_questions.json", {}),
}


@pytest.fixture(autouse=True)
def _data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.mark.parametrize("name", ROUTES)
def test_every_item_is_found_by_its_hash(shared, name):
    file, variants = ROUTES[name]
    found = pm.install_wording(name, shared / "inventories" / file)
    instrument = pm.load_instrument(name)
    assert instrument.has_wording and not found.wording.modified
    assert all(found.wording.hashes[item.id] in item.hashes.values() for item in instrument.items)
    if isinstance(variants, dict):
        assert found.wording.variants == variants
    else:
        assert set(found.wording.variants.values()) == {variants}


def test_reworded_items_are_refused(shared):
    """One published file puts the 120 items into the second person: 38 are no known wording."""
    with pytest.raises(WordingError, match="38 of 120 items of ipip-neo-120"):
        pm.install_wording("ipip-neo-120", shared / "inventories" / "ipip_neo" / "mpi_120.csv")


def test_a_form_without_recorded_hashes_needs_labels_and_permission(tmp_path):
    lines = {f"tipi-{n:02d}": f"Made-up pair number {n}, so called." for n in range(1, 11)}
    file = tmp_path / "tipi.json"
    file.write_text(json.dumps(lines), encoding="utf-8")
    with pytest.raises(WordingError, match="No wording of this instrument has been recorded"):
        pm.install_wording("tipi", file)
    pm.install_wording("tipi", file, allow_modified=True)
    instrument = pm.load_instrument("tipi")
    assert instrument.label == "tipi 1.0 (10 items of unknown wording)"
    assert [item.stem for item in instrument.items] == list(lines.values())


def test_hashes_follow_the_recorded_normalisation(shared):
    facts = json.loads((shared / "inventories" / "keys" / "bfi_44.json").read_text())
    stems = (shared / "inventories" / "bfi44" / "items.txt").read_text().splitlines()
    assert [stem_hash(s) for s in stems] == [item["sha256"] for item in facts["items"]]


# Letters that stay within the range of the recorded normalisation when they are made lower case.
LATIN = [
    chr(n)
    for n in range(32, 0x250)
    if max(unicodedata.normalize("NFKC", chr(n)).lower()) <= "\u024f"
]


@given(st.text(alphabet=st.sampled_from(LATIN)), st.sampled_from(" .,!–\n\t“"))
def test_case_and_marks_around_a_text_do_not_change_it(text, mark):
    assert normalise_stem(f"{mark}{text}{mark}") == normalise_stem(text)
    assert normalise_stem(normalise_stem(text)) == normalise_stem(text)


def test_apostrophes_are_deleted_and_other_scripts_kept():
    assert len({normalise_stem(f"I{mark}m calm") for mark in "'‘’ʼ`´\ufffd"}) == 1
    assert normalise_stem("杞人忧天 ") == "杞人忧天" != normalise_stem("平易近人")
