"""A stretch of a document, squeezed (see `squeeze`): arrays that tell the hash of any span of it.

What is the hash of the squeezed text between these two places? The answer takes constant time, so that a
scan costs the same whatever the number of titles in the catalogue. `squeeze` of the span gives the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tracker.catalogue.squeeze import (
    BASE,
    FIRST_LETTER,
    INVERSE,
    JOINER,
    LIGATURES,
    REFERENCE,
    SEPARATOR,
    fold_character,
    folded_value,
    folding_table,
    read_reference,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    U8 = npt.NDArray[np.uint8]
    Bools = npt.NDArray[np.bool_]
    U16 = npt.NDArray[np.uint16]
    U64 = npt.NDArray[np.uint64]
    I64 = npt.NDArray[np.int64]

LONGEST_CHUNK: Final = (1 << 18) + (1 << 12)
"""Code points that are squeezed at once at most: enough that the calls of numpy, one millisecond together, weigh
little; with more, the processor's cache is too small."""
_LONG: Final = 1 << 14
"""Code points of a stretch with arrays so large that it matters where their memory comes from."""
_KEPT_BYTES: Final = 1 << 24
_FEWEST_POWERS: Final = 14
"""Bits of the least number of powers that are made: enough for a post."""
FIRST_CJK: Final = 0x2E80


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
        hashes: U64 = self.sums.take(ends)
        hashes -= self.sums.take(starts)
        hashes *= powers(len(self.sums))[1].take(starts)
        return hashes

    def words_with(self, first: Bools) -> I64:
        """The words that begin with characters of such a table; see `latin_or`."""
        import numpy as np

        return np.flatnonzero(first.take(self.points.take(self.starts)))


def latin_or(others: U16 | Sequence[int]) -> Bools:
    """For each code point below 2**16 whether it is one of some others, or lies before the Chinese characters: of Latin
    and other letters all are said to be."""
    import numpy as np

    table: Bools = np.arange(1 << 16) < FIRST_CJK
    table[others] = True
    return table


def powers(count: int) -> tuple[U64, U64]:
    """BASE**i and BASE**-i modulo 2**64 for the first `count` numbers i, or some more."""
    return _powers(max(_FEWEST_POWERS, (count - 1).bit_length()))


@cache
def _powers(bits: int) -> tuple[U64, U64]:
    import numpy as np

    def up(base: int) -> U64:
        values = np.full(1 << bits, base, dtype=np.uint64)
        values[0] = 1
        accumulated: U64 = np.multiply.accumulate(values)
        return accumulated

    return up(BASE), up(INVERSE)


@cache
def _array_table() -> U16:
    import numpy as np

    return np.array(folding_table(), dtype=np.uint16)


def squeeze_chunk(text: str) -> Squeezed:
    """The squeezed arrays of at most `LONGEST_CHUNK` code points of text."""
    import numpy as np

    units, folded = folded_units(text)
    stops = np.flatnonzero(units[1:-1] == ord(".")) + 1
    folded[stops[_are_digits(units[stops - 1]) & _are_digits(units[stops + 1])]] = ord(".")
    rare = np.flatnonzero(folded - np.uint16(1) < FIRST_LETTER - 1)
    is_joiner = folded.take(rare) == JOINER
    joiners, ligatures = rare[is_joiner], rare[~is_joiner]
    folded[joiners] = SEPARATOR
    offsets = np.flatnonzero(folded != SEPARATOR)
    points = folded.take(offsets)
    after = offsets + 1
    if len(joiners):
        _join(joiners, offsets, after)
    if len(ligatures):
        points, offsets, after = _spelled_out(ligatures, points, offsets, after)
    starts, ends = _words(points, offsets, after)
    stems = np.flatnonzero(points.take(ends - 1) == ord("s"))
    stems = stems[ends.take(stems) - starts.take(stems) >= 3]
    sums = np.empty(len(points) + 1, dtype=np.uint64)
    sums[0] = 0
    sums[1:] = points
    sums[1:] *= powers(len(points))[0][: len(points)]
    np.cumsum(sums[1:], out=sums[1:])
    return Squeezed(points, offsets, after, starts, ends, stems, sums, units)


def folded_units(text: str) -> tuple[U16, U16]:
    """The units of a text (see `Squeezed`), and what each folds to: a full stop between digits to `SEPARATOR` too."""
    import numpy as np

    if len(text) > _LONG:
        _hold_on_to_memory()
    units = _units(text)
    folded = _array_table().take(units, mode="clip")  # a third quicker than with a check of bounds
    if "&" in text:
        _fold_references(text, np.flatnonzero(units == ord("&")).tolist(), folded)
    return units, folded


@cache
def _hold_on_to_memory() -> None:
    """Have glibc keep what the arrays of one stretch leave to those of the next. To give it back to the system and ask
    for it again takes a tenth of the time of a scan; it does so only with blocks larger than any that was freed."""
    import numpy as np

    np.empty(_KEPT_BYTES, dtype=np.uint8)


def _units(text: str) -> U16:
    """One number per code point; beyond U+FFFF mathematical letters are plain ones, all others U+FFFF."""
    import numpy as np

    points = np.array([text]).view(np.uint32)[: len(text)]
    units: U16 = points.astype(np.uint16)
    for at in np.flatnonzero(points > 0xFFFF).tolist():
        units[at] = ord(fold_character(text[at]) or "\uffff")
    return units


def _are_digits(units: U16) -> Bools:
    import numpy as np

    are_digits: Bools = units - np.uint16(ord("0")) < 10
    return are_digits


def _fold_references(text: str, places: Sequence[int], folded: U16) -> None:
    """Fold HTML character references, that stand at some of the places, to the letter they stand for; drop those of
    other characters."""
    for found in filter(None, (REFERENCE.match(text, place) for place in places)):
        plain = read_reference(found[0])
        if plain == found[0]:
            continue
        value = folded_value(plain)
        folded[found.start()] = value
        folded[found.start() + 1 : found.end()] = JOINER if value >= FIRST_LETTER else SEPARATOR


def _join(joiners: I64, offsets: I64, after: I64) -> None:
    """Set behind joiners what follows the character that they belong to."""
    import numpy as np

    first = np.flatnonzero(np.diff(joiners, prepend=-2) > 1)  # of each run of joiners
    last = np.append(first[1:], len(joiners))[: len(first)] - 1
    before = np.searchsorted(offsets, joiners[first]) - 1  # what each run may follow
    follows = offsets[before] == joiners[first] - 1 if len(offsets) else np.zeros(len(first), dtype=bool)
    after[before[follows]] = joiners[last][follows] + 1


def _spelled_out(ligatures: I64, points: U16, offsets: I64, after: I64) -> tuple[U16, I64, I64]:
    """What is kept with its ligatures, that stand at some offsets, as letters; where each stood, what follows it."""
    import numpy as np

    spelled = ["", "", *LIGATURES.values()]
    places = np.searchsorted(offsets, ligatures)
    letters = [spelled[value] for value in points[places].tolist()]
    counts = np.ones(len(points), dtype=np.int64)
    counts[places] = [len(spelling) for spelling in letters]
    begins = (np.cumsum(counts) - counts)[places].tolist()
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
