"""Records kept in a file of their own while a catalogue is made, so that memory holds only numbers about
them.

The lines of three million records are half a gigabyte, as objects five times that; both are too much.
"""

from __future__ import annotations

import os
import tempfile
from array import array
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from tracker.catalogue.keys import key_number
from tracker.catalogue.records import FIELD, Record, key_and_title, record_from_lines
from tracker.errors import CatalogueError
from tracker.identifiers import PaperKey

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    I64 = npt.NDArray[np.int64]
    U32 = npt.NDArray[np.uint32]
    U64 = npt.NDArray[np.uint64]


class Spool:
    """Records in the order in which they came. Which of them a catalogue keeps, `chosen` says.

    Everything raises `CatalogueError` where the disk is full or cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        """With a file in `folder` that has no name and is gone when it is closed."""
        try:
            self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        except OSError as error:
            raise CatalogueError(f"{folder}: cannot be written to: {error.strerror}") from None
        self._edges = array("Q", [0])
        self._numbers = array("Q")
        self._cited_in = array("Q")
        self._sources = array("Q")
        self._days = array("I")

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._numbers)

    def add(self, record: Record, sources: int) -> None:
        """Take a record; `sources` is by how many sources its names are used."""
        lines = "\n".join(record.to_lines()).encode()
        try:
            self._file.write(lines)
        except OSError as error:
            raise CatalogueError(f"the records cannot be kept: {error.strerror}") from None
        self._edges.append(self._edges[-1] + len(lines))
        self._numbers.append(key_number(record.key))
        self._cited_in.append(record.cited_in)
        self._sources.append(sources)
        self._days.append(record.published.toordinal() if record.published else 0)

    @property
    def numbers(self) -> U64:
        """The key numbers of all records."""
        import numpy as np

        return np.frombuffer(self._numbers, dtype=np.uint64)

    @property
    def cited_in(self) -> U64:
        """How many sources cite each of all records."""
        import numpy as np

        return np.frombuffer(self._cited_in, dtype=np.uint64)

    @property
    def days(self) -> U32:
        """The dates of all records as ordinals, 0 where there is none."""
        import numpy as np

        return np.frombuffer(self._days, dtype=np.uint32)

    def chosen(self, most_cited: int | None) -> I64:
        """Which records a catalogue keeps, each key once, in the order of their key numbers.

        With `most_cited` only that many, the most cited first, of equally cited ones those with more sources
        for their names, then the newer. Of several records of one key the most cited, then the fullest. The
        order in which the records came does not matter.
        """
        import numpy as np

        self._file.flush()
        numbers, cited_in, sources = self.numbers, self.cited_in, np.frombuffer(self._sources, np.uint64)
        order = np.argsort(numbers, kind="stable")
        is_first = np.diff(numbers[order], prepend=~numbers[order][:1]) != 0
        chosen: I64 = order[is_first]
        starts = np.flatnonzero(is_first)
        sizes = np.diff(starts, append=len(order))
        for place in np.flatnonzero(sizes > 1).tolist():
            equal = order[starts[place] : starts[place] + sizes[place]].tolist()
            chosen[place] = max(equal, key=self._fullness)
        if most_cited is not None:
            best = np.lexsort((numbers[chosen], sources[chosen], cited_in[chosen]))[::-1][:most_cited]
            chosen = chosen[np.sort(best)]
        return chosen

    def _fullness(self, index: int) -> tuple[int, bool, int, tuple[str, str]]:
        record = self.record(index)
        return record.cited_in, record.is_complete, len(record.authors), self.lines(index)

    def lines(self, index: int) -> tuple[str, str]:
        """The lines of the record that came as number `index` (see `Record.to_lines`), once all have come."""
        start, end = self._edges[index], self._edges[index + 1]
        head, _, detail = os.pread(self._file.fileno(), end - start, start).decode().partition("\n")
        return head, detail

    def record(self, index: int) -> Record:
        """The record that came as number `index`."""
        return record_from_lines(self._numbers[index], self._cited_in[index], *self.lines(index))

    def titles(self) -> Iterator[str]:
        """The titles of all records, those that are not chosen too."""
        return (self.lines(index)[0].rpartition(FIELD)[2] for index in range(len(self)))


class Chosen:
    """The chosen records of a spool in the order of their rows; can be gone through several times."""

    def __init__(self, spool: Spool, most_cited: int | None) -> None:
        """Those that `Spool.chosen` gives."""
        self._spool = spool
        self._indexes = spool.chosen(most_cited)
        self.numbers = spool.numbers[self._indexes]
        """The key numbers, sorted."""
        self.cited_in = spool.cited_in[self._indexes]

    def __len__(self) -> int:
        return len(self._indexes)

    def __iter__(self) -> Iterator[Record]:
        return (self._spool.record(int(index)) for index in self._indexes)

    def heads(self) -> Iterator[str]:
        """The lines of heads."""
        return (self._spool.lines(int(index))[0] for index in self._indexes)

    def details(self) -> Iterator[str]:
        """The lines of details."""
        return (self._spool.lines(int(index))[1] for index in self._indexes)

    def keys_and_titles(self) -> Iterator[tuple[PaperKey, str]]:
        """Keys and titles."""
        return map(key_and_title, self.numbers.tolist(), self.heads())

    def titles(self) -> Iterator[str]:
        """Titles."""
        return (head.rpartition(FIELD)[2] for head in self.heads())

    @property
    def newest(self) -> date | None:
        """The date of the newest paper; None where no date is known."""
        day = int(self._spool.days[self._indexes].max(initial=0))
        return date.fromordinal(day) if day else None
