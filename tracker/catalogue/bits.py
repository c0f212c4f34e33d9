"""Hashes of a text's spans, looked up in sorted arrays with tables before them that few unknown ones pass.

Bit tables (Bloom filters) are kept in the file and need only the low half of a hash; byte tables are made when a
long text asks for them and take the leading bits of a spread one, the form that `Sums` gives quickly for very many
spans. Whether a hash is really known, the sorted array says for the few that pass.
"""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tracker.catalogue.stretch import Squeezed, powers

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]
    U32 = npt.NDArray[np.uint32]
    U64 = npt.NDArray[np.uint64]
    I64 = npt.NDArray[np.int64]

BIT_SPREADS: Final = (0x9E3779B1, 0x85EBCA6B)
"""Odd constants (of xxHash) that spread the low half of a hash over its high bits; each gives one bit."""
SPREAD: Final = 0xD6E8FEB86659FD93
"""An odd constant (of splitmix-like mixers) that spreads a span hash over its high bits, for which the first
letters of a span count too little."""
_UNSPREAD: Final = pow(SPREAD, -1, 1 << 64)
_MOST_BUCKETS: Final = 20
"""Bits that number the buckets of `Ordered` at most: its table then takes 2 MB."""
_CROWDED: Final = 8
"""Hashes in a bucket that are looked at one by one; more where their buckets hold no more on average: a title of many
papers fills its bucket, and may stand in a text again and again."""
_ASKED_FEW: Final = 16
"""While no more than one hash was asked for of so many that are known, they are looked up by halving: a short text is
done before the table would be there."""
_MOST_HALVED: Final = 1 << 14
"""Hashes that are looked up by halving at most: with millions this takes a microsecond each, as long as the table of a
thousand times as many hashes takes to make."""
_AT_ONCE: Final = 1 << 15
"""Buckets that are counted at once, so that what is counted stays in the processor's cache."""
_BYTES_PER_ENTRY: Final = 4
"""Of a byte table, or up to twice as many: of hashes that are not in the set, one in 33 to 65 passes."""


def bit_table(hashes: U64, bits_per_entry: int = 8) -> bytes:
    """The bit table of a set of span hashes: as many bits an entry, or up to twice as many, two of them set.

    With 8 to 16 bits, of hashes that are not in the set one in 20 to 70 passes.
    """
    import numpy as np

    size = max(9, int(len(hashes) * bits_per_entry - 1).bit_length())
    bits = np.zeros(1 << size, dtype=bool)
    low = hashes.astype(np.uint32)
    for spread in BIT_SPREADS:
        bits[low * np.uint32(spread) >> np.uint32(32 - size)] = True
    return np.packbits(bits, bitorder="little").tobytes()


class BitTable:
    """A bit table opened for look-ups."""

    def __init__(self, table: bytes | npt.NDArray[np.uint8]) -> None:
        import numpy as np

        self.table = np.frombuffer(table, dtype=np.uint8)
        self._size = (len(self.table) * 8).bit_length() - 1

    def likely(self, hashes: U32) -> I64:
        """Positions of the hashes that may be in the set, in order; of those that are not in it few
        remain."""
        import numpy as np

        found = np.flatnonzero(self._has_bit(hashes, BIT_SPREADS[0]))
        return found[self._has_bit(hashes.take(found), BIT_SPREADS[1])]

    def _has_bit(self, hashes: U32, spread: int) -> Bools:
        import numpy as np

        place = hashes * np.uint32(spread)
        place >>= np.uint32(32 - self._size)
        byte = self.table.take(place >> np.uint32(3), mode="clip")
        place &= np.uint32(7)
        byte >>= place.astype(np.uint8)
        byte &= np.uint8(1)
        return byte.view(bool)


def spread(hashes: U64) -> U64:
    """Span hashes with what tells them apart in the leading bits too."""
    import numpy as np

    return hashes * np.uint64(SPREAD)


def low_half(spread_hashes: U64) -> U32:
    """The low halves of the span hashes that `spread` was given: only low halves tell them."""
    import numpy as np

    low: U32 = spread_hashes.astype(np.uint32)
    low *= np.uint32(_UNSPREAD & 0xFFFFFFFF)
    return low


