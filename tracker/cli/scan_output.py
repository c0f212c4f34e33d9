"""The output of `tracker scan`: JSON Lines for programs (a contract: see the README), a table for people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tracker.catalogue import Catalogue
from tracker.cli.terminal import escaped, printable, table
from tracker.identifiers import PaperKey
from tracker.models import Link, Role
from tracker.steps import title_and_year

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


class Table:
    """What is shown for people: a line per paper, the most treated first, then the surfaces that could not be settled.

    It keeps a few words of each paper and of each unsure surface, however many links it is given.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._papers: dict[PaperKey, _Row] = {}
        self._unsure: dict[str, _Unsure] = {}
        self._is_empty = True

    def add(self, links: Iterable[Link]) -> tuple[str, ...]:
        """Take in the links of the next document; prints nothing yet."""
        self._is_empty = False
        for link in links:
            mention = link.mention
            if link.paper and link.role is not Role.NAVIGATION:
                row = self._papers.setdefault(link.paper, _Row(f"{mention.document}:{mention.line}"))
                row.add(link)
            elif link.paper is None and link.alternatives:
                surface = " ".join(mention.surface.split())
                if surface not in self._unsure or link.confidence > self._unsure[surface].confidence:
                    other = link.alternatives[0]
                    words = (
                        f"  {mention.document}:{mention.line}: {surface}: perhaps {other.paper} {other.title} "
                        f"({other.confidence:.2f})"
                    )
                    self._unsure[surface] = _Unsure(link.confidence, words)
        return ()

    def lines(self) -> Iterator[str]:
        """The lines."""
        rows = [("paper", "year", "title", "times", "first", "sure", "role")]
        treated = sorted(self._papers.items(), key=lambda item: (not item[1].is_main, -item[1].salience))
        for key, row in treated:
            title, year = title_and_year(key, self._catalogue)
            role = Role.MAIN if row.is_main else Role.PASSING
            rows.append(
                (
                    key,
                    str(year or ""),
                    title or "(not in the catalogue)",
                    str(row.times),
                    row.first,
                    f"{row.confidence:.2f}",
                    str(role),
                )
            )
        if len(rows) > 1:
            yield from table(rows, stretch=2)
        elif not self._is_empty:
            yield "No papers found."
        yield from self._unsure_lines()

    def _unsure_lines(self) -> Iterator[str]:
        best = sorted(self._unsure.values(), key=lambda one: -one.confidence)
        if not best:
            return
        yield ""
        yield "Not sure (nothing was linked):"
        yield from (printable(one.words) for one in best[:MOST_UNSURE])
        if len(best) > MOST_UNSURE:
            yield f"  and {len(best) - MOST_UNSURE} more (--json shows all)"


class _Unsure(NamedTuple):
    confidence: float
    words: str


@dataclass(slots=True)
class _Row:
    """What the links to one paper come to."""

    first: str
    times: int = 0
    confidence: float = 0.0
    salience: float = 0.0
    is_main: bool = False

    def add(self, link: Link) -> None:
        self.times += 1
        self.confidence = max(self.confidence, link.confidence)
        self.salience = max(self.salience, link.salience)
        self.is_main |= link.role is Role.MAIN
