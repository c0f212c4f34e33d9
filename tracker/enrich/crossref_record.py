"""What an item of Crossref says, as a `Record`. Pure.

In comes a work as Crossref's REST API gives it, which is what a publisher has deposited, in whatever state; its
shape stays in this module.

Source: https://github.com/CrossRef/rest-api-doc/blob/master/api_format.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tracker.enrich.base import Record
from tracker.enrich.json_values import each, inner, number, text, words
from tracker.enrich.markup import plain_line
from tracker.enrich.pages import page_range
from tracker.enrich.preprints import is_preprint_doi, is_preprint_place
from tracker.enrich.retractions import without_mark
from tracker.identifiers import ArxivId, Doi, PaperKey, arxiv_id_of, key_of_doi, parse_key
from tracker.models import VenueKind
from tracker.regex import regex

_DOI = regex(r"10\.[0-9]{4,9}/\S{1,400}")
_RETRACTIONS = frozenset({"retraction", "withdrawal", "removal"})
"""Types of notices after which a work does not count any more; corrections and concerns are others."""
_NEW_VERSIONS = frozenset({"new_version", "new_edition", "version"})
_NO_PAPERS = frozenset(
    {
        *("journal", "journal-issue", "journal-volume", "proceedings", "proceedings-series", "book-series"),
        *("book-set", "report-series", "component", "peer-review", "grant", "database", "standard-series"),
    }
)
"""Types of works that nobody cites as a paper."""
_PROCEEDINGS = regex(
    r"\bproceedings\b|\bconference\b|\bworkshops?\b|\bsymposium\b|\bcongress\b|\bcolloquium\b"
    r"|\blecture notes in (?:computer|artificial|business|networks|electrical|informatics|bioinformatics)\b"
    r"|\bcommunications in computer and information science\b|\bifip advances\b",
    re.IGNORECASE,
)
_SERIES = regex(
    r"^(?:lecture notes|communications in computer|ifip advances|advances in intelligent systems"
    r"|studies in |springer proceedings|smart innovation|acm international conference proceeding)",
    re.IGNORECASE,
)
_CHAPTERS = frozenset({"book-chapter", "book-section", "book-part", "reference-entry"})
_RELATIONS = ("has-preprint", "is-same-as", "is-version-of", "has-version", "is-identical-to")
"""By which a publisher names the preprint, in the order of how plainly they say so."""


def record_of(item: Mapping[str, Any]) -> Record | None:
    """The record of a work; None where it has no DOI or no title.

    Its key is that of its DOI. The title is without "RETRACTED:", which `is_withdrawn` says. The venue's year is
    that of the printed issue, which people cite, and only without one that of the electronic version: a paper
    that was online in 2016 and printed in 2017 stands in the volume of 2017.
    """
    item = dict(item)
    doi = text(item, "DOI").lower()
    title, is_marked = without_mark(_title(item))
    if not _DOI.fullmatch(doi) or not title:
        return None
    titles = _titles(item, "container-title")
    is_preprint = (
        text(item, "type") == "posted-content" or is_preprint_doi(doi) or any(map(is_preprint_place, titles))
    )
    keyed = key_of_doi(doi)
    record = Record(
        key=keyed[0] if keyed else PaperKey(f"doi:{doi}"),
        title=title,
        authors=_authors(item),
        published=_day(item),
        arxiv_id=_arxiv_id(item),
        is_preprint=is_preprint,
        citations=number(item, "is-referenced-by-count"),
        abstract=_abstract(item),
        is_withdrawn=True if is_marked or _has_retraction(item) else None,
    )
    return record if is_preprint else record.model_copy(update=_publication(item, Doi(doi), titles))


def is_paper(item: Mapping[str, Any]) -> bool:
    """Whether a work is a paper, and not a journal, a reply of a referee, or the notice of a retraction."""
    updates = {text(one, "type").lower().replace("-", "_") for one in each(dict(item), "update-to")}
    return text(dict(item), "type") not in _NO_PAPERS and updates <= _NEW_VERSIONS


def _publication(item: dict[str, Any], doi: Doi, titles: list[str]) -> dict[str, Any]:
    """The fields that only a published version has."""
    kind = _kind(item, titles)
    return {
        "venue": _venue(item, titles, kind),
        "venue_kind": kind,
        "venue_year": _venue_year(item),
        "volume": text(item, "volume") or None,
        "issue": text(item, "issue") or None,
        "pages": page_range(text(item, "page")) or text(item, "article-number") or None,
        "publisher": words(item, "publisher") or None,
        "doi": doi,
    }


# --- title and authors -------------------------------------------------------------------------


def _titles(item: dict[str, Any], name: str) -> list[str]:
    """The texts of a list, without markup; Crossref has titles in lists."""
    found = inner(item, name)
    values = found if isinstance(found, list) else [found]
    return [line for value in values if isinstance(value, str) and (line := plain_line(value))]


def _title(item: dict[str, Any]) -> str:
    """Title and subtitle, as they are printed."""
    title, subtitle = (next(iter(_titles(item, name)), "") for name in ("title", "subtitle"))
    if not title or not subtitle or subtitle.lower() in title.lower():
        return title
    return f"{title}{'' if title[-1] in ':?!' else ':'} {subtitle}"


def _authors(item: dict[str, Any]) -> tuple[str, ...]:
    """All of them in order; none where one of them has no name."""
    names = [_name(author) for author in each(item, "author")]
    return tuple(names) if all(names) else ()


def _name(author: dict[str, Any]) -> str:
    parts = (words(author, part) for part in ("given", "family", "suffix"))
    return " ".join(filter(None, parts)) or words(author, "name")


# --- where and when ----------------------------------------------------------------------------


def _kind(item: dict[str, Any], titles: list[str]) -> VenueKind | None:
    what = text(item, "type")
    if what == "journal-article":
        return VenueKind.JOURNAL
    if what == "proceedings-article":
        return VenueKind.PROCEEDINGS
    if what in _CHAPTERS:
        is_proceedings = bool(words(item, "event", "name")) or any(map(_PROCEEDINGS.search, titles))
        return VenueKind.PROCEEDINGS if is_proceedings else VenueKind.BOOK
    return None


def _venue(item: dict[str, Any], titles: list[str], kind: VenueKind | None) -> str | None:
    """The journal or book. Where a series is named too, as before the title of proceedings, the book counts."""
    if not titles:
        return (kind is VenueKind.PROCEEDINGS and words(item, "event", "name")) or None
    books = (
        [title for title in titles if not _SERIES.match(title)] if kind is not VenueKind.JOURNAL else titles
    )
    return (books or titles)[0]


def _dates(item: dict[str, Any]) -> Iterator[tuple[int, ...]]:
    """Year, month and day as far as told: of the printed issue, of the electronic version, of either."""
    places = (("published-print",), ("journal-issue", "published-print"), ("published-online",))
    for names in (*places, ("published",), ("issued",)):
        parts = inner(item, *names, "date-parts")
        first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
        numbers = [number(part) for part in first[:3]]
        if numbers and numbers[0] and 1000 <= numbers[0] <= 2100:
            yield tuple(part for part in numbers if part)


def _venue_year(item: dict[str, Any]) -> int | None:
    return next((parts[0] for parts in _dates(item)), None)


def _day(item: dict[str, Any]) -> date | None:
    """The first day on which it could be read, where one is told."""
    days = []
    for parts in _dates(item):
        try:
            days.append(date(*parts[:3]))
        except (TypeError, ValueError):  # only year and month, or the 31st of June
            continue
    return min(days, default=None)


# --- what else it says -------------------------------------------------------------------------


def _arxiv_id(item: dict[str, Any]) -> ArxivId | None:
    for relation in _RELATIONS:
        for other in each(item, "relation", relation):
            key = parse_key(text(other, "id"))
            if key and (arxiv_id := arxiv_id_of(key)):
                return arxiv_id
    return None


def _has_retraction(item: dict[str, Any]) -> bool:
    """Whether a notice says so: "updated-by" names it, while "update-to" stands in the notice itself."""
    return any(text(one, "type").lower() in _RETRACTIONS for one in each(item, "updated-by"))


def _abstract(item: dict[str, Any]) -> str | None:
    given = text(item, "abstract")
    start = r"^\s*<(?P<tag>(?:jats:)?title)>\s*(?:abstract|summary)\W*</(?P=tag)>"
    return plain_line(re.sub(start, "", given, count=1, flags=re.IGNORECASE)) or None
