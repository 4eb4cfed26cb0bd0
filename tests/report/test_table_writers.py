"""Golden tables, and that no text breaks any of them."""

import re
import shutil
import subprocess
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pypdf import PdfReader

from psychometrics.latex import escape
from psychometrics.report.table import Table
from psychometrics.report.table_data import missing, printable

NASTY = "a|b & 50% $x$ _y_ {z} #1 ~ ^ \\n <b> \"q\" `c` *d* [e](f) --- ''"


@pytest.fixture(scope="module")
def golden() -> Table:
    return (
        Table.from_rows(
            ["Scale", "raw", "omega"],
            [
                ["Trust & order", "−.02 [−.09, .03]", ".83"],
                ["Open_ness", ".74 [.67, .79]", missing("one item")],
            ],
        )
        .with_title("Consistency (ω ≥ .80)")
        .with_spanner("α", ["raw"])
        .with_group("Humans", [0])
        .with_group("Model", [1])
        .with_note("Feldt's interval", column="raw")
        .with_note("95% intervals")
        .with_source("big-five-60 1.0, run 0123456789ab")
    )


TEXT = """\
Consistency (ω ≥ .80)

─────────────────────────────────────────
                        α
                 ────────────────
Scale                        rawᵃ  omega
─────────────────────────────────────────
Humans
  Trust & order  −.02 [−.09, .03]    .83
Model
  Open_ness        .74 [.67, .79]      —ᵇ
─────────────────────────────────────────
Note. 95% intervals.
ᵃ Feldt's interval.
ᵇ One item.
Source: big-five-60 1.0, run 0123456789ab."""
MARKDOWN = r"""**Consistency (ω ≥ .80)**

| Scale | α: raw<sup>a</sup> | omega |
| --- | ---: | ---: |
| **Humans** |  |  |
| Trust &amp; order | −.02 [−.09, .03] | .83 |
| **Model** |  |  |
| Open\_ness | .74 [.67, .79] | —<sup>b</sup> |

*Note.* 95% intervals.

<sup>a</sup> Feldt's interval.

<sup>b</sup> One item.

*Source:* big-five-60 1.0, run 0123456789ab."""
LATEX = r"""% Needs \usepackage{booktabs}.
\begin{table}[htbp]
\centering
\caption{Consistency ($\omega$ $\geq$ .80)}
\label{tab:consistency-80}
\par\smallskip
\sbox0{%
\begin{tabular}{@{}lrr@{}}
\toprule
 & \multicolumn{1}{c}{$\alpha$} &  \tabularnewline
\cmidrule(lr){2-2}
Scale & raw\rlap{\textsuperscript{a}} & omega \tabularnewline
\midrule
\multicolumn{3}{@{}l}{\textit{Humans}} \tabularnewline
\quad Trust \& order & $-$.02 [$-$.09, .03] & .83 \tabularnewline
\addlinespace
\multicolumn{3}{@{}l}{\textit{Model}} \tabularnewline
\quad Open\_ness & .74 [.67, .79] & ---\rlap{\textsuperscript{b}} \tabularnewline
\bottomrule
\end{tabular}}
\usebox0
\par\medskip
% Notes are as wide as the table, within reason.
\ifdim\wd0<0.6\linewidth \wd0=0.6\linewidth\fi
\ifdim\wd0>\linewidth \wd0=\linewidth\fi
\begin{minipage}{\wd0}\footnotesize\raggedright
\textit{Note.} 95\% intervals.\par
\textsuperscript{a}~Feldt's interval.\par
\textsuperscript{b}~One item.\par
\textit{Source:} big-five-60 1.0, run 0123456789ab.
\end{minipage}
\end{table}
"""
HTML_BODY = """\
<table class="pm-table">
<caption>Consistency (ω ≥ .80)</caption>
<thead>
<tr><td colspan="1"></td><th scope="colgroup" colspan="1" class="pm-spanner"><span>α</span></th><td colspan="1"></td></tr>
<tr><th scope="col">Scale</th><th scope="col" class="pm-number">raw<sup>a</sup></th><th scope="col" class="pm-number">omega</th></tr>
</thead>
<tbody>
<tr class="pm-group"><th scope="rowgroup" colspan="3">Humans</th></tr>
<tr class="pm-member"><th scope="row">Trust &amp; order</th><td class="pm-number">−.02 [−.09, .03]</td><td class="pm-number">.83</td></tr>
</tbody>
<tbody>
<tr class="pm-group"><th scope="rowgroup" colspan="3">Model</th></tr>
<tr class="pm-member"><th scope="row">Open_ness</th><td class="pm-number">.74 [.67, .79]</td><td class="pm-number">—<sup>b</sup></td></tr>
</tbody>
<tfoot><tr><td colspan="3"><p><em>Note.</em> 95% intervals.</p><p><sup>a</sup> Feldt&#x27;s interval.</p><p><sup>b</sup> One item.</p><p><em>Source:</em> big-five-60 1.0, run 0123456789ab.</p></td></tr></tfoot>
</table>"""


