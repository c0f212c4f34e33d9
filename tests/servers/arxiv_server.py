"""A real HTTP server on loopback in the place of arXiv's API, with arXiv's faults to order.

It speaks arXiv's Atom format, and refuses what arXiv refuses: impossible ids, and questions that come too fast
or two at a time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.servers import atom, loopback
from tests.servers.facts import Facts, invented, read_papers
from tests.servers.loopback import NOT_FOUND, Exchange, LoopbackServer, Play, Reply, Request, send

POSSIBLE_ID = re.compile(r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v([1-9]\d*))?")
KIND = "application/atom+xml"


def _entries(exchange: Exchange) -> list[str]:
    """The records of a healthy answer."""
    return re.findall(r"(?s)  <entry>.*?</entry>\n", exchange.page)


FAULTS: Mapping[str, Play] = {
    **loopback.XML_FAULTS,
    "empty feed": send(lambda _: atom.feed([])),
    "hollow feed": send(lambda e: atom.feed([], total=len(e.request.ids))),
    "short feed": send(lambda e: atom.feed(_entries(e)[:-1], total=len(_entries(e)))),
    "lacking one": send(lambda e: atom.feed(_entries(e)[:-1])),
    "error 200": send(lambda _: atom.error_feed("sort order must be in: ascending, descending")),
    "error 400": send(lambda _: atom.error_feed("start must be an integer"), status=400),
    "refused id": send(lambda e: atom.error_feed(f"incorrect id format for {e.request.ids[0]}"), status=400),
    "no total": send(lambda e: re.sub("<opensearch:total.*", "", e.page)),
    "one twice": send(lambda e: atom.feed([_entries(e)[0], *_entries(e)])),
    "bad date": send(lambda e: e.page.replace("<published>", "<published>the year ", 1)),
    "no date": send(lambda e: re.sub("<published>.*</published>", "", e.page, count=1)),
    "no title": send(lambda e: re.sub("    <title>.*</title>", "    <title> </title>", e.page, count=1)),
}


class ArxivServer(LoopbackServer):
    """The server; `url` is the value for TRACKER_ARXIV_URL."""

    NAME = "arxiv"
    PATH = "/api/query"
    FAULTS = FAULTS

    def __init__(
        self, papers: Mapping[str, Facts] | None = None, *, invents: bool = False, **options: Any
    ) -> None:
        """Knows `papers` (default: those of the file beside this module).

        Args:
            invents: answers for every possible id, with a made-up title where it knows none.
            options: as in `LoopbackServer`.
        """
        super().__init__(**options)
        self.papers = read_papers() if papers is None else dict(papers)
        self.invents = invents

    def ids_of(self, request: Request) -> tuple[str, ...]:
        return tuple(filter(None, request.params.get("id_list", "").split(",")))

    def answer(self, request: Request) -> Reply:
        if request.path != self.PATH:
            return NOT_FOUND
        if wrong := [arxiv_id for arxiv_id in request.ids if not POSSIBLE_ID.fullmatch(arxiv_id)]:
            return Reply(atom.error_feed(f"incorrect id format for {wrong[0]}"), 400, KIND)
        return Reply(self._feed(request, self._entries(request)), kind=KIND)

    def other_record(self, request: Request) -> Reply:
        other = atom.entry(invented("2001.00001"))
        return Reply(self._feed(request, [other, *self._entries(request)[1:]]), kind=KIND)

    def _feed(self, request: Request, entries: list[str]) -> str:
        asked = request.params.get("max_results", "10")
        size = int(asked) if asked.isdigit() else 10
        return atom.feed(entries[:size], total=len(entries), size=size)

    def _entries(self, request: Request) -> list[str]:
        return [text for arxiv_id in request.ids for text in self._entry(arxiv_id)][::-1]

    def _entry(self, arxiv_id: str) -> list[str]:
        found = POSSIBLE_ID.fullmatch(arxiv_id)
        if not found:
            return []
        paper = self.papers.get(found[1]) or (invented(found[1]) if self.invents else None)
        return [atom.entry(paper, int(found[2]) if found[2] else None)] if paper else []
