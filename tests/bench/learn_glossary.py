"""Learn the Chinese-English glossary of titles from pairs of titles, and write `glossary.txt`.

    python tests/bench/learn_glossary.py PAIRS.tsv [-o tracker/catalogue/glossary.txt]

`PAIRS.tsv` holds an id, an English title and a Chinese title per line. One pair in ten, by the hash of its
id, is held out (`is_held_out`): nothing is learned from it, `translated.py` measures on it.

1. Phrases: the Chinese titles are cut into phrases of at most three characters by a unigram model, learned by
   expectation and maximisation over the best cuts (Kudo 2018, https://arxiv.org/abs/1804.10959, with hard
   counts). Longer phrases were measured to be worse: their parts are met more often, and say the same.
2. Translations: two word models of Brown et al. 1993 (https://aclanthology.org/J93-2003), one in each
   direction, trained to agree (Liang et al. 2006, https://aclanthology.org/N06-1014), so that a rare phrase
   does not take whatever its title leaves over. Words of titles are stems (`tracker/catalogue/stems.py`).

A line of the result: the phrase, how often it was cut out, and the words that translate it with their chance
in hundredths; what is missing to a hundred is said by no word.
"""

from __future__ import annotations

import argparse
import math
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from tracker.catalogue.glossary import HAN, LONGEST_PHRASE, best_cut
from tracker.catalogue.squeeze import fold
from tracker.catalogue.stems import title_words

SEEN = 4
"""Phrases that stand less often in the titles say too little."""
ROUNDS_OF_CUTS = 4
ROUNDS_OF_WORDS = 6
SILENT = 0.5
"""How ready a word is to be explained by nothing, against all the phrases of its title together."""
DOUBT = 0.3
"""Added to the count of a pair before its chance is worked out: a pair seen once is believed for three
quarters."""
LEAST_COUNT, LEAST_CHANCE, MOST_WORDS = 0.3, 0.02, 8
"""Weaker pairs and further words of a phrase are left out: they do not change the figures of
`translated.py`."""
_PIECE = re.compile(rf"{HAN.pattern}|[^\W_]+")


class Pair(NamedTuple):
    """A paper, its title, and its title in Chinese."""

    paper: str
    title: str
    chinese: str


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a file, in order."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [Pair(*row) for row in rows if len(row) == 3]


def is_held_out(paper: str) -> bool:
    """Whether a pair serves for measuring and never for learning."""
    return zlib.crc32(paper.encode()) % 10 == 0


def learn_cuts(titles: Iterable[str]) -> Counter[str]:
    """How often each phrase is cut out of the titles, for the phrases that were found worth having."""
    runs = Counter(run for title in titles for run in HAN.findall(fold(title)))
    counts: Counter[str] = Counter()
    for run, times in runs.items():
        for start in range(len(run)):
            for end in range(start + 1, min(start + LONGEST_PHRASE, len(run)) + 1):
                counts[run[start:end]] += times
    for _ in range(ROUNDS_OF_CUTS):
        costs = costs_of(counts)
        counts = Counter()
        for run, times in runs.items():
            for phrase in best_cut(run, costs):
                counts[phrase] += times
    return counts


def costs_of(counts: Mapping[str, int]) -> dict[str, float]:
    """What each phrase costs in a cut: its negative log probability. Rare phrases of several characters have
    none."""
    kept = {phrase: count for phrase, count in counts.items() if count >= SEEN or len(phrase) == 1}
    total = sum(kept.values())
    return {phrase: math.log(total / count) for phrase, count in kept.items()}


