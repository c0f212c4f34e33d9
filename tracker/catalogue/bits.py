"""Hashes of a text's spans, looked up in sorted arrays with a bit table (Bloom filter) before each.

Bit tables need only the low half of a span's hash, which `Sums` gives quickly for very many spans; whether a
hash is really known, the sorted array says for the few that pass.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tracker.catalogue.stretch import Squeezed, look_up, powers

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Bools = npt.NDArray[np.bool_]
    U32 = npt.NDArray[np.uint32]
    U64 = npt.NDArray[np.uint64]
    I64 = npt.NDArray[np.int64]

__all__ = ["BitTable", "Sums", "bit_table", "ends_of_runs", "entries_of", "look_up"]

_SPREADS: Final = (0x9E3779B1, 0x85EBCA6B)
"""Odd constants (of xxHash) that spread the low half of a hash over its high bits; each gives one bit."""


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
        return found[self._has_bit(hashes[found], _SPREADS[1])]

    def _has_bit(self, hashes: U32, spread: int) -> Bools:
        import numpy as np

        place = hashes * np.uint32(spread)
        place >>= np.uint32(32 - self._size)
        byte = self._table.take(place >> np.uint32(3))
        byte >>= place.astype(np.uint8) & np.uint8(7)
        byte &= np.uint8(1)
        return byte.view(bool)


def ends_of_runs(ordered: Any, first: I64) -> I64:
    """For each of some first places of a number in a sorted array the place behind its last."""
    import numpy as np

    last: I64 = first + 1
    goes_on = np.flatnonzero(last < len(ordered))
    goes_on = goes_on[ordered[last[goes_on]] == ordered[first[goes_on]]]
    last[goes_on] = np.searchsorted(ordered, ordered[first[goes_on]], "right")
    return last


def entries_of(ordered: Any, span_hash: int) -> range:
    """The places in a sorted array that hold a hash."""
    import numpy as np

    wanted = np.uint64(span_hash)
    return range(int(np.searchsorted(ordered, wanted)), int(np.searchsorted(ordered, wanted, "right")))


class Sums(NamedTuple):
    """The low halves of the numbers from which the hashes of a text's spans are made."""

    all: U32
    """As `Squeezed.sums`."""
    at_starts: U32
    """Of them, those where words start."""
    at_ends: U32
    """Of them, those where words end."""
    scales: U32
    """What the difference of two sums is multiplied with, by the word where a span starts."""

    @classmethod
    def of(cls, text: Squeezed) -> Sums:
        """The sums of a squeezed text."""
        import numpy as np

        low = text.sums.astype(np.uint32)
        return cls(low, low[text.starts], low[text.ends], _scales()[text.starts])


@cache
def _scales() -> U32:
    import numpy as np

    return powers()[1].astype(np.uint32)
