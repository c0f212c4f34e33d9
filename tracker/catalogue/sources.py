"""What a catalogue is made from: inputs told by name and content, read in pieces for whoever works on them.

Kinds: JSON Lines (see `facts`), names (tab-separated: name, arXiv id, number of sources that use the name for
the paper), BibTeX, and catalogues. What cannot be used is counted and reported, never guessed at.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Final, NamedTuple

from tracker.catalogue.container import MAGIC
from tracker.catalogue.facts import Fact, key_of
from tracker.catalogue.records import Record
from tracker.catalogue.sheaf import SHOWN
from tracker.catalogue.streams import Stream
from tracker.errors import CatalogueError, InputError
from tracker.identifiers import PaperKey
from tracker.regex import regex

LONGEST_LINE: Final = 16 << 20
"""Bytes; the longest line of the snapshot has 150 KB, so what is longer is no record."""
_PIECE: Final = 1 << 20
_LARGEST_BIB: Final = 100 << 20
"""Bytes of a .bib file, which is read as a whole."""
_COUNT: Final = regex("[0-9]{1,9}")
_ENTRY: Final = regex(rb"(?:^|\n)[ \t]*@[A-Za-z]+\s*[{(]")
_THREE_FIELDS: Final = regex(rb"[^\t\n]+\t[^\t\n]+\t[0-9]+\r?(?:\n|$)")


class Kind(Enum):
    """What an input holds."""

    LINES = "JSON Lines"
    NAMES = "names"
    BIB = "BibTeX"
    CATALOGUE = "a catalogue"


_KINDS: Final = {
    ".jsonl": Kind.LINES,
    ".ndjson": Kind.LINES,
    ".json": Kind.LINES,
    ".tsv": Kind.NAMES,
    ".bib": Kind.BIB,
}


def kind_of(stream: Stream) -> Kind | None:
    """What a stream holds, by its name and, where that does not tell, by how it begins; None: nothing usable."""
    beginning = stream.peek().removeprefix(b"\xef\xbb\xbf").lstrip()
    if beginning.startswith(MAGIC):
        return Kind.CATALOGUE
    if kind := _KINDS.get(Path(stream.file_name).suffix.lower()):
        return kind
    if beginning.startswith(b"{"):
        return Kind.LINES
    if _THREE_FIELDS.match(beginning):
        return Kind.NAMES
    return Kind.BIB if _ENTRY.search(beginning) else None


class Rejects:
    """What could not be used: how much, and of the first some what is wrong."""

    def __init__(self) -> None:
        self.count = 0
        self.shown: list[str] = []

    def add(self, text: str, count: int = 1) -> None:
        """Count so many, for this reason."""
        self.count += count
        if len(self.shown) < SHOWN:
            self.shown.append(text)


class NamedBy(NamedTuple):
    """A short name, the paper it stands for, and how many sources use it so."""

    name: str
    key: PaperKey
    sources: int


class Batch(NamedTuple):
    """Some whole lines."""

    first_line: int
    """Counted from 1."""
    data: bytes


def batches_of_lines(stream: Stream, rejects: Rejects) -> Iterator[Batch]:
    """The lines of a stream, about a megabyte at a time; lines above `LONGEST_LINE` are passed over and told.

    Raises:
        CatalogueError: it cannot be read.
    """
    kept: list[bytes] = []
    number, length = 1, 0
    is_skipping = False
    while data := stream.read(_PIECE):
        end = data.rfind(b"\n") + 1
        if is_skipping and end:
            begin = data.find(b"\n") + 1
            data, end, is_skipping = data[begin:], end - begin, False
            number += 1
        if is_skipping:
            continue
        if end:
            first = data.find(b"\n")
            if length + first > LONGEST_LINE:
                _reject_long(stream, number, rejects)
                whole = data[first + 1 : end]
                number += 1
            else:
                whole = b"".join((*kept, data[:end]))
            if whole:
                yield Batch(number, whole)
            number += whole.count(b"\n")
            kept, length, data = [], 0, data[end:]
        kept.append(data)
        length += len(data)
        if length > LONGEST_LINE:
            _reject_long(stream, number, rejects)
            kept, length, is_skipping = [], 0, True
    if length:
        yield Batch(number, b"".join(kept))


def _reject_long(stream: Stream, number: int, rejects: Rejects) -> None:
    rejects.add(f"{stream.name}:{number}: a line of more than {LONGEST_LINE >> 20} MB")


def names_of_lines(stream: Stream, rejects: Rejects) -> Iterator[NamedBy]:
    """The short names of lines of tab-separated name, id, count.

    Raises:
        CatalogueError: it cannot be read.
    """
    for batch in batches_of_lines(stream, rejects):
        lines = batch.data.decode("utf-8", "replace").removeprefix("\ufeff").split("\n")
        for number, line in enumerate(lines, batch.first_line):
            if not line.strip():
                continue
            fields = line.rstrip("\r").split("\t")
            key = key_of(fields[1].strip()) if len(fields) == 3 else None
            if key is None or not fields[0].strip() or not _COUNT.fullmatch(fields[2].strip()):
                rejects.add(f"{stream.name}:{number}: not a name, an id and a count")
            else:
                yield NamedBy(" ".join(fields[0].split()), key, int(fields[2]))


def facts_of_bib(stream: Stream, rejects: Rejects) -> list[Fact]:
    """The papers of a .bib file: entries with an arXiv id, an ACL id or a DOI.

    Raises:
        CatalogueError: it cannot be read, or is no text.
    """
    from tracker.bibfile import read_bib

    data = stream.read(_LARGEST_BIB + 1)
    if len(data) > _LARGEST_BIB:
        raise CatalogueError(f"{stream.name}: has more than {_LARGEST_BIB >> 20} MB; import it in parts")
    try:
        bib = read_bib(data, stream.name)
    except InputError as error:
        raise CatalogueError(str(error)) from None
    for problem in bib.problems:
        rejects.add(f"{problem.subject}: {problem.message}")
    facts: list[Fact] = []
    for entry in bib.entries:
        keys = {key.partition(":")[0]: key for key in sorted(entry.paper_keys, reverse=True)}
        key = next((keys[scheme] for scheme in ("arXiv", "acl", "doi") if scheme in keys), None)
        if key is None or not entry.title:
            lacking = "title" if key else "arXiv id, ACL id or DOI"
            rejects.add(f"{stream.name}:{entry.line}: {entry.key:.60} has no {lacking}")
            continue
        authors = tuple(author.strip("{}") for author in entry.authors)
        record = Record(key, entry.title, authors, bool(authors) and not entry.has_others, venue=entry.venue)
        facts.append(Fact(record._replace(doi="" if key == f"doi:{entry.doi}" else entry.doi or "")))
    return facts
