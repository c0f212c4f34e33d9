"""Papers in the terminal: one line each, or one whole."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from tracker.cli.terminal import printable, table
from tracker.identifiers import url_of
from tracker.models import Paper, StoredPaper

MOST_AUTHORS = 6


def paper_lines(papers: Sequence[Paper], *, as_json: bool) -> Iterable[str]:
    """One line per paper, in the order given: key, year, title; or JSON."""
    if as_json:
        fields = {"key", "title", "authors", "year", "venue", "doi"}
        return [
            json.dumps(paper.model_dump(mode="json", include=fields), ensure_ascii=False) for paper in papers
        ]
    rows = [(p.key, str(p.year or ""), p.title or "(not in the catalogue)") for p in papers]
    return table(rows, stretch=2)


def record_lines(paper: Paper) -> Iterator[str]:
    """The record of one paper, a field a line with where it comes from; then what is said otherwise."""
    authors = list(paper.authors[:MOST_AUTHORS])
    if len(paper.authors) > MOST_AUTHORS or (authors and not paper.authors_complete):
        authors.append("and others")
    version = f"v{paper.version} of {paper.updated}" if paper.version and paper.updated else None
    fields = {
        "title": paper.title or "(not known)",
        "published_title": paper.published_title,
        "authors": ", ".join(authors) or "(not known yet)",
        "published": str(paper.published or paper.year or ""),
        "version": version,
        "venue": _venue(paper),
        "pages": _pages(paper),
        "publisher": paper.publisher,
        "categories": " ".join(paper.categories),
        "aliases": ", ".join(paper.aliases[:MOST_AUTHORS]),
        "doi": paper.doi,
        "comment": paper.comment,
        "citations": None if paper.citations is None else str(paper.citations),
        "url": url_of(paper.key),
        "abstract": paper.abstract,
    }
    yield printable(f"{paper.key}{'  (withdrawn)' if paper.is_withdrawn else ''}")
    for name, value in fields.items():
        if value:
            yield printable(f"  {_LABELS.get(name, name):11}  {value}{_origin(paper, name)}")
    for other in paper.other_values:
        where = _where(other.source, other.retrieved)
        yield printable(f"  {'but':11}  {_LABELS.get(other.field, other.field)}: {other.value}  ({where})")
    for one in paper.candidates:
        facts = ", ".join(filter(None, (one.title, one.venue, str(one.year or ""), one.doi)))
        where = _where(one.source, one.retrieved)
        yield printable(f"  {'perhaps':11}  published as: {facts}  ({one.doubt}; {where})")


_LABELS = {
    "published_title": "printed as",
    "aliases": "known as",
    "citations": "cited by",
    "pages": "where in it",
    "venue_kind": "kind of venue",
    "venue_year": "year of the venue",
}


def _venue(paper: Paper) -> str:
    year = str(paper.venue_year or "")
    return f"{paper.venue} ({year})" if paper.venue and year not in paper.venue else paper.venue or ""


def _pages(paper: Paper) -> str:
    named = {"volume": paper.volume, "issue": paper.issue, "pages": paper.pages}
    return ", ".join(f"{name} {value}" for name, value in named.items() if value)


def _origin(paper: Paper, field: str) -> str:
    """ "  (arXiv, 2026-11-22)"; nothing for what comes with the catalogue."""
    origin = paper.provenance.get(field)
    return f"  ({_where(origin.source, origin.retrieved)})" if origin else ""


def _where(source: str, retrieved: datetime | None) -> str:
    return f"{source}, {retrieved:%Y-%m-%d}" if retrieved else source


def place_lines(stored: StoredPaper) -> Iterator[str]:
    """Where a paper of the library was mentioned, and why each mention was linked to it."""
    state = [
        f"read on {stored.read_on}" if stored.read_on else "not read",
        *(f"#{tag}" for tag in stored.tags),
    ]
    state += ["dropped"] if stored.is_dropped else []
    yield printable(f"  {'state':11}  {', '.join(state)}")
    if stored.checked:
        yield f"  {'asked':11}  {stored.checked:%Y-%m-%d}, see `tracker update`"
    yield "  mentioned"
    for link in stored.places:
        mention = link.mention
        why = "; ".join(evidence.detail for evidence in link.evidence)
        surface = " ".join(mention.surface.split())
        yield printable(f"    {mention.document}:{mention.line}  “{surface}”  {link.confidence:.2f}  {why}")
