"""OpenAlex on loopback: lists of works by DOI or by a copy's address, and its search by title.

A publication with a DOI has become one work with its preprint, which is then not found under the DOI of arXiv any
more; of a publication without one there are two works. So it is at the real service.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from tests.servers.facts import Facts, Publication, read_papers, read_publications
from tests.servers.loopback import JSON_FAULTS, NOT_FOUND, Exchange, LoopbackServer, Play, Reply, Request
from tests.servers.ranking import words_of
from tests.servers.works import Work, full_date, works

PATH = "/works"
MOST_VALUES = 100
MOST_PER_PAGE = 100
MOST_BYTES = 4094
"""Of the whole address."""
MOST_AUTHORS = 100
"""Listed of a work."""
_FIELDS = """
    id doi title display_name relevance_score publication_year publication_date ids language primary_location
    type indexed_in open_access authorships institutions countries_distinct_count institutions_distinct_count
    corresponding_author_ids corresponding_institution_ids apc_list apc_paid fwci has_fulltext cited_by_count
    citation_normalized_percentile cited_by_percentile_year biblio is_retracted is_paratext is_xpac
    primary_topic topics keywords concepts mesh locations_count locations best_oa_location
    sustainable_development_goals awards funders has_content content_urls referenced_works_count
    referenced_works related_works abstract_inverted_index counts_by_year updated_date created_date
"""
FIELDS = frozenset(_FIELDS.split())
PARAMETERS = {
    "filter",
    "search",
    "select",
    "per-page",
    "per_page",
    "page",
    "sort",
    "cursor",
    "api_key",
    "mailto",
}
_ARXIV = {
    "id": "https://openalex.org/S4306400194",
    "display_name": "arXiv (Cornell University)",
    "issn_l": None,
    "issn": None,
    "is_oa": True,
    "is_in_doaj": False,
    "is_core": False,
    "host_organization": "https://openalex.org/I205783295",
    "host_organization_name": "Cornell University",
    "type": "repository",
}
_RAW_TYPES = {"journal": "journal-article", "proceedings": "proceedings-article", "book": "book-chapter"}
_TYPES = {"journal": "article", "proceedings": "article", "book": "book-chapter"}


def items(known: Iterable[Work]) -> Iterator[dict[str, Any]]:
    """The works of OpenAlex, with the fields that are read, and some more."""
    for work in known:
        publication = work.publication
        if work.preprint and publication and work.is_published and not publication.doi:
            yield item(Work(work.preprint, None))
            yield item(Work(None, publication))
        else:
            yield item(work)


def item(work: Work) -> dict[str, Any]:
    """One work."""
    preprint, publication = work.preprint, work.publication
    places = ([_published_at(publication)] if publication else []) + (
        list(_at_arxiv(preprint)) if preprint else []
    )
    date = full_date(publication.online or publication.date if publication else work.date)
    doi = publication.doi if publication else f"10.48550/arxiv.{preprint.id}".lower() if preprint else ""
    address = f"https://openalex.org/W{work.number}"
    ids = {"openalex": address, **({"doi": f"https://doi.org/{doi}"} if doi else {})}
    return {
        "id": address,
        "doi": f"https://doi.org/{doi}" if doi else None,
        "title": work.title,
        "display_name": work.title,
        "publication_year": int(date[:4]),
        "publication_date": date,
        "ids": ids,
        "language": "en",
        "primary_location": places[0],
        "type": _TYPES[publication.kind] if publication and work.is_published else "preprint",
        "indexed_in": [*(["arxiv"] if preprint else []), *(["crossref"] if publication else [])],
        "authorships": [
            _authorship(name, place, work) for place, name in enumerate(work.authors[:MOST_AUTHORS])
        ],
        "cited_by_count": publication.citations if publication else 7,
        "biblio": _biblio(publication),
        "is_retracted": bool(publication and publication.is_retracted),
        "is_paratext": False,
        "locations_count": len(places),
        "locations": places,
        "referenced_works_count": 0,
        "referenced_works": [],
        "abstract_inverted_index": inverted(f"No abstract of {work.title} is kept here."),
        "updated_date": "2026-04-12T08:18:33.123456",
        "created_date": "2025-10-10",
    }


def inverted(text: str) -> dict[str, list[int]]:
    """The words of a text, each with its places."""
    index: dict[str, list[int]] = {}
    for place, word in enumerate(text.split()):
        index.setdefault(word, []).append(place)
    return index


def _location(name: str, address: str, source: Mapping[str, Any] | None, **more: Any) -> dict[str, Any]:
    return {
        "id": more.pop("id"),
        "is_oa": source is not None,
        "landing_page_url": address,
        "pdf_url": more.pop("pdf", None),
        "source": source,
        "license": None,
        "license_id": None,
        "raw_source_name": name,
        **more,
        "is_accepted": more["version"] != "submittedVersion",
        "is_published": more["version"] == "publishedVersion",
    }


def _published_at(publication: Publication) -> dict[str, Any]:
    name = publication.venue or ("bioRxiv" if publication.kind == "preprint" else "")
    kinds = {
        "journal": "journal",
        "preprint": "repository",
        "proceedings": "conference",
        "book": "ebook platform",
    }
    has_source = not (
        publication.kind == "proceedings" and publication.doi
    )  # Crossref's proceedings have none
    source = {
        "id": "https://openalex.org/S1",
        "display_name": "Elsevier eBooks" if publication.kind == "book" else name,
        "issn_l": None,
        "issn": None,
        "is_oa": False,
        "is_in_doaj": False,
        "is_core": True,
        "host_organization": "https://openalex.org/P1",
        "host_organization_name": publication.publisher or None,
        "type": kinds[publication.kind],
    }
    doi, other = publication.doi, f"https://papers.example/{publication.dblp or publication.acl}"
    return _location(
        publication.book or name,
        f"https://doi.org/{doi}" if doi else other,
        source if has_source else None,
        id=f"doi:{doi}" if doi else f"pmh:{publication.dblp}",
        version="submittedVersion" if publication.kind == "preprint" else "publishedVersion",
        raw_type=_RAW_TYPES.get(publication.kind, "posted-content"),
    )


def _at_arxiv(preprint: Facts) -> Iterator[dict[str, Any]]:
    page, doi = f"http://arxiv.org/abs/{preprint.id}", f"10.48550/arxiv.{preprint.id}".lower()
    file = f"https://arxiv.org/pdf/{preprint.id}"
    yield _location(
        "",
        page,
        _ARXIV,
        id=f"pmh:oai:arXiv.org:{preprint.id}",
        pdf=file,
        version="submittedVersion",
        raw_type="text",
    )
    yield _location(
        "arXiv.org",
        f"https://doi.org/{doi}",
        _ARXIV,
        id=f"doi:{doi}",
        version="submittedVersion",
        raw_type="article",
    )


def _authorship(name: str, place: int, work: Work) -> dict[str, Any]:
    """DataCite has the names of arXiv's authors the other way round, and so has OpenAlex."""
    given, _, family = name.rpartition(" ")
    is_datacite = work.publication is None and bool(given)
    last = len(work.authors) - 1
    return {
        "author_position": "first" if place == 0 else "last" if place == last else "middle",
        "author": {"id": f"https://openalex.org/A{place}", "display_name": name, "orcid": None},
        "institutions": [],
        "countries": [],
        "is_corresponding": place == 0,
        "raw_author_name": f"{family}, {given}" if is_datacite else name,
        "raw_affiliation_strings": [],
        "affiliations": [],
    }


