"""Where titles and names of the catalogue stand in a text: one pass over it, whatever the catalogue's
size."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from tracker.catalogue.bits import Sums
from tracker.catalogue.container import Container
from tracker.catalogue.name_index import NameIndex
from tracker.catalogue.names import Origin
from tracker.catalogue.stretch import Squeezed, squeeze_chunk
from tracker.catalogue.title_index import ANCHORS, TitleIndex

if TYPE_CHECKING:
    from tracker.catalogue.bits import I64

LONGEST_SPAN: Final = 1024
"""Code points: a title whose words stand further apart is not found. More than four times `LONGEST_TITLE`."""
CHUNK: Final = 1 << 17
"""Code points worked on at once: see `LONGEST_CHUNK`. What is found does not depend on it."""
_CONTEXT: Final = 40
"""Code points on either side that tell whether a word or an HTML character reference begins or ends there."""


class Span(NamedTuple):
    """A stretch of text that spells a title or a name: text[start:end]."""

    start: int
    end: int
    first: int
    """Entries first..last-1 of the sorted titles or names are spelled so."""
    last: int


class Index:
    """The titles and names of an open catalogue, ready to be looked for in texts."""

    def __init__(self, container: Container) -> None:
        for size in ANCHORS:
            container.check_columns(f"anchor{size}", f"anchor{size}_length")
        self.titles = TitleIndex(container.array)
        is_common = (container.array("alias_origin") & Origin.COMMON) != 0
        self.names = NameIndex(container.array("alias_hash"), is_common)

    def spans(self, text: str) -> tuple[list[Span], list[Span]]:
        """Titles and names in a text, each in order of start, then end; they may overlap.

        No span is longer than `LONGEST_SPAN`. Ordinary words in lower case are left out (see
        `NameIndex.find`).
        """
        titles: list[Span] = []
        names: list[Span] = []
        for chunk in _chunks(text):
            squeezed = squeeze_chunk(chunk.text)
            sums = Sums.of(squeezed)
            titles += chunk.own(squeezed, *self.titles.find(squeezed, sums))
            names += chunk.own(squeezed, *self.names.find(squeezed, sums))
        return titles, names


_span = partial(tuple.__new__, Span)
"""A span from four numbers, made without a call in Python."""


class _Chunk(NamedTuple):
    """A stretch of a text with its surroundings; it owns the spans that start in [first, last) of the
    text."""

    text: str
    offset: int
    """Where `text` begins in the whole text."""
    first: int
    last: int

    def own(
        self, squeezed: Squeezed, starts: I64, ends: I64, first_entries: I64, last_entries: I64
    ) -> Iterator[Span]:
        """The spans that this chunk owns, in order."""
        import numpy as np

        begins = squeezed.offsets.take(starts) + self.offset
        finishes = squeezed.after.take(ends - 1) + self.offset
        owned = np.flatnonzero(
            (begins >= self.first) & (begins < self.last) & (finishes - begins <= LONGEST_SPAN)
        )
        places = (begins * (2 * LONGEST_SPAN) + finishes - begins).take(owned)  # by start, then end
        order = owned.take(np.argsort(places, kind="stable"))
        columns = [column.take(order).tolist() for column in (begins, finishes, first_entries, last_entries)]
        return map(_span, zip(*columns, strict=True))


def _chunks(text: str) -> Iterator[_Chunk]:
    """A text in stretches of `CHUNK` code points, each with what it takes to see the spans that start in
    it."""
    for first in range(0, len(text), CHUNK):
        offset = max(0, first - _CONTEXT)
        last = first + CHUNK
        yield _Chunk(text[offset : last + LONGEST_SPAN + _CONTEXT], offset, first, last)
