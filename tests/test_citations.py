"""Citations: that every method is known, and that BibTeX reads what is written."""

import ast
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import psychometrics as pm
from psychometrics.analysis.estimate import Estimate
from psychometrics.analysis.estimates import Estimates
from psychometrics.citations import author_year, cite, find_reference, references, split_references
from psychometrics.errors import DataError, StorageError
from psychometrics.latex import accented, escape_bibtex

PACKAGE = Path(pm.__file__).parent
DOI = re.compile(r"10\.\d{4,9}/[^\s;,]*[^\s;,.]")
SHORT = re.compile(r"(?:[a-z]+ )?[A-Z][^().;:]* \((?:19|20)\d\d\)")
NEEDED = {"article": "journal", "book": "publisher", "inproceedings": "booktitle", "misc": "title"}
MANIFEST = {
    "instrument": {"name": "big-five-60", "version": "1.0", "citation": "The authors & friends"},
    "models": [
        {"name": "Qwen/Qwen3-8B", "revision": "abcdef0123", "weights": "f" * 64, "dtype": "bfloat16"},
        {"name": "scripted_a%", "weights": "e" * 64, "revision": None},
    ],
    "environment": {
        "libraries": {"lm-psychometrics": "0.0.9", "numpy": "2.1.0", "pyarrow": "18.0.0"},
        "engines": {"m": {"device": "cpu", "threads": "2", "torch": "2.6.0"}},
    },
}  # fmt: skip


