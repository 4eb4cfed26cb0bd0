r"""Text for LaTeX: what is special is escaped, what pdflatex has no letter for is mathematics.

Letters beyond the tables here (Chinese, Arabic, emoji) are kept: lualatex and xelatex print them
with a font that has them, and pdflatex names the letter it lacks.
"""

import re
import unicodedata

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}", "`": r"\textasciigrave{}",
    '"': r"\char34{}", "\N{NO-BREAK SPACE}": "~", "\N{NARROW NO-BREAK SPACE}": r"\,",
    "\N{THIN SPACE}": r"\,", "\N{SOFT HYPHEN}": r"\-",
    "–": "--", "—": "---", "…": r"\dots{}", "“": "``", "”": "''", "‘": "`", "’": "'",
    "†": r"\dag{}", "‡": r"\ddag{}", "§": r"\S{}", "¶": r"\P{}", "•": r"\textbullet{}",
    "€": r"\texteuro{}", "\N{HYPHEN}": "-", "\N{NON-BREAKING HYPHEN}": r"\mbox{-}",
    "\N{ZERO WIDTH NON-JOINER}": "{}", "\N{ZERO WIDTH JOINER}": "{}",
}  # fmt: skip
_MATHS = {
    "−": "-", "±": r"\pm", "∓": r"\mp", "×": r"\times", "÷": r"\div", "·": r"\cdot",
    "≤": r"\leq", "≥": r"\geq", "≠": r"\neq", "≈": r"\approx", "≡": r"\equiv", "∼": r"\sim",
    "∝": r"\propto", "∞": r"\infty", "√": r"\surd", "∑": r"\sum", "∏": r"\prod", "∫": r"\int",
    "∂": r"\partial", "∈": r"\in", "∩": r"\cap", "∪": r"\cup", "⊂": r"\subset", "∅": r"\emptyset",
    "←": r"\leftarrow", "→": r"\rightarrow", "↔": r"\leftrightarrow", "↑": r"\uparrow",
    "↓": r"\downarrow", "⇒": r"\Rightarrow", "′": "'", "″": "''", "¬": r"\neg", "∗": "*",
    "°": r"^{\circ}", "∘": r"\circ", "χ": r"\chi", "µ": r"\mu", "∆": r"\Delta",
    "Α": r"\mathrm{A}", "Β": r"\mathrm{B}", "Γ": r"\Gamma", "Δ": r"\Delta", "Ε": r"\mathrm{E}",
    "Ζ": r"\mathrm{Z}", "Η": r"\mathrm{H}", "Θ": r"\Theta", "Ι": r"\mathrm{I}",
    "Κ": r"\mathrm{K}", "Λ": r"\Lambda", "Μ": r"\mathrm{M}", "Ν": r"\mathrm{N}", "Ξ": r"\Xi",
    "Ο": r"\mathrm{O}", "Π": r"\Pi", "Ρ": r"\mathrm{P}", "Σ": r"\Sigma", "Τ": r"\mathrm{T}",
    "Υ": r"\Upsilon", "Φ": r"\Phi", "Χ": r"\mathrm{X}", "Ψ": r"\Psi", "Ω": r"\Omega",
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon",
    "ζ": r"\zeta", "η": r"\eta", "θ": r"\theta", "ι": r"\iota", "κ": r"\kappa",
    "λ": r"\lambda", "μ": r"\mu", "ν": r"\nu", "ξ": r"\xi", "ο": "o", "π": r"\pi",
    "ρ": r"\rho", "ς": r"\varsigma", "σ": r"\sigma", "τ": r"\tau", "υ": r"\upsilon",
    "φ": r"\varphi", "ψ": r"\psi", "ω": r"\omega", "ϕ": r"\phi", "ϵ": r"\epsilon",
    "ϑ": r"\vartheta", "ϱ": r"\varrho", "ϖ": r"\varpi",
}  # fmt: skip
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ", "0123456789+-=()ni", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", "0123456789+-=()", strict=True))
# BibTeX counts braces, escaped or not.
_BRACES = {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}
# Letters whose accents have no decomposition, and how BibTeX sorts and prints them.
_LETTERS = {
    "ß": r"{\ss}", "æ": r"{\ae}", "Æ": r"{\AE}", "œ": r"{\oe}", "Œ": r"{\OE}", "ø": r"{\o}",
    "Ø": r"{\O}", "å": r"{\aa}", "Å": r"{\AA}", "ł": r"{\l}", "Ł": r"{\L}", "ı": r"{\i}",
}  # fmt: skip
_ACCENTS = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u",
    "\u0307": ".", "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d",
    "\u0327": "c", "\u0328": "k",
}  # fmt: skip

_RUNS = re.compile(
    f"(?P<raised>[{''.join(map(re.escape, _RAISED))}]+)|(?P<lowered>[{''.join(_LOWERED)}]+)"
    f"|(?P<accent>[A-Za-z][{''.join(_ACCENTS)}])"
    "|(?P<twice>[-',](?=[-',]))|(?P<one>.)",
    re.DOTALL,
)


def escape(text: str) -> str:
    r"""Make any text fit to stand in a paragraph, a caption or a cell.

    Examples
    --------
    >>> print(escape("−.12 & ω ≥ 50%"))
    $-$.12 \& $\omega$ $\geq$ 50\%
    >>> print(escape("7.2 × 10⁻⁶"))
    7.2 $\times$ 10$^{-6}$
    """
    escaped = _RUNS.sub(_replaced, unicodedata.normalize("NFC", text))
    return f"{{}}{escaped}" if escaped[:1] in ("[", "*") else escaped


def escape_bibtex(text: str) -> str:
    r"""Make any text fit for a field of a BibTeX entry; accents are commands, for its sorting.

    Examples
    --------
    >>> print(escape_bibtex("Müller & Øster"))
    M{\"u}ller \& {\O}ster
    """
    return "".join(
        _BRACES.get(letter) or accented(letter) or escape(letter)
        for letter in unicodedata.normalize("NFC", text)
    )


def accented(letter: str) -> str:
    r"""Return the command for an accented letter; empty if there is none.

    Examples
    --------
    >>> print(accented("é"), accented("ł"))
    {\'e} {\l}
    """
    if letter in _LETTERS:
        return _LETTERS[letter]
    base, *marks = list(unicodedata.normalize("NFD", letter))
    if len(marks) != 1 or marks[0] not in _ACCENTS or not base.isascii():
        return ""
    command = _ACCENTS[marks[0]]
    above = base in "ij" and command not in "cdk"
    inner = f"\\{base}" if above else base
    return (
        f"{{\\{command}{{{inner}}}}}" if command.isalpha() or above else f"{{\\{command}{inner}}}"
    )


def _replaced(found: re.Match[str]) -> str:
    text = found.group()
    if found["raised"]:
        return f"$^{{{''.join(map(_RAISED.__getitem__, text))}}}$"
    if found["lowered"]:
        return f"$_{{{''.join(map(_LOWERED.__getitem__, text))}}}$"
    if found["accent"]:
        return accented(text)
    if found["twice"]:
        return f"{text}{{}}"
    return f"${_MATHS[text]}$" if text in _MATHS else _SPECIAL.get(text, text)
