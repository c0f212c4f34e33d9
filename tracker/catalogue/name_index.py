"""Names in a text: each span of a few words by its hash.

Nearly every word would be a name, so spans that can hardly be one are passed over before they are looked up:
those in lower case, those over a comma or the end of a sentence, those of Chinese characters of which no name is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tracker.catalogue.bits import SPREAD, ByteTable, Ordered, Sums, each_of, pays, spread, unspread
from tracker.catalogue.names import SHORTEST_LOWER, WELL_KNOWN, Origin
from tracker.catalogue.squeeze import squeeze
from tracker.catalogue.stretch import Squeezed, latin_or

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from tracker.catalogue.bits import I64, U64, Bools

    U8 = npt.NDArray[np.uint8]
    U16 = npt.NDArray[np.uint16]

NAME_WORDS: Final = 6
"""Names of more words are not found; "Llama-2-70B" has three."""
PARTS_WORDS: Final = '!"#%&(),:;<=?@[]`|'
"""What stands in no name: "LLMs, RAG" is none."""
_ASKED_LETTERS: Final = 16
"""What needs a look at each letter of all names is made when more than one word was looked at for so many letters; a
short text is done before."""


class NameColumns(NamedTuple):
    """What is known of the names of a catalogue, by entry."""

    hashes: U64
    origins: U8
    sources: U16
    sizes: U8
    text: U8
    """The spellings, in UTF-8, one after the other."""


class Words(NamedTuple):
    """Spans of words: of `words[i]` to `lasts[i]`; `ends[i]` is where the last of them ends, or where it would
    without its plural s."""

    words: I64
    lasts: I64
    ends: I64
    hashes: U64

    def take(self, places: I64) -> Words:
        """Some of the spans."""
        return Words(
            self.words.take(places), self.lasts.take(places), self.ends.take(places), self.hashes.take(places)
        )


class NameTable:
    """Sorted hashes of names, some of them several times."""

    def __init__(self, hashes: U64) -> None:
        import numpy as np

        is_first = np.ones(len(hashes), dtype=bool)
        np.not_equal(hashes[1:], hashes[:-1], out=is_first[1:])
        begins = np.flatnonzero(is_first).astype(np.int32)
        self.begins = np.append(begins, np.int32(len(hashes)))
        """Of each name, by its number in the order of hashes, the first entry; and how many entries there are."""
        self._hashes = Ordered(hashes.take(begins))
        self._asked = 0

    @property
    def hashes(self) -> U64:
        """Each hash once."""
        hashes: U64 = self._hashes.hashes
        return hashes

    def bytes_for(self, asked: int) -> ByteTable | None:
        """The table that tells most hashes that are none; None while too few were asked for, with so many now, to make
        it."""
        self._asked += asked
        return self._bytes if pays(self._asked, len(self.hashes)) else None

    @cached_property
    def _bytes(self) -> ByteTable:
        return ByteTable(spread(self.hashes))

    def _likely(self, hashes: U64) -> tuple[I64, U64]:
        """What `ByteTable.likely` says; without the table all are likely."""
        import numpy as np

        table = self.bytes_for(len(hashes))
        return table.likely(hashes) if table else (np.arange(len(hashes)), hashes)

    def look_up(self, wanted: U64) -> tuple[I64, I64]:
        """Which of some hashes are known, in order, and the numbers of their names."""
        known, names, _ = self._hashes.look_up(wanted)
        return known, names

    def firsts(self, names: I64) -> I64:
        """The first entries of some names."""
        import numpy as np

        return self.begins.take(names).astype(np.int64)

    def entries(self, span_hash: int) -> range:
        """The entries of names with this hash."""
        names = self._hashes.entries(span_hash)
        return range(int(self.begins[names.start]), int(self.begins[names.stop]))

    def likely_spans(self, text: Squeezed, sums: Sums, first_words: Sequence[I64]) -> Words:
        """The spans that may be names, also without a plural s; `first_words` are the words with which spans of
        one, two, ... words may begin."""
        import numpy as np

        counts = [len(words) for words in first_words]
        words = np.concatenate(first_words)
        lasts = words + np.repeat(np.arange(len(counts)), counts)
        at_starts, scales = sums.at_starts.take(words), sums.scales.take(words)
        hashes = sums.at_ends.take(lasts)
        hashes -= at_starts
        hashes *= scales
        found, hashes = self._likely(hashes)

        may_be_plural = np.zeros(len(text.starts), dtype=bool)
        may_be_plural[text.stems] = True
        plural = np.flatnonzero(may_be_plural.take(lasts))
        stem_ends = text.ends.take(lasts.take(plural)) - 1
        stems = text.sums.take(stem_ends)
        stems -= at_starts.take(plural)
        stems *= scales.take(plural)
        stem, stem_hashes = self._likely(stems)

        both = np.concatenate((found, plural.take(stem)))
        words, lasts = words.take(both), lasts.take(both)
        ends = np.concatenate((text.ends.take(lasts[: len(found)]), stem_ends.take(stem)))
        return Words(words, lasts, ends, unspread(np.concatenate((hashes, stem_hashes))))

    def find(self, text: Squeezed, sums: Sums) -> tuple[I64, I64, I64]:
        """All spans that are names: starts, ends, and the first entry of each."""
        spans = self.likely_spans(text, sums, _all_words(text))
        known, names = self.look_up(spans.hashes)
        return text.starts.take(spans.words.take(known)), spans.ends.take(known), self.firsts(names)


def _all_words(text: Squeezed) -> list[I64]:
    """With which words spans of one to `NAME_WORDS` words begin."""
    import numpy as np

    return [np.arange(len(text.starts) - more) for more in range(min(NAME_WORDS, len(text.starts)))] or [
        np.zeros(0, dtype=np.int64)
    ]


class NameIndex:
    """The names of an open catalogue, ready to be looked for."""

    def __init__(self, names: NameColumns) -> None:
        """Of names in the order of their hashes."""
        import numpy as np

        hashes = names.hashes
        is_common = (names.origins & Origin.COMMON) != 0
        self._names = NameTable(hashes)
        begins = self._names.begins[:-1]
        common, self._cases = begins, np.zeros(0, dtype=np.uint8)
        if len(begins):
            common = begins[np.logical_and.reduceat(is_common, begins)]
            self._cases = np.bitwise_or.reduceat(_cases(names), begins)
        self._common = hashes.take(common)
        """The names that may not be written in lower case."""
        self._text = names.text
        self._asked_words = 0

    @cached_property
    def _may_hold(self) -> Bools:
        """The characters of names; see `_characters`."""
        return _characters(self._text)

    def may_hold_for(self, words: int) -> Bools | None:
        """For each code point below 2**16 whether a name may hold it; None while too few words were asked for, with so
        many now, to make the table."""
        self._asked_words += words
        return self._may_hold if self._asked_words > len(self._text) // _ASKED_LETTERS else None

    def columns(self, asked: int) -> tuple[Any, ...]:
        """What machine code takes of the names, for so many more spans."""
        table = self._names.bytes_for(asked)
        bits = b"" if table is None else table.table
        return (
            *(SPREAD, NAME_WORDS, _ANY_CASE),
            *(bits, self._names.hashes, self._common, self._cases, self._names.begins),
        )

    def entries(self, span_hash: int) -> range:
        """The entries of names with this hash."""
        return self._names.entries(span_hash)

    def find(self, text: Squeezed, sums: Sums, *, is_heard: bool = False) -> tuple[I64, I64, I64, I64]:
        """The names in a squeezed text: starts, ends, and the range of entries of each (first, and behind
        the last).

        Left out are spans in lower case (only the letters a to z) that are shorter than `SHORTEST_LOWER`,
        that hold a blank or a line break, or that are ordinary words and nothing else. So are, unless the text
        `is_heard`, spans over a comma or the like, and ordinary words with other capitals than the name.
        """
        import numpy as np

        others = np.zeros(len(text.points) + 1, dtype=np.int32)
        np.cumsum(text.units.take(text.offsets) - np.uint16(ord("a")) > 25, out=others[1:])
        first_words = _all_words(text) if is_heard else self._first_words(text, others)
        spans = self._names.likely_spans(text, sums, first_words)
        starts = text.starts.take(spans.words)
        is_lower = others.take(starts) == others.take(spans.ends)
        lower = np.flatnonzero(is_lower)
        lower = lower[~self._are_common(spans.hashes.take(lower))]
        lower = lower[_may_be_lower(text, starts.take(lower), spans.take(lower))]
        chosen = np.concatenate([np.flatnonzero(~is_lower), lower])
        known, found = self._names.look_up(spans.hashes.take(chosen))
        chosen = chosen.take(known)
        if not is_heard:
            cases = self._cases.take(found)
            some = np.flatnonzero((cases != _ANY_CASE) & ~is_lower.take(chosen))
            fits = np.ones(len(chosen), dtype=bool)
            fits[some] = cases.take(some) & _case_at(text, starts.take(chosen.take(some))) != 0
            chosen, found = chosen[fits], found[fits]
        firsts = self._names.firsts
        return starts.take(chosen), spans.ends.take(chosen), firsts(found), firsts(found + 1)

    def _are_common(self, hashes: U64) -> Bools:
        """Which hashes are those of names that may not be written in lower case: few names, so halving is quick."""
        import numpy as np

        if not len(self._common):
            return np.zeros(len(hashes), dtype=bool)
        are_common: Bools = self._common.take(np.searchsorted(self._common, hashes), mode="clip") == hashes
        return are_common

    def _first_words(self, text: Squeezed, others: npt.NDArray[np.int32]) -> list[I64]:
        """With which words spans of one to `NAME_WORDS` words begin that may be names; `others[i]` of the first i
        characters are not a to z."""
        import numpy as np

        may_hold = self.may_hold_for(len(text.starts))
        words = np.arange(len(text.starts)) if may_hold is None else text.words_with(may_hold)
        starts, ends = text.starts.take(words), text.ends.take(words)
        begins, finishes = text.offsets.take(starts), text.after.take(ends - 1)
        is_other = others.take(ends) != others.take(starts)
        is_long = finishes - begins >= SHORTEST_LOWER
        spans = [words.take(np.flatnonzero(is_other | is_long))]
        # Of each word but the first: what parts it from the word before.
        follows, ended = text.units.take(begins[1:] - 1), text.units.take(finishes[:-1])
        gaps = np.subtract(begins[1:], finishes[:-1], dtype=np.int32)
        is_gap = gaps > 0
        is_tight = ~(((follows <= ord(" ")) | (ended <= ord(" "))) & is_gap)
        is_parted = parting().take(follows) | parting().take(ended)
        is_parted |= (ended == ord(".")) & (follows <= ord(" ")) & (gaps == 2)
        joins = (words[1:] == words[:-1] + 1) & ~(is_parted & is_gap)
        may_be, any_other, all_tight = (
            np.ones(len(words), dtype=bool),
            is_other,
            np.ones(len(words), dtype=bool),
        )
        for more in range(1, min(NAME_WORDS, len(words))):
            may_be = may_be[:-1] & joins[more - 1 :]
            any_other = any_other[:-1] | is_other[more:]
            all_tight = all_tight[:-1] & is_tight[more - 1 :]
            spans.append(words.take(np.flatnonzero(may_be & (any_other | all_tight))))
        return spans


@cache
def parting() -> Bools:
    """For each code point below 2**16 whether it parts words."""
    import numpy as np

    table = np.zeros(1 << 16, dtype=bool)
    table[[ord(character) for character in PARTS_WORDS]] = True
    return table


def _characters(text: U8) -> Bools:
    """For each code point below 2**16 whether it may stand in a name of those spelled in a text; see `latin_or`."""
    others = set(text[text > 0x7F].tobytes().decode(errors="replace"))
    return latin_or([ord(c) for character in others for c in squeeze(character)])


_ANY_CASE: Final = 15


def _cases(names: NameColumns) -> U8:
    """With which capitals a span may spell each name, as the bits of `_case_at`: an ordinary word that few sources
    use as a name is one only with its own."""
    import numpy as np

    is_ordinary = (names.origins & (Origin.COMMON | Origin.CURATED)) == Origin.COMMON
    ordinary = np.flatnonzero(is_ordinary & (names.sources < WELL_KNOWN))
    begins = np.cumsum(names.sizes, dtype=np.int64).take(ordinary) - names.sizes.take(ordinary)
    cases = np.full(len(names.hashes), _ANY_CASE, dtype=np.uint8)
    cases[ordinary] = _case_bits(*(names.text.take(begins + place, mode="clip") for place in (0, 1)))
    return cases


def _case_at(text: Squeezed, starts: I64) -> U8:
    """Whether the first two characters of spans are capitals: one of four bits for each."""
    offsets = text.offsets.take(starts), text.offsets.take(starts + 1, mode="clip")
    return _case_bits(*(text.units.take(places) for places in offsets))


def _case_bits(first: U8 | U16, second: U8 | U16) -> U8:
    import numpy as np

    are_capitals = [units - units.dtype.type(ord("A")) < 26 for units in (first, second)]
    return np.uint8(1) << (are_capitals[0].astype(np.uint8) * np.uint8(2) + are_capitals[1])


def _may_be_lower(text: Squeezed, starts: I64, spans: Words) -> Bools:
    """Which of the spans in lower case may be names so: those long enough and without a blank in them."""
    import numpy as np

    begins, finishes = text.offsets.take(starts), text.after.take(spans.ends - 1)
    may_be: Bools = finishes - begins >= SHORTEST_LOWER
    several = np.flatnonzero(may_be & (spans.words != spans.lasts))
    if len(several):
        owners, places = each_of(begins.take(several), finishes.take(several))
        may_be[several.take(owners[text.units.take(places) <= ord(" ")])] = False
    return may_be
