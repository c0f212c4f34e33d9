"""Names in a text: each span of a few words by its hash.

Names that stand in lower case and can hardly be names so are passed over, as nearly every word would be one.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from tracker.catalogue.bits import BitTable, ByteTable, Ordered, Sums, bit_table, spread, unspread
from tracker.catalogue.names import SHORTEST_LOWER
from tracker.catalogue.stretch import Squeezed

if TYPE_CHECKING:
    from tracker.catalogue.bits import I64, U64, Bools

NAME_WORDS: Final = 6
"""Names of more words are not found; "Llama-2-70B" has three."""
_BITS: Final = 16
"""Of the table of names that may stand in lower case: it may be large, as it takes no place in the file."""
_ASKED_FEW: Final = 16
"""It is made when more than one span was asked for of so many names; a short text is done before."""


class NameTable:
    """Sorted hashes of names, some of them several times."""

    def __init__(self, hashes: U64) -> None:
        self.hashes = Ordered(hashes)
        self._bytes = ByteTable(spread(hashes))

    def likely_spans(self, text: Squeezed, sums: Sums) -> tuple[I64, I64, U64]:
        """Starts, ends and hashes of the spans that may be names: of one to `NAME_WORDS` words, also without a
        plural s."""
        import numpy as np

        count = len(text.starts)
        spans = np.zeros((NAME_WORDS, count), dtype=np.uint64)
        for more in range(min(NAME_WORDS, count)):
            np.subtract(sums.at_ends[more:], sums.at_starts[: count - more], out=spans[more, : count - more])
        spans *= sums.scales
        found, hashes = self._bytes.likely(spans.ravel())
        words = found % max(count, 1)
        last = words + found // max(count, 1)
        is_whole = last < count  # where fewer words follow, there is no span
        starts, ends = text.starts.take(words[is_whole]), text.ends.take(last[is_whole])
        hashes = hashes[is_whole]

        words = (text.stems - np.arange(NAME_WORDS)[:, None]).ravel()
        last, words = np.tile(text.stems, NAME_WORDS)[words >= 0], words[words >= 0]
        stem_ends = text.ends.take(last) - 1
        stems = text.sums.take(stem_ends) - sums.at_starts.take(words)
        stems *= sums.scales.take(words)
        found, stem_hashes = self._bytes.likely(stems)
        starts = np.concatenate((starts, text.starts.take(words.take(found))))
        ends = np.concatenate((ends, stem_ends.take(found)))
        return starts, ends, unspread(np.concatenate((hashes, stem_hashes)))

    def find(self, text: Squeezed, sums: Sums) -> tuple[I64, I64, I64]:
        """The spans that are names, in lower case too: starts, ends, and the first entry of each."""
        starts, ends, hashes = self.likely_spans(text, sums)
        first, found = self.hashes.look_up(hashes)
        return starts[found], ends[found], first[found]


class NameIndex:
    """The names of an open catalogue, ready to be looked for."""

    def __init__(self, hashes: U64, is_common: Bools) -> None:
        """Of sorted hashes; `is_common` says which names are ordinary words."""
        import numpy as np

        self._names = NameTable(hashes)
        begins = np.flatnonzero(np.diff(hashes, prepend=~hashes[:1]) != 0)
        self._last = np.zeros(len(hashes), dtype=np.int64)
        self._last[begins] = np.append(begins[1:], len(hashes))[: len(begins)]
        self._is_common = np.zeros(len(hashes), dtype=bool)
        if len(begins):
            self._is_common[begins] = np.logical_and.reduceat(is_common, begins)
        self._in_lower = hashes[begins[~self._is_common[begins]]]
        self._asked = 0

    @cached_property
    def _lower_bits(self) -> BitTable:
        """Of the names that may be written in lower case."""
        return BitTable(bit_table(self._in_lower, _BITS))

    def entries(self, span_hash: int) -> range:
        """The entries of names with this hash."""
        return self._names.hashes.entries(span_hash)

    def find(self, text: Squeezed, sums: Sums) -> tuple[I64, I64, I64, I64]:
        """The names in a squeezed text: starts, ends, and the range of entries of each (first, and behind
        the last).

        Left out are spans in lower case (only the letters a to z) that are shorter than `SHORTEST_LOWER`,
        that hold a blank or a line break, or that are ordinary words and nothing else.
        """
        import numpy as np

        starts, ends, hashes = self._names.likely_spans(text, sums)
        is_lower = _are_lower(text, starts, ends)
        lower = np.flatnonzero(is_lower)
        self._asked += len(lower)
        if self._asked > len(self._in_lower) // _ASKED_FEW:
            lower = lower[self._lower_bits.likely(hashes[lower].astype(np.uint32))]
        lower = lower[_may_be_lower(text, starts[lower], ends[lower])]
        chosen = np.concatenate([np.flatnonzero(~is_lower), lower])
        first, found = self._names.hashes.look_up(hashes[chosen])
        chosen, first = chosen[found], first[found]
        fits = ~(is_lower[chosen] & self._is_common[first])
        chosen, first = chosen[fits], first[fits]
        return starts[chosen], ends[chosen], first, self._last[first]


def _are_lower(text: Squeezed, starts: I64, ends: I64) -> Bools:
    """Which spans hold only the letters a to z, whatever stands between them."""
    import numpy as np

    others = np.zeros(len(text.points) + 1, dtype=np.int32)
    np.cumsum(text.units.take(text.offsets) - np.uint16(ord("a")) > 25, out=others[1:])
    are_lower: Bools = others.take(starts) == others.take(ends)
    return are_lower


def _may_be_lower(text: Squeezed, starts: I64, ends: I64) -> Bools:
    """Which of the spans in lower case may be names so: those long enough and without a blank in them."""
    import numpy as np

    blanks = np.flatnonzero(text.units <= ord(" "))
    begins, finishes = text.offsets[starts], text.after[ends - 1]
    may_be: Bools = np.searchsorted(blanks, begins) == np.searchsorted(blanks, finishes)
    return may_be & (finishes - begins >= SHORTEST_LOWER)
