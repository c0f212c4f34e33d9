"""Facts kept in a file of their own while a catalogue is made, so that memory holds only numbers about them.

The lines of three million records are a gigabyte, as objects five times that; both are too much.
"""

from __future__ import annotations

import os
import tempfile
from array import array
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

from tracker.catalogue.sheaf import NEVER, Sheaf
from tracker.errors import CatalogueError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    I64 = npt.NDArray[np.int64]
    U32 = npt.NDArray[np.uint32]
    U64 = npt.NDArray[np.uint64]


class Kept(NamedTuple):
    """One fact as it came."""

    source: int
    """The number of the input that it came from."""
    updated: int
    cited_in: int
    lines: bytes


class Spool:
    """Facts in the order in which they came, of several inputs, one after the other.

    Everything raises `CatalogueError` where the disk is full or cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        """With a file in `folder` that has no name and is gone when it is closed."""
        try:
            self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115
        except OSError as error:
            raise CatalogueError(f"{folder}: cannot be written to: {error.strerror}") from None
        self._size = 0
        self._starts = array("Q")
        self._columns = Sheaf()
        self._sources = array("H")

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):  # what is lost with a full disk has been told
            self._file.close()

    def __len__(self) -> int:
        return len(self._starts)

    def newest_change(self, today: date) -> date | None:
        """The date of the last change of any fact, those to come left out; None where no date is known."""
        return _newest(self._array("updated"), today)

    def add(self, sheaf: Sheaf, source: int) -> None:
        """Take facts of the input with the number `source`."""
        try:
            self._file.write(sheaf.data)
        except OSError as error:
            raise CatalogueError(f"the facts cannot be kept while they are read: {error.strerror}") from None
        for size in sheaf.sizes:
            self._starts.append(self._size)
            self._size += size
        ours = self._columns
        ours.numbers.extend(sheaf.numbers)
        ours.cited_in.extend(sheaf.cited_in)
        ours.days.extend(sheaf.days)
        ours.updated.extend(sheaf.updated)
        ours.deleted.extend(sheaf.deleted)
        ours.sizes.extend(sheaf.sizes)
        self._sources.extend([source] * len(sheaf.sizes))

    def _array(self, name: str) -> npt.NDArray[np.uint64]:
        import numpy as np

        column = self._sources if name == "sources" else getattr(self._columns, name)
        return np.frombuffer(column, dtype=getattr(column, "typecode", "B"))

    def kept(self, index: int) -> Kept:
        """The fact that came as number `index`, once all have come."""
        columns = self._columns
        lines = os.pread(self._file.fileno(), columns.sizes[index], self._starts[index])
        return Kept(self._sources[index], columns.updated[index], columns.cited_in[index], lines)

    def papers(
        self,
        sources_of: Mapping[int, int],
        most_cited: int | None,
        always: Collection[int] = (),
        today: date = date.max,
    ) -> Papers:
        """The papers of which there are facts that no deletion has taken out.

        Of these are chosen `most_cited`, the most cited first, of equally cited ones those with more sources
        for their names (`sources_of` their key numbers), then the newer; None: all. Those whose key numbers
        are in `always` come before all others. No day after `today` is that of the newest.
        """
        import numpy as np

        self._flush()
        numbers = self._array("numbers")
        order = np.lexsort((self._array("sources"), numbers))
        order = self._without_deleted(order)
        is_first = np.diff(numbers[order], prepend=~numbers[order][:1]) != 0
        starts = np.flatnonzero(is_first)
        papers = numbers[order[starts]]
        cited_in = self._array("cited_in")[order]
        most = np.maximum.reduceat(cited_in, starts) if len(starts) else cited_in
        is_chosen = np.ones(len(papers), dtype=bool)
        if most_cited is not None and most_cited < len(papers):
            sources = np.array([sources_of.get(number, 0) for number in papers.tolist()], dtype=np.uint64)
            is_first = np.isin(papers, np.array(sorted(always), dtype=np.uint64))
            best = np.lexsort((papers, sources, most, is_first))[::-1][:most_cited]
            is_chosen[:] = False
            is_chosen[best] = True
        days = self._array("days")[order]
        edges = np.append(starts, len(order)).astype(np.uint32)
        newest = _newest(days[np.repeat(is_chosen, np.diff(edges))], today)
        return Papers(self, papers, most, order.astype(np.uint32), edges, is_chosen, newest)

    def _without_deleted(self, order: I64) -> I64:
        """What stays of facts, in order of paper and input, after the deletions.

        A deletion takes out what earlier inputs say, and of its own input what is not newer than it.
        """
        import numpy as np

        deletions = np.flatnonzero(self._array("deleted")[order])
        if not len(deletions):
            return order
        stays = np.ones(len(order), dtype=bool)
        numbers, sources, updated = self._columns.numbers, self._sources, self._columns.updated
        for place in deletions.tolist():
            index = int(order[place])
            stays[place] = False
            for step in (-1, 1):
                other = place + step
                while 0 <= other < len(order) and numbers[int(order[other])] == numbers[index]:
                    fact = int(order[other])
                    is_same = sources[fact] == sources[index]
                    if sources[fact] < sources[index] or (is_same and updated[fact] <= updated[index]):
                        stays[other] = False
                    other += step
        return order[stays]

    def _flush(self) -> None:
        try:
            self._file.flush()
        except OSError as error:
            raise CatalogueError(f"the facts cannot be kept while they are read: {error.strerror}") from None


def _newest(days: npt.NDArray[np.uint64], today: date) -> date | None:
    """The last of some days up to today: what says that it is of a day to come is wrong."""
    day = int(days[days <= today.toordinal()].max(initial=NEVER))
    return date.fromordinal(day) if day else None


class Papers:
    """Each paper once, in the order of the key numbers, with all facts about it."""

    def __init__(
        self,
        spool: Spool,
        numbers: U64,
        cited_in: U64,
        order: U32,
        edges: U32,
        is_chosen: npt.NDArray[np.bool_],
        newest: date | None,
    ) -> None:
        self._spool = spool
        self.numbers = numbers
        """Key numbers of all papers, sorted."""
        self.cited_in = cited_in
        self._order = order
        self._edges = edges
        self.is_chosen = is_chosen
        """Which of them the catalogue has."""
        self.newest = newest
        """The date of the newest chosen one, those to come left out; None where no date is known."""

    def __len__(self) -> int:
        return len(self.numbers)

    def facts(self, paper: int) -> list[Kept]:
        """What is said about the paper at a place in the order, earlier inputs first."""
        start, end = self._edges[paper], self._edges[paper + 1]
        return [self._spool.kept(int(index)) for index in self._order[start:end]]