def cited_in(path: Path) -> set[str]:
    """References among the strings of a module that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    strings = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]
    parts = {part for text in strings for part in split_references(text)}
    return {part for part in parts if DOI.fullmatch(part) or SHORT.match(part)}


CITED = {
    reference: path.name
    for folder in ("stats", "analysis", "scoring")
    for path in sorted((PACKAGE / folder).glob("*.py"))
    for reference in cited_in(path)
}


def keys_of(bibtex: str) -> list[str]:
    return re.findall(r"^@\w+\{(.+),$", bibtex, re.MULTILINE)


def entry_of(bibtex: str, key: str) -> str:
    return next(part for part in bibtex.split("\n\n") if f"{{{key}," in part)


@pytest.mark.parametrize("reference", sorted(CITED))
def test_every_reference_of_a_method_is_known(reference):
    assert find_reference(reference), (
        f"{CITED[reference]} cites {reference!r}: add it to psychometrics/references.toml"
    )


def test_the_search_for_references_finds_them():
    assert {"10.1007/BF02289499", "10.1093/biomet/6.1.1"} <= set(CITED)
    assert len(CITED) > 20


@pytest.mark.parametrize("known", references().values(), ids=lambda known: known.id)
def test_every_entry_is_whole(known):
    assert known.doi or known.cited_as or known.software
    assert "/" not in known.id or DOI.fullmatch(known.id)
    assert known.authors
    assert known.title
    assert 1900 <= known.year <= 2026
    assert known.type in NEEDED
    assert known.type == "misc" or known.fields[NEEDED[known.type]]
    assert re.fullmatch(r"\d+|\d+–\d+|e\d+–e\d+", known.fields.get("pages", "1"))
    for author in known.authors:
        assert re.fullmatch(r"[^,]+(, ([A-ZÀ-Þ]\.[ -]?)+)?", author), author
    assert re.fullmatch(r"[a-z]+\d{4}[a-z0-9]+", known.key)


def test_keys_and_short_citations_are_unique():
    known = references().values()
    assert len({one.key for one in known}) == len(known)
    starts = [start for one in known for start in one.cited_as]
    assert len(set(starts)) == len(starts)


def test_references_are_found_in_any_writing():
    found = find_reference("10.1007/BF02289499")
    assert find_reference("10.1007/bf02289499") is found
    assert split_references("https://doi.org/10.1007/BF02289499; doi:10.1/x; Holm (1979), J 6(2)") == [
        "10.1007/BF02289499", "10.1/x", "Holm (1979), J 6(2)",
    ]  # fmt: skip
    assert author_year("") == []
    assert author_year("10.1037/h0028106; Holm (1979), any text; a manual") == [
        "Fleiss et al., 1969", "Holm, 1979", "a manual",
    ]  # fmt: skip


def test_each_entry_once_in_the_order_of_the_keys():
    estimate = Estimate("alpha", 0.8, 0.7, 0.9, 0.95, 60, "items", "Feldt", "10.1007/BF02289499")
    text = cite(estimate, Estimates((estimate, estimate)), [estimate], "10.1007/bf02289499")
    assert keys_of(text) == ["feldt1965approximate", "psychometricsdevelopers2026psychometrics"]
    assert text == cite(estimate)


def test_an_unknown_doi_invents_nothing():
    entry = entry_of(cite("10.1000/x_1"), "10.1000/x_1")
    assert "author" not in entry.split("note")[0]
    assert "title" not in entry.split("note")[0]
    assert "doi = {10.1000/x_1}" in entry
    assert r"note = {doi:10.1000/x\_1; authors and title are to be added}" in entry


def test_a_manifest_names_instrument_models_and_software():
    text = cite(MANIFEST)
    assert keys_of(text) == sorted(
        [
            "Qwen/Qwen3-8B-abcdef0", "ansel2024pytorch", "big-five-60-1.0", "harris2020array",
            "psychometricsdevelopers2026psychometrics", "scripted_a-eeeeeee", "software-pyarrow",
        ]
    )  # fmt: skip
    model = entry_of(text, "Qwen/Qwen3-8B-abcdef0")
    assert f"Revision abcdef0123; weights SHA-256 {'f' * 64}; number format bfloat16" in model
    assert "author" not in model
    assert "version 2.1.0" in entry_of(text, "harris2020array")
    assert "S. J. and others}" in entry_of(text, "harris2020array")
    assert "version 2.6.0" in entry_of(text, "ansel2024pytorch")
    ours = entry_of(text, "psychometricsdevelopers2026psychometrics")
    assert (
        f"version {pm.__version__}, 0.0.9" in ours
    )  # analysed with one, administered with another
    assert r"The authors \& friends" in entry_of(text, "big-five-60-1.0")


def test_a_run_is_cited_like_its_manifest(small):
    run = pm.administer(small, pm.respondents(pm.scripted_model(4.0)), quiet=True)
    text = cite(run)
    assert keys_of(text) == keys_of(cite(run.responses)) == keys_of(cite(run.manifest, small))
    assert f"title = {{{{{escape_bibtex(small.title)}}}}}" in cite(run)


def test_an_instrument_that_gives_a_known_doi_is_cited_by_it():
    instrument = SimpleNamespace(
        name="x", title="X", version="1", citation="Holm. doi:10.1037/h0031619."
    )
    assert "fleiss1971measuring" in keys_of(cite(instrument))
    instrument.citation = "Nobody (2020). https://doi.org/10.1000/y."
    assert "doi = {10.1000/y}" in entry_of(cite(instrument), "x-1")


def test_things_that_know_their_estimates():
    @dataclass(frozen=True)
    class Study:
        estimates: list[Estimate] = field(default_factory=list)

        def to_estimates(self):
            return [SimpleNamespace(reference="10.1007/BF02310555")]

    assert "cronbach1951coefficient" in keys_of(cite(Study()))


def test_the_file_is_written(tmp_path):
    text = cite(path=tmp_path / "r.bib")
    assert (tmp_path / "r.bib").read_text(encoding="utf-8") == text
    with pytest.raises(StorageError, match="cannot be written"):
        cite(path=tmp_path / "none" / "r.bib")


def test_what_says_nothing_is_refused():
    with pytest.raises(DataError, match="int says nothing"):
        cite(3)


def test_accents_are_commands():
    assert escape_bibtex("Jöreskog, Łukasz & Ångström {x}") == (
        r"J{\"o}reskog, {\L}ukasz \& {\AA}ngstr{\"o}m \textbraceleft{}x\textbraceright{}"
    )
    assert accented("ș") == ""  # a comma below: left to the encoding
    assert accented("ç") == r"{\c{c}}"
    assert accented("í") == r"{\'{\i}}"


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_text_keeps_the_braces_of_bibtex_in_pairs(text):
    manifest = {
        "models": [{"name": text, "weights": text}],
        "instrument": {"name": "x", "citation": text},
    }
    written = cite(manifest, f"{text} (1999)")
    depth = 0
    for character in written:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    assert all(re.fullmatch(r"[A-Za-z0-9./_:-]+", key) for key in keys_of(written))


def test_bibtex_and_latex_read_all_of_it(tmp_path):
    if not (shutil.which("bibtex") and shutil.which("pdflatex")):
        pytest.skip("bibtex or pdflatex is not installed (texlive-latex-base)")
    everything = cite(*(known.id for known in references().values() if known.doi), MANIFEST,
                      *(start for known in references().values() for start in known.cited_as),
                      "10.1000/{x_1}", "Doe & Roe (1999), Journal #3; ünknown %text", path=tmp_path / "r.bib")  # fmt: skip
    (tmp_path / "t.tex").write_text(
        r"\documentclass{article}\begin{document}\nocite{*}\bibliographystyle{plain}"
        r"\bibliography{r}\end{document}",
        encoding="utf-8",
    )
    latex = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "t.tex"]
    for command in (latex, ["bibtex", "t"], latex):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]
    assert "error message" not in (tmp_path / "t.blg").read_text(encoding="utf-8", errors="replace")
    items = (tmp_path / "t.bbl").read_text(encoding="utf-8", errors="replace").count(r"\bibitem")
    assert items == len(keys_of(everything)) > 70
