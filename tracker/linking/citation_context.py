"""What stands around the citations of a document, gathered once: words, names, titles, fields of science.

Citations of the same authors and year denote the same paper, so what is known at one place counts at all of
them; a name or title that stands right before one citation is not evidence for the next.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from tracker.catalogue import Catalogue
from tracker.catalogue.authors import author_key
from tracker.catalogue.glossary import HAN, glossary
from tracker.catalogue.names import title_parts
from tracker.catalogue.squeeze import squeeze
from tracker.catalogue.stems import STOP_WORDS, plain_words, stem, title_words
from tracker.models import Block, BlockKind, Document, Mention, MentionKind
from tracker.regex import regex

AROUND: Final = 250
"""Code points on either side of a citation whose words speak for or against a paper."""
TELLING: Final = 0.3
"""Rarity from which a word of a title is telling, as a part of the highest: fewer than one title in sixty has it."""
PLACES: Final = 6
"""Places of the same citation that are looked at."""
Group = tuple[str, int | None]


_REPORT: Final = regex(r"\s+(?:technical\s+)?report\b.*", re.IGNORECASE | re.DOTALL)


def system_name(title: str) -> str:
    """What a title calls its system: "Phi-3" of "Phi-3 Technical Report: ..."; "" where it names none.

    >>> system_name("Phi-3 Technical Report: A Highly Capable Model"), system_name("Attention Is All You Need")
    ('Phi-3', '')
    """
    main, rest = title_parts(title)
    name = _REPORT.sub("", main)
    return name if len(name.split()) <= 3 and (rest or name != main) else ""


class Neighbour(NamedTuple):
    """A name or title near a citation."""

    mention: Mention
    gap: int
    """Code points between the two."""
    is_on_line: bool
    is_before: bool
    is_taken: bool
    """Another citation stands nearer to it."""


class Citations:
    """The citations of one document."""

    def __init__(self, document: Document, mentions: Sequence[Mention], catalogue: Catalogue) -> None:
        self._text = document.text
        self._catalogue = catalogue
        self._others = [m for m in mentions if m.kind in (MentionKind.NAME, MentionKind.TITLE)]
        self._starts = [m.start for m in self._others]
        self._cited = [m for m in mentions if m.kind is MentionKind.AUTHOR_YEAR and m.authors]
        self._cited_starts = [m.start for m in self._cited]
        self._groups: dict[Group, list[Mention]] = defaultdict(list)
        for mention in self._cited:
            self._groups[group_of(mention)].append(mention)
        self._headings = [block for block in document.blocks if block.kind is BlockKind.HEADING]
        self._heading_starts = [block.start for block in self._headings]
        self._words: dict[Group, Mapping[str, float]] = {}
        self._telling: dict[int, tuple[str, Mapping[str, float]]] = {}
        self._near: dict[int, list[Neighbour]] = {}
        self._lines: dict[int, str] = {}
        self._in_document: frozenset[str] | None = None

    def places(self, mention: Mention) -> Sequence[Mention]:
        """The mentions with the authors and year of this one, itself among them."""
        return self._groups.get(group_of(mention), [mention])[:PLACES]

    def is_cited_with(self, mention: Mention, year: int) -> bool:
        """Whether the document cites the same authors with this year too."""
        return (group_of(mention)[0], year) in self._groups

    def words_near(self, mention: Mention) -> Mapping[str, float]:
        """The stems of the words around a citation, at all its places, each with how surely it stands there.

        Chinese phrases count as the words of titles that may translate them.
        """
        group = group_of(mention)
        if group not in self._words:
            words: dict[str, float] = {}
            for place in self.places(mention):
                for word, chance in self._stems(self._around(place)):
                    words[word] = max(chance, words.get(word, 0.0))
            self._words[group] = words
        return self._words[group]

    def _stems(self, text: str) -> Iterator[tuple[str, float]]:
        for word in title_words(text):
            yield word, 1.0
        if HAN.search(text):
            for concept in glossary().concepts(text):
                yield from concept.words.items()

    def telling_words(self, row: int, title: str) -> tuple[str, Mapping[str, float]]:
        """The squeezed name that a title gives its system, and its telling words with how telling each is."""
        if row not in self._telling:
            words = self._catalogue.words
            most = words.rarity("\x00") if words else 1.0
            rarity = {word: words.rarity(word) / most for word in title_words(title)} if words else {}
            telling = {word: weight for word, weight in rarity.items() if weight >= TELLING}
            self._telling[row] = squeeze(system_name(title)), telling
        return self._telling[row]

    def is_on_line(self, mention: Mention, squeezed: str) -> bool:
        """Whether a squeezed name stands on the line of a citation, before it."""
        if len(squeezed) < 3:
            return False
        if mention.start not in self._lines:
            line = self._text.rfind("\n", max(0, mention.start - AROUND), mention.start) + 1
            self._lines[mention.start] = squeeze(
                self._text[max(line, mention.start - AROUND) : mention.start]
            )
        return squeezed in self._lines[mention.start]

    def words_of_document(self) -> frozenset[str]:
        """The stems of all words of the document."""
        if self._in_document is None:
            words = frozenset(plain_words(self._text)) - STOP_WORDS  # each once: a long text has many
            self._in_document = frozenset(map(stem, words))
        return self._in_document

    def neighbours(self, mention: Mention) -> list[Neighbour]:
        """Names and titles near a citation or in the heading above it."""
        if mention.start not in self._near:
            self._near[mention.start] = [self._neighbour(other, mention) for other in self._close(mention)]
        return self._near[mention.start]

    def _around(self, mention: Mention) -> str:
        before = self._text[max(0, mention.start - AROUND) : mention.start]
        return f"{before}\n{self._text[mention.end : mention.end + AROUND]}"

    def _close(self, mention: Mention) -> list[Mention]:
        first = bisect_left(self._starts, mention.start - AROUND - 200)
        last = bisect_right(self._starts, mention.end + AROUND)
        close = [m for m in self._others[first:last] if m.end >= mention.start - AROUND]
        heading = self._heading_above(mention)
        if heading and heading.end < mention.start - AROUND:
            first = bisect_left(self._starts, heading.start)
            close += self._others[first : bisect_left(self._starts, heading.end)]
        return close

    def _heading_above(self, mention: Mention) -> Block | None:
        place = bisect_right(self._heading_starts, mention.start) - 1
        return self._headings[place] if place >= 0 else None

    def _neighbour(self, other: Mention, mention: Mention) -> Neighbour:
        is_before = other.end <= mention.start
        between = (other.end, mention.start) if is_before else (mention.end, other.start)
        gap = between[1] - between[0]
        is_on_line = "\n" not in self._text[between[0] : between[1]]
        return Neighbour(other, gap, is_on_line, is_before, self._is_taken(other, mention, gap))

    def _is_taken(self, other: Mention, mention: Mention, gap: int) -> bool:
        """Whether another citation stands right behind a name, or nearer to it than this one."""
        place = bisect_left(self._cited_starts, other.end)
        for rival in self._cited[max(0, place - 1) : place + 1]:
            if rival.start == mention.start:
                continue
            distance = rival.start - other.end if rival.start >= other.end else other.start - rival.end
            if (
                0 <= distance < gap
                and "\n" not in self._text[min(rival.end, other.end) : max(rival.start, other.start)]
            ):
                return True
        return False


class Fields:
    """The fields of science of the papers that a document surely mentions."""

    def __init__(self, settled: Mapping[int, float], catalogue: Catalogue) -> None:
        heads = [catalogue.records.head(row) for row in settled]
        counted = Counter(head.categories[0] for head in heads if head.categories)
        self._total = sum(counted.values())
        self._share = {category: count / self._total for category, count in counted.items()}

    def share(self, categories: Sequence[str]) -> float:
        """The part of the papers that have this primary category, in [0, 1]; 0.5 where too little is known."""
        if self._total < FEW or not categories:
            return 0.5
        return self._share.get(categories[0], 0.0)


FEW: Final = 3


def group_of(mention: Mention) -> Group:
    """What is equal for citations of the same paper."""
    return author_key(mention.authors[0]) if mention.authors else "", mention.year
