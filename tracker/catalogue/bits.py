"""Hashes of a text's spans, looked up in sorted arrays with tables before them that few unknown ones pass.

Bit tables (Bloom filters) are kept in the file and need only the low half of a hash; byte tables are made when a
catalogue is opened and take the leading bits of a spread one, the form that `Sums` gives quickly for very many
spans. Whether a hash is really known, the sorted array says for the few
that pass.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tracker.catalogue.stretch import Squeezed, powers

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]
    U32 = npt.NDArray[np.uint32]
    U64 = npt.NDArray[np.uint64]
    I64 = npt.NDArray[np.int64]

_SPREADS: Final = (0x9E3779B1, 0x85EBCA6B)
"""Odd constants (of xxHash) that spread the low half of a hash over its high bits; each gives one bit."""
_SPREAD: Final = 0xD6E8FEB86659FD93
"""An odd constant (of splitmix-like mixers) that spreads a span hash over its high bits, for which the first
letters of a span count too little."""
_UNSPREAD: Final = pow(_SPREAD, -1, 1 << 64)
_MOST_BUCKETS: Final = 20
"""Bits that number the buckets of `Ordered` at most: its table then takes 4 MB."""
_STEPS: Final = 4
"""Steps within a bucket after which the few hashes that go on are looked up by halving: a name of many papers
fills its bucket."""
_ASKED_FEW: Final = 16
"""While no more than one hash was asked for of so many that are known, they are looked up by halving: a short text is
done before the table would be there."""
_BYTES_PER_ENTRY: Final = 8
"""Of a byte table, or up to twice as many: of hashes that are not in the set, one in 65 to 130 passes."""


def bit_table(hashes: U64, bits_per_entry: int = 8) -> bytes:
    """The bit table of a set of span hashes: as many bits an entry, or up to twice as many, two of them set.

    With 8 to 16 bits, of hashes that are not in the set one in 20 to 70 passes.
    """
    import numpy as np

    size = max(9, int(len(hashes) * bits_per_entry - 1).bit_length())
    bits = np.zeros(1 << size, dtype=bool)
    low = hashes.astype(np.uint32)
    for spread in _SPREADS:
        bits[low * np.uint32(spread) >> np.uint32(32 - size)] = True
    return np.packbits(bits, bitorder="little").tobytes()


class BitTable:
    """A bit table opened for look-ups."""

    def __init__(self, table: bytes | npt.NDArray[np.uint8]) -> None:
        import numpy as np

        self._table = np.frombuffer(table, dtype=np.uint8)
        self._size = (len(self._table) * 8).bit_length() - 1

    def likely(self, hashes: U32) -> I64:
        """Positions of the hashes that may be in the set, in order; of those that are not in it few
        remain."""
        import numpy as np

        found = np.flatnonzero(self._has_bit(hashes, _SPREADS[0]))
        return found[self._has_bit(hashes.take(found), _SPREADS[1])]

    def _has_bit(self, hashes: U32, spread: int) -> Bools:
        import numpy as np

        place = hashes * np.uint32(spread)
        place >>= np.uint32(32 - self._size)
        byte = self._table.take(place >> np.uint32(3), mode="clip")
        place &= np.uint32(7)
        byte >>= place.astype(np.uint8)
        byte &= np.uint8(1)
        return byte.view(bool)


def spread(hashes: U64) -> U64:
    """Span hashes with what tells them apart in the leading bits too."""
    import numpy as np

    return hashes * np.uint64(_SPREAD)


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
        self._bytes = np.zeros(1 << self._size, dtype=np.uint8)
        np.bitwise_or.at(self._bytes, self._place(hashes), self._bit(hashes))

    def likely(self, hashes: U64) -> tuple[I64, U64]:
        """Positions of the hashes that may be in the set, in order, and these hashes."""
        import numpy as np

        bits = self._bytes.take(self._place(hashes), mode="clip")
        bits &= self._bit(hashes)
        found = np.flatnonzero(bits != 0)
        return found, hashes.take(found)

    def _place(self, hashes: U64) -> I64:
        import numpy as np

        return (hashes >> np.uint64(64 - self._size)).view(np.int64)

    def _bit(self, hashes: U64) -> npt.NDArray[np.uint8]:
        import numpy as np

        return np.uint8(1) << ((hashes >> np.uint64(61 - self._size)).astype(np.uint8) & np.uint8(7))


class Ordered:
    """A sorted array of hashes, in which each is looked up by its leading bits.

    They are spread rather evenly, so that a bucket holds one or two: some steps, whatever their number, where
    halving takes twenty through memory that is in no cache.
    """

    def __init__(self, hashes: npt.NDArray[Any]) -> None:
        self.hashes = hashes
        size = max(1, min(_MOST_BUCKETS, len(hashes).bit_length() - 1))
        self._buckets = 1 << size
        self._shift = hashes.dtype.type(8 * hashes.dtype.itemsize - size)
        self._asked = 0

    @cached_property
    def _begins(self) -> npt.NDArray[np.int32]:
        """Where each bucket begins: to find out takes as long as halving takes for a tenth as many hashes."""
        import numpy as np

        counts = np.bincount(self._bucket(self.hashes), minlength=self._buckets)
        return (np.cumsum(counts) - counts).astype(np.int32)

    def look_up(self, wanted: npt.NDArray[Any]) -> tuple[I64, Bools]:
        """For each hash the first place that holds it, and whether there is one."""
        import numpy as np

        if not len(self.hashes):
            return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=bool)
        self._asked += len(wanted)
        if self._asked < len(self.hashes) // _ASKED_FEW:
            first: I64 = np.searchsorted(self.hashes, wanted)
            return first, self._at(first) == wanted
        first = self._begins.take(self._bucket(wanted)).astype(np.int64)
        smaller = np.flatnonzero(self._at(first) < wanted)
        for _ in range(_STEPS):
            if not len(smaller):
                return first, self._at(first) == wanted
            first[smaller] += 1
            found = first.take(smaller)
            goes_on = (found < len(self.hashes)) & (self._at(found) < wanted.take(smaller))
            smaller = smaller[goes_on]
        first[smaller] = np.searchsorted(self.hashes, wanted.take(smaller))
        return first, self._at(first) == wanted

    def ends_of_runs(self, first: I64) -> I64:
        """For each of some first places of a hash the place behind its last."""
        import numpy as np

        last: I64 = first + 1
        wanted = self._at(first)
        goes_on = np.arange(len(first))
        for _ in range(_STEPS):
            places = last.take(goes_on)
            goes_on = goes_on[(places < len(self.hashes)) & (self._at(places) == wanted.take(goes_on))]
            if not len(goes_on):
                return last
            last[goes_on] += 1
        last[goes_on] = np.searchsorted(self.hashes, wanted.take(goes_on), "right")
        return last

    def entries(self, span_hash: int) -> range:
        """The places that hold a hash."""
        import numpy as np

        wanted = np.uint64(span_hash)
        first, last = (int(np.searchsorted(self.hashes, wanted, side)) for side in ("left", "right"))
        return range(first, last)

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
        scales = spread(powers(len(text.sums))[1].take(text.starts))
        return cls(text.sums.take(text.starts), text.sums.take(text.ends), scales)
