"""Titles of the catalogue that stand in a text, whatever their case, punctuation, line breaks or markup."""

from __future__ import annotations

import re
import string
from functools import partial
from typing import Final, NamedTuple

from tracker.catalogue import Catalogue, Spans
from tracker.mentions.addresses import addresses_of

_BLANK_LINE: Final = re.compile(r"\n[ \t\r>*-]*\n")
_BLANKS: Final = re.compile(r"\s+")
_SENTENCE_END: Final = re.compile(r"[.!?][\"”')]*\s+[A-Z]|[。！？；]")
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


def find_titles(text: str, spans: Spans, catalogue: Catalogue) -> list[FoundTitle]:
    """The titles among the spans that the catalogue found, in order; they may overlap.

    A span is refused where it runs over a blank line or more than three lines, is stretched by what stands
    between its words (indentation apart), or stands in an address. Where the same span is the whole title of
    one paper and a part of another's, only the whole titles count.
    """
    spans = spans.take(~addresses_of(text).cover(spans.starts))
    found: list[FoundTitle] = []
    rows_spelled = catalogue.rows_spelled
    is_dense = spans.lengths <= DENSE * spans.sizes
    for start, end, first, last, is_dense_here in spans.columns(is_dense):
        surface = text[start:end]
        if ("\n" in surface or not is_dense_here) and not _is_in_one_piece(surface):
            continue
        rows, is_whole = rows_spelled(first, last)
        if _has_sentences(surface) and not _has_sentences(catalogue.records.head(rows[0]).title):
            continue
        found.append(_found((start, end, rows, is_whole)))
    return found


_found = partial(tuple.__new__, FoundTitle)
"""A title, made without a call in Python."""


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
