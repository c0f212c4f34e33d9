"""Titles in a text: by the hash of their first squeezed characters, then of all of them.

Sections of the file: `title_hash`, sorted hashes of squeezed titles and of long main titles and subtitles,
with `title_bits`; `title_titles`, in how many titles each stands, of all papers read; `title_row`, four
times the row plus the part (0 whole, 1 main title, 2 subtitle). For each size of `ANCHORS`, of the titles
that are so long (and not as long as the next size): `anchorN`, sorted hashes (32 bits) of their first N
squeezed characters, with `anchorN_length`, the lengths of the titles that begin so, and `anchorN_bits`. A compact file
has no bits, and of hashes only those that are set in its `title_mask` (see `compact`).
`title_first`: the Chinese characters and the like with which titles begin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tracker.catalogue.bits import (
    BIT_SPREADS,
    SPREAD,
    BitTable,
    Ordered,
    Sums,
    bit_table,
    each_of,
    low_half,
    spread,
)
from tracker.catalogue.column import Column
from tracker.catalogue.names import title_parts
from tracker.catalogue.stretch import FIRST_CJK, Squeezed, latin_or, squeeze_chunk

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from tracker.catalogue.bits import I64, U32, U64, Bools
    from tracker.catalogue.stretch import U16

    U8 = npt.NDArray[np.uint8]

ANCHORS: Final = (12, 24)
"""Squeezed characters by which titles are first looked for: each by the most of these that it has. Shorter
titles are looked for as names. With 12 only, "large language models" alone has a hundred lengths to try."""
LONGEST_TITLE: Final = 255
"""Squeezed characters; of 1.1 million papers two have a longer title."""
PART_WORDS: Final = 4
"""A main title or subtitle of fewer words says too little to be looked for by itself."""
PART_BITS: Final = 2
_NEARLY_ALL: Final = 0.8
"""Of a text's words: where titles may begin with so many, to pick these takes longer than to look at all."""
WHOLE_HASH: Final = (1 << 64) - 1
"""All bits of a hash."""
BATCH: Final = 1 << 17
"""Code points of titles or names that are squeezed at once: several processes do so."""


def anchor_hash(spread_hashes: U64) -> U32:
    """The 32 bits of a spread hash that are kept of an anchor."""
    import numpy as np

    return (spread_hashes >> np.uint64(32)).astype(np.uint32)


def kept_bits(column: Callable[[str], Any], has: Callable[[str], bool]) -> int:
    """The bits that a file keeps of a title's hash."""
    return int(column("title_mask")[0]) if has("title_mask") else WHOLE_HASH


class TitleColumns(NamedTuple):
    """What the catalogue keeps of some titles and their parts, by entry."""

    hashes: U64
    rows: U32
    heads: tuple[U64, ...]
    """For each size of `ANCHORS` the hashes of the first characters of the titles that are so long."""
    lengths: tuple[U8, ...]
    """The lengths of these."""
    first: U16
    """The characters with which they begin, each once: those from `FIRST_CJK` on."""


def title_columns(titles: Iterable[str], first_row: int) -> TitleColumns:
    """The columns of titles in the order of their rows."""
    import numpy as np

    parts = [_hashed(texts, rows) for texts, rows in batches(_with_parts(titles, first_row))]
    hashes, rows, lengths, first, *heads = (
        np.concatenate(column) for column in zip(*parts or [_hashed([], [])], strict=True)
    )
    fits = [
        (lengths >= size) & (lengths < longer) for size, longer in pairwise([*ANCHORS, LONGEST_TITLE + 1])
    ]
    return TitleColumns(
        hashes,
        rows,
        tuple(head[fit] for head, fit in zip(heads, fits, strict=True)),
        tuple(lengths[fit].astype(np.uint8) for fit in fits),
        np.unique(first[first >= FIRST_CJK]),
    )