def test_golden_tables(golden):
    assert golden.to_text() == TEXT
    assert golden.to_markdown() == MARKDOWN
    assert golden.to_latex() == LATEX
    assert golden.to_html().split("</style>\n")[1] == HTML_BODY


def test_plain_table_has_no_trimmings():
    plain = Table.from_rows(["a"], [["x"]])
    assert plain.to_text() == "─\na\n─\nx\n─"
    assert plain.to_markdown() == "| a |\n| --- |\n| x |"
    assert r"\caption" not in plain.to_latex()
    assert "minipage" not in plain.to_latex()
    assert "<tfoot>" not in plain.to_html()
    assert r"\label{tab:mine}" in plain.to_latex(label="tab:mine")


def test_long_words_are_broken_in_latex():
    table = Table.from_rows(["Statement", "M"], [["word " * 20, "3.20"]])
    assert r"p{0.42\linewidth}r" in table.to_latex()


def test_wide_letters_keep_the_columns_straight():
    lines = Table.from_rows(["a", "b"], [["信頼性", ".81"], ["x", ".74"]]).to_text().splitlines()
    assert lines[3:5] == ["信頼性  .81", "x       .74"]


def test_empty_table_has_its_head():
    empty = Table.from_rows(["a", "b"], [])
    for text in (empty.to_text(), empty.to_markdown(), empty.to_html(), empty.to_latex()):
        assert "a" in text
        assert "b" in text


