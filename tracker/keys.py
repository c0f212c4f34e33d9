r"""Comparison keys for titles and names, and the plain text under LaTeX markup. Pure.

Two titles have the same key when they differ only in case, accents, punctuation, blanks, hyphens or LaTeX
markup; the same holds for names. Keys are for comparing, never for showing.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple, NewType

from tracker.regex import regex

TitleKey = NewType("TitleKey", str)
"""Letters and digits only, folded: "qloraefficientfinetuningofquantizedllms". "" equals no title."""
NameKey = NewType("NameKey", str)
"""Folded family name and first initial: "vandermaaten l"; an organisation's whole name: "googlebrain"."""

ACCENTS = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "c": "\u0327",
    "H": "\u030b",
    "k": "\u0328",
    "r": "\u030a",
    "u": "\u0306",
    "v": "\u030c",
    "d": "\u0323",
    "b": "\u0331",
}
"""LaTeX accent command (without backslash) -> combining character."""


def _pairs(table: str) -> dict[str, str]:
    words = table.split()
    return dict(zip(words[::2], words[1::2], strict=True))


LETTERS = _pairs(
    """
    ss ß  o ø  O Ø  l ł  L Ł  ae æ  AE Æ  oe œ  OE Œ  aa å  AA Å  i ı  j ȷ  dj đ  DJ Đ  dh ð  DH Ð  th þ
    TH Þ
    """
)
"""LaTeX command for a letter -> that letter."""

SYMBOLS = _pairs(
    """
    alpha α  beta β  gamma γ  delta δ  epsilon ϵ  varepsilon ε  zeta ζ  eta η  theta θ  vartheta ϑ  iota ι
    kappa κ  lambda λ  mu μ  nu ν  xi ξ  pi π  rho ρ  sigma σ  varsigma ς  tau τ  upsilon υ  phi ϕ  varphi φ
    chi χ  psi ψ  omega ω  Gamma Γ  Delta Δ  Theta Θ  Lambda Λ  Xi Ξ  Pi Π  Sigma Σ  Upsilon Υ  Phi Φ  Psi Ψ
    Omega Ω  times ×  infty ∞  ell ℓ  rightarrow →  leftarrow ←  leftrightarrow ↔  sim ∼  leq ≤  geq ≥
    ast ∗  circ ∘  pm ±  mp ∓  star ⋆  cdot ⋅  approx ≈  partial ∂  nabla ∇  langle ⟨  rangle ⟩
    prime ′  neq ≠  in ∈  oplus ⊕  otimes ⊗  odot ⊙  equiv ≡  cup ∪  cap ∩  subset ⊂  simeq ≃  hbar ℏ
    bullet •
    """
)
"""LaTeX command of mathematics -> the character it prints."""

_MORE = _pairs(
    r"""
    to →  sqrt √  le ≤  ge ≥  ne ≠  LaTeX LaTeX  TeX TeX  textbackslash \  textasciitilde ~  textasciicircum ^
    textless <  textgreater >  textbar |  textunderscore _  textdollar $  textbraceleft {  textbraceright }
    lbrace {  rbrace }  textquotedbl "  textregistered ®  textendash –  textemdash —  ldots …  dots …
    textellipsis …
    """
)
_COMMANDS = LETTERS | SYMBOLS | _MORE

# Commands that change only how their argument looks: they go, the argument stays.
_LOOKS = """
    textit textbf texttt textsc textrm textsf textup textsl textsuperscript textsubscript textnormal emph
    rm it bf em sc sf sl tt cal text mbox ensuremath mathrm mathbf mathit mathsf mathtt mathcal mathbb
    mathfrak mathscr boldsymbol bm Bbb frak operatorname protect left right limits displaystyle textstyle
    big Big bigl bigr Bigl Bigr underline relax small large itshape bfseries scshape ttfamily url
"""
_LOOKS_COMMANDS = frozenset(_LOOKS.split())

