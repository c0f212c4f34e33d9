"""Titles of the catalogue that stand in a text, whatever their case, punctuation, line breaks or markup."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from tracker.catalogue import Catalogue, Span
from tracker.mentions.addresses import addresses_of

_BLANK_LINE: Final = re.compile(r"\n[ \t\r>*-]*\n")
_BLANKS: Final = re.compile(r"\s+")
_SENTENCE_END: Final = re.compile(r"[.!?][\"”')]*\s+[A-Z]|[。！？；]")
MAX_STRETCH: Final = 2.2
"""A title may take this many times its squeezed length: blanks, punctuation, markup, a broken line."""


class FoundTitle(NamedTuple):
    """text[start:end] spells a title of these rows."""

    start: int
    end: int
    rows: tuple[int, ...]
    is_whole: bool
    """False where only a main title or a subtitle stands here."""


def find_titles(text: str, spans: Iterable[Span], catalogue: Catalogue) -> list[FoundTitle]:
    """The titles among the spans that the catalogue found, in order; they may overlap.

    A span is refused where it runs over a blank line or more than three lines, is stretched by what stands
    between its words (indentation apart), or stands in an address. Where the same span is the whole title of
    one paper and a part of another's, only the whole titles count.
    """
    found = []
    addresses = addresses_of(text)
    for span in spans:
        surface = text[span.start : span.end]
        if _BLANK_LINE.search(surface) or surface.count("\n") > 2:
            continue
        if len(_BLANKS.sub(" ", surface)) > MAX_STRETCH * sum(map(str.isalnum, surface)):
            continue
        if span.start in addresses:
            continue
        entries = catalogue.titles(span)
        whole = tuple(entry.row for entry in entries if entry.part == 0)
        rows = whole or tuple(dict.fromkeys(entry.row for entry in entries))
        if _SENTENCE_END.search(surface) and not _has_sentences(catalogue.records.head(rows[0]).title):
            continue
        found.append(FoundTitle(span.start, span.end, rows, bool(whole)))
    return found


def _has_sentences(title: str) -> bool:
    return _SENTENCE_END.search(title) is not None
