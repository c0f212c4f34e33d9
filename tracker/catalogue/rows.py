"""Rows of a catalogue while it is made: what is said about each paper made one, then worked into columns.

A chunk of papers goes in, everything that their sections need comes out; chunks do not know of each other, so
that several processes can work on them. What depends on all papers (which are sorted, counted, numbered) is done
with the columns, in `sections`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from tracker.catalogue.aliases import NameColumns, Naming, name_columns
from tracker.catalogue.authors import AuthorColumns, author_columns
from tracker.catalogue.names import Curated
from tracker.catalogue.other_keys import OtherKeyColumns, other_key_columns
from tracker.catalogue.packing import Pack, bzip_pack, deflating, lzma_pack, pack_blocks
from tracker.catalogue.postings import WordColumns, word_columns
from tracker.catalogue.records import (
    ABSTRACTS_PER_BLOCK,
    DETAILS_PER_BLOCK,
    FIELD,
    HEADS_PER_BLOCK,
    authors_of_detail,
    doi_of_detail,
    key_and_title,
    record_from_lines,
)
from tracker.catalogue.spool import Kept
from tracker.catalogue.title_index import TitleColumns, title_columns

ROWS: Final = 4 * DETAILS_PER_BLOCK
"""Of a chunk: whole blocks of everything."""


class Chunk(NamedTuple):
    """Neighbouring papers, and what to make of them."""

    first_row: int
    numbers: Sequence[int]
    facts: Sequence[Sequence[Kept]]
    """For each paper what the inputs say about it, earlier ones first."""
    listed: Mapping[int, Sequence[tuple[str, int, int]]]
    """Key number -> its names (see `aliases.Given`)."""
    curated: Curated
    dictionary: bytes
    """For packing heads; see `packing.phrases`."""
    keeps_abstracts: bool


class Packed(NamedTuple):
    """Packed blocks, and where each ends."""

    data: bytes
    ends: Sequence[int]


class Columns(NamedTuple):
    """What comes of a chunk."""

    titles: bytes
    """As lines."""
    heads: Packed
    details: Packed
    abstracts: Packed
    other_keys: OtherKeyColumns
    authors: AuthorColumns
    title: TitleColumns
    names: NameColumns
    words: WordColumns


class Lines(NamedTuple):
    """One paper as lines; see `sheaf`."""

    head: str
    detail: str
    names: str
    abstract: str


def columns_of(chunk: Chunk) -> Columns:
    """Everything that the sections need of a chunk of papers."""
    papers = [merged(number, facts) for number, facts in zip(chunk.numbers, chunk.facts, strict=True)]
    keyed = [key_and_title(number, lines.head) for number, lines in zip(chunk.numbers, papers, strict=True)]
    titles = [title for _, title in keyed]
    namings = (
        Naming(chunk.listed.get(number, ()), lines.names.split(FIELD) if lines.names else ())
        for number, lines in zip(chunk.numbers, papers, strict=True)
    )
    named = ((key, title, naming) for (key, title), naming in zip(keyed, namings, strict=True))
    abstracts = [lines.abstract for lines in papers] if chunk.keeps_abstracts else []
    return Columns(
        "".join(f"{title}\n" for title in titles).encode(),
        _packed([lines.head for lines in papers], deflating(chunk.dictionary), HEADS_PER_BLOCK),
        _packed([lines.detail for lines in papers], lzma_pack, DETAILS_PER_BLOCK),
        _packed(abstracts, bzip_pack, ABSTRACTS_PER_BLOCK),
        other_key_columns(chunk.numbers, (doi_of_detail(lines.detail) for lines in papers), chunk.first_row),
        author_columns((authors_of_detail(lines.detail) for lines in papers), chunk.first_row),
        title_columns(titles, chunk.first_row),
        name_columns(named, chunk.first_row, chunk.curated),
        word_columns(titles),
    )


def _packed(lines: Sequence[str], pack: Pack, per_block: int) -> Packed:
    return Packed(*pack_blocks((line.encode() for line in lines), pack, per_block))


def title_of(number: int, facts: Sequence[Kept]) -> str:
    """The title of a paper of which there are such facts."""
    return merged(number, facts).head.rpartition(FIELD)[2]


def merged(number: int, facts: Sequence[Kept]) -> Lines:
    """One paper of all that is said about it.

    Of several facts of one input the newest counts, then that of the most cited, then the fullest. A later input
    wins; of earlier ones is kept what it does not know: venue, DOI, date, categories, authors (also where only
    the earlier one knows all), abstract, names.
    """
    if len(facts) == 1:
        return _lines(facts[0].lines)
    best: dict[int, Kept] = {}
    for fact in facts:
        known = best.get(fact.source)
        if known is None or _fullness(number, fact) > _fullness(number, known):
            best[fact.source] = fact
    first, *others = (best[source] for source in sorted(best))
    paper = _lines(first.lines)
    for fact in others:
        paper = _over(number, paper, _lines(fact.lines))
    return paper


def _lines(data: bytes) -> Lines:
    head, detail, names, abstract = data.decode().split("\n")
    return Lines(head, detail, names, abstract)


def _fullness(number: int, fact: Kept) -> tuple[int, int, bool, int, bytes]:
    lines = _lines(fact.lines)
    record = record_from_lines(number, fact.cited_in, lines.head, lines.detail)
    return fact.updated, fact.cited_in, record.is_complete, len(record.authors), fact.lines


def _over(number: int, old: Lines, new: Lines) -> Lines:
    """What a later input says put over what earlier ones say."""
    before = record_from_lines(number, 0, old.head, old.detail)
    after = record_from_lines(number, 0, new.head, new.detail)
    keeps_authors = not after.authors or (before.is_complete and not after.is_complete)
    authors = before if keeps_authors else after
    record = after._replace(
        authors=authors.authors,
        is_complete=authors.is_complete,
        published=after.published or before.published,
        categories=after.categories or before.categories,
        venue=after.venue or before.venue,
        doi=after.doi or before.doi,
    )
    return Lines(*record.to_lines(), new.names or old.names, new.abstract or old.abstract)
