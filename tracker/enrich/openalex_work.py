"""What a work of OpenAlex says, as a `Record`. Pure.

A work gathers the copies of a paper ("locations"): the publisher's, that of arXiv, others. Date, year and pages
are those of its primary location.

Source: https://developers.openalex.org/api-reference/works (fields), https://help.openalex.org (locations, types).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from tracker.enrich.base import Record
from tracker.enrich.json_values import day, each, inner, number, text, words, year
from tracker.enrich.pages import page_range
from tracker.enrich.preprints import doi_of_publication, is_preprint_doi, is_preprint_place
from tracker.enrich.retractions import without_mark
from tracker.identifiers import (
    ArxivId,
    PaperKey,
    arxiv_id_of,
    arxiv_key,
    key_of_doi,
    parse_arxiv_id,
    parse_doi,
)
from tracker.keys import split_name
from tracker.models import VenueKind
from tracker.regex import regex

FIELDS = (
    "id,doi,ids,title,publication_year,publication_date,type,authorships,primary_location,locations,biblio,"
    "cited_by_count,is_retracted,abstract_inverted_index"
)
"""What is asked for of each work: the whole of one has 20 kB and more."""
MOST_AUTHORS = 100
"""OpenAlex lists no more of a work. A longer list was cut."""
_NO_PAPERS = """
    paratext dataset peer-review erratum retraction libguides supplementary-materials software standard
    book-review editorial
"""
NO_PAPERS = frozenset(_NO_PAPERS.split())
"""Types of works that bear the title of a paper and are none."""
_MOST_WORDS = 20_000
"""Of an abstract; what is longer is none."""
_AT_ARXIV = regex(r"arxiv\.org[/:](?:abs/|pdf/)?(?P<id>[^?#\s]+?)(?:\.pdf)?$", re.IGNORECASE)
"""The address of a page or file there, or the name that it has as a data provider: "oai:arXiv.org:1706.03762"."""
_PROCEEDINGS = frozenset({"proceedings-article", "conference-paper", "proceedings"})
_SERIES_OF_PROCEEDINGS = regex(
    r"lecture notes in|communications in computer and information science|proceedings|advances in intelligent systems",
    re.IGNORECASE,
)


class _Place(NamedTuple):
    """Where a work appeared."""

    location: dict[str, Any]
    name: str
    is_primary: bool


def keys_of(work: dict[str, Any]) -> set[PaperKey]:
    """The keys of the ids that a work names: its DOI, and those of its copies."""
    keys: set[PaperKey] = set()
    for address in _addresses(work):
        if doi := parse_doi(address):
            keys.add(PaperKey(f"doi:{doi}"))
            if keyed := key_of_doi(doi):
                keys.add(keyed[0])
    return keys | {arxiv_key(arxiv_id) for arxiv_id in _arxiv_ids(work)}


def own_key(work: dict[str, Any]) -> PaperKey | None:
    """The key of the publication's DOI, else of the preprint at arXiv; None where the work names neither."""
    doi = doi_of_publication(text(work, "doi"))
    keyed = key_of_doi(doi) if doi else None
    arxiv_ids = _arxiv_ids(work)
    return keyed[0] if keyed else arxiv_key(arxiv_ids[0]) if arxiv_ids else None


def record_of(work: dict[str, Any], key: PaperKey) -> Record | None:
    """The record of a work under this key; None where it has no title, or is none of a paper."""
    title, is_marked = without_mark(words(work, "title") or words(work, "display_name"))
    if not title or text(work, "type") in NO_PAPERS:
        return None
    doi, arxiv_ids = doi_of_publication(text(work, "doi")), _arxiv_ids(work)
    record = Record(
        key=key,
        title=title,
        authors=tuple(_authors(work)),
        published=None if doi and arxiv_ids else _first_day(work),
        doi=doi,
        arxiv_id=arxiv_ids[0] if arxiv_ids else None,
        is_preprint=not doi and _is_preprint(work),
        citations=number(work, "cited_by_count"),
        abstract=_abstract(work),
        is_withdrawn=True if is_marked or work.get("is_retracted") is True else None,
        venue_year=year(work, "publication_year") if doi and _is_dated_by_publication(work) else None,
    )
    place = _publication(work)
    return record.model_copy(update=_published(work, place, arxiv_ids)) if place else record


def _published(work: dict[str, Any], place: _Place, arxiv_ids: list[ArxivId]) -> dict[str, Any]:
    """The fields that tell of the publication."""
    return {
        "is_preprint": False,
        "published": None if arxiv_ids else _first_day(work),
        "venue": place.name,
        "venue_kind": _kind(work, place),
        "venue_year": year(work, "publication_year") if place.is_primary else None,
        "volume": text(work, "biblio", "volume") or None,
        "issue": text(work, "biblio", "issue") or None,
        "pages": _pages(work),
        "publisher": words(place.location, "source", "host_organization_name") or None,
    }


# --- copies ------------------------------------------------------------------------------------


def _locations(work: dict[str, Any]) -> list[dict[str, Any]]:
    """All copies, the primary one first."""
    primary = inner(work, "primary_location")
    return ([primary] if isinstance(primary, dict) else []) + each(work, "locations")


