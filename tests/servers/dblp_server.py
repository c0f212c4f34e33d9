"""A server in the place of DBLP's search for publications: all words must be there, preprints stand among the rest."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from tests.servers import loopback
from tests.servers.facts import Facts, Publication, read_papers, read_publications
from tests.servers.loopback import NOT_FOUND, Exchange, LoopbackServer, Play, Reply, Request, send
from tests.servers.ranking import all_words

KIND = "application/json;charset=utf-8"
MOST_HITS = 1000
_TYPES = {
    "journal": "Journal Articles",
    "proceedings": "Conference and Workshop Papers",
    "book": "Parts in Books or Collections",
    "preprint": "Informal and Other Publications",
}


def preprint(paper: Facts) -> Publication:
    """The record under which DBLP has a paper of arXiv."""
    name = paper.id.replace(".", "-").replace("/", "-")
    return Publication(
        title=paper.title,
        authors=paper.authors,
        kind="preprint",
        date=paper.date,
        arxiv=paper.id,
        short="CoRR",
        volume=f"abs/{paper.id}",
        doi=f"10.48550/ARXIV.{paper.id}",
        dblp=f"journals/corr/abs-{name}",
    )


def info(publication: Publication) -> dict[str, Any]:
    """What DBLP says of a publication."""
    is_preprint = publication.kind == "preprint"
    authors = [_author(publication, name) for name in publication.authors]
    address = f"https://doi.org/{publication.doi}" if publication.doi else "https://proceedings.example/paper"
    optional = {
        "volume": publication.volume if publication.kind != "proceedings" else "",
        "number": publication.issue,
        "pages": publication.pages or publication.article,
    }
    identifiers = {"doi": publication.doi.upper()} if publication.doi else {}
    return {
        "authors": {"author": authors[0] if len(authors) == 1 else authors},
        "title": f"{html.escape(publication.title)}.",
        "venue": publication.short,
        **{name: value for name, value in optional.items() if value},
        "year": publication.date[:4],
        "type": _TYPES[publication.kind],
        "access": "open",
        "key": publication.dblp,
        **identifiers,
        "ee": address if not is_preprint else f"https://doi.org/10.48550/arXiv.{publication.arxiv}",
        "url": f"https://dblp.org/rec/{publication.dblp}",
    }


def _author(publication: Publication, name: str) -> dict[str, str]:
    number = publication.homonyms.get(name)
    pid = f"{sum(map(ord, name)) % 300}/{len(name) * 97}"
    return {"@pid": f"{pid}-{int(number)}" if number else pid, "text": f"{name} {number}" if number else name}


def page(question: str, infos: list[dict[str, Any]], total: int, first: int = 0) -> str:
    """An answer of the API."""
    hits: dict[str, Any] = {
        "@total": str(total),
        "@computed": str(total),
        "@sent": str(len(infos)),
        "@first": str(first),
    }
    if infos:
        hits["hit"] = [
            {
                "@score": str(9 - number % 5),
                "@id": str(411000 + number),
                "info": one,
                "url": f"URL#{411000 + number}",
            }
            for number, one in enumerate(infos)
        ]
    result = {
        "query": " ".join(f"{word}*" for word in question.split()),
        "status": {"@code": "200", "text": "OK"},
        "time": {"@unit": "msecs", "text": "7.02"},
        "completions": {"@total": "1", "@computed": "0", "@sent": "0"},
        "hits": hits,
    }
    return json.dumps({"result": result}, ensure_ascii=False, indent=1)


FAULTS: Mapping[str, Play] = {
    **loopback.JSON_FAULTS,
    "no hits": send(lambda e: re.sub(r'(?s)"hit": \[.*\]', '"hit": []', e.page)),
    "hits null": send(lambda e: re.sub(r'(?s)"hits": \{.*\}', '"hits": null }}', e.page)),
    "one hit": send(lambda e: _one(e)),
}


def _one(exchange: Exchange) -> str:
    """The first hit alone, and not in a list; this is no fault, only another way to say it."""
    reply = json.loads(exchange.page)
    hits = reply["result"]["hits"]
    if "hit" in hits:
        hits |= {"@total": "1", "@sent": "1", "hit": hits["hit"][0]}
    return json.dumps(reply)


class DblpServer(LoopbackServer):
    """The server; `url` is the value for TRACKER_DBLP_URL."""

    NAME = "dblp"
    FAULTS = FAULTS

    def __init__(
        self,
        papers: Mapping[str, Facts] | None = None,
        publications: Iterable[Publication] | None = None,
        **options: Any,
    ) -> None:
        """Knows the papers of computer science as preprints, and the `publications` that have a key of DBLP.

        Args:
            options: as in `LoopbackServer`.
        """
        super().__init__(**options)
        known = read_papers() if papers is None else papers
        published = read_publications(known) if publications is None else publications
        self.known = [
            *(one for one in published if one.dblp),
            *(
                preprint(paper)
                for paper in known.values()
                if paper.categories[0].startswith(("cs.", "stat."))
            ),
        ]

    def answer(self, request: Request) -> Reply:
        if request.path != "/search/publ/api":
            return NOT_FOUND
        question, most, first = (request.params.get(name, "") for name in ("q", "h", "f"))
        if request.params.get("format") != "json":
            return Reply("<?xml version='1.0'?>\n<result><title>XML</title></result>", kind="application/xml")
        found = [info(one) for one in all_words(self.known, question)]
        start = int(first) if first.isdigit() else 0
        size = min(int(most), MOST_HITS) if most.isdigit() else 30
        return Reply(page(question, found[start : start + size], len(found), start), kind=KIND)

    def other_record(self, request: Request) -> Reply:
        there = {info(one)["key"] for one in all_words(self.known, request.params.get("q", ""))}
        others = [info(one) for one in self.known if one.dblp not in there][:2]
        return Reply(page(request.params.get("q", ""), others, len(others)), kind=KIND)
