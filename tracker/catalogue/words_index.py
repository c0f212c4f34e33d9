"""Which titles hold which words: an index from words (see `stems`) to rows, read through the memory map.

It answers with the titles that a bundle of words most likely came from, where an exact look-up fails: a title
with typing errors, without its subtitle, under a former name, or translated. What is looked for is a list of
*concepts*: each is one thing said, with the words that may say it and how likely each is to. For a word read
off an English text that is the word itself; for a Chinese phrase its translations (see `glossary`).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tracker.catalogue.container import Container
from tracker.catalogue.postings import MOST_WORDS
from tracker.catalogue.spellings import Spellings
from tracker.catalogue.stems import title_words
from tracker.catalogue.word_rows import WordRows

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.int32]

TOLD: Final = 0.9
"""The part of a title's words that its mention tells; the rest may be any words of titles."""
UNTOLD: Final = math.log(1 - TOLD)
"""What a word of the title that the mention does not tell adds to its score."""
POSTINGS: Final = 80_000
"""Rows of the rarer words that are added up. With all rows of 1.1 million papers twice the time finds no more
of the held-out translated titles; with half as many 2 in 100 are lost."""
LOOKED_AT: Final = 16_000
"""Of what the rarer words found, so many of the best are asked for the frequent words too, and more for the first of
these: what shares a single word stands in order of length, and only the next words tell which is meant."""
FEWER: Final = 4
"""For each of these the part that goes on."""
NEAR: Final = 12.0
"""Nats below the best that a title may be by its words and yet be meant, for its letters: some four words."""
LONGER: Final = 3
"""Words that a title may have beyond those of a text that is nearly it, before it counts whether it has more: a text
may be what stands before the subtitle."""
ROUNDING: Final = 1e-3
"""Nats by which sums may be off."""
KEY_WORDS: Final = 5
"""Of an English title nearly spelled out, so many of its rarest words are looked up."""
KEY_SHARE: Final = 0.6
"""A title must have this part of them: typing errors make other words, and each may hit two."""
SHORTEST_MISSPELT: Final = 4
"""Letters of a word that is looked up with an error: shorter ones are one error from too many others."""
_MOST_INT32: Final = (1 << 31) - 1
_PAGE: Final = 64
"""Words from one of those that stand in `_pages` to the next."""


class Concept(NamedTuple):
    """One thing said by a mention."""

    surface: str
    words: Mapping[str, float]
    """The words of titles that may say it, each with its probability; they sum to at most 1."""


class Ranked(NamedTuple):
    """A title that may be meant."""

    row: int
    score: float
    """Natural logarithm: how much likelier these words are in the title that is meant than in any title."""


def spelled(text: str) -> list[Concept]:
    """The concepts of an English text: its words, each once."""
    return [Concept(word, {word: 1.0}) for word in dict.fromkeys(title_words(text))]


