"""The output of `tracker scan`: JSON Lines for programs (a contract: see the README), a table for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from tracker.cli.terminal import escaped, printable, table
from tracker.identifiers import PaperKey
from tracker.models import Link, Role
from tracker.steps import Found, title_and_year

MOST_UNSURE = 12
"""Unsure surfaces that the table shows; the others are counted."""


def json_lines(links: Iterable[Link]) -> Iterator[str]:
    """One JSON object per mention, in document order. Fields may be added, never renamed or taken away."""
    for link in links:
        mention = link.mention
        fields = {
            "document": mention.document,
            "kind": str(mention.kind),
            "surface": mention.surface,
            "start": mention.start,
            "end": mention.end,
            "line": mention.line,
            "paper": link.paper,
            "title": link.title,
            "version": mention.version,
            "confidence": link.confidence,
            "role": str(link.role),
            "salience": link.salience,
            "reason": link.reason,
            "evidence": [evidence.detail for evidence in link.evidence],
            "alternatives": [
                {"paper": other.paper, "title": other.title, "confidence": other.confidence}
                for other in link.alternatives
            ],
        }
        yield escaped(json.dumps(fields, ensure_ascii=False))


def table_lines(found: Found) -> Iterator[str]:
    """One line per paper, the most treated first, then the surfaces that could not be settled."""
    rows = [("paper", "year", "title", "times", "first", "sure", "role")]
    for key, links in _by_paper(found).items():
        first = links[0].mention
        title, year = title_and_year(key, found.catalogue)
        rows.append(
            (
                key,
                str(year or ""),
                title or "(not in the catalogue)",
                str(len(links)),
                f"{first.document}:{first.line}",
                f"{max(link.confidence for link in links):.2f}",
                str(Role.MAIN if _is_main(links) else Role.PASSING),
            )
        )
    if len(rows) > 1:
        yield from table(rows, stretch=2)
    elif found.documents:
        yield "No papers found."
    yield from _unsure_lines(found.links)


def _by_paper(found: Found) -> dict[PaperKey, list[Link]]:
    """The shown links of each paper, in the order of documents and places; the most treated paper first."""
    papers: dict[PaperKey, list[Link]] = {}
    for link in found.links:
        if link.paper and link.role is not Role.NAVIGATION:
            papers.setdefault(link.paper, []).append(link)
    treated = sorted(
        papers.items(),
        key=lambda item: (not _is_main(item[1]), -max(link.salience for link in item[1])),
    )
    return dict(treated)


def _is_main(links: Iterable[Link]) -> bool:
    return any(link.role is Role.MAIN for link in links)


def _unsure_lines(links: Iterable[Link]) -> Iterator[str]:
    best: dict[str, Link] = {}
    for link in links:
        if link.paper is None and link.alternatives:
            surface = " ".join(link.mention.surface.split())
            if surface not in best or link.confidence > best[surface].confidence:
                best[surface] = link
    if not best:
        return
    yield ""
    yield "Not sure (nothing was linked):"
    for surface in sorted(best, key=lambda s: -best[s].confidence)[:MOST_UNSURE]:
        mention, other = best[surface].mention, best[surface].alternatives[0]
        yield printable(
            f"  {mention.document}:{mention.line}: {surface}: perhaps {other.paper} {other.title} "
            f"({other.confidence:.2f})"
        )
    if len(best) > MOST_UNSURE:
        yield f"  and {len(best) - MOST_UNSURE} more (--json shows all)"
