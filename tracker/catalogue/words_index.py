"""Which titles hold which words: an index from words (see `stems`) to rows, read through the memory map.

It answers with the titles that a bundle of words most likely came from, where an exact look-up fails: a title
with typing errors, without its subtitle, under a former name, or translated. What is looked for is a list of
*concepts*: each is one thing said, with the words that may say it and how likely each is to. For a word read
off an English text that is the word itself; for a Chinese phrase its translations (see `glossary`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tracker.catalogue.container import Container
from tracker.catalogue.postings import unpacked
from tracker.catalogue.stems import title_words

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Rows = npt.NDArray[np.int64]

TOLD: Final = 0.9
"""The part of a title's words that its mention tells; the rest may be any words of titles."""
UNTOLD: Final = math.log(1 - TOLD)
"""What a word of the title that the mention does not tell adds to its score."""
POSTINGS: Final = 80_000
"""Rows of the rarer words that are added up. With all rows of 1.1 million papers twice the time finds no more
of the held-out translated titles; with half as many 2 in 100 are lost."""
AT_LEAST_NEAR: Final = 12.0
"""Nats below the best that a title may be before its length and the frequent words are counted: some four words
more or less."""
LOOKED_AT: Final = 1000
"""Of what the rarer words found, so many are asked for the frequent words too; a title counts once for each of its
words."""
KEY_WORDS: Final = 5
"""Of an English title nearly spelled out, so many of its rarest words are looked up."""
KEY_SHARE: Final = 0.6
"""A title must have this part of them: typing errors make other words, and each may hit two."""
SHORTEST_MISSPELT: Final = 4
"""Letters of a word that is looked up with an error: shorter ones are one error from too many others."""
_KEPT: Final = 1 << 22
"""Rows of words that are kept unpacked (32 MB)."""


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
            KeyError: the catalogue was made without.
        """
        import numpy as np

        self._text = container.bytes("word_text")
        self._ends = np.cumsum(container.array("word_size"), dtype=np.uint32)
        self._posting = container.array("posting")
        self._posting_ends = np.cumsum(container.array("posting_size"), dtype=np.uint64)
        self._word_rows = container.array("word_rows")
        self._title_words = container.array("title_words")
        self._all_words = float(self._word_rows.sum(dtype=np.uint64)) or 1.0
        self._number = lru_cache(maxsize=1 << 14)(self._find_number)
        self.rarity = lru_cache(maxsize=1 << 14)(self._rarity)
        """How much a word tells, in nats: 0 for one that all titles have, most for one that none has."""
        self._kept: dict[int, Rows] = {}
        self._kept_rows = 0
        self._blank: list[npt.NDArray[np.float32]] = []

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
        return np.zeros(0, dtype=np.int64) if number is None else self._rows(number)

    def sharing(self, words: Iterable[str], most: int) -> list[int]:
        """The rows whose titles share most of the rarest of some words, in order.

        None where no title shares enough of them (`KEY_SHARE`), or more than `most` do so equally: then the
        words are a phrase of the field. Words that no title has are passed over: typing errors make such.
        """
        import numpy as np

        numbers = {number for word in words if (number := self._number(word)) is not None}
        rarest = sorted(numbers, key=lambda number: (int(self._word_rows[number]), number))[:KEY_WORDS]
        if len(rarest) < 2 or sum(int(self._word_rows[number]) for number in rarest) > POSTINGS:
            return []
        rows = np.sort(np.concatenate([self._rows(number) for number in rarest]))
        for times in range(len(rarest), max(2, math.ceil(KEY_SHARE * len(rarest))) - 1, -1):
            behind = times - 1  # in order: a row stands `times` times where it stands so far on again
            found: list[int] = rows[behind:][rows[behind:] == rows[: len(rows) - behind]].tolist()
            if found:
                return found if len(found) <= most else []
        return []

    def find(self, concepts: Sequence[Concept], count: int = 5, postings: int = POSTINGS) -> list[Ranked]:
        """The titles that the concepts most likely came from, best first; equal scores in order of rows.

        A title's score is the sum, over its words, of how much likelier the word is as a translation of one
        of the concepts (all equally likely to be its origin) than as a word of any title. Words that no
        concept tells count against it, so that of two titles with the same words in common the shorter one is
        better.

        Only titles that have one of the rarer words are found (with `postings` rows together); of those, the
        best so far are asked for the frequent words too (`LOOKED_AT`).
        """
        import numpy as np

        terms = self._terms(concepts)
        if not terms:
            return []
        so_far = np.cumsum([term.rows for term in terms])
        first = max(1, int(np.searchsorted(so_far, postings, side="right")))
        lists = [self._rows(term.number) for term in terms[:first]]
        scores = self._blank.pop() if self._blank else np.zeros(len(self._title_words), dtype=np.float32)
        for term, rows in zip(terms, lists, strict=False):
            scores[rows] += np.float32(term.weight)  # a word has each row once
        touched = np.concatenate(lists)
        rows = self._best(
            touched, scores.take(touched, mode="clip"), sum(term.weight for term in terms[first:])
        )
        for term in terms[first:]:
            scores[rows] += np.float32(term.weight) * _holds(self._rows(term.number), rows)
        found = scores[rows] + self._untold[rows]
        order = np.lexsort((rows, -found))[:count]
        scores[touched] = 0
        self._blank.append(scores)  # cleared: that is quicker than to ask for memory again
        return [Ranked(int(rows[i]), float(found[i])) for i in order]

    def _best(self, touched: Rows, reached: npt.NDArray[np.float32], further: float) -> Rows:
        """The rows, in order, that may be best when the words not yet looked at have added up to `further`."""
        import numpy as np

        near = reached >= reached.max() - max(further, AT_LEAST_NEAR)
        rows, reached = touched[near], reached[near]
        if len(rows) > LOOKED_AT:
            reached += self._untold[rows]
            rows = rows[np.argpartition(-reached, LOOKED_AT)[:LOOKED_AT]]
        rows = np.sort(rows)
        best: Rows = rows[np.diff(rows, prepend=-1) > 0]
        return best

    @cached_property
    def _untold(self) -> npt.NDArray[np.float32]:
        """What each title loses by words that are not told, before those that are."""
        import numpy as np

        untold: npt.NDArray[np.float32] = self._title_words * np.float32(UNTOLD)
        return untold

    def similar(self, word: str, errors: int | None = None) -> list[str]:
        """Words of the index that a typing error may have made into this one, the nearest and most frequent
        first; without `errors` one error in words of less than eight letters, two in longer ones."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import cdist

        if errors is None:
            errors = 0 if len(word) < SHORTEST_MISSPELT else 1 if len(word) < 8 else 2
        numbers = self._alike(word, errors) if errors else ()
        if not len(numbers):
            return []
        known = self._words(numbers)
        (distances,) = cdist([word.encode()], known, scorer=OSA.distance, score_cutoff=errors).tolist()
        rows = self._word_rows[numbers].tolist()
        found = zip(distances, rows, known, strict=True)
        near = sorted((distance, -count, other) for distance, count, other in found if distance <= errors)
        return [other.decode() for _, _, other in near]

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
        weights = self.weights(concepts)
        terms: dict[str, _Term] = {}
        for at, concept in enumerate(concepts):
            for word in concept.words:
                if word in weights and word not in terms:
                    number = self._number(word)
                    assert number is not None, "a word that has a weight is known"
                    terms[word] = _Term(int(self._word_rows[number]), number, weights[word], at)
        return sorted(terms.values())

    def _rows(self, number: int) -> Rows:
        rows = self._kept.get(number)
        if rows is None:
            end = int(self._posting_ends[number])
            start = int(self._posting_ends[number - 1]) if number else 0
            rows = unpacked(self._posting[start:end])
            if self._kept_rows + len(rows) > _KEPT:
                self._kept, self._kept_rows = {}, 0
            self._kept[number] = rows
            self._kept_rows += len(rows)
        return rows

    def _word(self, number: int) -> str:
        start = int(self._ends[number - 1]) if number else 0
        return bytes(self._text[start : int(self._ends[number])]).decode()

    def _find_number(self, word: str) -> int | None:
        wanted = word.encode()
        low, high = 0, len(self._ends)
        while low < high:
            middle = (low + high) // 2
            start = int(self._ends[middle - 1]) if middle else 0
            found = bytes(self._text[start : int(self._ends[middle])])
            if found == wanted:
                return middle
            low, high = (middle + 1, high) if found < wanted else (low, middle)
        return None

    def _alike(self, word: str, errors: int) -> Any:
        """Numbers of the words whose length and letters differ from a word's by no more than errors
        explain."""
        import numpy as np

        numbers, letters, first_of_length = self._shapes
        own = np.frombuffer(word.encode(), dtype=np.uint8)
        shortest, longest = max(len(own) - errors, 0), min(len(own) + errors, len(first_of_length) - 2)
        if shortest > longest:
            return numbers[:0]
        among = slice(first_of_length[shortest], first_of_length[longest + 1])
        differ = np.bitwise_count(letters[among] ^ np.bitwise_or.reduce(_letter_bits()[own]))
        return numbers[among][differ <= 2 * errors]

    @cached_property
    def _shapes(self) -> tuple[Any, Any, list[int]]:
        """The numbers of all words in order of their lengths, the letters of each as bits, and where the words of
        each length begin."""
        import numpy as np

        bits = _letter_bits()[np.frombuffer(self._text, dtype=np.uint8)]
        starts = np.concatenate(([0], self._ends[:-1])).astype(np.int64)
        lengths = np.diff(self._ends, prepend=np.uint32(0)).astype(np.uint8)
        letters = np.bitwise_or.reduceat(bits, starts) if len(bits) else bits
        order = np.argsort(lengths, kind="stable").astype(np.uint32)
        edges = np.concatenate(([0], np.cumsum(np.bincount(lengths)))).tolist()
        return order, letters[order], edges

    def _words(self, numbers: Any) -> list[bytes]:
        """The words with these numbers, at least one, all at once."""
        import numpy as np

        ends = self._ends[numbers].astype(np.int64)
        starts = np.where(numbers > 0, self._ends[numbers.astype(np.int64) - 1], 0).astype(np.int64)
        places = starts[:, None] + np.arange(int((ends - starts).max()))
        text = np.frombuffer(self._text, dtype=np.uint8)
        letters = np.where(places < ends[:, None], text[np.minimum(places, len(text) - 1)], 0)
        words: list[bytes] = letters.astype(np.uint8).view(f"S{letters.shape[1]}").ravel().tolist()
        return words


class _Term(NamedTuple):
    rows: int
    number: int
    weight: float
    concept: int


def _letter_bits() -> npt.NDArray[np.uint32]:
    """The bit of each byte: one for each letter a to z, the others share six."""
    import numpy as np

    bits = np.array([1 << (26 + byte % 6) for byte in range(256)], dtype=np.uint32)
    for at in range(26):
        bits[ord("a") + at] = 1 << at
    return bits


def _holds(ordered: Rows, rows: Rows) -> npt.NDArray[np.bool_]:
    """Which rows are among the ordered ones."""
    import numpy as np

    place = np.minimum(np.searchsorted(ordered, rows), len(ordered) - 1)
    held: npt.NDArray[np.bool_] = ordered[place] == rows
    return held
