"""Papers in the terminal: one line each, or one whole."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

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
    """The record of one paper, a field a line."""
    authors = list(paper.authors[:MOST_AUTHORS])
    if len(paper.authors) > MOST_AUTHORS or (authors and not paper.authors_complete):
        authors.append("and others")
    fields = {
        "title": paper.title or "(not known)",
        "authors": ", ".join(authors) or "(not known yet)",
        "published": str(paper.published or paper.year or ""),
        "venue": paper.venue,
        "categories": " ".join(paper.categories),
        "known as": ", ".join(paper.aliases[:MOST_AUTHORS]),
        "doi": paper.doi,
        "url": url_of(paper.key),
        "abstract": paper.abstract,
    }
    yield printable(f"{paper.key}{'  (withdrawn)' if paper.is_withdrawn else ''}")
    for name, value in fields.items():
        if value:
            yield printable(f"  {name:10}  {value}")


def place_lines(stored: StoredPaper) -> Iterator[str]:
    """Where a paper of the library was mentioned, and why each mention was linked to it."""
    state = [
        f"read on {stored.read_on}" if stored.read_on else "not read",
        *(f"#{tag}" for tag in stored.tags),
    ]
    state += ["dropped"] if stored.is_dropped else []
    yield printable(f"  {'state':10}  {', '.join(state)}")
    yield "  mentioned"
    for link in stored.places:
        mention = link.mention
        why = "; ".join(evidence.detail for evidence in link.evidence)
        surface = " ".join(mention.surface.split())
        yield printable(f"    {mention.document}:{mention.line}  “{surface}”  {link.confidence:.2f}  {why}")
