r"""Text for LaTeX: everything prints as it was written, nothing is executed.

What comes in are titles, names and venues from documents and the network, which may hold some LaTeX of
their own (accents, mathematics) and may be hostile. What goes out has balanced braces, is one line, holds no
control sequence but those listed here, and goes through BibTeX's change of case unharmed. Accented Latin
letters go out as BibTeX's special characters (`{\'e}`): BibTeX counts bytes, and styles that abbreviate names
would cut a UTF-8 letter in two. (Ogoneks and the letters đ, ð and þ need LaTeX's font encoding T1.)
Other scripts stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from tracker.keys import ACCENTS, LETTERS, SYMBOLS, plain_text
from tracker.regex import regex

_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",  # the common font encoding OT1 has other characters at these three places
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "$": r"\$",
    "−": "$-$",
    "√": r"$\sqrt{}$",
    "‐": "-",
    "‑": "-",
}
_LETTER_COMMANDS = {letter: command for command, letter in LETTERS.items()}
_SYMBOL_COMMANDS = {symbol: command for command, symbol in SYMBOLS.items()}
_ACCENT_COMMANDS = {mark: command for command, mark in ACCENTS.items()}

# Letters, signs, functions, delimiters, accents and fonts: nothing that defines, reads, writes or loops.
_SIGNS = """
    to le ge ne ll gg lesssim gtrsim leqslant geqslant propto cong perp parallel mid subseteq supset
    supseteq setminus emptyset varnothing notin ni forall exists neg wedge vee cdots ldots dots dagger
    ddagger aleph beth Re Im wp imath jmath varkappa varrho varpi digamma natural angle sharp flat
    triangle square Box diamond Diamond top bot vdash models Rightarrow Leftarrow Leftrightarrow
    longrightarrow mapsto hookrightarrow rightharpoonup leadsto upharpoonright downarrow uparrow searrow
    nearrow sum prod int oint bigoplus bigotimes bigcup bigcap bigvee bigwedge coprod wr amalg rtimes
    ltimes sqcup sqcap uplus div sin cos tan cot sec csc sinh cosh tanh arcsin arccos arctan log ln exp
    lim limsup liminf sup inf max min det dim ker hom deg gcd arg Pr lfloor rfloor lceil rceil lbrace
    rbrace vert Vert lvert rvert lVert rVert backslash quad qquad
"""
# These take an argument.
_OVER = """
    frac tfrac dfrac binom sqrt bar hat tilde vec dot ddot widehat widetilde overline underline check
    breve acute grave mathring mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak mathscr
    boldsymbol bm text textrm textit textbf mbox operatorname overset underset stackrel
