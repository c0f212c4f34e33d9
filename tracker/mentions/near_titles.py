"""Titles that are nearly those of the catalogue: translated into Chinese, or with typing errors, shortened,
under a former name. Only pieces that are set off from the text are looked at (see `pieces`).

In: a text and the mentions found in it so far. Out: spans with the papers they most likely name. Whether it
is one of them at all is for linking to say; what is far from every title is left out here.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from tracker.catalogue import Catalogue
from tracker.catalogue.glossary import glossary
from tracker.catalogue.likely import FURTHER, likely_among
from tracker.catalogue.likeness import likeness
from tracker.catalogue.stems import title_words
from tracker.catalogue.words_index import KEY_WORDS, Concept, WordIndex
from tracker.mentions.belief import (
    LEAST_BELIEF,
    LEAST_SCORE,
    LEAST_TOLD,
    belief,
    may_be_believed,
    rows_in_question,
)
from tracker.mentions.pieces import HAN, Piece, title_pieces
from tracker.models import Mention, MentionKind
from tracker.regex import regex

MOST: Final = 4
"""Papers that a piece may name: the right one is among the first four for 98 in 100 translated titles."""
LEAST_HAN, MOST_HAN = 4, 45
"""Chinese characters of a title: 99 in 100 of the pairs of titles have so many."""
SURE: Final = 1.0
"""From here on a piece is taken for a title even where a name within it says nothing of the paper; else the name
stands by itself."""
MOST_STRANGE: Final = 5.0
"""Nats per character (see `Glossary.strangeness`): keeps 97 in 100 titles and three in five of the rest."""
MOST_SHARING: Final = 40
"""Titles that share the rare words of an English piece; with more, it is a phrase of the field."""
ALIKE: Final = 0.85
"""An English piece must share this part of its letters with the title, in order."""
WORDS_TO_BEGIN: Final = 5
"""Telling words that the beginning of a title needs to stand for it."""
WHOLE: Final = 0.8
"""A piece with this part of a title's letters is no mere beginning of it."""
NEARLY_ALL: Final = 0.8
"""A piece of which names take this part is those names: "Pyramid Vision Transformer" is no longer title."""
LETTERS_FOR_ALIKE: Final = 50
"""Of pieces that overlap, one that is longer by so many letters may be less alike by a tenth."""
LEAST_WORDS: Final = 3
"""Telling words of an English piece; with fewer, too many titles are alike."""
_SHORT_KINDS: Final = (MentionKind.NAME, MentionKind.TITLE)
_NO_CHINESE_TITLE: Final = regex(
    r"[。；;=<>{}\\]|\w_\w|https?:|我们|我們|他们|他們|如果|因为|因為|所以|但是|例如|比如|首先|然后|接下来|这个|這個|这些|這些"
    r"|这里|這裡|如下|以下|上一|下一|点击|點擊|图 ?\d|圖 ?\d|表 ?\d"
)
_COMMAS: Final = regex(r"[，,、]")
MOST_COMMAS: Final = 2
_NO_ENGLISH_TITLE: Final = regex(r"[=<>{}\\@|~^]|https?:|www\.|[.!?]\s+[A-Za-z]|\w_\w|\w/\w|\(\)|::")
_LONG_WORD: Final = regex(r"[^\W\d_]{4,}")


class NearTitle(NamedTuple):
    """text[start:end] may be a title of one of these rows, the likeliest first."""

    start: int
    end: int
    rows: tuple[int, ...]


_Asked = tuple[float, tuple[int, ...]]
"""How far a piece may be believed to be a title, and of which papers."""
_NONE: Final[_Asked] = (-math.inf, ())


def find_near_titles(text: str, found: Sequence[Mention], catalogue: Catalogue) -> list[NearTitle]:
    """The pieces of a text that are nearly a title, in order; of those that overlap, the likeliest.

    Pieces with an identifier, a title of the catalogue, a citation or an entry of a bibliography in them are
    what those are. None where the catalogue has no word index.
    """
    if catalogue.words is None:
        return []
    so_far = _Found(text, found)
    pieces = [
        (piece, surface)
        for piece in title_pieces(text)
        if may_be_title(surface := text[piece.start : piece.end], piece)
        and not so_far.is_taken(piece.start, piece.end)
    ]
    asked = _asked(dict.fromkeys(surface for _, surface in pieces), catalogue)
    best: list[tuple[float, NearTitle]] = []
    for piece, surface in pieces:
        likely, rows = asked.get(surface, _NONE)
        named = so_far.rows_within(piece.start, piece.end)
        if rows and (likely >= SURE or not named or named & set(rows)):
            best.append((likely, NearTitle(piece.start, piece.end, rows)))
    return sorted(_without_overlaps(best))


