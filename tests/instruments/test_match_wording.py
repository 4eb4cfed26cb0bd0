"""Which text belongs to which item: by hash in any order, by label where that is allowed."""

import pytest
from definitions import SMALL
from hypothesis import given
from hypothesis import strategies as st
from wordings import STEMS, VARIANT, definition

from psychometrics.errors import WordingError
from psychometrics.instruments.match_wording import match_wording
from psychometrics.instruments.parse import parse_definition
from psychometrics.instruments.stem_hash import stem_hash
from psychometrics.instruments.text_rows import TextRow, read_text_rows

OWN = "I like loose ends."
CODES = {"c-1": "A1", "c-2": "A2", "c-3": "B1", "c-4": "B2"}


def read(path):
    return parse_definition(path.read_bytes(), path)


@pytest.fixture
def care(tmp_path):
    """Four items by hash, with codes."""
    path = definition(tmp_path)
    text = path.read_text(encoding="utf-8")
    for item, code in CODES.items():
        text = text.replace(f'id = "{item}"', f'id = "{item}"\ncode = "{code}"')
    path.write_text(text, encoding="utf-8")
    return read(path)


@pytest.fixture
def turned(tmp_path):
    """The same items, numbered in another order too."""
    return read(definition(tmp_path, turned=[4, 2, 3, 1]))


HALVES = {
    "s-1": ("stays calm", "is upset soon"),
    "s-2": ("hears all noises", "sleeps through storms"),
    "s-3": ("has steady hands, mostly", "trembles before a speech"),
    "s-4": ("trusts the weather", "reads the reports"),
}
PAIRS = {item: " | ".join(halves) for item, halves in HALVES.items()}


@pytest.fixture
def pairs(tmp_path):
    """Four pairs by hash."""
    text = SMALL.replace("origin =", 'form = "pair"\norigin =')
    for item, pair in PAIRS.items():
        start = text.index("stem = ", text.index(f'id = "{item}"'))
        end = text.index("\n", start)
        text = text[:start] + f'sha256 = "{stem_hash(pair)}"' + text[end:]
    path = tmp_path / "pairs.toml"
    path.write_text(text, encoding="utf-8")
    return read(path)


def rows(texts, labels=None):
    labels = labels or [""] * len(texts)
    return [
        TextRow(f"line {n}", (text,), label)
        for n, (text, label) in enumerate(zip(texts, labels, strict=True), start=1)
    ]


def with_own(*labels):
    """All four texts, the second of them unknown, each with its label."""
    return rows([STEMS["c-1"], OWN, STEMS["c-3"], STEMS["c-4"]], labels)


def refusal(instrument, rows, **more):
    with pytest.raises(WordingError) as caught:
        match_wording(instrument, rows, "mine.txt", **more)
    assert "mine.txt: " in caught.value.cause
    return str(caught.value)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    return read(definition(tmp_path_factory.mktemp("care")))


@given(st.permutations([*STEMS.values(), "A form about care", "Thank you."]))
def test_any_order_gives_the_items_in_theirs(plain, texts):
    found = match_wording(plain, rows(texts), "mine.txt")
    assert list(found.stems.items()) == list(STEMS.items())
    assert found.left_out == 2 and not found.modified and not found.variants


def test_the_text_is_kept_as_the_file_has_it(care):
    shouted = [text.upper() for text in STEMS.values()]
    assert list(match_wording(care, rows(shouted), "mine.txt").stems.values()) == shouted


def test_a_text_that_stands_twice_counts_once(care):
    texts = [*STEMS.values(), STEMS["c-1"].lower()]
    found = match_wording(care, rows(texts), "mine.txt")
    assert found.stems["c-1"] == STEMS["c-1"] and found.left_out == 0


def test_a_known_variant_is_named(care):
    texts = [VARIANT if item == "c-3" else text for item, text in STEMS.items()]
    found = match_wording(care, rows(texts), "mine.txt")
    assert found.variants == {"c-3": "american"} and found.stems["c-3"] == VARIANT
    assert found.modified == ()


def test_two_wordings_of_one_item_are_refused_with_their_places(care):
    told = refusal(care, rows([VARIANT, *STEMS.values()]))
    assert "item 'c-3' stands in two wordings: american (line 1) and published (line 4)" in told
    assert "Mend: Leave one of them." in told
    assert told == refusal(care, rows([VARIANT, *STEMS.values()]), allow_modified=True)


