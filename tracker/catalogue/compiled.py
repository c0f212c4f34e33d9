"""Titles and names in a stretch of text by machine code (`passes/`), where that was compiled when the package was
installed. Without it numpy does the same, some times slower: no answer depends on it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

from tracker.catalogue.name_index import NameIndex, parting
from tracker.catalogue.names import SHORTEST_LOWER
from tracker.catalogue.squeeze import BASE, FIRST_LETTER, INVERSE, LIGATURES
from tracker.catalogue.stretch import FIRST_CJK, folded_units
from tracker.catalogue.title_index import TitleIndex

if TYPE_CHECKING:
    from tracker.catalogue.bits import I64
    from tracker.catalogue.stretch import U16

PASSES: Any = None
"""The module; None where there is none."""
try:
    from tracker.catalogue import _passes
except ImportError:  # there was no compiler, or the module is for another Python
    pass
else:
    PASSES = _passes

_One = TypeVar("_One")
_LIGATURE_BYTES: Final = 4
"""With a zero at the end, as C wants it."""
_POINTS_OF_SPAN: Final = 2
"""Of about so many code points one begins a span that may be a name."""
_POINTS_OF_WORD: Final = 4
"""Of about so many one begins a word, in Chinese and other text."""


class Where(NamedTuple):
    """Where a stretch stands in its document, and which spans in it count."""

    offset: int
    """Where it begins in the document."""
    first: int
    last: int
    """Spans count that begin in [first, last) of the stretch"""
    longest: int
    """and have at most so many code points."""


class Columns(NamedTuple):
    """Spans in order of start, then end; see `Spans`."""

    spans: I64
    sizes: I64
    around: U16


def find(
    text: str, where: Where, titles: TitleIndex, names: NameIndex, *, is_heard: bool
) -> tuple[Columns, ...]:
    """The titles, and the names, in a stretch of at most `LONGEST_CHUNK` code points."""
    units, folded = folded_units(text)
    may_hold = None if is_heard else names.may_hold_for(len(text) // _POINTS_OF_WORD)
    reading = (
        *(BASE, INVERSE, FIRST_LETTER, FIRST_CJK, _ligatures(), parting()),
        *(b"" if table is None else table for table in (titles.may_begin, may_hold)),
        *(SHORTEST_LOWER, is_heard),
    )
    found = PASSES.spans(
        (units, folded, *where), reading, titles.columns(), names.columns(len(text) // _POINTS_OF_SPAN)
    )
    return tuple(map(_columns, found))


def known_surfaces(
    text: str, starts: list[int], ends: list[int], known: dict[str, _One]
) -> tuple[list[_One | None], list[int], list[str]]:
    """What is known of each surface text[start:end], None where nothing is; the numbers of these, and they."""
    if PASSES is not None:
        found: tuple[list[_One | None], list[int], list[str]] = PASSES.known_surfaces(
            text, starts, ends, known
        )
        return found
    surfaces = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    ones = list(map(known.get, surfaces))
    unknown = [number for number, one in enumerate(ones) if one is None]
    return ones, unknown, [surfaces[number] for number in unknown]


@cache
def _ligatures() -> bytes:
    """The letters of each ligature, in the order of their folded values, as many bytes for each."""
    return b"".join(letters.encode().ljust(_LIGATURE_BYTES, b"\0") for letters in LIGATURES.values())


def _columns(data: bytes) -> Columns:
    """What the module gives for titles or names: five columns of 64 bits, then five of 16."""
    import numpy as np

    count = len(data) // (5 * (8 + 2))
    numbers = np.frombuffer(data, np.int64, 5 * count).reshape(5, count)
    around = np.frombuffer(data, np.uint16, 5 * count, offset=numbers.nbytes).reshape(5, count)
    return Columns(numbers[:4], numbers[4], around)
