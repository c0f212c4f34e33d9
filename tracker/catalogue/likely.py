"""Which papers a text most likely names that is nearly a title, a title in Chinese, or something of both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from tracker.catalogue.glossary import HAN, glossary
from tracker.catalogue.stems import title_words
from tracker.catalogue.words_index import Concept, WordIndex, spelled

if TYPE_CHECKING:
    from tracker.catalogue import Catalogue

RARE: Final = 3
"""A word in no more titles than this may be a typing error, if the titles have one like it."""
AS_WRITTEN: Final = 0.6
"""The chance that such a word is right; words that no title has are not."""
LOOKED_AT: Final = 3
"""Words like a misspelled one that are tried, the nearest and most frequent."""
SAID: Final = 2.0
"""A phrase says a word of the title for certain where it is its translation in one of so many cases."""


class Likely(NamedTuple):
    """A paper that a text may name."""

    row: int
    score: float
    """As in `words_index`: what all the words say together, in nats."""
    told: float
    """The part of what the text says that the title says too, in [0, 1]; rare words count for more."""
    covered: float
    """The part of what the title says that the text says too, in [0, 1]."""


def likely_titles(text: str, catalogue: Catalogue, count: int = 5, least: float = 0.0) -> list[Likely]:
    """The papers whose titles a text may be, best first; none where the catalogue has no word index.

    `least` in [0, 1) is the part of the best possible score that a title must reach; the higher, the faster.
    """
    index = catalogue.words
    if index is None:
        return []
    concepts = concepts_of(text, index)
    return [
        Likely(row, score, *agreement(concepts, title_words(catalogue.records.head(row).title), index))
        for row, score in index.find(concepts, count, least)
    ]


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


def agreement(concepts: Sequence[Concept], title: Iterable[str], index: WordIndex) -> tuple[float, float]:
    """The parts of what a text says and of what a title says that the other says too, each in [0, 1]."""
    words = set(title)
    told = said = 0.0
    spoken: dict[str, float] = {}
    for concept in concepts:
        chances = concept.words
        weight = max(index.rarity(word) * chance for word, chance in chances.items())
        hit = max((chances[word] for word in words & chances.keys()), default=0.0)
        said += weight
        told += weight * hit / max(chances.values())
        for word in words & chances.keys():
            spoken[word] = max(spoken.get(word, 0.0), min(1.0, SAID * chances[word]))
    return _part(told, said), _weighed(spoken, words, index)


def _weighed(spoken: Mapping[str, float], words: set[str], index: WordIndex) -> float:
    whole = sum(index.rarity(word) for word in words)
    return _part(sum(index.rarity(word) * part for word, part in spoken.items()), whole)


def _part(some: float, whole: float) -> float:
    return min(1.0, some / whole) if whole else 0.0
