"""New titles from pairs of words of real ones, and what else synthetic papers are made of.

In: records of real papers. Out: their `Stock`, and `Titles` without end, as like real ones as neighbouring words can
tell: frequent words are frequent and rare ones rare, phrases recur, and none is the title of a real paper.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tracker.catalogue.records import Record

WORDS: Final = (3, 22)
"""Least and most words of a title, as of nearly all real ones."""
NAME_WORDS: Final = 3
"""Words before the colon that a title begins with which may be a name."""
WALKS: Final = 100_000
"""That are made at once, at most."""
SAMPLED: Final = 8
"""Authors and categories are taken from each so-manieth real paper."""
MOST_AUTHORS: Final = 20
Ints = npt.NDArray[np.int64]


class Stock(NamedTuple):
    """What is learned from the real papers."""

    words: list[str]
    """The first is the end of a title, and what stands before its first word."""
    first: Ints
    """For each word, where the words that follow it begin in `followers`; one more at the end."""
    followers: npt.NDArray[np.int32]
    """A word as often as it follows."""
    titles: npt.NDArray[np.uint64]
    """Hashes of the real titles, in order."""
    names: list[str]
    """What stands before the colon in real titles, where it is one word."""
    authors: list[tuple[str, str]]
    """Family name and given names, as often as they occur."""
    counts: list[int]
    """How many authors papers have."""
    categories: list[tuple[str, ...]]
    cited_in: npt.NDArray[np.int64]
    """Of all real papers, in their order."""


def stock_of(papers: Iterable[Record]) -> Stock:
    """What the titles, authors and categories of real papers give."""
    number_of = {"": 0}
    chain, cited_in = [0], []
    names: list[str] = []
    authors: list[tuple[str, str]] = []
    counts: list[int] = []
    categories: list[tuple[str, ...]] = []
    for at, paper in enumerate(papers):
        title = paper.title.split()
        chain += [number_of.setdefault(word, len(number_of)) for word in title]
        chain.append(0)
        cited_in.append(paper.cited_in)
        if title[0].endswith(":") and not title[0].islower():
            names.append(title[0][:-1])
        if at % SAMPLED == 0:
            authors += map(family_and_given, paper.authors)
            counts += [min(len(paper.authors), MOST_AUTHORS)] if paper.is_complete else []
            categories += [paper.categories] if paper.categories else []
    words = np.array(chain, np.int32)
    order = np.argsort(words[:-1], kind="stable")
    first = np.searchsorted(words[:-1][order], np.arange(len(number_of) + 1))
    ends = np.flatnonzero(words == 0)
    titles = np.unique(_hashes(words, ends[:-1] + 1, np.diff(ends) - 1))
    return Stock(
        list(number_of),
        first,
        words[1:][order],
        titles,
        names or ["Net"],
        authors or [("Doe", "Jane")],
        counts or [1],
        categories or [("cs.LG",)],
        np.array(cited_in),
    )


def family_and_given(author: str) -> tuple[str, str]:
    """The last word, and what stands before; put together again it is the same name."""
    given, _, family = author.rpartition(" ")
    return family, given


def _hashes(words: npt.NDArray[np.int32], starts: Ints, lengths: Ints) -> npt.NDArray[np.uint64]:
    """A hash of each run of words."""
    factors = np.random.default_rng(1).integers(1, 1 << 62, int(lengths.max(initial=0)) + 1, np.uint64)
    place = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    terms = (words[np.repeat(starts, lengths) + place].astype(np.uint64) + np.uint64(1)) * factors[place]
    sums = np.concatenate(([np.uint64(0)], np.cumsum(terms, dtype=np.uint64)))
    ends = np.cumsum(lengths)
    return np.asarray(sums[ends] - sums[ends - lengths], np.uint64)


class Titles:
    """New titles without end, none twice, none that is real."""

    def __init__(self, stock: Stock, chance: np.random.Generator, walks: int = WALKS) -> None:
        self._stock = stock
        self._chance = chance
        self._walks = walks
        self._seen = stock.titles

    def batch(self) -> list[str]:
        """Some titles, thousands at once.

        Raises:
            ValueError: there are no more.
        """
        stock, count, most = self._stock, self._walks, WORDS[1]
        walks = np.zeros((count, most + 1), np.int32)
        now = np.zeros(count, np.int32)
        for step in range(most + 1):
            ways = stock.first[now + 1] - stock.first[now]
            chosen = stock.followers[stock.first[now] + (self._chance.random(count) * ways).astype(np.int64)]
            now = np.where(now, chosen, 0).astype(np.int32) if step else chosen
            walks[:, step] = now
        lengths = np.argmin(walks, axis=1)  # the first 0
        lengths[walks[:, most] > 0] = 0  # no end
        hashes = _hashes(walks.ravel(), np.arange(count) * (most + 1), lengths)
        place = np.minimum(np.searchsorted(self._seen, hashes), len(self._seen) - 1)
        usable = np.flatnonzero((lengths >= WORDS[0]) & (self._seen[place] != hashes))
        usable = np.sort(usable[np.unique(hashes[usable], return_index=True)[1]])
        if not len(usable):
            raise ValueError("there are too few real titles to recombine")
        self._seen = np.sort(np.concatenate((self._seen, hashes[usable])))
        rows, words = walks.tolist(), stock.words
        return [
            self._with_own_name([words[word] for word in rows[at][:length]])
            for at, length in zip(usable.tolist(), lengths[usable].tolist(), strict=True)
        ]

    def _with_own_name(self, words: list[str]) -> str:
        """A title whose name, if it begins with one, is none of a real paper, but for chance."""
        colon = next((at for at, word in enumerate(words[:NAME_WORDS]) if word.endswith(":")), None)
        if colon is not None and colon + 1 < len(words):
            names = self._stock.names
            front, back = (names[at] for at in self._chance.integers(0, len(names), 2).tolist())
            words = [f"{front[: (len(front) + 1) // 2]}{back[len(back) // 2 :]}:", *words[colon + 1 :]]
        return " ".join(words)