def _addresses(work: dict[str, Any]) -> Iterator[str]:
    """The addresses, and the names, of the work and its copies."""
    yield from (text(work, "doi"), text(work, "ids", "doi"))
    for location in _locations(work):
        yield from (text(location, name) for name in ("id", "landing_page_url", "pdf_url"))


def _arxiv_ids(work: dict[str, Any]) -> list[ArxivId]:
    """Ids of arXiv that the work or a copy of it names, each once."""
    found: dict[ArxivId, None] = {}
    for address in _addresses(work):
        page = _AT_ARXIV.search(address)
        parsed = parse_arxiv_id(page["id"]) if page else None
        if parsed is None and (doi := parse_doi(address)) and doi.startswith("10.48550/"):
            keyed = key_of_doi(doi)
            parsed = parse_arxiv_id(arxiv_id_of(keyed[0]) or "") if keyed else None
        if parsed:
            found[parsed[0]] = None
    return list(found)


def _publication(work: dict[str, Any]) -> _Place | None:
    """The first copy that is the publication, the primary one if it is such."""
    for location in _locations(work):
        if name := _name_of_publication(location):
            return _Place(location, name, location is work.get("primary_location"))
    return None


def _name_of_publication(location: dict[str, Any]) -> str:
    """The name of the journal or the proceedings; "" for a repository, whatever `version` says of the copy there.

    A place that OpenAlex does not know counts where the DOI of a publication leads to it. "Springer eBooks" is
    no name of a book, and a conference is often known by its letters alone.
    """
    kind, named, raw = (
        text(location, "source", "type"),
        words(location, "source", "display_name"),
        words(location, "raw_source_name"),
    )
    doi = parse_doi(text(location, "landing_page_url"))
    if (
        kind in {"repository", "metadata"}
        or (doi and is_preprint_doi(doi))
        or is_preprint_place(named or raw)
    ):
        return ""
    if not named:
        return raw if doi else ""
    is_raw_better = kind == "ebook platform" or (kind == "conference" and len(raw) > len(named))
    return raw if is_raw_better else named


def _is_preprint(work: dict[str, Any]) -> bool:
    places = [text(location, "source", "display_name") for location in _locations(work)]
    doi = parse_doi(text(work, "doi"))
    return (
        text(work, "type") == "preprint"
        or any(map(is_preprint_place, places))
        or bool(doi and is_preprint_doi(doi))
    )


def _is_dated_by_publication(work: dict[str, Any]) -> bool:
    """Whether the year of a work is that of its DOI, and not of a copy in a repository."""
    primary = inner(work, "primary_location")
    return text(primary, "source", "type") != "repository"


def _kind(work: dict[str, Any], place: _Place) -> VenueKind | None:
    source = text(place.location, "source", "type")
    kinds = {text(place.location, "raw_type"), text(work, "type")}
    if source == "conference" or kinds & _PROCEEDINGS:
        return VenueKind.PROCEEDINGS
    if source == "journal":
        return VenueKind.JOURNAL
    if source in {"book series", "ebook platform"} or kinds & {"book-chapter", "book", "reference-entry"}:
        return VenueKind.PROCEEDINGS if _SERIES_OF_PROCEEDINGS.search(place.name) else VenueKind.BOOK
    return VenueKind.JOURNAL if "journal-article" in kinds else None


# --- the rest ----------------------------------------------------------------------------------


def _authors(work: dict[str, Any]) -> list[str]:
    """As printed, "Given Family"; none where the list was cut, or a name of it is missing."""
    listed = each(work, "authorships")
    names = [_name(one) for one in listed]
    is_cut = len(listed) >= MOST_AUTHORS or work.get("is_authors_truncated") is True
    return [] if is_cut or not all(names) else names


def _name(authorship: dict[str, Any]) -> str:
    """The name on the paper or, where that is none, the one of the author's profile.

    >>> _name({"raw_author_name": "Dettmers, Tim", "author": {"display_name": "T. Dettmers"}})
    'Tim Dettmers'
    """
    printed, profile = words(authorship, "raw_author_name"), words(authorship, "author", "display_name")
    if not printed or any(c.isdigit() or c in "@();" for c in printed):
        printed = profile or printed
    name = split_name(printed)
    if printed.count(",") != 1 or name.is_organisation or not name.given:
        return printed
    return " ".join(filter(None, (name.given, name.family, name.suffix)))


def _first_day(work: dict[str, Any]) -> date | None:
    """The date, unless it is a 1st of January: so it stands where only the year is known."""
    found = day(work, "publication_date")
    return None if found and (found.month, found.day) == (1, 1) else found


def _pages(work: dict[str, Any]) -> str | None:
    first, last = text(work, "biblio", "first_page"), text(work, "biblio", "last_page")
    return page_range(f"{first}-{last}" if first and last and first != last else first)


def _abstract(work: dict[str, Any]) -> str | None:
    """The abstract out of the index that tells for each word where it stands.

    >>> _abstract({"abstract_inverted_index": {"is": [1], "This": [0], "short.": [2]}})
    'This is short.'
    """
    index = inner(work, "abstract_inverted_index")
    places = (
        {word: at for word, at in index.items() if isinstance(at, list)} if isinstance(index, dict) else {}
    )
    if not 0 < sum(map(len, places.values())) <= _MOST_WORDS:
        return None
    placed = [(one, word) for word, at in places.items() for one in at if isinstance(one, int)]
    return words(" ".join(word for _, word in sorted(placed))) or None
