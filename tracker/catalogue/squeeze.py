"""One spelling for comparing texts: only letters and digits, folded; and a hash of it.

In: text. Out: its *squeezed* form ("Mixtral-8x7B", "mixtral 8X7B" -> "mixtral8x7b"). For whole documents,
`stretch` gives the same as arrays.

Folded are: case, accents, full-width and mathematical letters, ligatures, HTML character references,
traditional Chinese characters; dropped are blanks, punctuation, markup and hyphenation. A full stop between
two digits stays ("phi-1.5" is not "phi-15").
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from html import unescape
from itertools import chain
from pathlib import Path
from typing import Final

from tracker.regex import regex

BASE: Final = 0x9E3779B97F4A7C15
"""Base of the polynomial hash modulo 2**64; odd, so that it has an inverse."""
MASK: Final = (1 << 64) - 1
INVERSE: Final = pow(BASE, -1, 1 << 64)
SEPARATOR: Final = 0
JOINER: Final = 1
"""Folded value of what is dropped without parting a word: combining marks, soft hyphens, invisible
joiners."""
LIGATURES: Final = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
"""Folded values 2, 3, ...; PDF files hold them."""
FIRST_LETTER: Final = JOINER + len(LIGATURES) + 1
_FOLDED_RANGES: Final = (
    (0x0030, 0x0250),  # digits, Latin
    (0x0370, 0x0590),  # Greek, Cyrillic, Armenian
    (0x1E00, 0x2000),  # Latin and Greek with marks
    (0x2070, 0x2190),  # super- and subscripts, letter-like symbols
    (0xFF00, 0xFFF0),  # full-width forms
)
_KEPT_RANGES: Final = (
    (0x3041, 0x30FF),
    (0x3400, 0x4DC0),
    (0x4E00, 0xA000),
    (0xAC00, 0xD7A4),
    (0xF900, 0xFB00),
)
_JOINER_POINTS: Final = (
    *range(0x0300, 0x0370),  # combining marks
    *range(0x1AB0, 0x1B00),
    *range(0x1DC0, 0x1E00),
    *range(0x20D0, 0x2100),
    *range(0xFE20, 0xFE30),
    *(0x00AD, 0x200C, 0x200D, 0x2060, 0xFEFF),  # soft hyphen, joiners, byte order mark
)
_BEYOND: Final = regex("[\U00010000-\U0010ffff]")
_FULL_STOP: Final = regex(r"(?<![0-9])\.|\.(?![0-9])")
REFERENCE: Final = regex(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


@cache
def fold_character(character: str) -> str:
    """The folded form of a character, "" where it is dropped or does not fold to a single letter or digit."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    plain = plain.lower()
    return plain if len(plain) == 1 and plain.isalnum() and plain < "\U00010000" else ""


@cache
def folding_table() -> list[int]:
    """For each code point below 2**16 the folded one, or one of the values below `FIRST_LETTER`."""
    table = [SEPARATOR] * 0x10000
    for first, last in _FOLDED_RANGES:
        for point in range(first, last):
            table[point] = ord(fold_character(chr(point)) or chr(SEPARATOR))
    for first, last in _KEPT_RANGES:
        table[first:last] = range(first, last)
    for point in _JOINER_POINTS:
        table[point] = JOINER
    for value, ligature in enumerate(LIGATURES, JOINER + 1):
        table[ord(ligature)] = value
    pairs = (Path(__file__).parent / "simplified.txt").read_text(encoding="utf-8").split()
    for pair in pairs:  # a traditional and a simplified character; source: OpenCC's TSCharacters table
        table[ord(pair[0])] = ord(pair[1])
    changed = [range(first, last) for first, last in _FOLDED_RANGES] + [[ord(pair[0]) for pair in pairs]]
    for point in chain.from_iterable(changed):  # so that folding again changes nothing
        if table[point] >= FIRST_LETTER:
            table[point] = table[table[point]]
    return table


class _Translation(dict[int, str | None]):
    """The table in the form that `str.translate` wants, filled as texts hold characters: making it whole would
    cost each start 10 ms. Characters beyond U+FFFF stay as they are."""

    def __init__(self, separator: str | None) -> None:
        """`separator` stands for a character that parts words and is no full stop; None: nothing does."""
        super().__init__({ord("."): "."})
        self._spelled = [separator, None, *LIGATURES.values()]

    def __missing__(self, point: int) -> str | None:
        value = folding_table()[point]
        self[point] = plain = chr(value) if value >= FIRST_LETTER else self._spelled[value]
        return plain


_SQUEEZED: Final = _Translation(None)
_FOLDED: Final = _Translation(" ")


_SHORT: Final = 100
"""Code points of texts whose squeezed form is kept: names, that are asked for again and again."""


def squeeze(text: str) -> str:
    """The squeezed form of a text.

    >>> squeeze("Mixtral-8x7B"), squeeze("「Ｑ-LoRA」"), squeeze("phi-1.5."), squeeze("{\\\\'E}mile")
    ('mixtral8x7b', 'qlora', 'phi1.5', 'emile')
    >>> squeeze("Q&amp;A, eﬃcient, Poincare\u0301, 𝐐𝐋𝐨𝐑𝐀")
    'qaefficientpoincareqlora'
    """
    return _squeeze_short(text) if len(text) <= _SHORT else _squeeze(text)


def _squeeze(text: str) -> str:
    if "&" in text:
        text = REFERENCE.sub(lambda found: read_reference(found[0]), text)
    text = _FULL_STOP.sub("", _within_16_bits(text))
    return text.translate(_SQUEEZED)


_squeeze_short: Final = lru_cache(maxsize=1 << 15)(_squeeze)


def read_reference(reference: str) -> str:
    """The character that "&eacute;" stands for, a blank for what is no letter; unknown ones are no
    references."""
    plain = unescape(reference)
    if plain == reference:
        return plain
    return plain if len(plain) == 1 and folded_value(plain) >= FIRST_LETTER else " "


def folded_value(character: str) -> int:
    """What `folding_table` says of a character, beyond U+FFFF too."""
    return folding_table()[ord(character)] if character < "\U00010000" else SEPARATOR


def _within_16_bits(text: str) -> str:
    """The text with mathematical letters as plain ones and other characters beyond U+FFFF as none, same
    length."""
    if text.isascii():
        return text
    return _BEYOND.sub(lambda found: fold_character(found[0]) or "\uffff", text)


def fold(text: str) -> str:
    """The text with each character folded, and a blank for each that `squeeze` drops; full stops stay.

    >>> fold("Ｑ-LoRA：「體系」 v1.5")
    'q lora  体系  v1.5'
    """
    return text.translate(_FOLDED)


def span_hash(squeezed: str) -> int:
    """The 64-bit hash of a squeezed text, the same that `Squeezed.hashes` gives for a span of a document."""
    value, power = 0, 1
    for character in squeezed:
        value = (value + ord(character) * power) & MASK
        power = (power * BASE) & MASK
    return value