def test_one_row_may_show_several_wordings_of_its_item(care):
    file = [TextRow(f"row {n}", (text,)) for n, text in enumerate(STEMS.values(), start=1)]
    file[2] = TextRow("row 3", (STEMS["c-3"], VARIANT))
    assert match_wording(care, file, "mine.csv").variants == {}
    file[2] = TextRow("row 3", (VARIANT, STEMS["c-3"]))
    assert match_wording(care, file, "mine.csv").variants == {"c-3": "american"}


def test_one_row_may_hold_several_items(care):
    first, second, third, fourth = STEMS.values()
    file = [TextRow("entry 1", (first, second), key="k"), TextRow("entry 2", (third,), key="l"),
            TextRow("entry 3", (fourth,), key="m")]  # fmt: skip
    found = match_wording(care, file, "mine.json")
    assert found.stems == STEMS
    assert found.keys == {"c-1": "", "c-2": "", "c-3": "l", "c-4": "m"}


def test_missing_items_and_unknown_texts_are_named(care):
    told = refusal(care, rows([STEMS["c-1"], OWN, STEMS["c-3"]]))
    for part in ("2 of 4 items of care-4", "(c-2, c-4)", f"line 2: {OWN!r}", "--allow-modified"):
        assert part in told
    assert "No wording of this instrument" not in told
    assert "known wording: none." in refusal(care, rows([STEMS["c-1"]]))


def test_of_many_unknown_texts_eight_are_shown(care):
    told = refusal(care, rows([f"Verse {n} of a song." for n in range(1, 13)]))
    assert "line 8: 'Verse 8" in told and "line 9" not in told and "and 4 more" in told


LABELS = {
    "ids": ["c-1", "c-2", "c-3", "c-4"],
    "ids in capitals": ["C-1", "C-2", "C-3", "C-4"],
    "an id alone": ["", "c-2", "", ""],
    "codes": ["A1", "A2", "B1", "B2"],
    "codes in small letters": ["a1", "a2", "b1", "b2"],
    "numbers": ["1", "2", "3", "4"],
    "numbers with zeros": ["01", "02", "03", "04"],
    "a number alone": ["", "2", "", ""],
}


@pytest.mark.parametrize("case", LABELS)
def test_an_unknown_text_goes_where_its_label_says(care, case):
    file = with_own(*LABELS[case])
    assert "c-2" in refusal(care, file)
    found = match_wording(care, file, "mine.txt", allow_modified=True)
    assert found.stems == {**STEMS, "c-2": OWN}
    assert found.modified == ("c-2",) and found.left_out == 0


STRANGE = {
    "none": ["", "", "", ""],
    "of another item": ["c-1", "c-3", "c-3", "c-4"],
    "no label of theirs": ["c-1", "d-2", "c-3", "c-4"],
    "a number beyond the last": ["1", "5", "3", "4"],
    "numbers that the known items do not follow": ["2", "1", "3", "4"],
}


@pytest.mark.parametrize("case", STRANGE)
def test_without_a_label_of_its_own_an_unknown_text_is_refused(care, case):
    told = refusal(care, with_own(*STRANGE[case]), allow_modified=True)
    for part in ("1 of 4 items of care-4", "(c-2)", f"line 2: {OWN!r}",
                 "Mend: Give the published wording, or label each text with the id, code"):  # fmt: skip
        assert part in told


def test_two_unknown_texts_with_one_label_are_refused(care):
    file = [*with_own("c-1", "c-2", "c-3", "c-4"), TextRow("line 5", ("I love crumbs.",), "2")]
    told = refusal(
        care, [*file[:4], TextRow("line 5", ("I love crumbs.",), "A2")], allow_modified=True
    )
    assert "item 'c-2' has two unknown texts (line 5 is the second)" in told
    assert "Mend: Leave one of them." in told
    # By its number it is c-2 only if the known items have numbers as labels too.
    assert match_wording(care, file, "mine.txt", allow_modified=True).left_out == 1


def test_a_known_text_is_preferred_to_its_label(care):
    """Published texts under each other's labels are where their hashes put them."""
    file = rows(list(STEMS.values()), ["c-4", "c-3", "c-2", "c-1"])
    assert match_wording(care, file, "mine.txt", allow_modified=True).stems == STEMS


