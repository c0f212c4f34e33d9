"""Where titles and names of the catalogue stand in a text: one pass over it, whatever the catalogue's
size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, overload

from tracker.catalogue import compiled
from tracker.catalogue.bits import Sums
from tracker.catalogue.container import Container
from tracker.catalogue.name_index import NameColumns, NameIndex, parting
from tracker.catalogue.names import SHORTEST_LOWER
from tracker.catalogue.squeeze import BASE, FIRST_LETTER, INVERSE, LIGATURES
from tracker.catalogue.stretch import FIRST_CJK, Squeezed, folded_units, squeeze_chunk
from tracker.catalogue.title_index import ANCHORS, TitleIndex

if TYPE_CHECKING:
    from tracker.catalogue.bits import I64, Bools
    from tracker.catalogue.stretch import U16

LONGEST_SPAN: Final = 1024
"""Code points: a title whose words stand further apart is not found. More than four times `LONGEST_TITLE`."""
CHUNK: Final = 1 << 18
"""Code points worked on at once: see `LONGEST_CHUNK`. What is found does not depend on it."""
_CONTEXT: Final = 40
"""Code points on either side that tell whether a word or an HTML character reference begins or ends there."""

_LIGATURE_BYTES: Final = 4
"""With a zero at the end, as C wants it."""
_POINTS_OF_SPAN: Final = 2
"""Of about so many code points one begins a span that may be a name."""
_POINTS_OF_WORD: Final = 4
"""Of about so many one begins a word, in Chinese and other text."""


class Span(NamedTuple):
    """A stretch of text that spells a title or a name: text[start:end]."""

    start: int
    end: int
    first: int
    """Entries first..last-1 of the sorted titles or names are spelled so."""
    last: int


_span = partial(tuple.__new__, Span)
"""A span from four numbers, made without a call in Python."""


class Spans(Sequence[Span]):
    """Spans in order of start, then end. They are kept as columns, for there are very many and most are passed over
    without a look at each."""

    def __init__(self, columns: I64, sizes: I64, around: U16) -> None:
        """`columns` are the four of `Span`."""
        self._columns = columns
        self.sizes = sizes
        """How many squeezed characters each has."""
        self.around = around
        """For each span five code points: the two before it, its first, the two behind it; 0 beyond the text. Those
        beyond U+FFFF are mathematical letters as plain ones, or U+FFFF."""

    @classmethod
    def of_bytes(cls, data: bytes) -> Spans:
        """What machine code gives: five columns of 64 bits (those of `Span`, the size), then five of 16 (`around`)."""
        import numpy as np

        count = len(data) // (5 * (8 + 2))
        numbers = np.frombuffer(data, np.int64, 5 * count).reshape(5, count)
        around = np.frombuffer(data, np.uint16, 5 * count, offset=numbers.nbytes).reshape(5, count)
        return cls(numbers[:4], numbers[4], around)

    @property
    def starts(self) -> I64:
        """Where each begins."""
        starts: I64 = self._columns[0]
        return starts

    @property
    def lengths(self) -> I64:
        """Code points of each."""
        lengths: I64 = self._columns[1] - self._columns[0]
        return lengths

    @property
    def entries(self) -> tuple[I64, I64]:
        """The first and the last of each."""
        return self._columns[2], self._columns[3]

    def columns(self, *more: Any) -> Iterator[tuple[Any, ...]]:
        """The spans as plain tuples, each with what further columns say of it."""
        return zip(*self._columns.tolist(), *(column.tolist() for column in more), strict=True)

    def take(self, places: I64 | Bools) -> Spans:
        """Some of the spans."""
        return Spans(self._columns[:, places], self.sizes[places], self.around[:, places])

    def __len__(self) -> int:
        return int(self._columns.shape[1])

    @overload
    def __getitem__(self, place: int) -> Span: ...
    @overload
    def __getitem__(self, place: slice) -> Spans: ...
    def __getitem__(self, place: int | slice) -> Span | Spans:
        if isinstance(place, slice):
            return Spans(self._columns[:, place], self.sizes[place], self.around[:, place])
        return Span(*self._columns[:, place].tolist())

    def __iter__(self) -> Iterator[Span]:
        return map(_span, self.columns())

    def __eq__(self, other: object) -> bool:
        """Whether others are the same spans, however they are kept."""
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]


class Index:
    """The titles and names of an open catalogue, ready to be looked for in texts."""

    def __init__(self, container: Container) -> None:
        for size in ANCHORS:
            container.check_columns(f"anchor{size}", f"anchor{size}_length")
        self.titles = TitleIndex(container.array, container.has)
        columns = ("alias_hash", "alias_origin", "alias_count", "alias_size", "alias_text")
        names = NameColumns(*map(container.array, columns))
        if int(names.sizes.sum()) != len(names.text):
            raise container.damaged()
        self.names = NameIndex(names)

    def spans(self, text: str, *, is_heard: bool = False) -> tuple[Spans, Spans]:
        """Titles and names in a text, each in order of start, then end; they may overlap.

        No span is longer than `LONGEST_SPAN`. Ordinary words in ordinary case are left out (see
        `NameIndex.find`, also for `is_heard`).
        """
        titles: list[Spans] = []
        names: list[Spans] = []
        find = self._find if compiled.PASSES is None else self._find_by_machine_code
        for chunk in _chunks(text):
            found_titles, found_names = find(chunk, is_heard=is_heard)
            titles.append(found_titles)
            names.append(found_names)
        return _joined(titles), _joined(names)

    def _find(self, chunk: _Chunk, *, is_heard: bool) -> tuple[Spans, Spans]:
        """The titles and the names that a chunk owns."""
        squeezed = squeeze_chunk(chunk.text)
        sums = Sums.of(squeezed)
        titles = self.titles.find(squeezed, sums)
        names = self.names.find(squeezed, sums, is_heard=is_heard)
        return chunk.own(squeezed, *titles), chunk.own(squeezed, *names)

    def _find_by_machine_code(self, chunk: _Chunk, *, is_heard: bool) -> tuple[Spans, Spans]:
        """What `_find` says."""
        size = len(chunk.text)
        may_hold = None if is_heard else self.names.may_hold_for(size // _POINTS_OF_WORD)
        owned = chunk.first - chunk.offset, chunk.last - chunk.offset
        titles, names = compiled.PASSES.spans(
            (*folded_units(chunk.text), chunk.offset, *owned, LONGEST_SPAN),
            (
                *(BASE, INVERSE, FIRST_LETTER, FIRST_CJK, _ligatures(), parting()),
                *(b"" if table is None else table for table in (self.titles.may_begin, may_hold)),
                *(SHORTEST_LOWER, is_heard),
            ),
            self.titles.columns(),
            self.names.columns(size // _POINTS_OF_SPAN),
        )
        return Spans.of_bytes(titles), Spans.of_bytes(names)


@cache
def _ligatures() -> bytes:
    """The letters of each ligature, in the order of their folded values, as many bytes for each."""
    return b"".join(letters.encode().ljust(_LIGATURE_BYTES, b"\0") for letters in LIGATURES.values())


def _joined(parts: Sequence[Spans]) -> Spans:
    """The spans of one part after the other."""
    import numpy as np

    if len(parts) == 1:
        return parts[0]
    none = Spans(np.zeros((4, 0), np.int64), np.zeros(0, np.int64), np.zeros((5, 0), np.uint16))
    kept = ((part._columns, part.sizes, part.around) for part in (none, *parts))
    return Spans(*(np.concatenate(columns, axis=-1) for columns in zip(*kept, strict=True)))


class _Chunk(NamedTuple):
    """A stretch of a text with its surroundings; it owns the spans that start in [first, last) of the
    text."""

    text: str
    offset: int
    """Where `text` begins in the whole text."""
    first: int
    last: int

    def own(self, squeezed: Squeezed, starts: I64, ends: I64, first_entries: I64, last_entries: I64) -> Spans:
        """The spans that this chunk owns, in order."""
        import numpy as np

        begins = squeezed.offsets.take(starts)
        finishes = squeezed.after.take(ends - 1)
        owned = np.flatnonzero(
            (begins >= self.first - self.offset)
            & (begins < self.last - self.offset)
            & (finishes - begins <= LONGEST_SPAN)
        )
        places = (begins * (2 * LONGEST_SPAN) + finishes - begins).take(owned)  # by start, then end
        order = owned.take(np.argsort(places, kind="stable"))
        columns = np.stack([begins, finishes, first_entries, last_entries]).take(order, axis=1)
        begins, finishes = columns[:2]
        beside = np.stack((begins - 2, begins - 1, begins, finishes, finishes + 1))
        around = squeezed.units.take(beside, mode="clip")
        around[(beside < 0) | (beside >= len(squeezed.units))] = 0
        columns[:2] += self.offset
        return Spans(columns, (ends - starts).take(order), around)


def _chunks(text: str) -> Iterator[_Chunk]:
    """A text in stretches of `CHUNK` code points, each with what it takes to see the spans that start in
    it."""
    for first in range(0, len(text), CHUNK):
        offset = max(0, first - _CONTEXT)
        last = first + CHUNK
        yield _Chunk(text[offset : last + LONGEST_SPAN + _CONTEXT], offset, first, last)
