"""Records in the catalogue file: lines of fields, compressed in blocks, read one at a time.

Two lines a record, their fields parted by U+001F. The head is what scanning needs: categories, date
(YYYYMMDD, or DD where the key tells the rest), key (empty where the key number tells it), title. The details
are what a bibliography needs: authors (parted by U+001E), whether they are all, venue, DOI.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from tracker.catalogue.container import Container
from tracker.catalogue.keys import OLD_FLAG, KeyNumbers, key_number, key_numbers, number_key, years_of
from tracker.catalogue.packing import Lines, bzip_unpack, inflating, lzma_unpack
from tracker.identifiers import PaperKey, arxiv_id_of, year_month_of
from tracker.regex import regex

if TYPE_CHECKING:
    from tracker.models import Paper

HEADS_PER_BLOCK: Final = 32
DETAILS_PER_BLOCK: Final = 1024
"""A quarter smaller than with blocks of 64 (measured on 80,000 papers)."""
ABSTRACTS_PER_BLOCK: Final = 256
"""Some 300 KB, of which bzip2 makes 90 KB; one is read in 20 ms."""
ABSTRACTS: Final = "abstracts"
"""The section that only some catalogues have."""
FIELD: Final = "\x1f"
"""Between the fields of a line."""
_AUTHOR: Final = "\x1e"
_KEPT_BLOCKS: Final = 64
"""Of details, unpacked: 4 MB, or of the larger blocks of a compact catalogue, 15 MB. That of the package has 22."""
_KEPT_HEADS: Final = 1 << 13
"""Heads that are kept once read, about 5 MB: each candidate of each mention asks for its own."""
_CONTROL: Final = regex(r"[\x00-\x1f\x7f]+")
Head = tuple[PaperKey, str, date | None, tuple[str, ...]]
"""Key, title, date of the first version, categories."""


class Record(NamedTuple):
    """The facts of one paper as the catalogue keeps them."""

    key: PaperKey
    title: str
    authors: tuple[str, ...] = ()
    is_complete: bool = False
    """Whether `authors` are all of them."""
    published: date | None = None
    """Date of the first version."""
    categories: tuple[str, ...] = ()
    venue: str = ""
    doi: str = ""
    cited_in: int = 0
    """Independent sources that cite it."""

    @property
    def year(self) -> int | None:
        """Of the first version; None where neither date nor key tells it."""
        if self.published:
            return self.published.year
        month = _month_of(self.key)
        return month[0] if month else None

    def to_lines(self) -> tuple[str, str]:
        """The record as one line of heads and one of details; control characters become blanks."""
        number = key_number(self.key)
        key = "" if number < OLD_FLAG else self.key
        day = ""
        if self.published:
            is_told = _month_of(self.key) == (self.published.year, self.published.month)
            day = f"{self.published.day:02d}" if is_told else f"{self.published:%Y%m%d}"
        text = "".join((*self.categories, self.key, self.title, *self.authors, self.venue, self.doi))
        record = self if text.isprintable() else self._cleaned()
        names = _AUTHOR.join(filter(None, record.authors))
        head = (" ".join(record.categories), day, key, record.title)
        return FIELD.join(head), FIELD.join(
            (names, "1" if self.is_complete else "", record.venue, record.doi)
        )

    def _cleaned(self) -> Record:
        """The record without control characters, which part its fields."""
        return self._replace(
            title=_clean(self.title),
            authors=tuple(map(_clean, self.authors)),
            categories=tuple(map(_clean, self.categories)),
            venue=_clean(self.venue),
            doi=_clean(self.doi),
        )

    def to_paper(self, aliases: tuple[str, ...] = (), abstract: str = "") -> Paper:
        """The record as the model that crosses doors."""
        from tracker.models import Paper  # takes 80 ms to import, and looking for titles does without

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
            abstract=abstract or None,
            cited_in=self.cited_in,
            aliases=aliases,
        )


def key_and_title(number: int, head: str) -> tuple[PaperKey, str]:
    """The key and the title of a line of heads that `Record.to_lines` made."""
    _, _, key, title = head.split(FIELD)
    return PaperKey(key) if key else number_key(number) or PaperKey(""), title


def day_of_head(number: int, head: str) -> date | None:
    """The date of a line of heads that `Record.to_lines` made.

    Raises:
        ValueError: the line is not of that form.
    """
    _, day, key, _ = head.split(FIELD)
    return _published(PaperKey(key) if key else number_key(number) or PaperKey(""), day) if day else None


def authors_of_detail(detail: str) -> tuple[tuple[str, ...], bool]:
    """The authors of a line of details, and whether they are all."""
    authors, is_complete, _, _ = detail.split(FIELD)
    return tuple(authors.split(_AUTHOR)) if authors else (), bool(is_complete)


def doi_of_detail(detail: str) -> str:
    """The DOI of a line of details; "" where it is not known."""
    return detail.rpartition(FIELD)[2]


def record_from_lines(number: int, cited_in: int, head: str, detail: str | None = None) -> Record:
    """The record of a key number and the lines that `Record.to_lines` made; without `detail` the head's
    fields.

    Raises:
        ValueError: the lines are not of that form.
    """
    categories, day, key, title = head.split(FIELD)
    paper = PaperKey(key) if key else number_key(number)
    if paper is None:
        raise ValueError("a head without key has a number that tells it")
    published = _published(paper, day)
    if detail is None:
        return Record(paper, title, (), False, published, tuple(categories.split()), "", "", cited_in)
    authors, complete, venue, doi = detail.split(FIELD)
    names = tuple(authors.split(_AUTHOR)) if authors else ()
    return Record(
        paper, title, names, bool(complete), published, tuple(categories.split()), venue, doi, cited_in
    )


def _clean(text: str) -> str:
    return text if text.isprintable() else _CONTROL.sub(" ", text).strip()


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


def details_per_block(container: Container) -> int:
    """How many details a block of a catalogue holds.

    Raises:
        CatalogueError: the file is damaged.
    """
    if not container.has("details_per_block"):
        return DETAILS_PER_BLOCK
    if container.length("details_per_block") != 1 or not (found := container.numbers("details_per_block")[0]):
        raise container.damaged()
    return int(found)


class Records:
    """The records of an open catalogue, by row."""

    def __init__(self, container: Container) -> None:
        self.numbers = KeyNumbers(container)
        count = len(self.numbers)
        container.check_columns("cited_in", length=count)
        container.check_columns("heads_blocks", length=-(-count // HEADS_PER_BLOCK) + 1)
        per_block = details_per_block(container)
        container.check_columns("details_blocks", length=-(-count // per_block) + 1)
        self._container = container
        self._heads = Lines(container, "heads", inflating(bytes(container.bytes("phrases"))), HEADS_PER_BLOCK)
        self._details = Lines(container, "details", lzma_unpack, per_block, _KEPT_BLOCKS * per_block)
        self._abstracts = (
            Lines(container, ABSTRACTS, bzip_unpack, ABSTRACTS_PER_BLOCK, 2 * ABSTRACTS_PER_BLOCK)
            if container.has(ABSTRACTS)
            else None
        )
        self.head = lru_cache(maxsize=_KEPT_HEADS)(self._read_head)
        """The record of a row without authors, venue and DOI: what scanning needs, quick to read.

        Raises:
            CatalogueError: the file is damaged.
        """

    @cached_property
    def _cited_in(self) -> memoryview:
        return self._container.numbers("cited_in")

    def __len__(self) -> int:
        return len(self.numbers)

    def key(self, row: int) -> PaperKey:
        """The key of a row."""
        return number_key(self.numbers[row]) or self.head(row).key

    def cited_in(self, row: int) -> int:
        """How many independent sources cite the paper of a row."""
        return int(self._cited_in[row])

    def of_years(self, years: Collection[int], most: int) -> list[int]:
        """At most `most` papers whose keys say that they are of these years: the most cited first, of equals the
        older."""
        import numpy as np

        rows = np.flatnonzero(np.isin(years_of(key_numbers(self._container, range(len(self)))), list(years)))
        cited = self._container.array("cited_in").take(rows).astype(np.int64)
        best: list[int] = rows[np.argsort(-cited, kind="stable")[:most]].tolist()
        return best

    @property
    def has_abstracts(self) -> bool:
        """Whether the abstracts are kept."""
        return self._abstracts is not None

    def abstract(self, row: int) -> str:
        """The abstract of a row; "" where it is not known.

        Raises:
            CatalogueError: the file is damaged.
        """
        return self._abstracts[row] if self._abstracts else ""

    def lines(self, row: int) -> tuple[str, str]:
        """The lines of a row, as `Record.to_lines` made them.

        Raises:
            CatalogueError: the file is damaged.
        """
        return self._heads[row], self._details[row]

    def _read_head(self, row: int) -> Record:
        number, cited_in = self.numbers[row], self._cited_in[row]
        try:
            return record_from_lines(number, cited_in, self._heads[row])
        except ValueError:
            raise self._container.damaged() from None

    def __getitem__(self, row: int) -> Record:
        """The record of a row.

        Raises:
            CatalogueError: the file is damaged.
        """
        number, cited_in = self.numbers[row], self._cited_in[row]
        try:
            return record_from_lines(number, cited_in, self._heads[row], self._details[row])
        except ValueError:
            raise self._container.damaged() from None
