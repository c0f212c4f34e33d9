"""The rows of each word of the word index, unpacked from the catalogue; those asked for last are kept."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from tracker.catalogue.container import Container
from tracker.catalogue.postings import unpacked

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.int32]
_Element = TypeVar("_Element", bound="np.generic")

FEW: Final = 4
"""Rows are looked up in those of a word by halving where these are so many times as many."""
FREQUENT: Final = 32
"""Of a word that one title in so many has, a bit for each row is kept to look rows up in: that takes less memory than
its rows, and a tenth of the time."""
_KEPT: Final = 1 << 24
"""Bytes of rows that are kept."""
_KEPT_BITS: Final = 1 << 22
"""Bytes of such bits that are kept: a dozen words of three million titles are so frequent."""


class _Kept(Generic[_Element]):
    """Arrays by number: those that were asked for last, as many as take so many bytes."""

    def __init__(self, most: int) -> None:
        self._arrays: dict[int, npt.NDArray[_Element]] = {}
        self._left = most

    def get(self, number: int) -> npt.NDArray[_Element] | None:
        """The array of a number, None where it is not kept."""
        found = self._arrays.pop(number, None)
        if found is not None:
            self._arrays[number] = found
        return found

    def put(self, number: int, array: npt.NDArray[_Element]) -> npt.NDArray[_Element]:
        """Keep an array, which is given back."""
        self._left -= array.nbytes
        while self._left < 0 and self._arrays:
            self._left += self._arrays.pop(next(iter(self._arrays))).nbytes
        self._arrays[number] = array
        return array


class WordRows:
    """Which rows have which word, by its number."""

    def __init__(self, container: Container, count: int) -> None:
        """Open it, for titles of so many rows.

        Raises:
            CatalogueError: the catalogue is damaged.
        """
        import numpy as np

        container.check_columns("posting_size", "word_rows")
        self.counts = container.array("word_rows")
        """How many rows each word has."""
        self._damaged = container.damaged
        self._count = count
        self._piece = partial(container.piece, "posting")
        self._ends = np.cumsum(container.array("posting_size"), dtype=np.uint64)
        end = int(self._ends[-1]) if len(self._ends) else 0
        if end != container.length("posting") or not self.counts.all():
            raise self._damaged()
        self._rows, self._bits = _Kept[np.int32](_KEPT), _Kept[np.uint8](_KEPT_BITS)

    def __getitem__(self, number: int) -> Rows:
        """The rows of a word, in order."""
        rows = self._rows.get(number)
        return self._rows.put(number, self._unpacked(number)) if rows is None else rows

    def hold(self, number: int, rows: Rows) -> npt.NDArray[np.bool_]:
        """Which of some rows have a word."""
        import numpy as np

        held: npt.NDArray[np.bool_]
        if not len(rows):  # of no row, no word is unpacked
            held = np.zeros(0, dtype=bool)
        elif int(self.counts[number]) * FREQUENT > self._count:
            bits = self._bits_of(number).take(rows >> 3, mode="clip") >> (rows & 7).astype(np.uint8)
            held = (bits & 1).view(np.bool_)
        elif FEW * len(rows) < len(ordered := self[number]):
            held = ordered.take(ordered.searchsorted(rows), mode="clip") == rows
        else:
            self._marks[ordered] = True
            held = self._marks.take(rows, mode="clip")
            self._marks[ordered] = False
        return held

    def _bits_of(self, number: int) -> npt.NDArray[np.uint8]:
        """For each row a bit, set for those of a word; the lowest bit of a byte comes first."""
        import numpy as np

        bits = self._bits.get(number)
        if bits is None:
            ordered = self[number]
            self._marks[ordered] = True
            bits = self._bits.put(number, np.packbits(self._marks, bitorder="little"))
            self._marks[ordered] = False
        return bits

    @cached_property
    def _marks(self) -> npt.NDArray[np.bool_]:
        """For each row a mark, mostly unset."""
        import numpy as np

        return np.zeros(self._count, dtype=bool)

    def _unpacked(self, number: int) -> Rows:
        import numpy as np

        end = int(self._ends[number])
        start = int(self._ends[number - 1]) if number else 0
        steps = np.frombuffer(self._piece(start, end), dtype=np.uint8)
        if not len(steps) or steps[-1] >= 128:
            raise self._damaged()
        rows = unpacked(steps)
        if len(rows) != self.counts[number] or rows.min() < 0 or rows.max() >= self._count:
            raise self._damaged()
        return rows
