"""Titles of the catalogue that stand in a text, whatever their case, punctuation, line breaks or markup."""

from __future__ import annotations

import string
from collections.abc import Iterator
from operator import itemgetter
from typing import Final, NamedTuple

from tracker.catalogue import Catalogue, Spans
from tracker.mentions.addresses import addresses_of
from tracker.mentions.surfaces import Found, denoted_by
from tracker.regex import regex

_BLANK_LINE: Final = regex(r"\n[ \t\r>*-]*\n")
_BLANKS: Final = regex(r"\s+")
_SENTENCE_END: Final = regex(r"[.!?][\"”')]*\s+[A-Z]|[。！？；]")
_LETTERS: Final = (string.ascii_letters + string.digits).encode()
MAX_STRETCH: Final = 2.2
"""A title may take this many times its letters and digits: blanks, punctuation, markup, a broken line."""
DENSE: Final = 1.4
"""One that takes no more than this many times its squeezed characters takes less than that, for these are letters and
digits but for full stops in numbers and the like. Most titles take 1.2."""


class FoundTitle(NamedTuple):
    """text[start:end] spells a title of these rows."""

    start: int
    end: int
    rows: tuple[int, ...]
    is_whole: bool
    """False where only a main title or a subtitle stands here."""


def find_titles(text: str, spans: Spans, catalogue: Catalogue) -> Found[FoundTitle]:
    """The titles among the spans that the catalogue found, in order; they may overlap.

    A span is refused where it runs over a blank line or more than three lines, is stretched by what stands
    between its words (indentation apart), or stands in an address. Where the same span is the whole title of
    one paper and a part of another's, only the whole titles count.
    """
    import numpy as np

    places = np.flatnonzero(~addresses_of(text).cover(spans.starts))
    begins = spans.starts.take(places)
    starts, ends = begins.tolist(), (begins + spans.lengths.take(places)).tolist()

    def decide(surfaces: list[str], numbers: list[int]) -> Iterator[tuple[tuple[int, ...], bool]]:
        return _spelled(surfaces, spans.take(places[numbers]), catalogue)

    denoted = denoted_by(text, starts, ends, catalogue.titles_spelled, decide)
    rows, are_whole = (list(map(itemgetter(field), denoted)) for field in range(2))
    return Found(FoundTitle._make, starts, ends, rows, are_whole).where(rows)


def _spelled(
    surfaces: list[str], spans: Spans, catalogue: Catalogue
) -> Iterator[tuple[tuple[int, ...], bool]]:
    """The papers with the title that each surface spells, by row, and whether it is their whole title; no papers where
    it is not this title."""
    for surface, size, papers in zip(surfaces, spans.sizes.tolist(), catalogue.rows_at(spans), strict=True):
        is_dense = len(surface) <= DENSE * size and "\n" not in surface
        if (is_dense or _is_in_one_piece(surface)) and _has_its_sentences(surface, papers[0][0], catalogue):
            yield papers
        else:
            yield (), False


def _has_its_sentences(surface: str, row: int, catalogue: Catalogue) -> bool:
    """Whether a surface has no end of a sentence in it, or the title has too."""
    return not _has_sentences(surface) or _has_sentences(catalogue.records.head(row).title)


def _is_in_one_piece(surface: str) -> bool:
    """Whether the words of a title stand as close together as those of a title do."""
    if "\n" in surface and (_BLANK_LINE.search(surface) or surface.count("\n") > 2):
        return False
    if surface.isascii():
        letters = len(surface) - len(surface.encode().translate(None, _LETTERS))
    else:
        letters = sum(map(str.isalnum, surface))
    return len(surface) <= MAX_STRETCH * letters or len(_BLANKS.sub(" ", surface)) <= MAX_STRETCH * letters


def _has_sentences(title: str) -> bool:
    may_have = "." in title or "?" in title or "!" in title or not title.isascii()
    return may_have and _SENTENCE_END.search(title) is not None