def _biblio(publication: Publication | None) -> dict[str, str | None]:
    first, _, last = publication.pages.partition("-") if publication else ("", "", "")
    number = publication.article if publication else ""
    return {
        "volume": publication.volume or None if publication else None,
        "issue": publication.issue or None if publication else None,
        "first_page": first or number or None,
        "last_page": last or first or number or None,
    }


class _Refused(Exception):
    """The question is wrong; the message is the service's."""


def _bad_head(exchange: Exchange) -> None:
    exchange.handler.wfile.write(b"HTTP/1.1 200 OK\r\n no header\r\nContent-Length: 2\r\n\r\n{}")
    exchange.cut()


def _change_results(change: Callable[[list[dict[str, Any]]], list[Any]], count: int | None = None) -> Play:
    """The fault that sends other results, and another count."""

    def play(exchange: Exchange) -> None:
        page = json.loads(exchange.page)
        if "results" in page:
            page["results"] = change(page["results"])
            page["meta"]["count"] = page["meta"]["count"] if count is None else count
        exchange.send(json.dumps(page), exchange.reply.status)

    return play


class OpenAlexServer(LoopbackServer):
    """The server; use as a context manager."""

    NAME = "openalex"
    SETTINGS = ("URL", "DELAY", "KEY")
    FAULTS: ClassVar[Mapping[str, Play]] = {
        **JSON_FAULTS,
        "bad head": _bad_head,
        "shuffled": _change_results(lambda results: results[::-1]),
        "twice": _change_results(lambda results: [*results, *results]),
        "lacking one": _change_results(lambda results: results[1:]),
        "nothing": _change_results(lambda _: [], count=0),
        "numbers": _change_results(lambda _: [1, 2]),
        "without titles": _change_results(lambda results: [{**one, "title": None} for one in results]),
        "error 200": lambda exchange: exchange.send(
            json.dumps({"error": "Oops", "message": "try another one"})
        ),
        "echo": lambda exchange: exchange.send(
            json.dumps({"error": "Odd", "message": f"seen: {exchange.request.params.get('api_key')}"}),
            400,
        ),
    }

    def __init__(
        self,
        papers: Mapping[str, Facts] | None = None,
        publications: Iterable[Publication] | None = None,
        *,
        key: str = "",
        most_values: int = MOST_VALUES,
        page_size: int = MOST_PER_PAGE,
        **options: Any,
    ) -> None:
        """Knows `papers` and `publications` (default: those of the files); options as `LoopbackServer` takes them.

        Args:
            key: the only one that it accepts; "": any. It wants one in any case.
            most_values: with "|" between them in one filter.
            page_size: works on a page, however many are asked for.
        """
        super().__init__(**options)
        papers = read_papers() if papers is None else papers
        known = works(papers, read_publications(papers) if publications is None else publications)
        self.works = list(items(known))
        self._key, self._most_values, self._page_size = key, most_values, page_size

    def ids_of(self, request: Request) -> tuple[str, ...]:
        """The values of the filter."""
        field, _, values = request.params.get("filter", "").partition(":")
        return tuple(values.split("|")) if not field.endswith(".search") else ()

    def answer(self, request: Request) -> Reply:
        """A page of works."""
        sent = request.headers.get("authorization", "").removeprefix("Bearer ") or request.params.get(
            "api_key", ""
        )
        if not sent or (self._key and sent != self._key):
            said = "API key not found" if sent else "Provide a valid API key"
            return Reply(json.dumps({"error": "Invalid or missing API key", "message": said}), 401)
        if request.path != PATH or request.method != "GET":
            return NOT_FOUND
        try:
            found = self._found(request)
            return Reply(json.dumps(self._page(request, found)))
        except _Refused as refused:
            reason = {"error": "Invalid query parameters error.", "message": str(refused)}
            return Reply(json.dumps(reason), 400)

    def other_record(self, request: Request) -> Reply:
        """A page with one work, of another paper."""
        asked = {one.lower() for one in request.ids}
        other = next(one for one in self.works if not asked & _names(one))
        return Reply(json.dumps(self._page(request, [other])))

    def _found(self, request: Request) -> Sequence[dict[str, Any]]:
        if wrong := [name for name in request.params if name not in PARAMETERS]:
            raise _Refused(f"{wrong[0]} is not a valid parameter.")
        size = len(f"{self.url}{request.path}?{urlencode(request.params)}")
        if size > MOST_BYTES:
            raise _Refused(f"Your request URL is {size} bytes, over the {MOST_BYTES}-byte limit")
        found: Sequence[dict[str, Any]] = self.works
        for part in filter(None, request.params.get("filter", "").split(",")):
            field, colon, value = part.partition(":")
            if not colon:
                raise _Refused("Invalid query parameter in filter. Filters are separated by commas.")
            found = self._filtered(found, field, value)
        if "search" in request.params:
            found = _searched(found, request.params["search"])
        return found

    def _filtered(self, found: Sequence[dict[str, Any]], field: str, value: str) -> Sequence[dict[str, Any]]:
        if field in {"title.search", "display_name.search"}:
            return _searched(found, value)
        values = value.lower().split("|")
        if len(values) > self._most_values:
            most = self._most_values
            raise _Refused(
                f"Maximum number of values exceeded for {field}. Decrease values to {most} or below"
            )
        if field == "doi":
            wanted = {one.removeprefix("https://doi.org/") for one in values}
            return [one for one in found if (one["doi"] or "").removeprefix("https://doi.org/") in wanted]
        if field == "locations.landing_page_url":
            return [
                one
                for one in found
                if {place["landing_page_url"].lower() for place in one["locations"]} & {*values}
            ]
        raise _Refused(
            f"{field} is not a valid field. Valid fields are underscore or hyphenated versions of: doi"
        )

    def _page(self, request: Request, found: Sequence[dict[str, Any]]) -> dict[str, Any]:
        asked = request.params.get("per-page") or request.params.get("per_page") or "25"
        if not asked.isdigit() or not 1 <= int(asked) <= MOST_PER_PAGE:
            raise _Refused("per-page parameter must be between 1 and 100")
        fields = request.params.get("select", "").split(",") if "select" in request.params else [*FIELDS]
        if wrong := [name for name in fields if name not in FIELDS]:
            raise _Refused(f"{wrong[0]} is not a valid select field. Valid fields for select are: id, doi")
        size, number = min(int(asked), self._page_size), int(request.params.get("page", "1"))
        shown = found[(number - 1) * size : number * size]
        meta = {"count": len(found), "db_response_time_ms": 19, "page": number, "per_page": size}
        return {
            "meta": {**meta, "groups_count": None, "cost_usd": 0.0001},
            "results": [{name: value for name, value in one.items() if name in fields} for one in shown],
            "group_by": [],
        }


def _searched(found: Sequence[dict[str, Any]], question: str) -> list[dict[str, Any]]:
    """Works with most of the words in the title, the most cited of the best first: wrong ones among them."""
    if re.search(r'[*?~"|]', question):
        raise _Refused("Wildcards are not supported in the stemmed search")
    wanted = set(words_of(question))
    scored = [(len(wanted & set(words_of(one["title"]))) / max(1, len(wanted)), one) for one in found]
    near = [(share, one["cited_by_count"], one) for share, one in scored if share >= 0.5]
    ordered = sorted(near, key=lambda each: (-round(each[0], 1), -each[1]))
    return [{**one, "relevance_score": round(1000 * share, 3)} for share, _, one in ordered]


def _names(one: Mapping[str, Any]) -> set[str]:
    return {
        (one["doi"] or "").removeprefix("https://doi.org/"),
        *(place["landing_page_url"] for place in one["locations"]),
    }
