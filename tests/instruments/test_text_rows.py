"""Rows of a wording file: every layout gives texts and labels, every broken file an error."""

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from psychometrics.errors import WordingError
from psychometrics.instruments.text_rows import read_text_rows, rows_of_json


def rows_of(folder, name, content):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_text_rows(path)


# A line, its label, and a text that must be among the candidates.
LINES = {
    "bare": ("I sing.", "", "I sing."),
    "number and stop": ("1. I sing.", "1", "I sing."),
    "number and bracket": ("12) I sing.", "12", "I sing."),
    "number in brackets": ("(3) I sing.", "3", "I sing."),
    "number and colon": ("4: I sing.", "4", "I sing."),
    "number and space": ("5 I sing.", "5", "I sing."),
    "leading zeros": ("007 I sing.", "007", "I sing."),
    "indented": ("   8.   I sing.  ", "8", "I sing."),
    "code": ("c-2 I sing.", "c-2", "I sing."),
    "code and tab": ("E17\tI sing.", "E17", "I sing."),
    "code and stop": ("neo120-058. I sing.", "neo120-058", "I sing."),
    "hyphen": ("- I sing.", "", "I sing."),
    "star": (" * I sing.", "", "I sing."),
    "bullet": ("\u2022 I sing.", "", "I sing."),
    "bullet and number": ("\u2022 9. I sing.", "9", "I sing."),
    "a text that begins with a number": ("2 coats keep me warm.", "2", "2 coats keep me warm."),
    "a text that begins with a hyphen": ("-ing words please me.", "", "-ing words please me."),
    "a tab inside": ("I\tsing.", "", "I sing."),
    "bar": ("talks|listens", "", "talks | listens"),
    "tab between": ("talks\tlistens", "", "talks | listens"),
    "bars at the ends": ("| talks | listens |", "", "talks | listens"),
    "number and tab between": ("6\ttalks\tlistens", "6", "talks | listens"),
    "number and bar": ("7. talks | listens", "7", "talks | listens"),
}


@pytest.mark.parametrize("case", LINES)
def test_a_line_of_text(tmp_path, case):
    line, label, text = LINES[case]
    (row,) = rows_of(tmp_path, "mine.txt", line)
    assert row.label == label and text in row.texts and row.place == "line 1"


BYTES = {
    "utf-8": "I'm caf\u00e9-born.\nI sing.\n".encode(),
    "byte order mark": "I'm caf\u00e9-born.\nI sing.".encode("utf-8-sig"),
    "utf-16": "I'm caf\u00e9-born.\nI sing.".encode("utf-16"),
    "utf-16, high byte first": b"\xfe\xff" + "I'm caf\u00e9-born.\nI sing.".encode("utf-16-be"),
    "line ends of Windows": "I'm caf\u00e9-born.\r\nI sing.\r\n".encode(),
    "line ends of old": "I'm caf\u00e9-born.\rI sing.\r".encode(),
}


@pytest.mark.parametrize("name", ["mine.txt", "MINE.TXT", "mine.csv"])
@pytest.mark.parametrize("case", BYTES)
def test_bytes_of_every_kind(tmp_path, case, name):
    found = rows_of(tmp_path, name, BYTES[case])
    assert [row.texts for row in found] == [("I'm caf\u00e9-born.",), ("I sing.",)]


def test_an_apostrophe_of_windows_is_a_lost_one(tmp_path):
    (row,) = rows_of(tmp_path, "mine.txt", "I\u2019m calm.".encode("cp1252"))
    assert row.texts == ("I\ufffdm calm.",)


def test_blank_lines_are_no_rows_and_lines_keep_their_numbers(tmp_path):
    found = rows_of(tmp_path, "mine.txt", "\n\nI sing.\n \t\n\nI dance.\n\n")
    assert [row.place for row in found] == ["line 3", "line 6"]


