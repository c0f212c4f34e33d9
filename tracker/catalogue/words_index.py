"""Which titles hold which words: an index from words (see `stems`) to rows, read through the memory map.

It answers with the titles that a bundle of words most likely came from, where an exact look-up fails: a title
with typing errors, without its subtitle, under a former name, or translated. What is looked for is a list of
*concepts*: each is one thing said, with the words that may say it and how likely each is to. For a word read
off an English text that is the word itself; for a Chinese phrase its translations (see `glossary`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
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
SEARCH_COST: Final = 30
"""Looking one title up among the rows of a word takes as long as adding to the scores of so many rows."""
_KEPT: Final = 1 << 23
"""Rows of words that are kept unpacked (64 MB)."""


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
        self._kept: dict[int, Rows] = {}
        self._kept_rows = 0
        self._blank: list[npt.NDArray[np.float32]] = []

    def __len__(self) -> int:
        return len(self._ends)

    def rarity(self, word: str) -> float:
        """How much a word tells, in nats: 0 for one that all titles have, most for one that none has."""
        number = self._number(word)
        rows = 0 if number is None else int(self._word_rows[number])
        return math.log((len(self._title_words) + 1) / (rows + 0.5))

    def rows_with(self, word: str) -> Rows:
        """The rows whose titles have a word, in order."""
        import numpy as np

        number = self._number(word)
        return np.zeros(0, dtype=np.int64) if number is None else self._rows(number)

    def find(self, concepts: Sequence[Concept], count: int = 5, least: float = 0.0) -> list[Ranked]:
        """The titles that the concepts most likely came from, best first; equal scores in order of rows.

        A title's score is the sum, over its words, of how much likelier the word is as a translation of one
        of the concepts (all equally likely to be its origin) than as a word of any title. Words that no
        concept tells count against it, so that of two titles with the same words in common the shorter one is
        better.

        `least` in [0, 1) leaves out titles that reach less than this part of what a title with all the
        concepts would: the higher, the faster, because the most frequent words are then looked at last.
        """
        import numpy as np

        terms = self._terms(concepts)
        if not terms:
            return []
        floor = least * _reach(terms)
        first = next(n for n in range(1, len(terms) + 1) if _reach(terms[n:]) <= floor)
        scores = self._blank.pop() if self._blank else np.zeros(len(self._title_words), dtype=np.float32)
        for term in terms[:first]:
            np.add.at(scores, self._rows(term.number), np.float32(term.weight))
        rows = np.concatenate([self._rows(term.number) for term in terms[:first]])
        reached = scores[rows] + self._title_words[rows] * np.float32(UNTOLD)
        rows = np.sort(rows[reached >= floor - _reach(terms[first:], 0.0)])
        rows = rows[np.diff(rows, prepend=-1) > 0]
        for term in terms[first:]:
            if len(rows) * SEARCH_COST < term.rows:
                scores[rows] += np.float32(term.weight) * _holds(self._rows(term.number), rows)
            else:
                np.add.at(scores, self._rows(term.number), np.float32(term.weight))
        found = scores[rows] + self._title_words[rows] * np.float32(UNTOLD)
        rows, found = rows[found >= floor], found[found >= floor]
        order = np.lexsort((rows, -found))[:count]
        scores.fill(0)
        self._blank.append(scores)  # to clear it is quicker than to ask for memory again
        return [Ranked(int(rows[i]), float(found[i])) for i in order]

    def similar(self, word: str) -> list[str]:
        """Words of the index that a typing error may have made into this one, the nearest and most frequent
        first."""
        from rapidfuzz.distance import OSA

        errors = 1 if len(word) < 8 else 2
        if len(word) < 4:
            return []
        near = []
        for number in self._alike(word, errors):
            distance = OSA.distance(word, known := self._word(number), score_cutoff=errors)
            if distance <= errors:
                near.append((distance, -int(self._word_rows[number]), known))
        return [known for _, _, known in sorted(near)]

    def _terms(self, concepts: Sequence[Concept]) -> list[_Term]:
        """The known words of the concepts with what each adds to a score, the rarest first."""
        chance: dict[int, float] = {}
        origin: dict[int, int] = {}
        for at, concept in enumerate(concepts):
            for word, probability in concept.words.items():
                number = self._number(word)
                if number is not None and probability > 0:
                    chance[number] = chance.get(number, 0.0) + probability / len(concepts)
                    origin.setdefault(number, at)
        terms = []
        for number, probability in chance.items():
            rows = int(self._word_rows[number])
            weight = math.log1p(TOLD / (1 - TOLD) * probability * self._all_words / rows)
            terms.append(_Term(rows, number, weight, origin[number]))
        return sorted(terms)

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

    def _alike(self, word: str, errors: int) -> Iterator[int]:
        """Numbers of the words whose length and letters differ from a word's by no more than errors
        explain."""
        import numpy as np

        letters, lengths = self._shapes
        own = np.frombuffer(word.encode(), dtype=np.uint8)
        differ = np.bitwise_count(letters ^ np.bitwise_or.reduce(_letter_bits()[own])) <= 2 * errors
        differ &= np.abs(lengths - len(own)) <= errors
        yield from np.flatnonzero(differ).tolist()

    @property
    def _shapes(self) -> tuple[Any, Any]:
        """For each word the set of its letters as bits, and its length; worked out once."""
        import numpy as np

        if not hasattr(self, "_known_shapes"):
            bits = _letter_bits()[np.frombuffer(self._text, dtype=np.uint8)]
            starts = np.concatenate(([0], self._ends[:-1])).astype(np.int64)
            lengths = np.diff(np.concatenate(([0], self._ends)).astype(np.int64))
            letters = np.bitwise_or.reduceat(bits, starts) if len(bits) else bits
            self._known_shapes = letters, lengths
        return self._known_shapes


class _Term(NamedTuple):
    rows: int
    number: int
    weight: float
    concept: int


def _reach(terms: Sequence[_Term], untold: float = UNTOLD) -> float:
    """The best score of a title that has a word for each concept of these terms and no others."""
    best: dict[int, float] = {}
    for term in terms:
        best[term.concept] = max(best.get(term.concept, 0.0), term.weight + untold)
    return sum(best.values())


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
