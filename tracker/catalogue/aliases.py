"""The names of papers in the catalogue file: which names a paper gets, how they are kept, how they are read.

Sections, one entry a name and paper, sorted by hash, then row: `alias_hash`, hashes of squeezed names;
`alias_row`; `alias_count`, sources that use the name; `alias_origin`; `alias_titles`, titles in which the
name stands, of all papers read; `alias_text`, the spellings one after the other, `alias_size` bytes each.
"""

from __future__ import annotations

import sys
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tracker.catalogue.container import Container, Sections
from tracker.catalogue.names import (
    Curated,
    Origin,
    is_common_word,
    is_usable,
    name_in_title,
)
from tracker.catalogue.squeeze import squeeze
from tracker.catalogue.title_index import ANCHORS, batches, squeeze_all
from tracker.identifiers import PaperKey

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from tracker.catalogue.bits import I64, U64

_MOST: Final = 65_535
"""Counts are kept in 16 bits; what is more counts as this."""
COUNTED: Final = 1_103_000
"""The titles in which names were counted when linking learned what the counts mean; see `in_as_many`."""
_MOST_CLAIMS: Final = 8
"""Papers that may bear a name which only their abstracts give; what more claim is a term ("RL", "VLA")."""
_KEPT: Final = 1 << 15
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
    """In how many titles the name stands (see `in_as_many`): a word of the field stands in many, a name in those of
    its followers."""