class _Pairs:
    """All pairs of a phrase and a word that stand in the same title, as arrays; number 0 is silence on either
    side."""

    def __init__(self, phrases: Sequence[list[int]], words: Sequence[list[int]]) -> None:
        first, second, titles = [], [], []
        for number, (ours, theirs) in enumerate(zip(phrases, words, strict=True)):
            left, right = np.array([0, *ours]), np.array([0, *theirs])
            first.append(np.repeat(left, len(right))[1:])
            second.append(np.tile(right, len(left))[1:])
            titles.append(np.full(len(left) * len(right) - 1, number))
        self.phrase, self.word, title = (np.concatenate(part) for part in (first, second, titles))
        kinds = int(self.word.max()) + 1
        known, self.number = np.unique(self.phrase * kinds + self.word, return_inverse=True)
        self.phrase_of, self.word_of = known // kinds, known % kinds
        self.phrase_place = np.unique(
            title * (int(self.phrase.max()) + 1) + self.phrase, return_inverse=True
        )[1]
        self.word_place = np.unique(title * kinds + self.word, return_inverse=True)[1]

    def agreed(self) -> tuple[Any, Any]:
        """For each distinct pair, how often the two are each other's translation, and the chance of the
        word."""
        count = np.bincount(self.number).astype(float)
        for _ in range(ROUNDS_OF_WORDS):
            of_word = count / np.bincount(self.phrase_of, count)[self.phrase_of]
            of_phrase = count / np.bincount(self.word_of, count)[self.word_of]
            by_phrases, by_words = of_word[self.number], of_phrase[self.number]
            by_phrases = by_phrases / np.bincount(self.word_place, by_phrases)[self.word_place]
            by_words = by_words / np.bincount(self.phrase_place, by_words)[self.phrase_place]
            both = np.where(self.word == 0, SILENT * by_words, by_phrases * by_words)
            both = np.where(self.phrase == 0, SILENT * by_phrases, both)
            count = np.bincount(self.number, both) + 1e-12
        return count, count / np.bincount(self.phrase_of, count)[self.phrase_of]


def learn(pairs: Sequence[Pair]) -> Iterator[str]:
    """The lines of the glossary, the most frequent phrases first."""
    counts = learn_cuts(pair.chinese for pair in pairs)
    costs = costs_of(counts)
    phrase_number: dict[str, int] = {"": 0}
    word_number: dict[str, int] = {"": 0}
    phrases = [_numbers(_pieces(pair.chinese, costs), phrase_number) for pair in pairs]
    words = [_numbers(title_words(pair.title), word_number) for pair in pairs]
    found = _Pairs(phrases, words)
    count, chance = found.agreed()
    good = (count >= LEAST_COUNT) & (chance >= LEAST_CHANCE) & (found.phrase_of > 0) & (found.word_of > 0)
    spelling, stems = list(phrase_number), list(word_number)
    said: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for at in np.flatnonzero(good):
        believed = round(100 * chance[at] * count[at] / (count[at] + DOUBT))
        if believed:
            said[spelling[found.phrase_of[at]]].append((-believed, stems[found.word_of[at]]))
    for phrase, times in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if phrase in costs:
            words_of = sorted(said.get(phrase, ()))[:MOST_WORDS]
            yield "\t".join([phrase, str(times), *(f"{word} {-less}" for less, word in words_of)])


def _pieces(title: str, costs: Mapping[str, float]) -> list[str]:
    """The phrases of a Chinese title, and its Latin words as they are stemmed."""
    found: list[str] = []
    for piece in _PIECE.findall(fold(title)):
        found += best_cut(piece, costs) if HAN.match(piece) else title_words(piece)
    return found


def _numbers(pieces: Iterable[str], numbers: dict[str, int]) -> list[int]:
    return [numbers.setdefault(piece, len(numbers)) for piece in dict.fromkeys(pieces)]


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pairs", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("tracker/catalogue/glossary.txt"))
    args = parser.parse_args()
    pairs = [pair for pair in read_pairs(args.pairs) if not is_held_out(pair.paper)]
    lines = list(learn(pairs))
    args.output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{args.output}: {len(lines)} phrases from {len(pairs)} pairs")


if __name__ == "__main__":
    main()
