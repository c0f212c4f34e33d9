"""LaTeX in titles and names: what people read, whatever was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.catalogue.readable import readable


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        ("", ""),
        ("Attention Is\n  All You Need", "Attention Is All You Need"),
        (r"$\ell_1$-norm", "ℓ_1-norm"),
        (r"{\'e}, \'{e}, \'e, \`a, \"{o}, \c{c}, \v S, {\o}, \'{\i}", "é, é, é, à, ö, ç, Š, ø, í"),
        (r"The \emph{whole} {\it story} of \textsc{ParseTalk}", "The whole story of ParseTalk"),
        (r"$\alpha$ from $B\to\pi\pi$ decays", "α from B→ππ decays"),
        (r"Z^0 and \gamma rays", "Z^0 and γ rays"),
        (r"Pr$\epsilon\epsilon$ch", "Prϵϵch"),
        (r"$H^{p,q}(R^n)$ and $10^{-3}$", "H^(p,q)(R^n) and 10^-3"),
        (r"$D^0\bar{D}^{*0}$, $\widetilde{\frak{gl}}$", "D^0D̄^*0, gl"),
        (r"$\sqrt{s_{_{NN}}}$ = 200 GeV, $\frac{1}{2}$", "√s_NN = 200 GeV, 1/2"),
        (r"$\{0,1\}$-matrices", "{0,1}-matrices"),
        (r"50\% of R\&D costs \$5", "50% of R&D costs $5"),
        ("Between $100 and $200", "Between $100 and $200"),
        ("a $5 or $ sign", "a $5 or $ sign"),
        ("``quoted'' -- and --- dashed --> so", "“quoted” – and — dashed --> so"),
        ("J.~Smith at z~2", "J. Smith at z~2"),
        (r"\unknown{x} y", "unknownx y"),
        ("{", ""),
        ("\\", "\\"),
        ("$", "$"),
        (r"深度学习 $\lambda$", "深度学习 λ"),
    ],
)
def test_what_people_read(latex: str, text: str) -> None:
    assert readable(latex) == text


@given(st.text())
def test_anything_comes_out_on_one_line(text: str) -> None:
    assert readable(text) == " ".join(readable(text).split())


@given(st.text(st.characters(exclude_characters="\\${}~-`'\ue010\ue011", codec="utf-8")))
def test_text_without_markup_stays(text: str) -> None:
    assert readable(text) == " ".join(text.split())