class Titles:
    """The columns of the titles of all papers, taken in the order of their rows."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        """With files in `folder` that `stack` closes."""

        def column(element: str) -> Column:
            return stack.enter_context(Column(folder, element))

        self._hashes, self._rows = column("u8"), column("u4")
        self._heads = [column("u8") for _ in ANCHORS]
        self._lengths = [column("u1") for _ in ANCHORS]
        self._first: set[int] = set()

    def add(self, part: TitleColumns) -> None:
        """Take the next titles."""
        self._hashes.add(part.hashes)
        self._rows.add(part.rows)
        self._first.update(part.first.tolist())
        for columns, parts in ((self._heads, part.heads), (self._lengths, part.lengths)):
            for column, numbers in zip(columns, parts, strict=True):
                column.add(numbers)

    def sections(self) -> Iterator[tuple[str, tuple[str, bytes]]]:
        """The sections of all titles, but for `title_titles`, one after the other."""
        import numpy as np

        hashes, rows = self._hashes.all(), self._rows.all()
        order = np.argsort(hashes, kind="stable")  # rows rise already
        hashes = hashes[order]
        yield "title_hash", ("Q", hashes.tobytes())
        yield "title_row", ("I", rows[order].tobytes())
        del rows, order
        yield "title_bits", ("B", bit_table(np.unique(hashes)))
        del hashes
        yield "title_first", ("H", np.array(sorted(self._first), dtype=np.uint16).tobytes())
        for size, column, sizes in zip(ANCHORS, self._heads, self._lengths, strict=True):
            heads = column.all()
            pairs = anchor_hash(spread(heads)).astype(np.uint64) << np.uint64(8)
            pairs = np.unique(pairs | sizes.all())
            yield f"anchor{size}", ("I", (pairs >> np.uint64(8)).astype(np.uint32).tobytes())
            yield f"anchor{size}_length", ("B", pairs.astype(np.uint8).tobytes())
            yield f"anchor{size}_bits", ("B", bit_table(np.unique(heads)))


def _with_parts(titles: Iterable[str], first_row: int) -> Iterator[tuple[str, int]]:
    """Each title and each part of it that is long enough, with the number that `title_row` keeps for it."""
    for row, title in enumerate(titles, first_row):
        parts = title_parts(title)
        yield title, row << PART_BITS
        for part, text in enumerate(parts, 1):
            if parts[1] and len(text.split()) >= PART_WORDS:
                yield text, row << PART_BITS | part


def batches(texts: Iterable[tuple[str, int]]) -> Iterator[tuple[list[str], list[int]]]:
    """Texts and their numbers, as many at a time as `squeeze_all` takes."""
    batch: list[str] = []
    numbers: list[int] = []
    size = 0
    for text, number in texts:
        text = text[: BATCH - 1]
        if size + len(text) + 1 > BATCH:
            yield batch, numbers
            batch, numbers, size = [], [], 0
        batch.append(text)
        numbers.append(number)
        size += len(text) + 1
    if batch:
        yield batch, numbers


def _hashed(texts: Sequence[str], numbers: Sequence[int]) -> list[Any]:
    """Of the texts that are neither too short nor too long: hash, number, squeezed length, first character, hash of
    each anchor."""
    import numpy as np

    squeezed, starts, ends = squeeze_all(texts)
    lengths = ends - starts
    kept = (lengths >= ANCHORS[0]) & (lengths <= LONGEST_TITLE)
    starts, ends = starts[kept], ends[kept]
    heads = [squeezed.hashes(starts, np.minimum(starts + size, ends)) for size in ANCHORS]
    rows = np.array(numbers, dtype=np.uint32)[kept]
    first = squeezed.points.take(starts)
    return [squeezed.hashes(starts, ends), rows, lengths[kept], first, *heads]


def squeeze_all(texts: Sequence[str]) -> tuple[Squeezed, I64, I64]:
    """Texts squeezed at once (together at most `BATCH`, with one more each), where each starts and
    ends."""
    import numpy as np

    squeezed = squeeze_chunk("\n".join(texts))
    edges = np.cumsum([0] + [len(text) + 1 for text in texts])
    bounds = np.searchsorted(squeezed.offsets, edges)
    return squeezed, bounds[:-1], bounds[1:]


Find = Callable[[Squeezed, Sums], tuple["I64", "I64", "I64"]]
"""Starts, ends and first entries of the spans in a squeezed text that have one of some hashes."""


def entries_in(titles: Iterable[str], finds: Sequence[Find]) -> list[tuple[I64, I64]]:
    """For each of `finds` which entries stand in titles as words of their own, and in how many of them each."""
    import numpy as np

    found: list[list[I64]] = [[] for _ in finds]
    for texts, _ in batches((title, 0) for title in titles):
        squeezed, begins, _ = squeeze_all(texts)
        sums = Sums.of(squeezed)
        for find, entries in zip(finds, found, strict=True):
            starts, ends, first = find(squeezed, sums)
            title = np.searchsorted(begins, starts, "right")
            is_in_one = title == np.searchsorted(begins, ends - 1, "right")
            entries.append(np.unique(np.stack([title, first])[:, is_in_one], axis=1)[1])
    counted = (np.concatenate([np.zeros(0, np.int64), *entries]) for entries in found)
    unique = (np.unique(entries, return_counts=True) for entries in counted)
    return [(entries, counts) for entries, counts in unique]


class TitleIndex:
    """The titles of an open catalogue, ready to be looked for."""

    def __init__(self, column: Callable[[str], Any], has: Callable[[str], bool]) -> None:
        """Of the sections that `column` gives as arrays; `has` says which there are."""
        self.may_begin = latin_or(column("title_first")) if has("title_first") else None
        """For each code point below 2**16 whether titles may begin with it."""
        self._mask = kept_bits(column, has)
        self._hashes = Ordered(column("title_hash"))
        self._bits = BitTable(column("title_bits")) if has("title_bits") else None
        self._anchors = [_Anchors(column, size, has_bits=has(f"anchor{size}_bits")) for size in ANCHORS]

    def entries(self, span_hash: int) -> range:
        """The entries of titles with this hash."""
        return self._hashes.entries(span_hash & self._mask)

    def find(self, text: Squeezed, sums: Sums) -> tuple[I64, I64, I64, I64]:
        """The titles in a squeezed text: starts, ends, and the range of entries of each (first, and behind
        the last)."""
        import numpy as np

        is_end = np.zeros(len(text.points) + LONGEST_TITLE + 1, dtype=bool)
        is_end[text.ends] = True
        is_end[text.ends[text.stems] - 1] = True
        at_starts = self._starts(text, sums)
        likely = [anchors.likely_spans(text, at_starts, is_end) for anchors in self._anchors]
        starts, ends = (np.concatenate(positions) for positions in zip(*likely, strict=True))
        hashes = text.hashes(starts, ends)
        hashes &= np.uint64(self._mask)
        chosen = np.arange(len(hashes)) if self._bits is None else self._bits.likely(hashes.astype(np.uint32))
        known, first, last = self._hashes.look_up(hashes.take(chosen))
        chosen = chosen.take(known)
        return starts.take(chosen), ends.take(chosen), first, last

    def columns(self) -> tuple[Any, ...]:
        """What machine code takes of the titles."""
        bits = b"" if self._bits is None else self._bits.table
        whole = SPREAD, *BIT_SPREADS, self._mask, self._hashes.hashes, bits
        return *whole, *chain.from_iterable(anchors.columns() for anchors in self._anchors)

    def _starts(self, text: Squeezed, sums: Sums) -> _Starts:
        """Where titles may begin: with most Chinese characters none does."""
        starts = _Starts(text.starts, sums.at_starts, sums.scales)
        if self.may_begin is None:
            return starts
        words = text.words_with(self.may_begin)
        if len(words) > _NEARLY_ALL * len(text.starts):
            return starts
        return _Starts(text.starts.take(words), sums.at_starts.take(words), sums.scales.take(words))


class _Starts(NamedTuple):
    """Words of a text with which titles may begin: where each starts, and its `Sums`."""

    places: I64
    sums: U64
    scales: U64


class _Anchors:
    """The lengths of titles by the hash of their first characters."""

    def __init__(self, column: Callable[[str], Any], size: int, *, has_bits: bool) -> None:
        self._size = size
        self._hashes = Ordered(column(f"anchor{size}"))
        self._has_bits = has_bits
        self._bits = BitTable(column(f"anchor{size}_bits") if has_bits else bit_table(self._hashes.hashes))
        """Of the hashes of first characters, or where the file has none, of what is kept of them."""
        self._lengths = column(f"anchor{size}_length")

    def columns(self) -> tuple[Any, ...]:
        """What machine code takes of them."""
        return self._size, self._has_bits, self._hashes.hashes, self._bits.table, self._lengths

    def likely_spans(self, text: Squeezed, starts: _Starts, is_end: Bools) -> tuple[I64, I64]:
        """Starts and ends of the spans that begin like titles of their length; `is_end` tells where they may end."""
        import numpy as np

        count = int(np.searchsorted(starts.places, len(text.points) - self._size, "right"))
        places = starts.places[:count]
        heads = text.sums.take(places + self._size)
        heads -= starts.sums[:count]
        heads *= starts.scales[:count]
        likely = self._bits.likely(low_half(heads) if self._has_bits else anchor_hash(heads))
        wanted = anchor_hash(heads.take(likely))
        owners, entries = each_of(*self._hashes.ranges(wanted))
        begins = places.take(likely).take(owners)
        ends = begins + self._lengths.take(entries)
        fits = np.flatnonzero(is_end.take(ends))
        fits = fits[self._hashes.hashes.take(entries.take(fits)) == wanted.take(owners.take(fits))]
        return begins.take(fits), ends.take(fits)