def unspread(hashes: U64) -> U64:
    """The span hashes that `spread` was given."""
    import numpy as np

    return hashes * np.uint64(_UNSPREAD)


class ByteTable:
    """A set of spread hashes by their bits: quicker than a bit table and larger, so it is made when it is needed.

    The leading bits of a hash choose a byte, the next three a bit of it: one place of memory is looked at."""

    def __init__(self, hashes: U64) -> None:
        import numpy as np

        self._size = max(9, int(len(hashes) * _BYTES_PER_ENTRY - 1).bit_length())
        self.table: npt.NDArray[np.uint8] = np.zeros(1 << self._size, dtype=np.uint8)
        np.bitwise_or.at(self.table, self._place(hashes), np.uint8(1) << self._bit(hashes))

    def likely(self, hashes: U64) -> tuple[I64, U64]:
        """Positions of the hashes that may be in the set, in order, and these hashes."""
        import numpy as np

        bits = self.table.take(self._place(hashes), mode="clip")
        bits >>= self._bit(hashes)
        bits &= np.uint8(1)
        found = np.flatnonzero(bits.view(bool))
        return found, hashes.take(found)

    def _place(self, hashes: U64) -> I64:
        import numpy as np

        return (hashes >> np.uint64(64 - self._size)).view(np.int64)

    def _bit(self, hashes: U64) -> npt.NDArray[np.uint8]:
        import numpy as np

        bit = (hashes >> np.uint64(61 - self._size)).astype(np.uint8)
        bit &= np.uint8(7)
        return bit


