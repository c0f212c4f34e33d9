"""What Chinese phrases are called in English titles, offline: a glossary learned from pairs of titles.

In: Chinese or mixed text. Out: its concepts (see `words_index`), each a phrase with the title words that may
translate it. `glossary.txt` is learned (`tests/bench/learn_glossary.py`): a phrase, how often it was seen,
and its words with their chance in hundredths. `glossary_by_hand.txt` adds what the pairs do not teach: a
phrase, and the English that it stands for, several parted by " | ".
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from tracker.catalogue.squeeze import fold
from tracker.catalogue.stems import title_words
from tracker.catalogue.words_index import Concept
from tracker.regex import regex

HAN: Final = regex(r"[\u2e80-\u9fff\uf900-\ufaff]+")
LONGEST_PHRASE: Final = 3
"""Characters of a learned phrase; those settled by hand may be longer."""
UNKNOWN_COST: Final = 20.0
"""Of a character that no phrase has: more than of any known phrase (natural logarithm of its probability)."""
BY_HAND_COST: Final = 4.0
"""Of a phrase settled by hand: as if it made up two in a hundred of all phrases, so that it is cut out
whole."""
LEAST_SHARE: Final = 0.1
"""Translations with less than this part of the best one's chance are passed over: they cost a quarter of the time
of a look-up, and the right title is found as often without."""
_PIECE: Final = regex(rf"{HAN.pattern}|[^\W_\u2e80-\u9fff\uf900-\ufaff]+(?:\.\d+)*")


def best_cut(
    run: str, costs: Mapping[str, float], longest: int = LONGEST_PHRASE, longer: Collection[str] = ()
) -> list[str]:
    """A run of Chinese characters cut into the phrases that cost least together; unknown characters stand
    alone. `longer` are the first `LONGEST_PHRASE` characters of those phrases that have more."""
    size = len(run)
    least = [0.0] + [math.inf] * size
    start_of = [0] * (size + 1)
    for start in range(size):
        so_far = least[start]
        alone = so_far + costs.get(run[start], UNKNOWN_COST)
        if alone < least[start + 1]:
            least[start + 1] = alone
            start_of[start + 1] = start
        for end in range(start + 2, min(start + longest, size) + 1):
            phrase = run[start:end]
            cost = costs.get(phrase)
            if cost is not None and so_far + cost < least[end]:
                least[end] = so_far + cost
                start_of[end] = start
            if end - start == LONGEST_PHRASE and phrase not in longer:
                break
    phrases = []
    end = size
    while end:
        phrases.append(run[start_of[end] : end])
        end = start_of[end]
    return phrases[::-1]


class Glossary:
    """A glossary read into memory; translations are unpacked as they are asked for."""

    def __init__(self, learned: str, by_hand: str = "") -> None:
        """From the texts of the two files."""
        self._lines: dict[str, str] = {}
        counts: dict[str, int] = {}
        for line in learned.splitlines():
            phrase, count, *_ = line.split("\t", 2)
            counts[phrase] = int(count)
            self._lines[phrase] = line
        total = sum(counts.values()) or 1
        self._costs = {phrase: math.log(total / count) for phrase, count in counts.items()}
        self._by_hand = dict(_read_by_hand(by_hand))
        self._costs.update(dict.fromkeys(self._by_hand, BY_HAND_COST))
        self._longest = max(map(len, self._costs), default=1)
        self._longer = {phrase[:LONGEST_PHRASE] for phrase in self._costs if len(phrase) > LONGEST_PHRASE}
        self._cut = lru_cache(maxsize=1 << 12)(
            self._best_cut
        )  # what stands around places near each other is the same
        self.words = lru_cache(maxsize=1 << 13)(self._words)

    def phrases(self, text: str) -> list[str]:
        """The phrases of a text in order: Chinese ones as they are cut, Latin ones as title words."""
        found: list[str] = []
        for piece in _PIECE.findall(fold(text)):
            is_chinese = HAN.match(piece)
            found += self._cut(piece) if is_chinese else title_words(piece)
        return found

    def concepts(self, text: str) -> list[Concept]:
        """The concepts of a text, each once; phrases that no title word translates are passed over."""
        return [concept for phrase in dict.fromkeys(self.phrases(text)) for concept in self.words(phrase)]

    def strangeness(self, text: str) -> float:
        """How unlike a title the Chinese of a text is: what its phrases cost among those of titles, in nats per
        character; infinite without Chinese.

        Of held-out titles 95 in 100 stay below 4.7; of other headings and items, half.
        """
        runs = HAN.findall(fold(text))
        cost = sum(self._costs.get(phrase, UNKNOWN_COST) for run in runs for phrase in self._cut(run))
        return cost / sum(map(len, runs)) if runs else math.inf

    def _best_cut(self, run: str) -> tuple[str, ...]:
        return tuple(best_cut(run, self._costs, self._longest, self._longer))

    def _words(self, phrase: str) -> tuple[Concept, ...]:
        by_hand = self._by_hand.get(phrase)
        if by_hand is not None:
            return by_hand
        if not HAN.match(phrase):
            return (Concept(phrase, {phrase: 1.0}),)
        line = self._lines.get(phrase, "")
        pairs = (entry.split(" ") for entry in line.split("\t")[2:])
        chances = {word: int(chance) / 100 for word, chance in pairs}
        least = LEAST_SHARE * max(chances.values(), default=0.0)
        words = {word: chance for word, chance in chances.items() if chance >= least}
        return (Concept(phrase, words),) if words else ()


def _read_by_hand(text: str) -> Iterator[tuple[str, tuple[Concept, ...]]]:
    """Phrases settled by hand with their concepts: the words that stand in the same place of all
    alternatives.

    The first alternative has twice the chance of the second, and so on.
    """
    for line in text.splitlines():
        phrase, equals, english = line.partition("=")
        if line.startswith("#") or not equals:
            continue
        ways = [title_words(way) for way in english.split("|")]
        shares = [1 / rank for rank in range(1, len(ways) + 1)]
        concepts = []
        for place in range(max(map(len, ways))):
            words: dict[str, float] = {}
            for way, share in zip(ways, shares, strict=True):
                if place < len(way):
                    words[way[place]] = words.get(way[place], 0.0) + share / sum(shares)
            concepts.append(Concept(phrase.strip(), words))
        yield "".join(fold(phrase).split()), tuple(concepts)


@cache
def glossary() -> Glossary:
    """The glossary that ships with the program."""
    folder = Path(__file__).parent
    return Glossary(
        (folder / "glossary.txt").read_text(encoding="utf-8"),
        (folder / "glossary_by_hand.txt").read_text(encoding="utf-8"),
    )
