"""The papers that can be linked to: facts, names, and where their titles and names stand in a text.

`Catalogue.open()` opens the file that ships with the program, or any other made by `build_catalogue`.
It is read through a memory map, so it opens in milliseconds, and processes share it. Read-only.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tracker.catalogue.authors import Authors
from tracker.catalogue.container import Container, Facts
from tracker.catalogue.index import Index, Span
from tracker.catalogue.keys import key_number
from tracker.catalogue.names import Origin
from tracker.catalogue.records import Record, Records
from tracker.catalogue.squeeze import span_hash, squeeze
from tracker.catalogue.words_index import WordIndex
from tracker.errors import CatalogueError
from tracker.identifiers import PaperKey
from tracker.models import Paper

if TYPE_CHECKING:
    from tracker.catalogue.sound_index import SoundIndex

__all__ = ["EMBEDDED_PATH", "Alias", "Catalogue", "Origin", "Record", "Span", "TitleEntry"]

EMBEDDED_PATH: Final = Path(__file__).parent / "embedded.catalogue"


class Alias(NamedTuple):
    """A name of a paper, as the catalogue keeps it."""

    name: str
    row: int
    sources: int
    """Independent sources that use this name for this paper; 0 where it was derived."""
    origin: int
    """The sum of its `Origin`s."""
    titles: int
    """In how many titles the name stands: a word of the field stands in many, a name in those of its
    followers."""


class TitleEntry(NamedTuple):
    """A title, or a part of one, of a paper."""

    row: int
    part: int
    """0 the whole title, 1 what stands before its colon, 2 what stands behind it."""
    titles: int = 0
    """In how many titles it stands (at most 255), this one not counted: a phrase of the field stands in many."""


class Catalogue:
    """An open catalogue. Papers are numbered by row; a row is good as long as the catalogue is open."""

    def __init__(self, container: Container) -> None:
        self._container = container
        self.path = container.path
        self.facts: Facts = container.facts
        try:
            self._numbers = container.numbers("keys")
            self.records = Records(container)
        except (KeyError, ValueError):
            raise CatalogueError(f"{self.path}: the catalogue is damaged; make or copy it again") from None

    @classmethod
    def open(cls, path: Path | None = None) -> Catalogue:
        """The catalogue at `path`, by default the one that ships with the program.

        Raises:
            CatalogueError: there is none, it is damaged, or it has another format.
        """
        return cls(Container(path or EMBEDDED_PATH))

    def __len__(self) -> int:
        return len(self._numbers)

    def row(self, key: PaperKey) -> int | None:
        """The row of a paper, None where the catalogue does not have it."""
        number = key_number(key)
        row = bisect_left(self._numbers, number)
        if row == len(self._numbers) or self._numbers[row] != number:
            return None
        return row if self.records.key(row) == key else None

    def paper(self, key: PaperKey) -> Paper | None:
        """The facts about a paper, None where the catalogue does not have it."""
        row = self.row(key)
        return None if row is None else self.records[row].to_paper(self.names_of_row(row))

    def spans(self, text: str) -> tuple[list[Span], list[Span]]:
        """Titles and names that stand in a text, in order; see `titles` and `aliases` for what they spell."""
        return self._index.spans(text)

    def titles(self, span: Span) -> list[TitleEntry]:
        """What the title found in a span may be."""
        return self._title_entries(range(span.first, span.last))

    def titles_of(self, title: str) -> list[TitleEntry]:
        """The papers whose title, or a part of it, is this, whatever its case and punctuation."""
        return self._title_entries(self._index.titles_of(span_hash(squeeze(title))))

    def _title_entries(self, entries: range) -> list[TitleEntry]:
        rows, parts, titles = self._title_columns
        others = max(0, int(titles[entries.start]) - len(entries)) if entries else 0
        return [TitleEntry(int(rows[i]), int(parts[i]), others) for i in entries]

    def aliases(self, span: Span) -> list[Alias]:
        """What the name found in a span may denote."""
        return [self._alias(entry) for entry in range(span.first, span.last)]

    def aliases_of(self, name: str) -> list[Alias]:
        """What a name may denote, whatever its case, spacing and hyphens."""
        return [self._alias(entry) for entry in self._index.names_of(span_hash(squeeze(name)))]

    def rows_titled(self, title: str) -> list[int]:
        """Papers with this title, whatever its case and punctuation."""
        whole = [entry.row for entry in self.titles_of(title) if entry.part == 0]
        short = [alias.row for alias in self.aliases_of(title) if alias.origin & Origin.TITLE]
        return sorted({*whole, *short})

    @cached_property
    def authors(self) -> Authors:
        """Look-ups by first author and year."""
        return Authors(self._container)

    @cached_property
    def words(self) -> WordIndex | None:
        """Which titles hold which words; None in a catalogue that was made without."""
        return WordIndex(self._container) if self._container.has("word_text") else None

    @cached_property
    def _index(self) -> Index:
        return Index(self._container)

    @cached_property
    def _title_columns(self) -> tuple[Any, Any, Any]:
        array = self._container.array
        return array("title_row"), array("title_part"), array("title_titles")

    @cached_property
    def _alias_columns(self) -> tuple[Any, Any, Any, Any]:
        array = self._container.array
        return array("alias_row"), array("alias_count"), array("alias_origin"), array("alias_titles")

    @cached_property
    def _alias_ends(self) -> Any:
        import numpy as np

        return np.cumsum(self._container.array("alias_size"), dtype=np.uint32)

    def _alias(self, entry: int) -> Alias:
        rows, counts, origins, titles = self._alias_columns
        end = int(self._alias_ends[entry])
        start = end - int(self._container.numbers("alias_size")[entry])
        name = bytes(self._container.bytes("alias_text")[start:end]).decode()
        return Alias(name, int(rows[entry]), int(counts[entry]), int(origins[entry]), int(titles[entry]))

    @cached_property
    def sounds(self) -> SoundIndex:
        """Look-up by sound of the names of papers that are well known; only transcripts need it."""
        import numpy as np

        from tracker.catalogue.sound_index import SoundIndex, is_term, is_well_known

        rows, counts, _, _ = self._alias_columns
        cited_in = self._container.array("cited_in")[rows]
        known = (self._alias(int(entry)) for entry in np.flatnonzero(is_well_known(counts, cited_in)))
        cited = self.records.cited_in
        return SoundIndex(a.name for a in known if not is_term(a.titles, a.sources, cited(a.row)))

    def names_of_row(self, row: int) -> tuple[str, ...]:
        """The names of a paper, the most used first."""
        import numpy as np

        found = [self._alias(int(entry)) for entry in np.flatnonzero(self._alias_columns[0] == row)]
        named = [alias for alias in found if not alias.origin & Origin.TITLE]
        return tuple(alias.name for alias in sorted(named, key=lambda a: (-a.sources, a.name)))
