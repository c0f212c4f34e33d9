"""What a person looks for in the catalogue: an id, a name, words of a title, authors and a year, in any mixture.

In: what was typed, with its errors, in English or Chinese. Out: the papers that it may mean, the best first, each
with why. Candidates come from the indexes of names, title words and first authors; only the few best are read
whole, so that an answer takes milliseconds whatever the size of the catalogue. Nothing is decided here: a paper
that shares too little of what was asked (`NEAR`) is left out, all others are shown.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from tracker.catalogue.glossary import HAN, glossary
from tracker.catalogue.likely import RARE, likely_among, mended_concepts
from tracker.catalogue.likeness import shared_letters, spelled_alike
from tracker.catalogue.names import Origin
from tracker.catalogue.stems import STOP_WORDS, title_words
from tracker.catalogue.words_index import Concept, WordIndex
from tracker.identifiers import parse_key
from tracker.keys import fold, title_key
from tracker.models import Paper
from tracker.regex import regex

if TYPE_CHECKING:
    from tracker.catalogue import Catalogue

NEAR: Final = 0.5
"""The least part of what was asked that a paper must have, or of the letters of its title."""
LETTERS_NEAR: Final = 0.8
"""A title with this part of the letters that were asked is near, whatever its words."""
MOST_WORDS: Final = 40
"""Words that are looked at: who pastes a page wants no more than its beginning."""
LONGEST: Final = 1000
"""Code points that are looked at, for the same reason: titles have up to some hundred."""
LETTERS_TO_BEGIN: Final = 16
"""Letters that are enough to say how a title begins."""
LONGEST_NAME: Final = 4
"""Words of a name that are looked up together."""
COMPARED: Final = 60
"""Titles that the words find and whose letters are compared: with short words misspelt ("is al you ned") the right
one is behind many."""
BY_AUTHOR: Final = 20
"""Papers of one author that are looked at, those with most of the words, then the most cited."""
READ: Final = 3
"""Records that are read beyond those asked for, for the names of authors who are not the first."""
MISSPELT_AUTHORS: Final = 3
"""Known family names one error away from a word that are tried."""

# What speaks for a paper beside its words, in nats like theirs; set by hand so that what is said outright comes first.
NAMED: Final = 8.0
WHOLE_NAME: Final = 20.0
USED: Final = 3.0
"""For each factor e of how many sources use the name."""
WHOLE_TITLE: Final = 30.0
SAME_YEAR: Final = 4.0
NEXT_YEAR: Final = 2.0
ALL_WORDS: Final = 15.0
"""For all words that were asked, as they are spelled, and for a part of them so much less; and once more where none is
lacking. Words perhaps misspelt, and letters that happen to be alike, then weigh less."""
LETTERS: Final = 60.0
"""For all letters of a title, counted from `LETTERS_LEAST` on, which most titles share with a text as long."""
LETTERS_LEAST: Final = 0.5
CITED: Final = 0.4
"""For each factor e of how often a paper is cited."""
WROTE: Final = 4.0
"""To be by an author who is named, beside what the name tells: who names one seldom spells out the title."""
MENDED: Final = 0.7
"""A word of which an error has perhaps made another, beside one as it is spelled."""
MOST_TOLD: Final = 10.0
"""Nats that a single word counts at most when what a paper has of them all is measured."""
LIKE_AUTHOR: Final = 84.0
"""Percent of the letters of a family name that a misspelt one shares."""
_PIECE: Final = regex(r"[^\W_]+(?:[-.'’][^\W_]+)*")
_OTHERS: Final = regex(r"\bet\s+al\b\.?|\band\s+others\b|等人", re.IGNORECASE)
"""What says that there are more authors, and nothing else."""
_YEAR: Final = regex(r"(?:19|20)\d\d")
_FIRST_YEAR: Final = 1950


class Hit(NamedTuple):
    """A paper that was perhaps looked for."""

    paper: Paper
    share: float
    """The part of what was asked that this paper has, rare words counting for more, in [0, 1]."""
    why: tuple[str, ...]
    """What of it the paper has, in words for people."""


def find_papers(asked: str, catalogue: Catalogue, count: int = 10) -> list[Hit]:
    """At most `count` papers that `asked` may mean, the best first; none where nothing is near.

    An identifier gives its paper alone. Of the authors the first is looked up, the others are recognised where other
    words lead to their paper. Years count where they are one off; years alone give their most cited papers.

    Raises:
        CatalogueError: the catalogue is damaged.
    """
    asked = asked[:LONGEST]
    for word in (asked, *asked.split()):
        if key := parse_key(word):
            paper = catalogue.paper(catalogue.key_of(key))
            return [Hit(paper, 1.0, (f"identifier {key}",))] if paper else []
    question = _Question(asked, catalogue)
    merits = sorted(question.merits(question.rows(count)), reverse=True)[: count + READ]
    read = [question.read(merit, -row) for merit, row in merits]
    near = sorted((one for one in read if one.is_near), key=lambda one: (-one.merit, one.row))
    return [Hit(one.paper, round(one.share, 3), one.why) for one in near[:count]]


class _Read(NamedTuple):
    """A paper that was read whole."""

    row: int
    merit: float
    paper: Paper
    share: float
    is_spelled_so: bool
    """Its letters are nearly those that were asked."""
    why: tuple[str, ...]

    @property
    def is_near(self) -> bool:
        return self.share >= NEAR or self.is_spelled_so


class _Question:
    """What was asked, taken apart."""

    def __init__(self, asked: str, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.words = _PIECE.findall(_OTHERS.sub(" ", asked))[:MOST_WORDS]
        self.years = {int(word) for word in self.words if _YEAR.fullmatch(word) and int(word) >= _FIRST_YEAR}
        self.latin = [
            word
            for word in self.words
            if not HAN.search(word) and not (word.isdecimal() and int(word) in self.years)
        ]
        self.text = " ".join(word for word in self.words if word in self.latin or HAN.search(word))
        self.key = title_key(self.text)
        self.stems = set(title_words(self.text))
        self.is_chinese = HAN.search(self.text) is not None
        self.names = dict(self._names())
        self.authors = dict(self._authors())

    # --- candidates ------------------------------------------------------------------------------

    def rows(self, most: int) -> set[int]:
        """The papers that are looked at: where there are only years, at most so many."""
        if self.years and not self.text:
            return set(self.catalogue.records.of_years(self.years, most))
        rows = set(self.catalogue.rows_titled(self.text))
        for _, named in self.names.values():
            rows.update(named)
        for found in self.authors.values():
            rows.update(found)
        if self.index is not None:
            rows.update(one.row for one in self.index.find(self.concepts, COMPARED))
            rows.update(self._rows_with_all_words(self.index))
        return rows

    def _rows_with_all_words(self, index: WordIndex) -> list[int]:
        """The papers that have all words in their titles as they are spelled; none where these are too many to
        look at, for then nearly all others that are looked at have them."""
        rows: list[int] = []
        words = sorted(self.stems, key=lambda stem: (index.frequency(stem), stem))
        if words and all(map(index.frequency, words)):
            among = index.rows_with(words[0])
            for word in words[1:]:
                among = among[index.have(word, among)]
            rows = among.tolist()
        return rows if len(rows) <= COMPARED else []

    @cached_property
    def index(self) -> WordIndex | None:
        return self.catalogue.words

    @cached_property
    def concepts(self) -> list[Concept]:
        """What is said of the title: all but the rare words that are names of authors."""
        if self.index is None:
            return []
        if self.is_chinese:
            return glossary().concepts(self.text)
        rest = (word for word in self.latin if self._is_title_word(word) or not self._papers_of(word))
        return mended_concepts(" ".join(rest), self.index)

    def _names(self) -> Iterator[tuple[str, tuple[int, dict[int, int]]]]:
        """Names of papers among the words: how many words each has, and the papers with how many sources use it."""
        for size in range(min(LONGEST_NAME, len(self.latin)), 0, -1):
            for at in range(len(self.latin) - size + 1):
                name = " ".join(self.latin[at : at + size])
                if size == 1 and fold(name) in STOP_WORDS:
                    continue
                papers = {
                    alias.row: alias.sources
                    for alias in self.catalogue.aliases_of(name)
                    if size == len(self.latin) or alias.sources or not alias.origin & Origin.COMMON
                }
                if papers:
                    yield name, (size, papers)

    def _authors(self) -> Iterator[tuple[str, set[int]]]:
        """Words that are the family name of a first author, with the best of the papers."""
        for word in self.latin:
            if len(word) < 2 or fold(word) in STOP_WORDS:
                continue
            known = self._papers_by(word)
            if not known and word not in self.names and not self._is_title_word(word):
                for other in self.catalogue.authors.misspelt(word)[:MISSPELT_AUTHORS]:
                    known |= self._papers_by(other)
            if known:
                yield word, known

    def _papers_by(self, author: str) -> set[int]:
        """Papers of a first author in the years asked for: those with most of the words, then the most cited."""
        import numpy as np

        years = (min(self.years) - 1, max(self.years) + 1) if self.years else None
        rows = self.catalogue.authors.rows(author, years)
        merits = np.array([CITED * math.log1p(self.catalogue.records.cited_in(row)) for row in rows.tolist()])
        if self.index is not None and len(rows) > BY_AUTHOR:
            for word in {word for concept in self.concepts for word in concept.words}:
                merits += self.index.rarity(word) * self.index.have(word, rows)
        return set(rows[np.argsort(-merits, kind="stable")[:BY_AUTHOR]].tolist())

    def _is_title_word(self, word: str) -> bool:
        return self.index is not None and any(self.index.frequency(stem) > RARE for stem in title_words(word))

    # --- what speaks for each --------------------------------------------------------------------

    def merits(self, rows: Iterable[int]) -> Iterator[tuple[float, int]]:
        """How much speaks for each paper, in nats, and its row with a minus, so that of equals the first is more.

        A paper whose name is all that was asked counts as having all the words, whatever its title."""
        ordered = sorted(rows)
        said = [0.0] * len(ordered)
        if self.index is not None and self.concepts:
            said = [one.score for one in likely_among(self.concepts, ordered, self.catalogue, self.index)]
        called = {row for size, papers in self.names.values() if size == len(self.latin) for row in papers}
        most = max(said, default=0.0)
        for row, words in zip(ordered, said, strict=True):
            head = self.catalogue.records.head(row)
            if row in called:
                words, part = most, 1.0
            else:
                part = len(self.stems.intersection(title_words(head.title))) / (len(self.stems) or 1)
            words += ALL_WORDS * (part + (part == 1.0))
            merit = words + CITED * math.log1p(head.cited_in) + self._year_merit(head.year)
            if not self.is_chinese:
                merit += LETTERS * max(0.0, self._spelled_alike(head.title) - LETTERS_LEAST)
            merit += WHOLE_TITLE * (title_key(head.title) == self.key)
            for size, papers in self.names.values():
                if row in papers:
                    merit += (WHOLE_NAME if size == len(self.latin) else NAMED) + USED * math.log1p(
                        papers[row]
                    )
            wrote = (self._author_merit(word) for word, papers in self.authors.items() if row in papers)
            yield merit + math.fsum(wrote), -row

    def _author_merit(self, author: str) -> float:
        return WROTE + math.log((len(self.catalogue) + 1) / (self._papers_of(author) + 1))

    def _papers_of(self, author: str) -> int:
        return len(self.catalogue.authors.rows(author))

    def _spelled_alike(self, title: str) -> float:
        if len(self.key) >= LETTERS_TO_BEGIN:
            return spelled_alike(self.key, title_key(title))
        return shared_letters(self.key, title_key(title))[0]

    def _year_merit(self, year: int | None) -> float:
        apart = min((abs(year - asked) for asked in self.years), default=2) if year else 2
        return (SAME_YEAR, NEXT_YEAR, 0.0)[min(apart, 2)]

    def read(self, merit: float, row: int) -> _Read:
        """A paper read whole, with what it has of what was asked."""
        record = self.catalogue.records[row]
        paper = record.to_paper(self.catalogue.names_of_row(row))
        names = [name for name, (_, papers) in self.names.items() if row in papers]
        named = {word for name in names for word in name.split()}
        stems = set(title_words(paper.title))
        weights: list[tuple[float, float]] = []
        words: list[str] = []
        authors: dict[str, None] = {}
        for word in dict.fromkeys(self.latin):
            weight, share = self._weight(word), 0.0
            if word in named:
                share = 1.0
            elif share := self._says(word, stems):
                words.append(word if share == 1.0 else f"{word} (perhaps misspelt)")
            elif author := _author_like(word, paper.authors):
                share, authors = 1.0, authors | {author: None}
                merit += 0.0 if row in self.authors.get(word, ()) else self._author_merit(word)
            weights.append((weight, share * weight))
        for concept in self.concepts if self.is_chinese else ():
            if HAN.search(concept.surface):
                weight, share = self._said(concept, stems)
                weights.append((weight, weight * share))
                words += [concept.surface] if share else []
        weights += [(SAME_YEAR, self._year_merit(paper.year))] if self.years else []
        whole = math.fsum(weight for weight, _ in weights)
        share = math.fsum(had for _, had in weights) / whole if whole else 0.0
        nearly = self._nearly(title_key(paper.title))
        why = self._why(row, paper, names, words, list(authors), nearly)
        return _Read(row, merit, paper, share, bool(nearly), tuple(why))

    def _nearly(self, title: str) -> str:
        """How the letters of a title (its key) are those that were asked, in words; "" where they are not."""
        if self.is_chinese:
            return ""
        if title == self.key:
            return "its title"
        whole, beginning = shared_letters(self.key, title)
        if whole >= LETTERS_NEAR:
            return f"nearly its title ({whole:.0%} of the letters)"
        is_long = len(self.key) >= LETTERS_TO_BEGIN
        return "how its title begins, or nearly" if is_long and beginning >= LETTERS_NEAR else ""

    def _weight(self, word: str) -> float:
        stems = title_words(word)
        if not stems or self.index is None:
            return 1.0
        return min(MOST_TOLD, max(self.index.rarity(stem) for stem in stems))

    def _says(self, word: str, stems: set[str]) -> float:
        """How surely a title with these words has a word, in [0, 1]: less where it is perhaps misspelt."""
        meant = title_words(word)
        if not stems.isdisjoint(meant):
            return 1.0
        mended = (concept for concept in self.concepts if concept.surface in meant)
        return MENDED if any(not stems.isdisjoint(concept.words) for concept in mended) else 0.0

    def _said(self, concept: Concept, stems: set[str]) -> tuple[float, float]:
        """How much a Chinese phrase tells, and the part of it that a title with these words has."""
        assert self.index is not None, "there are concepts"
        weight = max(self.index.rarity(word) * chance for word, chance in concept.words.items())
        said = max((concept.words[word] for word in stems & concept.words.keys()), default=0.0)
        return weight, said / max(concept.words.values())

    def _why(
        self,
        row: int,
        paper: Paper,
        names: Sequence[str],
        words: Sequence[str],
        authors: Sequence[str],
        nearly: str,
    ) -> Iterator[str]:
        for name in names:
            sources = self.names[name][1][row]
            yield f"name {name}" + (f" ({sources} sources)" if sources > 1 else "")
        if nearly:
            yield nearly
        elif words:
            yield "in the title: " + ", ".join(dict.fromkeys(words))
        yield from (f"author {author}" for author in authors)
        if merit := self._year_merit(paper.year):
            yield f"year {paper.year}" + ("" if merit == SAME_YEAR else ", one off")


def _author_like(word: str, authors: Iterable[str]) -> str:
    """The author who bears a name, perhaps misspelt; "" where none does."""
    from rapidfuzz import fuzz

    wanted = fold(word)
    best, most = "", LIKE_AUTHOR
    for author in authors:
        for part in fold(author).replace(".", " ").replace("-", " ").split():
            alike = fuzz.ratio(wanted, part) if len(part) > 1 else 0.0
            if alike > most or (alike == most == LIKE_AUTHOR):
                best, most = author, alike
    return best