def may_be_title(surface: str, piece: Piece) -> bool:
    """Whether a piece has the length and the look of a title; this is what keeps the look-ups few."""
    han = len(HAN.findall(surface))
    if han:
        if not LEAST_HAN <= han <= MOST_HAN or (2 * han < len(surface) - han and not piece.is_set_off):
            return False
        return len(_COMMAS.findall(surface)) <= MOST_COMMAS and not _NO_CHINESE_TITLE.search(surface)
    if not piece.is_set_off or _NO_ENGLISH_TITLE.search(surface):
        return False
    begins = surface[0].isupper() or surface[0].isdigit()
    return begins and len(_LONG_WORD.findall(surface)) >= LEAST_WORDS and surface.count(",") <= MOST_COMMAS


class _Found:
    """What was found so far, asked about a piece."""

    def __init__(self, text: str, found: Sequence[Mention]) -> None:
        self._taken = bytearray(len(text))
        self._titled = bytearray(len(text))
        self._called = bytearray(len(text))
        for mention in found:
            kind = {MentionKind.NAME: self._called, MentionKind.TITLE: self._titled}.get(
                mention.kind, self._taken
            )
            kind[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
        self._named = sorted((m for m in found if m.kind in _SHORT_KINDS), key=lambda m: m.start)
        self._starts = [mention.start for mention in self._named]

    def is_taken(self, start: int, end: int) -> bool:
        """Whether [start, end) says for itself which paper it means: by an identifier, a citation, an entry of a
        bibliography, a title that is most of it, or a name that is nearly all of it."""
        titled, called = self._titled.count(1, start, end), self._called.count(1, start, end)
        is_called = called > NEARLY_ALL * (end - start)
        return self._taken.find(1, start, end) >= 0 or 2 * titled > end - start or is_called

    def rows_within(self, start: int, end: int) -> set[int]:
        """The papers that the names and short titles within [start, end) may denote."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return {row for found in self._named[first:last] if found.end <= end for row in found.rows}


def _asked(surfaces: Iterable[str], catalogue: Catalogue) -> dict[str, _Asked]:
    """How far pieces may be believed to be titles, and of which papers; those that are surely none may be missing.

    Those follow each other whose most frequent word is the same: its rows are then unpacked once.
    """
    index = catalogue.words
    assert index is not None, "asked for before"
    said: list[tuple[list[int], str, list[Concept]]] = []
    spelled: list[tuple[list[int], str, set[str]]] = []
    for surface in surfaces:
        if not HAN.search(surface):
            words = set(title_words(surface))
            if len(words) >= LEAST_WORDS:
                rarest = sorted(map(index.frequency, words))[:KEY_WORDS]
                spelled.append((rarest[::-1], surface, words))
        elif glossary().strangeness(surface) <= MOST_STRANGE:
            concepts = glossary().concepts(surface)
            words = {word for concept in concepts for word in concept.words}
            said.append((sorted(map(index.frequency, words), reverse=True), surface, concepts))
    asked = {surface: _translated(concepts, catalogue, index) for _, surface, concepts in sorted(said)}
    return asked | {
        surface: _misspelled(surface, words, catalogue, index) for _, surface, words in sorted(spelled)
    }


def _translated(concepts: Sequence[Concept], catalogue: Catalogue, index: WordIndex) -> _Asked:
    ranked = index.find(concepts, MOST + FURTHER)
    in_question = rows_in_question(concepts, ranked, catalogue, index)
    if not in_question or not may_be_believed(concepts, in_question, catalogue, index):
        return _NONE
    rows = [one.row for one in ranked]
    scored = likely_among(concepts, rows, catalogue, index, LEAST_SCORE)
    best = sorted(scored, key=lambda one: (-one.score, one.row))[:MOST]
    likely = [one for one in best if one.told >= LEAST_TOLD]
    most = max((belief(one, catalogue) for one in likely), default=-math.inf)
    return most, tuple(one.row for one in likely) if most >= LEAST_BELIEF else ()


def _misspelled(surface: str, words: set[str], catalogue: Catalogue, index: WordIndex) -> _Asked:
    titles = ((row, catalogue.records.head(row).title) for row in index.sharing(words, MOST_SHARING))
    if len(words) < WORDS_TO_BEGIN:
        titles = ((row, title) for row, title in titles if len(surface) > WHOLE * len(title))
    alike = ((likeness(surface, title, ALIKE), row) for row, title in titles)
    near = sorted((pair for pair in alike if pair[0] >= ALIKE), key=lambda pair: (-pair[0], pair[1]))[:MOST]
    if not near:
        return _NONE
    return 10 * near[0][0] + len(surface) / LETTERS_FOR_ALIKE, tuple(row for _, row in near)


def _without_overlaps(beliefs: Iterable[tuple[float, NearTitle]]) -> Iterator[NearTitle]:
    """The likeliest of the titles that overlap, of equal ones the longest."""
    kept: list[NearTitle] = []  # in order of place: none overlaps another
    for _, one in sorted(beliefs, key=lambda pair: (-pair[0], pair[1].start - pair[1].end, pair[1].start)):
        place = bisect_left(kept, one)
        if all(
            one.end <= other.start or other.end <= one.start for other in kept[max(0, place - 1) : place + 1]
        ):
            kept.insert(place, one)
            yield one
