"""Where titles and names of the catalogue stand in a text: one pass over hashes, whatever the catalogue's
size.

A title is looked for by the hash of its first `ANCHOR` squeezed characters at each word's start; where
that is known, the spans of the lengths known for it are hashed and looked up. Names are looked up whole,
for the next one to `NAME_WORDS` words at each word's start. A bit table (Bloom filter) in front of each
sorted array keeps most look-ups from touching it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tracker.catalogue.container import Container
from tracker.catalogue.squeeze import CHUNK, OVERLAP, Squeezed, squeeze_chunk

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

ANCHOR: Final = 12
"""Squeezed characters by which a title is first looked for; shorter titles are looked for as names."""
NAME_WORDS: Final = 6
_MIX: Final = 0xD6E8FEB86659FD93
"""An odd constant that spreads a polynomial hash over its high bits (from splitmix-like mixers)."""
_BITS_PER_ENTRY: Final = 12
"""One look-up in twelve of an unknown hash then goes on to the array (one hash function)."""


class Span(NamedTuple):
    """A stretch of text that spells a title or a name: text[start:end]."""

    start: int
    end: int
    first: int
    """Entries first..last-1 of the sorted titles or names are spelled so."""
    last: int


def anchor_hash(hashes: Any) -> Any:
    """The 32 bits of a span hash by which titles are first looked for."""
    import numpy as np

    return (mixed(hashes) >> np.uint64(32)).astype(np.uint32)


def mixed(hashes: Any) -> Any:
    """Span hashes whose high bits are as good as random."""
    import numpy as np

    return hashes * np.uint64(_MIX)


def bit_table(hashes: npt.NDArray[np.uint64]) -> bytes:
    """The bit table of a set of span hashes; its length is a power of two of bytes, at least 64."""
    import numpy as np

    size = max(9, int(len(hashes) * _BITS_PER_ENTRY - 1).bit_length())
    bits = np.zeros(1 << size, dtype=bool)
    bits[mixed(hashes) >> np.uint64(64 - size)] = True
    return np.packbits(bits, bitorder="little").tobytes()


class _BitTable:
    """A bit table opened for look-ups."""

    def __init__(self, table: npt.NDArray[np.uint8]) -> None:
        self._table = table
        self._size = (len(table) * 8).bit_length() - 1

    def may_hold(self, hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
        """Which hashes may be in the set; those that are not in it are mostly told so."""
        import numpy as np

        place = mixed(hashes) >> np.uint64(64 - self._size)
        byte = self._table[place >> np.uint64(3)]
        held: npt.NDArray[np.bool_] = (byte >> (place & np.uint64(7)).astype(np.uint8)) & 1 == 1
        return held


class NameTable:
    """Sorted hashes of names with their bit table."""

    def __init__(self, hashes: npt.NDArray[np.uint64], bits: bytes | npt.NDArray[np.uint8]) -> None:
        import numpy as np

        self.hashes = hashes
        self._bits = _BitTable(np.frombuffer(bits, dtype=np.uint8))

    def find(self, text: Squeezed) -> tuple[Any, Any, Any, Any]:
        """Starts and ends of the spans that are names, and the range of entries of each (may be empty)."""
        import numpy as np

        next_end = np.searchsorted(text.ends, text.starts, "right")
        found_starts, found_ends, found_hashes = [], [], []
        for words in range(NAME_WORDS):
            reach = next_end + words
            starts = text.starts[reach < len(text.ends)]
            ends = text.ends[reach[reach < len(text.ends)]]
            hashes = text.hashes(starts, ends)
            likely = self._bits.may_hold(hashes)
            found_starts.append(starts[likely])
            found_ends.append(ends[likely])
            found_hashes.append(hashes[likely])
        starts, ends = np.concatenate(found_starts), np.concatenate(found_ends)
        return (starts, ends, *_ranges(self.hashes, np.concatenate(found_hashes)))


class TitleTable:
    """Sorted hashes of titles, with the hashes of their beginnings."""

    def __init__(self, hashes: Any, anchor: Any, anchor_length: Any, anchor_bits: Any) -> None:
        import numpy as np

        self.hashes = hashes
        self._anchor = anchor
        self._anchor_length = anchor_length
        self._anchor_bits = _BitTable(np.frombuffer(anchor_bits, dtype=np.uint8))

    def find(self, text: Squeezed) -> tuple[Any, Any, Any, Any]:
        """Starts and ends of the spans that are titles, and the range of entries of each (may be empty)."""
        import numpy as np

        starts = text.starts[text.starts + ANCHOR <= len(text.points)]
        heads = text.hashes(starts, starts + ANCHOR)
        likely = self._anchor_bits.may_hold(heads)
        starts, anchors = starts[likely], anchor_hash(heads[likely])
        first = np.searchsorted(self._anchor, anchors, "left")
        count = np.searchsorted(self._anchor, anchors, "right") - first
        starts = np.repeat(starts, count)
        within = np.arange(len(starts)) - np.repeat(np.cumsum(count) - count, count)
        ends = starts + self._anchor_length[np.repeat(first, count) + within]
        is_end = np.zeros(len(text.points) + 1, dtype=bool)
        is_end[text.ends] = True
        whole = ends <= len(text.points)
        starts, ends = starts[whole], ends[whole]
        starts, ends = starts[is_end[ends]], ends[is_end[ends]]
        return (starts, ends, *_ranges(self.hashes, text.hashes(starts, ends)))


class Index:
    """The titles and names of an open catalogue, ready to be looked for in texts."""

    def __init__(self, container: Container) -> None:
        self._titles = TitleTable(
            container.array("title_hash"),
            container.array("anchor"),
            container.array("anchor_length"),
            container.array("anchor_bits"),
        )
        self._names = NameTable(container.array("alias_hash"), container.array("alias_bits"))

    def spans(self, text: str) -> tuple[list[Span], list[Span]]:
        """Titles and names in a text, each in order of start, then end; they may overlap."""
        titles: set[Span] = set()
        names: set[Span] = set()
        for offset, chunk in _chunks(text):
            squeezed = squeeze_chunk(chunk)
            titles.update(_in_text(squeezed, offset, *self._titles.find(squeezed)))
            names.update(_in_text(squeezed, offset, *self._names.find(squeezed)))
        return sorted(titles), sorted(names)

    def titles_of(self, span_hash: int) -> range:
        """The entries of titles with this hash."""
        return _entries(self._titles.hashes, span_hash)

    def names_of(self, span_hash: int) -> range:
        """The entries of names with this hash."""
        return _entries(self._names.hashes, span_hash)


def _ranges(ordered: Any, hashes: Any) -> tuple[Any, Any]:
    """For each hash the range of entries that equal it."""
    import numpy as np

    return np.searchsorted(ordered, hashes, "left"), np.searchsorted(ordered, hashes, "right")


def _entries(ordered: Any, span_hash: int) -> range:
    import numpy as np

    first, last = _ranges(ordered, np.array([span_hash], dtype=np.uint64))
    return range(int(first[0]), int(last[0]))


def _in_text(text: Squeezed, offset: int, starts: Any, ends: Any, first: Any, last: Any) -> Iterator[Span]:
    """Found spans as offsets into the whole text."""
    found = first < last
    begins = text.offsets[starts[found]] + offset
    finishes = text.offsets[ends[found] - 1] + 1 + offset
    rows = zip(begins.tolist(), finishes.tolist(), first[found].tolist(), last[found].tolist(), strict=True)
    return (Span(*row) for row in rows)


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Overlapping stretches of a text with their offsets; each begins where a line does, where there is one
    near."""
    start = 0
    while True:
        yield start, text[start : start + CHUNK]
        if start + CHUNK >= len(text):
            return
        wanted = start + CHUNK - OVERLAP
        newline = text.rfind("\n", start + CHUNK // 2, wanted)
        start = newline + 1 if newline > 0 else wanted