# A table, and label and likeliest stem of its rows; the stem is what a heading says.
TABLES = {
    "comma": ("id,stem\nc-1,I sing.\nc-2,I dance.", [("c-1", "I sing."), ("c-2", "I dance.")]),
    "semicolon": ("nr;text\n1;I sing, often.\n2;I dance.", [("1", "I sing, often."), ("2", "I dance.")]),
    "tab": ("code\tstatement\nE1\tI sing.\nE2\tI dance.", [("E1", "I sing."), ("E2", "I dance.")]),
    "quoted": ('id,stem\nc-1,"I sing, ""la""."', [("c-1", 'I sing, "la".')]),
    "two lines in a cell": ('id,stem\nc-1,"I sing\nand dance."', [("c-1", "I sing\nand dance.")]),
    "heading in capitals": ("ID , STEM\nc-1 , I sing.", [("c-1", "I sing.")]),
    "label last": ("stem,number\nI sing.,4", [("4", "I sing.")]),
    "item is the text": ("number,item\n4,I sing.", [("4", "I sing.")]),
    "item is the label": ("item,text\nc-4,I sing.", [("c-4", "I sing.")]),
    "item is the label, and no text": ("item,words\nc-4,I sing.", [("c-4", "")]),
    "a word for an item": ("n,item\n4,Talkative", [("4", "Talkative")]),
    "longer notes": ("id,stem,note\nc-1,I sing.,Of the facet of cheerfulness", [("c-1", "I sing.")]),
    "short row": ("id,stem,note\nc-1,I sing.\nc-2", [("c-1", "I sing."), ("c-2", "")]),
    "blank rows": ("\nid,stem\n\n,,\nc-1,I sing.\n\n", [("c-1", "I sing.")]),
    "blank row first": ("  \n;;\nid;stem\nc-1;I sing, la.", [("c-1", "I sing, la.")]),
    "line ends of old": ("id,stem\rc-1,I sing.\rc-2,I dance.", [("c-1", "I sing."), ("c-2", "I dance.")]),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLES)
def test_a_table_with_headings(tmp_path, case):
    text, expected = TABLES[case]
    head, *rows = rows_of(tmp_path, "mine.csv", text)
    assert (head.label, head.stem) == ("", "")
    assert [(row.label, row.stem) for row in rows] == expected
    for row in rows:
        assert row.stem in row.texts or not row.stem


PLAIN = {
    "one column": ("I sing.\nI dance.", [("I sing.",), ("I dance.",)]),
    "a comma in quotes, semicolons between": (
        '"I sing, dance, and walk.";x\n"I run.";y',
        [("I sing, dance, and walk.", "x", "I sing, dance, and walk. | x"),
         ("I run.", "y", "I run. | y")],
    ),
    "a pair in two columns": ("talks,listens", [("talks", "listens", "talks | listens")]),
    "a pair in one": ("1;talks|listens", [("1", "talks | listens", "1 | talks|listens")]),
    "a cell of spaces": ('I sing.,"  ",x', [("I sing.", "x")]),
}  # fmt: skip


@pytest.mark.parametrize("case", PLAIN)
def test_a_table_without_headings(tmp_path, case):
    text, expected = PLAIN[case]
    found = rows_of(tmp_path, "mine.csv", text)
    assert [row.texts for row in found] == expected
    assert not any(row.label for row in found)


# Parsed JSON, and label and first text of its rows.
JSON = {
    "list": (["I sing.", "I dance."], [("", "I sing."), ("", "I dance.")]),
    "by item": ({"c-1": "I sing.", "c-2": "I dance."}, [("c-1", "I sing."), ("c-2", "I dance.")]),
    "objects": (
        [{"id": "c-1", "stem": "I sing."}, {"id": "c-2", "stem": "I dance."}],
        [("c-1", "c-1"), ("c-2", "c-2")],
    ),
    "objects, numbered": ([{"text": "I sing.", "number": 3}], [("3", "I sing.")]),
    "objects, item the text": ([{"item": "I sing.", "n": 3}], [("3", "I sing.")]),
    "objects, capitals": ([{"Text": "I sing.", "ID": "c-1"}], [("c-1", "I sing.")]),
    "objects by item": ({"c-1": {"text": "I sing.", "key": 1}}, [("c-1", "I sing.")]),
    "no label": ([{"id": None, "text": "I sing."}], [("", "I sing.")]),
    "an id too long for a label": (
        [{"text": "I sing.", "id": "0f8fad5b-d9cb-469f-a165-70867728950e"}], [("", "I sing.")],
    ),
    "nested in objects": ({"form": {"items": [{"text": "I sing."}]}}, [("", "I sing.")]),
    "nested in lists": ([[["I sing.", "a", "b", "c"]]], [("", t) for t in ("I sing.", "a", "b", "c")]),
    "by scale": ({"joy": ["I sing.", "I dance."]}, [("joy", "I sing.")]),
    "items of a scale with a title": (
        [{"title": "Joy", "items": [{"text": "I sing."}, {"text": "I dance."}]}],
        [("", "Joy"), ("", "I sing."), ("", "I dance.")],
    ),
    "long list of a scale with a title": (
        [{"title": "Joy", "items": ["I sing.", "I dance.", "I run.", "I jump."]}],
        [("", t) for t in ("Joy", "I sing.", "I dance.", "I run.", "I jump.")],
    ),
    "numbers and nulls between": ([1, None, "I sing.", True, [2]], [("", "I sing.")]),
    "empty texts": (["", "I sing.", "  "], [("", "I sing.")]),
}  # fmt: skip