_ACCENT = regex(
    r"\\(?:([`'^\"~=.])\s*|([cHkruvdb])(?:\s+|(?=[{\\])))(?:\{\s*(\\?[a-zA-ZÀ-ɏḀ-ỹ])\s*\}|(\\[ij](?![a-zA-Z])|[a-zA-ZÀ-ɏḀ-ỹ]))"
)
_MOST_ACCENTS = 2
"""Of one letter, one inside the other: no orthography of Latin letters has more."""
_COMMAND = regex(r"\\([a-zA-Z]+)\s*|\\([&%#_${}])|\\([,;:! /-])")
# Braces written as characters must survive the removal of the braces that only group.
_KEPT_BRACES = {"{": "\ue000", "}": "\ue001"}
_RESTORED_BRACES = str.maketrans({mark: brace for brace, mark in _KEPT_BRACES.items()})


def plain_text(latex: str) -> str:
    r"""The text that LaTeX markup stands for: accents composed, formatting and grouping braces gone.

    Commands that are not known stay as they are; `$` and `~` stay, for the caller knows what they mean.
    Text without backslashes and braces comes back unchanged.

    >>> plain_text(r"{\"O}stlund {\&} Doll\'{a}r: \textit{De} {novo}")
    'Östlund & Dollár: De novo'
    """
    if not ("\\" in latex or "{" in latex or "}" in latex):
        return latex
    text = latex.replace("\ue000", "").replace("\ue001", "")
    for _ in range(_MOST_ACCENTS):
        text = _ACCENT.sub(_accented, text)
    text = _COMMAND.sub(_command, text)
    return text.replace("{", "").replace("}", "").translate(_RESTORED_BRACES)


def _accented(found: re.Match[str]) -> str:
    letter = (found[3] or found[4]).lstrip("\\")
    return unicodedata.normalize("NFC", letter + ACCENTS[found[1] or found[2]])


def _command(found: re.Match[str]) -> str:
    if found[2]:
        return _KEPT_BRACES.get(found[2], found[2])
    if found[3]:  # blanks of several widths, and places where a word may or must not be taken apart
        return "" if found[3] in "!/-" else " "
    if found[1] in _LOOKS_COMMANDS:
        return ""
    value = _COMMANDS.get(found[1])
    if value is None:
        return found[0]
    return _KEPT_BRACES.get(value, value)


# Letters that Unicode does not take apart, and signs that are written as letters too.
_FOLDED = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ȷ": "j",
        "×": "x",
        "ħ": "h",
    }
)


def fold(text: str) -> str:
    """Lower case without accents; compatibility forms (full-width, ligatures) as the plain ones.

    >>> fold("Łukasz Öztürk ＡＢ")
    'lukasz ozturk ab'
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in apart if not unicodedata.combining(c)).translate(_FOLDED)


def title_key(title: str) -> TitleKey:
    r"""The key of a title, which may hold LaTeX markup and mathematics.

    "&" counts as "and", Greek letters as their names; Chinese is kept.

    >>> title_key("{QLoRA}: Efficient  Finetuning of Quantized {LLM}s.")
    'qloraefficientfinetuningofquantizedllms'
    >>> title_key(r"On $\alpha$-Divergence") == title_key("On alpha divergence")
    True
    """
    text = fold(plain_text(title)).replace("&", "and")
    if text.isascii():
        return TitleKey("".join(filter(str.isalnum, text)))
    return TitleKey("".join(_greek_name(c) for c in text if c.isalnum()))


def _greek_name(character: str) -> str:
    if not "\u0370" <= character <= "\u03ff":
        return character
    name = unicodedata.name(character, "")
    is_letter = name.startswith("GREEK SMALL LETTER ")
    return name.removeprefix("GREEK SMALL LETTER ").removeprefix("FINAL ").lower() if is_letter else character


class Name(NamedTuple):
    """A name in its parts."""

    family: str
    """With its particles: "van der Maaten". An organisation's whole name."""
    given: str = ""
    suffix: str = ""
    """"Jr.", "III"."""
    is_organisation: bool = False