class _Cells(HTMLParser):
    """Texts of the cells of each row."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.caption, self.at = "", ""

    def handle_starttag(self, tag, attrs):
        self.at = tag if tag in ("td", "th", "caption") else self.at
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        self.at = "" if tag in ("td", "th", "caption") else self.at

    def handle_data(self, data):
        if self.at in ("td", "th"):
            self.rows[-1][-1] += data
        elif self.at == "caption":
            self.caption += data


def cells_of(html: str) -> _Cells:
    parser = _Cells()
    parser.feed(html)
    parser.close()
    return parser


texts = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="|\\`*_{}[]()<>#+-.!&$%~^\"'@:/= \n\tab1", max_size=30),
    st.just(NASTY),
)


@given(texts, texts)
@settings(max_examples=300, deadline=None)
def test_any_text_survives_html_and_markdown(one, other):
    table = Table.from_rows(["a", "b"], [[one, other], [other, one]], n_text=2).with_title(one)
    wanted = [["a", "b"], [printable(one), printable(other)], [printable(other), printable(one)]]
    html = cells_of(table.to_html())
    assert html.rows == wanted
    assert html.caption == printable(one)
    rendered = cells_of(MarkdownIt("commonmark").enable("table").render(table.to_markdown()))
    # CommonMark trims what HTML calls a space at the ends of cells, and joins nothing else.
    assert rendered.rows == wanted


@given(texts)
@settings(max_examples=300, deadline=None)
def test_any_text_survives_latex(text):
    plain = escape(printable(text))
    bare = re.sub(r"\\[\\{}$&%#_]", "", plain.replace(r"\textbackslash{}", ""))
    assert bare.count("{") == bare.count("}")
    assert bare.count("$") % 2 == 0
    assert not re.search(r"[&%#]", bare)
    assert not re.search(r"_(?!\{)", bare)  # lowered digits are mathematics
    assert not plain.startswith(("[", "*"))
    table = Table.from_rows(["a", "b"], [[text, text]], n_text=2).to_latex()
    row = table.split("\\midrule\n")[1].split("\n\\bottomrule")[0]
    assert row.count(r"\tabularnewline") == 1 + plain.count(r"\tabularnewline")
    assert len(re.findall(r"(?<!\\)&", row)) == 1


def test_letters_that_pdflatex_lacks_are_mathematics():
    assert escape("ω ≥ −1 × 10⁻⁶ χ²") == (r"$\omega$ $\geq$ $-$1 $\times$ 10$^{-6}$ $\chi$$^{2}$")
    assert escape("a--b ''") == "a-{}-b '{}'"
    assert escape("[.1]") == "{}[.1]"
    assert escape("x\u0304") == r"{\=x}"


def pdf_text(tmp_path, source: str) -> str:
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed (texlive-latex-base, texlive-latex-recommended)")
    (tmp_path / "t.tex").write_text(source, encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "t.tex"],
        cwd=tmp_path, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]
    assert b"Overfull" not in done.stdout
    pages = PdfReader(tmp_path / "t.pdf").pages
    return unicodedata.normalize("NFKC", " ".join(page.extract_text() for page in pages))


def test_latex_compiles_and_says_what_the_table_says(golden, tmp_path):
    text = " ".join(pdf_text(tmp_path, golden.to_latex(standalone=True)).split())
    for part in (
        "Table 1: Consistency", ".80", "Trust & order", ".02 [", ".74 [.67, .79]", "Humans",
        "Model", "95% intervals.", "Feldt", "One item.", "Source: big-five-60 1.0, run 0123456789ab",
    ):  # fmt: skip
        assert part in text, (part, text)


def test_fragment_compiles_in_a_document_with_booktabs_alone(golden, tmp_path):
    golden.to_latex(tmp_path / "fragment.tex")
    nasty = Table.from_rows(["x", "y"], [[NASTY, ".1"], ["[a]", "*"]]).with_title(NASTY)
    nasty = nasty.with_note(NASTY).with_source("μ σ ± ≤ 10⁻⁶ “x” – €")
    nasty.to_latex(tmp_path / "nasty.tex")
    text = pdf_text(
        tmp_path,
        "\\documentclass{article}\\usepackage{booktabs}\\begin{document}"
        "See Table~\\ref{tab:consistency-80}.\\input{fragment}\\input{nasty}\\end{document}",
    )
    assert "50%" in text
    assert "[a]" in text


def test_letters_of_europe_compile(tmp_path):
    # Up to U+017F less what T1 fonts do not hold.
    lacking = "ĦħĸĿŀŉŦŧſ"
    letters = [chr(c) for c in range(0xA1, 0x180) if chr(c) not in lacking and c != 0xAD]
    rows = [["".join(letters[i : i + 20]), "α≥−∆χ"] for i in range(0, len(letters), 20)]
    pdf_text(tmp_path, Table.from_rows(["x", "y"], rows, n_text=2).to_latex(standalone=True))


def test_long_headings_are_stacked_and_the_table_fits_the_page(tmp_path):
    long = "Standard error of measurement (alpha, raw)"
    heads = ["Scale", "Cronbach's alpha (raw)", "Omega total (raw)", "[x] * lambda-2 (y)", long]
    row = ["conscientiousness", *[".81 [.74, .87]"] * 3, "0.42 [0.34, 0.50]"]
    table = Table.from_rows(heads, [row]).with_note("how", column=long)
    text = pdf_text(tmp_path, table.to_latex(standalone=True))  # refuses overfull boxes
    assert "Standard error of" in text and "(alpha, raw)" in text and "[x] *" in text
