"""The names of papers in the catalogue file: which names a paper gets, how they are kept, how they are read.

Sections, one entry a name and paper, sorted by hash, then row: `alias_hash`, hashes of squeezed names;
`alias_row`; `alias_count`, sources that use the name; `alias_origin`; `alias_titles`, titles in which the
name stands, of all papers read; `alias_text`, the spellings one after the other, `alias_size` bytes each.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Any, Final, NamedTuple

from tracker.catalogue.container import Container, Sections
from tracker.catalogue.name_index import NameTable
from tracker.catalogue.names import Curated, Origin, is_common_word, is_usable, name_in_title
from tracker.catalogue.sources import NamedBy
from tracker.catalogue.squeeze import squeeze
from tracker.catalogue.title_index import ANCHORS, batches, squeeze_all, times_in
from tracker.identifiers import PaperKey

_MOST: Final = 65_535
"""Counts are kept in 16 bits; what is more counts as this."""
_KEPT: Final = 1 << 16
"""Entries that are kept once read."""


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


# --- which names a paper gets --------------------------------------------------------------------


@dataclass
class Named:
    """One name of one paper, while a catalogue is made."""

    name: str
    row: int
    sources: int
    origin: int


def names_of_papers(
    papers: Iterable[tuple[PaperKey, str]], listed: Mapping[PaperKey, Sequence[NamedBy]], curated: Curated
) -> list[Named]:
    """All names of papers, given by key and title in the order of their rows: one per squeezed name and
    paper.

    A name is spelled as most sources spell it. The order of what is listed does not change the result.
    """
    by_hand: dict[PaperKey, list[str]] = defaultdict(list)
    for name, key in curated.added:
        by_hand[key].append(name)
    found: list[Named] = []
    for row, (key, title) in enumerate(papers):
        names: dict[str, Named] = {}
        for name, sources, origin in _given_names(title, listed.get(key, ()), by_hand.get(key, ())):
            squeezed = squeeze(name)
            is_refused = not {(squeezed, None), (squeezed, key)}.isdisjoint(curated.refused)
            if not is_usable(name) or (is_refused and origin != Origin.CURATED):
                continue
            origin |= Origin.COMMON if is_common_word(name) else 0
            known = names.setdefault(squeezed, Named(name, row, 0, 0))
            known.sources += sources
            known.origin |= origin
        found += names.values()
    return found


def _given_names(
    title: str, listed: Iterable[NamedBy], by_hand: Iterable[str]
) -> Iterator[tuple[str, int, int]]:
    """Name, sources and origin of each name that a paper is given, the spelling that most use first."""
    for named in sorted(listed, key=lambda n: (-n.sources, n.name)):
        yield named.name, named.sources, Origin.LISTED
    if prefix := name_in_title(title):
        yield prefix, 0, Origin.PREFIX
    if len(squeeze(title)) < ANCHORS[-1]:
        yield title, 0, Origin.TITLE
    for name in by_hand:
        yield name, 0, Origin.CURATED


def alias_sections(names: Sequence[Named], all_titles: Iterable[str]) -> Sections:
    """The sections of the names of all papers; `all_titles` are counted for how many hold each name."""
    import numpy as np

    hashes = np.zeros(len(names), dtype=np.uint64)
    for texts, numbers in batches((named.name, number) for number, named in enumerate(names)):
        squeezed, starts, ends = squeeze_all(texts)
        hashes[numbers] = squeezed.hashes(starts, ends)
    rows = np.array([named.row for named in names], dtype=np.uint32)
    order = np.lexsort((rows, hashes))
    ordered = [names[i] for i in order]
    hashes = hashes[order]
    spellings = [named.name.encode() for named in ordered]
    sources = [min(named.sources, _MOST) for named in ordered]
    titles = times_in(all_titles, hashes, NameTable(hashes).find)
    return {
        "alias_hash": ("Q", hashes.tobytes()),
        "alias_row": ("I", rows[order].tobytes()),
        "alias_count": ("H", np.array(sources, dtype=np.uint16).tobytes()),
        "alias_origin": ("B", bytes(named.origin for named in ordered)),
        "alias_titles": ("H", np.minimum(titles, _MOST).astype(np.uint16).tobytes()),
        "alias_size": ("B", bytes(len(spelling) for spelling in spellings)),
        "alias_text": ("B", b"".join(spellings)),
    }


# --- how they are read ---------------------------------------------------------------------------


FEW_SEARCHES: Final = 3
"""To search all entries for a row takes 1 ms for 200,000; so many times that is quicker than to load numpy and sort
them."""


class Aliases:
    """The names of an open catalogue, by entry."""

    def __init__(self, container: Container) -> None:
        columns = ("alias_hash", "alias_row", "alias_count", "alias_origin", "alias_titles", "alias_size")
        container.check_columns(*columns)
        self._container = container
        self._columns = [container.numbers(name) for name in columns[1:5]]
        self._text = container.bytes("alias_text")
        self._read = lru_cache(maxsize=_KEPT)(self._read_entry)
        self._searched = 0

    def __getitem__(self, entry: int) -> Alias:
        """The alias.

        Raises:
            CatalogueError: the file is damaged.
        """
        return self._read(entry)

    def of_row(self, row: int) -> list[Alias]:
        """The aliases of a paper, in the order of their entries."""
        self._searched += 1
        if self._searched <= FEW_SEARCHES:
            return [self._read(entry) for entry in self._container.places_of("alias_row", row)]
        import numpy as np

        rows, entries = self._by_row
        first, last = np.searchsorted(rows, (row, row + 1)).tolist()
        return [self._read(entry) for entry in entries[first:last].tolist()]

    @cached_property
    def _by_row(self) -> tuple[Any, Any]:
        """The rows of all entries in order, and the entries in the same order."""
        import numpy as np

        rows = self._container.array("alias_row")
        entries = np.argsort(rows, kind="stable")
        return rows[entries], entries

    def _read_entry(self, entry: int) -> Alias:
        row, sources, origin, titles = (column[entry] for column in self._columns)
        start, end = self._edges[entry], self._edges[entry + 1]
        try:
            return Alias(bytes(self._text[start:end]).decode(), row, sources, origin, titles)
        except UnicodeDecodeError:
            raise self._container.damaged() from None

    @cached_property
    def _edges(self) -> array[int]:
        """Where each spelling begins, and the last ends."""
        return array("Q", accumulate(self._container.numbers("alias_size"), initial=0))
