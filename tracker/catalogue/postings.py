"""The sections of the word index: words of titles, and the rows of each.

`word_text` holds the words in order of their bytes, without gaps, `word_size` the bytes of each; `posting`
holds for each word its rows, as differences in bytes of seven bits (the last byte of a number is below 128),
`posting_size` and `word_rows` the bytes and the rows of each word; `title_words` the different words of each
row.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tracker.catalogue.squeeze import fold
from tracker.catalogue.stems import title_words

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MOST_WORDS: Final = 255
"""Words of one title that are looked at."""
_PIECE: Final = 1 << 22
"""Numbers that are packed at once, so that it takes little memory."""


def unpacked(data: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """The rising numbers whose differences are in `data`."""
    import numpy as np

    lasts = np.flatnonzero(data < 128)
    if len(lasts) == len(data):
        return np.cumsum(data, dtype=np.int64)
    firsts = np.empty_like(lasts)
    firsts[0], firsts[1:] = 0, lasts[:-1] + 1
    steps = (data[firsts] & 127).astype(np.int64)
    more = np.flatnonzero(lasts > firsts)
    for place in range(1, 4):
        steps[more] += (data[firsts[more] + place] & 127).astype(np.int64) << 7 * place
        more = more[lasts[more] - firsts[more] > place]
    return np.cumsum(steps)


def packed(steps: npt.NDArray[np.uint32]) -> tuple[bytes, Any]:
    """Numbers below 2**28 in bytes of seven bits, the lowest first; and how many bytes each takes."""
    import numpy as np

    pieces = [_packed(steps[at : at + _PIECE]) for at in range(0, len(steps), _PIECE)]
    sizes = [np.zeros(0, np.uint8), *(sizes for _, sizes in pieces)]
    return b"".join(data for data, _ in pieces), np.concatenate(sizes)


def _packed(steps: npt.NDArray[np.uint32]) -> tuple[bytes, Any]:
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
        self[text] = found = tuple(numbers.setdefault(word, len(numbers)) for word in title_words(text))
        return found


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

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._words: list[npt.NDArray[np.uint32]] = []
        self._counts = array("B")

    def add(self, part: WordColumns) -> None:
        """Take the words of the next titles."""
        import numpy as np

        numbers = self._numbers
        known = np.array([numbers.setdefault(word, len(numbers)) for word in part.words], dtype=np.uint32)
        self._words.append(known[np.frombuffer(part.numbers, np.uint32)])
        self._counts.extend(part.counts)

    def sections(self) -> dict[str, tuple[str, bytes]]:
        """The sections of the word index; what was taken is given up for the memory."""
        import numpy as np

        numbers, counts = self._numbers, np.frombuffer(self._counts, np.uint8)
        words = np.concatenate([np.zeros(0, np.uint32), *self._words])
        self._words.clear()
        return _word_sections(numbers, words, counts)


def _word_sections(
    numbers: dict[str, int], words: npt.NDArray[np.uint32], counts: npt.NDArray[np.uint8]
) -> dict[str, tuple[str, bytes]]:
    """The sections of words with their numbers, the words of all titles, and how many each title has."""
    import numpy as np

    ordered = sorted(numbers, key=str.encode)
    rank = np.zeros(len(numbers), dtype=np.uint64)
    rank[[numbers[word] for word in ordered]] = np.arange(len(ordered), dtype=np.uint64)
    pairs = rank[words]
    pairs <<= np.uint64(32)
    pairs |= np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
    pairs.sort()
    starts = np.searchsorted(pairs, np.arange(len(ordered), dtype=np.uint64) << np.uint64(32))
    word_rows = np.diff(np.append(starts, len(pairs)))
    steps = pairs.astype(np.uint32)
    del pairs
    firsts = steps[starts]
    steps[1:] -= steps[:-1].copy()
    steps[starts] = firsts
    data, sizes = packed(steps)
    texts = [word.encode() for word in ordered]
    posting_size = np.add.reduceat(sizes, starts, dtype=np.uint32) if len(sizes) else sizes
    return {
        "word_text": ("B", b"".join(texts)),
        "word_size": ("B", bytes(map(len, texts))),
        "word_rows": ("I", word_rows.astype(np.uint32).tobytes()),
        "posting": ("B", data),
        "posting_size": ("I", posting_size.astype(np.uint32).tobytes()),
        "title_words": ("B", counts.tobytes()),
    }
