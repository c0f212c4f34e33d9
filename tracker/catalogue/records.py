"""Records in the catalogue file: lines of fields, compressed in blocks, read one at a time.

Two lines a record, their fields parted by U+001F. The head is what scanning needs, quick to unpack: key
(empty where the key number tells it), title, date (YYYYMMDD, or DD where the key tells the rest),
categories. The details are what a bibliography needs, packed tighter: authors (parted by U+001E), whether
they are all, venue, DOI.
"""

from __future__ import annotations

import lzma
import re
import zlib
from array import array
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from tracker.catalogue.container import Container
from tracker.catalogue.keys import key_number, number_key
from tracker.identifiers import PaperKey, arxiv_id_of, year_month_of
from tracker.models import Paper

HEADS_PER_BLOCK: Final = 128
DETAILS_PER_BLOCK: Final = 1024
"""4 ms to unpack, and a quarter smaller than with blocks of 64 (measured on 80,000 papers)."""
_LZMA: Final = [{"id": lzma.FILTER_LZMA2, "preset": 6, "lc": 4, "lp": 0, "pb": 0}]
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")


class Record(NamedTuple):
    """The facts of one paper as the catalogue keeps them."""

    key: PaperKey
    title: str
    authors: tuple[str, ...] = ()
    is_complete: bool = False
    """Whether `authors` are all of them."""
    published: date | None = None
    categories: tuple[str, ...] = ()
    venue: str = ""
    doi: str = ""
    cited_in: int = 0

    @property
    def year(self) -> int | None:
        """Of the first version."""
        if self.published:
            return self.published.year
        arxiv_id = arxiv_id_of(self.key)
        return year_month_of(arxiv_id)[0] if arxiv_id else None

    def to_lines(self) -> tuple[str, str]:
        """The record as one line of heads and one of details."""
        day = f"{self.published:%Y%m%d}" if self.published else ""
        if self.published and _month_of(self.key) == (self.published.year, self.published.month):
            day = day[6:]
        key = "" if number_key(key_number(self.key)) == self.key else self.key
        head = (key, _clean(self.title), day, " ".join(self.categories))
        names = "\x1e".join(_clean(name) for name in self.authors)
        detail = (names, "1" if self.is_complete else "", _clean(self.venue), self.doi)
        return "\x1f".join(head), "\x1f".join(detail)

    def to_paper(self, aliases: tuple[str, ...] = ()) -> Paper:
        """The record as the model that crosses doors."""
        return Paper(
            key=self.key,
            title=self.title,
            authors=self.authors,
            authors_complete=self.is_complete,
            published=self.published,
            year=self.year,
            categories=self.categories,
            venue=self.venue or None,
            doi=self.doi or None,
            cited_in=self.cited_in,
            aliases=aliases,
        )


def _clean(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()


def _month_of(key: PaperKey) -> tuple[int, int] | None:
    arxiv_id = arxiv_id_of(key)
    return year_month_of(arxiv_id) if arxiv_id else None


def _published(key: PaperKey, day: str) -> date | None:
    """The date of a head: YYYYMMDD, or only DD where the arXiv id tells year and month."""
    if not day:
        return None
    if len(day) == 8:
        return date(int(day[:4]), int(day[4:6]), int(day[6:]))
    month = _month_of(key)
    return date(month[0], month[1], int(day)) if month else None


def pack_lines(lines: Sequence[str], pack: Callable[[bytes], bytes], per_block: int) -> tuple[bytes, bytes]:
    """Lines packed in blocks: the data, and the offset of each block (with the end of the last) as 64-bit
    numbers."""
    packed = bytearray()
    offsets = array("Q", [0])
    for first in range(0, len(lines), per_block):
        packed.extend(pack("\n".join(lines[first : first + per_block]).encode()))
        offsets.append(len(packed))
    return bytes(packed), offsets.tobytes()


def pack_records(records: Iterable[Record]) -> dict[str, tuple[str, bytes]]:
    """The sections of records in the order of their rows."""
    lines = [record.to_lines() for record in records]
    heads, head_blocks = pack_lines([head for head, _ in lines], _pack_head, HEADS_PER_BLOCK)
    details, detail_blocks = pack_lines([detail for _, detail in lines], _pack_detail, DETAILS_PER_BLOCK)
    return {
        "heads": ("B", heads),
        "head_blocks": ("Q", head_blocks),
        "details": ("B", details),
        "detail_blocks": ("Q", detail_blocks),
    }


def _pack_head(data: bytes) -> bytes:
    return zlib.compress(data, 9)


def _pack_detail(data: bytes) -> bytes:
    return lzma.compress(data, format=lzma.FORMAT_RAW, filters=_LZMA)


def _unpack_detail(data: memoryview) -> bytes:
    return lzma.decompress(data, format=lzma.FORMAT_RAW, filters=_LZMA)


class _Lines:
    """Packed lines, read by row; the blocks read last are kept."""

    def __init__(
        self, container: Container, name: str, unpack: Callable[[memoryview], bytes], per_block: int
    ) -> None:
        self._data = container.bytes(f"{name}s")
        self._offsets = container.numbers(f"{name}_blocks")
        self._unpack = unpack
        self._per_block = per_block
        self._read = lru_cache(maxsize=512)(self._read_block)

    def _read_block(self, block: int) -> list[str]:
        packed = self._data[self._offsets[block] : self._offsets[block + 1]]
        return self._unpack(packed).decode().split("\n")

    def __getitem__(self, row: int) -> str:
        return self._read(row // self._per_block)[row % self._per_block]


class Records:
    """The records of an open catalogue, by row."""

    def __init__(self, container: Container) -> None:
        self._numbers = container.numbers("keys")
        self._cited_in = container.numbers("cited_in")
        self._heads = _Lines(container, "head", zlib.decompress, HEADS_PER_BLOCK)
        self._details = _Lines(container, "detail", _unpack_detail, DETAILS_PER_BLOCK)

    def __len__(self) -> int:
        return len(self._numbers)

    def key(self, row: int) -> PaperKey:
        """The key of a row."""
        return number_key(self._numbers[row]) or self.head(row).key

    def cited_in(self, row: int) -> int:
        """How many independent sources cite the paper of a row."""
        return int(self._cited_in[row])

    def head(self, row: int) -> Record:
        """The record of a row without authors, venue and DOI: what scanning needs, quick to read."""
        key, title, day, categories = self._heads[row].split("\x1f")
        paper = PaperKey(key) if key else number_key(self._numbers[row])
        assert paper is not None, "a head without key has a number that tells it"
        published = _published(paper, day)
        return Record(
            paper, title, (), False, published, tuple(categories.split()), "", "", self._cited_in[row]
        )

    def __getitem__(self, row: int) -> Record:
        authors, complete, venue, doi = self._details[row].split("\x1f")
        names = tuple(authors.split("\x1e")) if authors else ()
        return self.head(row)._replace(authors=names, is_complete=bool(complete), venue=venue, doi=doi)
