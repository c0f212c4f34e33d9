"""What a page shows: reading lists turned into the words and numbers that the templates lay out. Pure.

Every text that came from a document or from the network is cleaned of control characters here; escaping
is the templates' business (`templates.py`), because it differs between HTML and Markdown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from tracker.export.words import LANGUAGES, WORDS, join_authors, join_documents, join_lines, summary
from tracker.identifiers import arxiv_id_of, url_of, year_month_of
from tracker.models import Entry, Paper, ReadingList

_SURE = 0.9
"""Of the links printed with this confidence nine in ten are right; below it a reader is told to check."""
_SURFACES = 3
_SURFACE_LENGTH = 60


@dataclass(frozen=True)
class Style:
    """How the reader wants a page to look."""

    language: str = "en"
    """Of the fixed words and the names of topics: "en" or "zh"."""
    title: str = ""
    """Of the page; "": "Reading list" in its language."""
    templates_dir: Path | None = None
    """Templates here replace those of the same name that ship with the program."""


@dataclass(frozen=True)
class Row:
    """One paper, as a page shows it."""

    number: int
    """In its list, from 1; of a paper that is only also mentioned, too."""
    rank: int
    """In the order over all lists, from 1; 0 where only also mentioned."""
    anchor: str
    """Unique in the page; letters, digits, dots and hyphens."""
    key: str
    title: str
    language: str
    """Of the title: "en" or "zh"."""
    url: Markup
    """http or https, percent-encoded so that it is safe in HTML and in Markdown."""
    authors: str
    """"" where none is known."""
    year: str
    """"" where it is not known."""
    venue: str
    places: str
    """Documents, lines, and what the paper is called there, shortened."""
    reason: str
    confidence: str
    """Per cent, where a reader should check ("72%"); "" where it is sure."""
    is_withdrawn: bool
    topic: str
    """Name of its list."""


@dataclass(frozen=True)
class Section:
    """One topic."""

    anchor: str
    name: str
    rows: tuple[Row, ...]
    also: tuple[Row, ...]


@dataclass(frozen=True)
class Page:
    """All that a template of reading lists can use."""

    language: str
    """For the attribute lang: "en" or "zh-CN"."""
    title: str
    summary: str
    sections: tuple[Section, ...]
    """Topics with papers to read."""
    elsewhere: tuple[Section, ...]
    """Topics with nothing but papers named in passing."""
    index: tuple[Row, ...]
    """All papers to read, in the order over all topics; empty where a single topic shows it already."""
    words: Mapping[str, Markup]
    """The fixed words of the page, which need no escaping."""


def page_of(lists: Sequence[ReadingList], style: Style) -> Page:
    """The page for some reading lists, sections in their order."""
    language = style.language if style.language in LANGUAGES else "en"
    words = {name: Markup(word) for name, word in WORDS[language].items()}
    anchors = _Anchors()
    sections = tuple(_section(one, language, anchors) for one in lists)
    full = tuple(section for section in sections if section.rows)
    rows = [row for section in full for row in section.rows]
    passing = sum(len(section.also) for section in sections)
    return Page(
        language={"en": "en", "zh": "zh-CN"}[language],
        title=clean(style.title) or WORDS[language]["title"],
        summary=summary(len(rows), len(full), passing, _documents_of(lists, language), language)
        if rows or passing
        else words["nothing"],
        sections=full,
        elsewhere=tuple(section for section in sections if not section.rows),
        index=tuple(sorted(rows, key=lambda row: row.rank)) if len(full) > 1 else (),
        words=words,
    )


def clean(text: str) -> str:
    """A text on one line without control, direction-changing and invisible characters.

    >>> clean("a\\x1b[31mred\\u202e  b\\nc")
    'a[31mred b c'
    """
    spaced = "".join(" " if unicodedata.category(c) in ("Zl", "Zp") or c in "\t\n\v\f\r" else c for c in text)
    kept = (c for c in spaced if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    return " ".join("".join(kept).split())


def language_of_text(text: str) -> str:
    """The language to read a text aloud in: "zh" where it holds Chinese characters, else "en"."""
    return "zh" if re.search(r"[㐀-鿿]", text) else "en"


def _section(one: ReadingList, language: str, anchors: _Anchors) -> Section:
    name = clean(one.topic.name_zh if language == "zh" else one.topic.name_en)
    anchor = anchors.make("topic", one.topic.id)
    return Section(
        anchor=anchor,
        name=name,
        rows=tuple(_row(entry, at, name, language, anchors) for at, entry in enumerate(one.entries, 1)),
        also=tuple(
            _row(entry, at, name, language, anchors) for at, entry in enumerate(one.also_mentioned, 1)
        ),
    )


def _row(entry: Entry, number: int, topic: str, language: str, anchors: _Anchors) -> Row:
    paper = entry.paper
    title = clean(paper.title) or f"{paper.key} ({WORDS[language]['no_title']})"
    return Row(
        number=number,
        rank=entry.rank,
        anchor=anchors.make("paper", paper.key),
        key=clean(paper.key),
        title=title,
        language=language_of_text(title),
        url=Markup(quote(url_of(paper.key), safe=":/?=~")),
        authors=join_authors([clean(name) for name in paper.authors], paper.authors_complete, language),
        year=_year_of(paper),
        venue=clean(paper.venue or ""),
        places=_places_of(entry, language),
        reason=clean(entry.reason),
        confidence=f"{entry.confidence:.0%}" if entry.confidence < _SURE else "",
        is_withdrawn=paper.is_withdrawn,
        topic=topic,
    )


def _year_of(paper: Paper) -> str:
    if paper.published:
        return str(paper.published.year)
    arxiv_id = arxiv_id_of(paper.key)
    year = paper.year or (year_month_of(arxiv_id)[0] if arxiv_id else None)
    return str(year or "")


def _places_of(entry: Entry, language: str) -> str:
    words = WORDS[language]
    lines_by_document: dict[str, list[int]] = {}
    for place in entry.places:
        lines_by_document.setdefault(place.document, []).append(place.line)
    places = [
        join_lines(_document_name(document, language), lines, language)
        for document, lines in lines_by_document.items()
    ]
    names = ", ".join(f"“{surface}”" for surface in _surfaces_of(entry))
    return join_documents(places, language) + (f"{words['as']}{names}" if names else "")


def _documents_of(lists: Sequence[ReadingList], language: str) -> list[str]:
    entries = (entry for one in lists for entry in (*one.entries, *one.also_mentioned))
    names = dict.fromkeys(place.document for entry in entries for place in entry.places)
    return sorted(_document_name(name, language) for name in names)


def _document_name(name: str, language: str) -> str:
    return WORDS[language]["stdin"] if name == "-" else clean(name)


def _surfaces_of(entry: Entry) -> tuple[str, ...]:
    """At most three names that the documents use, without those that are the title, an id or an address."""
    known = {
        _compare(entry.paper.title),
        _compare(entry.paper.key),
        _compare(entry.paper.key.partition(":")[2]),
    }
    surfaces: dict[str, str] = {}
    for place in entry.places:
        surface = clean(place.surface)
        is_address = re.search(r"https?:|www\.|arxiv|doi\.org|/", surface, re.IGNORECASE)
        if surface and not is_address and _compare(surface) not in known:
            shown = surface if len(surface) <= _SURFACE_LENGTH else surface[: _SURFACE_LENGTH - 1] + "…"
            surfaces.setdefault(_compare(surface), shown)
    return tuple(surfaces.values())[:_SURFACES]


def _compare(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


class _Anchors:
    """Makes names for places in a page, each only once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def make(self, kind: str, name: str) -> str:
        stem = f"{kind}-{re.sub(r'[^A-Za-z0-9.]+', '-', name).strip('-.')}"
        anchor, count = stem, 1
        while anchor.lower() in self._taken:
            count += 1
            anchor = f"{stem}-{count}"
        self._taken.add(anchor.lower())
        return anchor