# Written in lower case before a family name they belong to it; a few do so in capitals too ("Luc Van Gool").
_PARTICLE_WORDS = """
    van von vom der den de del della delle di da das dos du d' la le les ter ten te 't zu zum zur af av
    el al bin ibn abu ben
"""
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_CAPITAL_PARTICLES = frozenset({"Van", "Von", "De", "Del", "Della", "Dos", "Der", "Den", "Le", "La", "El"})
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
_ORGANISATION = regex(
    r"\b(?:teams?|collaborations?|consortium|group|lab|labs|laboratory|research|university|institute|"
    r"project|community|foundation|initiative|committee|society|organi[sz]ation|openai|google|deepmind|"
    r"nvidia|microsoft|deepseek|inc|ltd|corporation)\b",
    re.IGNORECASE,
)


def split_name(author: str) -> Name:
    """The parts of one author's name, as "Given Family", "Family, Given", "Family, Jr., Given" or "{Group}".

    Which words of a name are the family name cannot be known in general: it is the last word, with the
    particles and the suffix that stand with it; two family names without a hyphen count as one.

    >>> split_name("Laurens van der Maaten")
    Name(family='van der Maaten', given='Laurens', suffix='', is_organisation=False)
    """
    text = " ".join(plain_text(author).replace("~", " ").replace("’", "'").split())
    if is_braced(author.strip()) or is_organisation(text):
        return Name(text, is_organisation=True)
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > 1 and parts[0]:
        suffix = next((part for part in parts[1:] if part.lower() in _SUFFIXES), "")
        given = next((part for part in parts[1:] if part and part != suffix), "")
        if given or suffix:
            return Name(parts[0], given, suffix)
    return _split_words(text.replace(",", " ").split())


def is_braced(text: str) -> bool:
    """Whether one pair of braces encloses the whole text, as BibTeX writes the name of an organisation."""
    if not (text.startswith("{") and text.endswith("}")) or text.startswith("{\\"):
        return False
    depth = 0
    for position, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if depth == 0:
            return position == len(text) - 1
    return False


def is_organisation(text: str) -> bool:
    """Whether the words of a name tell that it is not a person's ("Qwen Team", "DeepSeek-AI").

    >>> is_organisation("Gemini Team"), is_organisation("Mistral AI"), is_organisation("Bo Ai")
    (True, True, False)
    """
    return bool(_ORGANISATION.search(text)) or re.search(r"(?:^|[\s.-])AI$", text) is not None


def _split_words(words: list[str]) -> Name:
    suffix = words.pop() if len(words) > 2 and words[-1].lower() in _SUFFIXES else ""
    start = max(len(words) - 1, 0)
    for position in range(1, len(words) - 1):
        if words[position] in _PARTICLES or words[position] in _CAPITAL_PARTICLES:
            start = position
            break
    return Name(" ".join(words[start:]), " ".join(words[:start]), suffix)


def family_name(author: str) -> str:
    r"""The family name with its particles, the whole name of an organisation; "" for an empty name.

    >>> family_name(r"Piotr Doll{\'a}r"), family_name("{Google Brain}")
    ('Dollár', 'Google Brain')
    """
    return split_name(author).family


def name_key(author: str) -> NameKey:
    """The key of a name: equal for all the ways of writing it that keep family name and first initial.

    >>> name_key("van der Maaten, L.") == name_key("Laurens Van Der Maaten")
    True
    """
    name = split_name(author)
    family = _letters(name.family)
    initial = _letters(name.given)[:1]
    return NameKey(f"{family} {initial}".strip())


def name_words(author: str) -> frozenset[str]:
    """The folded words of a name that have two letters or more, for comparing whatever order they stand in.

    >>> sorted(name_words("Wang, Wei")) == sorted(name_words("Wei Wang"))
    True
    """
    words = re.split(r"[\s,.\-]+", fold(plain_text(author).replace("~", " ")))
    return frozenset(letters for word in words if len(letters := _letters(word)) > 1 or not letters.isascii())


def _letters(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalpha())