class WordIndex:
    """The word index of an open catalogue."""

    def __init__(self, container: Container) -> None:
        """Open it.

        Raises:
            CatalogueError: the catalogue was made without, or is damaged.
        """
        import numpy as np

        words = container.check_columns("word_size", "word_rows")
        self._damaged = container.damaged

        self._text = container.bytes("word_text")
        self._ends = np.cumsum(container.array("word_size"), dtype=np.uint32)
        self._title_words = container.array("title_words")
        self._rows = WordRows(container, len(self._title_words))
        self._word_rows = self._rows.counts
        if (int(self._ends[-1]) if words else 0) != len(self._text):
            raise self._damaged()
        self._all_words = float(self._word_rows.sum(dtype=np.uint64)) or 1.0
        self._number = lru_cache(maxsize=1 << 14)(self._find_number)
        self.rarity = lru_cache(maxsize=1 << 14)(self._rarity)
        """How much a word tells, in nats: 0 for one that all titles have, most for one that none has."""

    def __len__(self) -> int:
        return len(self._ends)

    def _rarity(self, word: str) -> float:
        number = self._number(word)
        rows = 0 if number is None else int(self._word_rows[number])
        return math.log((len(self._title_words) + 1) / (rows + 0.5))

    def frequency(self, word: str) -> int:
        """In how many titles a word stands."""
        number = self._number(word)
        return 0 if number is None else int(self._word_rows[number])

    def rows_with(self, word: str) -> Rows:
        """The rows whose titles have a word, in order."""
        import numpy as np

        number = self._number(word)
        return np.zeros(0, dtype=np.int32) if number is None else self._rows[number]

    def have(self, word: str, rows: npt.NDArray[np.integer[Any]]) -> npt.NDArray[np.bool_]:
        """Which rows' titles have a word."""
        import numpy as np

        number = self._number(word)
        if number is None:
            return np.zeros(len(rows), dtype=bool)
        return self._rows.hold(number, rows.astype(np.int32, copy=False))

    def sharing(self, words: Iterable[str], most: int) -> list[int]:
        """The rows whose titles share most of the rarest of some words, in order.

        None where no title shares enough of them (`KEY_SHARE`), or more than `most` do so equally: then the
        words are a phrase of the field. Words that no title has are passed over: typing errors make such.
        """
        import numpy as np

        numbers = {number for word in words if (number := self._number(word)) is not None}
        rarest = sorted(numbers, key=lambda number: (int(self._word_rows[number]), number))[:KEY_WORDS]
        least = max(2, math.ceil(KEY_SHARE * len(rarest)))
        leading = rarest[: len(rarest) - least + 1]  # a title with `least` of them all has one of these
        if len(rarest) < 2 or sum(int(self._word_rows[number]) for number in leading) > POSTINGS:
            return []
        rows = np.sort(np.concatenate([self._rows[number] for number in leading]))
        is_next = rows[1:] == rows[:-1]
        several = np.unique(rows[1:][is_next])
        times = sum(
            (self._rows.hold(number, several) for number in rarest), start=np.zeros(len(several), np.uint8)
        )
        most_times = int(times.max(initial=least))
        several = several[times == most_times]
        found: list[int] = several.tolist()
        if most_times == least:  # else rows that one leading word alone has share less
            alone = rows[~(np.append(False, is_next) | np.append(is_next, False))]
            for number in rarest[len(leading) :]:
                alone = alone[self._rows.hold(number, alone)]
            found = np.sort(np.concatenate((several, alone))).tolist()
        return found if len(found) <= most else []

    def find(self, concepts: Sequence[Concept], count: int = 5, postings: int = POSTINGS) -> list[Ranked]:
        """The titles that the concepts most likely came from, best first; equal scores in order of rows.

        A title's score is the sum, over its words, of how much likelier the word is as a translation of one
        of the concepts (all equally likely to be its origin) than as a word of any title. Words that no
        concept tells count against it, so that of two titles with the same words in common the shorter one is
        better.

        Only titles that have one of the rarer words are found (with `postings` rows together).
        """
        rows, scores = self._search(concepts, postings, _Wanted(count, NEAR))
        return [Ranked(int(rows[i]), float(scores[i])) for i in _best(rows, scores, count)]

    def rows_near(self, concepts: Sequence[Concept], most: int, postings: int) -> list[int]:
        """At most so many rows of titles whose scores may be within `NEAR` of the best, those first that have more of
        the rarer words: for who looks at the titles anyway, and much quicker than to ask for all words."""
        rows, scores = self._search(concepts, postings, _Wanted(1, NEAR, most, len(concepts) + LONGER))
        found: list[int] = rows[_best(rows, scores, most)].tolist()
        return found

    def _search(
        self, concepts: Sequence[Concept], postings: int, wanted: _Wanted
    ) -> tuple[Rows, npt.NDArray[np.float32]]:
        """Rows, in order, among which are those that are wanted; and their scores, by all words, or where these leave
        few enough by the rarer ones alone."""
        import numpy as np

        terms = self._terms(concepts)
        if not terms:
            return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
        so_far = np.cumsum([term.rows for term in terms])
        first = max(1, int(np.searchsorted(so_far, postings, side="right")))
        further = math.fsum(term.weight for term in terms[first:])
        rows, scores = self._added_up(terms[:first], wanted.longest)
        looked_at = len(rows)
        for place, term in enumerate(terms[first:]):
            rows, scores = _hopeful(rows, scores, wanted, further)
            if place:
                rows, scores = _foremost(rows, scores, looked_at)
            elif len(rows) <= LOOKED_AT:
                looked_at = LOOKED_AT
            if len(rows) <= wanted.enough:
                break
            scores += np.float32(term.weight) * self._rows.hold(term.number, rows)
            further -= term.weight
            looked_at = max(LOOKED_AT, looked_at // FEWER)
        return rows, scores

    def _pairs(self, terms: Sequence[_Term]) -> npt.NDArray[np.signedinteger[Any]]:
        """For each row of each term: row * 2**bits + place of the term, sorted, with as few bits as do."""
        import numpy as np

        bits = len(terms).bit_length()
        is_small = len(self._title_words) << bits <= _MOST_INT32
        pairs: npt.NDArray[np.signedinteger[Any]] = np.concatenate(
            [self._rows[term.number] for term in terms], dtype=np.int32 if is_small else np.int64
        )
        pairs <<= bits
        start = 0
        for at, term in enumerate(terms):
            pairs[start : start + term.rows] |= at
            start += term.rows
        pairs.sort()
        return pairs

    def _added_up(self, terms: Sequence[_Term], longest: int) -> tuple[Rows, npt.NDArray[np.float32]]:
        """The rows, in order, that have any of some words, and their scores by these; longer titles count as long as
        `longest` words."""
        import numpy as np

        bits = len(terms).bit_length()
        words = (1 << bits) - 1
        weights = np.array([term.weight for term in terms], dtype=np.float32)
        pairs = self._pairs(terms)
        is_first = np.ones(len(pairs), dtype=bool)
        np.greater(pairs[1:] ^ pairs[:-1], words, out=is_first[1:])
        firsts = pairs[is_first]
        rows = (firsts >> bits).astype(np.int32, copy=False)
        told: npt.NDArray[np.float32] = weights.take(firsts & words)
        if len(rows) < len(pairs):  # few have several of the words
            is_several = ~is_first
            is_several[:-1] |= is_several[1:]
            several = np.flatnonzero(is_several)
            starts = np.flatnonzero(is_first.take(several))
            places = several.take(starts) - starts + np.arange(len(starts))
            told[places] = np.add.reduceat(weights.take(pairs.take(several) & words), starts)
        lengths = np.minimum(self._title_words.take(rows, mode="clip"), np.uint8(min(longest, MOST_WORDS)))
        return rows, told + lengths * np.float32(UNTOLD)

    def length(self, row: int) -> int:
        """How many different words a title has."""
        return int(self._title_words[row])

    def words_of(self, rows: Sequence[int], words: Iterable[str]) -> list[list[str]]:
        """For each row, which of some words its title has, in their order."""
        import numpy as np

        asked = np.array(rows, dtype=np.int32)
        found: list[list[str]] = [[] for _ in rows]
        for word in words:
            for at in np.flatnonzero(self.have(word, asked)).tolist():
                found[at].append(word)
        return found

    def similar(self, word: str, errors: int | None = None) -> list[str]:
        """Words of the index that a typing error may have made into this one, the nearest and most frequent
        first; without `errors` one error in words of less than eight letters, two in longer ones.

        Raises:
            CatalogueError: the file is damaged.
        """
        if errors is None:
            errors = 0 if len(word) < SHORTEST_MISSPELT else 1 if len(word) < 8 else 2
        if not errors:
            return []
        found = [
            (apart, -int(self._word_rows[number]), other)
            for number, other, apart in self._spellings.near(word, errors)
        ]
        try:
            return [other.decode() for _, _, other in sorted(found)]
        except UnicodeDecodeError:
            raise self._damaged() from None

    @cached_property
    def _spellings(self) -> Spellings:
        return Spellings(self._text, self._ends)

    def weights(self, concepts: Sequence[Concept]) -> dict[str, float]:
        """What each word of the concepts adds to the score of a title that has it, in nats."""
        chances: dict[str, float] = {}
        for concept in concepts:
            for word, chance in concept.words.items():
                if chance > 0:
                    chances[word] = chances.get(word, 0.0) + chance / len(concepts)
        likelier = TOLD / (1 - TOLD) * self._all_words
        return {
            word: math.log1p(likelier * chance / int(self._word_rows[number]))
            for word, chance in chances.items()
            if (number := self._number(word)) is not None
        }

    def _terms(self, concepts: Sequence[Concept]) -> list[_Term]:
        """The known words of the concepts with what each adds to a score, the rarest first."""
        terms: list[_Term] = []
        for word, weight in self.weights(concepts).items():
            number = self._number(word)
            assert number is not None, "a word that has a weight is known"
            terms.append(_Term(int(self._word_rows[number]), number, weight))
        return sorted(terms)

    def _find_number(self, word: str) -> int | None:
        wanted = word.encode()
        page = bisect_right(self._pages, wanted) - 1
        low, high = max(0, page) * _PAGE, min((page + 1) * _PAGE, len(self._ends))
        text, ends = self._text, self._edges
        while low < high:
            middle = (low + high) // 2
            found = bytes(text[ends[middle] : ends[middle + 1]])
            if found == wanted:
                return middle
            low, high = (middle + 1, high) if found < wanted else (low, middle)
        return None

    @cached_property
    def _edges(self) -> memoryview:
        """Where each word begins, and the last one ends: without numpy's numbers."""
        import numpy as np

        edges = np.concatenate((np.zeros(1, dtype=np.uint32), self._ends))
        return edges.data

    @cached_property
    def _pages(self) -> list[bytes]:
        """Every so many words one: the first steps of halving are then quick."""
        text, edges = self._text, self._edges
        return [bytes(text[edges[at] : edges[at + 1]]) for at in range(0, len(self._ends), _PAGE)]


class _Term(NamedTuple):
    rows: int
    number: int
    weight: float


class _Wanted(NamedTuple):
    """Which rows a search is for."""

    best: int
    """The best so many."""
    near: float = math.inf
    """Of these, those that are so many nats from the best."""
    enough: int = 0
    """Rows that need not be told apart."""
    longest: int = MOST_WORDS
    """Titles of more words may be as good as those of so many."""


def _hopeful(
    rows: Rows, scores: npt.NDArray[np.float32], wanted: _Wanted, further: float
) -> tuple[Rows, npt.NDArray[np.float32]]:
    """Those of some rows that may be wanted when other words have added up to `further`, in order."""
    import numpy as np

    slack = further + ROUNDING
    if len(rows) <= wanted.best or scores.min() >= np.float32(float(scores.max()) - slack):
        return rows, scores
    hopeful = np.flatnonzero(scores >= _least(scores, wanted) - slack)
    return rows.take(hopeful), scores.take(hopeful)


def _foremost(rows: Rows, scores: npt.NDArray[np.float32], most: int) -> tuple[Rows, npt.NDArray[np.float32]]:
    """The best of some rows so far, at most so many, in order."""
    import numpy as np

    if len(rows) <= most:
        return rows, scores
    is_kept = np.zeros(len(rows), dtype=bool)
    is_kept[np.argpartition(-scores, most)[:most]] = True
    return rows[is_kept], scores[is_kept]


def _least(scores: npt.NDArray[np.float32], wanted: _Wanted) -> float:
    """What a row needs that is wanted among some with these scores."""
    import numpy as np

    if len(scores) <= wanted.best:
        return -math.inf
    behind = len(scores) - wanted.best
    return max(float(np.partition(scores, behind)[behind]), float(scores.max()) - wanted.near)


def _best(rows: Rows, scores: npt.NDArray[np.float32], count: int) -> npt.NDArray[np.int64]:
    """The places of the best `count` rows, best first; of equals in order of rows."""
    import numpy as np

    places = np.arange(len(scores))
    if len(scores) > count:
        places = np.flatnonzero(scores >= np.partition(scores, len(scores) - count)[len(scores) - count])
    order: npt.NDArray[np.int64] = places[np.lexsort((rows[places], -scores[places]))][:count]
    return order