def in_as_many(count: int, papers: int) -> int:
    """In how many titles something stands, of as many titles as `COUNTED`, in a catalogue of so many papers: so that
    a larger one makes no words of the field of names. Smaller ones have counts of the larger ones they were made from.

    >>> in_as_many(300, 3_309_000), in_as_many(1, 3_309_000), in_as_many(300, 50_000)
    (100, 1, 300)
    """
    return count if papers <= COUNTED else -(-count * COUNTED // papers)


# --- which names a paper gets --------------------------------------------------------------------

Given = tuple[str, int, int]
"""A name, by how many sources it is used, and the number of the input that says so."""


class Naming(NamedTuple):
    """What is known of the names of one paper beside its title."""

    listed: Sequence[Given] = ()
    in_abstract: Sequence[str] = ()


class NameColumns(NamedTuple):
    """The names of some papers, by entry."""

    hashes: U64
    rows: array[int]
    sources: array[int]
    origins: bytes
    sizes: bytes
    text: bytes
    """The spellings one after the other."""


def names_of_paper(
    key: PaperKey, title: str, naming: Naming, by_hand: Iterable[str], curated: Curated
) -> Iterator[tuple[str, int, int]]:
    """All names of a paper, one for each squeezed form: name, sources, origin.

    A name is spelled as most sources spell it. One input's counts are added up, of several inputs the largest
    counts, as they may have it from one another. The order of what is listed does not change the result.
    """
    names: dict[str, tuple[str, dict[int, int], int]] = {}
    for name, sources, source, origin in _given_names(title, naming, by_hand):
        squeezed = squeeze(name)
        is_refused = not {(squeezed, None), (squeezed, key)}.isdisjoint(curated.refused)
        if not is_usable(name) or (is_refused and origin != Origin.CURATED):
            continue
        origin |= Origin.COMMON if is_common_word(name) else 0
        spelled, counts, known = names.get(squeezed, (name, {}, 0))
        counts[source] = counts.get(source, 0) + sources
        names[squeezed] = spelled, counts, known | origin
    for name, counts, origin in names.values():
        yield name, max(counts.values()), origin


def _given_names(title: str, naming: Naming, by_hand: Iterable[str]) -> Iterator[tuple[str, int, int, int]]:
    """Name, sources, input and origin of each name that a paper is given, the spelling that most use first."""
    for name, sources, source in sorted(naming.listed, key=lambda given: (-given[1], given[0])):
        yield name, sources, source, Origin.LISTED
    if prefix := name_in_title(title):
        yield prefix, 0, 0, Origin.PREFIX
    if len(squeeze(title)) < ANCHORS[-1]:
        yield title, 0, 0, Origin.TITLE
    for name in by_hand:
        yield name, 0, 0, Origin.CURATED
    for name in naming.in_abstract:
        yield name, 0, 0, Origin.ABSTRACT


def name_columns(
    papers: Iterable[tuple[PaperKey, str, Naming]], first_row: int, curated: Curated
) -> NameColumns:
    """The columns of the names of papers in the order of their rows."""
    import numpy as np

    by_hand = _by_hand(curated)
    names: list[str] = []
    rows, sources, origins = array("I"), array("I"), bytearray()
    for row, (key, title, naming) in enumerate(papers, first_row):
        for name, count, origin in names_of_paper(key, title, naming, by_hand.get(key, ()), curated):
            names.append(name)
            rows.append(row)
            sources.append(min(count, _MOST))
            origins.append(origin)
    hashes = np.zeros(len(names), dtype=np.uint64)
    for texts, numbers in batches((name, number) for number, name in enumerate(names)):
        squeezed, starts, ends = squeeze_all(texts)
        hashes[numbers] = squeezed.hashes(starts, ends)
    spellings = [name.encode() for name in names]
    return NameColumns(hashes, rows, sources, bytes(origins), bytes(map(len, spellings)), b"".join(spellings))


@lru_cache(maxsize=1)
def _by_hand(curated: Curated) -> Mapping[PaperKey, Sequence[str]]:
    by_hand: dict[PaperKey, list[str]] = defaultdict(list)
    for name, key in curated.added:
        by_hand[key].append(name)
    return by_hand


def alias_sections(parts: Sequence[NameColumns]) -> Sections:
    """The sections of the names of all papers, but for `alias_titles`."""
    import numpy as np

    hashes = np.concatenate([np.zeros(0, np.uint64), *(part.hashes for part in parts)])
    rows = np.concatenate([np.zeros(0, np.uint32), *(np.frombuffer(part.rows, np.uint32) for part in parts)])
    origins = np.frombuffer(b"".join(part.origins for part in parts), np.uint8)
    order = np.lexsort((rows, hashes))
    order = order[~_are_terms(hashes[order], origins[order])]
    sizes = np.frombuffer(b"".join(part.sizes for part in parts), np.uint8)
    ends = np.cumsum(sizes, dtype=np.int64)
    text = memoryview(b"".join(part.text for part in parts))
    spellings = (
        text[end - size : end] for end, size in zip(ends[order].tolist(), sizes[order].tolist(), strict=True)
    )
    sources = np.concatenate([np.zeros(0, "I"), *(np.frombuffer(part.sources, "I") for part in parts)])
    return {
        "alias_hash": ("Q", hashes[order].tobytes()),
        "alias_row": ("I", rows[order].tobytes()),
        "alias_count": ("H", sources[order].astype(np.uint16).tobytes()),
        "alias_origin": ("B", origins[order].tobytes()),
        "alias_size": ("B", sizes[order].tobytes()),
        "alias_text": ("B", b"".join(spellings)),
    }


def _are_terms(hashes: U64, origins: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """Which names are terms of a field and no names: many abstracts say that they are their own, nothing else
    does."""
    import numpy as np

    is_first = np.diff(hashes, prepend=~hashes[:1]) != 0
    of_name = np.cumsum(is_first) - 1
    is_claimed = (origins & ~np.uint8(Origin.COMMON)) == Origin.ABSTRACT
    claims = np.bincount(of_name, is_claimed, minlength=1) if len(hashes) else np.zeros(0)
    are_terms: npt.NDArray[np.bool_] = is_claimed & (claims[of_name] > _MOST_CLAIMS)
    return are_terms


# --- how they are read ---------------------------------------------------------------------------


FEW_SEARCHES: Final = 3
"""To search all entries for a row takes 1 ms for 200,000; so many times that is quicker than to load numpy and sort
them."""


class AliasColumns(NamedTuple):
    """Some facts of aliases, as `Alias` has them."""

    rows: npt.NDArray[np.uint32]
    sources: npt.NDArray[np.uint16]
    origins: npt.NDArray[np.uint8]
    have_plus: npt.NDArray[np.bool_]
    """Whether the name ends with a plus."""


_COLUMNS: Final = ("alias_row", "alias_count", "alias_origin", "alias_titles")


class Aliases:
    """The names of an open catalogue, by entry."""

    def __init__(self, container: Container) -> None:
        container.check_columns("alias_hash", *_COLUMNS, "alias_size")
        container.length("alias_text")  # that it is there
        self._container = container
        self._papers = container.length("cited_in")
        self._read = lru_cache(maxsize=_KEPT)(self._read_entry)
        self._searched = 0

    @cached_property
    def _columns(self) -> list[memoryview]:
        return [self._container.numbers(name) for name in _COLUMNS]

    @cached_property
    def _text(self) -> memoryview:
        return self._container.bytes("alias_text")

    def __getitem__(self, entry: int) -> Alias:
        """The alias.

        Raises:
            CatalogueError: the file is damaged.
        """
        return self._read(entry)

    def columns(self, entries: I64) -> AliasColumns:
        """What is known of many aliases, without their spelling."""
        import numpy as np

        rows, sources, origins, _ = (np.asarray(column).take(entries) for column in self._columns)
        last = np.asarray(self._edges).take(entries + 1) - 1
        have_plus = np.frombuffer(self._text, np.uint8).take(last, mode="clip") == ord("+")
        return AliasColumns(rows, sources, origins, have_plus)

    def spellings(self, entries: I64) -> list[str]:
        """The names of many aliases.

        Raises:
            CatalogueError: the file is damaged.
        """
        import numpy as np

        edges = np.asarray(self._edges)
        return list(map(self._spelling, edges.take(entries).tolist(), edges.take(entries + 1).tolist()))

    def of_row(self, row: int) -> list[Alias]:
        """The aliases of a paper, in the order of their entries."""
        self._searched += 1
        if self._searched <= FEW_SEARCHES:
            return [self._read(entry) for entry in self._container.places_of("alias_row", row)]
        import numpy as np

        rows, entries = self._by_row
        # Edges of another type would have numpy turn all rows into it first.
        edges = np.array((row, row + 1), dtype=rows.dtype)
        first, last = np.searchsorted(rows, edges).tolist()
        return [self._read(entry) for entry in entries[first:last].tolist()]

    @cached_property
    def _by_row(self) -> tuple[Any, Any]:
        """The rows of all entries in order, and the entries in the same order."""
        import numpy as np

        pairs = self._container.array("alias_row").astype(np.uint64) << np.uint64(32)
        pairs |= np.arange(len(pairs), dtype=np.uint64)
        pairs.sort()  # a fifth of the time of sorting one by the other
        return (pairs >> np.uint64(32)).astype(np.uint32), pairs.astype(np.uint32)

    def _read_entry(self, entry: int) -> Alias:
        row, sources, origin, titles = (column[entry] for column in self._columns)
        name = self._spelling(self._edges[entry], self._edges[entry + 1])
        return Alias(name, row, sources, origin, in_as_many(titles, self._papers))

    def _spelling(self, start: int, end: int) -> str:
        try:
            return str(self._text[start:end], "utf-8")
        except UnicodeDecodeError:
            raise self._container.damaged() from None

    @cached_property
    def _edges(self) -> memoryview:
        """Where each spelling begins, and the last ends; a byte for each is in the file, so together they are less than
        4 GB."""
        sizes = self._container.bytes("alias_size")
        if "numpy" not in sys.modules:  # which takes longer to load than this takes
            return memoryview(array("I", accumulate(sizes, initial=0)))
        import numpy as np

        edges = np.zeros(len(sizes) + 1, dtype=np.uint32)
        np.cumsum(np.frombuffer(sizes, np.uint8), dtype=np.uint32, out=edges[1:])
        return edges.data
