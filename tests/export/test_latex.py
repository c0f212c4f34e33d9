from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.export.latex import latex_text
from tracker.keys import plain_text

quick = settings(max_examples=50, deadline=None)


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("", ""),
        ("R&D: 50% of #1, x_1", r"R\&D: 50\% of \#1, x\_1"),
        (
            "z~2, L^p, a<b>c|d",
            r"z\textasciitilde{}2, L\textasciicircum{}p, a\textless{}b\textgreater{}c\textbar{}d",
        ),
        ("café, Łódź, naïve, Çağ, ß", r"caf{\'e}, {\L}{\'o}d{\'z}, na{\"i}ve, {\c{C}}a{\u{g}}, {\ss}"),
        (r"caf\'e \c{c}a", r"caf{\'e} {\c{c}}a"),
        ("Nguyễn, Trọng, ộ, ǖ", r"Nguy{\~{\^e}}n, Tr{\d{o}}ng, {\d{\^o}}, {\={\"u}}"),
        (r"on $\ell_1$ norms", r"on $\ell_1$ norms"),
        ("α, ×, ∞, Ω", r"$\alpha$, $\times$, $\infty$, {$\Omega$}"),
        ("costs $5 and $6", r"costs \$5 and \$6"),
        ("$x$ and $", r"$x$ and \$"),
        ("大模型，综述", "大模型，综述"),
        ("a\x00b\u202ec\x7f\nd\te", "abc d e"),
        ("{a} }b{ \\", r"a b \textbackslash{}"),
        (r"C:\temp \mum", r"C:\textbackslash{}temp \textbackslash{}mum"),
    ],
)
def test_text_prints_as_it_was_written(text: str, latex: str) -> None:
    assert latex_text(text) == latex


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("$O(n)$", "{$O(n)$}"),  # BibTeX would make it o(n)
        (r"${\rm PGL}(2)$", r"{${\mathrm{PGL}}(2)$}"),
        (r"\(a\) $$b$$", "$a$ $b$"),
        (r"$\{0,1\}^n$", r"$\lbrace 0,1\rbrace ^n$"),
        ("$λ_θ$", r"$\lambda _\theta$"),
    ],
)
def test_formulas_stay(text: str, latex: str) -> None:
    assert latex_text(text) == latex


@pytest.mark.parametrize(
    "formula",
    [
        r"\input{/etc/passwd}",
        r"\write18{ls}",
        r"\def\x{y}\x",
        r"\csname input\endcsname",
        "a^^5cinput",
        "a%b",
        "#1",
        "a&b",
        "}{",
        "x^",
        "x^2^3",
        r"\frac",
        r"\\",
        "x" * 1000,
    ],
)
def test_what_is_no_formula_or_could_do_harm_is_printed(formula: str) -> None:
    latex = latex_text(f"${formula}$")
    assert latex.startswith(r"\$") and latex.endswith(r"\$")


COMMAND = re.compile(r"\\([a-zA-Z]+|.)")
HARMFUL = st.sampled_from(
    ["\\input", "\\write18", "$", "{", "}", "\\", "^^", "%", "&", "#", "_", "~", "\\'", " e"]
)


@quick
@given(st.lists(st.one_of(HARMFUL, st.text(max_size=5))).map("".join))
def test_nothing_breaks_out(text: str) -> None:
    latex = latex_text(text)
    depth = 0
    for character in latex:
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0
    assert "\n" not in latex and "\r" not in latex
    assert not {"input", "write", "def", "csname", "catcode"} & set(COMMAND.findall(latex))
    assert re.sub(r"\\.", "", latex).count("$") % 2 == 0
    assert not re.search(r"(?<!\\)[%#&]", latex)


@quick
@given(st.text(st.characters(categories=["Lu", "Ll"], max_codepoint=0x17F)))
def test_reading_letters_gives_them_back(text: str) -> None:
    assert latex_text(text).replace("\\relax ", "").isascii() or set(text) & set("đĐðÐþÞµĸŉŊŋŦŧſĿŀĲĳħĦ")
    assert plain_text(latex_text(text)) == text


NO_COMMAND = {"\N{COMBINING HORN}", "\N{COMBINING HOOK ABOVE}"}


@quick
@given(st.text(st.characters(categories=["Lu", "Ll"], min_codepoint=0x1EA0, max_codepoint=0x1EF9)))
def test_letters_with_two_accents_are_commands_and_read_again(text: str) -> None:
    has_command = not NO_COMMAND & set(unicodedata.normalize("NFD", text))
    assert latex_text(text).isascii() or not has_command
    assert plain_text(latex_text(text)) == text
