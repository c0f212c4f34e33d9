r"""Titles, names and venues as people read them: the text that arXiv's LaTeX stands for. Pure.

In: what authors typed ("$\ell_1$-norm", "Poincar\'e", "{\it et al.}", broken over lines). Out: one line of
Unicode ("ℓ_1-norm", "Poincaré", "et al."). Sub- and superscripts keep their signs, for not all have characters of
their own, and LaTeX fonts have fewer. A command that nobody knows leaves its name.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from tracker.keys import SYMBOLS, plain_text
from tracker.regex import regex

_TELLING: Final = regex(r"[\\${}~]|--|``|''")
_FORMULA: Final = regex(r"\$\$?([^$]+)\$\$?(?!\d)")
_PRICE: Final = regex(r"\d[\d.,]*\s")
_SCRIPT: Final = regex(r"([_^])\s*\{([^{}]*)\}")
_JOINED: Final = regex(r"[^-+][-+=,/ ]|[<>|]")
"""What stands between the parts of a script that needs brackets: "x_{i,j}", not "10^{-3}"."""
_FRACTION: Final = regex(r"\\[dt]?frac\s*(?:\{([^{}]*)\}|(\w))\s*(?:\{([^{}]*)\}|(\w))")
_OVER: Final = {
    "bar": "\u0304",
    "overline": "\u0304",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "hat": "\u0302",
    "widehat": "\u0302",
    "dot": "\u0307",
    "ddot": "\u0308",
    "vec": "\u20d7",
    "check": "\u030c",
    "breve": "\u0306",
    "acute": "\u0301",
    "grave": "\u0300",
    "mathring": "\u030a",
}
"""Commands of mathematics for what stands over a letter -> combining character."""
_OVER_ONE: Final = regex(
    rf"\\({'|'.join(_OVER)})(?![a-zA-Z])\s*(?:\{{\s*(\\?[a-zA-Z]+)\s*\}}|(\\[a-zA-Z]+|[a-zA-Z]))"
)
_SIGN_TABLE: Final = """
    lesssim ≲  gtrsim ≳  leqslant ⩽  geqslant ⩾  propto ∝  cong ≅  perp ⊥  parallel ∥  mid |  subseteq ⊆
    supset ⊃  supseteq ⊇  setminus ∖  emptyset ∅  varnothing ∅  notin ∉  ni ∋  forall ∀  exists ∃  neg ¬  wedge ∧
    vee ∨  cdots ⋯  dagger †  ddagger ‡  aleph ℵ  Re ℜ  Im ℑ  varrho ϱ  rho ρ  sum ∑  prod ∏  int ∫  oint ∮
    Rightarrow ⇒  Leftarrow ⇐  Leftrightarrow ⇔  longrightarrow ⟶  mapsto ↦  hookrightarrow ↪  downarrow ↓
    uparrow ↑  nearrow ↗  searrow ↘  gg ≫  ll ≪  lfloor ⌊  rfloor ⌋  lceil ⌈  rceil ⌉  triangle △  square □  Box □
    natural ♮  sharp ♯  flat ♭  bigoplus ⨁  bigotimes ⨂  rtimes ⋊  ltimes ⋉  div ÷  vert |  Vert ‖  lvert |
    rvert |  ast *  textordmasculine º  textordfeminine ª  copyright ©  pounds £  S §
"""
_SIGNS: Final = {
    words[0]: words[1] for line in re.split(r"  |\n", _SIGN_TABLE) if len(words := line.split()) == 2
}
_SPACED: Final = regex(r"\\([a-zA-Z]+)(?= +\w\w)")
_DROPPED: Final = frozenset(
    {"boldmath", "unboldmath", "mathop", "mathrel", "mathsurround", "noindent", "uppercase"}
)
_BRACES: Final = {0xE010: "{", 0xE011: "}"}
"""Characters that stand for the braces of a formula while those that group are taken away."""
_LEFT: Final = regex(r"\\([a-zA-Z]+|.)")
_REST: Final = regex(r"\\([a-zA-Z]+)\s*|\\(.)")


def readable(text: str) -> str:
    r"""The text without LaTeX, on one line.

    >>> readable("From  dyadic $\\Lambda_{\\alpha}$\n  to Poincar\\'{e}'s $\\ell_1$ and {\\it Kr\\\"oger}")
    "From dyadic Λ_α to Poincaré's ℓ_1 and Kröger"
    >>> readable("Pr$_{2-x}$Ce$_x$CuO$_4$ at $10^{-3}$ K, $D^0\\bar D^0$: a $100 and a $200 genome")
    'Pr_(2-x)Ce_xCuO_4 at 10^-3 K, D^0D̄^0: a $100 and a $200 genome'
    """
    if _TELLING.search(text):
        text = _without_markup(text)
    return " ".join(text.split())


def _without_markup(text: str) -> str:
    text = text.replace("\\\\", " ")
    text = text.replace("``", "“").replace("''", "”") if "``" in text else text.replace("''", '"')
    text = re.sub(r"(?<!-)---(?!-)", "—", text)
    text = re.sub(r"(?<![-<])--(?![->])", "–", text)
    text = re.sub(r"(?<=[A-Za-z.,])~(?=[A-Za-z])", " ", text)
    if "$" in text:
        text = _FORMULA.sub(lambda found: _formula(found), text)
    if "\\" in text or "{" in text or "}" in text:
        text = _plain(_SPACED.sub(_with_space, text))
    return unicodedata.normalize("NFC", text.translate(_BRACES))


def _formula(found: re.Match[str]) -> str:
    if _PRICE.match(found[1]):
        return found[0]
    return _plain(found[1]).replace("{", "\ue010").replace("}", "\ue011")


def _with_space(found: re.Match[str]) -> str:
    """Outside of formulas authors mean the blank behind a sign, though LaTeX would swallow it."""
    return f"{found[0]}{{}}" if found[1] in SYMBOLS or found[1] in _SIGNS else found[0]


def _plain(latex: str) -> str:
    latex = re.sub(r"(?<![\\\w])sqrt\{", r"\\sqrt{", latex)
    latex = _FRACTION.sub(lambda found: f"{found[1] or found[2]}/{found[3] or found[4]}", latex)
    latex = _REST.sub(_sign, _OVER_ONE.sub(_with_mark, latex))
    latex = _SCRIPT.sub(_script, _SCRIPT.sub(_script, latex))
    return _LEFT.sub(r"\1", plain_text(latex)).strip()


def _with_mark(found: re.Match[str]) -> str:
    letter = found[2] or found[3]
    if letter.startswith("\\"):
        letter = plain_text(letter) if len(plain_text(letter)) == 1 else f"{letter} "
    return letter + _OVER[found[1]] if len(letter) == 1 else letter


def _sign(found: re.Match[str]) -> str:
    return "" if found[1] in _OVER or found[1] in _DROPPED else _SIGNS.get(found[1], found[0])


def _script(found: re.Match[str]) -> str:
    inner = found[2].strip().lstrip("_")
    return f"{found[1]}({inner})" if _JOINED.search(inner) else found[1] + inner
