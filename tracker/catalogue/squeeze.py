"""One spelling for comparing spans of text: only letters and digits, folded; and a hash of any span of it.

In: text. Out: its *squeezed* form ("Mixtral-8x7B", "mixtral 8X7B" -> "mixtral8x7b"), and for whole
documents the arrays that answer "what is the hash of the squeezed text between these two offsets" in
constant time, so that a scan costs the same whatever the number of titles in the catalogue.

Folded are: case, accents, full-width forms, traditional Chinese characters; dropped are blanks,
punctuation, markup and hyphenation. A full stop between two digits stays ("phi-1.5" is not "phi-15").
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    U64 = npt.NDArray[np.uint64]
    I64 = npt.NDArray[np.int64]
    Bools = npt.NDArray[np.bool_]

BASE: Final = 0x9E3779B97F4A7C15
"""Base of the polynomial hash modulo 2**64; odd, so that it has an inverse."""
MASK: Final = (1 << 64) - 1
CHUNK: Final = 1 << 18
"""Code points worked on at once: the tables of powers (4 MB) then stay in the processor's cache."""
OVERLAP: Final = 1024
"""Code points seen by two neighbouring chunks; no title of the catalogue is longer."""
FIRST_CJK: Final = 0x2E80
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


def _fold(character: str) -> str:
    """The folded form of one character, "" where it is dropped or does not fold to a single letter or
    digit."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c))
    plain = plain.lower()
    return plain if len(plain) == 1 and plain.isalnum() else ""


@cache
def _table() -> list[int]:
    """For each code point below 2**16: the folded code point, 0 where it is dropped."""
    table = [0] * 0x10000
    for first, last in _FOLDED_RANGES:
        for point in range(first, last):
            folded = _fold(chr(point))
            table[point] = ord(folded) if folded and ord(folded) < 0x10000 else 0
    for first, last in _KEPT_RANGES:
        table[first:last] = range(first, last)
    pairs = (Path(__file__).parent / "simplified.txt").read_text(encoding="utf-8").split()
    for pair in pairs:  # traditional, simplified; source: OpenCC's TSCharacters table
        table[ord(pair[0])] = ord(pair[1])
    return table


def squeeze(text: str) -> str:
    """The squeezed form of a text.

    >>> squeeze("Mixtral-8x7B"), squeeze("「Ｑ-LoRA」"), squeeze("phi-1.5."), squeeze("{\\\\'E}mile")
    ('mixtral8x7b', 'qlora', 'phi1.5', 'emile')
    """
    table = _table()
    kept: list[str] = []
    for i, character in enumerate(text):
        if character == ".":
            if 0 < i < len(text) - 1 and _is_digit(text[i - 1]) and _is_digit(text[i + 1]):
                kept.append(".")
            continue
        folded = table[ord(character)] if ord(character) < 0x10000 else 0
        if folded:
            kept.append(chr(folded))
    return "".join(kept)


def fold(text: str) -> str:
    """The text with each character folded, and a blank for each that `squeeze` drops; full stops stay.

    >>> fold("Ｑ-LoRA：「體系」 v1.5")
    'q lora  体系  v1.5'
    """
    return text.translate(_fold_table())


@cache
def _fold_table() -> list[int]:
    table = [point or ord(" ") for point in _table()]
    table[ord(".")] = ord(".")
    return table


def _is_digit(character: str) -> bool:
    return "0" <= character <= "9"


def span_hash(squeezed: str) -> int:
    """The 64-bit hash of a squeezed text, the same that `Squeezed.hashes` gives for a span of a document."""
    value, power = 0, 1
    for character in squeezed:
        value = (value + ord(character) * power) & MASK
        power = (power * BASE) & MASK
    return value


class Squeezed(NamedTuple):
    """A stretch of text, squeezed. Positions in these arrays count kept characters."""

    points: npt.NDArray[np.uint16]
    """The folded code points that were kept."""
    offsets: I64
    """Where each stood in the text (code points)."""
    starts: I64
    """Positions at which a word begins (each Chinese character is a word)."""
    ends: I64
    """Positions at which a word has just ended: a span is points[start:end]."""
    prefix: U64
    """prefix[i] is the weighted sum of the first i points."""

    def hashes(self, starts: I64, ends: I64) -> U64:
        """The span hashes of many spans at once; `starts` and `ends` are positions of equal shape."""
        inverse: U64 = _powers()[1][starts]
        return (self.prefix[ends] - self.prefix[starts]) * inverse


@cache
def _powers() -> tuple[U64, U64]:
    """BASE**i and BASE**-i modulo 2**64 for i up to the size of a chunk."""
    import numpy as np

    def up(base: int) -> U64:
        powers = np.full(CHUNK + 1, base, dtype=np.uint64)
        powers[0] = 1
        return np.multiply.accumulate(powers)

    return up(BASE), up(pow(BASE, -1, 1 << 64))


@cache
def _array_table() -> npt.NDArray[np.uint16]:
    import numpy as np

    return np.array(_table(), dtype=np.uint16)


def squeeze_chunk(text: str) -> Squeezed:
    """The squeezed arrays of at most `CHUNK` code points of text."""
    import numpy as np

    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    low = np.where(points < 0x10000, points, 0).astype(np.uint16)
    folded = _array_table()[low]
    stops = np.flatnonzero(low == ord("."))
    stops = stops[(stops > 0) & (stops < len(low) - 1)]
    digit = (low >= ord("0")) & (low <= ord("9"))
    stops = stops[digit[stops - 1] & digit[stops + 1]]
    folded[stops] = ord(".")
    offsets = np.flatnonzero(folded)
    kept = folded[offsets]
    begins, finishes = _word_bounds(offsets, kept)
    prefix = np.zeros(len(kept) + 1, dtype=np.uint64)
    np.cumsum(kept.astype(np.uint64) * _powers()[0][: len(kept)], out=prefix[1:])
    return Squeezed(kept, offsets, np.flatnonzero(begins), np.flatnonzero(finishes) + 1, prefix)


def _word_bounds(offsets: I64, kept: npt.NDArray[np.uint16]) -> tuple[Bools, Bools]:
    """Which kept characters begin a word, and which finish one.

    Words end where Latin and Chinese meet ("与QLoRA相比"), and also before a plural s ("ViTs",
    "Transformers").
    """
    import numpy as np

    if not len(kept):
        return np.zeros(0, dtype=bool), np.zeros(0, dtype=bool)
    chinese = kept >= FIRST_CJK
    gap = np.ones(len(kept) + 1, dtype=bool)
    gap[1:-1] = (np.diff(offsets) > 1) | chinese[1:] | chinese[:-1]
    begins, finishes = gap[:-1], gap[1:].copy()
    plural = np.flatnonzero(finishes & (kept == ord("s")))
    plural = plural[(plural > 1) & ~gap[plural] & ~gap[plural - 1]]
    finishes[plural - 1] = True
    return begins, finishes
