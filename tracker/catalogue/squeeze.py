"""One spelling for comparing spans of text: only letters and digits, folded; and a hash of any span of it.

In: text. Out: its *squeezed* form ("Mixtral-8x7B", "mixtral 8X7B" -> "mixtral8x7b"), and for whole
documents the arrays that answer "what is the hash of the squeezed text between these two offsets" in
constant time, so that a scan costs the same whatever the number of titles in the catalogue.

Folded are: case, accents, full-width and mathematical letters, ligatures, HTML character references,
traditional Chinese characters; dropped are blanks, punctuation, markup and hyphenation. A full stop between
two digits stays ("phi-1.5" is not "phi-15"). `squeeze` and `squeeze_chunk` agree on every text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]
    U16 = npt.NDArray[np.uint16]
    U32 = npt.NDArray[np.uint32]
    U64 = npt.NDArray[np.uint64]
    I64 = npt.NDArray[np.int64]

BASE: Final = 0x9E3779B97F4A7C15
"""Base of the polynomial hash modulo 2**64; odd, so that it has an inverse."""
MASK: Final = (1 << 64) - 1
LONGEST_CHUNK: Final = (1 << 16) + (1 << 12)
"""Code points that can be squeezed at once: all arrays then stay in the processor's cache."""
FIRST_CJK: Final = 0x2E80
_SEPARATOR: Final = 0
_JOINER: Final = 1
"""Folded value of what is dropped without parting a word: combining marks, soft hyphens, invisible
joiners."""
_LIGATURES: Final = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
"""Folded values 2, 3, ...; PDF files hold them."""
_LONGEST_LIGATURE: Final = 3
_FIRST_LETTER: Final = _JOINER + len(_LIGATURES) + 1
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
_JOINERS: Final = (
    *range(0x0300, 0x0370),  # combining marks
    *range(0x1AB0, 0x1B00),
    *range(0x1DC0, 0x1E00),
    *range(0x20D0, 0x2100),
    *range(0xFE20, 0xFE30),
    *(0x00AD, 0x200C, 0x200D, 0x2060, 0xFEFF),  # soft hyphen, joiners, byte order mark
)
_BEYOND: Final = re.compile("[\U00010000-\U0010ffff]")
_FULL_STOP: Final = re.compile(r"(?<![0-9])\.|\.(?![0-9])")
_REFERENCE: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")


