"""A run of facts as columns: what one process makes of some lines of an input, and another adds to the spool.

Each fact is four lines of text, joined by line feeds: head and details (see `records`), the names that its
abstract gives, and the abstract (empty where it is not kept).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from tracker.catalogue.facts import Fact, fact_of
from tracker.catalogue.keys import key_number
from tracker.catalogue.records import FIELD, day_of_head
from tracker.errors import CatalogueError

if TYPE_CHECKING:
    from tracker.catalogue import Catalogue

SHOWN: Final = 20
"""Unusable lines of which the reason is kept; the others are only counted."""
NEVER: Final = 0
"""The ordinal that stands for "no date"."""
LATEST: Final = (1 << 32) - 1
_BRACKETS: Final = ("[", "]")
"""Lines on which a list of JSON begins and ends."""


class Sheaf:
    """Columns of equal length, and the lines of all facts one after the other."""

    def __init__(self) -> None:
        self.numbers = array("Q")
        self.cited_in = array("I")
        self.days = array("I")
        """When the first version came, as ordinal."""
        self.updated = array("I")
        """When the facts were last changed, as ordinal; of a deletion without a date `LATEST`."""
        self.deleted = bytearray()
        self.sizes = array("I")
        self.data = b""
        self.rejected: list[tuple[int, str]] = []
        """Of the first unusable lines the place (counted from 0) and the reason."""
        self.rejected_count = 0

    def reject(self, line: int, reason: str) -> None:
        """Count a line that cannot be used."""
        self.rejected_count += 1
        if len(self.rejected) < SHOWN:
            self.rejected.append((line, reason))

    def add(self, facts: Iterable[Fact]) -> Sheaf:
        """Take facts in; itself."""
        pieces: list[bytes] = []
        for fact in facts:
            record = fact.record
            head, detail = record.to_lines()
            data = f"{head}\n{detail}\n{FIELD.join(fact.names)}\n{_line(fact.abstract)}".encode(
                "utf-8", "replace"
            )
            pieces.append(data)
            self.numbers.append(key_number(record.key))
            self.cited_in.append(min(record.cited_in, LATEST))
            self.days.append(record.published.toordinal() if record.published else NEVER)
            updated = fact.updated.toordinal() if fact.updated else NEVER
            self.updated.append(updated or (LATEST if fact.is_deleted else NEVER))
            self.deleted.append(fact.is_deleted)
            self.sizes.append(len(data))
        self.data += b"".join(pieces)
        return self


def _line(text: str) -> str:
    return text.replace("\n", " ").replace("\r", " ")


def sheaf_of_lines(task: tuple[bytes, bool]) -> Sheaf:
    """The facts of whole lines of JSON, and whether to keep the abstracts; what is no UTF-8 is replaced.

    A list that has each paper on a line of its own is read too, whose lines end with a comma.
    """
    data, keep_abstracts = task
    sheaf = Sheaf()
    facts: list[Fact] = []
    for place, line in enumerate(data.decode("utf-8", "replace").removeprefix("\ufeff").split("\n")):
        if line and not line.isspace():
            try:
                facts.append(_fact_of(line, keep_abstracts))
            except ValueError as error:
                if line.strip() not in _BRACKETS:
                    sheaf.reject(place, str(error)[:160])
    return sheaf.add(facts)


def _fact_of(line: str, keep_abstract: bool) -> Fact:
    try:
        return fact_of(line, keep_abstract=keep_abstract)
    except ValueError:
        start = line.rstrip()
        if not start.endswith("},"):
            raise
        return fact_of(start[:-1], keep_abstract=keep_abstract)


class Rows(NamedTuple):
    """Some rows of a catalogue."""

    path: Path
    state: tuple[int, ...]
    """As `state_of` told when the reading began."""
    first: int
    last: int
    """The one behind the last."""
    keep_abstracts: bool


def state_of(path: Path) -> tuple[int, ...]:
    """What is different when another file is put into the place of one.

    Raises:
        CatalogueError: there is none.
    """
    try:
        status = path.stat()
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be read: {error.strerror}") from None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def sheaf_of_rows(rows: Rows) -> Sheaf:
    """The facts of some rows of a catalogue.

    Raises:
        CatalogueError: it cannot be read, or was replaced while it was.
    """
    path = rows.path
    catalogue, names = _opened(path, rows.state)
    records = catalogue.records
    sheaf = Sheaf()
    pieces: list[bytes] = []
    for row in range(rows.first, rows.last):
        number = records.numbers[row]
        head, detail = records.lines(row)
        abstract = records.abstract(row) if rows.keep_abstracts else ""
        try:
            day = day_of_head(number, head)
        except ValueError:
            raise CatalogueError(f"{path}: the catalogue is damaged; make or copy it again") from None
        data = f"{head}\n{detail}\n{FIELD.join(names.get(row, ()))}\n{abstract}".encode()
        pieces.append(data)
        sheaf.numbers.append(number)
        sheaf.cited_in.append(records.cited_in(row))
        sheaf.days.append(day.toordinal() if day else NEVER)
        sheaf.updated.append(NEVER)
        sheaf.deleted.append(False)
        sheaf.sizes.append(len(data))
    sheaf.data = b"".join(pieces)
    return sheaf


@lru_cache(maxsize=2)
def _opened(path: Path, state: tuple[int, ...]) -> tuple[Catalogue, dict[int, list[str]]]:
    """A catalogue as it is now, and by row the names that abstracts gave."""
    from tracker.catalogue import Catalogue, Origin

    catalogue = Catalogue.open(path)
    if state_of(path) != state:
        raise CatalogueError(f"{path}: was replaced while it was read; try again")
    names: dict[int, list[str]] = {}
    for alias in catalogue.all_aliases(Origin.ABSTRACT):
        names.setdefault(alias.row, []).append(alias.name)
    return catalogue, names
