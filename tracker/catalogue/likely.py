"""Which papers a text most likely names that is nearly a title, a title in Chinese, or something of both."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from tracker.catalogue.glossary import HAN, glossary
from tracker.catalogue.stems import title_words
from tracker.catalogue.words_index import UNTOLD, Concept, WordIndex, spelled

if TYPE_CHECKING:
    from tracker.catalogue import Catalogue

RARE: Final = 3
"""A word in no more titles than this may be a typing error, if the titles have one like it."""
AS_WRITTEN: Final = 0.6
"""The chance that such a word is right; words that no title has are not."""
_COLON: Final = re.compile(r"\s*[:：]\s*|\s+[-–—]+\s+")
PART_WORDS: Final = 3
"""Words of a main title or subtitle that may stand for the whole."""
LOOKED_AT: Final = 3
"""Words like a misspelled one that are tried, the nearest and most frequent."""
SAID: Final = 2.0
"""A phrase says a word of the title for certain where it is its translation in one of so many cases."""


PART: Final = 2.3
"""What it costs (nats) to take a text for the main title or the subtitle alone: one mention in ten is."""
FURTHER: Final = 3
"""Titles that are looked at for their parts, beyond those that are asked for."""


class Likely(NamedTuple):
    """A paper that a text may name."""

    row: int
    score: float
    """As in `words_index`: what all the words say together, in nats."""
    told: float
    """The part of what the text says that the title says too, in [0, 1]; rare words count for more."""
    covered: float
    """The part of what the title says that the text says too, in [0, 1]."""


def likely_titles(text: str, catalogue: Catalogue, count: int = 5, least: float = -math.inf) -> list[Likely]:
    """The papers whose titles a text may be, best first, of those that score `least` nats or more; none where the
    catalogue has no word index.

    A text may also be the main title or the subtitle of a paper.
    """
    index = catalogue.words
    if index is None:
        return []
    concepts = concepts_of(text, index)
    rows = [ranked.row for ranked in index.find(concepts, count + FURTHER)]
    found = likely_among(concepts, rows, catalogue, index, least)
    return sorted(found, key=lambda one: (-one.score, one.row))[:count]


def likely_among(
    concepts: Sequence[Concept],
    rows: Iterable[int],
    catalogue: Catalogue,
    index: WordIndex,
    least: float = -math.inf,
) -> Iterator[Likely]:
    """How likely each of some papers is meant by what a text says, in their order; those below `least` are left
    out."""
    weights = index.weights(concepts)
    for row in rows:
        parts = [
            set(title_words(part)) for part in _COLON.split(catalogue.records.head(row).title, maxsplit=1)
        ]
        whole = set().union(*parts)
        best, score = whole, _score(whole, weights)
        for part in parts if len(parts) > 1 else ():
            if len(part) >= PART_WORDS and _score(part, weights) - PART > score:
                best, score = part, _score(part, weights) - PART
        if score >= least:
            yield Likely(row, score, told(concepts, whole, index), covered(concepts, best, index))


def _score(words: set[str], weights: Mapping[str, float]) -> float:
    return math.fsum(weights.get(word, 0.0) + UNTOLD for word in words)  # the same in any order of a set


def concepts_of(text: str, index: WordIndex) -> list[Concept]:
    """The concepts of a text: translations of its Chinese phrases; its English words, typing errors put
    right."""
    if HAN.search(text):
        return glossary().concepts(text)
    return [_corrected(concept, index) for concept in spelled(text)]


def _corrected(concept: Concept, index: WordIndex) -> Concept:
    word = concept.surface
    rows = len(index.rows_with(word))
    if rows > RARE:
        return concept
    others = [other for other in index.similar(word) if other != word][:LOOKED_AT]
    if not others:
        return concept
    kept = AS_WRITTEN if rows else 0.0
    return Concept(word, {word: kept, **dict.fromkeys(others, (1 - kept) / len(others))})


def told(concepts: Sequence[Concept], title: set[str], index: WordIndex) -> float:
    """The part of what the concepts say that the words of a title say too, in [0, 1]."""
    whole = shared = 0.0
    for concept in concepts:
        chances = concept.words
        weight = max(index.rarity(word) * chance for word, chance in chances.items())
        whole += weight
        said = max((chances[word] for word in title & chances.keys()), default=0.0)
        shared += weight * said / max(chances.values())
    return shared / whole if whole else 0.0


def covered(concepts: Sequence[Concept], title: set[str], index: WordIndex) -> float:
    """The part of what the words of a title say that the concepts say too, in [0, 1]."""
    chances: dict[str, float] = {}
    for concept in concepts:
        for word in title & concept.words.keys():
            chances[word] = max(chances.get(word, 0.0), min(1.0, SAID * concept.words[word]))
    whole = math.fsum(index.rarity(word) for word in title)
    shared = math.fsum(index.rarity(word) * chance for word, chance in chances.items())
    return min(1.0, shared / whole) if whole else 0.0