@cache
def _fold(character: str) -> str:
    """The folded form of a character, "" where it is dropped or does not fold to a single letter or digit."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    plain = plain.lower()
    return plain if len(plain) == 1 and plain.isalnum() and plain < "\U00010000" else ""


@cache
def _table() -> list[int]:
    """For each code point below 2**16 the folded one, or one of the values below `_FIRST_LETTER`."""
    table = [_SEPARATOR] * 0x10000
    for first, last in _FOLDED_RANGES:
        for point in range(first, last):
            table[point] = ord(_fold(chr(point)) or chr(_SEPARATOR))
    for first, last in _KEPT_RANGES:
        table[first:last] = range(first, last)
    for point in _JOINERS:
        table[point] = _JOINER
    for value, ligature in enumerate(_LIGATURES, _JOINER + 1):
        table[ord(ligature)] = value
    pairs = (Path(__file__).parent / "simplified.txt").read_text(encoding="utf-8").split()
    for pair in pairs:  # a traditional and a simplified character; source: OpenCC's TSCharacters table
        table[ord(pair[0])] = ord(pair[1])
    return table


class _Translation(dict[int, str | None]):
    """The table in the form that `str.translate` wants; what it does not hold is dropped."""

    def __missing__(self, point: int) -> None:
        return None


@cache
def _translation() -> _Translation:
    letters = _Translation(
        (point, chr(value)) for point, value in enumerate(_table()) if value >= _FIRST_LETTER
    )
    letters.update((ord(ligature), plain) for ligature, plain in _LIGATURES.items())
    letters[ord(".")] = "."
    return letters


def squeeze(text: str) -> str:
    """The squeezed form of a text.

    >>> squeeze("Mixtral-8x7B"), squeeze("「Ｑ-LoRA」"), squeeze("phi-1.5."), squeeze("{\\\\'E}mile")
    ('mixtral8x7b', 'qlora', 'phi1.5', 'emile')
    >>> squeeze("Q&amp;A, eﬃcient, Poincare\u0301, 𝐐𝐋𝐨𝐑𝐀")
    'qaefficientpoincareqlora'
    """
    if "&" in text:
        text = _REFERENCE.sub(lambda found: _read_reference(found[0]), text)
    text = _FULL_STOP.sub("", _within_16_bits(text))
    return text.translate(_translation())


def _read_reference(reference: str) -> str:
    """The character that "&eacute;" stands for, a blank for what is no letter; unknown ones are no
    references."""
    plain = unescape(reference)
    if plain == reference:
        return plain
    return plain if len(plain) == 1 and _table_value(plain) >= _FIRST_LETTER else " "


def _table_value(character: str) -> int:
    return _table()[ord(character)] if character < "\U00010000" else _SEPARATOR


def _within_16_bits(text: str) -> str:
    """The text with mathematical letters as plain ones and other characters beyond U+FFFF as none, same
    length."""
    if text.isascii():
        return text
    return _BEYOND.sub(lambda found: _fold(found[0]) or "\uffff", text)


def fold(text: str) -> str:
    """The text with each character folded, and a blank for each that `squeeze` drops; full stops stay.

    >>> fold("Ｑ-LoRA：「體系」 v1.5")
    'q lora  体系  v1.5'
    """
    return text.translate(_fold_table())


@cache
def _fold_table() -> list[str]:
    """As `_table`, in the form that `str.translate` wants."""
    spelled = [" ", "", *_LIGATURES.values()]
    table = [chr(value) if value >= _FIRST_LETTER else spelled[value] for value in _table()]
    table[ord(".")] = "."
    return table


def span_hash(squeezed: str) -> int:
    """The 64-bit hash of a squeezed text, the same that `Squeezed.hashes` gives for a span of a document."""
    value, power = 0, 1
    for character in squeezed:
        value = (value + ord(character) * power) & MASK
        power = (power * BASE) & MASK
    return value


class Squeezed(NamedTuple):
    """A stretch of text, squeezed. Positions in these arrays count kept characters; spans are
    points[start:end]."""

    points: U16
    """The folded code points that were kept."""
    offsets: I64
    """Where each stood in the text (code points)."""
    after: I64
    """Where what follows each begins: behind it and the marks that belong to it."""
    starts: I64
    """Where each word begins (each Chinese character is a word)."""
    ends: I64
    """Where each word has just ended; as many as `starts`."""
    stems: I64
    """Numbers of the words that may be plurals: without their last letter ("ViTs") they are words as well."""
    sums: U64
    """sums[i] is the weighted sum of the first i points."""
    units: U16
    """The text itself, by code point; those beyond U+FFFF are mathematical letters as plain ones, or
    U+FFFF."""

    def hashes(self, starts: Any, ends: Any) -> U64:
        """The span hashes of many spans at once; `starts` and `ends` are positions of equal shape."""
        inverse: U64 = powers()[1][starts]
        hashes: U64 = (self.sums[ends] - self.sums[starts]) * inverse
        return hashes


@cache
def powers() -> tuple[U64, U64]:
    """BASE**i and BASE**-i modulo 2**64 for all positions in a chunk."""
    import numpy as np

    def up(base: int) -> U64:
        values = np.full(LONGEST_CHUNK * _LONGEST_LIGATURE + 1, base, dtype=np.uint64)
        values[0] = 1
        accumulated: U64 = np.multiply.accumulate(values)
        return accumulated

    return up(BASE), up(pow(BASE, -1, 1 << 64))


@cache
def _array_table() -> U16:
    import numpy as np

    return np.array(_table(), dtype=np.uint16)


def look_up(ordered: Any, wanted: Any) -> tuple[I64, Bools]:
    """For each number the first place in a sorted array that holds it, and whether there is one."""
    import numpy as np

    first = np.searchsorted(ordered, wanted)
    if not len(ordered):
        return first, np.zeros(len(wanted), dtype=bool)
    return first, ordered[np.minimum(first, len(ordered) - 1)] == wanted


def squeeze_chunk(text: str) -> Squeezed:
    """The squeezed arrays of at most `LONGEST_CHUNK` code points of text."""
    import numpy as np

    units = _units(text)
    folded = _array_table().take(units)
    stops = np.flatnonzero(units[1:-1] == ord(".")) + 1
    folded[stops[_are_digits(units[stops - 1]) & _are_digits(units[stops + 1])]] = ord(".")
    if "&" in text:
        _fold_references(text, folded)
    offsets = np.flatnonzero(folded != _SEPARATOR)
    points = folded.take(offsets)
    after = offsets + 1
    if (points < _FIRST_LETTER).any():
        points, offsets, after = _without_rare(points, offsets)
    starts, ends = _words(points, offsets, after)
    stems = np.flatnonzero((ends - starts >= 3) & (points[ends - 1] == ord("s")))
    sums = np.zeros(len(points) + 1, dtype=np.uint64)
    np.cumsum(points * powers()[0][: len(points)], out=sums[1:])
    return Squeezed(points, offsets, after, starts, ends, stems, sums, units)


def _units(text: str) -> U16:
    """One number per code point; beyond U+FFFF mathematical letters are plain ones, all others U+FFFF."""
    import numpy as np

    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    units: U16 = np.minimum(points, 0xFFFF).astype(np.uint16)
    if not text.isascii():
        for at in np.flatnonzero(points > 0xFFFF).tolist():
            units[at] = ord(_fold(text[at]) or "\uffff")
    return units


def _are_digits(units: U16) -> Bools:
    import numpy as np

    are_digits: Bools = units - np.uint16(ord("0")) < 10
    return are_digits


def _fold_references(text: str, folded: U16) -> None:
    """Fold HTML character references to the letter they stand for, drop those of other characters."""
    for found in _REFERENCE.finditer(text):
        plain = _read_reference(found[0])
        if plain == found[0]:
            continue
        value = _table_value(plain)
        folded[found.start()] = value
        folded[found.start() + 1 : found.end()] = _JOINER if value >= _FIRST_LETTER else _SEPARATOR


def _without_rare(points: U16, offsets: I64) -> tuple[U16, I64, I64]:
    """What is kept without joiners and with ligatures spelled out, where each stood, and what follows it."""
    import numpy as np

    is_joiner = points == _JOINER
    joiners = offsets[is_joiner]
    points, offsets = points[~is_joiner], offsets[~is_joiner]
    after = offsets + 1
    first = np.flatnonzero(np.diff(joiners, prepend=-2) > 1)  # of each run of joiners
    last = np.append(first[1:], len(joiners))[: len(first)] - 1
    place, follows = look_up(offsets, joiners[first] - 1)
    after[place[follows]] = joiners[last][follows] + 1
    spelled = ["", "", *_LIGATURES.values()]
    ligatures = np.flatnonzero(points < _FIRST_LETTER)
    letters = [spelled[value] for value in points[ligatures].tolist()]
    counts = np.ones(len(points), dtype=np.int64)
    counts[ligatures] = [len(spelling) for spelling in letters]
    begins = (np.cumsum(counts) - counts)[ligatures].tolist()
    points = np.repeat(points, counts)
    for begin, spelling in zip(begins, letters, strict=True):
        points[begin : begin + len(spelling)] = [ord(letter) for letter in spelling]
    return points, np.repeat(offsets, counts), np.repeat(after, counts)


def _words(points: U16, offsets: I64, after: I64) -> tuple[I64, I64]:
    """Where words begin and end. They also end where Latin and Chinese meet ("与QLoRA相比")."""
    import numpy as np

    is_chinese = points >= FIRST_CJK
    begins = np.ones(len(points), dtype=bool)
    np.greater(offsets[1:], after[:-1], out=begins[1:])
    begins[1:] |= is_chinese[1:]
    begins[1:] |= is_chinese[:-1]
    starts = np.flatnonzero(begins)
    return starts, np.append(starts[1:], len(points))[: len(starts)]
