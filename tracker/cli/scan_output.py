"""The output of `tracker scan`: JSON Lines for programs (a contract: see the README), a table for people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator

from tracker.cli.terminal import printable, table
from tracker.identifiers import PaperKey
from tracker.models import Link, Role
from tracker.pipeline import Found

MOST_UNSURE = 12
"""Unsure surfaces that the table shows; the others are counted."""


def json_lines(links: Iterable[Link]) -> Iterator[str]:
    """One JSON object per mention, in document order. Fields are only ever added, never renamed or taken away."""
    for link in links:
        mention = link.mention
        yield json.dumps(
            {
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
            },
            ensure_ascii=False,
        )


def table_lines(found: Found) -> Iterator[str]:
    """One line per paper, the most treated first, then the surfaces that could not be settled."""
    rows = [("paper", "year", "title", "times", "first", "sure", "role")]
    for key, links in _by_paper(found.links).items():
        first = min(links, key=lambda link: (link.mention.document, link.mention.start)).mention
        paper = found.papers.get(key)
        rows.append(
            (
                key,
                str(paper.year or "") if paper else "",
                (paper.title if paper else "") or "(not in the catalogue)",
                str(len(links)),
                f"{first.document}:{first.line}",
                f"{max(link.confidence for link in links):.2f}",
                str(links[0].role),
            )
        )
    if len(rows) == 1:
        yield "No papers found."
    else:
        yield from table(rows, stretch=2)
    yield from _unsure_lines(found.links)


def _by_paper(links: Iterable[Link]) -> dict[PaperKey, list[Link]]:
    papers: dict[PaperKey, list[Link]] = {}
    for link in links:
        if link.paper and link.role is not Role.NAVIGATION:
            papers.setdefault(link.paper, []).append(link)
    treated = sorted(
        papers.items(), key=lambda item: (item[1][0].role is not Role.MAIN, -item[1][0].salience)
    )
    return dict(treated)


def _unsure_lines(links: Iterable[Link]) -> Iterator[str]:
    unsure: Counter[str] = Counter()
    best: dict[str, Link] = {}
    for link in links:
        if link.paper is None and link.alternatives:
            surface = " ".join(link.mention.surface.split())
            unsure[surface] += 1
            if surface not in best or link.confidence > best[surface].confidence:
                best[surface] = link
    if not unsure:
        return
    yield ""
    yield "Not sure (nothing was linked):"
    for surface in sorted(best, key=lambda s: -best[s].confidence)[:MOST_UNSURE]:
        other = best[surface].alternatives[0]
        line = best[surface].mention.line
        yield printable(
            f"  line {line}: {surface} — perhaps {other.paper} {other.title} ({other.confidence:.2f})"
        )
    if len(unsure) > MOST_UNSURE:
        yield f"  and {len(unsure) - MOST_UNSURE} more (--json shows all)"
