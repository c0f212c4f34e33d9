"""The records of the catalogue that an entry may mean: by identifier, by title, by main title, by nearly the title.

Read-only. What is returned is not yet judged; the records of identifiers come first, then the nearer titles.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tracker.bibfile import ReadEntry
from tracker.catalogue import Catalogue
from tracker.catalogue.likely import likely_titles
from tracker.catalogue.squeeze import squeeze
from tracker.checking.titles import Relation, relation
from tracker.models import Paper

MOST_OF_ONE_TITLE: Final = 30
"""Papers of one title ("Introduction") that are looked at."""
NEAR_TITLES: Final = 3
"""Titles that are nearly the entry's and are looked at where none is it."""
MAIN_TITLE: Final = 1
"""The part of `TitleEntry` that stands before the colon."""


def records_of(entry: ReadEntry, catalogue: Catalogue) -> list[Paper]:
    """The papers that an entry may mean, those of its identifiers first; none where nothing is near."""
    told = {key for _, key in entry.identifiers} | set(entry.paper_keys)
    keys = set(map(catalogue.key_of, told))
    rows = [row for key in sorted(keys) if (row := catalogue.row(key)) is not None]
    if entry.title:
        rows += _titled(entry, catalogue)
        if not any(_is_title_of(entry, row, catalogue) for row in rows):
            rows += [one.row for one in likely_titles(entry.title, catalogue, NEAR_TITLES)]
    return [catalogue.records[row].to_paper() for row in dict.fromkeys(rows)]


def _titled(entry: ReadEntry, catalogue: Catalogue) -> Iterator[int]:
    """The rows whose whole title this is, then those whose main title it is."""
    parts = catalogue.titles_of(entry.title) if squeeze(entry.title) else []
    whole = {one.row for one in parts if one.part == 0} | set(catalogue.rows_titled(entry.title))
    main = {one.row for one in parts if one.part == MAIN_TITLE} - whole
    yield from sorted(whole)[:MOST_OF_ONE_TITLE]
    yield from sorted(main)[:MOST_OF_ONE_TITLE]


def _is_title_of(entry: ReadEntry, row: int, catalogue: Catalogue) -> bool:
    return relation(entry.title, catalogue.records.head(row).title) is Relation.SAME
