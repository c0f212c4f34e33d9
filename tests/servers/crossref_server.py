"""A server in the place of Crossref's REST API: works by DOI, lists of DOIs, and its fuzzy search."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from tests.servers import loopback
from tests.servers.facts import Publication, read_publications
from tests.servers.loopback import Exchange, LoopbackServer, Play, Reply, Request, send
from tests.servers.ranking import ranked

KIND = "application/json;charset=utf-8"
HEADERS = {
    "access-control-allow-origin": "*",
    "x-rate-limit-limit": "3",
    "x-rate-limit-interval": "1s",
    "x-api-pool": "polite",
}
_SELECTS = """
    abstract URL resource member posted score created degree update-policy short-title license ISSN
    container-title issued update-to issue prefix approved indexed article-number clinical-trial-number
    accepted author group-title DOI is-referenced-by-count updated-by event chair standards-body
    original-title funder translator published archive published-print alternative-id subject subtitle
    published-online publisher-location content-domain reference title link type publisher volume
    references-count ISBN issn-type assertion deposited page content-created short-container-title relation
    editor
"""
SELECTS = frozenset(_SELECTS.split())
"""What `/works` lets one choose; it refuses a question with any other name in it."""
MOST_ROWS = 1000
_DAY = {"date-parts": [[2024, 5, 2]], "date-time": "2024-05-02T10:22:31Z", "timestamp": 1714645351000}
_TYPES = {"journal": "journal-article", "proceedings": "proceedings-article", "book": "book-chapter"}


def work(publication: Publication) -> dict[str, Any]:
    """A work as the API gives it."""
    is_preprint = publication.kind == "preprint"
    is_chapter = bool(publication.book)
    dates = {
        "published-print": None if is_preprint or not publication.venue else _parts(publication.date),
        "published-online": _parts(publication.online) if publication.online else None,
        "posted": _parts(publication.date) if is_preprint else None,
    }
    earliest = _parts(min(filter(None, (publication.date, publication.online))))
    optional = {
        **dates,
        "volume": publication.volume,
        "issue": publication.issue,
        "journal-issue": {"issue": publication.issue, "published-print": dates["published-print"]}
        if publication.issue
        else None,
        "page": publication.pages,
        "article-number": publication.article,
        "event": {"name": publication.venue, "start": earliest, "location": "Somewhere"}
        if publication.kind == "proceedings" and not is_chapter
        else None,
        "subtype": "preprint" if is_preprint else None,
        "institution": [{"name": "bioRxiv"}] if is_preprint else None,
        "updated-by": [_retraction(publication)] if publication.is_retracted else None,
    }
    titles = [publication.venue, publication.book] if is_chapter else [publication.venue]
    return {
        "indexed": {**_DAY, "version": "3.49.0"},
        "reference-count": 2,
        "publisher": publication.publisher,
        "license": [
            {
                "start": _DAY,
                "content-version": "vor",
                "delay-in-days": 0,
                "URL": "https://publisher.example/licence",
            }
        ],
        "content-domain": {"domain": [], "crossmark-restriction": False},
        "short-container-title": [],
        **{name: value for name, value in optional.items() if value},
        "DOI": publication.doi,
        "type": "posted-content"
        if is_preprint
        else "book-chapter"
        if is_chapter
        else _TYPES[publication.kind],
        "created": _DAY,
        "source": "Crossref",
        "is-referenced-by-count": publication.citations,
        "title": [publication.title],
        "prefix": publication.doi.partition("/")[0],
        "author": [_author(name, number) for number, name in enumerate(publication.authors)],
        "member": "78",
        "reference": [{"key": "ref1", "doi-asserted-by": "publisher", "unstructured": "A reference."}],
        "container-title": [title for title in titles if title],
        "original-title": [],
        "language": "en",
        "link": [],
        "deposited": _DAY,
        "score": 1,
        "resource": {"primary": {"URL": f"https://publisher.example/{publication.doi}"}},
        "subtitle": [],
        "short-title": [],
        "issued": earliest,
        "references-count": 2,
        "URL": f"https://doi.org/{publication.doi}",
        "relation": _relation(publication),
        "ISSN": [],
        "subject": [],
        "published": earliest,
    }


def _parts(day: str) -> dict[str, Any]:
    return {"date-parts": [[int(part) for part in day.split("-")]]}


def _author(name: str, number: int) -> dict[str, Any]:
    given, _, family = name.rpartition(" ")
    if " " in name and (start := name.find(" van ")) > 0:
        given, family = name[:start], name[start + 1 :]
    parts = {"given": given, "family": family} if given else {"name": name}
    return {**parts, "sequence": "additional" if number else "first", "affiliation": []}


def _relation(publication: Publication) -> dict[str, Any]:
    if not publication.names_preprint:
        return {}
    return {
        "has-preprint": [
            {"id-type": "doi", "id": f"10.48550/arXiv.{publication.arxiv}", "asserted-by": "subject"}
        ]
    }


def _retraction(publication: Publication) -> dict[str, Any]:
    return {
        "updated": _DAY,
        "DOI": "10.1038/s41586-021-03373-x",
        "type": "retraction",
        "source": "publisher",
        "label": "Retraction",
    }


def _chosen(item: dict[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    wanted = set(fields)
    return {name: value for name, value in item.items() if not wanted or name in wanted}


def work_list(items: Sequence[dict[str, Any]], total: int, rows: int) -> str:
    """A page of works."""
    return _text(
        {
            "facets": {},
            "total-results": total,
            "items": list(items),
            "items-per-page": rows,
            "query": {"start-index": 0, "search-terms": None},
        },
        "work-list",
    )


def _text(message: Any, kind: str, status: str = "ok") -> str:
    reply = {"status": status, "message-type": kind, "message-version": "1.0.0", "message": message}
    return json.dumps(reply, ensure_ascii=False, separators=(",", ":"))


def _failure(kind: str, value: str, said: str) -> Reply:
    page = _text([{"type": kind, "value": value, "message": said}], "validation-failure", "failed")
    return Reply(page, 400, KIND)


def _with_items(exchange: Exchange, change: Any) -> str:
    reply = json.loads(exchange.page)
    message = reply.get("message")
    if isinstance(message, dict) and "items" in message:
        message["items"] = change(message["items"])
    return json.dumps(reply, ensure_ascii=False)


FAULTS: Mapping[str, Play] = {
    **loopback.JSON_FAULTS,
    "no items": send(lambda e: _with_items(e, lambda items: [])),
    "lacking one": send(lambda e: _with_items(e, lambda items: items[1:])),
    "items null": send(lambda e: _with_items(e, lambda items: None)),
    "nothing said": send(lambda e: _with_items(e, lambda items: [{"DOI": i.get("DOI")} for i in items])),
    "error 400": send(
        lambda _: (
            _failure("filter-not-available", "doi", "Filter doi specified but there is no such filter").page
        ),
        status=400,
    ),
    "error 200": send(lambda _: _text("A server error occurred", "exception", "error")),
}


class CrossrefServer(LoopbackServer):
    """The server; `url` is the value for TRACKER_CROSSREF_URL."""

    NAME = "crossref"
    FAULTS = FAULTS

    def __init__(self, publications: Iterable[Publication] | None = None, **options: Any) -> None:
        """Knows those `publications` (default: those of the file) that have a DOI of Crossref's.

        Args:
            options: as in `LoopbackServer`.
        """
        super().__init__(**options)
        known = read_publications() if publications is None else publications
        self.publications = [one for one in known if one.doi]

    def ids_of(self, request: Request) -> tuple[str, ...]:
        if request.path.startswith("/works/"):
            return (unquote(request.path.removeprefix("/works/")).lower(),)
        filters = (part.partition(":") for part in request.params.get("filter", "").split(",") if part)
        return tuple(value.lower() for name, _, value in filters if name == "doi")

    def answer(self, request: Request) -> Reply:
        if request.path == "/works":
            return self._list(request)
        if request.path.startswith("/works/"):
            found = [one for one in self.publications if one.doi == request.ids[0]]
            return self._reply(_text(work(found[0]), "work")) if found else _NOT_FOUND
        return _NOT_FOUND

    def other_record(self, request: Request) -> Reply:
        others = [work(one) for one in self.publications if one.doi not in request.ids][
            : len(request.ids) or 1
        ]
        if request.path == "/works":
            return self._reply(work_list(others, len(others), 20))
        return self._reply(_text(others[0], "work"))

    def _list(self, request: Request) -> Reply:
        chosen = [name for name in request.params.get("select", "").split(",") if name]
        for name in chosen:
            if name not in SELECTS:
                valid = f"Valid selects for this route are: {', '.join(sorted(SELECTS))}"
                said = f"Select {name} specified but there is no such select for this route. {valid}"
                return _failure("select-not-available", name, said)
        rows = request.params.get("rows", "20")
        if not rows.isdigit() or int(rows) > MOST_ROWS:
            return _failure("integer-not-valid", rows, "Integer specified as rows but must be at most 1000.")
        for part in filter(None, request.params.get("filter", "").split(",")):
            if part.partition(":")[0] != "doi":
                return _failure("filter-not-available", part, "There is no such filter for this route.")
        found = self._found(request)
        items = [_chosen({**work(one), "score": score}, chosen) for score, one in found[: int(rows)]]
        return self._reply(work_list(items, len(found), int(rows)))

    def _found(self, request: Request) -> list[tuple[float, Publication]]:
        if request.ids:  # several are OR-ed; they come in an order of their own
            return [(1.0, one) for one in self.publications[::-1] if one.doi in request.ids]
        title = request.params.get("query.bibliographic") or request.params.get("query", "")
        return ranked(self.publications, title, request.params.get("query.author", ""))

    def _reply(self, page: str) -> Reply:
        return Reply(page, kind=KIND, headers=HEADERS)


_NOT_FOUND = Reply("Resource not found.", 404, "text/plain")