def test_a_known_text_is_not_replaced_by_an_unknown_one_of_its_label(care):
    file = [*with_own("c-1", "c-2", "c-3", "c-4"), TextRow("line 5", ("I love crumbs.",), "c-4")]
    found = match_wording(care, file, "mine.txt", allow_modified=True)
    assert found.stems == STEMS | {"c-2": OWN} and found.left_out == 1


def test_a_label_goes_before_the_text_whatever_the_known_lines_have(care, tmp_path):
    file = tmp_path / "mine.txt"
    file.write_text("\n".join((STEMS | {"c-2": f"c-2 {OWN}"}).values()), encoding="utf-8")
    found = match_wording(care, read_text_rows(file), "mine.txt", allow_modified=True)
    assert found.stems == STEMS | {"c-2": OWN}


def test_a_label_alone_is_no_text(care, tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("id,b\n" + "\n".join(f"{i},{s}" for i, s in STEMS.items()), encoding="utf-8")
    text = file.read_text(encoding="utf-8").replace(f"c-2,{STEMS['c-2']}", "c-2")
    file.write_text(text, encoding="utf-8")
    assert "(c-2)" in refusal(care, read_text_rows(file), allow_modified=True)


def test_numbers_that_fit_two_orders_are_refused(turned):
    file = rows([OWN, *list(STEMS.values())[1:]], ["1", "", "", ""])
    told = refusal(turned, file, allow_modified=True)
    for part in (
        "line 1",
        "may follow several orders (own, turned)",
        "Mend: Label the items by id",
    ):
        assert part in told


def test_numbers_are_those_of_the_order_that_the_known_items_follow(turned):
    texts = [OWN, *list(STEMS.values())[1:]]
    for labels in (["1", "2", "3", "4"], ["4", "2", "3", "1"]):
        file = rows(texts, labels)
        assert match_wording(turned, file, "m", allow_modified=True).modified == ("c-1",)
    swapped = rows(texts, ["4", "2", "3", "4"])
    assert "(c-1)" in refusal(turned, swapped, allow_modified=True)


def test_what_two_orders_number_alike_needs_no_more(turned):
    file = rows([STEMS["c-1"], OWN, STEMS["c-3"], STEMS["c-4"]], ["", "2", "", ""])
    assert match_wording(turned, file, "m", allow_modified=True).modified == ("c-2",)


def test_a_number_that_is_not_needed_needs_no_order(turned):
    file = rows([*STEMS.values(), "I am not at all like that."], ["", "", "", "", "1"])
    file[1] = TextRow("line 2", (OWN,), "c-2")
    found = match_wording(turned, file, "m", allow_modified=True)
    assert found.modified == ("c-2",) and found.left_out == 1


def test_an_id_needs_no_order(turned):
    file = rows([OWN, *list(STEMS.values())[1:]], ["c-1", "", "", ""])
    assert match_wording(turned, file, "m", allow_modified=True).modified == ("c-1",)


def test_every_form_without_hashes_is_told_to_have_none(tmp_path):
    path = definition(tmp_path)
    text = path.read_text(encoding="utf-8").replace("origin =", 'wording = "unknown"\norigin =')
    lines = [line for line in text.splitlines() if not line.startswith(("sha256", "variants"))]
    path.write_text("\n".join(lines), encoding="utf-8")
    unknown = read(path)
    file = rows(list(STEMS.values()), list(STEMS))
    told = refusal(unknown, file)
    assert "4 of 4 items" in told and "No wording of this instrument has been recorded" in told
    found = match_wording(unknown, file, "m", allow_modified=True)
    assert found.stems == STEMS and found.modified == tuple(STEMS)


def test_without_a_known_row_or_heading_the_longest_cell_is_the_statement(tmp_path):
    found = of_unknown_wording(tmp_path, definition(tmp_path), "care,{0},{1} and so on")
    assert found == {item: f"{text} and so on" for item, text in STEMS.items()}


def test_without_a_known_row_or_heading_the_first_two_cells_are_the_pair(tmp_path):
    path = definition(tmp_path)
    text = path.read_text(encoding="utf-8").replace("origin =", 'form = "pair"\norigin =')
    path.write_text(text, encoding="utf-8")
    found = of_unknown_wording(
        tmp_path, path, "{0},{1},listens,A note of many more words than any of the items here has"
    )
    assert found == {item: f"{text} | listens" for item, text in STEMS.items()}


def of_unknown_wording(folder, path, line):
    """Stems of an instrument without hashes, from a table with a heading of the labels alone."""
    text = path.read_text(encoding="utf-8").replace("origin =", 'wording = "unknown"\norigin =')
    lines = [at for at in text.splitlines() if not at.startswith(("sha256", "variants"))]
    path.write_text("\n".join(lines), encoding="utf-8")
    file = folder / "mine.csv"
    head = ",".join("id" if cell == "{0}" else "x" for cell in line.split(","))
    body = [line.format(item, stem) for item, stem in STEMS.items()]
    file.write_text("\n".join([head, *body]), encoding="utf-8")
    rows = read_text_rows(file)
    return match_wording(read(path), rows, "mine.csv", allow_modified=True).stems


# Which cell of a table is the stem, where only its label says whose it is.
CELLS = {
    "a heading says it": ("id,stem,note\n", "{id},{stem},A note that is longer than any stem here"),
    "the known items show it": ("id,b,c\n", "{id},{stem},A note that is longer than any stem here"),
    "the longest, not its label": ("id,b\n", "{id},{stem}"),
    "the note comes first": ("note,id,text\n", "A note that is longer than any stem,{id},{stem}"),
}


@pytest.mark.parametrize("case", CELLS)
def test_the_stem_of_an_unknown_row(care, tmp_path, case):
    head, line = CELLS[case]
    lines = [line.format(id=item, stem=text) for item, text in (STEMS | {"c-2": OWN}).items()]
    text = head + "\n".join(lines)
    file = tmp_path / "mine.csv"
    file.write_text(text, encoding="utf-8")
    found = match_wording(care, read_text_rows(file), "mine.csv", allow_modified=True)
    assert found.stems == STEMS | {"c-2": OWN}


PAIR_FILES = {
    "bars": ("txt", "\n".join(PAIRS.values())),
    "bare bars": ("txt", "\n".join(pair.replace(" | ", "|") for pair in PAIRS.values())),
    "tabs": ("txt", "\n".join("\t".join(halves) for halves in HALVES.values())),
    "numbers and tabs": (
        "txt", "\n".join(f"{n}\t" + "\t".join(h) for n, h in enumerate(HALVES.values(), 1)),
    ),
    "two columns": ("csv", "\n".join(f'"{left}","{right}"' for left, right in HALVES.values())),
    "columns among others": (
        "csv", "id;left;right;scale\n" + "\n".join(f"{i};{a};{b};calm" for i, (a, b) in HALVES.items()),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PAIR_FILES)
def test_pairs_are_found_and_divided_once(pairs, tmp_path, case):
    ending, text = PAIR_FILES[case]
    file = tmp_path / f"mine.{ending}"
    file.write_text(text, encoding="utf-8")
    assert match_wording(pairs, read_text_rows(file), "mine").stems == PAIRS


def test_a_pair_that_is_not_divided_is_refused(pairs):
    """Its letters are those of the pair, but nothing says where the second description begins."""
    texts = list(PAIRS.values())
    texts[2] = texts[2].replace(" | ", ", ")
    told = refusal(pairs, rows(texts))
    for part in ("1 of 4 items", "(s-3)", f"line 3: {texts[2]!r}", "two columns or with | between"):
        assert part in told
    texts[2] = "has steady hands | mostly | trembles before a speech"
    assert "(s-3)" in refusal(pairs, rows(texts))


def test_a_statement_that_is_divided_is_refused(care):
    texts = [STEMS["c-1"].replace(" in ", " | in "), *list(STEMS.values())[1:]]
    told = refusal(care, rows(texts))
    assert "(c-1)" in told and f"line 1: {texts[0]!r}" in told and "two columns" not in told


def test_an_unknown_pair_goes_where_its_label_says(pairs, tmp_path):
    halves = HALVES | {"s-2": ("likes all noises of a town", "likes none")}
    file = tmp_path / "mine.csv"
    lines = [f'{item},"{left}","{right}",E' for item, (left, right) in halves.items()]
    file.write_text("id,left,right,scale\n" + "\n".join(lines), encoding="utf-8")
    found = match_wording(pairs, read_text_rows(file), "mine", allow_modified=True)
    assert found.stems["s-2"] == "likes all noises of a town | likes none"
    assert found.modified == ("s-2",)