"""
_MATH_COMMANDS = frozenset(SYMBOLS) | frozenset(_SIGNS.split()) | frozenset(_OVER.split())
_MATH = regex(r"\$(?=[^\s$])((?:[^$\\]|\\.)+?)(?<!\s)\$(?!\d)", re.DOTALL)
_DOLLARS = regex(r"\$\$|\\[()]")  # other ways to begin and end a formula
_MATH_TOKEN = regex(r"\\([a-zA-Z]+)|\\(.)|(\^\^|[%#&~])", re.DOTALL)
_MATH_LENGTH = 300
_SIZES = regex(r"\\(?:left|right|[bB]igg?[lr]?|displaystyle|limits)(?![a-zA-Z])\s*")
_OLD_FONT = regex(
    r"\{\s*\\(rm|bf|it|sf|tt|cal|frak|Bbb)(?![a-zA-Z])\s*([^{}]*)\}|\\(cal|frak|Bbb)(?![a-zA-Z])"
)
_NEW_FONT = {"frak": "mathfrak", "Bbb": "mathbb"}
# An index or a command that lacks its argument, or a second index: LaTeX stops at these.
_BROKEN = regex(
    rf"[_^]\s*(?:$|[_^}}])|\\(?:{'|'.join(_OVER.split())})(?![a-zA-Z])\s*(?:$|[_^}}])"
    r"|([_^])\s*(?:[^\\{}]|\\[a-zA-Z]+|\{[^{}]*\})\s*\1"
)
_FIRST_MARK = 0xF0000  # private characters that stand for a formula while the text around it is worked on


class Text:
    """A text before it is written: plain characters, with one private character for each formula."""

    def __init__(self, source: str) -> None:
        self._formulas: list[str] = []
        text = _MATH.sub(self._keep, _DOLLARS.sub("$", clean(source)))
        self.plain = " ".join(plain_text(text).split())

    def _keep(self, found: re.Match[str]) -> str:
        formula = _safe_formula(found[1])
        if formula is None or len(self._formulas) > 0xFFF0:
            return found[0]
        self._formulas.append(formula)
        return chr(_FIRST_MARK + len(self._formulas) - 1)

    def latex(self, start: int = 0, end: int | None = None) -> str:
        """LaTeX for `plain[start:end]`."""
        pieces: list[str] = []
        for character in self.plain[start:end]:
            if ord(character) >= _FIRST_MARK:
                pieces.append(self._formulas[ord(character) - _FIRST_MARK])
            elif (
                unicodedata.combining(character) and pieces and pieces[-1].isalnum() and pieces[-1].isascii()
            ):
                pieces[-1] = _accented(pieces[-1], character)
            else:
                pieces.append(_escaped(character))
        return "".join(pieces)


def latex_text(text: str) -> str:
    r"""The text as LaTeX that prints it, in one line.

    >>> latex_text("R&D: 50% of x_1 is $\\ell_1$ café")
    "R\\&D: 50\\% of x\\_1 is $\\ell_1$ caf{\\'e}"
    """
    return Text(text).latex()


def clean(text: str) -> str:
    """The text without control, format, private and surrogate characters; accents composed, ligatures undone.

    Line breaks and tabs become blanks.
    """
    if text.isascii() and text.isprintable():
        return text
    kept = (
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in _UNWANTED
    )
    composed = unicodedata.normalize("NFC", "".join(kept))
    return re.sub("[ﬀ-ﬆ]", lambda found: unicodedata.normalize("NFKC", found[0]), composed)


_UNWANTED = frozenset({"Cc", "Cf", "Cs", "Co"})


@lru_cache(maxsize=4096)
def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isascii():
        return character
    if character in "đĐðÐþÞ":  # pandoc drops their commands; as this, BibTeX takes them for one letter too
        return f"{{\\relax {character}}}"
    if character in _LETTER_COMMANDS:
        return f"{{\\{_LETTER_COMMANDS[character]}}}"
    if character in _SYMBOL_COMMANDS:
        return _kept_in_case(f"$\\{_SYMBOL_COMMANDS[character]}$")
    base, *marks = list(unicodedata.normalize("NFD", character))
    if not marks or not base.isascii() or not _ACCENT_COMMANDS.keys() >= set(marks):
        return character
    letter = base
    for mark in sorted(marks, key=_is_below):  # LaTeX can put nothing over a letter that has a mark below
        letter = _accented(letter, mark)
    return letter


def _is_below(mark: str) -> bool:
    return unicodedata.combining(mark) < unicodedata.combining("\N{COMBINING ACUTE ACCENT}")


def _accented(letter: str, mark: str) -> str:
    command = _ACCENT_COMMANDS.get(mark)
    if command is None:
        return letter + mark
    if letter == "j":
        letter = r"\j"  # of an i LaTeX itself takes the dot off
    is_bare = len(letter) == 1 and not command.isalpha()
    inside = letter if is_bare or letter.startswith("{") else f"{{{letter}}}"
    return f"{{\\{command}{inside}}}"


def _kept_in_case(formula: str) -> str:
    """BibTeX's change of case works inside formulas too: `$O(n)$` would become `$o(n)$`."""
    return f"{{{formula}}}" if any(map(str.isupper, formula)) else formula


def _safe_formula(formula: str) -> str | None:
    """The formula ready to print, None where it is not one or could do more than print."""
    if len(formula) > _MATH_LENGTH:  # a title's formula is short, and the patterns below need not scale
        return None
    formula = _OLD_FONT.sub(_new_font, _SIZES.sub("", formula))
    formula = formula.replace(r"\{", r"\lbrace ").replace(r"\}", r"\rbrace ")
    formula = re.sub(r"[^\x00-\x7f]", lambda found: _formula_symbol(found[0]), formula).strip()
    if not formula.isascii() or not _has_balanced_braces(formula) or _BROKEN.search(formula):
        return None
    for token in _MATH_TOKEN.finditer(formula):
        if (
            token[3]
            or (token[1] and token[1] not in _MATH_COMMANDS)
            or (token[2] and token[2] not in ",;:!| ")
        ):
            return None
    return _kept_in_case(f"${formula}$")


def _new_font(found: re.Match[str]) -> str:
    """Classes of today know `\\mathrm{x}` and stop at `{\\rm x}`."""
    old = found[1] or found[3]
    command = f"\\{_NEW_FONT.get(old, 'math' + old)}"
    return f"{command} " if found[3] else f"{{{command}{{{found[2]}}}}}"


def _formula_symbol(character: str) -> str:
    command = _SYMBOL_COMMANDS.get(character)
    return f"\\{command} " if command else character


def _has_balanced_braces(text: str) -> bool:
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0