@pytest.mark.parametrize("case", JSON)
def test_json_of_any_shape(tmp_path, case):
    parsed, expected = JSON[case]
    found = rows_of(tmp_path, "mine.json", json.dumps(parsed))
    assert [(row.label, row.texts[0]) for row in found] == expected


PAIRS = {
    "lists": [["talks", "listens"]],
    "objects": [{"left": "talks", "right": "listens"}],
    "by item": {"p-1": ["talks", "listens"]},
    "one text": ["talks | listens"],
    "one text, bar alone": ["talks|listens"],
    "a list in an object": [{"id": "p-1", "poles": ["talks", "listens"]}],
}


@pytest.mark.parametrize("case", PAIRS)
def test_pairs_in_json(case):
    (row,) = rows_of_json(PAIRS[case])
    assert "talks | listens" in row.texts


def test_rows_of_json_have_the_key_that_languages_share():
    assert [row.key for row in rows_of_json([{"id": "q7", "text": "I sing."}])] == ["q7"]


BROKEN = {
    "another ending": ("mine.docx", b"I sing.", "ends in '.docx'", "Give a file of .txt, .csv, .json."),
    "no ending": ("mine", b"I sing.", "ends in ''", "Give a file of .txt"),
    "empty": ("mine.txt", b"", "holds no text", "Give a file with one item a line or row."),
    "only a byte order mark": ("mine.txt", b"\xef\xbb\xbf\n", "holds no text", "Give a file with one item a line or row."),
    "empty table": ("mine.csv", b"", "holds no text", "Give a file with one item a line or row."),
    "blank table": ("mine.csv", b"\n , ,\n,\n", "holds no text", "Give a file with one item a line or row."),
    "empty list": ("mine.json", b"[]", "holds no text", "Give a file with one item a line or row."),
    "JSON of numbers": ("mine.json", b"[1, 2, {\"a\": null}]", "holds no text", "Give a file with one item a line or row."),
    "half of JSON": ("mine.json", b'["I sing."', "not valid JSON: Expecting ',' delimiter: line 1", "Mend that place."),
    "no JSON": ("mine.json", b"", "not valid JSON", "Mend that place."),
    "JSON without an end": ("mine.json", b"[" * 100_000, "not valid JSON", "Mend that place."),
    "a quote without an end": ("mine.csv", b'"' + b"x" * 200_000, "not valid CSV: field larger", "Mend that place."),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_named_with_its_mend(tmp_path, case):
    name, content, told, mend = BROKEN[case]
    with pytest.raises(WordingError) as caught:
        rows_of(tmp_path, name, content)
    for part in (str(tmp_path / name), told, f"Mend: {mend}"):
        assert part in str(caught.value)


def test_what_is_no_file(tmp_path):
    (tmp_path / "folder.txt").mkdir()
    for name, told in (("none.csv", "No such file"), ("folder.txt", "Is a directory")):
        with pytest.raises(
            WordingError, match=rf"{name} cannot be read: {told}[\s\S]*Mend the path"
        ):
            read_text_rows(tmp_path / name)


@given(st.sampled_from([".txt", ".csv", ".json"]), st.binary() | st.text().map(str.encode))
def test_any_bytes_are_rows_or_an_error_of_ours(ending, content):
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = rows_of(Path(folder), f"mine{ending}", content)
        except WordingError:
            return
    assert found and all(any(row.texts) for row in found)


LEAVES = st.none() | st.booleans() | st.integers() | st.text()


@given(st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_no_text_of_json_is_lost(parsed):
    def texts(value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict | list):
            for inner in value.values() if isinstance(value, dict) else value:
                yield from texts(inner)

    if isinstance(parsed, str):
        return
    found = "\n".join(text for row in rows_of_json(parsed) for text in row.texts)
    for text in texts(parsed):
        for part in text.replace("\t", "|").split("|"):
            assert part.strip() in found
