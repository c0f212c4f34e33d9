"""The papers that can be linked to: facts, names, and where their titles and names stand in a text.

`Catalogue.open()` opens the file that ships with the program, or any other made by `build_catalogue`.
It is read through a memory map, so it opens in milliseconds, and processes share it. Read-only.

    catalogue = Catalogue.open()
    catalogue.paper(PaperKey("arXiv:2305.14314"))   # the facts about one paper, or None
    catalogue.rows_titled("Attention is all you need")
    catalogue.find("dettmers 2023 qlora")           # what a person may mean, the best first
    catalogue.aliases_of("SAM")                     # several papers
    titles, names = catalogue.spans(text)           # where any of them stands in a text
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tracker.catalogue.aliases import Alias, Aliases
from tracker.catalogue.authors import Authors
from tracker.catalogue.bits import each_of, ranges_of
from tracker.catalogue.container import Container, Facts
from tracker.catalogue.index import Index, Span, Spans
from tracker.catalogue.keys import key_number
from tracker.catalogue.names import Origin
from tracker.catalogue.other_keys import OtherKeys
from tracker.catalogue.records import Record, Records
from tracker.catalogue.spelled import Named, named_by
from tracker.catalogue.squeeze import span_hash, squeeze
from tracker.catalogue.title_index import PART_BITS, WHOLE_HASH, kept_bits
from tracker.catalogue.words_index import WordIndex
from tracker.errors import CatalogueError
from tracker.identifiers import PaperKey, arxiv_id_of

if TYPE_CHECKING:
    from tracker.catalogue.search import Hit
    from tracker.catalogue.sound_index import SoundIndex
    from tracker.models import Paper

__all__ = [
    "EMBEDDED_PATH",
    "Alias",
    "Catalogue",
    "CatalogueError",
    "Origin",
    "Record",
    "Span",
    "Spans",
    "TitleEntry",
]

EMBEDDED_PATH: Final = Path(__file__).parent / "embedded.catalogue"
_KEPT: Final = 1 << 14
"""Names and rows whose look-ups are kept: a document asks for each many times."""


class TitleEntry(NamedTuple):
    """A title, or a part of one, of a paper."""

    row: int
    part: int
    """0 the whole title, 1 what stands before its colon, 2 what stands behind it."""
    titles: int = 0
    """In how many titles it stands (at most 255), this one not counted: a phrase of the field stands in
    many."""


class Catalogue:
    """An open catalogue. Papers are numbered by row; a row is good as long as the catalogue is open.

    Every look-up may raise `CatalogueError`, where the file turns out to be damaged.
    """

    def __init__(self, container: Container) -> None:
        self._container = container
        self.path = container.path
        self.facts: Facts = container.facts
        """What `tracker catalogue info` prints: papers, names, made, newest, sources."""
        self.records = Records(container)
        """The facts by row: `head(row)` the quick ones, `[row]` all, `key(row)`, `cited_in(row)`."""
        self._aliases = Aliases(container)
        self._aliases_of = lru_cache(maxsize=_KEPT)(self._find_aliases)
        self.names_spelled: dict[str, Named | tuple[()]] = {}
        """What surfaces were found to denote as names. Whoever looks for names keeps it here, and not for ever."""
        self.titles_spelled: dict[str, tuple[tuple[int, ...], bool]] = {}
        """The same for titles; see `rows_at`."""
        self._titles_of = lru_cache(maxsize=_KEPT)(self._find_titles)
        self._names_of_row = lru_cache(maxsize=_KEPT)(self._find_names)
        container.check_columns("title_hash", "title_row", "title_titles")

    @classmethod
    def open(cls, path: Path | None = None) -> Catalogue:
        """The catalogue at `path`, by default the one that ships with the program.

        Raises:
            CatalogueError: there is none, it is damaged, or it has another format.
        """
        return cls(Container(path or EMBEDDED_PATH))

    def __len__(self) -> int:
        """How many papers there are."""
        return len(self.records)

    def row(self, key: PaperKey) -> int | None:
        """The row of a paper, None where the catalogue does not have it."""
        row = self.records.numbers.row(key_number(key))
        return row if row is not None and self.records.key(row) == key else None

    def key_of(self, key: PaperKey) -> PaperKey:
        """The key of the paper that a key names: that of an arXiv paper for the DOI of its publication, or for its id
        in the ACL Anthology; the same where the catalogue knows of none."""
        row = None if arxiv_id_of(key) else self._other_keys.row(key_number(key))
        if row is not None and row >= len(self):  # to check all of them at once would read all into memory
            raise self._container.damaged()
        return key if row is None else self.records.key(row)

    def paper(self, key: PaperKey) -> Paper | None:
        """The facts about a paper, None where the catalogue does not have it."""
        row = self.row(key)
        if row is None:
            return None
        return self.records[row].to_paper(self.names_of_row(row), self.records.abstract(row))

    def find(self, asked: str, count: int = 10) -> list[Hit]:
        """At most `count` papers that an id, a name, words of a title, authors and a year may mean, in any mixture
        and with typing errors; the best first, each with why. See `search.find_papers`."""
        from tracker.catalogue.search import find_papers

        return find_papers(asked, self, count)

    def spans(self, text: str, *, is_heard: bool = False) -> tuple[Spans, Spans]:
        """Titles and names that stand in a text; see `titles` and `aliases` for what they spell.

        Each are in order of start, then end; they may overlap. Names in lower case are reported where they are
        one word (hyphens and the like in it) of five letters or more that is no ordinary English word; such
        words in another case where they have the name's first two letters as it has them, or it is well known.
        In a text that `is_heard`, where capitals and punctuation say nothing, they may have any.
        """
        return self._index.spans(text, is_heard=is_heard)

    def titles(self, span: Span) -> list[TitleEntry]:
        """What the title found in a span may be, by row, then part."""
        return self._title_entries(range(span.first, span.last))

    def rows_at(self, spans: Spans) -> list[tuple[tuple[int, ...], bool]]:
        """For each span the papers with the title found in it, by row, and whether it is their whole title. Where it
        is that of some papers and a part of others', only the former count."""
        import numpy as np

        owners, entries = each_of(*spans.entries)
        papers = self._container.array("title_row").take(entries)
        is_whole = papers & ((1 << PART_BITS) - 1) == 0
        has_whole = np.zeros(len(spans), dtype=bool)
        has_whole[owners[is_whole]] = True
        counts = is_whole | ~has_whole.take(owners)
        rows = (papers[counts] >> PART_BITS).tolist()
        alone = list(zip(rows))
        spelled = [
            alone[start] if end - start == 1 else tuple(dict.fromkeys(rows[start:end]))
            for start, end in ranges_of(owners[counts], len(spans))
        ]
        return list(zip(spelled, has_whole.tolist(), strict=True))

    def titles_of(self, title: str) -> list[TitleEntry]:
        """The papers whose title, or a part of it, is this, whatever its case and punctuation, by row, then
        part."""
        return list(self._titles_of(squeeze(title)))

    def aliases(self, span: Span) -> list[Alias]:
        """What the name found in a span may denote, by row."""
        return [self._aliases[entry] for entry in range(span.first, span.last)]

    def named_at(self, spans: Spans, surfaces: Sequence[str]) -> list[Named | tuple[()]]:
        """For each span what its surface may denote as a name, or (); see `named_by`."""
        return named_by(surfaces, *spans.entries, self._aliases)

    def aliases_of(self, name: str) -> list[Alias]:
        """What a name may denote, whatever its case, spacing and hyphens, by row."""
        return list(self._aliases_of(squeeze(name)))

    def names_of_row(self, row: int) -> tuple[str, ...]:
        """The names of a paper, the most used first; a short title is none of them."""
        return self._names_of_row(row)

    def all_aliases(self, origin: Origin) -> Iterator[Alias]:
        """Every name of such an origin, in the order of entries."""
        origins = self._container.bytes("alias_origin")
        return (self._aliases[entry] for entry, known in enumerate(origins) if known & origin)

    def times_in_titles(self) -> dict[str, tuple[Any, int, Any]]:
        """For names ("alias") and titles ("title") their hashes, which bits of these are kept, and in how many titles
        each stands."""
        array = self._container.array
        kept = {"alias": WHOLE_HASH, "title": kept_bits(array, self._container.has)}
        return {kind: (array(f"{kind}_hash"), bits, array(f"{kind}_titles")) for kind, bits in kept.items()}

    def rows_titled(self, title: str) -> list[int]:
        """Papers with this title, whatever its case and punctuation."""
        whole = [entry.row for entry in self.titles_of(title) if entry.part == 0]
        short = [alias.row for alias in self.aliases_of(title) if alias.origin & Origin.TITLE]
        return sorted({*whole, *short})

    @cached_property
    def authors(self) -> Authors:
        """Look-ups by first author and year."""
        if self._container.has("author_row"):
            self._container.check_below("author_row", max(len(self), 1))
        return Authors(self._container)

    @cached_property
    def words(self) -> WordIndex | None:
        """Which titles hold which words; None in a catalogue that was made without."""
        return WordIndex(self._container) if self._container.has("word_text") else None

    @cached_property
    def sounds(self) -> SoundIndex:
        """Look-up by sound of the names of papers that are well known; only transcripts need it."""
        import numpy as np

        from tracker.catalogue.names import CURATED_PATH, read_curated
        from tracker.catalogue.sound_index import SoundIndex, is_term, is_well_known

        cited_in = self._container.array("cited_in")[self._container.array("alias_row")]
        names: list[str] = []
        words = [name for name, paper in read_curated(CURATED_PATH).refused if paper is None]
        by_hand = (self._container.array("alias_origin") & Origin.CURATED) > 0
        for entry in np.flatnonzero(is_well_known(self._container.array("alias_count"), cited_in) | by_hand):
            alias = self._aliases[int(entry)]
            is_word = is_term(alias.titles, alias.sources, int(cited_in[entry]))
            (words if is_word else names).append(alias.name)
        return SoundIndex(names, words)

    @cached_property
    def _other_keys(self) -> OtherKeys:
        return OtherKeys(self._container)

    @cached_property
    def _index(self) -> Index:
        self._container.check_below("title_row", max(len(self), 1) << PART_BITS)
        self._container.check_below("alias_row", max(len(self), 1))
        return Index(self._container)

    def _find_aliases(self, squeezed: str) -> tuple[Alias, ...]:
        return tuple(self._aliases[entry] for entry in self._index.names.entries(span_hash(squeezed)))

    def _find_titles(self, squeezed: str) -> tuple[TitleEntry, ...]:
        return tuple(self._title_entries(self._index.titles.entries(span_hash(squeezed))))

    def _find_names(self, row: int) -> tuple[str, ...]:
        named = [alias for alias in self._aliases.of_row(row) if not alias.origin & Origin.TITLE]
        return tuple(alias.name for alias in sorted(named, key=lambda a: (-a.sources, a.name)))

    def _title_entries(self, entries: range) -> list[TitleEntry]:
        if not entries:
            return []
        papers, seen = self._container.numbers("title_row"), self._container.numbers("title_titles")
        others = max(0, seen[entries.start] - len(entries))
        part_mask = (1 << PART_BITS) - 1
        return [TitleEntry(papers[e] >> PART_BITS, papers[e] & part_mask, others) for e in entries]
