"""Which papers a text most likely names that is nearly a title, a title in Chinese, or something of both."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from tracker.catalogue.glossary import HAN, glossary
from tracker.catalogue.likeness import spelled_alike
from tracker.catalogue.stems import STOP_WORDS, plain_words, stem, title_words
from tracker.catalogue.words_index import UNTOLD, Concept, WordIndex
from tracker.keys import title_key
from tracker.regex import regex

if TYPE_CHECKING:
    from tracker.catalogue import Catalogue

RARE: Final = 3
"""A word in no more titles than this may be a typing error, if the titles have one like it."""
AS_WRITTEN: Final = 0.6
"""The chance that such a word is right; words that no title has are not."""
_COLON: Final = regex(r"\s*[:：]\s*|\s+[-–—]+\s+")
PART_WORDS: Final = 3
"""Words of a main title or subtitle that may stand for the whole."""
LOOKED_AT: Final = 3
"""Words like a misspelled one that are tried, the nearest and most frequent."""
SAID: Final = 2.0
"""A phrase says a word of the title for certain where it is its translation in one of so many cases."""
READ: Final = 24
"""Titles whose letters are compared with a text's: so many are read rather than more words asked for, as that takes
longer."""
SPELLED: Final = (10_000, 50_000, 250_000)
"""Rows of the rarer words of an English title that are added up; where what is found is not nearly spelled so, more:
typing errors make rare words, and the others may all be frequent."""
SURE: Final = 0.85
"""The part of the letters from which a title is nearly spelled so."""
LETTERS: Final = 40.0
"""Nats that it is worth to a title to have all the letters of a text in their order."""
SELDOM: Final = 50
"""A word in no more titles than this may be two words without the blank between them."""
TWO_ERRORS: Final = 6
"""Letters of a word in which two errors are looked for where nothing is one error away."""
PART_LETTERS: Final = 4
"""Of the words that one was made of, the longer has so many letters."""
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

    A text may also be the main title or the subtitle of a paper. Of a text in Latin letters, how many of them a
    title shares in their order counts too.
    """
    index = catalogue.words
    if index is None:
        return []
    if HAN.search(text):
        concepts = glossary().concepts(text)
        rows = [one.row for one in index.find(concepts, count + FURTHER)]
        likely = likely_among(concepts, rows, catalogue, index, least)
        return sorted(likely, key=lambda one: (-one.score, one.row))[:count]
    concepts = mended_concepts(text, index)
    found: list[_Compared] = []
    for postings in SPELLED:
        found = _compared(text, concepts, postings, catalogue, index)
        if found and found[0].alike >= SURE:
            break
    chosen = (one for one in found[:count] if one.part.score >= least)
    return [_likely(one.row, one.part, concepts, index) for one in chosen]


class _Compared(NamedTuple):
    """A title whose letters were compared with a text's."""

    merit: float
    """Nats."""
    row: int
    alike: float
    part: _Part


def _compared(
    text: str, concepts: Sequence[Concept], postings: int, catalogue: Catalogue, index: WordIndex
) -> list[_Compared]:
    """The titles that words of an English text lead to, best first; see `WordIndex.rows_near`."""
    weights, key = index.weights(concepts), title_key(text)
    found: list[_Compared] = []
    for row in index.rows_near(concepts, READ, postings):
        title = catalogue.records.head(row).title
        part, alike = _best_part(title, weights), spelled_alike(key, title_key(title))
        found.append(_Compared(part.score + LETTERS * alike, row, alike, part))
    return sorted(found, key=lambda one: (-one.merit, one.row))


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
        part = _best_part(catalogue.records.head(row).title, weights)
        if part.score >= least:
            yield _likely(row, part, concepts, index)


class _Part(NamedTuple):
    score: float
    words: set[str]
    whole: set[str]
    """The words of the whole title."""


def _likely(row: int, part: _Part, concepts: Sequence[Concept], index: WordIndex) -> Likely:
    """A paper of which a part of the title, or all of it, is what the concepts say."""
    return Likely(row, part.score, told(concepts, part.whole, index), covered(concepts, part.words, index))


def _best_part(title: str, weights: Mapping[str, float]) -> _Part:
    """The whole title, its main title or its subtitle: which a text most likely is whose words have such weights."""
    parts = [set(title_words(part)) for part in _COLON.split(title, maxsplit=1)]
    whole = set().union(*parts)
    best, score = whole, _score(whole, weights)
    for part in parts if len(parts) > 1 else ():
        if len(part) >= PART_WORDS and _score(part, weights) - PART > score:
            best, score = part, _score(part, weights) - PART
    return _Part(score, best, whole)


def _score(words: set[str], weights: Mapping[str, float]) -> float:
    return math.fsum(weights.get(word, 0.0) + UNTOLD for word in words)  # the same in any order of a set


def _corrected(concept: Concept, index: WordIndex) -> Concept:
    word = concept.surface
    rows = index.frequency(word)
    if rows > RARE:
        return concept
    others = [other for other in index.similar(word) if other != word][:LOOKED_AT]
    if not others:
        return concept
    kept = AS_WRITTEN if rows else 0.0
    return Concept(word, {word: kept, **dict.fromkeys(others, (1 - kept) / len(others))})


def mended_concepts(text: str, index: WordIndex) -> list[Concept]:
    """The concepts of an English text, typing errors put right, also where an error made one word of two or moved
    the blank between two."""
    words = plain_words(text)
    stems = [stem(word) for word in words]
    found: dict[str, Concept] = {}
    for at, word in enumerate(stems):
        if words[at] in STOP_WORDS or word in found:
            continue
        found[word] = corrected = _corrected(Concept(word, {word: 1.0}), index)
        rows = index.frequency(word)
        if rows > SELDOM or (not rows and corrected.words.keys() != {word}):
            continue
        if not rows and len(word) >= TWO_ERRORS and (others := index.similar(word, 2)[:LOOKED_AT]):
            found[word] = Concept(word, dict.fromkeys(others, 1 / len(others)))
            continue
        for whole in ("".join(words[at : at + 2]), "".join(words[max(0, at - 1) : at + 1]), words[at]):
            if parts := _parted(whole, index, is_one=whole == words[at] and not rows):
                found |= {part: Concept(part, {part: 1.0}) for part in parts if part not in found}
                break
    return list(found.values())


def _parted(letters: str, index: WordIndex, *, is_one: bool) -> list[str]:
    """The known words that letters were made of, two of them; of one word (`is_one`) one may do, of two that were
    joined it must be both."""
    best: list[str] = []
    most = 0
    for at in range(1, len(letters)):
        parts = [letters[:at], letters[at:]]
        known = [part for part in parts if part in STOP_WORDS or index.frequency(stem(part)) > RARE]
        size = sum(map(len, known))
        if size > most and (len(known) == 2 or is_one) and max(map(len, known)) >= PART_LETTERS:
            best, most = [stem(part) for part in known if part not in STOP_WORDS], size
    return best


def shares(concepts: Sequence[Concept], index: WordIndex) -> list[dict[str, float]]:
    """For each concept, which part of what all say each of its words tells, in [0, 1]. A title has `told` of a concept
    what the best of its words tells."""
    weights = [max(index.rarity(word) * chance for word, chance in one.words.items()) for one in concepts]
    whole = math.fsum(weights) or 1.0
    return [
        {word: weight / whole * chance / max(one.words.values()) for word, chance in one.words.items()}
        for one, weight in zip(concepts, weights, strict=True)
    ]


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