def pays(asked: int, known: int) -> bool:
    """Whether so many hashes were asked for, of so many that are known, that a table to look them up in is worth the
    time to make it."""
    return asked >= min(known // _ASKED_FEW, _MOST_HALVED)


def each_of(first: I64, last: I64) -> tuple[I64, I64]:
    """All places in some ranges, one range after the other: the number of its range, and each place. A range that ends
    before it begins is empty."""
    import numpy as np

    counts = np.maximum(last - first, 0)
    ends = np.cumsum(counts)
    owners = np.repeat(np.arange(len(counts)), counts)
    places = np.arange(len(owners))
    places += (last - ends).take(owners)
    return owners, places


def ranges_of(owners: I64, count: int) -> list[tuple[int, int]]:
    """The reverse of `each_of`: where the places of each of so many owners begin and end, whose numbers stand in order,
    once for each of its places.

    >>> import numpy as np
    >>> ranges_of(np.array([0, 0, 2]), 3)
    [(0, 2), (2, 2), (2, 3)]
    """
    import numpy as np

    return list(pairwise((0, *np.cumsum(np.bincount(owners, minlength=count)).tolist())))


class Ordered:
    """A sorted array of hashes, in which each is looked up by its leading bits.

    They are spread rather evenly, so that a bucket holds a few: these are looked at all at once, where halving
    takes twenty steps through memory that is in no cache.
    """

    def __init__(self, hashes: npt.NDArray[Any]) -> None:
        self.hashes = hashes
        self._bits = max(1, min(_MOST_BUCKETS, len(hashes).bit_length() - 1))
        self._shift = hashes.dtype.type(8 * hashes.dtype.itemsize - self._bits)
        self._asked = 0

    @cached_property
    def _offsets(self) -> npt.NDArray[Any]:
        """How far behind its place on a straight line each bucket begins, and the last one ends: a small number."""
        import numpy as np

        buckets = 1 << self._bits
        offsets = np.zeros(buckets + 1, dtype=np.int32)
        step = min(_AT_ONCE, buckets)
        edges = np.arange(step, buckets, step).astype(self.hashes.dtype) << self._shift
        begins = [0, *np.searchsorted(self.hashes, edges).tolist(), len(self.hashes)]
        for number, (begin, end) in enumerate(pairwise(begins)):
            first = number * step
            # Where the file is damaged they are out of order; a few are not found then, and that is all.
            numbers = np.clip(self._bucket(self.hashes[begin:end]) - first, 0, step - 1)
            ends = np.cumsum(np.bincount(numbers, minlength=step)) + begin
            offsets[first + 1 : first + step + 1] = ends - self._line(np.arange(first + 1, first + step + 1))
        is_small = np.abs(offsets).max() <= np.iinfo(np.int16).max
        return offsets.astype(np.int16) if is_small else offsets

    def ranges(self, wanted: npt.NDArray[Any]) -> tuple[I64, I64]:
        """For each hash a range of places outside of which it does not stand (first, and behind the last)."""
        return self._halved(wanted) if self._are_few(wanted) else self._of_buckets(wanted)

    def look_up(self, wanted: npt.NDArray[Any]) -> tuple[I64, I64, I64]:
        """Which of the hashes are known, in order, and the range of places that hold each of these (first, and behind
        the last)."""
        import numpy as np

        if self._are_few(wanted):
            first, last = self._halved(wanted)
            known = np.flatnonzero(first < last)
            return known, first.take(known), last.take(known)
        first, last = self._of_buckets(wanted)
        behind = np.zeros(len(wanted), dtype=np.int64)  # of those in crowded buckets
        counts = last - first
        if int(counts.sum()) > _CROWDED * len(counts):
            crowded = np.flatnonzero(counts > _CROWDED)
            distinct, which = np.unique(wanted.take(crowded), return_inverse=True)
            first[crowded], behind[crowded] = (edges.take(which) for edges in self._halved(distinct))
            last[crowded] = np.minimum(first.take(crowded) + 1, behind.take(crowded))
        owners, places = each_of(first, last)
        equal = np.flatnonzero(self.hashes.take(places) == wanted.take(owners))
        owners, places = owners.take(equal), places.take(equal)
        changes = np.flatnonzero(owners[1:] != owners[:-1])  # behind the last of each
        known = np.append(owners.take(changes), owners[-1:])
        last = np.append(places.take(changes), places[-1:]) + 1
        first = np.append(places[:1], places.take(changes + 1))
        return known, first, np.maximum(last, behind.take(known))

    def entries(self, span_hash: int) -> range:
        """The places that hold a hash."""
        import numpy as np

        wanted = np.uint64(span_hash)
        first, last = (int(np.searchsorted(self.hashes, wanted, side)) for side in ("left", "right"))
        return range(first, last)

    def _are_few(self, wanted: npt.NDArray[Any]) -> bool:
        """Whether too few were asked for, with these, to make the table of buckets."""
        self._asked += len(wanted)
        return not pays(self._asked, len(self.hashes))

    def _of_buckets(self, wanted: npt.NDArray[Any]) -> tuple[I64, I64]:
        """Where the buckets of hashes begin and end."""
        buckets = self._bucket(wanted)
        first = self._line(buckets)
        first += self._offsets.take(buckets)
        buckets += 1
        last = self._line(buckets)
        last += self._offsets.take(buckets)
        return first, last

    def _halved(self, wanted: npt.NDArray[Any]) -> tuple[I64, I64]:
        """What `look_up` says, by halving."""
        import numpy as np

        first = np.searchsorted(self.hashes, wanted)
        last = first.copy()
        known = np.flatnonzero(self._at(first) == wanted)
        last[known] = np.searchsorted(self.hashes, wanted.take(known), "right")
        return first, last

    def _line(self, buckets: I64) -> I64:
        """Where buckets would begin if all held as many hashes."""
        return buckets * len(self.hashes) >> self._bits

    def _at(self, places: I64) -> npt.NDArray[Any]:
        """The hashes at some places; behind the last stands the last."""
        return self.hashes.take(places, mode="clip")

    def _bucket(self, hashes: npt.NDArray[Any]) -> I64:
        import numpy as np

        buckets: I64 = (hashes >> self._shift).astype(np.int64)
        return buckets


class Sums(NamedTuple):
    """The numbers from which the spread hashes of a text's spans are made, by word."""

    at_starts: U64
    """The sums (see `Squeezed`) where words start."""
    at_ends: U64
    """Those where words end."""
    scales: U64
    """What the difference of two sums is multiplied with, by the word where a span starts."""

    @classmethod
    def of(cls, text: Squeezed) -> Sums:
        """The sums of a squeezed text."""
        import numpy as np

        scales = spread(powers(len(text.sums))[1].take(text.starts))
        at_edges = text.sums.take(
            np.append(text.starts, len(text.points))
        )  # a word ends where the next starts
        return cls(at_edges[:-1], at_edges[1:], scales)
