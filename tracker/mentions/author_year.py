"""Papers named by their authors, with the catalogue at hand: which citations count, and what each may denote.

In: a text (see `citations` for the forms) and the mentions of other kinds in it. Out: citations whose names
the
catalogue has taken further ("Ari Holtzman 等人", "Xu, Peng et al."), without those that only look like one;
and for each the rows it may denote. Which of them it does denote is for linking to say.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from tracker.catalogue import Catalogue
from tracker.catalogue.authors import Authors, Years, author_key
from tracker.catalogue.glossary import HAN, glossary
from tracker.catalogue.names import is_common_word
from tracker.catalogue.stems import title_words
from tracker.mentions.citations import (
    GROUP,
    ORGANISATION,
    PAIR,
    SINGLE,
    TEAM,
    Citation,
    comma_name_before,
    given_before,
    read_citations,
    venue_behind,
)
from tracker.models import Mention, MentionKind
from tracker.regex import regex

YEARS_BEFORE: Final = 2
"""A paper is cited with the year of its publication, up to so many after its first version."""
YEARS_BEHIND: Final = 1
"""Proceedings come out a little before their papers are put on arXiv, now and then."""
MOST: Final = 16
"""Of the papers of one family name in these years, so many of the best known are looked at: on the dev
benchmark
the right one is always among the first eight."""
NEAR: Final = 250
"""Code points on either side within which names and words may tell the paper that a citation means."""
MOST_UNKNOWN: Final = 8
MOST_SENSES: Final = 4
"""A name of more papers says little about which paper stands beside a citation."""
MOST_WORDS: Final = 16
_LIST_OF_THREE: Final = regex(r", (?:and|&) ")
"""The comma before "and" tells three names from a word before two: "Lee, Hunter, and Ruiz 2023"."""
BEST_BY_WORDS: Final = 6


def find_author_years(
    text: str, catalogue: Catalogue, overlaps: Callable[[int, int], bool] = lambda start, end: False
) -> list[Citation]:
    """The citations of a text that count, in order, not overlapping.

    One or two authors count only where the catalogue has papers of such authors in these years; one author
    whose year is set apart by nothing ("Heess 2017") only where the text also cites that name and year in
    full.
    """
    authors = catalogue.authors
    taken_further = [
        _taken_further(text, _without_list(citation, authors, overlaps), authors)
        for citation in read_citations(text)
    ]
    cited = {
        (author_key(c.authors[0]), c.year) for c in taken_further if c.form == GROUP and c.year is not None
    }
    found: list[Citation] = []
    for citation in taken_further:
        start = found[-1].end if found else 0
        is_free = citation.form != SINGLE or not overlaps(citation.start, citation.end)
        if citation.start >= start and is_free and _counts(citation, authors, cited):
            found.append(citation)
    return found


def years_of(citation_year: int | None) -> Years | None:
    """The years in which the first version of a paper may have come out that is cited with a year."""
    return None if citation_year is None else (citation_year - YEARS_BEFORE, citation_year + YEARS_BEHIND)


def _without_list(citation: Citation, authors: Authors, overlaps: Callable[[int, int], bool]) -> Citation:
    """The citation without the words before its last name, where these are no names of its authors."""
    if citation.name_start <= citation.start or citation.form not in (GROUP, TEAM):
        return citation
    first, last = citation.authors[0], citation.authors[-1]
    given, _, family = first.rpartition(" ")
    is_known = len(citation.authors) < 2 or len(authors.rows(family, years_of(citation.year), given=given))
    if is_known and not overlaps(citation.start, citation.name_start):
        return citation
    return citation._replace(start=citation.name_start, authors=(last.rpartition(" ")[2],))


def _taken_further(text: str, citation: Citation, authors: Authors) -> Citation:
    """The citation with the words before it that the catalogue knows to be part of its first author's
    name."""
    years = years_of(citation.year)
    first = citation.authors[0]
    if citation.form == PAIR:
        known = len(authors.rows(first, years, second=citation.authors[1]))
        is_list = _LIST_OF_THREE.search(text, citation.start, citation.end) is not None
        if len(citation.authors) > 2 and not known and not is_list:
            start = citation.start + len(first) + len(", ")
            return citation._replace(start=start, authors=citation.authors[1:])
        return citation
    if " " in first or citation.form not in (GROUP, TEAM):
        return citation
    if (given := given_before(text, citation.start)) and len(authors.rows(first, years, given=given[1])):
        return citation._replace(start=given[0], authors=(f"{given[1]} {first}", *citation.authors[1:]))
    if before := comma_name_before(text, citation.start):
        start, name = before
        if len(authors.rows(name, years, given=first)):  # "Hui, Binyuan et al."
            return citation._replace(start=start, authors=(f"{first} {name}",))
        if len(authors.rows(first, years, given=name)):  # "An, Yang et al." for An Yang
            return citation._replace(start=start, authors=(f"{name} {first}",))
        if len(authors.rows(name, years, second=first)):  # "Touvron, Lavril et al."
            return citation._replace(start=start, authors=(name, first))
    return citation


def _counts(citation: Citation, authors: Authors, cited: set[tuple[str, int]]) -> bool:
    """Whether a citation is one, and not words that look like one."""
    first, years = citation.authors[0], years_of(citation.year)
    if citation.form == GROUP:
        return True
    if citation.form == ORGANISATION:
        return True
    if citation.form == TEAM:
        return " " in first or (years is not None and len(authors.rows(first, years)) > 0)
    if citation.form == PAIR:
        if len(authors.rows(first, years, second=citation.authors[1])):
            return True
        is_told_apart = not citation.is_bare or len(citation.authors) > 2
        are_words = all(is_common_word(author) for author in citation.authors)
        return is_told_apart and not are_words and all(len(authors.rows(a)) for a in citation.authors)
    if citation.year and (author_key(first), citation.year) in cited:
        return True
    return not (citation.is_bare or is_common_word(first)) and len(authors.rows(first, years, alone=True)) > 0


class FoundVenue(NamedTuple):
    """text[start:end] gives venue and year of the title before it."""

    start: int
    end: int
    year: int
    title_start: int


def find_venues(text: str, mentions: Iterable[Mention]) -> list[FoundVenue]:
    """Venue and year in brackets right behind the titles among the mentions: "... Detection [CVPR 2021]"."""
    titles = [m for m in mentions if m.kind is MentionKind.TITLE]
    return [FoundVenue(*venue, title.start) for title in titles if (venue := venue_behind(text, title.end))]


class Denoted:
    """Which papers the citations of a document may denote, with its words and other mentions as hints."""

    def __init__(self, text: str, mentions: Iterable[Mention], catalogue: Catalogue) -> None:
        self._text = text
        self._catalogue = catalogue
        self._others = sorted((m for m in mentions if m.rows or m.key), key=lambda m: m.start)
        self._starts = [m.start for m in self._others]
        keys = [catalogue.row(m.key) for m in self._others if m.key]
        self._named = {row for m in self._others for row in m.rows} | {row for row in keys if row is not None}

    def rows(self, citation: Citation) -> tuple[int, ...]:
        """Rows that a citation may denote, the best known first.

        Papers whose first author bears the name (else one spelled nearly so) and whose year fits: the best known,
        those named elsewhere, and those whose titles share words with the text around; and of the papers that the
        document names, those whose authors the catalogue does not know.
        """
        authors, years = self._catalogue.authors, years_of(citation.year)
        first = citation.authors[0]
        pool = authors.rows(first, years)
        found = authors.best_known(first, years, most=MOST, always=self._named)
        if len(citation.authors) > 1:
            found += authors.rows(first, years, second=citation.authors[1]).tolist()[:MOST]
        if len(pool) > MOST:
            found += self._by_words(citation, pool)
        if years:
            near = [r for name in nearly(author_key(first)) for r in authors.best_known(name, years, most=1)]
            found += sorted(near, key=lambda row: -self._catalogue.records.cited_in(row))[:1]
        return tuple(dict.fromkeys([*found, *self._beside(citation, years)]))

    def overlaps(self, start: int, end: int) -> bool:
        """Whether a mention of another kind shares a character with a stretch of the text."""
        first = bisect_left(self._starts, start - LONGEST)
        last = bisect_left(self._starts, end)
        return any(m.end > start for m in self._others[first:last])

    def _by_words(self, citation: Citation, pool: Any) -> list[int]:
        """Of many papers those whose titles share the most telling words with the text around a citation."""
        import numpy as np

        words = self._catalogue.words
        if words is None:
            return []
        around = self._text[max(0, citation.start - NEAR) : citation.end + NEAR]
        told = set(title_words(around))
        if HAN.search(around):
            told |= {
                word for c in glossary().concepts(around) for word, chance in c.words.items() if chance > 0.3
            }
        rare = sorted(told, key=lambda word: (-words.rarity(word), word))
        scores = np.zeros(len(pool))
        for word in rare[:MOST_WORDS]:
            scores[words.have(word, pool)] += words.rarity(word)
        best = np.argsort(-scores, kind="stable")[:BEST_BY_WORDS]
        return [int(pool[place]) for place in best if scores[place] > 0]

    def _beside(self, citation: Citation, years: Years | None) -> list[int]:
        """Papers named beside a citation whose authors do not tell, those named nearest first."""
        first = bisect_left(self._starts, citation.start - LONGEST - NEAR)
        last = bisect_right(self._starts, citation.end + NEAR)
        near = sorted(
            self._others[first:last], key=lambda m: max(citation.start - m.end, m.start - citation.end)
        )
        authors = self._catalogue.authors
        rows = list(dict.fromkeys(row for m in near if len(m.rows) <= MOST_SENSES for row in m.rows))
        is_open = citation.form == ORGANISATION
        rows = [row for row in rows if is_open or not authors.is_known(row)]
        return [row for row in rows if self._fits(row, years)][:MOST_UNKNOWN]

    def _fits(self, row: int, years: Years | None) -> bool:
        year = self._catalogue.records.head(row).year
        return years is None or year is None or years[0] <= year <= years[1]


LONGEST: Final = 300
"""No title that is looked at is longer, in code points."""


def nearly(key: str) -> list[str]:
    """Spellings of a name with one letter doubled or no longer doubled: "hoffman" for Hoffmann."""
    if len(key) < 5:
        return []
    found = []
    for place in range(1, len(key)):
        is_double = key[place] == key[place - 1]
        found.append(key[:place] + ("" if is_double else key[place - 1]) + key[place + is_double :])
    return [*found, key + key[-1]]
