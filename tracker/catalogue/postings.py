"""The sections of the word index: words of titles, and the rows of each.

`word_text` holds the words in order of their bytes, without gaps, `word_size` the bytes of each; `posting`
holds for each word its rows, as differences in bytes of seven bits (the last byte of a number is below 128),
`posting_size` and `word_rows` the bytes and the rows of each word; `title_words` the different words of each
row.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tracker.catalogue import compiled
from tracker.catalogue.column import Column
from tracker.catalogue.squeeze import fold
from tracker.catalogue.stems import title_words

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MOST_WORDS: Final = 255
"""Words of one title that are looked at."""
_PIECE: Final = 1 << 21
"""Rows of words that are sorted and packed at once, so that it takes little memory."""


def unpacked(data: npt.NDArray[np.uint8]) -> npt.NDArray[np.int32]:
    """The rising numbers whose differences are in `data`."""
    import numpy as np

    if compiled.PASSES is not None:
        return np.frombuffer(compiled.PASSES.unpack(data), dtype=np.int32)
    goes_on = data >= 128
    if not goes_on.any():
        return np.cumsum(data, dtype=np.int32)
    ends = np.flatnonzero(~goes_on)
    steps = (data & np.uint8(127)).astype(np.int32)
    is_behind = goes_on[:-1]  # for the bytes from `place` on: all of so many before it go on
    place = 1
    while is_behind.any():
        np.left_shift(steps[place:], is_behind * np.uint8(7), out=steps[place:])
        place += 1
        is_behind = is_behind[:-1] & goes_on[place - 1 : -1]
    return np.cumsum(steps, dtype=np.int32).take(ends)


def packed(steps: npt.NDArray[np.uint32]) -> tuple[bytes, Any]:
    """Numbers below 2**28 in bytes of seven bits, the lowest first; and how many bytes each takes."""
    import numpy as np

    sizes = 1 + (steps >= 1 << 7).astype(np.uint8) + (steps >= 1 << 14) + (steps >= 1 << 21)
    ends = np.cumsum(sizes, dtype=np.int64)
    data = np.zeros(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    for place in range(4):
        longer = sizes > place
        byte = (steps[longer] >> np.uint32(7 * place)) & np.uint32(127)
        is_last = sizes[longer] == place + 1
        data[(ends - sizes)[longer] + place] = np.where(is_last, byte, byte | 128)
    return data.tobytes(), sizes


class _Numbering(dict[str, tuple[int, ...]]):
    """Folded text between blanks -> the numbers of its words. Titles repeat themselves, so most are known."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def __missing__(self, text: str) -> tuple[int, ...]:
        numbers = self.numbers
        self[text] = found = tuple(numbers.setdefault(word, len(numbers)) for word in _words_of(text))
        return found


@lru_cache(maxsize=1 << 16)
def _words_of(text: str) -> tuple[str, ...]:
    """The words of text between blanks; those of the next titles are mostly known too."""
    return tuple(title_words(text))


class WordColumns(NamedTuple):
    """The words of some titles."""

    words: list[str]
    """Each once."""
    numbers: array[int]
    """Places in `words`, those of one title after the other."""
    counts: array[int]
    """How many words each title has."""


def word_columns(titles: Iterable[str]) -> WordColumns:
    """The words of titles in the order of their rows."""
    numbering = _Numbering()
    numbers, counts = array("I"), array("B")
    for title in titles:
        found = sorted({number for part in fold(title).split() for number in numbering[part]})[:MOST_WORDS]
        numbers.extend(found)
        counts.append(len(found))
    return WordColumns(list(numbering.numbers), numbers, counts)


class Words:
    """The words of the titles of all papers, taken in the order of their rows."""

    def __init__(self, kept: Column) -> None:
        """With a column of 32 bits for the words of each title."""
        self._numbers: dict[str, int] = {}
        self._kept = kept
        self._counts: list[npt.NDArray[np.uint8]] = []

    def add(self, part: WordColumns) -> None:
        """Take the words of the next titles."""
        import numpy as np

        numbers = self._numbers
        known = np.array([numbers.setdefault(word, len(numbers)) for word in part.words], dtype=np.uint32)
        self._kept.add(known[np.frombuffer(part.numbers, np.uint32)])
        self._counts.append(np.frombuffer(part.counts, np.uint8))

    def sections(self) -> dict[str, tuple[str, bytes]]:
        """The sections of the word index."""
        import numpy as np

        ordered = sorted(self._numbers, key=str.encode)
        rank = np.zeros(len(ordered), dtype=np.uint32)
        rank[[self._numbers[word] for word in ordered]] = np.arange(len(ordered), dtype=np.uint32)
        word_rows = np.zeros(len(ordered), dtype=np.int64)
        for part in self._kept.parts():
            word_rows += np.bincount(rank[part], minlength=len(ordered))
        data, sizes = self._postings(rank, word_rows)
        texts = [word.encode() for word in ordered]
        return {
            "word_text": ("B", b"".join(texts)),
            "word_size": ("B", bytes(map(len, texts))),
            "word_rows": ("I", word_rows.astype(np.uint32).tobytes()),
            "posting": ("B", data),
            "posting_size": ("I", sizes.tobytes()),
            "title_words": ("B", b"".join(counts.tobytes() for counts in self._counts)),
        }

    def _postings(
        self, rank: npt.NDArray[np.uint32], word_rows: npt.NDArray[np.int64]
    ) -> tuple[bytes, npt.NDArray[np.uint32]]:
        """The rows of all words, packed, and how many bytes each word takes; some words at a time, for memory."""
        import numpy as np

        ends = np.cumsum(word_rows)
        pieces: list[bytes] = []
        sizes = np.zeros(len(word_rows), dtype=np.uint32)
        first = 0
        while first < len(word_rows):
            done = int(ends[first - 1]) if first else 0
            last = max(first + 1, int(np.searchsorted(ends, done + _PIECE, "right")))
            pairs = self._pairs(rank, first, last)
            starts = np.append(0, np.cumsum(word_rows[first:last]))[:-1]
            steps = pairs.astype(np.uint32)
            firsts = steps[starts]
            steps[1:] -= pairs[:-1].astype(np.uint32)
            steps[starts] = firsts
            data, lengths = packed(steps)
            pieces.append(data)
            sizes[first:last] = np.add.reduceat(lengths, starts, dtype=np.uint32)
            first = last
        return b"".join(pieces), sizes

    def _pairs(self, rank: npt.NDArray[np.uint32], first: int, last: int) -> npt.NDArray[np.uint64]:
        """For some words (by rank) and the rows of each: rank * 2**32 + row, sorted."""
        import numpy as np

        found: list[npt.NDArray[np.uint64]] = []
        row = 0
        for numbers, counts in zip(self._kept.parts(), self._counts, strict=True):
            part = rank[numbers]
            is_wanted = (part >= first) & (part < last)
            rows = np.repeat(np.arange(row, row + len(counts), dtype=np.uint64), counts)[is_wanted]
            found.append(part[is_wanted].astype(np.uint64) << np.uint64(32) | rows)
            row += len(counts)
        pairs = np.concatenate(found)
        pairs.sort()
        return pairs
