"""The specification: what it holds, what it refuses, and that it never changes."""

import pickle

import pytest
from rich.console import Console

from psychometrics.errors import DataError, StorageError
from psychometrics.report.table import Table
from psychometrics.report.table_data import (
    LETTERS,
    Cell,
    Column,
    Row,
    Spanner,
    as_notes,
    missing,
    printable,
)


@pytest.fixture
def table() -> Table:
    return Table.from_rows(
        ["Scale", "raw", "std", "n"],
        [["Trust", ".81", ".82", "64"], ["Order", missing("one item"), ".74", "64"]],
    )


def test_every_method_returns_a_new_table(table):
    before = pickle.dumps(table)
    changed = [
        table.with_title("t"),
        table.with_source("s"),
        table.with_note("n"),
        table.with_note("n", column="raw"),
        table.with_note("n", row=1),
        table.with_note("n", column="raw", row=1),
        table.with_spanner("α", ["raw", "std"]),
        table.with_group("g"),
        table.with_group("g", [1]),
        table.rename({"raw": "Raw"}),
        table.select(["Scale", "n"]),
        table.drop("n"),
        table.drop(["n", "std"]),
    ]
    assert pickle.dumps(table) == before
    assert all(one != table for one in changed)
    assert len({repr(one) + one.to_html() for one in changed}) == len(changed)


def test_repr_is_one_line(table):
    assert repr(table.with_title("A")) == "<Table 'A': 2 rows × 4 columns>"
    assert repr(table.select(["n"])) == "<Table: 2 rows × 1 column>"
    assert "<table" in table._repr_html_()


def test_equal_footnotes_share_a_mark_in_reading_order(table):
    noted = table.with_note("one item", column="std", row=0).with_note("Feldt", column="raw")
    assert noted.footnotes == {"Feldt.": "a", "One item.": "b"}


def test_marks_go_on_after_the_alphabet():
    rows = [[str(i), missing(f"reason {i}")] for i in range(60)]
    marks = list(Table.from_rows(["x", "y"], rows).footnotes.values())
    assert len(set(marks)) == 60
    assert marks[24:27] == ["z", "aa", "ab"]
    assert "q" not in LETTERS  # no raised q exists in Unicode


def test_columns_are_taken_by_name_and_spanners_follow(table):
    spanned = table.with_spanner("α", ["raw", "std"])
    assert spanned.spans() == [("", 1), ("α", 2), ("", 1)]
    assert spanned.drop("std").spans() == [("", 1), ("α", 1), ("", 1)]
    assert spanned.drop(["raw", "std"]).spanners == ()
    assert table.rename({"raw": "Raw"}).to_frame().columns.tolist() == ["Scale", "raw", "std", "n"]


def test_two_spanners_of_one_label_stay_two(table):
    twice = table.with_spanner("α", ["raw"]).with_spanner("α", ["std"])
    assert twice.spans() == [("", 1), ("α", 1), ("α", 1), ("", 1)]


def test_frame_holds_the_printed_texts(table):
    frame = table.with_group("Humans", [0]).to_frame()
    assert frame["group"].tolist() == ["Humans", ""]
    assert frame["raw"].tolist() == [".81", "—"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda t: t.drop("none"), "no column 'none'"),
        (lambda t: t.rename({"none": "x"}), "no column 'none'"),
        (lambda t: t.select([]), "no column"),
        (lambda t: t.select(["n", "n"]), "Two columns are called 'n'"),
        (lambda t: t.with_group("g", [2]), "no row 2"),
        (lambda t: t.with_note("x", row=-1), "no row -1"),
        (lambda t: t.with_spanner("s", ["raw", "n"]), "side by side"),
        (lambda t: t.with_spanner("s", ["x"]), "over no column x"),
        (lambda t: t.with_spanner("s", ["raw"]).with_spanner("t", ["raw"]), "that has one"),
        (lambda t: Table.from_rows(["a", "b"], [["x"]]), "Row 0 has 1 cells"),
        (lambda t: Table.from_rows(["a", "b"], [["x", ""]]), "no number and no reason"),
        (lambda t: Table.from_rows(["a", "b"], [["x", "—"]]), "no number and no reason"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(table, make, message):
    with pytest.raises(DataError, match=message) as refused:
        make(table)
    assert refused.value.mend


def test_texts_become_one_line_that_prints():
    assert printable(" a\r\n b\u2028c\x07\ud800 \u202ed") == "a b c d"
    assert printable("e\u0301") == "é"
    assert as_notes(("one item", "", "Really?", "p < .05")) == ("One item.", "Really?", "p < .05.")
    assert Cell("a\nb").text == "a b"
    assert Column("a\tb").label == Spanner("a\tb", ()).label == Row((), "a\tb").group == "a b"


@pytest.mark.parametrize("writer", ["to_text", "to_markdown", "to_html", "to_latex"])
def test_writers_return_what_they_write(table, writer, tmp_path):
    path = tmp_path / "table.out"
    text = getattr(table, writer)(path)
    assert path.read_text(encoding="utf-8") == (text if text.endswith("\n") else f"{text}\n")
    assert [p.name for p in tmp_path.iterdir()] == ["table.out"]
    with pytest.raises(StorageError, match="cannot be written") as refused:
        getattr(table, writer)(tmp_path / "none" / "table.out")
    assert "Make the folder" in refused.value.mend
    with pytest.raises(StorageError) as refused:
        getattr(table, writer)(tmp_path)
    assert "name of a file" in refused.value.mend


def test_html_file_is_a_page_that_says_its_encoding(table, tmp_path):
    assert '<meta charset="utf-8">' in table.to_html(tmp_path / "t.html")
    assert "<html" not in table.to_html()
    assert "<html" in table.to_html(standalone=True)
    assert "<html" not in table.to_html(tmp_path / "t.html", standalone=False)


def test_terminal_shows_everything_and_no_markup(table):
    shown = table.with_title("[red]T[/red]").with_spanner("α", ["raw", "std"])
    shown = shown.with_group("Group [b]").with_source("run 1").with_note("general")
    console = Console(width=80, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(shown)
    console.file.close()
    text = console.export_text()
    for part in ("[red]T[/red]", "α", "Group [b]", ".81", "—ᵃ", "ᵃ One item.", "run 1", "General."):
        assert part in text, part
